"""What people do to the shopping list: put things on it, tick them off, and bring them home."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone

from bakery.core.errors import EventNotFoundError, InvalidValueError
from bakery.core.models import name_of
from bakery.core.numbers import QUANTITY_PLACES, checked_quantity, round_half_even
from bakery.core.text import NAME_LENGTH
from events.errors import AlreadyBoughtError, ShoppingItemNotFoundError
from events.models import Event, ShoppingItem
from inventory import units
from inventory.errors import ProductNotFoundError, StockItemNotFoundError
from inventory.models import Ingredient, Lot, Product
from inventory.services import receive_lot


def add_shopping_item(
    *,
    text: str = "",
    ingredient_id: int | None = None,
    product_id: int | None = None,
    quantity: Any = None,
    unit: str = "",
    event_id: int | None = None,
    uuid: UUID | str | None = None,
) -> ShoppingItem:
    """Put something on the list: plain words, an ingredient, or a product, with an amount if one is known.

    The quantity keeps 3 places. Sent twice under one key it is one line; something else under that key is a
    line of its own. Raises InvalidValueError (nothing said, or a unit that does not convert),
    StockItemNotFoundError, ProductNotFoundError, EventNotFoundError.
    """
    item = ShoppingItem(
        uuid=UUID(str(uuid or uuid4())),
        text=text.strip()[:NAME_LENGTH],
        ingredient=_ingredient(ingredient_id),
        product=_product(product_id),
        event=_event(event_id),
        unit=units.parse_unit(unit) if unit else "",
        quantity=_amount(quantity),
    )
    if not (item.text or item.ingredient or item.product):
        raise InvalidValueError("Say what to buy.", field="text")
    _check_unit(item)
    try:
        with transaction.atomic():
            item.save(force_insert=True)
    except IntegrityError:
        first = ShoppingItem.objects.filter(uuid=item.uuid).first()
        if first is None:
            raise
        if _said(first) == _said(item):
            return first
        item.uuid = uuid4()
        item.save(force_insert=True)
    return item


def _amount(quantity: Any) -> Decimal | None:
    if quantity is None:
        return None
    amount = round_half_even(checked_quantity(quantity, positive=True), QUANTITY_PLACES)
    if not amount:
        raise InvalidValueError("That is less than a thousandth: nothing to buy.", field="quantity")
    return amount


def _said(item: ShoppingItem) -> tuple[Any, ...]:
    """What a line asks for, whoever sent it when."""
    return (
        item.text,
        item.ingredient_id,
        item.product_id,
        item.quantity,
        item.unit,
        item.event_id,
    )


def _ingredient(ingredient_id: int | None) -> Ingredient | None:
    if ingredient_id is None:
        return None
    found = Ingredient.objects.filter(pk=ingredient_id).first()
    if found is None:
        raise StockItemNotFoundError(ingredient_id)
    return found


def _product(product_id: int | None) -> Product | None:
    if product_id is None:
        return None
    found = Product.objects.select_related("ingredient").filter(pk=product_id).first()
    if found is None:
        raise ProductNotFoundError(product_id)
    return found


def _event(event_id: int | None) -> Event | None:
    if event_id is None:
        return None
    found = Event.objects.filter(pk=event_id).first()
    if found is None:
        raise EventNotFoundError(event_id)
    return found


def _check_unit(item: ShoppingItem) -> None:
    stock = item.product.ingredient if item.product else item.ingredient
    if stock is None or not item.unit:
        return
    advice = units.advice(stock.name, item.unit, stock.stock_unit, **stock.factors, where="the list")
    if advice:
        raise InvalidValueError(advice, field="unit")


def remove_shopping_item(*, item_id: int) -> bool:
    """Take a line off the list again; False when somebody else was faster. What was bought stays bought."""
    deleted, _ = ShoppingItem.objects.filter(pk=item_id, is_by_hand=True).delete()
    return bool(deleted)


def tick_shopping_item(*, item_id: int, ticked: bool = True, ticked_by: Any = None) -> ShoppingItem:
    """Tick or untick what was put on the list by hand. Ticking twice changes nothing.

    Raises ShoppingItemNotFoundError, and AlreadyBoughtError for unticking what is on the shelf already.
    """
    with transaction.atomic():
        item = _locked(item_id)
        if item.lot_id is not None and not ticked:
            raise AlreadyBoughtError(str(item))
        if ticked != (item.ticked_at is not None):
            item.ticked_at = timezone.now() if ticked else None
            item.ticked_by_name = name_of(ticked_by) if ticked else ""
            item.save(update_fields=["ticked_at", "ticked_by_name", "updated_at"])
        return item


@transaction.atomic
def tick_shopping_line(
    *,
    ingredient_id: int | None = None,
    product_id: int | None = None,
    ticked: bool = True,
    ticked_by: Any = None,
) -> ShoppingItem | None:
    """Tick or untick what the events need: an ingredient, or a product of packaging. Twice changes nothing.

    The tick is one for all events, because the shelf is. None where nothing is ticked any more. Raises
    StockItemNotFoundError, ProductNotFoundError, InvalidValueError for neither or both.
    """
    if (ingredient_id is None) == (product_id is None):
        raise InvalidValueError("Say which ingredient or which product.", field="line")
    of = {"ingredient": _ingredient(ingredient_id), "product": _product(product_id)}
    ticks = ShoppingItem.objects.select_for_update().filter(is_by_hand=False, lot__isnull=True, **of)
    held = list(ticks)
    if not ticked:
        ticks.delete()
        return None
    if held:
        first = held[0]
        first.ticked_at = timezone.now()
        first.ticked_by_name = name_of(ticked_by)
        first.save(update_fields=["ticked_at", "ticked_by_name", "updated_at"])
        return first
    return ShoppingItem.objects.create(
        is_by_hand=False, ticked_at=timezone.now(), ticked_by_name=name_of(ticked_by), **of
    )


@transaction.atomic
def buy_shopping_item(
    *,
    item_id: int,
    product_id: int,
    total_cost: Any,
    recorded_by: Any = None,
    uuid: Any = None,
    **purchase: Any,
) -> Lot:
    """Put what a line stands for on the shelf, and note on the line that it is there. Both or neither.

    `purchase` is what else `receive_lot` takes: packages or a quantity, the day, supplier, expiry, shelf. The
    same key gives the same lot. Raises ShoppingItemNotFoundError, AlreadyBoughtError when another purchase
    was made of the line, InvalidValueError for a product of something else, and what `receive_lot` raises.
    """
    lot = receive_lot(
        product_id=product_id, total_cost=total_cost, recorded_by=recorded_by, uuid=uuid, **purchase
    )
    item = _locked(item_id)
    if item.lot_id not in (None, lot.pk):
        raise AlreadyBoughtError(str(item))
    stock = item.product.ingredient_id if item.product else item.ingredient_id
    if stock not in (None, lot.item_id):
        raise InvalidValueError(
            f"{lot.product} is not {item}. Choose a product of it. Nothing was bought.", field="product"
        )
    item.lot = lot
    item.ticked_at = item.ticked_at or timezone.now()
    item.ticked_by_name = item.ticked_by_name or name_of(recorded_by)
    item.save(update_fields=["lot", "ticked_at", "ticked_by_name", "updated_at"])
    return lot


def _locked(item_id: int) -> ShoppingItem:
    item = (
        ShoppingItem.objects.select_for_update(of=("self",))
        .select_related("ingredient", "product__ingredient")
        .filter(pk=item_id)
        .first()
    )
    if item is None:
        raise ShoppingItemNotFoundError(item_id)
    return item
