"""All events, a new one, and one put right."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bakery.core.errors import EventNotFoundError
from bakery.core.forms import sent
from bakery.core.htmx import Request
from events import board, services
from events.errors import EventInUseError
from events.forms.occasions import EventForm
from events.models import Event

READ_OR_WRITE = ["GET", "HEAD", "POST"]
PAST_SHOWN = 12


@never_cache
@require_http_methods(READ_OR_WRITE)
def events(request: Request) -> HttpResponse:
    """Every event, those ahead first, and the form for a new one."""
    form = EventForm(sent(request))
    if request.method == "POST" and form.is_valid():
        event = form.save()
        messages.success(request, f"{event} is planned. Now say who gets something, or what to bake.")
        return redirect(event)
    ahead, past = board.ahead_then_past(Event.objects.all(), timezone.localdate())
    shown = past if "past" in request.GET else past[:PAST_SHOWN]
    found = board.cards([*ahead, *shown])
    context = {
        "form": form,
        "opened": bool(form.errors) or "new" in request.GET or not found,
        "ahead": [card for card in found if card.is_ahead],
        "past": [card for card in found if not card.is_ahead],
        "past_count": len(past),
        "more_past": len(past) - len(shown),
    }
    return render(request, "events/events.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(READ_OR_WRITE)
def edit(request: Request, slug: str) -> HttpResponse:
    event = get_object_or_404(Event, slug=slug)
    form = EventForm(sent(request), instance=event)
    if request.method == "POST" and form.is_valid():
        messages.success(request, f"{form.save()}: saved.")
        return redirect(event)
    context = {"event": get_object_or_404(Event, slug=slug), "form": form}
    return render(request, "events/edit.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(READ_OR_WRITE)
def delete(request: Request, slug: str) -> HttpResponse:
    """What would go with the event, or what stands in the way; only the second click deletes."""
    event = get_object_or_404(Event, slug=slug)
    try:
        if request.method == "POST":
            try:
                services.delete_event(event_id=event.pk)
            except EventInUseError:
                pass  # the page shows what is in the way
            else:
                messages.success(request, f"{event} is deleted.")
                return redirect("events:events")
        deletion = services.get_event_deletion(event.pk)
    except EventNotFoundError:  # somebody else was quicker
        messages.success(request, f"{event} was deleted already.")
        return redirect("events:events")
    context = {"event": event, "deletion": deletion}
    return render(request, "events/delete.html", context, status=422 if request.method == "POST" else 200)
