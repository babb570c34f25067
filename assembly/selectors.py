"""What the pages of the boxes show: reads only, a constant number of statements each."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from assembly.models import AssemblyRun, FinishedGood
from inventory.models import StockMovement
from inventory.selectors.made import pieces_on_hand


def finished_goods() -> QuerySet[FinishedGood]:
    """Finished goods with `on_hand`, the pieces on the shelf."""
    return FinishedGood.objects.annotate(on_hand=pieces_on_hand()).order_by("name")


@dataclass(frozen=True, slots=True)
class Taken:
    """What a run took of one lot, and the bake or assembly that made the lot, if one did."""

    movement: StockMovement
    made_by: StockMovement | None

    @property
    def used(self) -> Decimal:
        return -self.movement.quantity

    @property
    def cost(self) -> Decimal:
        return -self.movement.value


def what_went_in(run: AssemblyRun) -> list[Taken]:
    """The lots behind a run, down to the runs that made them: two queries."""
    movements = list(
        StockMovement.objects.filter(entry=run.stock_entry_id, quantity__lt=0)
        .select_related("lot__item", "lot__product__ingredient", "lot__supplier")
        .order_by("lot__item__name", "lot__received_on", "lot_id")
    )
    makers = {
        made.lot_id: made
        for made in StockMovement.objects.filter(
            lot__in=[movement.lot_id for movement in movements], quantity__gt=0, entry__reverses__isnull=True
        ).select_related("entry__production_run", "entry__assembly_run")
    }
    return [Taken(movement, makers.get(movement.lot_id)) for movement in movements]
