"""The pages of assemblies and boxes, told to the pantry below."""

from __future__ import annotations

from collections.abc import Collection

from django.urls import reverse

from assembly.models import AssemblyRun, FinishedGood


def run_pages(entry_ids: Collection[int]) -> dict[int, str]:
    runs = AssemblyRun.objects.filter(stock_entry__in=entry_ids).values_list("stock_entry_id", "pk")
    return {entry_id: reverse("assembly:run", args=[pk]) for entry_id, pk in runs if entry_id is not None}


def good_pages(item_ids: Collection[int]) -> dict[int, str]:
    return {good.pk: good.get_absolute_url() for good in FinishedGood.objects.filter(pk__in=item_ids)}
