"""Recording an assembly: one page, and the panel on it that follows what is typed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from assembly import services
from assembly.forms import AssembleForm
from assembly.models import FinishedGood
from assembly.services import AssemblyAvailability
from bakery.core.errors import AlreadyRecordedError, BakeryError
from bakery.core.forms import new_key
from bakery.core.htmx import Request, render_page, wants_fragment
from bakery.core.numbers import MAX_COUNT, typed_count
from inventory.selectors.events import event_choices

TEMPLATE = "assembly/record.html"


@dataclass(frozen=True, slots=True)
class Plan:
    """What the page shows beside the form: what so many take, and how many could be assembled."""

    good: FinishedGood | None = None
    quantity: int = 0
    availability: AssemblyAvailability | None = None
    error: str = ""
    event: str = ""

    @property
    def cannot(self) -> bool:
        """Whether the button would only lead to a refusal."""
        return bool(self.error) or (self.availability is not None and not self.availability.can_assemble)

    @property
    def per_piece(self) -> Decimal | None:
        return self.availability.estimated_cost / self.quantity if self.availability else None

    @property
    def address(self) -> str:
        """The way back here, for who goes to buy what is missing."""
        assert self.good is not None
        asked = {"good": self.good.pk, "quantity": self.quantity, "event": self.event}
        return reverse("assembly:record", query=asked)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def record(request: Request) -> HttpResponse:
    if request.method == "POST" and "show" not in request.POST:
        return _record(request)
    typed = request.POST or request.GET
    plan = plan_for(typed)
    if "finished_good" in typed:
        form = AssembleForm(_followed(typed, plan), events=event_choices())
        form.errors.clear()  # the page follows while somebody types: it does not scold
    else:
        form = AssembleForm(
            events=event_choices(),
            initial={
                "uuid": new_key(),
                "finished_good": plan.good,
                "quantity": plan.quantity or 1,
                "event": plan.event,
            },
        )
    context = {
        "form": form,
        "plan": plan,
        "follows": wants_fragment(request),
        # Only what nobody can be typing in meanwhile is swapped: a late answer must not take a word away.
        "set_to": "set_to" in typed,
    }
    return render_page(request, TEMPLATE, context, fragment="follow")


def _followed(typed: QueryDict, plan: Plan) -> QueryDict:
    followed = typed.copy()
    followed.setdefault("uuid", new_key())
    if "set_to" in typed:
        followed["quantity"] = str(plan.quantity)
    return followed


def _record(request: Request) -> HttpResponse:
    form = AssembleForm(request.POST, events=event_choices)
    if not form.is_valid():
        return _refused(request, form)
    typed = form.cleaned_data
    try:
        run = services.record_assembly(
            finished_good_id=typed["finished_good"].pk,
            quantity=typed["quantity"],
            assembled_at=typed["assembled_at"],
            notes=typed["notes"],
            event_id=typed["event"],
            recorded_by=request.user,
            uuid=typed["uuid"],
        )
    except AlreadyRecordedError as error:
        again = request.POST.copy()
        again["uuid"] = new_key()
        form = AssembleForm(again, events=event_choices())
        form.add_error(None, str(error))
        return _refused(request, form, first=error.entry)
    except BakeryError as error:
        form.add_error(None, str(error))
        return _refused(request, form)
    messages.success(request, f"Recorded {run.title}: on the shelf.")
    return redirect(run)


def _refused(request: Request, form: AssembleForm, first: Any = None) -> HttpResponse:
    context = {"form": form, "plan": plan_for(request.POST), "first": first}
    return render_page(request, TEMPLATE, context, status=422)


def plan_for(typed: QueryDict) -> Plan:
    """What the typed values ask of the shelf; half-typed ones ask for nothing yet."""
    good = FinishedGood.objects.filter(
        pk=typed_count(typed.get("finished_good") or typed.get("good"))
    ).first()
    event = str(typed_count(typed.get("event")) or "")
    quantity = typed_count(typed.get("set_to") or typed.get("quantity") or "1")
    if good is None or not 0 < quantity <= MAX_COUNT:
        return Plan(good, event=event)
    try:
        return Plan(good, quantity, services.check_can_assemble(good.pk, quantity), event=event)
    except BakeryError as error:
        return Plan(good, quantity, error=str(error), event=event)
