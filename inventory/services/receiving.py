"""Purchases: putting them on the shelf, and putting right what was typed wrong."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db import transaction

from bakery.core.days import check_year
from bakery.core.errors import InvalidValueError
from bakery.core.formatting import money4
from bakery.core.formatting import quantity as said
from bakery.core.numbers import (
    MAX_QUANTITY,
    MONEY_PLACES,
    QUANTITY_PLACES,
    checked_money,
    checked_quantity,
    round_half_even,
)
from bakery.core.text import NAME_LENGTH
from inventory import queues, units
from inventory.errors import CannotCorrectError, LotNotFoundError
from inventory.models import EntryKind, Lot, Product, StockEntry
from inventory.services import checking, posting
from inventory.services.reversing import checked_reason, reverse_once


def receive_lot(
    *,
    product_id: int,
    packages: Any = None,
    quantity: Any = None,
    unit: str | None = None,
    total_cost: Any,
    received_on: date | None = None,
    supplier_id: int | None = None,
    expires_on: date | None = None,
    location: str = "",
    note: str = "",
    recorded_by: Any = None,
    uuid: Any = None,
) -> Lot:
    """Put a purchase on the shelf: so many packages, or a quantity in a unit, for `total_cost` in all.

    Raises InvalidValueError (also for neither or both of packages and quantity, and for days that cannot be),
    ProductNotFoundError, SupplierNotFoundError, AlreadyRecordedError.
    """
    arguments = dict(locals())
    asker = posting.caller("receive_lot", arguments.pop("recorded_by"), arguments.pop("uuid"), arguments)
    cost = checked_money(total_cost, "The price")
    location = checked_location(location)
    day = checking.past_date(received_on, "The day of the purchase")
    check_year(expires_on, field="expires_on")
    if expires_on is not None and expires_on < day:
        raise InvalidValueError(
            "It would have expired before it was bought. Look at the dates.", field="expires_on"
        )
    checking.check_supplier(supplier_id)

    def write() -> Lot:
        product = locked_product(product_id)
        item = product.ingredient
        if not item.is_tracked:
            raise InvalidValueError(
                f"{item.name} is not tracked, so it has no lots. Switch tracking on first.", field="product"
            )
        amount = bought(product, packages, quantity, unit)
        entry = posting.open_entry(
            asker,
            EntryKind.RECEIPT,
            f"Bought {said(amount, item.stock_unit)} of {item.name} ({product}) for {money4(cost)}",
            occurred_at=checking.moment_of(day),
            note=note,
        )
        lot = posting.put(
            item_id=item.pk,
            product=product,
            supplier_id=supplier_id,
            received_on=day,
            quantity=amount,
            value=cost,
            expires_on=expires_on,
            location=location,
            note=note,
        )
        posting.post(entry, made=[lot])
        return lot

    return posting.once(asker, write, lambda entry: entry.movements.select_related("lot").get().lot)


def locked_product(product_id: int) -> Product:
    """The product as it is under the lock of its ingredient; raises ProductNotFoundError."""
    product = checking.get_product(product_id)
    while True:
        posting.lock_items([product.ingredient_id])
        before, product = product, checking.get_product(product_id)
        if product.ingredient_id == before.ingredient_id:  # else it is another one's now, who is to be locked
            return product


def checked_location(location: str) -> str:
    if len(location) > NAME_LENGTH:
        raise InvalidValueError(f"The shelf is too long: at most {NAME_LENGTH} letters.", field="location")
    return location.strip()


def bought(product: Product, packages: Any, quantity: Any, unit: str | None) -> Decimal:
    """How many stock units were bought (3 places, half to even)."""
    if (packages is None) == (quantity is None):
        raise InvalidValueError(
            "Say how many packages it was, or how much of it: one of the two.", field="packages"
        )
    if quantity is not None:
        return checking.in_stock_units(product.ingredient, quantity, unit)
    count = checked_quantity(packages, "The number of packages", positive=True)
    item = product.ingredient
    advice = units.advice(
        item.name, product.package_unit, item.stock_unit, **item.factors, where="the package"
    )
    if advice:
        raise InvalidValueError(advice, field="packages")
    one = units.convert(product.package_quantity, product.package_unit, item.stock_unit, **item.factors)
    exact = one * Fraction(count)
    if exact >= MAX_QUANTITY:
        raise InvalidValueError(f"That is too much {item.name} to count.", field="packages")
    amount = round_half_even(exact, QUANTITY_PLACES)
    if not amount:
        raise InvalidValueError("That is too little to count.", field="packages")
    return amount


def correct_lot_cost(
    *, lot_id: int, total_cost: Any, reason: str, recorded_by: Any = None, uuid: Any = None
) -> StockEntry:
    """Put right what a lot cost in all. What remains becomes total_cost x remaining / quantity (4 places,
    half to even); what was used keeps its cost.

    Raises LotNotFoundError, InvalidValueError, and CannotCorrectError when nothing is left, nothing changes,
    or the lot was made here.
    """
    arguments = {"lot_id": lot_id, "total_cost": total_cost, "reason": reason}
    asker = posting.caller("correct_lot_cost", recorded_by, uuid, arguments)
    reason = checked_reason(reason)
    cost = checked_money(total_cost, "The price")

    def write() -> StockEntry:
        lot = get_lot(lot_id)
        entry = posting.open_entry(
            asker,
            EntryKind.COST_CORRECTION,
            f"Price of {lot} put right: {money4(cost)} in all",
            reason=reason,
        )
        posting.lock_items([lot.item_id])
        lot = get_lot(lot_id)
        if lot.item.is_made_here:
            raise CannotCorrectError(
                "This was made here: its cost is what its ingredients cost. Correct the purchase instead."
            )
        if lot.is_used_up:
            raise CannotCorrectError("Nothing of this lot is left, and what was used keeps its cost.")
        share = Fraction(cost) * Fraction(lot.quantity_remaining) / Fraction(lot.quantity)
        value = round_half_even(share, MONEY_PLACES)
        if value == lot.value_remaining:
            raise CannotCorrectError("That is what it costs already. Nothing was changed.")
        queues.write_remaining([(lot.pk, lot.quantity_remaining, value)])
        posting.record(entry, [(lot.pk, lot.quantity * 0, value - lot.value_remaining)])
        return entry

    return posting.once(asker, write, lambda entry: entry)


def get_lot(lot_id: int) -> Lot:
    """The lot with its item and product; raises LotNotFoundError."""
    lot = Lot.objects.select_related("item", "product__ingredient").filter(pk=lot_id).first()
    if lot is None:
        raise LotNotFoundError(lot_id)
    return lot


EDITABLE = ("received_on", "expires_on", "location", "note", "supplier_id")


@transaction.atomic
def edit_lot(*, lot_id: int, recorded_by: Any = None, uuid: Any = None, **changes: Any) -> Lot:
    """Put right a date, expiry, shelf, note or supplier of a lot; its quantity is never edited.

    The lot says who edited it, and when. Sending the same again changes nothing, so `uuid` is not needed.
    Raises LotNotFoundError, SupplierNotFoundError, InvalidValueError.
    """
    unknown = sorted(set(changes) - set(EDITABLE))
    if unknown:
        raise InvalidValueError(f"{', '.join(unknown)} of a lot cannot be edited.", field=unknown[0])
    posting.lock_items(Lot.objects.filter(pk=lot_id).values_list("item_id", flat=True))
    lot = get_lot(lot_id)
    different = {name: value for name, value in changes.items() if getattr(lot, name) != value}
    check_edit(lot, different)
    lot.edit(different, by=recorded_by)
    return lot


def check_edit(lot: Lot, changes: Mapping[str, Any]) -> None:
    if "received_on" in changes:
        if changes["received_on"] is None:
            raise InvalidValueError("Enter the day it was received.", field="received_on")
        if lot.item.is_made_here:
            raise InvalidValueError("What was made here bears the day it was made.", field="received_on")
        checking.past_date(changes["received_on"], "The day of the purchase")
    received = changes.get("received_on", lot.received_on)
    expires = changes.get("expires_on", lot.expires_on)
    check_year(changes.get("expires_on"), field="expires_on")
    if expires is not None and expires < received:
        raise InvalidValueError(
            "It would have expired before it was received. Look at the dates.", field="expires_on"
        )
    checked_location(changes.get("location", ""))
    checking.check_supplier(changes.get("supplier_id"))


def void_receipt(*, lot_id: int, reason: str, recorded_by: Any = None, uuid: Any = None) -> StockEntry:
    """Void a purchase while all of it is there; a second void returns the first.

    Raises LotNotFoundError, InvalidValueError, InUseError, CannotCorrectError when it was no purchase.
    """
    asker = posting.caller("void_receipt", recorded_by, uuid, {"lot_id": lot_id})
    lot = get_lot(lot_id)
    entry = StockEntry.objects.filter(kind=EntryKind.RECEIPT, movements__lot=lot).first()
    if entry is None:
        raise CannotCorrectError("This lot was not bought. Void the bake or the adjustment it came from.")
    return reverse_once(entry, reason=reason, asker=asker)
