"""What can be baked, what was baked, and putting a bake right."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bakery.core.errors import BakeryError, NotFoundError
from bakery.core.forms import DetailsForm, VoidForm, new_key, refuse, sent
from bakery.core.htmx import Request, render_page
from bakery.core.pages import page_of
from inventory.selectors.events import event_choices
from inventory.selectors.made import way_of
from production import book, selectors, services
from production.forms import BakeHistoryForm
from production.models import ProductionRun

RUNS_PER_PAGE = 30


@require_safe
def bake(request: Request) -> HttpResponse:
    asked = request.GET.get("q", "")
    found = book.bakeable(selectors.recipes_matching(asked).filter(finished_units__isnull=False).distinct())
    context = {
        "q": asked,
        "ready": [each for each in found if each.batches],
        "short": [each for each in found if not each.batches],
        "runs": services.get_production_history(limit=8, include_consumptions=False),
    }
    return render_page(request, "production/bake.html", context, fragment="can_bake")


@require_safe
def run(request: Request, run_id: int) -> HttpResponse:
    found = get_run(run_id)
    way = way_of(found)
    context = {
        "run": found,
        "went_in": selectors.what_went_in(found, way.taken, via=book.came_through(found)),
        "output": way.output,
        "went_out": way.went_out,
    }
    return render(request, "production/run.html", context)


def get_run(run_id: int) -> ProductionRun:
    try:
        return services.get_production_run(run_id)
    except NotFoundError as error:
        raise Http404(str(error)) from error


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def void(request: Request, run_id: int) -> HttpResponse:
    found = get_run(run_id)
    form = VoidForm(sent(request), initial={"uuid": new_key()})
    if request.method == "POST" and form.is_valid():
        try:
            services.void_production_run(
                production_run_id=run_id,
                reason=form.cleaned_data["reason"],
                recorded_by=request.user,
                uuid=form.cleaned_data["uuid"],
            )
        except BakeryError as error:
            refuse(form, error)
        else:
            messages.success(request, "Voided: everything it took is back on the shelf.")
            return redirect(found)
    context = {
        "run": found,
        "what": "bake",
        "pieces": "pieces",
        "form": form,
    }
    return render(request, "runs/void.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, run_id: int) -> HttpResponse:
    found = get_run(run_id)
    form = DetailsForm(
        sent(request),
        events=event_choices(),
        initial={"event": found.event_id or "", "notes": found.notes},
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.update_run_details(
                production_run_id=run_id,
                event_id=form.cleaned_data["event"],
                notes=form.cleaned_data["notes"],
                recorded_by=request.user,
            )
        except BakeryError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Saved.")
            return redirect(found)
    context = {"run": found, "what": "bake", "form": form}
    return render(request, "runs/edit.html", context, status=422 if form.errors else 200)


@require_safe
def history(request: Request) -> HttpResponse:
    form = BakeHistoryForm(request.GET, events=event_choices())
    runs = services.find_production_runs(**form.filters())
    page = page_of(runs, RUNS_PER_PAGE, request.GET.get("page"))
    context = {"form": form, "page": page}
    return render(request, "production/history.html", context, status=422 if form.errors else 200)
