"""Who got something from this lot, and what it was made of."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from bakery.core.htmx import Request
from inventory import selectors
from inventory.models import Lot


@require_safe
def lot_trace(request: Request, lot_id: int) -> HttpResponse:
    lot = get_object_or_404(Lot.objects.select_related("item", "product__ingredient"), pk=lot_id)
    context = {
        "lot": lot,
        "forward": selectors.trace_forward(lot.pk),
        "back": selectors.trace_back(lot.pk),
    }
    return render(request, "inventory/trace.html", context)
