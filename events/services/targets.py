"""What is to be made for an event: one target for each recipe and each box or bag."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction

from assembly.errors import FinishedGoodNotFoundError
from assembly.models import FinishedGood
from bakery.core.errors import InvalidValueError
from bakery.core.formatting import plural
from bakery.core.numbers import MAX_MONEY, checked_count
from events.models import EventAssemblyTarget, EventProductionTarget
from events.services.occasions import locked_event
from production.errors import RecipeNotFoundError
from production.models import Recipe
from production.services import check_can_produce


@transaction.atomic
def set_production_target(
    *, event_id: int, recipe_id: int, target_batches: int, notes: str = ""
) -> EventProductionTarget:
    """Say how many batches of a recipe an event needs; a second time changes what was said.

    The planned cost is estimated for the whole target when it is set, and again only when `target_batches`
    changes or nothing of it had a price before. Set by hand, it no longer follows the packages, unless it was
    saved as it is to get its missing plan. Raises InvalidValueError, EventNotFoundError, RecipeNotFoundError.
    """
    checked_count(target_batches, "The number of batches")
    event = locked_event(event_id)
    recipe = Recipe.objects.filter(pk=recipe_id).first()
    if recipe is None:
        raise RecipeNotFoundError(recipe_id)
    target = EventProductionTarget.objects.filter(event=event, recipe=recipe).first()
    if target is None:
        target = EventProductionTarget(event=event, recipe=recipe)
    asks_for_plan = target.planned_cost is None and (target.target_batches, target.notes) == (
        target_batches,
        notes,
    )
    target.event, target.recipe = event, recipe
    if target.target_batches != target_batches or target.planned_cost is None:
        target.planned_cost = planned_cost(recipe, target_batches)
    target.target_batches, target.notes = target_batches, notes
    target.is_suggested = target.is_suggested and asks_for_plan
    target.save()
    return target


def planned_cost(recipe: Recipe, batches: int) -> Decimal | None:
    """What so many batches cost about, 4 places; None where nothing of it has a price, never a silent 0.

    Raises InvalidValueError for more money than can be counted; it names the recipe, one of many ticked.
    """
    estimate = check_can_produce(recipe.pk, batches)
    if not estimate.estimated_cost and (estimate.unpriced or estimate.unconvertible):
        return None
    if estimate.estimated_cost >= MAX_MONEY:
        raise InvalidValueError(
            f"{plural(batches, 'batch')} of {recipe} would cost more than can be counted. Nothing was planned. "
            "Look at the prices of what goes in.",
            field="target_batches",
        )
    return estimate.estimated_cost


@transaction.atomic
def set_assembly_target(
    *, event_id: int, finished_good_id: int, target_quantity: int, notes: str = ""
) -> EventAssemblyTarget:
    """Say how many of a box or bag an event needs; a second time changes what was said.

    Raises InvalidValueError, EventNotFoundError, FinishedGoodNotFoundError.
    """
    checked_count(target_quantity, "The quantity")
    event = locked_event(event_id)
    good = FinishedGood.objects.filter(pk=finished_good_id).first()
    if good is None:
        raise FinishedGoodNotFoundError(finished_good_id)
    target = EventAssemblyTarget.objects.filter(event=event, finished_good=good).first()
    if target is None:
        target = EventAssemblyTarget(event=event, finished_good=good)
    target.event, target.finished_good = event, good
    target.target_quantity, target.notes, target.is_suggested = target_quantity, notes, False
    target.save()
    return target


def get_production_targets(event_id: int) -> list[EventProductionTarget]:
    """The baking targets of an event with their recipes, by name."""
    targets = EventProductionTarget.objects.filter(event=event_id).select_related("recipe")
    return list(targets.order_by("recipe__name", "id"))


def get_assembly_targets(event_id: int) -> list[EventAssemblyTarget]:
    """The assembly targets of an event with their finished goods, by name."""
    targets = EventAssemblyTarget.objects.filter(event=event_id).select_related("finished_good")
    return list(targets.order_by("finished_good__name", "id"))


def delete_production_target(*, event_id: int, recipe_id: int) -> bool:
    """Remove a baking target; False when there was none. What was baked stays."""
    removed, _ = EventProductionTarget.objects.filter(event=event_id, recipe=recipe_id).delete()
    return bool(removed)


def delete_assembly_target(*, event_id: int, finished_good_id: int) -> bool:
    """Remove an assembly target; False when there was none. What was put together stays."""
    removed, _ = EventAssemblyTarget.objects.filter(event=event_id, finished_good=finished_good_id).delete()
    return bool(removed)
