"""What was assembled, newest first."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import QuerySet

from assembly.errors import AssemblyRunNotFoundError
from assembly.models import AssemblyRun
from bakery.core.errors import InvalidValueError
from inventory.services.runs import start_of

CONSUMPTIONS = (
    "finished_unit_consumptions__finished_unit",
    "finished_good_consumptions__finished_good",
    "packaging_consumptions__product__ingredient",
)


def find_assembly_runs(
    *,
    finished_good_id: int | None = None,
    event_id: int | None = None,
    start_date: date | None = None,
    end_date: date | None = None,
    include_voided: bool = True,
) -> QuerySet[AssemblyRun]:
    """Runs, newest first. Dates are inclusive, in the household's zone, and filtered as a range."""
    if start_date and end_date and start_date > end_date:
        raise InvalidValueError("The first day is after the last one. Swap the dates.", field="start_date")
    runs = AssemblyRun.objects.select_related("finished_good", "event", "stock_entry")
    if finished_good_id is not None:
        runs = runs.filter(finished_good=finished_good_id)
    if event_id is not None:
        runs = runs.filter(event=event_id)
    if start_date is not None:
        runs = runs.filter(assembled_at__gte=start_of(start_date))
    if end_date is not None:
        runs = runs.filter(assembled_at__lt=start_of(end_date + timedelta(days=1)))
    if not include_voided:
        runs = runs.filter(voided_at__isnull=True)
    return runs.order_by("-assembled_at", "-id")


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
    if limit < 0 or offset < 0:
        raise InvalidValueError("Limit and offset cannot be negative.", field="limit")
    runs = find_assembly_runs(
        finished_good_id=finished_good_id,
        event_id=event_id,
        start_date=start_date,
        end_date=end_date,
        include_voided=include_voided,
    )
    if include_consumptions:
        runs = runs.prefetch_related(*CONSUMPTIONS)
    return list(runs[offset : offset + limit])


def get_assembly_run(assembly_run_id: int, *, include_consumptions: bool = True) -> AssemblyRun:
    """One assembly with all it belongs to; raises AssemblyRunNotFoundError."""
    runs = find_assembly_runs().select_related("recorded_by")
    if include_consumptions:
        runs = runs.prefetch_related(*CONSUMPTIONS)
    run = runs.filter(pk=assembly_run_id).first()
    if run is None:
        raise AssemblyRunNotFoundError(assembly_run_id)
    return run
