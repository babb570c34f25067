"""The whole bakery as a file: taking it out and in, against `json.load` and a bare `executemany` of the same rows."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction

from bakery.transfer.arrays import ARRAYS
from bakery.transfer.exporting import beside, export
from bakery.transfer.importing import empty, import_file
from benchmarks import bakery
from benchmarks.figures import Figure
from inventory.models import EntryKind, Lot, StockEntry, StockMovement

MOVEMENTS = 100_000
LOTS_PER_ENTRY = 10
DRAWS_PER_LOT = 50

BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)


def measure() -> Iterator[Figure]:
    """Replaces what is in the bakery by a ledger of MOVEMENTS, and leaves it there."""
    empty(ARRAYS)
    fill(MOVEMENTS)
    bakery.settle()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bakery.json"
        out = timed(lambda: write(path))
        empty(ARRAYS)
        taken = timed(lambda: import_file(path))
        bare = timed(lambda: bare_import(path, Path(folder) / "bare.sqlite3"))
        with path.open("rb") as stream:
            rows = sum(line.startswith(b"{") for line in stream) - 1
    yield Figure(f"{rows / out * 1000:,.0f} rows a second out, against json and executemany", out, bare, 8.0)
    yield Figure(f"{rows / taken * 1000:,.0f} rows a second in, against the same", taken, bare, 20.0)


def timed(operation: Callable[[], object]) -> float:
    """Milliseconds of the processor: whoever else is busy here has no part in it."""
    start = time.process_time()
    operation()
    return (time.process_time() - start) * 1000


def write(path: Path) -> None:
    with beside(path) as stream:
        export(stream)


def bare_import(path: Path, database: Path) -> None:
    """The least that reading the same rows into a database takes: nothing is looked at."""
    document: dict[str, Any] = json.loads(path.read_bytes())
    connection = sqlite3.connect(database)
    for name, rows in document.items():
        if isinstance(rows, list) and rows:
            names = list(rows[0])
            connection.execute(f"CREATE TABLE {name} ({', '.join(names)})")
            marks = ", ".join("?" * len(names))
            connection.executemany(
                f"INSERT INTO {name} VALUES ({marks})",
                ([str(value) for value in row.values()] for row in rows),
            )
    connection.commit()
    connection.close()


@transaction.atomic
def fill(movements: int) -> None:
    """A ledger of so many movements: purchases, and draws of a gram each from ten lots."""
    items = bakery.make_ingredients(100)
    count = movements // (DRAWS_PER_LOT + 1)
    bought = Decimal(1000), Decimal(10)
    gram = Decimal(1), Decimal("0.01")
    lots = Lot.objects.bulk_create(
        Lot(
            item_id=items[number % len(items)].pk,
            received_on=BEGINNING.date() + timedelta(days=number % 2000),
            quantity=bought[0],
            value=bought[1],
            quantity_remaining=bought[0] - DRAWS_PER_LOT * gram[0],
            value_remaining=bought[1] - DRAWS_PER_LOT * gram[1],
        )
        for number in range(count)
    )
    StockMovement.objects.bulk_create(
        StockMovement(entry=entry, lot=lot, quantity=bought[0], value=bought[1])
        for lot, entry in zip(lots, entries(EntryKind.OPENING, count), strict=True)
    )
    drawn = [lots[start : start + LOTS_PER_ENTRY] for start in range(0, count, LOTS_PER_ENTRY)]
    for _ in range(DRAWS_PER_LOT):
        StockMovement.objects.bulk_create(
            StockMovement(entry=entry, lot=lot, quantity=-gram[0], value=-gram[1])
            for entry, some in zip(entries(EntryKind.ADJUSTMENT, len(drawn)), drawn, strict=True)
            for lot in some
        )


def entries(kind: EntryKind, count: int) -> list[StockEntry]:
    return StockEntry.objects.bulk_create(
        StockEntry(
            uuid=uuid.uuid4(),
            fingerprint=hashlib.sha256(str(number).encode()).hexdigest(),
            kind=kind,
            summary="2 batches of Lebkuchen for Advent Market",
            occurred_at=BEGINNING + timedelta(minutes=number),
        )
        for number in range(count)
    )
