"""A file, or a form without an end, is refused in a sentence, and nothing of it is read into memory."""

from __future__ import annotations

import io

import pytest
from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from django.urls import reverse

from bakery.core import uploads

pytestmark = pytest.mark.django_db


def too_much(response):
    text = response.content.decode()
    return response.status_code == 413 and "Too much at once" in text and "Nothing was saved" in text


def test_a_file_is_refused_however_small_and_whatever_its_name(member_client):
    photo = SimpleUploadedFile("../../x.sh", b"crumbs")
    assert too_much(member_client.post(reverse("inventory:receive"), {"photo": photo}))


@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=crumb", "application/x-www-form-urlencoded"])
def test_more_than_a_form_holds_is_refused_before_it_is_read(member_client, kind):
    body = b"a" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
    response = member_client.generic("POST", reverse("inventory:receive"), body, content_type=kind)
    assert too_much(response)
    assert "Content-Security-Policy" in response.headers


def test_a_form_of_five_hundred_rows_passes_and_one_without_an_end_does_not(member_client):
    most = settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
    at = reverse("inventory:receive")
    assert member_client.post(at, {"row": list(range(most))}).status_code == 422
    assert too_much(member_client.post(at, {"row": list(range(most + 3))}))
    rows = "&".join(f"row={number}" for number in range(most + 1))
    kind = "application/x-www-form-urlencoded"
    assert too_much(member_client.post(at, rows, content_type=kind))


def test_what_cannot_be_read_is_still_told_as_that(member_client):
    at = reverse("inventory:receive")
    response = member_client.generic("POST", at, b"crumbs", content_type="multipart/form-data")
    assert response.status_code == 400
    assert "That could not be read" in response.content.decode()


class Line(io.RawIOBase):
    """A line on which something comes without an end, or on which nobody is any more."""

    def __init__(self, is_dead=False):
        self.taken, self.is_dead = 0, is_dead

    def read(self, size=-1):
        if self.is_dead:
            raise ConnectionResetError
        assert 0 < size <= 64 * 1024
        self.taken += size
        return b"a" * size


@pytest.mark.parametrize("is_dead", [False, True])
def test_the_rest_is_thrown_away_up_to_a_limit_before_the_answer(is_dead):
    line = Line(is_dead)
    request = RequestFactory().post("/", content_type="text/plain")
    request._stream = line
    response = uploads.bad_request(request, RequestDataTooBig())
    assert too_much(response)
    assert line.taken == (0 if is_dead else uploads.MOST_THROWN_AWAY)


def test_another_suspicion_reads_nothing_more():
    line = Line()
    request = RequestFactory().post("/", content_type="text/plain")
    request._stream = line
    assert uploads.bad_request(request, SuspiciousOperation()).status_code == 400
    assert line.taken == 0
