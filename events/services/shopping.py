"""The shopping list: what the events still need, less what is on the shelf, in the packages shops sell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Prefetch, Q
from django.utils import timezone

from bakery.core.errors import EventNotFoundError
from events import planning
from events.models import Event, ShoppingItem
from events.services.demand import (
    BAKING,
    Catalogue,
    Target,
    WrappingUse,
    catalogue_of,
    pending_goods,
    pending_wrapping,
    targets_of,
    wanted_by,
)
from events.services.shopping_lines import (
    Asked,
    HandLine,
    ShoppingLine,
    food_lines,
    hand_line,
    item_of,
    packaging_lines,
)
from inventory.errors import Unconvertible
from inventory.models import Lot
from inventory.selectors.prices import with_price
from inventory.selectors.purchases import OnHand, offers_for, shelf_of
from inventory.services.runs import start_of
from production.services.requirements import Requirements, requirements_of

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class ShoppingList:
    """Lines by name, food first, also where nothing is to buy; what could not be converted is named.

    `estimated_total` (4 places) adds up what has a price; `unpriced` names what has none.
    """

    events: tuple[Event, ...]
    lines: tuple[ShoppingLine, ...]
    unconvertible: tuple[Unconvertible, ...]
    hand_lines: tuple[HandLine, ...]
    estimated_total: Decimal
    unpriced: tuple[str, ...]

    @property
    def by_hand(self) -> tuple[ShoppingItem, ...]:
        return tuple(line.item for line in self.hand_lines)


def get_shopping_list(event_ids: Iterable[int]) -> ShoppingList:
    """What these events still need and what of it is to be bought: a constant number of statements.

    Per recipe the open part of its target, else what the open targets of boxes and the packages that wait
    need beyond the baked pieces on the shelf. The shelf is counted once, spent in order of date. Raises
    EventNotFoundError.
    """
    wanted = list(dict.fromkeys(event_ids))
    found = Event.objects.in_bulk(wanted)
    for event_id in wanted:
        if event_id not in found:
            raise EventNotFoundError(event_id)
    return shopping_list_for(found.values())


def shopping_list_for(events: Iterable[Event]) -> ShoppingList:
    """The same for events that are at hand already: ten statements, one more where something was bought."""
    ordered = tuple(sorted(events, key=lambda event: (event.event_date, event.pk)))
    event_ids = [event.pk for event in ordered]
    targets = targets_of(event_ids)
    pending, names = pending_goods(event_ids)
    wrapping, lost = pending_wrapping(event_ids)
    names |= {target.object_id: target.name for target in targets if target.kind != BAKING}
    catalogue = catalogue_of(names)
    recipes = requirements_of(dict.fromkeys(_recipes(targets, catalogue), 1))
    items = list(_hand_items(event_ids))
    products = {**catalogue.products, **{use.product.pk: use.product for use in wrapping}}
    food = {item_id for each in recipes.values() for item_id in each.needs}
    packaging = {product.ingredient_id for product in products.values()}
    there = shelf_of(catalogue.item_ids | food | packaging)
    offers = offers_for(food | packaging | {pk for item in items if (pk := item_of(item))})
    asked = _ask(ordered, targets, pending, wrapping, catalogue, recipes, there)
    lines = [
        *food_lines(asked.food, recipes, there, offers, items),
        *packaging_lines(asked.packaging, products, there, offers, items),
    ]
    by_hand = tuple(hand_line(item, offers) for item in items if item.is_by_hand)
    priced = [line.estimated_cost for line in lines if line.estimated_cost is not None]
    not_converted = [line for each in recipes.values() for line in each.unconvertible]
    not_converted += [*catalogue.unconvertible, *lost]
    unconvertible = {(line.ingredient_slug, line.advice): line for line in not_converted}
    return ShoppingList(
        events=ordered,
        lines=tuple(lines),
        unconvertible=tuple(unconvertible.values()),
        hand_lines=by_hand,
        estimated_total=sum(priced, NOTHING),
        unpriced=tuple(line.name for line in lines if line.estimated_cost is None),
    )


def _recipes(targets: Iterable[Target], catalogue: Catalogue) -> set[int]:
    aimed_at = {target.object_id for target in targets if target.kind == BAKING}
    return aimed_at | {bake.recipe_id for bake in catalogue.bakes.values()}


@dataclass(slots=True)
class _Demand:
    food: dict[int, Asked]
    packaging: dict[int, Asked]


def _ask(
    events: Sequence[Event],
    targets: Sequence[Target],
    pending: Mapping[int, Mapping[int, int]],
    wrapping: Sequence[WrappingUse],
    catalogue: Catalogue,
    recipes: Mapping[int, Requirements],
    there: OnHand,
) -> _Demand:
    """Go through the events in order of date, each spending what the ones before left on the shelf."""
    recipe_names = {target.object_id: target.name for target in targets if target.kind == BAKING}
    recipe_names |= {unit.recipe_id: unit.recipe.name for unit in catalogue.units.values()}
    shelf = catalogue.shelf(there)
    wanted = wanted_by(events, pending, (), targets)
    wraps: dict[int, list[WrappingUse]] = defaultdict(list)
    for use in wrapping:
        wraps[use.event_id].append(use)
    food: dict[int, list[Any]] = defaultdict(list)
    packaging: dict[int, list[Any]] = defaultdict(list)
    for event in events:
        work = planning.work_for(wanted[event.pk], catalogue.contents, catalogue.bakes, shelf)
        for recipe_id, batches in work.batches.items():
            for item_id in recipes[recipe_id].needs:
                amount = recipes[recipe_id].exact[item_id] * batches
                food[item_id].append((event, recipe_names[recipe_id], amount))
        for good_id, pieces in work.goods.items():
            for product_id, each in _packaging_of(catalogue, good_id).items():
                packaging[product_id].append((event, catalogue.goods[good_id], pieces.to_make * each))
        for use in wraps[event.pk]:
            packaging[use.product.pk].append((event, use.package, use.amount))
    return _Demand(_added_up(food), _added_up(packaging))


def _packaging_of(catalogue: Catalogue, good_id: int) -> Mapping[int, Fraction]:
    inside = catalogue.contents.get(good_id)
    return inside.packaging if inside else {}


def _added_up(asked: Mapping[int, Sequence[tuple[Event, str, Fraction]]]) -> dict[int, Asked]:
    """Each thing once, with its sources: one per event and name, those that want nothing left out."""
    result = {}
    for key, rows in asked.items():
        merged: dict[tuple[int, str], tuple[Event, str, Fraction]] = {}
        for event, name, amount in rows:
            before = merged.get((event.pk, name), (event, name, Fraction(0)))[2]
            merged[event.pk, name] = (event, name, before + amount)
        total = sum((amount for _, _, amount in merged.values()), Fraction(0))
        by_name = sorted(merged.values(), key=lambda row: (row[0].event_date, row[0].pk, row[1].casefold()))
        result[key] = Asked(total, tuple(row for row in by_name if row[2]))
    return result


def _hand_items(event_ids: Sequence[int]) -> Any:
    """What was put on the list by hand and what was ticked; what is bought or crossed out stays for its day.

    What is bought comes with its lot and the price of it.
    """
    today = Q(ticked_at__gte=start_of(timezone.localdate()))
    names_something = Q(ingredient__isnull=False) | Q(product__isnull=False)
    is_open = Q(ticked_at__isnull=True) | (Q(lot__isnull=True) & names_something)
    return (
        ShoppingItem.objects.filter(Q(event__in=event_ids) | Q(event__isnull=True))
        .filter(is_open | today)
        .select_related("ingredient", "product__ingredient", "event")
        .prefetch_related(Prefetch("lot", with_price(Lot.objects.all())))
        .order_by("pk")
    )
