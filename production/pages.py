"""The pages of bakes and of what is baked, told to the pantry below."""

from __future__ import annotations

from collections.abc import Collection

from django.urls import reverse

from production.models import FinishedUnit, ProductionRun


def run_pages(entry_ids: Collection[int]) -> dict[int, str]:
    runs = ProductionRun.objects.filter(stock_entry__in=entry_ids).values_list("stock_entry_id", "pk")
    return {entry_id: reverse("production:run", args=[pk]) for entry_id, pk in runs if entry_id is not None}


def unit_pages(item_ids: Collection[int]) -> dict[int, str]:
    return {unit.pk: unit.get_absolute_url() for unit in FinishedUnit.objects.filter(pk__in=item_ids)}
