"""Recording a bake, voiding it, and editing what may be edited."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from bakery.core.errors import InvalidValueError
from bakery.core.formatting import plural
from bakery.core.numbers import MAX_COUNT, checked_count
from inventory.errors import InsufficientInventoryError, UnconvertibleError
from inventory.models import EntryKind
from inventory.services import posting
from inventory.services.runs import get_event, past_moment, per_piece, void_run
from production.errors import (
    FinishedUnitNotFoundError,
    FinishedUnitRecipeMismatchError,
    ProductionRunNotFoundError,
    RecipeNotFoundError,
)
from production.models import FinishedUnit, ProductionConsumption, ProductionRun, Recipe
from production.services.requirements import Requirements, missing_of, requirements_of

NOTHING = Decimal(0)


def record_batch_production(
    *,
    recipe_id: int,
    finished_unit_id: int,
    num_batches: int,
    actual_yield: int,
    produced_at: datetime | None = None,
    notes: str = "",
    event_id: int | None = None,
    recorded_by: Any = None,
    uuid: Any = None,
) -> ProductionRun:
    """Take what the batches need off the shelf, oldest lots first, and put the pieces on it at their cost.

    `per_unit_cost` is the total over `actual_yield`, 4 places, half to even, 0 when nothing came out. A
    back-dated bake takes today's queue. Raises InvalidValueError (also for the future), RecipeNotFoundError,
    FinishedUnitNotFoundError, FinishedUnitRecipeMismatchError, EventNotFoundError, UnconvertibleError,
    InsufficientInventoryError (all that is missing at once), AlreadyRecordedError. Nothing is changed then.
    """
    arguments = dict(locals())
    asker = posting.caller(
        "record_batch_production", arguments.pop("recorded_by"), arguments.pop("uuid"), arguments
    )
    checked_count(num_batches, "The number of batches")
    checked_count(actual_yield, "The yield", minimum=0)
    occurred_at = past_moment(produced_at, field="produced_at")

    def write() -> ProductionRun:
        unit = get_unit(recipe_id, finished_unit_id)
        event = get_event(event_id)
        expected_yield = num_batches * unit.items_per_batch
        if expected_yield > MAX_COUNT:
            raise InvalidValueError(
                f"That would be more than {MAX_COUNT} pieces at once.", field="num_batches"
            )
        summary = f"{plural(num_batches, 'batch')} of {unit.recipe.name}" + (
            f" for {event.name}" if event else ""
        )
        entry = posting.open_entry(asker, EntryKind.PRODUCTION, summary, occurred_at=occurred_at, note=notes)
        found = requirements_of({recipe_id: num_batches})[recipe_id]
        if found.unconvertible:
            raise UnconvertibleError(found.unconvertible)
        allocations = take(found, also_lock=unit.pk)
        cost = sum((allocation.value for allocation in allocations.values()), NOTHING)
        made = []
        if actual_yield:
            made.append(
                posting.put(
                    item_id=unit.pk,
                    received_on=timezone.localdate(occurred_at),
                    quantity=Decimal(actual_yield),
                    value=cost,
                )
            )
        posting.post(
            entry, takes=[one for allocation in allocations.values() for one in allocation.takes], made=made
        )
        run = ProductionRun.objects.create(
            uuid=entry.uuid,
            recipe=unit.recipe,
            finished_unit=unit,
            event=event,
            num_batches=num_batches,
            expected_yield=expected_yield,
            actual_yield=actual_yield,
            yield_variance=expected_yield - actual_yield,
            produced_at=occurred_at,
            notes=notes,
            total_ingredient_cost=cost,
            per_unit_cost=per_piece(cost, actual_yield),
            stock_entry=entry,
            recorded_by=recorded_by,
            recorded_by_name=asker.name,
        )
        write_consumptions(run, found, allocations)
        return run

    return posting.once(asker, write, lambda entry: entry.production_run)


def get_unit(recipe_id: int, finished_unit_id: int) -> FinishedUnit:
    try:
        unit: FinishedUnit | None = FinishedUnit.objects.select_related("recipe").get(pk=finished_unit_id)
    except FinishedUnit.DoesNotExist:
        unit = None
    if unit is not None and unit.recipe_id == recipe_id:
        return unit
    recipe = Recipe.objects.filter(pk=recipe_id).first()
    if recipe is None:
        raise RecipeNotFoundError(recipe_id)
    if unit is None:
        raise FinishedUnitNotFoundError(finished_unit_id)
    raise FinishedUnitRecipeMismatchError(
        unit.name, recipe.name, finished_unit_id=finished_unit_id, recipe_id=recipe_id
    )


def take(found: Requirements, *, also_lock: int) -> dict[posting.Need, Any]:
    """Lock what will be touched and allocate; raises InsufficientInventoryError naming all that is missing."""
    needs = list(found.needs.values())
    posting.lock_items([also_lock, *found.needs])
    allocations = posting.allocate(needs)
    missing = missing_of(found, allocations)
    if missing:
        raise InsufficientInventoryError(missing)
    return allocations


def write_consumptions(
    run: ProductionRun, found: Requirements, allocations: Mapping[posting.Need, Any]
) -> None:
    needs = found.needs
    served = [
        (line, allocations[needs[line.ingredient_id]]) for line in found.lines if line.ingredient_id in needs
    ]
    ProductionConsumption.objects.bulk_create(
        ProductionConsumption(
            production_run=run,
            ingredient_slug=line.ingredient_slug,
            ingredient_name=line.ingredient_name,
            quantity_consumed=allocation.taken,
            unit=line.unit,
            total_cost=allocation.value,
        )
        for line, allocation in served
        if allocation.taken
    )


def void_production_run(
    *, production_run_id: int, reason: str, recorded_by: Any = None, uuid: Any = None
) -> ProductionRun:
    """Put back exactly what a bake took, and take its pieces off the shelf. A second void returns the same.

    Raises ProductionRunNotFoundError, InvalidValueError without a reason, InUseError while a piece is used.
    """
    asker = posting.caller("void_production_run", recorded_by, uuid, {"run": production_run_id})
    run = ProductionRun.objects.select_related("stock_entry").filter(pk=production_run_id).first()
    if run is None:
        raise ProductionRunNotFoundError(production_run_id)
    void_run(run, reason=reason, asker=asker)
    return run


def update_run_details(
    *, production_run_id: int, event_id: int | None, notes: str, recorded_by: Any = None, uuid: Any = None
) -> ProductionRun:
    """Put right the event or the notes of a bake. Sending the same again changes nothing.

    Raises ProductionRunNotFoundError, EventNotFoundError.
    """

    def write() -> ProductionRun:
        run = ProductionRun.objects.select_for_update(of=("self",)).filter(pk=production_run_id).first()
        if run is None:
            raise ProductionRunNotFoundError(production_run_id)
        run.edit({"event": get_event(event_id), "notes": notes}, by=recorded_by)
        return run

    return posting.insistently(write)
