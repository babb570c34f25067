"""What was baked, newest first."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet

from inventory.services.runs import of_the_time, part_of
from production.errors import ProductionRunNotFoundError
from production.models import ProductionRun


def find_production_runs(
    *,
    recipe_id: int | None = None,
    finished_unit_id: int | None = None,
    **filters: Any,
) -> QuerySet[ProductionRun]:
    """Runs, newest first; further filters are those of `of_the_time`: the event or none, days, voided."""
    runs = ProductionRun.objects.select_related("recipe", "finished_unit", "event", "stock_entry")
    if recipe_id is not None:
        runs = runs.filter(recipe=recipe_id)
    if finished_unit_id is not None:
        runs = runs.filter(finished_unit=finished_unit_id)
    return of_the_time(runs, "produced_at", **filters)


def get_production_history(
    *,
    recipe_id: int | None = None,
    finished_unit_id: int | None = None,
    event_id: int | None = None,
    start_date: date | None = None,
    end_date: date | None = None,
    include_voided: bool = True,
    include_consumptions: bool = True,
    limit: int = 100,
    offset: int = 0,
) -> list[ProductionRun]:
    """Bakes, newest first. Raises InvalidValueError for a limit or an offset below 0 or dates swapped."""
    runs = find_production_runs(
        recipe_id=recipe_id,
        finished_unit_id=finished_unit_id,
        event_id=event_id,
        start_date=start_date,
        end_date=end_date,
        include_voided=include_voided,
    )
    if include_consumptions:
        runs = runs.prefetch_related("consumptions")
    return part_of(runs, limit, offset)


def get_production_run(production_run_id: int, *, include_consumptions: bool = True) -> ProductionRun:
    """One bake with all it belongs to; raises ProductionRunNotFoundError."""
    runs = find_production_runs().select_related("recorded_by")
    if include_consumptions:
        runs = runs.prefetch_related("consumptions")
    run = runs.filter(pk=production_run_id).first()
    if run is None:
        raise ProductionRunNotFoundError(production_run_id)
    return run
