"""From planned to handed over: packing takes things off the shelf, delivering says when and to whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from assembly.errors import InsufficientComponentsError, MissingComponent
from assembly.services.requirements import missing_of
from bakery.core.errors import InvalidValueError
from bakery.core.formatting import told_apart
from bakery.core.text import NAME_LENGTH
from events.errors import InvalidStatusTransitionError
from events.models import EventRecipientPackage, FulfillmentStatus
from events.services.assignments import (
    ON_DELIVERY,
    SHORTAGE,
    get_assignment,
    locked_assignment,
    planned_part,
)
from events.services.contents import contents_of
from inventory.errors import UnconvertibleError
from inventory.models import EntryKind, StockEntry
from inventory.services import posting
from inventory.services.reversing import checked_reason, reverse_once
from inventory.services.runs import past_moment

NEXT: Mapping[str, tuple[FulfillmentStatus, ...]] = {
    FulfillmentStatus.PENDING: (FulfillmentStatus.READY,),
    FulfillmentStatus.READY: (FulfillmentStatus.DELIVERED,),
    FulfillmentStatus.DELIVERED: (),
}
"""The steps a package takes, one at a time. Back to pending is no step but a correction: `void_packing`."""


def update_fulfillment_status(
    event_recipient_package_id: int,
    new_status: str,
    *,
    allow_short: bool = False,
    delivered_to: str = "",
    note: str = "",
    at: datetime | None = None,
    recorded_by: Any = None,
    uuid: Any = None,
) -> EventRecipientPackage:
    """Take the next step: ready packs (goods and wrapping leave the shelf, oldest first), delivered hands over.

    `at` is when it was done, None now; packing takes today's queue all the same. `note` is what there is to
    say of a delivery: a line of its own below the notes, which a void or a copy leaves out.
    `allow_short` packs what is there, and the notes say what was missing. The same key again changes nothing.
    Raises InvalidStatusTransitionError, InsufficientComponentsError (every shortage), UnconvertibleError,
    AssignmentNotFoundError, InvalidValueError, AlreadyRecordedError. Nothing is changed then.
    """
    if new_status not in FulfillmentStatus.values:
        raise InvalidValueError(
            f"“{new_status}” is no status of a package: {', '.join(FulfillmentStatus.values)}.",
            field="fulfillment_status",
        )
    if new_status == FulfillmentStatus.READY:
        return pack(
            event_recipient_package_id,
            allow_short=bool(allow_short),
            at=at,
            recorded_by=recorded_by,
            uuid=uuid,
        )
    return hand_over(
        event_recipient_package_id, new_status, delivered_to, note, at, is_keyed=uuid is not None
    )


def pack(
    event_recipient_package_id: int,
    *,
    allow_short: bool,
    at: datetime | None,
    recorded_by: Any,
    uuid: Any,
) -> EventRecipientPackage:
    arguments = {"assignment": event_recipient_package_id, "allow_short": allow_short, "at": at}
    asker = posting.caller("pack", recorded_by, uuid, arguments)
    packed_at = past_moment(at, field="at")

    def write() -> EventRecipientPackage:
        packing = locked_assignment(event_recipient_package_id)
        entry = posting.open_entry(asker, EntryKind.FULFILMENT, summary_of(packing), occurred_at=packed_at)
        check_step(packing, FulfillmentStatus.READY)
        missing = take(packing, entry, allow_short=allow_short)
        packing.fulfillment_status = FulfillmentStatus.READY
        packing.ready_at = entry.occurred_at
        packing.stock_entry = entry
        if missing:
            packing.notes = "\n".join(filter(None, [packing.notes, shortage_of(missing)]))
        packing.save(update_fields=["fulfillment_status", "ready_at", "stock_entry", "notes", "updated_at"])
        return packing

    return posting.once(asker, write, lambda entry: get_assignment(event_recipient_package_id))


def take(
    packing: EventRecipientPackage, entry: StockEntry, *, allow_short: bool
) -> Sequence[MissingComponent]:
    """Take the contents off the shelf; returns what was missing, or raises where that is not allowed."""
    found = contents_of({packing.package_id: packing.quantity})[packing.package_id]
    if found.unconvertible:
        raise UnconvertibleError(found.unconvertible)
    posting.lock_items(line.item_id for line in found.tracked)
    allocations = posting.allocate([line.need for line in found.tracked])
    missing = missing_of(found, allocations)
    if missing and not allow_short:
        raise InsufficientComponentsError(missing)
    posting.post(entry, takes=[one for each in allocations.values() for one in each.takes])
    return missing


def shortage_of(missing: Sequence[MissingComponent]) -> str:
    """One line for the notes: "Packed short: Cookie bag 2 of 3, Ribbon 50 cm of 1 m"."""
    parts = []
    for each in missing:
        needed, available = told_apart(each.needed, each.available, each.unit)
        parts.append(f"{each.component_name} {available} of {needed}")
    return SHORTAGE + ", ".join(parts)


def summary_of(assignment: EventRecipientPackage) -> str:
    """What the journal and the trace of a lot say: who gets it, and when."""
    times = f"{assignment.quantity} × " if assignment.quantity > 1 else ""
    return f"Packed {times}{assignment.package} for {assignment.recipient} ({assignment.event})"


@transaction.atomic
def hand_over(
    event_recipient_package_id: int,
    new_status: str,
    delivered_to: str,
    note: str,
    at: datetime | None,
    *,
    is_keyed: bool,
) -> EventRecipientPackage:
    """Mark a packed package as delivered. Sent again by the same form, it is the same delivery; other words
    are those of somebody who came second, and refused: nothing else would tell them that they are not kept.
    """
    delivered_at = past_moment(at, field="at")
    delivered_to, note = (delivered_to or "").strip(), " ".join((note or "").split())
    if len(delivered_to) > NAME_LENGTH:
        raise InvalidValueError(f"That is too long: at most {NAME_LENGTH} letters.", field="delivered_to")
    assignment = locked_assignment(event_recipient_package_id)
    is_delivered = new_status == assignment.fulfillment_status == FulfillmentStatus.DELIVERED
    if is_keyed and is_delivered and says_the_same(assignment, delivered_to, note, at):
        return assignment
    check_step(assignment, new_status)
    assignment.fulfillment_status = FulfillmentStatus.DELIVERED
    assignment.delivered_at = delivered_at
    assignment.delivered_to = delivered_to
    if note:
        assignment.notes = "\n".join(filter(None, [assignment.notes, ON_DELIVERY + note]))
    assignment.save(
        update_fields=["fulfillment_status", "delivered_at", "delivered_to", "notes", "updated_at"]
    )
    return assignment


def says_the_same(
    assignment: EventRecipientPackage, delivered_to: str, note: str, at: datetime | None
) -> bool:
    """Whether a delivered package was delivered in these words. `at` None is now, whenever that was."""
    lines = assignment.notes.splitlines()
    said = [line.removeprefix(ON_DELIVERY) for line in lines if line.startswith(ON_DELIVERY)]
    return (
        delivered_to == assignment.delivered_to
        and said == ([note] if note else [])
        and at in (None, assignment.delivered_at)
    )


def check_step(assignment: EventRecipientPackage, new_status: str) -> None:
    allowed = NEXT[assignment.fulfillment_status]
    if new_status not in allowed:
        raise InvalidStatusTransitionError(
            assignment.fulfillment_status,
            str(new_status),
            [str(step) for step in allowed],
            assignment=assignment,
        )


def void_packing(
    event_recipient_package_id: int, *, reason: str, recorded_by: Any = None, uuid: Any = None
) -> EventRecipientPackage:
    """Put back exactly what a packing took; the package is pending again, also after it was delivered.

    A correction, not a step. One that is pending already stays as it is, so a second void changes nothing.
    Raises AssignmentNotFoundError, InvalidValueError without a reason.
    """
    reason = checked_reason(reason)
    asker = posting.caller("void_packing", recorded_by, uuid, {"assignment": event_recipient_package_id})
    packed = get_assignment(event_recipient_package_id)
    if packed.stock_entry is not None:
        reverse_once(
            packed.stock_entry,
            reason=reason,
            asker=asker,
            also=lambda reversal: unpack(packed),
        )
    return get_assignment(event_recipient_package_id)


@transaction.atomic
def unpack(packed: EventRecipientPackage) -> None:
    assignment = locked_assignment(packed.pk)
    if assignment.stock_entry_id != packed.stock_entry_id:
        return  # packed anew by somebody else in between
    assignment.fulfillment_status = FulfillmentStatus.PENDING
    assignment.stock_entry = None
    assignment.ready_at = assignment.delivered_at = None
    assignment.delivered_to = ""
    assignment.notes = planned_part(assignment.notes)
    assignment.save()


def get_packages_by_status(event_id: int, status: str | None = None) -> list[EventRecipientPackage]:
    """The assignments of an event, all or of one status, by recipient. Raises InvalidValueError."""
    if status is not None and status not in FulfillmentStatus.values:
        raise InvalidValueError(
            f"“{status}” is no status of a package: {', '.join(FulfillmentStatus.values)}.", field="status"
        )
    found = EventRecipientPackage.objects.filter(event=event_id)
    if status is not None:
        found = found.filter(fulfillment_status=status)
    return list(
        found.select_related("event", "recipient", "package").order_by(
            "recipient__name", "package__name", "id"
        )
    )
