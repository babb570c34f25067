"""What the overview of one event shows: how far it is, and what is to be done next."""

from __future__ import annotations

from dataclasses import dataclass

from events import board
from events.models import Event
from events.selectors.progress import AssemblyProgress, ProductionProgress


@dataclass(frozen=True, slots=True)
class Overview:
    """Where an event stands; what is still to be baked and put together, the most work first."""

    card: board.Card
    bake_next: tuple[ProductionProgress, ...]
    assemble_next: tuple[AssemblyProgress, ...]

    @property
    def has_plan(self) -> bool:
        progress = self.card.progress
        return bool(
            progress.production_targets_count or progress.assembly_targets_count or progress.packages_total
        )

    @property
    def nothing_left(self) -> bool:
        return not (
            self.bake_next
            or self.assemble_next
            or self.card.progress.packages_pending
            or self.card.progress.packages_ready
        )


def overview_of(event: Event) -> Overview:
    """At most eight statements, whatever the size of the event."""
    [card] = board.cards([event])
    return Overview(
        card=card,
        bake_next=tuple(
            sorted(
                (each for each in card.production if each.open_batches), key=lambda each: -each.open_batches
            )
        ),
        assemble_next=tuple(
            sorted(
                (each for each in card.assembly if each.open_quantity), key=lambda each: -each.open_quantity
            )
        ),
    )
