"""What the pages of the kitchen show: reads only, a constant number of statements each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from bakery.core.text import search_name
from inventory.selectors.made import LotUse, pieces_on_hand
from production.models import FinishedUnit, ProductionConsumption, ProductionRun, Recipe, RecipeCategory


def recipes_matching(text: str, *, archived: bool = False) -> QuerySet[Recipe]:
    """Recipes by name or category, accent-insensitively."""
    recipes = Recipe.objects.select_related("category").filter(is_archived=archived)
    words = search_name(text).split()
    # No database folds accents as people type them, and categories are few.
    named = list(RecipeCategory.objects.values_list("pk", "name")) if words else []
    for word in words:
        of_category = [pk for pk, name in named if word in search_name(name)]
        recipes = recipes.filter(Q(search_name__contains=word) | Q(category__in=of_category))
    return recipes.order_by("name")


def finished_units() -> QuerySet[FinishedUnit]:
    """Finished units with `on_hand`, the pieces on the shelf."""
    return FinishedUnit.objects.annotate(on_hand=pieces_on_hand()).order_by("name")


@dataclass(frozen=True, slots=True)
class WentIn:
    """One ingredient of a run, and the lots that served it."""

    row: ProductionConsumption
    lots: tuple[LotUse, ...]
    via: tuple[str, ...]


def what_went_in(
    run: ProductionRun, taken: Iterable[LotUse], via: Mapping[str, tuple[str, ...]]
) -> list[WentIn]:
    """The consumption rows of a run with the lots behind them; `via` by slug, the recipes it came through."""
    lots: dict[str, list[LotUse]] = defaultdict(list)
    for use in taken:
        lots[use.lot.item.slug].append(use)
    return [
        WentIn(row, tuple(lots[row.ingredient_slug]), via.get(row.ingredient_slug, ()))
        for row in run.consumptions.all()
    ]
