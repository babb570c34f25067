"""Proving that the books are right: what must always hold, asked of the database in a few statements.

Each rule is one statement, so that it looks at one moment even while somebody bakes, and lists at most
`SHOWN` faults, so that the largest ledger fits. The floors above register their own rules here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from bakery.core.formatting import exact, money4
from bakery.core.numbers import EXACT, MONEY_PLACES, QUANTITY_PLACES
from inventory.models import BOUGHT, EntryKind, Ingredient, StockItem

SHOWN = 100


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule that does not hold: its number among the rules, where, and what is wrong in a sentence."""

    rule: int
    where: str
    sentence: str


@dataclass(frozen=True, slots=True)
class BooksTotals:
    """Where all the money came from and where it is, 4 places; a reversal counts under what it reverses."""

    receipts: Decimal
    openings: Decimal
    cost_corrections: Decimal
    on_shelf: Decimal
    packed: Decimal
    adjusted: Decimal
    written_off: Decimal

    @property
    def came_in(self) -> Decimal:
        return self.receipts + self.openings + self.cost_corrections

    @property
    def accounted_for(self) -> Decimal:
        return self.on_shelf + self.packed + self.adjusted + self.written_off


@dataclass(frozen=True, slots=True)
class BooksReport:
    breaches: tuple[Breach, ...]
    totals: BooksTotals

    @property
    def is_right(self) -> bool:
        return not self.breaches


Check = Callable[[], Iterable[Breach]]


def check_books() -> BooksReport:
    """Ask every rule of the whole ledger. Reads only, in a constant number of statements."""
    totals = get_totals()
    breaches = [breach for check in _checks for breach in check()]
    return BooksReport((*breaches, *check_totals(totals)), totals)


def register_check(check: Check) -> None:
    """Let a floor above ask its own rule whenever the books are checked."""
    if check not in _checks:
        _checks.append(check)


def faults(statement: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """The first rows that `statement`, which selects what is wrong, finds."""
    with connection.cursor() as cursor:
        cursor.execute(f"{statement} LIMIT {SHOWN}", list(parameters))
        return cursor.fetchall()


def quantity_of(scaled: Any) -> Decimal:
    """A quantity as the database keeps it, or a sum of such, in stock units."""
    return Decimal(scaled or 0).scaleb(-QUANTITY_PLACES, context=EXACT)


def money_of(scaled: Any) -> Decimal:
    """Money as the database keeps it, or a sum of such."""
    return Decimal(scaled or 0).scaleb(-MONEY_PLACES, context=EXACT)


# 1. Per lot: what remains is the sum of its movements, and never negative -----------------------------

LOTS = """
SELECT lot.id, item.name, item.stock_unit, lot.quantity_remaining, lot.value_remaining,
       COALESCE(moved.quantity, 0), COALESCE(moved.value, 0)
FROM inventory_lot lot
JOIN inventory_stockitem item ON item.id = lot.item_id
LEFT JOIN (
    SELECT lot_id, SUM(quantity) AS quantity, SUM(value) AS value FROM inventory_stockmovement GROUP BY lot_id
) moved ON moved.lot_id = lot.id
WHERE lot.quantity_remaining <> COALESCE(moved.quantity, 0) OR lot.value_remaining <> COALESCE(moved.value, 0)
   OR lot.quantity_remaining < 0 OR lot.value_remaining < 0
   OR (lot.quantity_remaining = 0 AND lot.value_remaining <> 0)
ORDER BY lot.id
"""


def check_lots() -> Iterator[Breach]:
    for lot, name, unit, quantity, value, moved_quantity, moved_value in faults(LOTS):
        yield Breach(
            1,
            f"lot {lot}",
            f"{name}: the lot says {exact(quantity_of(quantity))} {unit} for {money4(money_of(value))}, its "
            f"movements add up to {exact(quantity_of(moved_quantity))} {unit} for "
            f"{money4(money_of(moved_value))}.",
        )


# 2. Per bake or assembly: what goes in comes out, or is written off when nothing came out -----------------

MADE = """
SELECT entry.id, entry.summary, moved.value
FROM inventory_stockentry entry
LEFT JOIN inventory_stockentry reversed ON reversed.id = entry.reverses_id
JOIN (
    SELECT entry_id, SUM(value) AS value, SUM(CASE WHEN quantity > 0 THEN 1 ELSE 0 END) AS came_out,
           SUM(CASE WHEN quantity < 0 THEN 1 ELSE 0 END) AS went_in
    FROM inventory_stockmovement GROUP BY entry_id
) moved ON moved.entry_id = entry.id
WHERE (entry.kind IN (%s, %s) AND (CASE WHEN moved.came_out > 0 THEN moved.value <> 0 ELSE moved.value > 0 END))
   OR (reversed.kind IN (%s, %s) AND (CASE WHEN moved.went_in > 0 THEN moved.value <> 0 ELSE moved.value < 0 END))
ORDER BY entry.id
"""


def check_made() -> Iterator[Breach]:
    made = (EntryKind.PRODUCTION.value, EntryKind.ASSEMBLY.value)
    for entry, summary, value in faults(MADE, made * 2):
        yield Breach(
            2,
            f"entry {entry}",
            f"“{summary}” changed the worth of the shelf by {money4(money_of(value))}; what it took and what "
            "it made should be worth the same.",
        )


# 4. The kind of an item agrees with the table that holds the rest of it -------------------------------------


KINDS = """
SELECT item.id, item.name, item.kind FROM inventory_stockitem item
LEFT JOIN {table} child ON child.stockitem_ptr_id = item.id
WHERE (item.kind IN ({kinds})) <> (child.stockitem_ptr_id IS NOT NULL)
ORDER BY item.id
"""


def check_kinds() -> Iterator[Breach]:
    for child in StockItem.__subclasses__():
        kinds = BOUGHT if child is Ingredient else (child.default_kind,)
        statement = KINDS.format(table=child._meta.db_table, kinds=", ".join(["%s"] * len(kinds)))
        for pk, name, kind in faults(statement, kinds):
            yield Breach(
                4,
                f"item {pk}",
                f"{name} is kept as {kind}, which does not agree with {child._meta.verbose_name}.",
            )


# 5. Over all: what came in is on the shelf or went somewhere we can name --------------------------------------

# One statement, or a bake between two of them would look like a fault.
TOTALS = """
SELECT COALESCE(reversed.kind, entry.kind), SUM(moved.value)
FROM (SELECT entry_id, SUM(value) AS value FROM inventory_stockmovement GROUP BY entry_id) moved
JOIN inventory_stockentry entry ON entry.id = moved.entry_id
LEFT JOIN inventory_stockentry reversed ON reversed.id = entry.reverses_id
GROUP BY COALESCE(reversed.kind, entry.kind)
UNION ALL
SELECT 'on the shelf', SUM(value_remaining) FROM inventory_lot
"""


def get_totals() -> BooksTotals:
    with connection.cursor() as cursor:
        cursor.execute(TOTALS)
        sums = {kind: money_of(value) for kind, value in cursor.fetchall()}

    def moved(*kinds: EntryKind) -> Decimal:
        return sum((sums.get(kind.value, Decimal(0)) for kind in kinds), Decimal(0))

    return BooksTotals(
        receipts=moved(EntryKind.RECEIPT),
        openings=moved(EntryKind.OPENING),
        cost_corrections=moved(EntryKind.COST_CORRECTION),
        on_shelf=sums["on the shelf"],
        packed=-moved(EntryKind.FULFILMENT),
        adjusted=-moved(EntryKind.ADJUSTMENT),
        written_off=-moved(EntryKind.PRODUCTION, EntryKind.ASSEMBLY),
    )


def check_totals(totals: BooksTotals) -> Iterator[Breach]:
    if totals.came_in != totals.accounted_for:
        yield Breach(
            5,
            "all together",
            f"{money4(totals.came_in)} came in, but {money4(totals.accounted_for)} is accounted for.",
        )


_checks: list[Check] = [check_lots, check_made, check_kinds]
