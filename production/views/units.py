"""What is baked: one kind of cookie, with its stock, its bakes and the boxes it goes into."""

from __future__ import annotations

from decimal import Decimal

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from bakery.core.htmx import Request
from inventory.selectors.made import open_lots_of
from inventory.uses import uses_of
from production import book, selectors, services


@require_safe
def unit(request: Request, slug: str) -> HttpResponse:
    found = get_object_or_404(selectors.finished_units().select_related("recipe"), slug=slug)
    availability = services.check_can_produce(found.recipe_id, 1)
    lots = open_lots_of(found)
    context = {
        "unit": found,
        "availability": availability,
        "each_costs": book.per_piece(availability.estimated_cost, Decimal(1), found),
        "lots": lots,
        "worth": sum((each.lot.value_remaining for each in lots), Decimal(0)),
        "runs": services.get_production_history(
            finished_unit_id=found.pk, limit=8, include_consumptions=False
        ),
        "used_in": uses_of(found),
    }
    return render(request, "production/unit.html", context)
