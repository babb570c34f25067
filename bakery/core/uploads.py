"""What no page takes: a file, or more text and fields than a form has. It is refused before anybody parses it."""

from __future__ import annotations

import contextlib
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.views import defaults

TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)

MOST_THROWN_AWAY = 64 * 1024 * 1024
"""Bytes of a refused form that are still taken off the line; whoever sends more is cut off."""


class NoFiles(FileUploadHandler):
    """Refuses files, and forms that may hold some at the size at which Django refuses the others."""

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: Any = None
    ) -> None:
        if content_length > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise RequestDataTooBig("The form is larger than DATA_UPLOAD_MAX_MEMORY_SIZE.")

    def new_file(self, *args: Any, **options: Any) -> None:
        raise RequestDataTooBig("There is a file in the form, and no page takes one.")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler400, with a page of its own for what was too much."""
    if not isinstance(exception, TOO_MUCH):
        return defaults.bad_request(request, exception)
    throw_away(request)
    page = loader.get_template("413.html").render()
    return HttpResponse(page, status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


def throw_away(request: HttpRequest) -> None:
    """Take off the line what is still being sent: many browsers read no answer before they are done."""
    left = MOST_THROWN_AWAY
    with contextlib.suppress(OSError):  # nobody may be there any more
        while left > 0 and (part := request.read(64 * 1024)):
            left -= len(part)
