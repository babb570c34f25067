"""One tap from a target's row: a bake for this event, and whether that is more than was planned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Sum

from bakery.core.errors import EventNotFoundError, InvalidValueError
from bakery.core.numbers import checked_count
from events.errors import ProductionExceedsPlannedError
from events.models import EventProductionTarget
from production.errors import FinishedUnitNotFoundError, RecipeNotFoundError
from production.models import FinishedUnit, ProductionRun, Recipe
from production.services import record_batch_production


@dataclass(frozen=True, slots=True)
class EventProduction:
    """A bake for an event: batches planned (0 without a target) and produced for it so far, this one included.

    `warning` is carried, never raised: the bake is recorded.
    """

    run: ProductionRun
    planned: int
    produced: int
    exceeds_planned: bool
    warning: ProductionExceedsPlannedError | None


def record_production(
    *,
    event_id: int,
    recipe_id: int,
    batches: int,
    notes: str = "",
    finished_unit_id: int | None = None,
    actual_yield: int | None = None,
    recorded_by: Any = None,
    uuid: Any = None,
) -> EventProduction:
    """Record a bake of a recipe for an event: its only finished unit and the expected yield unless given.

    Raises EventNotFoundError without an event, InvalidValueError where the recipe makes several things and
    none is named, and all that `record_batch_production` raises. The same key again gives the same run.
    """
    if event_id is None:
        raise EventNotFoundError(event_id)
    checked_count(batches, "The number of batches")
    unit = unit_of(recipe_id, finished_unit_id)
    run = record_batch_production(
        recipe_id=recipe_id,
        finished_unit_id=unit.pk,
        num_batches=batches,
        actual_yield=batches * unit.items_per_batch if actual_yield is None else actual_yield,
        notes=notes,
        event_id=event_id,
        recorded_by=recorded_by,
        uuid=uuid,
    )
    return against_plan(run)


def unit_of(recipe_id: int, finished_unit_id: int | None) -> FinishedUnit:
    """The finished unit named, or the only one that the recipe makes."""
    if finished_unit_id is not None:
        named = FinishedUnit.objects.filter(pk=finished_unit_id).first()
        if named is None:
            raise FinishedUnitNotFoundError(finished_unit_id)
        return named
    recipe = Recipe.objects.filter(pk=recipe_id).first()
    if recipe is None:
        raise RecipeNotFoundError(recipe_id)
    units = list(FinishedUnit.objects.filter(recipe=recipe, is_archived=False).order_by("name"))
    if len(units) == 1:
        return units[0]
    if not units:
        raise InvalidValueError(
            f"Nothing says what {recipe} makes. An admin adds it in the setup. Nothing was recorded.",
            field="finished_unit",
        )
    raise InvalidValueError(
        f"{recipe} makes {' or '.join(unit.name for unit in units)}: say which. Nothing was recorded.",
        field="finished_unit",
    )


def against_plan(run: ProductionRun) -> EventProduction:
    """`run` beside the target of its event and recipe."""
    target = EventProductionTarget.objects.filter(event=run.event_id, recipe=run.recipe_id).first()
    planned = target.target_batches if target else 0
    counting = ProductionRun.objects.counting().filter(
        event=run.event_id, recipe=run.recipe_id, actual_yield__gt=0
    )
    produced = counting.aggregate(batches=Sum("num_batches", default=0))["batches"]
    exceeds = target is not None and produced > planned
    return EventProduction(
        run=run,
        planned=planned,
        produced=produced,
        exceeds_planned=exceeds,
        warning=ProductionExceedsPlannedError(run.recipe_id, planned, produced, recipe_name=run.recipe.name)
        if exceeds
        else None,
    )
