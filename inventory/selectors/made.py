"""What was made here: the lot a bake or an assembly put on the shelf, and where its pieces went."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, Subquery, Sum

from inventory.models import Lot, StockEntry


def pieces_on_hand() -> Subquery:
    """To annotate stock items with as `on_hand`: what their open lots hold, None when nothing."""
    there = Lot.objects.filter(item=OuterRef("pk"), quantity_remaining__gt=0).order_by().values("item")
    return Subquery(there.annotate(there=Sum("quantity_remaining")).values("there"))


@dataclass(frozen=True, slots=True)
class WentOut:
    """Something that took pieces of a lot, and how many."""

    entry: StockEntry
    pieces: Decimal


def output_of(run: Any) -> Lot | None:
    """The lot a run put on the shelf; None for a failed batch and for imported history."""
    if run.stock_entry_id is None:
        return None
    return Lot.objects.filter(movements__entry=run.stock_entry_id, movements__quantity__gt=0).first()


def where_it_went(lot: Lot | None) -> list[WentOut]:
    """Who used pieces of the lot, oldest first; what was voided since does not count."""
    if lot is None:
        return []
    movements = (
        lot.movements.filter(quantity__lt=0, entry__reverses__isnull=True, entry__reversed_by__isnull=True)
        .select_related("entry")
        .order_by("entry__occurred_at", "id")
    )
    return [WentOut(movement.entry, -movement.quantity) for movement in movements]
