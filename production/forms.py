"""What people type about a bake. The services check it again under the lock."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from bakery.core.forms import FOLLOWED, CountField, HistoryForm, OneField, PastMomentField, RunForm
from production.models import FinishedUnit, Recipe


class RecordForm(RunForm):
    """A bake as it is typed. Whether the recipe makes the finished unit is for the service to say."""

    recipe = OneField(
        Recipe.objects.filter(is_archived=False), empty_label="Choose a recipe", widget=forms.Select
    )
    finished_unit = OneField(FinishedUnit.objects.filter(is_archived=False), label="Makes", empty_label=None)
    num_batches = CountField(label="Batches", things="Batches")
    actual_yield = CountField(label="Actual yield", things="Pieces", min_value=0, required=False)
    produced_at = PastMomentField(label="Baked")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["recipe"].widget.attrs["data-picker"] = ""
        for name in ("recipe", "finished_unit", "num_batches"):
            self.fields[name].widget.attrs |= FOLLOWED

    def offer(self, units: Iterable[FinishedUnit]) -> None:
        """Show these to choose from, the ones of the chosen recipe: recording itself has no need to read them."""
        makes: Any = self.fields["finished_unit"]
        makes.choices = [(unit.pk, f"{unit.name} · {unit.items_per_batch} per batch") for unit in units]


class BakeHistoryForm(HistoryForm):
    recipe = OneField(Recipe.objects.all(), required=False, empty_label="All recipes")
    finished_unit = OneField(
        FinishedUnit.objects.all(), label="Makes", required=False, empty_label="Everything"
    )
    field_order = ["recipe", "finished_unit", "event", "start_date", "end_date", "hide_voided"]

    def filters(self) -> dict[str, Any]:
        found = super().filters()
        for name in ("recipe", "finished_unit"):
            chosen = self.cleaned_data.get(name)
            if found and chosen:
                found[f"{name}_id"] = chosen.pk
        return found
