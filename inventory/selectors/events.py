"""Events as forms offer them. They live floors up: only their data is read here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.apps import apps
from django.utils import timezone

Named = tuple[int, str, date]
"""An event as it is offered: its id, name and date."""


def event_choices() -> list[tuple[str, str]]:
    """All events, as `choices_of` orders them: one query."""
    return choices_of(apps.get_model("events", "Event").objects.values_list("pk", "name", "event_date"))


def choices_of(events: Iterable[Named]) -> list[tuple[str, str]]:
    """Upcoming events by date, then past ones, the latest first; "None, just for us" on top."""
    today, events = timezone.localdate(), list(events)
    ahead = sorted((day, name, pk) for pk, name, day in events if day >= today)
    past = sorted(((day, name, pk) for pk, name, day in events if day < today), reverse=True)
    return [("", "None, just for us")] + [
        (str(pk), f"{name} · {day.day} {day:%b %Y}") for day, name, pk in ahead + past
    ]
