"""Being the only one who writes, for as long as a transaction takes."""

from __future__ import annotations

import time
from collections.abc import Iterable

from django.db import OperationalError, connection, transaction

PATIENCE = 60
"""Seconds that whoever wants everything tries to get it."""

NAP = 50
"""Milliseconds between two tries."""


def lock_tables(tables: Iterable[str]) -> None:
    """Let nobody else write into these tables until the transaction ends; whoever reads is not kept waiting.

    What is read of them from the next statement on stays true until then. SQLite needs no more than the
    transaction, which began with the lock of writers.
    """
    if connection.vendor == "postgresql":
        _lock(tables, "SHARE ROW EXCLUSIVE MODE")


def lock_all_or_none(tables: Iterable[str], patience: int = PATIENCE) -> None:
    """The same for many tables, and nobody locks a row of them meanwhile.

    Who writes takes rows and tables in an order of their own. So one who wants all of them never waits for one
    while they hold another: either all are free, or they let go of what they have and try again. Raises
    OperationalError after `patience` seconds.
    """
    if connection.vendor != "postgresql":
        return
    tables, deadline = list(tables), time.monotonic() + patience
    while True:
        try:
            with transaction.atomic():  # undone, the locks are let go
                _lock(tables, "EXCLUSIVE MODE NOWAIT")
                return
        except OperationalError:
            if time.monotonic() >= deadline:
                raise
        time.sleep(NAP / 1000)


def _lock(tables: Iterable[str], mode: str) -> None:
    names = ", ".join(connection.ops.quote_name(table) for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {names} IN {mode}")
