"""Django's SQLite, where everybody who waits to write has the same chance.

SQLite itself lets a writer sleep the longer the longer it has waited, up to a tenth of a second: who came last is
served first, and of 32 writers without a pause some waited for all of their twenty seconds in vain.
"""

from __future__ import annotations

import random
import sqlite3
import time

from django.db import OperationalError
from django.db.backends.sqlite3 import base

LONGEST_NAP = 3
"""Milliseconds between two looks at the lock, at most: a write holds it for five to ten."""


class DatabaseWrapper(base.DatabaseWrapper):
    def _start_transaction_under_autocommit(self) -> None:
        """Begin a transaction; raises OperationalError when the lock was not free within the timeout."""
        seconds = self.settings_dict["OPTIONS"]["timeout"]
        deadline = time.monotonic() + seconds
        self.connection.execute("PRAGMA busy_timeout = 0")
        try:
            while not self._begins(is_last=time.monotonic() >= deadline):
                time.sleep(random.random() * LONGEST_NAP / 1000)
        finally:
            self.connection.execute(f"PRAGMA busy_timeout = {seconds * 1000}")

    def _begins(self, *, is_last: bool) -> bool:
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except OperationalError as error:
            # The low byte says what is wrong, the rest of it why.
            code = getattr(error.__cause__, "sqlite_errorcode", 0) & 0xFF
            if is_last or code != sqlite3.SQLITE_BUSY:
                raise
            return False
        return True
