"""The wall behind the append-only ledger: the database itself refuses to change or delete its rows.

SQLite drops triggers silently when a migration remakes their table, so they are put back after every
`migrate`. The one door, `unlocked`, is for emptying a database, never for putting history right.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction

TABLES = ("inventory_stockentry", "inventory_stockmovement")

# A row in it opens the door, and only the transaction that wrote the row can see it.
DOOR = "CREATE TABLE IF NOT EXISTS ledger_unlock (token varchar(32) NOT NULL)"

REFUSAL = "The ledger is only ever appended to: void the entry instead."

SQLITE_TRIGGER = """
CREATE TRIGGER IF NOT EXISTS {table}_no_{change} BEFORE {change} ON {table}
WHEN NOT EXISTS (SELECT 1 FROM ledger_unlock)
BEGIN SELECT RAISE(ABORT, '{refusal}'); END
"""

# restrict_violation belongs to the class of integrity errors, as RAISE(ABORT) does on SQLite.
POSTGRESQL_FUNCTION = f"""
CREATE OR REPLACE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM ledger_unlock) THEN
        RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$
"""

POSTGRESQL_TRIGGER = """
CREATE OR REPLACE TRIGGER {table}_no_{change} BEFORE {change} ON {table}
FOR EACH ROW EXECUTE FUNCTION ledger_refuse()
"""


def install(*, using: str = DEFAULT_DB_ALIAS, **kwargs: Any) -> None:
    """Put the triggers where they belong; a receiver of post_migrate, harmless to call again."""
    connection = connections[using]
    tables = [name for name in TABLES if name in connection.introspection.table_names()]
    with transaction.atomic(using=using), connection.cursor() as cursor:
        cursor.execute(DOOR)
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRESQL_FUNCTION)
        trigger = POSTGRESQL_TRIGGER if connection.vendor == "postgresql" else SQLITE_TRIGGER
        for table in tables:
            for change in ("update", "delete"):
                cursor.execute(trigger.format(table=table, change=change, refusal=REFUSAL))


@contextmanager
def unlocked(using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """Let rows of the ledger be changed and deleted inside the block, which is one transaction.

    The key turns back when the block ends, also by an error or a power cut: it is never committed.
    """
    token = secrets.token_hex(16)
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("INSERT INTO ledger_unlock (token) VALUES (%s)", [token])
        yield
        cursor.execute("DELETE FROM ledger_unlock WHERE token = %s", [token])
