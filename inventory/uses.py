"""Who needs an ingredient to convert. The floors above register here, because no arrow points up."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from bakery.core.formatting import as_written
from inventory import units

if TYPE_CHECKING:
    from inventory.models import Ingredient

Use = Callable[["Ingredient"], list[str]]


def packages_without_conversion(ingredient: Ingredient) -> list[str]:
    """The products of `ingredient` whose package no longer converts to its stock unit."""
    return [
        f"the package of {as_written(product.package_quantity, product.package_unit)}"
        for product in ingredient.products.all()
        if not units.can_convert(product.package_unit, ingredient.stock_unit, **ingredient.factors)
    ]


_uses: list[Use] = [packages_without_conversion]


def register_use(use: Use) -> None:
    """Let `use` say which of its lines an ingredient, with the factors it holds now, cannot serve.

    What it says of a line must not depend on the ingredient's own fields: sentences from before and after
    a change are compared.
    """
    if use not in _uses:
        _uses.append(use)


def lines_lost(before: Ingredient, after: Ingredient) -> list[str]:
    """The lines that could be converted with `before` and cannot be with `after`."""
    if (before.stock_unit, before.factors) == (after.stock_unit, after.factors):
        return []
    known = {line for use in _uses for line in use(before)}
    return [line for use in _uses for line in use(after) if line not in known]
