"""What was assembled, as files to take along: the filters of the page hold here too."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from assembly import services
from assembly.forms import AssemblyHistoryForm
from assembly.models import AssemblyRun
from assembly.views.runs import history
from bakery.core.csv import Cell, csv_response
from bakery.core.htmx import Request
from bakery.core.transfer.history import dated, json_response
from inventory.selectors.events import event_choices

HEADER = (
    *("Assembled", "Box or bag", "Event", "How many", "Cost", "Each"),
    *("Recorded by", "Voided", "Why", "Notes"),
)


@require_safe
def history_csv(request: Request) -> HttpResponse:
    form = AssemblyHistoryForm(request.GET, events=event_choices())
    if not form.is_valid():
        return history(request)
    runs = services.find_assembly_runs(**form.filters())
    return csv_response(dated("assemblies", "csv"), HEADER, (_cells(run) for run in runs))


@require_safe
def history_json(request: Request) -> HttpResponse:
    form = AssemblyHistoryForm(request.GET, events=event_choices())
    if not form.is_valid():
        return history(request)
    return json_response(dated("assemblies", "json"), services.export_assembly_history(**form.filters()))


def _cells(run: AssemblyRun) -> tuple[Cell, ...]:
    return (
        *(run.assembled_at, run.finished_good.name, run.event.name if run.event else None),
        *(run.quantity_assembled, run.total_component_cost, run.per_unit_cost),
        *(run.recorded_by_name, run.voided_at, run.void_reason, run.notes),
    )
