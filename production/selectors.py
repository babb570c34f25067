"""What the pages of the kitchen show: reads only, a constant number of statements each."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, QuerySet

from bakery.core.text import search_name
from inventory.models import Lot, StockMovement
from inventory.selectors.made import pieces_on_hand
from production.models import FinishedUnit, ProductionConsumption, ProductionRun, Recipe


def recipes_matching(text: str, *, archived: bool = False) -> QuerySet[Recipe]:
    """Recipes by name or category, accent-insensitively."""
    recipes = Recipe.objects.select_related("category").filter(is_archived=archived)
    for word in search_name(text).split():
        recipes = recipes.filter(Q(search_name__contains=word) | Q(category__name__icontains=word))
    return recipes.order_by("name")


def finished_units() -> QuerySet[FinishedUnit]:
    """Finished units with `on_hand`, the pieces on the shelf."""
    return FinishedUnit.objects.annotate(on_hand=pieces_on_hand()).order_by("name")


@dataclass(frozen=True, slots=True)
class LotUse:
    """What one lot gave: stock units and money, both positive."""

    lot: Lot
    quantity: Decimal
    value: Decimal


@dataclass(frozen=True, slots=True)
class WentIn:
    """One ingredient of a run, and the lots that served it."""

    row: ProductionConsumption
    lots: tuple[LotUse, ...]


def what_went_in(run: ProductionRun) -> list[WentIn]:
    """The consumption rows of a run with the lots behind them."""
    lots: dict[str, list[LotUse]] = defaultdict(list)
    if run.stock_entry_id:
        movements = StockMovement.objects.filter(entry=run.stock_entry_id, quantity__lt=0).select_related(
            "lot__item", "lot__product__ingredient", "lot__supplier"
        )
        for movement in movements.order_by("lot__received_on", "lot_id"):
            use = LotUse(movement.lot, -movement.quantity, -movement.value)
            lots[movement.lot.item.slug].append(use)
    return [WentIn(row, tuple(lots[row.ingredient_slug])) for row in run.consumptions.all()]
