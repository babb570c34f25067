"""Who got something from this lot, and what it was made of."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from bakery.core.htmx import Request
from inventory import selectors
from inventory.models import EntryKind, Lot, StockEntry
from inventory.pages import entry_addresses


@require_safe
def lot_trace(request: Request, lot_id: int) -> HttpResponse:
    lot = get_object_or_404(Lot.objects.select_related("item", "product__ingredient"), pk=lot_id)
    ways = selectors.traces(forward_from=[lot.pk], back_from=[lot.pk])
    addresses = entry_addresses(step.entry for step in [*ways.forward, *ways.back])
    packed = {step.entry.pk: step.entry for step in ways.forward if step.entry.kind == EntryKind.FULFILMENT}
    context = {
        "lot": lot,
        "forward": [(step, addresses[step.entry.pk]) for step in ways.forward],
        "packed": [(entry, addresses[entry.pk]) for entry in packed.values()],
        "back": [(step, addresses[step.entry.pk]) for step in ways.back],
    }
    return render(request, "inventory/trace.html", context)


@require_safe
def entry_trace(request: Request, entry_id: int) -> HttpResponse:
    """From a package, a box or a bake back to the purchases."""
    entry = get_object_or_404(StockEntry, pk=entry_id)
    back = selectors.trace_entry(entry.pk)
    addresses = entry_addresses(step.entry for step in back)
    context = {"entry": entry, "back": [(step, addresses[step.entry.pk]) for step in back]}
    return render(request, "inventory/entry_trace.html", context)
