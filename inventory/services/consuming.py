"""Taking one ingredient off the shelf, oldest first, and asking how much there is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from bakery.core.formatting import quantity as said
from bakery.core.numbers import QUANTITY_PLACES, RECIPE_PLACES
from inventory import fifo, units
from inventory.errors import IngredientNotFoundError, InsufficientInventoryError, MissingIngredient
from inventory.models import EntryKind, Ingredient, Lot
from inventory.services import checking, posting

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class LotDraw:
    """What is taken from one lot: quantities in the unit asked for, `value` in money (4 places)."""

    lot_id: int
    received_on: date
    product_name: str
    quantity: Decimal
    value: Decimal
    remaining: Decimal


@dataclass(frozen=True, slots=True)
class FifoResult:
    """What was taken, or would be: quantities in the unit asked for, money with 4 places."""

    consumed: Decimal
    breakdown: list[LotDraw]
    shortfall: Decimal
    satisfied: bool
    total_cost: Decimal


def consume_fifo(
    ingredient_slug: str,
    quantity_needed: Any,
    unit: str | None = None,
    *,
    dry_run: bool = False,
    reason: str = "",
    recorded_by: Any = None,
    uuid: Any = None,
) -> FifoResult:
    """Take `quantity_needed` of an ingredient off the shelf, oldest lots first.

    Quantities of the result are in `unit` (None: the stock unit). `dry_run` writes nothing. An untracked
    ingredient is never short and costs nothing. Raises IngredientNotFoundError, InvalidValueError,
    AlreadyRecordedError, and InsufficientInventoryError (nothing changed) unless it is a dry run.
    """
    arguments = {"slug": ingredient_slug, "quantity": quantity_needed, "unit": unit, "reason": reason}
    asker = posting.caller("consume_fifo", recorded_by, uuid, arguments)

    def write() -> FifoResult:
        if not dry_run:
            posting.lock_items([_get(ingredient_slug).pk])
        item = _get(ingredient_slug)
        amount = checking.in_stock_units(item, quantity_needed, unit, positive=False)
        if not item.is_tracked:
            return FifoResult(_in_unit(item, amount, unit), [], NOTHING, True, NOTHING)
        need = posting.Need(item.pk, amount)
        if dry_run or not amount:
            return _result(item, posting.allocate([need])[need], unit)
        entry = posting.open_entry(
            asker,
            EntryKind.ADJUSTMENT,
            f"Used {said(amount, item.stock_unit)} of {item.name}" + (f": {reason}" if reason else ""),
            reason=reason,
        )
        allocation = posting.allocate([need])[need]
        if not allocation.satisfied:
            raise InsufficientInventoryError([missing(item, amount, allocation.taken)])
        posting.post(entry, takes=allocation.takes)
        return _result(item, allocation, unit)

    def replay(entry: Any) -> FifoResult:
        item = _get(ingredient_slug)
        takes = tuple(
            fifo.Take(
                line.lot_id,
                -line.quantity,
                -line.value,
                line.lot.quantity_remaining,
                line.lot.value_remaining,
            )
            for line in entry.movements.select_related("lot")
        )
        taken = sum((take.quantity for take in takes), NOTHING)
        value = sum((take.value for take in takes), NOTHING)
        return _result(item, fifo.Allocation(takes, taken, value, NOTHING, True), unit)

    return write() if dry_run else posting.once(asker, write, replay)


def _get(slug: str) -> Ingredient:
    item = Ingredient.objects.filter(slug=slug).first()
    if item is None:
        raise IngredientNotFoundError(slug)
    return item


def missing(item: Ingredient, needed: Decimal, available: Decimal) -> MissingIngredient:
    return MissingIngredient(item.slug, item.name, needed, available, item.stock_unit, item.pk)


def _result(item: Ingredient, allocation: fifo.Allocation, unit: str | None) -> FifoResult:
    return FifoResult(
        consumed=_in_unit(item, allocation.taken, unit),
        breakdown=[
            LotDraw(
                draw.lot_id,
                draw.received_on,
                draw.product_name,
                _in_unit(item, draw.quantity, unit),
                draw.value,
                _in_unit(item, draw.remaining, unit),
            )
            for draw in describe(allocation.takes)
        ],
        shortfall=NOTHING if allocation.satisfied else _in_unit(item, allocation.short, unit),
        satisfied=allocation.satisfied,
        total_cost=allocation.value,
    )


def _in_unit(item: Ingredient, amount: Decimal, unit: str | None) -> Decimal:
    if unit is None or units.parse_unit(unit) == item.stock_unit:
        return units.convert(amount, item.stock_unit, item.stock_unit, places=QUANTITY_PLACES)
    return units.convert(amount, item.stock_unit, unit, **item.factors, places=RECIPE_PLACES)


def describe(takes: Sequence[fifo.Take]) -> list[LotDraw]:
    """`takes` with the day and the product of their lots, in the same order: one query for all."""
    lots: Mapping[int, Lot] = Lot.objects.select_related("product__ingredient").in_bulk(
        [take.lot_id for take in takes]
    )
    return [
        LotDraw(
            take.lot_id,
            lots[take.lot_id].received_on,
            str(lots[take.lot_id].product or ""),
            take.quantity,
            take.value,
            take.quantity_left,
        )
        for take in takes
    ]


def on_hand(*, item_ids: Iterable[int]) -> dict[int, Decimal]:
    """How much of each item is on the shelf, in its stock unit; 0 where there is nothing."""
    wanted = list(item_ids)
    rows = (
        Lot.objects.filter(item__in=wanted, quantity_remaining__gt=0)
        .order_by()
        .values_list("item_id")
        .annotate(there=Sum("quantity_remaining"))
    )
    return dict.fromkeys(wanted, NOTHING) | dict(rows)
