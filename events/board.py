"""Where every event stands: what cards of events show, a constant number of statements for any number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from events.models import Event
from events.selectors.progress import (
    AssemblyProgress,
    EventProgress,
    ProductionProgress,
    assembly_progress_of,
    package_counts_of,
    production_progress_of,
    summed_up,
)
from events.services.costs import EventCosts, costs_beside


@dataclass(frozen=True, slots=True)
class Card:
    """One event in few words. The shares are whole percent, at most 100: more than planned fills no gap."""

    event: Event
    progress: EventProgress
    production: Sequence[ProductionProgress]
    assembly: Sequence[AssemblyProgress]
    baked_percent: int
    assembled_percent: int
    costs: EventCosts

    @property
    def is_ahead(self) -> bool:
        return self.event.event_date >= timezone.localdate()

    @property
    def has_begun(self) -> bool:
        progress = self.progress
        return bool(
            self.baked_percent
            or self.assembled_percent
            or progress.packages_total > progress.packages_pending
        )

    @property
    def packed_percent(self) -> int:
        """The share of the packages that is packed or delivered."""
        progress = self.progress
        return _share(progress.packages_ready + progress.packages_delivered, progress.packages_total)


def cards(events: Iterable[Event]) -> list[Card]:
    """A card for each event, in the order given: at most eight statements for all of them."""
    wanted = list(events)
    ids = [event.pk for event in wanted]
    production, assembly = production_progress_of(ids), assembly_progress_of(ids)
    packages = package_counts_of(ids)
    costs = costs_beside(ids, (line.target for lines in production.values() for line in lines))
    return [
        _card(event, production[event.pk], assembly[event.pk], packages.get(event.pk, {}), costs[event.pk])
        for event in wanted
    ]


def _card(
    event: Event,
    production: Sequence[ProductionProgress],
    assembly: Sequence[AssemblyProgress],
    packages: dict[str, int],
    costs: EventCosts,
) -> Card:
    return Card(
        event=event,
        progress=summed_up(production, assembly, packages),
        production=production,
        assembly=assembly,
        baked_percent=_share(
            sum(min(each.produced_batches, each.target_batches) for each in production),
            sum(each.target_batches for each in production),
        ),
        assembled_percent=_share(
            sum(min(each.assembled_quantity, each.target_quantity) for each in assembly),
            sum(each.target_quantity for each in assembly),
        ),
        costs=costs,
    )


def _share(done: int, wanted: int) -> int:
    return done * 100 // wanted if wanted else 0


def ahead_then_past(events: Iterable[Event], today: date) -> tuple[list[Event], list[Event]]:
    """Events ahead with the nearest first, then those behind us with the latest first."""
    every = list(events)
    ahead = sorted((each for each in every if each.event_date >= today), key=_by_date)
    past = sorted((each for each in every if each.event_date < today), key=_by_date, reverse=True)
    return ahead, past


def _by_date(event: Event) -> tuple[date, str]:
    return event.event_date, event.name
