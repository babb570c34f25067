"""The page for what broke: it tells a full disk and a busy moment apart from a fault of ours."""

from __future__ import annotations

import sys
from http import HTTPStatus

from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.views.decorators.csrf import requires_csrf_token

# What SQLite says of a disk, and PostgreSQL's numbers for the same: disk full, file too large, no memory left.
DISK_FULL = ("disk is full", "disk I/O error", "unable to open database file", "readonly database")
NO_ROOM = {"53100", "53200", "54000"}

# Locks, statements that took too long, connections refused or ended, a server that starts or stops.
BUSY = ("database is locked", "database table is locked", "connection")
WAIT = {"55P03", "57014", "40001", "40P01", "53300"}
ENDED = ("08", "57P")

AGAIN_AFTER = "5"  # seconds


def status_of(error: BaseException | None) -> HTTPStatus:
    """507 for no room on the disk, 503 for what passes by itself, 500 for a fault of ours."""
    if not isinstance(error, DatabaseError | InterfaceError):
        return HTTPStatus.INTERNAL_SERVER_ERROR
    number = getattr(error.__cause__, "sqlstate", None) or ""
    text = str(error)
    if number in NO_ROOM or any(words in text for words in DISK_FULL):
        return HTTPStatus.INSUFFICIENT_STORAGE
    if number in WAIT or number.startswith(ENDED) or any(words in text for words in BUSY):
        return HTTPStatus.SERVICE_UNAVAILABLE
    return HTTPStatus.INTERNAL_SERVER_ERROR


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500: the page of the status, rendered without asking the database."""
    status = status_of(sys.exc_info()[1])
    response = HttpResponse(loader.get_template(f"{status}.html").render(), status=status)
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers["Retry-After"] = AGAIN_AFTER
    return response
