"""The event itself."""

from __future__ import annotations

from django import forms

from bakery.core.forms import day_field
from events.models import Event


class EventForm(forms.ModelForm):
    event_date = day_field(label="Date")

    class Meta:
        model = Event
        fields = ["name", "event_date", "notes"]
        widgets = {"notes": forms.Textarea(attrs={"rows": 2})}
        error_messages = {"name": {"unique": "There is already an event of this name. Add the year to it."}}
