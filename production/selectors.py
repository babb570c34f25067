"""What the pages of the kitchen show: reads only, a constant number of statements each."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.apps import apps
from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum
from django.utils import timezone

from bakery.core.text import search_name
from inventory.models import Lot, StockEntry, StockMovement
from production.models import FinishedUnit, ProductionConsumption, ProductionRun, Recipe


def recipes_matching(text: str, *, archived: bool = False) -> QuerySet[Recipe]:
    """Recipes by name or category, accent-insensitively."""
    recipes = Recipe.objects.select_related("category").filter(is_archived=archived)
    for word in search_name(text).split():
        recipes = recipes.filter(Q(search_name__contains=word) | Q(category__name__icontains=word))
    return recipes.order_by("name")


def finished_units() -> QuerySet[FinishedUnit]:
    """Finished units with `on_hand`, the pieces on the shelf."""
    there = (
        Lot.objects.filter(item=OuterRef("pk"), quantity_remaining__gt=0)
        .order_by()
        .values("item")
        .annotate(there=Sum("quantity_remaining"))
        .values("there")
    )
    return FinishedUnit.objects.annotate(on_hand=Subquery(there)).order_by("name")


def event_choices() -> list[tuple[str, str]]:
    """Upcoming events by date, then past ones, the latest first; "None, just for us" on top."""
    today = timezone.localdate()
    events = list(apps.get_model("events", "Event").objects.values_list("pk", "name", "event_date"))
    ahead = sorted((day, name, pk) for pk, name, day in events if day >= today)
    past = sorted(((day, name, pk) for pk, name, day in events if day < today), reverse=True)
    return [("", "None, just for us")] + [
        (str(pk), f"{name} · {day.day} {day:%b %Y}") for day, name, pk in ahead + past
    ]


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


@dataclass(frozen=True, slots=True)
class WentOut:
    """Something that took pieces of a lot, and how many."""

    entry: StockEntry
    pieces: Decimal


def output_of(run: ProductionRun) -> Lot | None:
    """The lot a run put on the shelf; None for a failed batch and for imported history."""
    if run.stock_entry_id is None:
        return None
    return Lot.objects.filter(movements__entry=run.stock_entry_id, movements__quantity__gt=0).first()


def where_it_went(lot: Lot | None) -> list[WentOut]:
    """Who used pieces of the lot, oldest first; what was voided since does not count."""
    if lot is None:
        return []
    movements = (
        lot.movements.filter(quantity__lt=0, entry__reverses__isnull=True, entry__reversed_by__isnull=True)
        .select_related("entry")
        .order_by("entry__occurred_at", "id")
    )
    return [WentOut(movement.entry, -movement.quantity) for movement in movements]
