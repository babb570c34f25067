"""A migration that is killed in the middle, and run again (R14)."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.db import connection

from bakery.backup.verifying import is_current
from inventory.models import Lot, StockEntry, StockMovement
from proof.addresses import a_bit_of_everything
from proof.checker import asked, faults
from proof.kills import killed_at

# Where a bakery of last month stood.
EARLIER = [("events", "0002"), ("assembly", "0002"), ("production", "0002"), ("inventory", "0003")]


def migrate(*target: str) -> None:
    call_command("migrate", *target, verbosity=0, interactive=False, skip_backup=True)


def kill_migrations(every: int) -> dict[str, Any]:
    """Kill `migrate` at every so many of its statements, run it again, and look."""
    a_bit_of_everything()
    before, wrong, kills = ledger(), [], 0
    for number in range(0, 10_000, every):
        for target in EARLIER:
            migrate(*target)
        was_killed = killed_at(migrate, number) is not None
        kills += was_killed
        migrate()
        if not is_current():
            wrong.append(f"statement {number}: not migrated")
        if ledger() != before or (found := faults(in_order=False)):
            wrong.append(f"statement {number}: {found if ledger() == before else 'the ledger has changed'}")
        if triggers() != 4:
            wrong.append(f"statement {number}: {triggers()} triggers")
        if not was_killed:
            break
    return {"kills": kills, "wrong": wrong}


def ledger() -> list[Any]:
    models: list[Any] = [Lot, StockEntry, StockMovement]
    fields: dict[Any, Any] = {
        Lot: ("id", "quantity_remaining", "value_remaining"),
        StockEntry: ("id", "uuid", "reverses"),
    }
    fields[StockMovement] = ("id", "entry", "lot", "quantity", "value")
    return [list(model.objects.order_by("pk").values_list(*fields[model])) for model in models]


def triggers() -> int:
    where = (
        "sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "pg_trigger WHERE NOT tgisinternal"
    )
    return int(str(asked(f"SELECT COUNT(*) FROM {where}")[0]))


def drop_a_trigger() -> int:
    """A planted fault."""
    on = "" if connection.vendor == "sqlite" else " ON inventory_stockentry"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER inventory_stockentry_no_update{on}")
    return triggers()
