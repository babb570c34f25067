"""What the packages of an event still need, down to the batches to bake."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from assembly.models import FinishedGood
from assembly.services.requirements import name_of
from bakery.core.errors import EventNotFoundError
from bakery.core.numbers import QUANTITY_PLACES, round_half_even
from events import planning
from events.models import Event
from events.planning import Work
from events.services.demand import (
    Catalogue,
    catalogue_of,
    pending_goods,
    pending_wrapping,
    wanted_by,
)
from inventory.errors import Unconvertible
from inventory.models import Product
from inventory.selectors.purchases import OnHand, shelf_of
from production.models import FinishedUnit, Recipe


@dataclass(frozen=True, slots=True)
class Need:
    """How much of a finished good, unit, recipe (in batches) or product of packaging is needed, how much is
    on the shelf, and what is to be made, or bought. Packaging in its stock unit.

    Batches do not stand on a shelf: theirs are those that the pieces on it save.
    """

    object: Any
    needed: Decimal | int
    on_shelf: Decimal | int
    to_make: Decimal | int


@dataclass(frozen=True, slots=True)
class EventNeeds:
    """Pending packages -> finished goods, also those inside others -> units -> batches, and the packaging."""

    goods: tuple[Need, ...]
    units: tuple[Need, ...]
    batches: tuple[Need, ...]
    packaging: tuple[Need, ...]
    unconvertible: tuple[Unconvertible, ...] = ()


def get_event_needs(event_id: int) -> EventNeeds:
    """What the packages that are not packed yet need, and what of it is to be made: whole boxes, whole batches.

    What is on the shelf serves this event as if it were the only one; targets do not matter here. Raises
    EventNotFoundError.
    """
    event = Event.objects.filter(pk=event_id).first()
    if event is None:
        raise EventNotFoundError(event_id)
    pending, names = pending_goods([event_id])
    wrapping, lost = pending_wrapping([event_id])
    catalogue = catalogue_of(names)
    products = {**catalogue.products, **{use.product.pk: use.product for use in wrapping}}
    packaging = {product.ingredient_id for product in products.values()}
    there = shelf_of(catalogue.item_ids | packaging)
    wanted = wanted_by([event], pending, wrapping)[event_id]
    work = planning.work_for(wanted, catalogue.contents, catalogue.bakes, catalogue.shelf(there))
    goods = FinishedGood.objects.in_bulk(work.goods)
    return EventNeeds(
        goods=_by_name(
            Need(goods[pk], pieces.needed, int(there.item(pk)), pieces.to_make)
            for pk, pieces in work.goods.items()
        ),
        units=_by_name(
            Need(catalogue.units[pk], pieces.needed, int(there.item(pk)), pieces.to_make)
            for pk, pieces in work.units.items()
        ),
        batches=_batches(work, catalogue),
        packaging=_packaging(work, products, there),
        unconvertible=(*catalogue.unconvertible, *lost),
    )


def _by_name(needs: Iterable[Need]) -> tuple[Need, ...]:
    return tuple(sorted(needs, key=lambda need: (str(need.object).casefold(), need.object.pk)))


def _batches(work: Work, catalogue: Catalogue) -> tuple[Need, ...]:
    """Whole batches by recipe, each kind of piece rounded up for itself."""
    recipes: dict[int, Recipe] = {}
    needed: dict[int, int] = {}
    for unit_id, pieces in work.units.items():
        unit: FinishedUnit = catalogue.units[unit_id]
        recipes[unit.recipe_id] = unit.recipe
        batches = planning.whole(pieces.needed, unit.items_per_batch)
        needed[unit.recipe_id] = needed.get(unit.recipe_id, 0) + batches
    return _by_name(
        Need(recipes[pk], batches, batches - work.batches[pk], work.batches[pk])
        for pk, batches in needed.items()
    )


def _packaging(work: Work, products: dict[int, Product], there: OnHand) -> tuple[Need, ...]:
    found = []
    for pk, amount in work.packaging.items():
        needed = round_half_even(amount, QUANTITY_PLACES)
        missing = planning.to_buy(amount, there.product(pk))
        found.append(Need(products[pk], needed, there.product(pk), missing))
    return tuple(sorted(found, key=lambda need: (name_of(need.object).casefold(), need.object.pk)))
