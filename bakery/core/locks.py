"""Being the only one who writes, for as long as a transaction takes."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection


def lock_tables(tables: Iterable[str]) -> None:
    """Let nobody else write into these tables until the transaction ends; whoever reads is not kept waiting.

    What is read of them from the next statement on stays true until then. SQLite needs no more than the
    transaction, which began with the lock of writers.
    """
    if connection.vendor == "postgresql":
        names = ", ".join(connection.ops.quote_name(table) for table in tables)
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE")
