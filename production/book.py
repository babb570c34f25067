"""What the kitchen and the recipe book show of recipes: what can be baked, costs, lines scaled."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Q

from bakery.core.errors import InvalidValueError
from bakery.core.numbers import MONEY_PLACES, RECIPE_PLACES, round_half_even
from inventory.models import Allergen, Ingredient
from inventory.selectors.prices import last_prices
from inventory.services import posting
from production import selectors, services
from production.models import FinishedUnit, ProductionRun, Recipe, RecipeComponent, RecipeIngredient
from production.services.requirements import (
    Requirements,
    batches_within,
    estimate_of,
    missing_of,
    recipe_edges,
    requirements_of,
)


@dataclass(frozen=True, slots=True)
class Bakeable:
    """A recipe and how many batches of it the shelf allows now."""

    recipe: Recipe
    batches: int
    units: tuple[FinishedUnit, ...]

    @property
    def on_shelf(self) -> int:
        return sum(unit.inventory_count for unit in self.units)


@dataclass(frozen=True, slots=True)
class Card:
    """A recipe in the list: what one batch costs about, and how many can be baked now."""

    recipe: Recipe
    cost: Decimal
    unpriced: tuple[str, ...]
    batches: int


@dataclass(frozen=True, slots=True)
class Scaled:
    """A line of a recipe for so many batches."""

    line: RecipeIngredient
    quantity: Decimal


def bakeable(recipes: Iterable[Recipe]) -> list[Bakeable]:
    """Which of these recipes can be baked now, the most batches first: four queries for all."""
    wanted = list(recipes)
    batches = services.max_batches([recipe.pk for recipe in wanted])
    units: dict[int, list[FinishedUnit]] = defaultdict(list)
    for unit in selectors.finished_units().filter(recipe__in=wanted, is_archived=False):
        units[unit.recipe_id].append(unit)
    found = [Bakeable(recipe, batches[recipe.pk], tuple(units[recipe.pk])) for recipe in wanted]
    return sorted(found, key=lambda each: (-each.batches, each.recipe.name))


def cards(recipes: Iterable[Recipe]) -> list[Card]:
    """The recipes with the cost of one batch, each as if it were baked next: a constant number of queries."""
    wanted = list(recipes)
    found = requirements_of({recipe.pk: 1 for recipe in wanted})
    batches, prices = batches_within(found), estimates(found)
    return [Card(recipe, *prices[recipe.pk], batches[recipe.pk]) for recipe in wanted]


def estimates(found: dict[int, Requirements]) -> dict[int, tuple[Decimal, tuple[str, ...]]]:
    """What each costs about at the last purchase prices, and which ingredients never had one.

    4 places: each ingredient is rounded half to even by itself, as the page of the recipe does.
    """
    last = last_prices({item for each in found.values() for item in each.needs})
    result = {}
    for recipe_id, each in found.items():
        lines = [line for line in each.lines if line.is_tracked]
        cost = sum(
            (
                round_half_even(last[line.ingredient_id] * Fraction(line.quantity), MONEY_PLACES)
                for line in lines
                if line.ingredient_id in last
            ),
            Decimal(0),
        )
        unpriced = tuple(line.ingredient_name for line in lines if line.ingredient_id not in last)
        result[recipe_id] = (cost, unpriced)
    return result


def page_of(recipe: Recipe, batches: Decimal) -> dict[str, Any]:
    """Everything the page of one recipe shows, for so many batches (halves are fine)."""
    found = requirements_of({recipe.pk: Fraction(batches)})[recipe.pk]
    allocations = posting.allocate(list(found.needs.values()))
    short = missing_of(found, allocations)
    cost, unpriced = estimate_of(found, allocations, short)
    units = list(selectors.finished_units().filter(recipe=recipe, is_archived=False))
    parts = RecipeComponent.objects.filter(Q(recipe=recipe) | Q(component=recipe))
    parts = parts.select_related("recipe", "component").order_by("position", "id")
    return {
        "lines": [
            Scaled(line, scaled(line.quantity, batches))
            for line in recipe.ingredient_lines.select_related("ingredient").order_by("position", "id")
        ],
        "components": [
            (part, scaled(part.batches, batches)) for part in parts if part.recipe_id == recipe.pk
        ],
        "short": short,
        "unconvertible": found.unconvertible,
        "unpriced": unpriced,
        "cost": cost,
        "units": [(unit, per_piece(cost, batches, unit)) for unit in units],
        "used_in": [part for part in parts if part.component_id == recipe.pk],
        "runs": services.get_production_history(recipe_id=recipe.pk, limit=5, include_consumptions=False),
        "allergens": list(
            Allergen.objects.filter(
                ingredients__in=Ingredient.objects.filter(pk__in=[line.ingredient_id for line in found.lines])
            ).distinct()
        ),
    }


def scaled(quantity: Decimal, batches: Decimal) -> Decimal:
    return round_half_even(Fraction(quantity) * Fraction(batches), RECIPE_PLACES)


def per_piece(cost: Decimal, batches: Decimal, unit: FinishedUnit) -> Decimal:
    return round_half_even(Fraction(cost) / (Fraction(batches) * unit.items_per_batch), MONEY_PLACES)


def came_through(run: ProductionRun) -> dict[str, tuple[str, ...]]:
    """By the slug of an ingredient the inner recipes it came through, as far as the recipes still tell.

    A run keeps no recipe. So nothing is said once a line was written after the run, nor of an ingredient of
    which the recipes ask for another amount today. One statement, three more where there are inner recipes.
    """
    inside = {recipe_id for edge in recipe_edges([run.recipe_id]) for recipe_id in edge[:2]}
    if not inside:
        return {}
    newer = Q(ingredient_lines__updated_at__gt=run.created_at) | Q(components__updated_at__gt=run.created_at)
    if Recipe.objects.filter(newer, pk__in=inside).exists():
        return {}
    taken = {row.ingredient_slug: row.quantity_consumed for row in run.consumptions.all()}
    try:
        needed = requirements_of({run.recipe_id: run.num_batches})[run.recipe_id].lines
    except InvalidValueError:  # what a cup weighs was changed since
        return {}
    return {
        line.ingredient_slug: line.via for line in needed if taken.get(line.ingredient_slug) == line.quantity
    }
