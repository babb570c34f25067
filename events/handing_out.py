"""The rows of an event's packages: who gets what, what they should not eat, and the next step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, prefetch_related_objects

from bakery.core.forms import new_key
from events.models import EventRecipientPackage, FulfillmentStatus, PackageFinishedGood
from events.selectors.allergens import Contained, avoided_in


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


def package_rows(assignments: Sequence[EventRecipientPackage]) -> list[PackageRow]:
    """A row for each assignment, in the order given: at most five statements."""
    goods = PackageFinishedGood.objects.select_related("finished_good")
    prefetch_related_objects(assignments, Prefetch("package__goods", goods))
    avoided = avoided_in(assignments)
    return [
        PackageRow(
            assignment=assignment,
            avoided=tuple(avoided[assignment.pk]),
            holds=tuple(str(line) for line in assignment.package.goods.all()),
            uuid=new_key(),
        )
        for assignment in assignments
    ]


def filters(assignments: Iterable[EventRecipientPackage]) -> list[Filter]:
    """The statuses of all the packages of an event."""
    counts: Counter[str] = Counter()
    for assignment in assignments:
        counts[assignment.fulfillment_status] += assignment.quantity
    return [
        Filter("", "All", counts.total()),
        *(Filter(value, str(label), counts[value]) for value, label in FulfillmentStatus.choices),
    ]
