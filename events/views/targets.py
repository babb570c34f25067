"""What is to be made for an event: targets, what the packages suggest, and a bake with one tap."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from assembly.models import FinishedGood
from bakery.core.errors import AlreadyRecordedError, BakeryError
from bakery.core.formatting import plural
from bakery.core.htmx import Request
from bakery.core.numbers import typed_count
from events import services, workbench
from events.forms.targets import (
    AssemblyTargetForm,
    ProductionTargetForm,
    RecordForm,
    finished_good_choices,
    recipe_choices,
)
from events.models import Event, FulfillmentStatus
from events.views.page import answer, get_event, show_tab
from inventory.errors import InsufficientInventoryError
from production.models import Recipe

BAKING, ASSEMBLY = "baking", "assembly"


@never_cache
@require_safe
def targets(request: Request, slug: str) -> HttpResponse:
    event = get_event(slug)
    if "suggest" in request.GET:
        return suggestions(request, event)
    return show(request, event, asks=True)


def show(
    request: Request, event: Event, *, said: str = "", status: int = 200, asks: bool = False, **refused: Any
) -> HttpResponse:
    """The targets read again. `asks`: the address may open a form; else only a `refused` one is shown."""
    baking = workbench.baking_rows(event)
    context: dict[str, Any] = {
        "baking": baking,
        "assembly": workbench.assembly_rows(event),
        **(_asked(request) if asks else {}),
        **refused,
    }
    if "short" in refused:
        targeted = {row.progress.recipe.pk for row in baking}
        context["short_above"] = refused["short"]["recipe"].pk not in targeted
    return show_tab(request, event, "targets", context, said=said, status=status)


def _asked(request: Request) -> dict[str, Any]:
    """The form that the address opens: a new target of one kind, or the row that is edited."""
    add = request.GET.get("add")
    if add == BAKING:
        return {"add": add, "form": ProductionTargetForm(choices=recipe_choices())}
    if add == ASSEMBLY:
        return {"add": add, "form": AssemblyTargetForm(choices=finished_good_choices())}
    return {"edit": request.GET.get("edit", "")}


def suggestions(
    request: Request, event: Event, *, said: str = "", error: str = "", status: int = 200
) -> HttpResponse:
    found = services.suggest_targets(event.pk)
    context = {
        "suggestions": found,
        "anything_changes": any(each.changes for each in found),
        "any_waits": not found
        and event.assignments.filter(fulfillment_status=FulfillmentStatus.PENDING).exists(),
        "suggesting": True,
        "error": error,
    }
    return show_tab(request, event, "targets", context, said=said, status=status)


@require_POST
def set_production_target(request: Request, slug: str) -> HttpResponse:
    event = get_event(slug)
    form = ProductionTargetForm(request.POST)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            target = services.set_production_target(
                event_id=event.pk,
                recipe_id=typed["recipe"].pk,
                target_batches=typed["target_batches"],
                notes=typed["notes"],
            )
        except BakeryError as error:
            form.add_error(None, str(error))
        else:
            said = f"{plural(target.target_batches, 'batch')} of {target.recipe} are planned."
            return answer(request, event, "targets", show, said)
    return _refused(request, event, form, BAKING, "recipe")


@require_POST
def set_assembly_target(request: Request, slug: str) -> HttpResponse:
    event = get_event(slug)
    form = AssemblyTargetForm(request.POST)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            target = services.set_assembly_target(
                event_id=event.pk,
                finished_good_id=typed["finished_good"].pk,
                target_quantity=typed["target_quantity"],
                notes=typed["notes"],
            )
        except BakeryError as error:
            form.add_error(None, str(error))
        else:
            said = f"{target.target_quantity} × {target.finished_good} are planned."
            return answer(request, event, "targets", show, said)
    return _refused(request, event, form, ASSEMBLY, "finished_good")


def _refused(request: Request, event: Event, form: Any, kind: str, name: str) -> HttpResponse:
    """The form again where it stood: in the row it edits, or above the table of its kind."""
    if request.POST.get("row"):
        return show(request, event, status=422, edit=f"{kind}-{request.POST.get(name)}", form=form)
    choices = recipe_choices() if kind == BAKING else finished_good_choices()
    again = type(form)(request.POST, choices=choices)
    again._errors = form.errors
    return show(request, event, status=422, add=kind, form=again)


@require_POST
def delete_production_target(request: Request, slug: str, recipe_id: int) -> HttpResponse:
    event, recipe = get_event(slug), get_object_or_404(Recipe, pk=recipe_id)
    removed = services.delete_production_target(event_id=event.pk, recipe_id=recipe_id)
    said = f"{recipe} is no longer a target." if removed else f"{recipe} was no target any more."
    return answer(request, event, "targets", show, f"{said} What was baked stays.")


@require_POST
def delete_assembly_target(request: Request, slug: str, finished_good_id: int) -> HttpResponse:
    event, good = get_event(slug), get_object_or_404(FinishedGood, pk=typed_count(str(finished_good_id)))
    removed = services.delete_assembly_target(event_id=event.pk, finished_good_id=good.pk)
    said = f"{good} is no longer a target." if removed else f"{good} was no target any more."
    return answer(request, event, "targets", show, f"{said} What was put together stays.")


@require_POST
def record(request: Request, slug: str, recipe_id: int) -> HttpResponse:
    """One tap on a target's row: a bake for this event. The hidden key makes a double click one bake."""
    event, recipe = get_event(slug), get_object_or_404(Recipe, pk=recipe_id)
    form = RecordForm(request.POST)
    if not form.is_valid():
        refused = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return show(request, event, status=422, short={"recipe": recipe, "sentence": refused})
    try:
        made = services.record_production(
            event_id=event.pk,
            recipe_id=recipe_id,
            batches=form.cleaned_data["batches"],
            recorded_by=request.user,
            uuid=form.cleaned_data["uuid"],
        )
    except InsufficientInventoryError as error:
        short = {"recipe": recipe, "batches": form.cleaned_data["batches"], "missing": error.missing}
        return show(request, event, status=422, short=short)
    except AlreadyRecordedError as error:
        short = {"recipe": recipe, "sentence": str(error), "entry": error.entry}
        return show(request, event, status=422, short=short)
    except BakeryError as error:
        return show(request, event, status=422, short={"recipe": recipe, "sentence": str(error)})
    said = (
        f"Recorded {plural(made.run.num_batches, 'batch')} of {recipe}: {made.run.actual_yield} on the shelf."
    )
    if made.warning:
        said += f" {made.warning}"
    return answer(request, event, "targets", show, said)


@require_POST
def apply(request: Request, slug: str) -> HttpResponse:
    event = get_event(slug)
    chosen = [
        (kind, typed_count(pk))
        for kind, _, pk in (each.rpartition("-") for each in request.POST.getlist("take"))
    ]
    try:
        changed = services.apply_suggested_targets(event_id=event.pk, chosen=chosen)
    except BakeryError as error:
        return suggestions(request, event, error=str(error), status=422)
    said = (
        f"{plural(changed, 'target')} taken over from the packages."
        if changed
        else "Nothing was ticked that changes a target."
    )
    return answer(request, event, "targets", show, said)
