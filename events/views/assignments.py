"""Who gets what at an event: assigned, packed, delivered, all on one tab."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from assembly.errors import InsufficientComponentsError
from bakery.core.errors import BakeryError
from bakery.core.formatting import plural
from bakery.core.forms import ReasonForm, new_key, refuse
from bakery.core.htmx import Request
from events import handing_out, services
from events.forms.assignments import (
    AssignForm,
    CopyForm,
    DeliverForm,
    EditAssignmentForm,
    other_event_choices,
    package_choices,
    recipient_choices,
)
from events.models import Event, EventRecipientPackage, FulfillmentStatus
from events.selectors.allergens import avoided_in
from events.services.assignments import outcome_of, planned_part
from events.views.page import answer, get_event, show_tab

ROWS_PER_PAGE = 60


@never_cache
@require_safe
def packages(request: Request, slug: str) -> HttpResponse:
    return show(request, get_event(slug), asks=True)


def show(
    request: Request,
    event: Any,
    *,
    said: str = "",
    status: int = 200,
    asks: bool = False,
    of: EventRecipientPackage | None = None,
    **refused: Any,
) -> HttpResponse:
    """The packages read again. `asks`: the address may open a form; else only a `refused` one is shown, `of` a row.

    Where somebody else moved that row out of the filter meanwhile, all rows are shown: what is said stands in it.
    """
    every = services.get_packages_by_status(event.pk)
    chosen = request.GET.get("status", "")
    listed = [each for each in every if each.fulfillment_status == chosen]
    if chosen not in FulfillmentStatus.values or (of and of not in listed):
        chosen, listed = "", every
    page = _page(request, listed, of)
    kept = {"status": chosen, "page": page.number if page.number > 1 else "", "whole": _whole(request)}
    query = urlencode({name: value for name, value in kept.items() if value})
    context: dict[str, Any] = {
        "page": page,
        "rows": handing_out.package_rows(list(page)),
        "filters": handing_out.filters(every),
        "chosen": chosen,
        "query": f"?{query}" if query else "",
        "ask": f"?{query}&" if query else "?",
        **(_asked(request, event) if asks else {}),
        **refused,
    }
    return show_tab(request, event, "packages_of", context, said=said, status=status)


def _whole(request: Request) -> str:
    """ "1" where the address asks for all rows on one page, as for the packing list on paper."""
    return "1" if request.GET.get("whole") == "1" else ""


def _page(
    request: Request, listed: list[EventRecipientPackage], of: EventRecipientPackage | None
) -> Page[EventRecipientPackage]:
    """The page of the list that has the row `of`, else the one the address asks for, by number or by a `row`."""
    paginator = Paginator(listed, max(1, len(listed)) if _whole(request) else ROWS_PER_PAGE)
    row = str(of.pk) if of else request.GET.get("row", "")
    if of or "page" not in request.GET:
        for position, each in enumerate(listed):
            if str(each.pk) == row:
                return paginator.page(position // paginator.per_page + 1)
    return paginator.get_page(request.GET.get("page"))


def _asked(request: Request, event: Event) -> dict[str, Any]:
    """The form that the address opens: above the table, or in the row of one package."""
    asked = request.GET
    if "add" in asked:
        return {"opened": "add", "form": _assign_form(initial={"quantity": 1})}
    if "copy" in asked:
        return {"opened": "copy", "form": CopyForm(events=other_event_choices(event))}
    if "edit" in asked:
        found = _assignment(event, asked["edit"])
        return {"opened": f"edit-{found.pk}", "form": _edit_form(found, initial=_as_it_is(found))}
    if "deliver" in asked:
        form = DeliverForm(initial={"uuid": new_key()})
        return {"opened": f"deliver-{_assignment(event, asked['deliver']).pk}", "form": form}
    if "void" in asked:
        void = ReasonForm(initial={"uuid": new_key()})
        void.fields["reason"].widget.attrs |= {"autofocus": True, "placeholder": "packed the wrong one"}
        return {"opened": f"void-{_assignment(event, asked['void']).pk}", "form": void}
    return {}


def _assignment(event: Event, asked: str | int) -> EventRecipientPackage:
    number = int(asked) if str(asked).isdecimal() and len(str(asked)) < 19 else 0
    return get_object_or_404(event.assignments.select_related("recipient", "package"), pk=number)


def _assign_form(*args: Any, **options: Any) -> AssignForm:
    return AssignForm(*args, recipients=recipient_choices(), packages=package_choices(), **options)


def _edit_form(found: EventRecipientPackage, *args: Any, **options: Any) -> EditAssignmentForm:
    packages = [] if found.is_packed else package_choices(found.package)
    outcome = outcome_of(found.notes) if found.is_packed else []
    return EditAssignmentForm(*args, packages=packages, is_packed=found.is_packed, outcome=outcome, **options)


def _as_it_is(found: EventRecipientPackage) -> dict[str, Any]:
    notes = planned_part(found.notes) if found.is_packed else found.notes
    return {"package": found.package_id, "quantity": found.quantity, "notes": notes}


@require_POST
def assign(request: Request, slug: str) -> HttpResponse:
    event = get_event(slug)
    form = _assign_form(request.POST)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            assigned = services.assign_package(
                event_id=event.pk,
                recipient_ids=[recipient.pk for recipient in typed["recipients"]],
                package_id=typed["package"].pk,
                quantity=typed["quantity"],
                notes=typed["notes"],
            )
        except BakeryError as error:
            form.add_error(None, error.message)
        else:
            said, warned = _assigned(typed["package"], assigned), _warned(assigned)
            tone = "warned" if warned else ""
            return answer(request, event, "packages_of", show, f"{said}{warned}", tone=tone)
    return show(request, event, status=422, opened="add", form=form)


def _assigned(package: Any, assigned: services.Assigned) -> str:
    said = f"{plural(len(assigned.created), 'person,people')} get {package}."
    if len(assigned.created) == 1:
        said = f"{assigned.created[0].recipient} gets {package}."
    if not assigned.created:
        said = "Nothing changed."
    if assigned.already:
        said += f" {', '.join(str(each.recipient) for each in assigned.already)} had it already."
    return said


def _warned(assigned: services.Assigned) -> str:
    """Who was just given what they avoid: " Mind: …", or "" where nobody was."""
    avoided = avoided_in(assigned.created)
    warned = [
        f"{each.recipient} avoids {', '.join(found.allergen for found in avoided[each.pk])}"
        for each in assigned.created
        if avoided[each.pk]
    ]
    return f" Mind: {'; '.join(warned)}." if warned else ""


@require_POST
def copy(request: Request, slug: str) -> HttpResponse:
    event = get_event(slug)
    form = CopyForm(request.POST, events=other_event_choices(event))
    if form.is_valid():
        former = form.cleaned_data["from_event"]
        try:
            copied = services.copy_assignments(from_event_id=former.pk, to_event_id=event.pk)
        except BakeryError as error:
            form.add_error(None, error.message)
        else:
            said = f"{plural(len(copied.created), 'line')} copied from {former}."
            if copied.already:
                said += (
                    f" {len(copied.already)} {'was' if len(copied.already) == 1 else 'were'} there already."
                )
            if copied.archived:
                left_out = ", ".join(f"{each.package} for {each.recipient}" for each in copied.archived)
                said += f" Left out, because it is archived: {left_out}."
            return answer(request, event, "packages_of", show, said)
    return show(request, event, status=422, opened="copy", form=form)


@require_POST
def edit(request: Request, slug: str, assignment_id: int) -> HttpResponse:
    event = get_event(slug)
    found = _assignment(event, assignment_id)
    form = _edit_form(found, request.POST)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            changed = services.edit_assignment(
                event_recipient_package_id=found.pk,
                quantity=typed.get("quantity"),
                package_id=typed["package"].pk if typed.get("package") else None,
                notes=typed["notes"],
            )
        except BakeryError as error:
            form.add_error(None, error.message)
        else:
            return answer(request, event, "packages_of", show, f"{changed}: saved.")
    return show(request, event, status=422, of=found, opened=f"edit-{found.pk}", form=form)


@require_POST
def delete(request: Request, slug: str, assignment_id: int) -> HttpResponse:
    event = get_event(slug)
    gone = event.assignments.select_related("recipient", "package").filter(pk=assignment_id).first()
    try:
        services.delete_assignment(event_recipient_package_id=assignment_id if gone else 0)
    except BakeryError as error:
        return show(request, event, status=422, problem=error.message)
    said = f"{gone.recipient} no longer gets {gone.package}." if gone else "That was gone already."
    return answer(request, event, "packages_of", show, said)


@require_POST
def pack(request: Request, slug: str, assignment_id: int) -> HttpResponse:
    """The next step of a pending package. What is short is listed, with the ways on."""
    event = get_event(slug)
    found = _assignment(event, assignment_id)
    try:
        packed = services.update_fulfillment_status(
            found.pk,
            FulfillmentStatus.READY,
            allow_short=request.POST.get("allow_short") == "1",
            recorded_by=request.user,
            uuid=request.POST.get("uuid", ""),
        )
    except InsufficientComponentsError as error:
        return show(request, event, status=422, of=found, opened=f"short-{found.pk}", missing=error.missing)
    except BakeryError as error:
        return show(request, event, status=422, of=found, opened=f"problem-{found.pk}", problem=error.message)
    said = f"{packed} is packed: it left the shelf."
    return answer(request, event, "packages_of", show, said)


@require_POST
def deliver(request: Request, slug: str, assignment_id: int) -> HttpResponse:
    event = get_event(slug)
    found = _assignment(event, assignment_id)
    form = DeliverForm(request.POST)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            services.update_fulfillment_status(
                found.pk,
                FulfillmentStatus.DELIVERED,
                delivered_to=typed["delivered_to"],
                note=typed["note"],
                at=typed["delivered_at"],
                recorded_by=request.user,
                uuid=typed["uuid"],
            )
        except BakeryError as error:
            form.add_error(None, error.message)
        else:
            said = f"{found.package} for {found.recipient} is delivered."
            return answer(request, event, "packages_of", show, said)
    return show(request, event, status=422, of=found, opened=f"deliver-{found.pk}", form=form)


@require_POST
def void(request: Request, slug: str, assignment_id: int) -> HttpResponse:
    """A packing that was a mistake: everything it took goes back onto the shelf."""
    event = get_event(slug)
    found = _assignment(event, assignment_id)
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            services.void_packing(
                found.pk,
                reason=form.cleaned_data["reason"],
                recorded_by=request.user,
                uuid=form.cleaned_data["uuid"],
            )
        except BakeryError as error:
            refuse(form, error)
        else:
            said = f"{found.package} for {found.recipient} is unpacked: all of it is back on the shelf."
            return answer(request, event, "packages_of", show, said)
    return show(request, event, status=422, of=found, opened=f"void-{found.pk}", form=form)
