"""What the table and the setup show of goods: what can be put together, what stops it, and what it costs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from assembly.errors import MissingComponent
from assembly.models import FinishedGood
from assembly.services.requirements import (
    ComponentRequirement,
    Requirements,
    possible_of,
    prices_of,
    requirements_of,
    shelf_of,
)
from bakery.core.numbers import MONEY_PLACES, round_half_even
from inventory.errors import Unconvertible
from inventory.fifo import times_within
from inventory.services import posting


@dataclass(frozen=True, slots=True)
class Assemblable:
    """A good, how many of it the shelf allows now, and what stops the first one when it allows none.

    `cost` is of one at the last prices; components that never had one are named in `unpriced`.
    """

    good: FinishedGood
    possible: int
    missing: tuple[MissingComponent, ...]
    unconvertible: tuple[Unconvertible, ...]
    is_empty: bool
    cost: Decimal
    unpriced: tuple[str, ...]


def assemblable(goods: Iterable[FinishedGood]) -> list[Assemblable]:
    """What the shelf allows of these goods, the most first: three queries for all of them."""
    wanted = list(goods)
    found = requirements_of(dict.fromkeys((good.pk for good in wanted), 1))
    lines = [line for each in found.values() for line in each.tracked]
    there, prices = shelf_of(lines), prices_of(lines)
    listed = [_assemblable(good, found[good.pk], there, prices) for good in wanted]
    return sorted(listed, key=lambda each: (-each.possible, each.good.search_name))


def _assemblable(
    good: FinishedGood,
    found: Requirements,
    there: Mapping[posting.Need, Decimal],
    prices: Mapping[posting.Need, Fraction],
) -> Assemblable:
    cost = sum((prices.get(line.need, Fraction(0)) * line.exact for line in found.tracked), Fraction(0))
    return Assemblable(
        good,
        possible_of(found, there),
        tuple(_missing(line, there[line.need]) for line in found.tracked if _is_short(line, there)),
        found.unconvertible,
        found.is_empty,
        round_half_even(cost, MONEY_PLACES),
        tuple(line.component_name for line in found.tracked if line.need not in prices),
    )


def _is_short(line: ComponentRequirement, there: Mapping[posting.Need, Decimal]) -> bool:
    return bool(line.exact) and not times_within(line.exact, there[line.need])


def _missing(line: ComponentRequirement, available: Decimal) -> MissingComponent:
    return MissingComponent(
        line.component_type, line.component_id, line.component_name, line.quantity, available, line.unit
    )
