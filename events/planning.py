"""From packages to work: how many boxes, cookies and batches are still to be made, and what to buy.

Pure arithmetic without the ORM. Things are told apart by their ids; a `Shelf` is spent by one event after
the other, so that what stands on it is promised once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from bakery.core.numbers import QUANTITY_PLACES, round_half_even
from inventory.fifo import DUST
from production import graph

EVERYTHING = 0
"""No id of the database: the box that would hold all that is wanted."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What one of a good is put together from: other goods, baked units, and packaging in stock units."""

    goods: Mapping[int, int] = field(default_factory=dict)
    units: Mapping[int, int] = field(default_factory=dict)
    packaging: Mapping[int, Fraction] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Bake:
    """How a baked unit is made: of which recipe, and how many come out of a batch."""

    recipe_id: int
    items_per_batch: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one event asks for.

    `goods` and `wrapping` are those of its packages that are not packed yet; `open_goods` and `open_batches`
    what its targets still ask for. A recipe that has a target stands in `open_batches` even with 0.
    """

    goods: Mapping[int, int] = field(default_factory=dict)
    wrapping: Mapping[int, Fraction] = field(default_factory=dict)
    open_goods: Mapping[int, int] = field(default_factory=dict)
    open_batches: Mapping[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class Shelf:
    """Whole pieces there are of each good and unit; taking makes them fewer for whoever comes next."""

    goods: dict[int, int] = field(default_factory=dict)
    units: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pieces:
    """How many are needed, how many of those the shelf serves, and how many are to be made."""

    needed: int
    on_shelf: int
    to_make: int


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be made for one event, and the packaging that takes, wrapping included."""

    goods: Mapping[int, Pieces]
    units: Mapping[int, Pieces]
    batches: Mapping[int, int]
    packaging: Mapping[int, Fraction]


def whole(amount: Decimal | Fraction | int, each: Decimal | Fraction | int) -> int:
    """How many whole packages, batches, boxes of `each` hold `amount`; 0 for nothing."""
    return max(0, -(-Fraction(amount) // Fraction(each)))


def spend(shelf: dict[int, int], key: int, wanted: int) -> int:
    """Take as much of `wanted` as there is, so that the next one finds less; returns what was taken."""
    taken = min(wanted, shelf.get(key, 0))
    if taken:
        shelf[key] -= taken
    return taken


def to_buy(needed: Fraction, on_hand: Decimal) -> Decimal:
    """What is missing, 3 places: the need is rounded once, and less than dust beside something is nothing."""
    short = round_half_even(needed, QUANTITY_PLACES) - on_hand
    return Decimal(0) if short <= 0 or (on_hand and short < DUST) else short


def work_for(
    wanted: Wanted, contents: Mapping[int, Contents], bakes: Mapping[int, Bake], shelf: Shelf
) -> Work:
    """What one event leaves to be made, outer goods first; spends `shelf`."""
    goods = _goods(wanted, contents, shelf)
    needed: dict[int, int] = defaultdict(int)
    packaging: dict[int, Fraction] = defaultdict(Fraction, wanted.wrapping)
    for good_id, pieces in goods.items():
        inside = contents.get(good_id, Contents())
        for unit_id, quantity in inside.units.items():
            needed[unit_id] += pieces.to_make * quantity
        for product_id, amount in inside.packaging.items():
            packaging[product_id] += pieces.to_make * amount
    units = {unit_id: _pieces(shelf.units, unit_id, count) for unit_id, count in needed.items()}
    return Work(goods, units, _batches(wanted, units, bakes), packaging)


def _pieces(shelf: dict[int, int], key: int, needed: int) -> Pieces:
    taken = spend(shelf, key, needed)
    return Pieces(needed, taken, needed - taken)


def _goods(wanted: Wanted, contents: Mapping[int, Contents], shelf: Shelf) -> dict[int, Pieces]:
    """Every good that is asked for, also inside others that are to be made.

    An open target says how many are made; without one it is what the packages need beyond the shelf.
    """
    needed: dict[int, int] = defaultdict(int, wanted.goods)
    result: dict[int, Pieces] = {}
    for good_id in outer_first([*wanted.goods, *wanted.open_goods], contents):
        pieces = _pieces(shelf.goods, good_id, needed[good_id])
        open_target = wanted.open_goods.get(good_id, 0)
        if open_target:
            pieces = Pieces(pieces.needed, pieces.on_shelf, open_target)
        result[good_id] = pieces
        for inner_id, quantity in contents.get(good_id, Contents()).goods.items():
            needed[inner_id] += pieces.to_make * quantity
    return {
        good_id: pieces for good_id, pieces in result.items() if pieces.needed or good_id in wanted.open_goods
    }


def outer_first(roots: Iterable[int], contents: Mapping[int, Contents]) -> list[int]:
    """The roots and all that is inside them, each after everything it is a part of."""
    parts: dict[int, list[tuple[int, Fraction]]] = defaultdict(list)
    for good_id, inside in contents.items():
        parts[good_id] = [(inner_id, Fraction(quantity)) for inner_id, quantity in inside.goods.items()]
    parts[EVERYTHING] = [(root, Fraction(1)) for root in dict.fromkeys(roots)]
    return graph.inner_last(parts, EVERYTHING)[1:]


def _batches(wanted: Wanted, units: Mapping[int, Pieces], bakes: Mapping[int, Bake]) -> dict[int, int]:
    """Whole batches by recipe. A bake makes one kind of unit, so each kind is rounded up for itself."""
    batches: dict[int, int] = defaultdict(int)
    for unit_id, pieces in units.items():
        bake = bakes[unit_id]
        batches[bake.recipe_id] += whole(pieces.to_make, bake.items_per_batch)
    return {**batches, **wanted.open_batches}  # a target of its own stands above what its pieces are for
