"""What people type about an assembly. The services check it again under the lock."""

from __future__ import annotations

from typing import Any

from assembly.models import FinishedGood
from bakery.core.forms import FOLLOWED, CountField, HistoryForm, OneField, PastMomentField, RunForm


class AssembleForm(RunForm):
    finished_good = OneField(
        FinishedGood.objects.filter(is_archived=False), empty_label="Choose a box or bag", label="Box or bag"
    )
    quantity = CountField(label="How many", things="Boxes and bags")
    assembled_at = PastMomentField(label="Assembled")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("finished_good", "quantity"):
            self.fields[name].widget.attrs |= FOLLOWED
        self.fields["finished_good"].widget.attrs["data-picker"] = ""


class AssemblyHistoryForm(HistoryForm):
    finished_good = OneField(
        FinishedGood.objects.all(), required=False, empty_label="All boxes and bags", label="Box or bag"
    )
    field_order = ["finished_good", "event", "start_date", "end_date", "hide_voided"]

    def filters(self) -> dict[str, Any]:
        found = super().filters()
        if found and self.cleaned_data["finished_good"]:
            found["finished_good_id"] = self.cleaned_data["finished_good"].pk
        return found
