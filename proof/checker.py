"""What must hold after anything, asked in other words than the product asks it: plain SQL over the tables."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator

from django.db import connection

from inventory.books import check_books
from inventory.models import StockEntry

# What a lot holds is what its movements say.
TORN_LOTS = """
SELECT lot.id FROM inventory_lot lot
LEFT JOIN (SELECT lot_id, SUM(quantity) AS quantity, SUM(value) AS value
           FROM inventory_stockmovement GROUP BY lot_id) moved ON moved.lot_id = lot.id
WHERE lot.quantity_remaining <> COALESCE(moved.quantity, 0) OR lot.value_remaining <> COALESCE(moved.value, 0)
   OR lot.quantity_remaining < 0 OR lot.value_remaining < 0
"""

# A lot was begun although an older one of the same item still holds something.
OUT_OF_ORDER = """
SELECT younger.id FROM inventory_lot younger JOIN inventory_lot older ON older.item_id = younger.item_id
WHERE (older.received_on < younger.received_on
       OR (older.received_on = younger.received_on AND older.id < younger.id))
  AND older.quantity_remaining > 0 AND younger.quantity_remaining < younger.quantity
"""

# An entry that moved nothing, or a bake without its rows.
HALF_ENTRIES = """
SELECT entry.id FROM inventory_stockentry entry
WHERE NOT EXISTS (SELECT 1 FROM inventory_stockmovement moved WHERE moved.entry_id = entry.id)
"""
HALF_BAKES = """
SELECT entry.id FROM inventory_stockentry entry
LEFT JOIN production_productionrun run ON run.stock_entry_id = entry.id
WHERE entry.kind = 'production' AND (run.id IS NULL
   OR NOT EXISTS (SELECT 1 FROM production_productionconsumption row WHERE row.production_run_id = run.id))
"""


def faults(*, in_order: bool = False) -> list[str]:
    """Everything wrong with the database at hand; `in_order` where stock was only ever taken."""
    found = [f"rule {breach.rule}, {breach.where}: {breach.sentence}" for breach in check_books().breaches]
    found += [f"lot {pk} does not hold what its movements say" for pk in asked(TORN_LOTS)]
    found += [f"entry {pk} moved nothing" for pk in asked(HALF_ENTRIES)]
    found += [f"bake of entry {pk} is half there" for pk in asked(HALF_BAKES)]
    if in_order:
        found += [f"lot {pk} was begun before an older one was empty" for pk in asked(OUT_OF_ORDER)]
    if connection.vendor == "sqlite":
        found += [f"integrity: {answer}" for answer in asked("PRAGMA integrity_check") if answer != "ok"]
        found += [f"a reference of {table} leads nowhere" for table in asked("PRAGMA foreign_key_check")]
    return found


def lost(acknowledged: Iterable[str]) -> Iterator[str]:
    """Operations that somebody was told are recorded, and that are not."""
    there = set(StockEntry.objects.values_list("uuid", flat=True))
    for key in acknowledged:
        if uuid.UUID(key) not in there:
            yield f"{key} was acknowledged and is lost"


def asked(statement: str) -> list[object]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return [row[0] for row in cursor.fetchall()]
