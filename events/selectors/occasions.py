"""Which events a page shows: ahead, past, all of them, or those between two days."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from events.models import Event

SHOWN = (("", "Ahead"), ("past", "Past"), ("all", "All"))
"""What can be asked for, with what it is called; the first is what nobody has to ask for."""


def find_events(which: str = "", *, start: date | None = None, end: date | None = None) -> QuerySet[Event]:
    """Events ahead (nearest first), "past" or "all" (latest first); between two days, both inclusive.

    Days that are given win over `which`; anything unknown means ahead.
    """
    if start or end:
        events = Event.objects.order_by("event_date", "name")
        events = events.filter(event_date__gte=start) if start else events
        return events.filter(event_date__lte=end) if end else events
    today = timezone.localdate()
    if which == "past":
        return Event.objects.filter(event_date__lt=today).order_by("-event_date", "name")
    if which == "all":
        return Event.objects.order_by("-event_date", "name")
    return Event.objects.filter(event_date__gte=today).order_by("event_date", "name")
