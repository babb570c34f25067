"""What was baked, newest first."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import QuerySet

from bakery.core.errors import InvalidValueError
from inventory.services.runs import start_of
from production.errors import ProductionRunNotFoundError
from production.models import ProductionRun


def find_production_runs(
    *,
    recipe_id: int | None = None,
    finished_unit_id: int | None = None,
    event_id: int | None = None,
    start_date: date | None = None,
    end_date: date | None = None,
    include_voided: bool = True,
) -> QuerySet[ProductionRun]:
    """Runs, newest first. Dates are inclusive, in the household's zone, and filtered as a range."""
    if start_date and end_date and start_date > end_date:
        raise InvalidValueError("The first day is after the last one. Swap the dates.", field="start_date")
    runs = ProductionRun.objects.select_related("recipe", "finished_unit", "event", "stock_entry")
    if recipe_id is not None:
        runs = runs.filter(recipe=recipe_id)
    if finished_unit_id is not None:
        runs = runs.filter(finished_unit=finished_unit_id)
    if event_id is not None:
        runs = runs.filter(event=event_id)
    if start_date is not None:
        runs = runs.filter(produced_at__gte=start_of(start_date))
    if end_date is not None:
        runs = runs.filter(produced_at__lt=start_of(end_date + timedelta(days=1)))
    if not include_voided:
        runs = runs.filter(voided_at__isnull=True)
    return runs.order_by("-produced_at", "-id")


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
    if limit < 0 or offset < 0:
        raise InvalidValueError("Limit and offset cannot be negative.", field="limit")
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
    return list(runs[offset : offset + limit])


def get_production_run(production_run_id: int, *, include_consumptions: bool = True) -> ProductionRun:
    """One bake with all it belongs to; raises ProductionRunNotFoundError."""
    runs = find_production_runs().select_related("recorded_by")
    if include_consumptions:
        runs = runs.prefetch_related("consumptions")
    run = runs.filter(pk=production_run_id).first()
    if run is None:
        raise ProductionRunNotFoundError(production_run_id)
    return run
