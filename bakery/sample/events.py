"""The events: one behind us and two ahead."""

from __future__ import annotations

from bakery.sample.files import read
from bakery.sample.kitchen import Kitchen, saved
from events.models import Event


def load_events(kitchen: Kitchen) -> None:
    for row in read("events.toml")["event"]:
        day = kitchen.day(-row["in_days"])
        kitchen.events[row["name"]] = saved(
            Event(name=f"{row['name']} {day.year}", event_date=day, notes=row["notes"])
        )
