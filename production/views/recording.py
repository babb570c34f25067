"""Recording a bake: one page, and the panel on it that follows what is typed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bakery.core.errors import AlreadyRecordedError, BakeryError
from bakery.core.formatting import plural
from bakery.core.forms import new_key
from bakery.core.htmx import Request, render_page, wants_fragment
from bakery.core.numbers import MAX_COUNT, typed_count
from inventory.selectors.events import event_choices
from production import services
from production.forms import RecordForm
from production.models import FinishedUnit, Recipe
from production.services import ProductionAvailability

TEMPLATE = "production/record.html"


@dataclass(frozen=True, slots=True)
class Plan:
    """What the page shows beside the form: what these batches take, and how many could be baked."""

    recipe: Recipe | None = None
    units: tuple[FinishedUnit, ...] = ()
    unit: FinishedUnit | None = None
    batches: int = 0
    availability: ProductionAvailability | None = None
    error: str = ""
    event: str = ""

    @property
    def address(self) -> str:
        """The way back here, for who goes to buy what is missing."""
        assert self.unit is not None
        asked = {"unit": self.unit.pk, "batches": self.batches, "event": self.event}
        return reverse("production:record", query=asked)

    @property
    def expected(self) -> int:
        return self.batches * self.unit.items_per_batch if self.unit else 0

    @property
    def cannot(self) -> bool:
        """Whether the button would only lead to a refusal."""
        return bool(self.error) or (self.availability is not None and not self.availability.can_produce)

    @property
    def per_piece(self) -> Any:
        if not (self.availability and self.expected):
            return None
        return self.availability.estimated_cost / self.expected


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def record(request: Request) -> HttpResponse:
    if request.method == "POST" and "show" not in request.POST:
        return _record(request)
    typed = request.POST or request.GET
    plan = plan_for(typed)
    if typed.get("finished_unit") or typed.get("num_batches"):
        form = form_for(plan, _followed(typed, plan))
        form.errors.clear()  # the page follows while somebody types: it does not scold
    else:
        form = form_for(plan, initial=_initial(typed, plan))
    context = {
        "form": form,
        "plan": plan,
        "follows": wants_fragment(request),
        # Only what nobody can be typing in meanwhile is swapped: a late answer must not take a word away.
        "new_recipe": request.htmx.trigger_name == "recipe",
        "set_to": "set_to" in typed,
    }
    return render_page(request, TEMPLATE, context, fragment="follow")


def _record(request: Request) -> HttpResponse:
    form = RecordForm(request.POST, events=event_choices)
    if not form.is_valid():
        return _refused(request, form)
    typed = form.cleaned_data
    expected = typed["num_batches"] * typed["finished_unit"].items_per_batch
    try:
        run = services.record_batch_production(
            recipe_id=typed["recipe"].pk,
            finished_unit_id=typed["finished_unit"].pk,
            num_batches=typed["num_batches"],
            actual_yield=expected if typed["actual_yield"] is None else typed["actual_yield"],
            produced_at=typed["produced_at"],
            notes=typed["notes"],
            event_id=typed["event"],
            recorded_by=request.user,
            uuid=typed["uuid"],
        )
    except AlreadyRecordedError as error:
        again = request.POST.copy()
        again["uuid"] = new_key()
        form = RecordForm(again, events=event_choices())
        form.add_error(None, str(error))
        return _refused(request, form, first=error.entry)
    except BakeryError as error:
        form.add_error(None, str(error))
        return _refused(request, form)
    messages.success(
        request,
        f"Recorded {plural(run.num_batches, 'batch')} of {run.recipe}: {run.actual_yield} on the shelf.",
    )
    return redirect(run)


def form_for(plan: Plan, typed: QueryDict | None = None, **options: Any) -> RecordForm:
    form = RecordForm(typed, events=event_choices(), **options)
    form.offer(plan.units)
    return form


def _refused(request: Request, form: RecordForm, first: Any = None) -> HttpResponse:
    plan = plan_for(request.POST)
    form.offer(plan.units)
    context = {"form": form, "plan": plan, "first": first}
    return render_page(request, TEMPLATE, context, status=422)


def plan_for(typed: QueryDict) -> Plan:
    """What the typed values ask of the shelf; half-typed ones ask for nothing yet."""
    chosen = typed_count(typed.get("finished_unit") or typed.get("unit"))
    makes_it = Q(pk=typed_count(typed.get("recipe"))) if "recipe" in typed else Q(finished_units=chosen)
    recipe = Recipe.objects.filter(makes_it).first()
    if recipe is None:
        return Plan()
    units = tuple(recipe.finished_units.filter(is_archived=False).order_by("name"))
    unit = next((unit for unit in units if unit.pk == chosen), units[0] if units else None)
    if unit is None:
        return Plan(
            recipe, error=f"{recipe} makes nothing yet. An admin adds what one batch makes in the setup."
        )
    batches = typed_count(typed.get("set_to") or typed.get("num_batches") or typed.get("batches") or "1")
    if pieces := typed_count(typed.get("pieces")):  # who comes from a box knows how many it lacks
        batches = ceil(pieces / unit.items_per_batch)
    if not 0 < batches <= MAX_COUNT:
        return Plan(recipe, units, unit)
    plan = Plan(recipe, units, unit, batches, event=str(typed_count(typed.get("event")) or ""))
    try:
        return replace(plan, availability=services.check_can_produce(recipe.pk, batches))
    except BakeryError as error:
        return replace(plan, error=str(error))


def _initial(asked: QueryDict, plan: Plan) -> dict[str, Any]:
    return {
        "uuid": new_key(),
        "recipe": plan.recipe.pk if plan.recipe else None,
        "finished_unit": plan.unit.pk if plan.unit else None,
        "event": asked.get("event", ""),
        "num_batches": plan.batches or 1,
    }


def _followed(typed: QueryDict, plan: Plan) -> QueryDict:
    """What was typed, with a finished unit of the chosen recipe."""
    followed = typed.copy()
    followed.setdefault("uuid", new_key())
    if typed.get("set_to"):
        followed["num_batches"] = typed.get("set_to", "")
    followed["finished_unit"] = str(plan.unit.pk) if plan.unit else ""
    return followed
