"""Occasions people bake for."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse

from bakery.core.days import is_kept, why_not_kept
from bakery.core.fields import NameSlugField
from bakery.core.models import Record
from bakery.core.text import NAME_LENGTH


class Event(Record):
    """Something to be ready for: "Christmas 2026", an advent market, a birthday."""

    name = models.CharField(max_length=NAME_LENGTH, unique=True)
    slug = NameSlugField(unique=True)
    event_date = models.DateField("date")
    notes = models.TextField(blank=True)

    class Meta:
        ordering = ["event_date", "name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("events:event", args=[self.slug])

    def clean(self) -> None:
        super().clean()
        if self.event_date is not None and not is_kept(self.event_date):
            raise ValidationError({"event_date": why_not_kept(self.event_date)})
