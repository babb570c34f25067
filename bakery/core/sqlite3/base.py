"""Django's SQLite, where everybody who waits to write has the same chance, and whose log stays small.

SQLite's own naps grow from 1 ms to a tenth of a second: who came last is served first, and of 32 writers without a
pause some waited for all of their twenty seconds in vain. And whoever naps inside SQLite holds their connection. When
the garbage collector of the thread that has the lock comes upon a cursor of that connection, each waits for the other.
So SQLite is told not to wait (`busy_timeout=0` in the settings), and the naps are made here, all of them short.
"""

from __future__ import annotations

import logging
import random
import sqlite3
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from typing import Any, TypeVar

from django.db.backends.sqlite3 import base

LONGEST_NAP = 5
"""Milliseconds between two looks at the lock, at most: about as long as a write holds it."""

LARGEST_LOG = 1024 * 1024
"""Bytes of the write-ahead log above which a commit moves it into the database: `journal_size_limit` of the settings."""

logger = logging.getLogger(__name__)

Result = TypeVar("Result")


class PatientCursor(base.SQLiteCursorWrapper):
    """Waits for the lock of writers. Inside a transaction there is nothing to wait for: it began with the lock."""

    seconds = 0

    def execute(self, query: str, params: Any = None) -> Any:
        return self._patiently(lambda: base.SQLiteCursorWrapper.execute(self, query, params))

    def executemany(self, query: str, param_list: Iterable[Any]) -> Any:
        rows = list(param_list)
        return self._patiently(lambda: base.SQLiteCursorWrapper.executemany(self, query, rows))

    def _patiently(self, run: Callable[[], Result]) -> Result:
        deadline = time.monotonic() + self.seconds
        while True:
            try:
                return run()
            except sqlite3.OperationalError as error:
                if self.connection.in_transaction or not is_busy(error) or time.monotonic() >= deadline:
                    raise
            time.sleep(random.random() * LONGEST_NAP / 1000)


def is_busy(error: sqlite3.Error) -> bool:
    # The low byte says what is wrong, the rest of it why.
    return getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY


class DatabaseWrapper(base.DatabaseWrapper):
    def create_cursor(self, name: str | None = None) -> PatientCursor:
        cursor = self.connection.cursor(factory=PatientCursor)
        cursor.seconds = self.settings_dict["OPTIONS"].get("timeout", 5)
        return cursor

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]
        if self.connection is not None and self._log_size() > LARGEST_LOG:
            self.empty_log()

    def empty_log(self) -> bool:
        """Move the log into the database, whose next write begins it anew; return False where that has to wait.

        The lock of writers is held meanwhile, by a second connection: SQLite before 3.51.3 has a rare error when
        a log begins anew while it is moved. Nobody is waited for: the next commit tries again. Nothing is raised
        either: what was committed is in the log, and safe there, whatever happens here.
        """
        try:
            with closing(
                sqlite3.connect(self.settings_dict["NAME"], timeout=0, isolation_level=None)
            ) as guard:
                guard.execute("BEGIN IMMEDIATE")
                moved = self.connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
                _, pages, pages_moved = moved.fetchone()
        except sqlite3.Error as error:
            if not is_busy(error):  # a full disk, say
                logger.error("The database log could not be emptied: %s.", error)
            return False
        return bool(pages == pages_moved)

    def _log_size(self) -> int:
        try:
            return Path(f"{Path(self.settings_dict['NAME']).resolve()}-wal").stat().st_size
        except OSError:
            return 0
