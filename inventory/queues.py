"""The two statements on the hot path that are worth raw SQL, alike on SQLite and PostgreSQL.

Only numbers made here enter them as parameters; quantities and values are scaled as FixedPointField does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils import timezone

from bakery.core.numbers import EXACT, MONEY_PLACES, QUANTITY_PLACES, round_half_even
from inventory.fifo import OpenLot
from inventory.models import Lot, StockMovement

LOTS_PER_STATEMENT = 3000
"""Three parameters a lot: well under the 32,766 that SQLite allows in one statement."""

# Walks each queue lot by lot along its partial index, and stops where the need is covered: the cost does not
# depend on how many lots wait behind. The next lot is one of the same day, else the first of a later day,
# because a row comparison (received_on, id) > (...) is quadratic on SQLite for lots of one day.
WALK = """
WITH RECURSIVE
need(owner, wanted) AS (VALUES {values}),
walk(owner, wanted, lot, received_on, quantity, value, covered) AS (
    SELECT need.owner, need.wanted, lot.id, lot.received_on, lot.quantity_remaining, lot.value_remaining,
           lot.quantity_remaining
    FROM need JOIN inventory_lot lot ON lot.id = (
        SELECT head.id FROM inventory_lot head
        WHERE head.{owner} = need.owner AND head.quantity_remaining > 0
        ORDER BY head.received_on, head.id LIMIT 1)
    UNION ALL
    SELECT walk.owner, walk.wanted, lot.id, lot.received_on, lot.quantity_remaining, lot.value_remaining,
           walk.covered + lot.quantity_remaining
    FROM walk JOIN inventory_lot lot ON lot.id = COALESCE(
        (SELECT same.id FROM inventory_lot same
         WHERE same.{owner} = walk.owner AND same.quantity_remaining > 0
           AND same.received_on = walk.received_on AND same.id > walk.lot
         ORDER BY same.id LIMIT 1),
        (SELECT later.id FROM inventory_lot later
         WHERE later.{owner} = walk.owner AND later.quantity_remaining > 0
           AND later.received_on > walk.received_on
         ORDER BY later.received_on, later.id LIMIT 1))
    WHERE walk.covered < walk.wanted
)
SELECT owner, lot, received_on, quantity, value FROM walk ORDER BY owner, covered
"""


def heads(
    needs: Sequence[tuple[int, int | None, Decimal]],
) -> dict[tuple[int, int | None], list[OpenLot]]:
    """The oldest open lots of each (item, product or None), as many as its quantity needs.

    Where they do not cover the quantity they are all the open lots there are.
    """
    found: dict[tuple[int, int | None], list[OpenLot]] = defaultdict(list)
    by_item = [(item, amount) for item, product, amount in needs if product is None]
    of_product = {product: (item, amount) for item, product, amount in needs if product is not None}
    for owner, lot in _walk("item_id", by_item):
        found[owner, None].append(lot)
    for owner, lot in _walk("product_id", [(product, amount) for product, (_, amount) in of_product.items()]):
        found[of_product[owner][0], owner].append(lot)
    return dict(found)


def _walk(owner: str, needs: Sequence[tuple[int, Decimal]]) -> list[tuple[int, OpenLot]]:
    if not needs:
        return []
    values = ", ".join(["(CAST(%s AS BIGINT), CAST(%s AS BIGINT))"] * len(needs))
    parameters = [
        number for owner_id, amount in needs for number in (owner_id, _scaled(amount, QUANTITY_PLACES))
    ]
    with connection.cursor() as cursor:
        cursor.execute(WALK.format(values=values, owner=owner), parameters)
        rows = cursor.fetchall()
    return [(row[0], _open_lot(row)) for row in rows]


def _open_lot(row: Sequence[Any]) -> OpenLot:
    _, lot_id, received_on, quantity, value = row
    if isinstance(received_on, str):  # SQLite
        received_on = date.fromisoformat(received_on)
    return OpenLot(lot_id, received_on, _decimal(quantity, QUANTITY_PLACES), _decimal(value, MONEY_PLACES))


def write_remaining(left: Iterable[tuple[int, Decimal, Decimal]]) -> None:
    """Set what remains (quantity, value) of many lots at once: bulk_update takes 30 times as long."""
    rows = list(left)
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    for start in range(0, len(rows), LOTS_PER_STATEMENT):
        part = rows[start : start + LOTS_PER_STATEMENT]
        values = ", ".join(["(CAST(%s AS BIGINT), CAST(%s AS BIGINT), CAST(%s AS BIGINT))"] * len(part))
        parameters: list[Any] = [now]
        for lot_id, quantity, value in part:
            parameters += [lot_id, _scaled(quantity, QUANTITY_PLACES), _scaled(value, MONEY_PLACES)]
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {Lot._meta.db_table} SET quantity_remaining = v.column2, "
                f"value_remaining = v.column3, updated_at = %s FROM (VALUES {values}) AS v "
                f"WHERE {Lot._meta.db_table}.id = v.column1",
                parameters,
            )


def append_movements(entry_id: int, changes: Iterable[tuple[int, Decimal, Decimal]]) -> None:
    """Write one movement (lot, quantity, value) each: building models for them takes six times as long."""
    rows = list(changes)
    for start in range(0, len(rows), LOTS_PER_STATEMENT):
        part = rows[start : start + LOTS_PER_STATEMENT]
        parameters: list[Any] = []
        for lot_id, quantity, value in part:
            parameters += [entry_id, lot_id, _scaled(quantity, QUANTITY_PLACES), _scaled(value, MONEY_PLACES)]
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {StockMovement._meta.db_table} (entry_id, lot_id, quantity, value) "
                f"VALUES {', '.join(['(%s, %s, %s, %s)'] * len(part))}",
                parameters,
            )


def _scaled(value: Decimal, places: int) -> int:
    return int(round_half_even(value, places).scaleb(places, context=EXACT))


def _decimal(value: int, places: int) -> Decimal:
    return Decimal(value).scaleb(-places, context=EXACT)
