"""What the pages of packages show: what each holds, and what that costs about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from assembly.services.requirements import Requirements
from bakery.core.numbers import MONEY_PLACES, round_half_even
from events.models import Package
from events.selectors.allergens import Contained, allergens_in
from events.services.contents import contents_of
from events.services.package_costs import PackageCost, Prices, cost_of, prices_for
from inventory.models import Kind


@dataclass(frozen=True, slots=True)
class PackageLine:
    """What one package holds of one thing: pieces, or stock units of packaging, at about `cost` (4 places)."""

    name: str
    quantity: Decimal
    unit: str
    item_id: int
    is_wrapping: bool
    cost: Decimal
    is_unpriced: bool


@dataclass(frozen=True, slots=True)
class Filled:
    """A package with its lines; `known` is what it costs and what of it has no price."""

    package: Any
    lines: tuple[PackageLine, ...]
    known: PackageCost


def filled(packages: Iterable[Package]) -> list[Filled]:
    """The packages in the order given: at most seven statements for all of them."""
    wanted = list(packages)
    found = contents_of({package.pk: 1 for package in wanted})
    prices = prices_for([line for each in found.values() for line in each.lines])
    return [_filled(package, found[package.pk], prices) for package in wanted]


def filled_and_told(package: Package) -> tuple[Filled, list[Contained]]:
    """One package, and every allergen in it, by name: two statements more."""
    contents = contents_of({package.pk: 1})[package.pk]
    prices = prices_for(contents.lines)
    goods = [line.component_id for line in contents.lines if line.component_type == Kind.FINISHED_GOOD]
    return _filled(package, contents, prices), allergens_in({package.pk: goods}, prices.inside)[package.pk]


def _filled(package: Package, contents: Requirements, prices: Prices) -> Filled:
    lines = []
    for line in contents.lines:
        price, unpriced = prices.of(line)
        lines.append(
            PackageLine(
                name=line.component_name,
                quantity=line.quantity,
                unit=line.unit,
                item_id=line.item_id,
                is_wrapping=line.component_type == Kind.PACKAGING,
                cost=round_half_even(price * line.exact, MONEY_PLACES),
                is_unpriced=bool(unpriced),
            )
        )
    return Filled(package, tuple(lines), cost_of(contents, prices))
