"""The same row changes as a bake or an assembly, as bare SQL through `sqlite3`: nothing can be faster."""

from __future__ import annotations

import sqlite3
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from assembly.models import AssemblyRun
from bakery.environment import SQLITE_OPTIONS
from production.models import ProductionRun

CONSUMPTIONS: dict[type, tuple[str, ...]] = {
    ProductionRun: ("production_productionconsumption",),
    AssemblyRun: (
        "assembly_assemblyfinishedunitconsumption",
        "assembly_assemblyfinishedgoodconsumption",
        "assembly_assemblypackagingconsumption",
    ),
}


def connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.executescript(str(SQLITE_OPTIONS["init_command"]))
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


class Replay:
    """Writes again, under new keys, exactly the rows that one bake or one assembly wrote."""

    def __init__(self, connection: sqlite3.Connection, run: ProductionRun | AssemblyRun) -> None:
        self.connection = connection
        entry_id = run.stock_entry_id
        self.table = run._meta.db_table
        self.key = f"{run._meta.model_name}_id".replace("run", "_run")
        self.run = self.rows(self.table, "id", run.pk)[0]
        self.entry = self.rows("inventory_stockentry", "id", entry_id)[0]
        self.consumptions = {table: self.rows(table, self.key, run.pk) for table in CONSUMPTIONS[type(run)]}
        self.movements = self.rows("inventory_stockmovement", "entry_id", entry_id)
        made = {row["lot_id"] for row in self.movements if row["quantity"] > 0}
        self.made = self.rows("inventory_lot", "id", made.pop())[0]
        self.taken = [
            self.rows("inventory_lot", "id", row["lot_id"])[0]
            for row in self.movements
            if row["quantity"] < 0
        ]

    def rows(self, table: str, column: str, value: Any) -> list[dict[str, Any]]:
        cursor = self.connection.execute(f"SELECT * FROM {table} WHERE {column} = ?", [value])
        names = [each[0] for each in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor]

    def insert(self, table: str, row: dict[str, Any], **changes: Any) -> int:
        values = {**{name: value for name, value in row.items() if name != "id"}, **changes}
        marks = ", ".join("?" * len(values))
        cursor = self.connection.execute(
            f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})", list(values.values())
        )
        return int(cursor.lastrowid or 0)

    def insert_all(self, table: str, rows: list[dict[str, Any]]) -> None:
        names = [name for name in rows[0] if name != "id"]
        self.connection.executemany(
            f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})",
            [[row[name] for name in names] for row in rows],
        )

    def __call__(self) -> None:
        key = uuid.uuid4().hex
        now = datetime.now(tz=UTC).replace(tzinfo=None).isoformat(sep=" ")
        self.connection.execute("BEGIN IMMEDIATE")
        entry = self.insert("inventory_stockentry", self.entry, uuid=key)
        made = self.insert("inventory_lot", self.made, uuid=uuid.uuid4().hex)
        self.connection.executemany(
            "UPDATE inventory_lot SET quantity_remaining = ?, value_remaining = ?, updated_at = ? WHERE id = ?",
            [(lot["quantity_remaining"], lot["value_remaining"], now, lot["id"]) for lot in self.taken],
        )
        self.insert_all(
            "inventory_stockmovement",
            [
                {**row, "entry_id": entry, "lot_id": made if row["quantity"] > 0 else row["lot_id"]}
                for row in self.movements
            ],
        )
        run = self.insert(self.table, self.run, uuid=key, stock_entry_id=entry)
        for table, rows in self.consumptions.items():
            self.insert_all(table, [{**row, self.key: run} for row in rows])
        self.connection.execute("COMMIT")
