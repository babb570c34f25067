"""Looking at another database with the code that looks at ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import DEFAULT_DB_ALIAS, connections

# A copy is one file: what a write-ahead log would hold beside it could be left behind.
ONE_FILE = {"init_command": "PRAGMA journal_mode=DELETE; PRAGMA synchronous=FULL"}
# Reading all of a large ledger takes as long as it takes.
NO_HURRY = {"options": "-c statement_timeout=0"}


@contextmanager
def looking_at(name: Path | str) -> Iterator[None]:
    """Inside the block this thread's queries go to the database `name` of the same kind and server."""
    ours = connections[DEFAULT_DB_ALIAS]
    other = ours.copy()
    other.settings_dict["NAME"] = name
    other.settings_dict["OPTIONS"] |= ONE_FILE if other.vendor == "sqlite" else NO_HURRY
    connections[DEFAULT_DB_ALIAS] = other
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = ours
        other.close()
