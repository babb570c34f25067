"""What every floor stands on: the household, and the shape all records share."""

from __future__ import annotations

import uuid
import zoneinfo
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from bakery.core.text import NAME_LENGTH

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class Record(models.Model):
    """Something that can be named for ever (`uuid`) and knows when it was made and last changed."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True, editable=False)
    updated_at = models.DateTimeField(auto_now=True, editable=False)

    class Meta:
        abstract = True


class Editable(Record):
    """A record of the past whose date, event or notes may be put right: it says by whom, and when."""

    edited_at = models.DateTimeField(null=True, blank=True, editable=False)
    edited_by_name = models.CharField(max_length=NAME_LENGTH, blank=True, editable=False)

    class Meta:
        abstract = True

    def edit(self, changes: Mapping[str, Any], *, by: User | None) -> bool:
        """Save what differs, and who changed it when; False when nothing differs and nothing is saved."""
        different = {name: value for name, value in changes.items() if getattr(self, name) != value}
        if not different:
            return False
        for name, value in different.items():
            setattr(self, name, value)
        self.edited_at = timezone.now()
        self.edited_by_name = name_of(by)
        self.save(update_fields=[*different, "edited_at", "edited_by_name", "updated_at"])
        return True


def name_of(user: User | None) -> str:
    """What a member is called in the books; "" for nobody."""
    return (user.get_full_name() or user.get_username())[:NAME_LENGTH] if user else ""


class Display(models.TextChoices):
    METRIC = "metric", "Metric (g, ml, cm)"
    US = "us", "US customary (oz, cups, in)"


def check_time_zone(name: str) -> None:
    if name not in zoneinfo.available_timezones():
        raise ValidationError(f"“{name}” is not a time zone Bakehouse knows. Choose one like Europe/Berlin.")


class Household(Record):
    """The one row that says whose bakery this is, and how it shows money, amounts and time."""

    name = models.CharField(max_length=NAME_LENGTH, default="Our bakehouse")
    currency = models.CharField(max_length=3, default="USD", help_text="Three letters, like EUR or USD.")
    time_zone = models.CharField(max_length=64, default="UTC", validators=[check_time_zone])
    display = models.CharField("amounts", max_length=6, choices=Display.choices, default=Display.METRIC)

    class Meta:
        verbose_name = verbose_name_plural = "household"
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="core_household_one_row"),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def current(cls) -> Household:
        """The household, or one with the defaults (unsaved) before the first visit has named it."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone)
