"""A migration that is killed in the middle, and run again (R14)."""

from __future__ import annotations

import contextlib
import hashlib
import shutil
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection, migrations
from django.db.migrations.executor import MigrationExecutor

from bakery.backup.verifying import is_current
from inventory import triggers
from inventory.models import Lot, StockEntry, StockMovement
from proof.addresses import a_bit_of_everything
from proof.checker import asked, faults
from proof.contests import replaced
from proof.databases import psql
from proof.kills import At, chosen, killed_at

# Where a bakery of last month stood.
EARLIER = [("events", "0002_gifts_and_targets"), ("assembly", "0002_edited"), ("production", "0002_edited")]
EARLIER += [("inventory", "0003_edited")]


def migrate() -> None:
    call_command("migrate", verbosity=0, interactive=False, skip_backup=True)


def kill_migrations(points: int, sabotage: str = "") -> dict[str, Any]:
    """Kill `migrate` at up to `points` of its statements, run it again, and look.

    What one kill leaves behind, the next often leaves as well: each such state is finished once. `sabotage`
    plants a fault in a migration: the checker has to notice.
    """
    a_bit_of_everything()
    books = ledger()
    MigrationExecutor(connection).migrate(EARLIER)
    with SABOTAGE[sabotage](), a_copy() as put_back:
        at = At(-1, lambda: None)
        with at.watching():
            migrate()
        kills, finished, wrong = chosen(at.count, points), set(), []
        for number in kills:
            put_back()
            if killed_at(migrate, number) is None:
                wrong.append(f"statement {number}: came to its end before")
            if (left := built()) not in finished:
                finished.add(left)
                wrong += [f"statement {number}: {fault}" for fault in finish(books)]
    return {"statements": at.count, "kills": len(kills), "states": len(finished), "wrong": wrong}


def finish(books: list[Any]) -> Iterator[str]:
    """Run `migrate` again; what is wrong after it."""
    try:
        migrate()
    except Exception as error:
        yield f"{type(error).__name__}: {error}"
        return
    if not is_current():
        yield "not migrated"
    if ledger() != books:
        yield "the ledger has changed"
    yield from faults()
    if (there := triggers_there()) != 4:
        yield f"{there} triggers"


def ledger() -> list[Any]:
    models: list[Any] = [Lot, StockEntry, StockMovement]
    fields: dict[Any, Any] = {
        Lot: ("id", "quantity_remaining", "value_remaining"),
        StockEntry: ("id", "uuid", "reverses"),
    }
    fields[StockMovement] = ("id", "entry", "lot", "quantity", "value")
    return [list(model.objects.order_by("pk").values_list(*fields[model])) for model in models]


def triggers_there() -> int:
    where = (
        "sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "pg_trigger WHERE NOT tgisinternal"
    )
    return int(str(asked(f"SELECT COUNT(*) FROM {where}")[0]))


# what a kill leaves, and the way back -----------------------------------------------------------------------

SCHEMA = {
    "sqlite": ["SELECT sql FROM sqlite_master"],
    "postgresql": [
        "SELECT columns::text FROM information_schema.columns WHERE table_schema = 'public'",
        "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
        "SELECT conname || pg_get_constraintdef(oid) FROM pg_constraint",
        "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    ],
}


def built() -> str:
    """One word for all tables, how they are built and what is in them, but not for the moment of a migration."""
    digest = hashlib.sha256()
    statements = ["SELECT app || name FROM django_migrations", *SCHEMA[connection.vendor]]
    with connection.cursor() as cursor:
        for table in sorted({*connection.introspection.table_names(cursor)} - {"django_migrations"}):
            statements.append(f"SELECT * FROM {connection.ops.quote_name(table)}")
        for statement in statements:
            cursor.execute(statement)
            digest.update(repr(sorted(map(repr, cursor.fetchall()))).encode())
    return digest.hexdigest()


@contextlib.contextmanager
def a_copy() -> Iterator[Callable[[], None]]:
    """Keep the database as it is now; gives the way back to it."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        asked("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copy(name, f"{name}-copy")

        def put_back() -> None:
            connection.close()
            for log in (f"{name}-wal", f"{name}-shm"):
                Path(log).unlink(missing_ok=True)
            shutil.copy(f"{name}-copy", name)

        yield put_back
        return

    def copy(source: str, target: str) -> None:
        connection.close()
        psql(f"DROP DATABASE IF EXISTS {target} WITH (FORCE)")
        done = psql(f"CREATE DATABASE {target} TEMPLATE {source}")
        assert done.returncode == 0, done.stderr

    copy(name, f"{name}_copy")
    try:
        yield lambda: copy(f"{name}_copy", name)
    finally:
        psql(f"DROP DATABASE {name}_copy WITH (FORCE)")


# planted faults ---------------------------------------------------------------------------------------------

# The migrations that are killed.
LATER = ["inventory.migrations.0004_growth", "production.migrations.0003_growth"]
LATER += ["assembly.migrations.0003_growth"]
LATER += ["events.migrations.0003_suggested_targets", "events.migrations.0004_assignment_name"]


def in_the_first(statement: str) -> contextlib.AbstractContextManager[None]:
    """A statement more in one of the migrations."""
    migration: Any = import_module(LATER[0]).Migration
    return replaced(migration, "operations", [*migration.operations, migrations.RunSQL(statement)])


@contextlib.contextmanager
def unguarded() -> Iterator[None]:
    """A migration that loses a trigger, and nobody who puts it back."""
    on = {"sqlite": "", "postgresql": " ON inventory_stockentry"}[connection.vendor]
    with in_the_first(f"DROP TRIGGER inventory_stockentry_no_update{on}"), replaced(triggers, "TABLES", ()):
        yield


@contextlib.contextmanager
def torn() -> Iterator[None]:
    """Migrations that are not one transaction each."""
    with contextlib.ExitStack() as stack:
        for name in LATER:
            stack.enter_context(replaced(import_module(name).Migration, "atomic", False))
        yield


CHANGE_A_LOT = "UPDATE inventory_lot SET value_remaining = value_remaining + 1 WHERE id = 1"

SABOTAGE: dict[str, Callable[[], contextlib.AbstractContextManager[None]]] = {
    "": contextlib.nullcontext,
    "torn": torn,
    "unguarded": unguarded,
    "lot": lambda: in_the_first(CHANGE_A_LOT),
}
