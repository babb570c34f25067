"""Events themselves: finding one under lock, and deleting one with what was only planned for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from assembly.models import AssemblyRun
from bakery.core.errors import EventNotFoundError
from events.errors import EventInUseError
from events.models import (
    Event,
    EventAssemblyTarget,
    EventProductionTarget,
    EventRecipientPackage,
    FulfillmentStatus,
    ShoppingItem,
)
from production.models import ProductionRun


@dataclass(frozen=True, slots=True)
class EventDeletion:
    """What deleting an event would take with it, and what stands in the way."""

    event: Event
    production_targets: int
    assembly_targets: int
    pending_assignments: int
    shopping_items: int
    bakes: tuple[ProductionRun, ...]
    assemblies: tuple[AssemblyRun, ...]
    packed: tuple[EventRecipientPackage, ...]

    @property
    def targets(self) -> int:
        return self.production_targets + self.assembly_targets

    @property
    def is_refused(self) -> bool:
        return bool(self.bakes or self.assemblies or self.packed)


def locked_event(event_id: Any) -> Event:
    """The event, locked until the transaction ends: what is planned for one is changed by one at a time."""
    event = Event.objects.select_for_update().filter(pk=event_id).first()
    if event is None:
        raise EventNotFoundError(event_id)
    return event


def get_event_deletion(event_id: int) -> EventDeletion:
    """What deleting this event would take with it: eight statements. Raises EventNotFoundError."""
    event = Event.objects.filter(pk=event_id).first()
    if event is None:
        raise EventNotFoundError(event_id)
    return deletion_of(event)


def deletion_of(event: Event) -> EventDeletion:
    assignments = EventRecipientPackage.objects.filter(event=event)
    pending = assignments.filter(fulfillment_status=FulfillmentStatus.PENDING)
    packed = assignments.exclude(fulfillment_status=FulfillmentStatus.PENDING)
    return EventDeletion(
        event=event,
        production_targets=EventProductionTarget.objects.filter(event=event).count(),
        assembly_targets=EventAssemblyTarget.objects.filter(event=event).count(),
        pending_assignments=pending.count(),
        shopping_items=ShoppingItem.objects.filter(event=event).count(),
        bakes=tuple(ProductionRun.objects.filter(event=event).select_related("recipe")),
        assemblies=tuple(AssemblyRun.objects.filter(event=event).select_related("finished_good")),
        packed=tuple(packed.select_related("event", "recipient", "package")),
    )


@transaction.atomic
def delete_event(*, event_id: int) -> None:
    """Delete an event with its targets, its pending assignments and its own lines on the shopping list.

    Raises EventNotFoundError, and EventInUseError while a run (a voided one too: the histories show it) or a
    packed package points at it.
    """
    event = locked_event(event_id)
    # Who packs one of its packages right now is waited for, and found below.
    list(EventRecipientPackage.objects.select_for_update().filter(event=event).order_by("pk"))
    found = deletion_of(event)
    if found.is_refused:
        raise EventInUseError(
            found.event, bakes=found.bakes, assemblies=found.assemblies, packed=found.packed
        )
    EventRecipientPackage.objects.filter(
        event=found.event, fulfillment_status=FulfillmentStatus.PENDING
    ).delete()
    found.event.delete()
