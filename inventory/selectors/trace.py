"""Where a lot went, and where it came from: through bakes and boxes, whatever the depth."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from bakery.core.numbers import EXACT, QUANTITY_PLACES
from inventory.models import Lot, StockEntry, StockMovement


@dataclass(frozen=True, slots=True)
class TraceStep:
    """`quantity` of `source` (its stock unit) went through `entry` into `made`.

    `source` is None for what was bought or found, `made` where the way ends: eaten, packed, thrown away.
    """

    entry: StockEntry
    source: Lot | None
    made: Lot | None
    quantity: Decimal


# A voided entry and its reversal are no edges: flour does not descend from the cookies that gave it back. `{zero}`
# is a 0 that SQLite's planner can only know once a lot is reached. With a plain one it expects millions of rows of
# the recursion, and reads the whole ledger first to be ready for them.
STANDS = """COALESCE(entry.reverses_id, 0) = {zero}
    AND NOT EXISTS (SELECT 1 FROM inventory_stockentry reversal WHERE reversal.reverses_id = entry.id + {zero})"""

ZERO, BACK_ZERO = "(step.made - step.made)", "(step.source - step.source)"

GOES_ON = f"""JOIN inventory_stockentry entry ON entry.id = taken.entry_id AND {STANDS}
    LEFT JOIN inventory_stockmovement made ON made.entry_id = entry.id AND made.quantity > {{zero}}"""

COMES_FROM = f"""JOIN inventory_stockentry entry ON entry.id = made.entry_id AND {STANDS}
    LEFT JOIN inventory_stockmovement taken ON taken.entry_id = entry.id AND taken.quantity < {{zero}}"""

FORWARD = f"""
WITH RECURSIVE step(entry, source, made, quantity) AS (
    SELECT entry.id, taken.lot_id, made.lot_id, -taken.quantity
    FROM inventory_stockmovement taken {GOES_ON.format(zero=0)}
    WHERE taken.lot_id IN ({{starts}}) AND taken.quantity < 0
    UNION
    SELECT entry.id, taken.lot_id, made.lot_id, -taken.quantity
    FROM step
    JOIN inventory_stockmovement taken ON taken.lot_id = step.made AND taken.quantity < {ZERO}
    {GOES_ON.format(zero=ZERO)}
)
SELECT entry, source, made, quantity FROM step ORDER BY entry, source
"""

BACK = f"""
WITH RECURSIVE step(entry, source, made, quantity) AS (
    SELECT entry.id, taken.lot_id, made.lot_id, COALESCE(-taken.quantity, made.quantity)
    FROM inventory_stockmovement made {COMES_FROM.format(zero=0)}
    WHERE made.lot_id IN ({{starts}}) AND made.quantity > 0
    UNION
    SELECT entry.id, taken.lot_id, made.lot_id, COALESCE(-taken.quantity, made.quantity)
    FROM step
    JOIN inventory_stockmovement made ON made.lot_id = step.source AND made.quantity > {BACK_ZERO}
    {COMES_FROM.format(zero=BACK_ZERO)}
)
SELECT entry, source, made, quantity FROM step ORDER BY entry DESC, source
"""


@dataclass(frozen=True, slots=True)
class Traces:
    """Both ways: where something went, oldest first, and where something came from, latest first."""

    forward: list[TraceStep]
    back: list[TraceStep]


def trace_forward(lot_id: int) -> list[TraceStep]:
    """Everything that was made of this lot and of what was made of it, and where that went, oldest first."""
    return traces(forward_from=[lot_id]).forward


def trace_back(lot_id: int) -> list[TraceStep]:
    """Everything that went into this lot, down to the purchases and their suppliers, latest first."""
    return traces(back_from=[lot_id]).back


def traces(*, forward_from: Iterable[int] = (), back_from: Iterable[int] = ()) -> Traces:
    """Both for several lots at once: one query for each way, and two for all they meet."""
    forward, back = _walk(FORWARD, list(forward_from)), _walk(BACK, list(back_from))
    rows = [*forward, *back]
    entries = StockEntry.objects.in_bulk({row[0] for row in rows})
    lots = Lot.objects.select_related("item", "product__ingredient", "supplier").in_bulk(
        {lot for _, source, made, _ in rows for lot in (source, made) if lot is not None}
    )
    steps = [
        TraceStep(
            entries[entry],
            lots.get(source),
            lots.get(made),
            Decimal(quantity).scaleb(-QUANTITY_PLACES, context=EXACT),
        )
        for entry, source, made, quantity in rows
    ]
    return Traces(steps[: len(forward)], steps[len(forward) :])


def trace_entry(entry_id: int) -> list[TraceStep]:
    """What an entry took off the shelf, and all that went into it: from a package back to its flour."""
    taken = (
        StockMovement.objects.filter(entry=entry_id, quantity__lt=0)
        .select_related("entry", "lot__item", "lot__product__ingredient", "lot__supplier")
        .order_by("lot_id")
    )
    steps = [TraceStep(movement.entry, movement.lot, None, -movement.quantity) for movement in taken]
    return steps + traces(back_from=(movement.lot_id for movement in taken)).back


def _walk(statement: str, lot_ids: Sequence[int]) -> list[tuple[Any, ...]]:
    """The rows (entry, source, made, scaled quantity) of one way."""
    if not lot_ids:
        return []
    starts = ", ".join(["%s"] * len(lot_ids))
    with connection.cursor() as cursor:
        cursor.execute(statement.format(starts=starts), lot_ids)
        return cursor.fetchall()
