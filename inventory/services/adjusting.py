"""What the shelf really holds: adjustments with a reason, and counts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils import timezone

from bakery.core.errors import InvalidValueError
from bakery.core.formatting import quantity as said
from bakery.core.numbers import checked_money, checked_quantity
from inventory import fifo
from inventory.errors import (
    AlreadyCountedError,
    CannotCorrectError,
    EntryNotFoundError,
    LotNotFoundError,
    NotEnoughToRemoveError,
    StockChangedError,
)
from inventory.models import EntryKind, Kind, Lot, StockEntry, StockItem
from inventory.services import checking, posting
from inventory.services.reversing import checked_reason, reverse_once

OPENING_REASON = "Opening stock"
"""An addition for this reason is what was there when the books began: an `opening`, not an adjustment."""

NOTHING = Decimal(0)


def adjust_stock(
    *,
    item_id: int,
    quantity: Any,
    unit: str | None = None,
    reason: str,
    note: str = "",
    lot_id: int | None = None,
    product_id: int | None = None,
    total_cost: Any = None,
    recorded_by: Any = None,
    uuid: Any = None,
) -> StockEntry:
    """Add to the shelf or take off it by hand, in `unit` (None: the stock unit).

    Negative: oldest first, of one lot (`lot_id`) or one product. Positive: a new lot of today that holds
    `total_cost` or 0. Raises InvalidValueError, StockItemNotFoundError, LotNotFoundError,
    ProductNotFoundError, NotEnoughToRemoveError, AlreadyRecordedError.
    """
    arguments = dict(locals())
    asker = posting.caller("adjust_stock", arguments.pop("recorded_by"), arguments.pop("uuid"), arguments)
    reason = checked_reason(reason)
    change = checked_quantity(quantity, signed=True)
    value = checked_money(total_cost, "The value") if total_cost is not None else NOTHING
    if change < 0 and total_cost is not None:
        raise InvalidValueError("What is taken off the shelf takes its own cost with it.", field="total_cost")

    def write() -> StockEntry:
        posting.lock_items([item_id])
        item = checking.get_item(item_id)
        amount = checking.in_stock_units(item, abs(change), unit)
        check_adjustable(item, adding=change > 0, lot_id=lot_id, product_id=product_id)
        opening = change > 0 and reason.casefold() == OPENING_REASON.casefold()
        verb = "Added" if change > 0 else "Took away"
        entry = posting.open_entry(
            asker,
            EntryKind.OPENING if opening else EntryKind.ADJUSTMENT,
            f"{verb} {said(amount, item.stock_unit)} of {item.name}: {reason}",
            reason=reason,
            note=note,
        )
        if change > 0:
            add(entry, item, amount, value, product_id)
        else:
            remove(entry, item, amount, lot_id=lot_id, product_id=product_id)
        return entry

    return posting.once(asker, write, lambda entry: entry)


def check_adjustable(item: StockItem, *, adding: bool, lot_id: int | None, product_id: int | None) -> None:
    ingredient = checking.ingredient_of(item)
    if ingredient is not None and not ingredient.is_tracked:
        raise InvalidValueError(
            f"{item.name} is not tracked, so its shelf is not adjusted. Switch tracking on first.",
            field="item",
        )
    if adding and lot_id is not None:
        raise InvalidValueError(
            "A lot never grows: what is added becomes a lot of its own. Nothing was added. Choose “No lot”.",
            field="lot",
        )
    if item.kind == Kind.PACKAGING and product_id is None and lot_id is None:
        raise InvalidValueError(f"Say which product of {item.name} it is.", field="product")
    if product_id is not None and checking.get_product(product_id).ingredient_id != item.pk:
        raise InvalidValueError(f"That product is not {item.name}.", field="product")


def add(entry: StockEntry, item: StockItem, amount: Decimal, value: Decimal, product_id: int | None) -> None:
    lot = posting.put(
        item_id=item.pk,
        product_id=product_id,
        received_on=timezone.localdate(),
        quantity=amount,
        value=value,
    )
    posting.post(entry, made=[lot])


def remove(
    entry: StockEntry, item: StockItem, amount: Decimal, *, lot_id: int | None, product_id: int | None
) -> None:
    """Take `amount` off the shelf; raises NotEnoughToRemoveError when there is less."""
    if lot_id is not None:
        lot = lot_of(item, lot_id, product_id)
        open_lots = (
            []
            if lot.is_used_up
            else [fifo.OpenLot(lot.pk, lot.received_on, lot.quantity_remaining, lot.value_remaining)]
        )
        allocation = fifo.allocate(amount, open_lots)
    else:
        need = posting.Need(item.pk, amount, product_id)
        allocation = posting.allocate([need])[need]
    if not allocation.satisfied:
        raise NotEnoughToRemoveError(item.name, amount, allocation.taken, item.stock_unit)
    posting.post(entry, takes=allocation.takes)


def lot_of(item: StockItem, lot_id: int, product_id: int | None) -> Lot:
    """That lot of the item, and of the product where one is named too."""
    lot = Lot.objects.filter(pk=lot_id).first()
    if lot is None:
        raise LotNotFoundError(lot_id)
    if lot.item_id != item.pk:
        raise InvalidValueError(f"That lot is not of {item.name}.", field="lot")
    if product_id is not None and lot.product_id != product_id:
        product = checking.get_product(product_id)
        raise InvalidValueError(
            f"That lot is not of {product}. Choose a lot of it, or “No lot”.", field="lot"
        )
    return lot


def count_stock(
    *,
    item_id: int,
    counted: Any,
    unit: str | None = None,
    seen: Any,
    lot_id: int | None = None,
    product_id: int | None = None,
    note: str = "",
    recorded_by: Any = None,
    uuid: Any = None,
) -> StockEntry | None:
    """Book what was counted on the shelf, in `unit`; None when the count agrees and nothing is to be booked.

    `seen` is what the page showed, in stock units: if the shelf changed since, StockChangedError, so that
    nobody's bake is overwritten. What one lot holds more than it should is a lot of its own, at no cost, and that
    lot stays as it is: the same count again would find the same once more, so it is AlreadyCountedError, a
    StockChangedError too, while what was found stands untouched. Raises as `adjust_stock` does.
    """
    arguments = dict(locals())
    asker = posting.caller("count_stock", arguments.pop("recorded_by"), arguments.pop("uuid"), arguments)

    def write() -> StockEntry | None:
        posting.lock_items([item_id])
        item = checking.get_item(item_id)
        there = checking.in_stock_units(item, counted, unit, positive=False)
        shown = checking.in_stock_units(item, seen, None, positive=False)
        difference = there - shown
        check_adjustable(item, adding=False, lot_id=lot_id, product_id=product_id)
        lot = lot_of(item, lot_id, product_id) if lot_id is not None else None
        if not difference:
            check_unchanged(item, shown, lot_id, product_id)
            return None
        entry = posting.open_entry(
            asker,
            EntryKind.ADJUSTMENT,
            f"Counted {item.name}: {said(there, item.stock_unit)}, the books said "
            f"{said(shown, item.stock_unit)}",
            reason="Counted",
            note=note,
        )
        # After the entry: a count that is sent again finds its key taken, not the shelf changed by itself.
        check_unchanged(item, shown, lot_id, product_id)
        if difference > 0:
            if lot is not None and is_found_already(entry, item, difference):
                raise AlreadyCountedError(item.name, there, shown, item.stock_unit)
            add(entry, item, difference, NOTHING, lot.product_id if lot else product_id)
        else:
            remove(entry, item, -difference, lot_id=lot_id, product_id=product_id)
        return entry

    return posting.once(asker, write, lambda entry: entry)


def check_unchanged(item: StockItem, shown: Decimal, lot_id: int | None, product_id: int | None) -> None:
    now = counted_now(item, lot_id, product_id)
    if now != shown:
        raise StockChangedError(item.name, shown, now, item.stock_unit)


def is_found_already(entry: StockEntry, item: StockItem, difference: Decimal) -> bool:
    """Whether a count just like this one put the difference on the shelf, and all of it is still there."""
    return Lot.objects.filter(
        item=item,
        quantity=difference,
        quantity_remaining=difference,
        movements__entry__fingerprint=entry.fingerprint,
    ).exists()


def counted_now(item: StockItem, lot_id: int | None, product_id: int | None) -> Decimal:
    lots = Lot.objects.filter(item=item, quantity_remaining__gt=0)
    if lot_id is not None:
        lots = lots.filter(pk=lot_id)
    elif product_id is not None:
        lots = lots.filter(product_id=product_id)
    return sum(lots.values_list("quantity_remaining", flat=True), NOTHING)


def void_adjustment(*, entry_id: int, reason: str, recorded_by: Any = None, uuid: Any = None) -> StockEntry:
    """Void an adjustment, a count or opening stock; a second void returns the first.

    Raises EntryNotFoundError, InvalidValueError, InUseError, CannotCorrectError for any other entry.
    """
    asker = posting.caller("void_adjustment", recorded_by, uuid, {"entry_id": entry_id})
    entry = StockEntry.objects.filter(pk=entry_id).first()
    if entry is None:
        raise EntryNotFoundError(entry_id)
    if entry.kind not in (EntryKind.ADJUSTMENT, EntryKind.OPENING):
        raise CannotCorrectError("Only adjustments and counts are voided here. Void a bake on its own page.")
    return reverse_once(entry, reason=reason, asker=asker)
