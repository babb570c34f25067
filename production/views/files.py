"""What was baked, as files to take along: the filters of the page hold here too."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from bakery.core.csv import Cell, csv_response
from bakery.core.htmx import Request
from bakery.core.transfer.history import dated, json_response
from inventory.selectors.events import event_choices
from production import services
from production.forms import BakeHistoryForm
from production.models import ProductionRun
from production.views.runs import history

HEADER = (
    *("Baked", "Recipe", "Makes", "Event", "Batches", "Expected", "Yield", "Cost", "Each"),
    *("Recorded by", "Voided", "Why", "Notes"),
)


@require_safe
def history_csv(request: Request) -> HttpResponse:
    form = BakeHistoryForm(request.GET, events=event_choices())
    if not form.is_valid():
        return history(request)
    runs = services.find_production_runs(**form.filters())
    return csv_response(dated("bakes", "csv"), HEADER, (_cells(run) for run in runs))


@require_safe
def history_json(request: Request) -> HttpResponse:
    form = BakeHistoryForm(request.GET, events=event_choices())
    if not form.is_valid():
        return history(request)
    return json_response(dated("bakes", "json"), services.export_production_history(**form.filters()))


def _cells(run: ProductionRun) -> tuple[Cell, ...]:
    return (
        *(run.produced_at, run.recipe.name, run.finished_unit.name, run.event.name if run.event else None),
        *(run.num_batches, run.expected_yield, run.actual_yield),
        *(run.total_ingredient_cost, run.per_unit_cost),
        *(run.recorded_by_name, run.voided_at, run.void_reason, run.notes),
    )
