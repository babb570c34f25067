"""A full disk and a busy moment are told apart from a fault, and what was there is safe."""

from __future__ import annotations

import pytest
from django.contrib.auth.decorators import login_not_required
from django.db import InterfaceError, OperationalError
from django.urls import path

from bakery.core import trouble

handler500 = "bakery.core.trouble.server_error"

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


class Numbered(Exception):
    def __init__(self, sqlstate):
        self.sqlstate = sqlstate


def numbered(sqlstate):
    error = OperationalError("the server said")
    error.__cause__ = Numbered(sqlstate)
    return error


ERRORS = {
    "full": OperationalError("database or disk is full"),
    "full server": numbered("53100"),
    "locked": OperationalError("database is locked"),
    "waited": numbered("55P03"),
    "stopped": numbered("57P01"),
    "gone": InterfaceError("connection already closed"),
    "ours": numbered("42703"),
    "other": RuntimeError("the oven is cold"),
}


@login_not_required
def broken(request, what):
    raise ERRORS[what]


urlpatterns = [path("broken/<str:what>/", broken)]


@pytest.mark.parametrize(
    ("what", "status", "words"),
    [
        ("full", 507, "Make room on the machine"),
        ("full server", 507, "Make room on the machine"),
        ("locked", 503, "send it again in a moment"),
        ("waited", 503, "send it again in a moment"),
        ("stopped", 503, "send it again in a moment"),
        ("gone", 503, "send it again in a moment"),
        ("ours", 500, "Something broke"),
        ("other", 500, "Something broke"),
    ],
)
def test_what_broke_is_said_in_a_sentence_with_a_status_of_its_own(client, what, status, words):
    client.raise_request_exception = False
    response = client.get(f"/broken/{what}/")
    assert response.status_code == status
    assert words in response.content.decode()
    assert ("Retry-After" in response.headers) is (status == 503)
    assert "Content-Security-Policy" in response.headers


def test_without_an_error_it_is_a_fault_of_ours():
    assert trouble.status_of(None) == 500
