"""What has been loaded so far, by the names the files use."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

from django.contrib.auth.models import User
from django.db import models
from django.utils import timezone

Row = TypeVar("Row", bound=models.Model)

ProductKey = tuple[str, str]
"""An item and a package size: ("Flour, all-purpose", "10 lb")."""


@dataclass
class Kitchen:
    """A bakery on its way from the files into the database."""

    recorded_by: User | None = None
    today: date = field(default_factory=timezone.localdate)
    suppliers: dict[str, Any] = field(default_factory=dict)
    items: dict[str, Any] = field(default_factory=dict)
    products: dict[ProductKey, Any] = field(default_factory=dict)
    recipes: dict[str, Any] = field(default_factory=dict)
    units: dict[str, Any] = field(default_factory=dict)
    goods: dict[str, Any] = field(default_factory=dict)
    events: dict[str, Any] = field(default_factory=dict)
    recipients: dict[str, Any] = field(default_factory=dict)
    packages: dict[str, Any] = field(default_factory=dict)

    def day(self, days_ago: int) -> date:
        """The date so many days ago in the household's zone; negative days are ahead."""
        return self.today - timedelta(days=days_ago)

    def moment(self, days_ago: int, hour: int) -> datetime:
        """An hour of that day in the household's zone."""
        return timezone.make_aware(datetime.combine(self.day(days_ago), time(hour)))

    def event_id(self, row: dict[str, Any]) -> int | None:
        """The event a row of the diary names, or None: just for us."""
        return self.events[row["event"]].pk if "event" in row else None


def saved(row: Row) -> Row:
    """The row after the checks every form makes; what must be unique is left to the database, for speed."""
    row.full_clean(validate_unique=False, validate_constraints=False)
    row.save()
    return row
