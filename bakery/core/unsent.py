"""A form that was sent when the login was gone: kept in the page until somebody is logged in again, and sent then."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

NAME = "unsent"
"""The field of the login page that holds it."""

TOKEN = "csrfmiddlewaretoken"


@dataclass(frozen=True, slots=True)
class Unsent:
    """Where a form was to go, and what stood in it."""

    address: str
    fields: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        return json.dumps([self.address, self.fields])


def unsent_of(request: HttpRequest) -> Unsent | None:
    """What a form of ours was to write; None where nothing was typed, or a password, which no page may hold."""
    fields = tuple(
        (name, value) for name, values in request.POST.lists() if name != TOKEN for value in values
    )
    if TOKEN not in request.POST or not fields or any("password" in name for name, _ in fields):
        return None
    return Unsent(request.get_full_path(), fields)


def kept_in(request: HttpRequest) -> Unsent | None:
    """What the login page brings along; None where that is nothing, or leads elsewhere."""
    try:
        address, fields = json.loads(request.POST.get(NAME, ""))
        kept = Unsent(str(address), tuple((str(name), str(value)) for name, value in fields))
    except (ValueError, TypeError, RecursionError):
        return None
    return kept if url_has_allowed_host_and_scheme(kept.address, allowed_hosts=None) else None
