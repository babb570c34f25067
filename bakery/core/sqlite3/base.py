"""Django's SQLite, where everybody who waits to write has the same chance, and whose log stays small.

SQLite's own naps grow from 1 ms to a tenth of a second: who came last is served first, and of 32 writers without a
pause some waited for all of their twenty seconds in vain. And whoever naps inside SQLite holds their connection. When
the garbage collector of the thread that has the lock comes upon a cursor of that connection, each waits for the other.
So the naps are made here, all of them short, and nobody waits inside.
"""

from __future__ import annotations

import logging
import random
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db.backends.sqlite3 import base
from django.db.backends.utils import debug_transaction

LONGEST_NAP = 5
"""Milliseconds between two looks at the lock, at most: about as long as a write holds it."""

LARGEST_LOG = 1024 * 1024
"""Bytes of the write-ahead log above which a commit moves it into the database."""

MUCH_TOO_LARGE = 64
"""Times LARGEST_LOG: by then somebody has been reading for very long, and an operator should know."""

logger = logging.getLogger(__name__)


class DatabaseWrapper(base.DatabaseWrapper):
    def _start_transaction_under_autocommit(self) -> None:
        """Begin a transaction; raises OperationalError when the lock was not free within the timeout."""
        begin = f"BEGIN {self.transaction_mode}"  # type: ignore[attr-defined]
        deadline = time.monotonic() + self.settings_dict["OPTIONS"]["timeout"]
        with debug_transaction(self, begin), self.wrap_database_errors, self._without_waiting():
            while True:
                try:
                    self.connection.execute(begin)
                except sqlite3.OperationalError as error:
                    # The low byte says what is wrong, the rest of it why.
                    is_busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
                    if not is_busy or time.monotonic() >= deadline:
                        raise
                else:
                    return
                time.sleep(random.random() * LONGEST_NAP / 1000)

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]
        # Now is the moment: everybody else naps, and the lock is free.
        if self.connection is not None and self._log_size() > LARGEST_LOG:
            self.empty_log()

    def empty_log(self) -> bool:
        """Write the log into the database and cut it to nothing; return False where somebody reading puts it off.

        `TRUNCATE` holds the lock of writers meanwhile, so that no commit can meet the reset of the log; automatic
        checkpoints, which can, are off. What was committed is in the log, and safe there, whatever happens here.
        """
        with self._without_waiting():
            try:
                is_busy, *_ = self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            except sqlite3.OperationalError as error:  # a full disk, say
                logger.error("The database log could not be emptied: %s.", error)
                return False
        if self._log_size() > MUCH_TOO_LARGE * LARGEST_LOG:
            logger.warning("The database log grows and could not be emptied yet: somebody was reading.")
        return not is_busy

    def _log_size(self) -> int:
        log = Path(f"{self.settings_dict['NAME']}-wal")
        return log.stat().st_size if log.exists() else 0

    @contextmanager
    def _without_waiting(self) -> Iterator[None]:
        self.connection.execute("PRAGMA busy_timeout = 0")
        try:
            yield
        finally:
            self.connection.execute(
                f"PRAGMA busy_timeout = {self.settings_dict['OPTIONS']['timeout'] * 1000}"
            )
