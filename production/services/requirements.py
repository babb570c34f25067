"""What a recipe asks of the shelf, all levels added up, and whether the shelf has it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db import connection

from bakery.core.errors import InvalidValueError
from bakery.core.numbers import (
    MAX_QUANTITY,
    MONEY_PLACES,
    QUANTITY_PLACES,
    RECIPE_PLACES,
    checked_count,
    round_half_even,
)
from inventory import units
from inventory.errors import MissingIngredient, Unconvertible
from inventory.fifo import most_within
from inventory.selectors.prices import last_prices
from inventory.services import posting
from inventory.services.consuming import LotDraw, describe, on_hand
from production import graph
from production.errors import RecipeNotFoundError
from production.models import Recipe, RecipeIngredient

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Requirement:
    """How much of one ingredient is needed, in `unit`, its stock unit (3 places, half to even, rounded once).

    `via` names the inner recipes it comes through; empty when the recipe itself asks for all of it.
    """

    ingredient_id: int
    ingredient_slug: str
    ingredient_name: str
    quantity: Decimal
    unit: str
    via: tuple[str, ...]
    is_tracked: bool = True


@dataclass(frozen=True, slots=True)
class Requirements:
    """Everything one recipe needs: what could be added up, and the lines that could not."""

    lines: tuple[Requirement, ...]
    unconvertible: tuple[Unconvertible, ...]
    exact: Mapping[int, Fraction]

    @property
    def is_empty(self) -> bool:
        return not (self.lines or self.unconvertible)

    @property
    def needs(self) -> dict[int, posting.Need]:
        """What is to be taken off the shelf, by ingredient; water from the tap is not."""
        return {
            line.ingredient_id: posting.Need(line.ingredient_id, line.quantity)
            for line in self.lines
            if line.is_tracked
        }


@dataclass(frozen=True, slots=True)
class IngredientDraw:
    """Which lots would serve one requirement, and what that costs (4 places)."""

    requirement: Requirement
    lots: tuple[LotDraw, ...]
    on_hand: Decimal
    short: Decimal
    cost: Decimal


@dataclass(frozen=True, slots=True)
class ProductionAvailability:
    """Whether so many batches can be baked now. `estimated_cost` is FIFO over the shelf, the rest at the last
    purchase price; what has no price is named in `unpriced` and not in the sum. `possible` is how many
    batches the shelf allows.
    """

    can_produce: bool
    missing: tuple[MissingIngredient, ...]
    requirements: tuple[Requirement, ...]
    unconvertible: tuple[Unconvertible, ...]
    estimated_cost: Decimal
    unpriced: tuple[str, ...]
    draws: tuple[IngredientDraw, ...]
    possible: int


# All levels in one statement. UNION, not UNION ALL: a circle (imported, by hand) ends the walk.
EDGES = """
WITH RECURSIVE inside(recipe) AS (
    VALUES {roots}
    UNION
    SELECT part.component_id FROM inside JOIN production_recipecomponent part ON part.recipe_id = inside.recipe
)
SELECT part.recipe_id, part.component_id, part.batches
FROM inside JOIN production_recipecomponent part ON part.recipe_id = inside.recipe
"""


def recipe_edges(recipe_ids: Sequence[int]) -> list[tuple[int, int, Fraction]]:
    """(recipe, component, batches) of everything inside these recipes, at any depth: one query."""
    if not recipe_ids:
        return []
    roots = ", ".join(["(CAST(%s AS BIGINT))"] * len(recipe_ids))
    with connection.cursor() as cursor:
        cursor.execute(EDGES.format(roots=roots), list(recipe_ids))
        rows = cursor.fetchall()
    scale = 10**RECIPE_PLACES
    return [(recipe, component, Fraction(batches, scale)) for recipe, component, batches in rows]


# Rows, not models: building three of them for each line was a quarter of the cost of a bake.
LINE = (
    "recipe_id",
    "recipe__name",
    "quantity",
    "unit",
    "ingredient_id",
    "ingredient__name",
    "ingredient__slug",
    "ingredient__stock_unit",
    "ingredient__is_tracked",
    "ingredient__grams_per_ml",
    "ingredient__grams_per_each",
)


def factors_of(line: Any) -> dict[str, Any]:
    return {
        "grams_per_ml": line.ingredient__grams_per_ml,
        "grams_per_each": line.ingredient__grams_per_each,
    }


def requirements_of(wanted: Mapping[int, int | Fraction]) -> dict[int, Requirements]:
    """What each recipe needs for its number of batches: two queries for all of them.

    An ingredient of which one batch alone takes more than can be counted stands among the unconvertible, so
    that one wrong line stops no list of recipes. Raises InvalidValueError where only the batches are too many.
    """
    edges = recipe_edges(list(wanted))
    amounts = {recipe_id: graph.totals(edges, recipe_id) for recipe_id in wanted}
    inside = {recipe_id for totals in amounts.values() for recipe_id in totals}
    lines: dict[int, list[Any]] = defaultdict(list)
    for line in (
        RecipeIngredient.objects.filter(recipe__in=inside)
        .order_by("recipe_id", "position", "id")
        .values_list(*LINE, named=True)
    ):
        lines[line.recipe_id].append(line)
    return {
        recipe_id: _added_up(recipe_id, totals, lines, Fraction(wanted[recipe_id]))
        for recipe_id, totals in amounts.items()
    }


def _added_up(
    root: int, amounts: Mapping[int, Fraction], lines: Mapping[int, list[Any]], batches: Fraction
) -> Requirements:
    exact: dict[int, Fraction] = defaultdict(Fraction)
    ingredients: dict[int, Any] = {}
    via: dict[int, list[str]] = defaultdict(list)
    direct: set[int] = set()
    unconvertible = []
    for recipe_id, amount in amounts.items():
        for line in lines.get(recipe_id, ()):
            item = line.ingredient_id
            try:
                in_stock = units.convert(
                    line.quantity, line.unit, line.ingredient__stock_unit, **factors_of(line)
                )
            except InvalidValueError as error:
                unconvertible.append(_unconvertible(line, error))
                continue
            ingredients[item] = line
            exact[item] += in_stock * amount * batches
            if recipe_id == root:
                direct.add(item)
            elif line.recipe__name not in via[item]:
                via[item].append(line.recipe__name)
    too_much = [pk for pk, total in exact.items() if total >= MAX_QUANTITY]
    for pk in too_much:
        if exact[pk] / batches < MAX_QUANTITY:
            raise InvalidValueError(
                f"That is more {ingredients[pk].ingredient__name} than can be counted.", field="num_batches"
            )
        asking = [
            line.recipe__name for each in amounts for line in lines.get(each, ()) if line.ingredient_id == pk
        ]
        unconvertible.append(_uncountable(ingredients[pk], exact.pop(pk), asking))
    return Requirements(
        tuple(
            Requirement(
                pk,
                ingredients[pk].ingredient__slug,
                ingredients[pk].ingredient__name,
                round_half_even(total, QUANTITY_PLACES),
                ingredients[pk].ingredient__stock_unit,
                tuple(via[pk]),
                ingredients[pk].ingredient__is_tracked,
            )
            for pk, total in exact.items()
        ),
        tuple(unconvertible),
        exact,
    )


def _unconvertible(line: Any, error: Exception) -> Unconvertible:
    name, stock_unit = line.ingredient__name, line.ingredient__stock_unit
    try:
        advice = units.advice(name, line.unit, stock_unit, **factors_of(line))
    except InvalidValueError:
        advice = ""
    return Unconvertible(
        line.ingredient__slug,
        name,
        line.quantity,
        line.unit,
        stock_unit,
        advice or str(error),
        line.ingredient_id,
    )


def _uncountable(line: Any, total: Fraction, asking: Iterable[str]) -> Unconvertible:
    """Without the ingredient's number: nothing that could be said of it would help, the recipe is wrong.

    `asking` are the recipes with a line of it: on a shopping list nothing else says where to look.
    """
    recipes = " or ".join(f"“{name}”" for name in dict.fromkeys(asking))
    return Unconvertible(
        line.ingredient__slug,
        line.ingredient__name,
        round_half_even(total, QUANTITY_PLACES),
        line.ingredient__stock_unit,
        line.ingredient__stock_unit,
        f"One batch takes more {line.ingredient__name} than can be counted: change the recipe {recipes}.",
    )


def get_aggregated_ingredients(recipe_id: int, num_batches: int = 1) -> list[Requirement]:
    """What so many batches need, over all levels, each ingredient once.

    Lines that cannot be converted are not in it: `check_can_produce` names them. Raises RecipeNotFoundError,
    InvalidValueError.
    """
    return list(_requirements(recipe_id, num_batches).lines)


def _requirements(recipe_id: int, num_batches: int) -> Requirements:
    batches = checked_count(num_batches, "The number of batches")
    found = requirements_of({recipe_id: batches})[recipe_id]
    if found.is_empty and not Recipe.objects.filter(pk=recipe_id).exists():  # what has lines is there
        raise RecipeNotFoundError(recipe_id)
    return found


def check_can_produce(recipe_id: int, num_batches: int) -> ProductionAvailability:
    """Whether so many batches can be baked now, from which lots, and for about how much. Writes nothing.

    Raises RecipeNotFoundError, InvalidValueError.
    """
    found = _requirements(recipe_id, num_batches)
    needs = found.needs
    allocations = posting.allocate(list(needs.values()))
    there = on_hand(item_ids=needs)
    takes = [take for allocation in allocations.values() for take in allocation.takes]
    described = {draw.lot_id: draw for draw in describe(takes)}
    missing = missing_of(found, allocations)
    estimated, unpriced = estimate_of(found, allocations, missing)
    draws = []
    for line in found.lines:
        need = needs.get(line.ingredient_id)
        if need is None:
            draws.append(IngredientDraw(line, (), NOTHING, NOTHING, NOTHING))
            continue
        allocation = allocations[need]
        short = NOTHING if allocation.satisfied else allocation.short
        lots = tuple(described[take.lot_id] for take in allocation.takes)
        draws.append(IngredientDraw(line, lots, there[line.ingredient_id], short, allocation.value))
    return ProductionAvailability(
        can_produce=not missing and not found.unconvertible,
        missing=tuple(missing),
        requirements=found.lines,
        unconvertible=found.unconvertible,
        estimated_cost=estimated,
        unpriced=unpriced,
        draws=tuple(draws),
        possible=possible_of(found, there, num_batches),
    )


def estimate_of(
    found: Requirements,
    allocations: Mapping[posting.Need, Any],
    missing: Iterable[MissingIngredient],
) -> tuple[Decimal, tuple[str, ...]]:
    """What the shelf gives and what is missing cost, and the names of what that leaves out, having no price.

    4 places: what is missing of each ingredient is rounded half to even by itself, at its last price.
    """
    needs = found.needs
    short = {each.ingredient_id: each.short for each in missing}
    last = last_prices(short)
    cost, unpriced = NOTHING, []
    for line in found.lines:
        if line.ingredient_id not in needs:
            continue
        allocation, price = allocations[needs[line.ingredient_id]], last.get(line.ingredient_id)
        cost += allocation.value
        if line.ingredient_id in short and price is not None:
            cost += round_half_even(price * Fraction(short[line.ingredient_id]), MONEY_PLACES)
        if allocation.is_unpriced or (line.ingredient_id in short and price is None):
            unpriced.append(line.ingredient_name)
    return cost, tuple(unpriced)


def missing_of(found: Requirements, allocations: Mapping[posting.Need, Any]) -> list[MissingIngredient]:
    """Every ingredient of which the shelf holds too little, in the order of the recipe."""
    needs = found.needs
    return [
        MissingIngredient(
            line.ingredient_slug,
            line.ingredient_name,
            line.quantity,
            allocations[needs[line.ingredient_id]].taken,
            line.unit,
            line.ingredient_id,
        )
        for line in found.lines
        if line.ingredient_id in needs and not allocations[needs[line.ingredient_id]].satisfied
    ]


def max_batches(recipe_ids: Iterable[int]) -> dict[int, int]:
    """How many whole batches of each recipe the shelf allows now, each for itself: three queries for all.

    A recipe without ingredients, or with a line that cannot be converted, allows 0. Water sets no limit.
    """
    return batches_within(requirements_of(dict.fromkeys(recipe_ids, 1)))


def batches_within(found: Mapping[int, Requirements]) -> dict[int, int]:
    """The same where it is known what one batch of each needs: one query."""
    there = on_hand(item_ids={item_id for each in found.values() for item_id in each.needs})
    return {recipe_id: possible_of(each, there) for recipe_id, each in found.items()}


def possible_of(found: Requirements, there: Mapping[int, Decimal], batches: int = 1) -> int:
    """How many batches the shelf allows; `found` is what `batches` of them need."""
    if found.unconvertible:
        return 0
    return most_within((found.exact[item_id] / batches, there[item_id]) for item_id in found.needs)
