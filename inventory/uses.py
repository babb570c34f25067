"""Who asks for a stock item. The floors above register here, because no arrow points up."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from bakery.core.formatting import as_written
from inventory import units

if TYPE_CHECKING:
    from inventory.models import Ingredient, StockItem


@dataclass(frozen=True, slots=True)
class Usage:
    """One line somewhere that asks for `quantity` of a stock item, in `unit`."""

    where: str
    quantity: Decimal
    unit: str
    url: str = ""

    def __str__(self) -> str:
        return f"{self.where} ({as_written(self.quantity, self.unit)})"

    def converts_to(self, item: Ingredient) -> bool:
        return units.can_convert(self.unit, item.stock_unit, **item.factors)

    def advice(self, item: Ingredient) -> str:
        """What to enter so that the line can be converted; empty when it can be."""
        return units.advice(item.name, self.unit, item.stock_unit, **item.factors, where=self.where)


Users = Callable[["StockItem"], Iterable[Usage]]


def packages_of(item: StockItem) -> list[Usage]:
    """The products of an ingredient: each package is so much of it."""
    from inventory.models import Product  # the models ask this module what a change would break

    return [
        Usage("the package", product.package_quantity, product.package_unit)
        for product in Product.objects.filter(ingredient=item.pk)
    ]


_users: list[Users] = []


def register_users(users: Users) -> None:
    """Let a floor above say which of its lines ask for a stock item: one query, in the order they are shown."""
    if users not in _users:
        _users.append(users)


def uses_of(item: StockItem) -> list[Usage]:
    """Everything that asks for `item`: recipes, boxes, packages; at most one query for each floor that registered."""
    return [usage for users in _users for usage in users(item)]


def lines_lost(before: Ingredient, after: Ingredient) -> list[Usage]:
    """The lines that could be converted with `before` and cannot be with `after`."""
    if (before.stock_unit, before.factors) == (after.stock_unit, after.factors):
        return []
    return [
        usage
        for usage in [*packages_of(after), *uses_of(after)]
        if usage.converts_to(before) and not usage.converts_to(after)
    ]
