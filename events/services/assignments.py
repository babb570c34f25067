"""Which package goes to whom: handed out in bulk, changed while nothing is packed, taken over from last year."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from bakery.core.errors import EventNotFoundError, InvalidValueError
from bakery.core.numbers import checked_count
from events.errors import AssignmentNotFoundError, PackageNotFoundError, PackedError, RecipientNotFoundError
from events.models import Event, EventRecipientPackage, Package, Recipient
from events.services.occasions import locked_event

SHORTAGE = "Packed short: "
"""So begins the line of the notes that says what was missing; it belongs to that packing alone."""

ON_DELIVERY = "On delivery: "
"""So begins the line that says what there was to say of the delivery; it goes with the packing too."""


@dataclass(frozen=True, slots=True)
class Assigned:
    """What was handed out, and who had that package already: theirs stays as it was."""

    created: tuple[EventRecipientPackage, ...]
    already: tuple[EventRecipientPackage, ...]


@dataclass(frozen=True, slots=True)
class Copied:
    """What was taken over, what was there already, and what was left out because something is archived."""

    created: tuple[EventRecipientPackage, ...]
    already: tuple[EventRecipientPackage, ...]
    archived: tuple[EventRecipientPackage, ...]


def get_assignment(event_recipient_package_id: int) -> EventRecipientPackage:
    """One assignment with all that says its name; raises AssignmentNotFoundError."""
    found = (
        EventRecipientPackage.objects.select_related("event", "recipient", "package", "stock_entry")
        .filter(pk=event_recipient_package_id)
        .first()
    )
    if found is None:
        raise AssignmentNotFoundError(event_recipient_package_id)
    return found


def locked_assignment(event_recipient_package_id: int) -> EventRecipientPackage:
    """The assignment, locked until the transaction ends; raises AssignmentNotFoundError."""
    found = (
        EventRecipientPackage.objects.select_for_update(of=("self",))
        .select_related("event", "recipient", "package")
        .filter(pk=event_recipient_package_id)
        .first()
    )
    if found is None:
        raise AssignmentNotFoundError(event_recipient_package_id)
    return found


@transaction.atomic
def assign_package(
    *, event_id: int, recipient_ids: Iterable[int], package_id: int, quantity: int = 1, notes: str = ""
) -> Assigned:
    """Give each of these recipients a package at an event. Who has it already keeps the quantity there is.

    Raises InvalidValueError (nobody chosen, or something archived), EventNotFoundError,
    RecipientNotFoundError, PackageNotFoundError.
    """
    checked_count(quantity, "The quantity")
    wanted = list(dict.fromkeys(recipient_ids))
    if not wanted:
        raise InvalidValueError("Choose at least one recipient.", field="recipients")
    event = locked_event(event_id)
    package = available_package(package_id)
    recipients = available_recipients(wanted)
    already = tuple(
        EventRecipientPackage.objects.filter(event=event, package=package, recipient__in=wanted)
        .select_related("event", "recipient", "package")
        .order_by("recipient__name", "id")
    )
    having = {assignment.recipient_id for assignment in already}
    created = EventRecipientPackage.objects.bulk_create(
        EventRecipientPackage(
            event=event, recipient=recipient, package=package, quantity=quantity, notes=notes
        )
        for recipient in recipients
        if recipient.pk not in having
    )
    return Assigned(tuple(created), already)


def available_package(package_id: int) -> Package:
    package = Package.objects.filter(pk=package_id).first()
    if package is None:
        raise PackageNotFoundError(package_id)
    refuse_archived(package, "package")
    return package


def available_recipients(recipient_ids: list[int]) -> list[Recipient]:
    """These recipients in the order given."""
    found = Recipient.objects.in_bulk(recipient_ids)
    for recipient_id in recipient_ids:
        if recipient_id not in found:
            raise RecipientNotFoundError(recipient_id)
        refuse_archived(found[recipient_id], "recipients")
    return [found[recipient_id] for recipient_id in recipient_ids]


def refuse_archived(chosen: Package | Recipient, field: str) -> None:
    if chosen.is_archived:
        raise InvalidValueError(
            f"{chosen} is archived, so nothing new is planned with it. Restore it first.", field=field
        )


@transaction.atomic
def edit_assignment(
    *,
    event_recipient_package_id: int,
    quantity: int | None = None,
    package_id: int | None = None,
    notes: str | None = None,
) -> EventRecipientPackage:
    """Change what is given (None: leave it). Once packed only the notes can change, and what they say of the
    packing and the delivery stays: who edits may have opened the form before. A typed line that begins as
    one on the delivery takes the place of that one; a typed line on what was missing is left out.

    Raises AssignmentNotFoundError, InvalidValueError (also when the recipient has that package already),
    PackageNotFoundError, PackedError.
    """
    if quantity is not None:
        checked_count(quantity, "The quantity")
    if package_id is not None:  # nobody assigns that package to the same recipient meanwhile
        locked_event(get_assignment(event_recipient_package_id).event_id)
    assignment = locked_assignment(event_recipient_package_id)
    changes_quantity = quantity is not None and quantity != assignment.quantity
    changes_package = package_id is not None and package_id != assignment.package_id
    if assignment.is_packed and (changes_quantity or changes_package):
        raise PackedError(assignment)
    if quantity is not None:
        assignment.quantity = quantity
    if package_id is not None and changes_package:
        assignment.package = available_package(package_id)
        refuse_twice(assignment)
    if notes is not None:
        assignment.notes = edited(notes, assignment)
    assignment.save(update_fields=["quantity", "package", "notes", "updated_at"])
    return assignment


def refuse_twice(assignment: EventRecipientPackage) -> None:
    alike = EventRecipientPackage.objects.filter(
        event=assignment.event_id, recipient=assignment.recipient_id, package=assignment.package_id
    )
    if alike.exclude(pk=assignment.pk).exists():
        raise InvalidValueError(
            f"{assignment.recipient} gets {assignment.package} at {assignment.event} already. "
            "Change the quantity there instead.",
            field="package",
        )


@transaction.atomic
def delete_assignment(*, event_recipient_package_id: int) -> bool:
    """Take an assignment away; False when it is gone already. Raises PackedError once it is packed."""
    try:
        assignment = locked_assignment(event_recipient_package_id)
    except AssignmentNotFoundError:
        return False
    if assignment.is_packed:
        raise PackedError(assignment)
    assignment.delete()
    return True


@transaction.atomic
def copy_assignments(*, from_event_id: int, to_event_id: int) -> Copied:
    """Plan the same packages for the same people again. What is there already stays as it is.

    Archived recipients and packages are left out, and said. Raises EventNotFoundError, InvalidValueError
    for an event copied onto itself.
    """
    if from_event_id == to_event_id:
        raise InvalidValueError("Choose another event to copy from.", field="from_event")
    if not Event.objects.filter(pk=from_event_id).exists():
        raise EventNotFoundError(from_event_id)
    event = locked_event(to_event_id)
    there = {
        (assignment.recipient_id, assignment.package_id): assignment for assignment in of_event(to_event_id)
    }
    already, archived, new = [], [], []
    for former in of_event(from_event_id):
        existing = there.get((former.recipient_id, former.package_id))
        if existing:
            already.append(existing)
        elif former.recipient.is_archived or former.package.is_archived:
            archived.append(former)
        else:
            new.append(again(former, event))
    return Copied(tuple(EventRecipientPackage.objects.bulk_create(new)), tuple(already), tuple(archived))


def of_event(event_id: int) -> list[EventRecipientPackage]:
    found = EventRecipientPackage.objects.filter(event=event_id)
    return list(
        found.select_related("event", "recipient", "package").order_by(
            "recipient__name", "package__name", "id"
        )
    )


def again(former: EventRecipientPackage, event: Event) -> EventRecipientPackage:
    return EventRecipientPackage(
        event=event,
        recipient=former.recipient,
        package=former.package,
        quantity=former.quantity,
        notes=planned_part(former.notes),
    )


def edited(typed: str, assignment: EventRecipientPackage) -> str:
    """The notes once `typed` is saved. Nobody types what was missing: that line is the one the packing wrote.

    Of a packed one, what was said of the delivery stays too, unless a typed line takes its place.
    """
    if not assignment.is_packed:
        return without(typed, SHORTAGE)
    stored = assignment.notes
    delivery = beginning_with(ON_DELIVERY, typed) or beginning_with(ON_DELIVERY, stored)
    return "\n".join(filter(None, [planned_part(typed), *beginning_with(SHORTAGE, stored), *delivery]))


def planned_part(notes: str) -> str:
    """`notes` without the lines that told how the packing and the delivery went."""
    return without(notes, SHORTAGE, ON_DELIVERY)


def outcome_of(notes: str) -> list[str]:
    """The lines of `notes` that tell how the packing and the delivery went."""
    return [line for line in notes.splitlines() if line.startswith((SHORTAGE, ON_DELIVERY))]


def without(notes: str, *beginnings: str) -> str:
    return "\n".join(line for line in notes.splitlines() if not line.startswith(beginnings))


def beginning_with(beginning: str, notes: str) -> list[str]:
    return [line for line in notes.splitlines() if line.startswith(beginning)]
