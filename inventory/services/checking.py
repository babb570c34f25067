"""Reading arguments: what services check in Python before the database is asked to write."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.utils import timezone

from bakery.core.days import check_year
from bakery.core.errors import InvalidValueError
from bakery.core.formatting import day_long
from bakery.core.numbers import MAX_QUANTITY, QUANTITY_PLACES, checked_quantity, round_half_even
from inventory import units
from inventory.errors import ProductNotFoundError, StockItemNotFoundError, SupplierNotFoundError
from inventory.models import Ingredient, Product, StockItem, Supplier


def get_item(item_id: int) -> StockItem:
    """The item, as an Ingredient where it is one; raises StockItemNotFoundError."""
    item = StockItem.objects.select_related("ingredient").filter(pk=item_id).first()
    if item is None:
        raise StockItemNotFoundError(item_id)
    return item


def ingredient_of(item: StockItem) -> Ingredient | None:
    return getattr(item, "ingredient", None)


def get_product(product_id: int) -> Product:
    product = Product.objects.select_related("ingredient").filter(pk=product_id).first()
    if product is None:
        raise ProductNotFoundError(product_id)
    return product


def check_supplier(supplier_id: int | None) -> None:
    if supplier_id is not None and not Supplier.objects.filter(pk=supplier_id).exists():
        raise SupplierNotFoundError(supplier_id)


def past_date(value: date | None, name: str) -> date:
    """`value`, or today; raises InvalidValueError for the future and for a year that is not kept."""
    today = timezone.localdate()
    check_year(value, field=name)
    if value is not None and value > today:
        raise InvalidValueError(
            f"{name} is {day_long(value)}, which is still to come. Enter today or an earlier day.", field=name
        )
    return value or today


def moment_of(day: date) -> datetime:
    """When the ledger says something of that day happened: now for today, else noon in the household's zone."""
    if day == timezone.localdate():
        return timezone.now()
    return timezone.make_aware(datetime.combine(day, time(12)))


def in_stock_units(item: StockItem, quantity: Any, unit: str | None, *, positive: bool = True) -> Decimal:
    """`quantity` of `unit` (None: the stock unit) in stock units, 3 places, half to even.

    Raises InvalidValueError; where the unit does not fit, with the advice what to enter.
    """
    amount = checked_quantity(quantity, positive=positive)
    if unit is not None:
        unit = units.parse_unit(unit)
    ingredient = ingredient_of(item)
    factors = ingredient.factors if ingredient else {}
    advice = units.advice(item.name, unit or item.stock_unit, item.stock_unit, **factors, where="you")
    if advice:
        raise InvalidValueError(advice, field="unit")
    exact = units.convert(amount, unit or item.stock_unit, item.stock_unit, **factors)
    if exact >= MAX_QUANTITY:
        raise InvalidValueError(f"That is too much {item.name} to count.", field="quantity")
    rounded = round_half_even(exact, QUANTITY_PLACES)
    if positive and not rounded:
        raise InvalidValueError(
            f"That is less than a thousandth of a {item.stock_unit}: nothing to book.", field="quantity"
        )
    if item.is_made_here and rounded != rounded.to_integral_value():
        raise InvalidValueError(f"{item.name} is counted in whole pieces.", field="quantity")
    return rounded
