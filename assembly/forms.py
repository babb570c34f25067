"""What people type about an assembly. The services check it again under the lock."""

from __future__ import annotations

from typing import Any

from django import forms

from assembly.models import FinishedGood
from bakery.core.numbers import MAX_COUNT
from production.forms import FOLLOWED, HistoryForm, RecordForm
from production.selectors import event_choices


class AssembleForm(forms.Form):
    uuid = forms.UUIDField(widget=forms.HiddenInput)
    finished_good = forms.ModelChoiceField(
        FinishedGood.objects.filter(is_archived=False), empty_label="Choose a box or bag", label="Box or bag"
    )
    quantity = forms.IntegerField(label="How many", min_value=1, max_value=MAX_COUNT)
    event = forms.ChoiceField(label="For event", required=False)
    assembled_at = RecordForm.base_fields["produced_at"]
    notes = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["assembled_at"].label = "Assembled"
        for name in ("finished_good", "quantity"):
            self.fields[name].widget.attrs |= FOLLOWED
        self.fields["finished_good"].widget.attrs["data-picker"] = ""
        self.fields["quantity"].widget.attrs["inputmode"] = "numeric"
        event: Any = self.fields["event"]
        event.choices = event_choices()

    def clean_event(self) -> int | None:
        value = self.cleaned_data["event"]
        return int(value) if value else None


class AssemblyHistoryForm(HistoryForm):
    """Filters of the history; they live in the address."""

    recipe = None  # type: ignore[assignment]
    finished_good = forms.ModelChoiceField(
        FinishedGood.objects.all(), required=False, empty_label="All boxes and bags", label="Box or bag"
    )
    hide_voided = forms.BooleanField(label="Leave out voided ones", required=False)
    field_order = ["finished_good", "event", "start_date", "end_date", "hide_voided"]
