"""What a package contains that its recipient avoids: through boxes in boxes, cookies and recipes in recipes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import prefetch_related_objects

from assembly.services.requirements import Requirements, requirements_inside
from events.models import EventRecipientPackage, Recipient
from inventory.models import Kind
from production.models import RecipeIngredient
from production.services.requirements import recipe_edges


@dataclass(frozen=True, slots=True)
class Contained:
    """An allergen in a package, and the ingredients that bring it in, by name."""

    allergen_id: int
    allergen: str
    ingredients: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.allergen} ({'; '.join(self.ingredients)})"


def avoided_in(assignments: Iterable[EventRecipientPackage]) -> dict[int, list[Contained]]:
    """What each assignment's package contains that its recipient avoids, by assignment: five statements."""
    wanted = list(assignments)
    avoided: dict[int, set[int]] = defaultdict(set)
    for recipient, allergen in Recipient.avoids.through.objects.filter(
        recipient__in={each.recipient_id for each in wanted}
    ).values_list("recipient", "allergen"):
        avoided[recipient].add(allergen)
    minded = [each for each in wanted if avoided[each.recipient_id]]
    prefetch_related_objects(minded, "package__goods")
    goods = {each.package_id: {line.finished_good_id for line in each.package.goods.all()} for each in minded}
    contained = allergens_in(
        goods, requirements_inside(sorted({pk for each in goods.values() for pk in each}))
    )
    return {
        each.pk: [
            found
            for found in contained.get(each.package_id, ())
            if found.allergen_id in avoided[each.recipient_id]
        ]
        for each in wanted
    }


def allergens_in(
    goods: Mapping[int, Iterable[int]], inside: Mapping[int, Requirements]
) -> dict[int, list[Contained]]:
    """Every allergen in each package, by name: two statements for all of them. Wrapping has none.

    `goods` are those each package holds, `inside` what one of each and of those within it needs.
    """
    inner_goods: dict[int, set[int]] = defaultdict(set)
    baked: dict[int, set[int]] = defaultdict(set)
    for good, contents in inside.items():
        for line in contents.lines:
            if line.component_type == Kind.FINISHED_GOOD:
                inner_goods[good].add(line.component_id)
            elif line.component_type == Kind.FINISHED_UNIT:
                baked[good].add(line.component.recipe_id)
    recipes = {
        package: {recipe for good in within(roots, inner_goods) for recipe in baked[good]}
        for package, roots in goods.items()
    }
    bring = allergens_of_recipes({recipe for each in recipes.values() for recipe in each})
    return {
        package: added_up(pair for recipe in inside_it for pair in bring[recipe])
        for package, inside_it in recipes.items()
    }


Brought = tuple[int, str, str]
"""An allergen's id and name, and the name of an ingredient that brings it in."""


def allergens_of_recipes(recipe_ids: Iterable[int]) -> Mapping[int, set[Brought]]:
    """What each recipe brings in, at all levels: two statements for all of them."""
    roots = list(recipe_ids)
    parts: dict[int, set[int]] = defaultdict(set)
    for outer, inner, _ in recipe_edges(roots):
        parts[outer].add(inner)
    inside = {root: within([root], parts) for root in roots}
    direct: dict[int, set[Brought]] = defaultdict(set)
    lines = RecipeIngredient.objects.filter(
        recipe__in={recipe for each in inside.values() for recipe in each},
        ingredient__allergens__isnull=False,
    )
    for recipe, allergen_id, allergen, ingredient in lines.values_list(
        "recipe", "ingredient__allergens", "ingredient__allergens__name", "ingredient__name"
    ):
        direct[recipe].add((allergen_id, allergen, ingredient))
    return {root: {each for recipe in inside[root] for each in direct[recipe]} for root in roots}


def within(roots: Iterable[int], parts: Mapping[int, set[int]]) -> set[int]:
    """The roots and all that is inside them; a circle (imported, by hand) ends the walk."""
    found: set[int] = set()
    waiting = list(roots)
    while waiting:
        here = waiting.pop()
        if here not in found:
            found.add(here)
            waiting.extend(parts.get(here, ()))
    return found


def added_up(brought: Iterable[Brought]) -> list[Contained]:
    by_allergen: dict[tuple[str, int], set[str]] = defaultdict(set)
    for allergen_id, allergen, ingredient in brought:
        by_allergen[allergen, allergen_id].add(ingredient)
    return [
        Contained(allergen_id, allergen, tuple(sorted(ingredients)))
        for (allergen, allergen_id), ingredients in sorted(by_allergen.items())
    ]
