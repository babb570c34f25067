"""What the pages of one event share: finding it, its tabs, and how a change answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Count, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from bakery.core.htmx import Request, render_page, wants_fragment
from events.models import Event


@dataclass(frozen=True, slots=True)
class Tab:
    """One of the views on an event: its address, what it is called, and the page it opens."""

    name: str
    label: str
    template: str


TABS = (
    Tab("event", "Overview", "events/overview.html"),
    Tab("packages_of", "Packages", "events/packages.html"),
    Tab("targets", "Targets", "events/targets.html"),
    Tab("shopping_for", "Shopping list", "events/shopping_tab.html"),
    Tab("costs", "Costs", "events/costs.html"),
    Tab("history", "History", "events/history.html"),
)
BY_NAME = {tab.name: tab for tab in TABS}

Show = Callable[..., HttpResponse]
"""Shows a tab afresh: `show(request, event, said="...", status=200)`."""


def get_event(slug: str) -> Any:
    """The event, with how many `packages` there are for how many `people`: one statement."""
    counted = Event.objects.annotate(
        packages=Sum("assignments__quantity", default=0),
        people=Count("assignments__recipient", distinct=True),
    )
    return get_object_or_404(counted, slug=slug)


def show_tab(
    request: Request,
    event: Event,
    name: str,
    context: Mapping[str, Any],
    *,
    said: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page of an event at one of its tabs, or to htmx what stands below the top of the page.

    `said` is the sentence for the live region; a page of its own says it through messages instead.
    """
    tab = BY_NAME[name]
    shown = {
        "event": event,
        "tab": tab,
        "tabs": [(each, reverse(f"events:{each.name}", args=[event.slug])) for each in TABS],
        "is_fragment": wants_fragment(request),
        "said": said,
        **context,
    }
    return render_page(request, tab.template, shown, fragment="tab", status=status)


def answer(
    request: Request, event: Event, name: str, show: Show, said: str, *, tone: str = ""
) -> HttpResponse:
    """After a change: to htmx the tab read again, else back to its page, with the filters it had.

    A `tone` of "warned" is for what went well and has to be minded.
    """
    if wants_fragment(request):
        return show(request, get_event(event.slug), said=said, tone=tone)
    (messages.warning if tone else messages.success)(request, said)
    kept = request.GET.copy()
    for asked in ("edit", "add", "suggest", "deliver", "void"):
        kept.pop(asked, None)
    return redirect(reverse(f"events:{name}", args=[event.slug], query=kept))
