"""The rows of an event's packages: who gets what, what they should not eat, and the next step."""

from __future__ import annotations

from dataclasses import dataclass

from bakery.core.forms import new_key
from events.models import Event, EventRecipientPackage, FulfillmentStatus
from events.selectors.allergens import Contained, avoided_in
from events.selectors.progress import package_counts_of
from events.services import get_packages_by_status
from events.services.contents import contents_of


@dataclass(frozen=True, slots=True)
class PackageRow:
    """One assignment with what its recipient avoids in it, what it holds, and the key of its next step."""

    assignment: EventRecipientPackage
    avoided: tuple[Contained, ...]
    holds: tuple[str, ...]
    uuid: str

    @property
    def key(self) -> str:
        return f"assignment-{self.assignment.pk}"

    @property
    def is_pending(self) -> bool:
        return self.assignment.fulfillment_status == FulfillmentStatus.PENDING

    @property
    def is_ready(self) -> bool:
        return self.assignment.fulfillment_status == FulfillmentStatus.READY


@dataclass(frozen=True, slots=True)
class Filter:
    """A status to look at, with how many packages have it (quantities added up)."""

    status: str
    label: str
    packages: int


def package_rows(event: Event, status: str) -> list[PackageRow]:
    """The packages of an event by recipient, all or of one status: at most eight statements."""
    assignments = get_packages_by_status(event.pk, status or None)
    avoided = avoided_in(assignments)
    contents = contents_of({assignment.package_id: 1 for assignment in assignments})
    return [
        PackageRow(
            assignment=assignment,
            avoided=tuple(avoided[assignment.pk]),
            holds=tuple(
                f"{line.quantity.normalize():f} × {line.component_name}"
                for line in contents[assignment.package_id].lines
                if line.product_id is None
            ),
            uuid=new_key(),
        )
        for assignment in assignments
    ]


def filters(event: Event) -> list[Filter]:
    """One statement."""
    counts = package_counts_of([event.pk]).get(event.pk, {})
    return [
        Filter("", "All", sum(counts.values())),
        *(Filter(value, str(label), counts.get(value, 0)) for value, label in FulfillmentStatus.choices),
    ]
