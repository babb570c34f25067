"""One URL, two answers: the whole page, or to htmx the fragment of it that changed."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django_htmx.middleware import HtmxDetails

from bakery.core.models import Household


class Request(HttpRequest):
    """A request as views see it: signed in, with its household, and aware of htmx."""

    user: User  # type: ignore[assignment]
    household: Household
    htmx: HtmxDetails


def wants_fragment(request: Request) -> bool:
    """Return whether htmx asks for a part of the page, not for a page it was told to go to."""
    htmx = request.htmx
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def render_page(
    request: Request,
    template: str,
    context: Mapping[str, Any] | None = None,
    fragment: str = "",
    status: int = 200,
) -> HttpResponse:
    """Render the template, or only its partial named `fragment` where htmx asks for a part."""
    if fragment and wants_fragment(request):
        template = f"{template}#{fragment}"
    return render(request, template, context, status=status)
