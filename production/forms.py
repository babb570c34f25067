"""What people type about a bake. The services check it again under the lock."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from bakery.core.forms import FOLLOWED, CountField, HistoryForm, OneField, PastMomentField, RunForm
from production.models import FinishedUnit, Recipe


class RecordForm(RunForm):
    """A bake as it is typed; `finished_unit` offers what the chosen recipe makes."""

    recipe = OneField(
        Recipe.objects.filter(is_archived=False), empty_label="Choose a recipe", widget=forms.Select
    )
    finished_unit = OneField(FinishedUnit.objects.none(), label="Makes", empty_label=None)
    num_batches = CountField(label="Batches")
    actual_yield = CountField(label="Actual yield", min_value=0, required=False)
    produced_at = PastMomentField(label="Baked")

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
