"""What can be assembled, what was assembled, and putting an assembly right."""

from __future__ import annotations

from decimal import Decimal

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from assembly import selectors, services
from assembly.catalogue import assemblable
from assembly.forms import AssemblyHistoryForm
from assembly.models import AssemblyRun
from bakery.core.errors import BakeryError, NotFoundError
from bakery.core.forms import DetailsForm, VoidForm, new_key, refuse, sent
from bakery.core.htmx import Request, render_page
from bakery.core.pages import page_of
from inventory.selectors.events import event_choices
from inventory.selectors.made import open_lots_of, way_of
from inventory.uses import uses_of

RUNS_PER_PAGE = 30


@require_safe
def assemble(request: Request) -> HttpResponse:
    asked = request.GET.get("q", "")
    found = assemblable(selectors.goods_matching(asked))
    context = {
        "q": asked,
        "ready": [each for each in found if each.possible],
        "short": [each for each in found if not each.possible],
        "runs": services.get_assembly_history(limit=8, include_consumptions=False),
    }
    return render_page(request, "assembly/assemble.html", context, fragment="can_assemble")


@require_safe
def run(request: Request, run_id: int) -> HttpResponse:
    found = get_run(run_id)
    way = way_of(found, to_the_bakes=True)
    context = {
        "run": found,
        "went_in": selectors.what_went_in(found, way.taken),
        "output": way.output,
        "went_out": way.went_out,
    }
    return render(request, "assembly/run.html", context)


def get_run(run_id: int) -> AssemblyRun:
    try:
        return services.get_assembly_run(run_id)
    except NotFoundError as error:
        raise Http404(str(error)) from error


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def void(request: Request, run_id: int) -> HttpResponse:
    found = get_run(run_id)
    form = VoidForm(sent(request), initial={"uuid": new_key()})
    if request.method == "POST" and form.is_valid():
        try:
            services.void_assembly_run(
                assembly_run_id=run_id,
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
        "what": "assembly",
        "pieces": "boxes",
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
            services.update_assembly_details(
                assembly_run_id=run_id,
                event_id=form.cleaned_data["event"],
                notes=form.cleaned_data["notes"],
                recorded_by=request.user,
            )
        except BakeryError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Saved.")
            return redirect(found)
    context = {"run": found, "what": "assembly", "form": form}
    return render(request, "runs/edit.html", context, status=422 if form.errors else 200)


@require_safe
def history(request: Request) -> HttpResponse:
    form = AssemblyHistoryForm(request.GET, events=event_choices())
    runs = services.find_assembly_runs(**form.filters())
    page = page_of(runs, RUNS_PER_PAGE, request.GET.get("page"))
    context = {"form": form, "page": page}
    return render(request, "assembly/history.html", context, status=422 if form.errors else 200)


@require_safe
def good(request: Request, slug: str) -> HttpResponse:
    found = get_object_or_404(selectors.finished_goods(), slug=slug)
    lots = open_lots_of(found)
    context = {
        "good": found,
        "availability": services.check_can_assemble(found.pk, 1),
        "lots": lots,
        "worth": sum((each.lot.value_remaining for each in lots), Decimal(0)),
        "used_in": uses_of(found),
        "runs": services.get_assembly_history(finished_good_id=found.pk, limit=8, include_consumptions=False),
    }
    return render(request, "assembly/good.html", context)
