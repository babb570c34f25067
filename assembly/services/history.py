"""What was assembled, newest first."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Prefetch, QuerySet

from assembly.errors import AssemblyRunNotFoundError
from assembly.models import (
    AssemblyFinishedGoodConsumption,
    AssemblyFinishedUnitConsumption,
    AssemblyPackagingConsumption,
    AssemblyRun,
)
from inventory.services.runs import of_the_time, part_of

CONSUMPTIONS = (
    Prefetch(
        "finished_unit_consumptions",
        AssemblyFinishedUnitConsumption.objects.select_related("finished_unit"),
    ),
    Prefetch(
        "finished_good_consumptions",
        AssemblyFinishedGoodConsumption.objects.select_related("finished_good"),
    ),
    Prefetch(
        "packaging_consumptions",
        AssemblyPackagingConsumption.objects.select_related("product__ingredient"),
    ),
)


def find_assembly_runs(
    *,
    finished_good_id: int | None = None,
    **filters: Any,
) -> QuerySet[AssemblyRun]:
    """Runs, newest first; further filters are those of `of_the_time`: the event or none, days, voided."""
    runs = AssemblyRun.objects.select_related("finished_good", "event", "stock_entry")
    if finished_good_id is not None:
        runs = runs.filter(finished_good=finished_good_id)
    return of_the_time(runs, "assembled_at", **filters)


def get_assembly_history(
    *,
    finished_good_id: int | None = None,
    event_id: int | None = None,
    start_date: date | None = None,
    end_date: date | None = None,
    include_voided: bool = True,
    include_consumptions: bool = True,
    limit: int = 100,
    offset: int = 0,
) -> list[AssemblyRun]:
    """Assemblies, newest first. Raises InvalidValueError for a negative limit or offset or dates swapped."""
    runs = find_assembly_runs(
        finished_good_id=finished_good_id,
        event_id=event_id,
        start_date=start_date,
        end_date=end_date,
        include_voided=include_voided,
    )
    if include_consumptions:
        runs = runs.prefetch_related(*CONSUMPTIONS)
    return part_of(runs, limit, offset)


def get_assembly_run(assembly_run_id: int, *, include_consumptions: bool = True) -> AssemblyRun:
    """One assembly with all it belongs to; raises AssemblyRunNotFoundError."""
    runs = find_assembly_runs().select_related("recorded_by")
    if include_consumptions:
        runs = runs.prefetch_related(*CONSUMPTIONS)
    run = runs.filter(pk=assembly_run_id).first()
    if run is None:
        raise AssemblyRunNotFoundError(assembly_run_id)
    return run
