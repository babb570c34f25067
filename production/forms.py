"""What people type about a bake. The services check it again under the lock."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone

from bakery.core.numbers import MAX_COUNT
from production import selectors
from production.models import FinishedUnit, Recipe


def new_key() -> str:
    """A fresh key for a form page: what was sent under it once is recorded once."""
    return str(uuid.uuid4())


FOLLOWED = {
    "hx-get": "",
    "hx-include": "closest form",
    "hx-trigger": "input changed delay:250ms, change",
    "hx-target": "#plan",
    "hx-swap": "outerHTML",
    "hx-sync": "#plan:replace",  # not on the form: a panel that is being asked for must not swallow the submit
}
"""Typing here asks the page again what the bake would take."""


class RecordForm(forms.Form):
    """A bake as it is typed; `finished_unit` offers what the chosen recipe makes."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    recipe = forms.ModelChoiceField(
        Recipe.objects.filter(is_archived=False), empty_label="Choose a recipe", widget=forms.Select
    )
    finished_unit = forms.ModelChoiceField(FinishedUnit.objects.none(), label="Makes", empty_label=None)
    event = forms.ChoiceField(label="For event", required=False)
    num_batches = forms.IntegerField(label="Batches", min_value=1, max_value=MAX_COUNT)
    actual_yield = forms.IntegerField(label="Actual yield", min_value=0, max_value=MAX_COUNT, required=False)
    produced_at = forms.DateTimeField(
        label="Baked",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        help_text="Empty means now.",
    )
    notes = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(
        self, *args: Any, recipe: Recipe | None, units: Sequence[FinishedUnit], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["recipe"].widget.attrs["data-picker"] = ""
        for name in ("recipe", "finished_unit", "num_batches"):
            self.fields[name].widget.attrs |= FOLLOWED
        makes: Any = self.fields["finished_unit"]
        makes.queryset = FinishedUnit.objects.filter(recipe=recipe, is_archived=False)
        makes.choices = [(unit.pk, f"{unit.name} · {unit.items_per_batch} per batch") for unit in units]
        event: Any = self.fields["event"]
        event.choices = selectors.event_choices()
        self.fields["num_batches"].widget.attrs["inputmode"] = "numeric"
        self.fields["actual_yield"].widget.attrs["inputmode"] = "numeric"

    def clean_event(self) -> int | None:
        value = self.cleaned_data["event"]
        return int(value) if value else None

    def clean_produced_at(self) -> Any:
        value = self.cleaned_data["produced_at"]
        if value is not None and value > timezone.now():
            raise forms.ValidationError("That is still to come. Enter when it was baked, or leave it empty.")
        return value


class VoidForm(forms.Form):
    uuid = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.CharField(
        max_length=200,
        label="Why",
        widget=forms.TextInput(attrs={"placeholder": "recorded twice"}),
        error_messages={"required": "Say why, in a word or two."},
    )


class DetailsForm(forms.Form):
    event = forms.ChoiceField(label="For event", required=False)
    notes = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        event: Any = self.fields["event"]
        event.choices = selectors.event_choices()

    def clean_event(self) -> int | None:
        value = self.cleaned_data["event"]
        return int(value) if value else None


class HistoryForm(forms.Form):
    """Filters of the history; they live in the address."""

    recipe = forms.ModelChoiceField(Recipe.objects.all(), required=False, empty_label="All recipes")
    finished_unit = forms.ModelChoiceField(
        FinishedUnit.objects.all(), label="Makes", required=False, empty_label="Everything"
    )
    event = forms.ChoiceField(required=False)
    start_date = forms.DateField(
        label="From", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    end_date = forms.DateField(
        label="To", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    hide_voided = forms.BooleanField(label="Leave out voided bakes", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        event: Any = self.fields["event"]
        event.choices = [("", "All events")] + selectors.event_choices()[1:]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        start, end = cleaned.get("start_date"), cleaned.get("end_date")
        if start and end and start > end:
            self.add_error("end_date", "The last day is before the first one.")
        return cleaned
