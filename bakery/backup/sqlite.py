"""Copying a SQLite database with its online backup, which works while others read and write."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from bakery.backup.errors import BackupError

SUFFIX = "sqlite3"
MAGIC = b"SQLite format 3\0"
PATIENCE = 30  # seconds until somebody's write must be over


def copy(source: Path, target: Path) -> None:
    """Copy a database, as it is at one moment, to a single file. Writers go on meanwhile."""
    try:
        with closing(read_only(source)) as ours, closing(sqlite3.connect(target)) as theirs:
            ours.backup(theirs)
            theirs.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        raise BackupError(f"{source} could not be copied to {target}: {error}.") from error


def put_in_place(source: Path, target: Path) -> None:
    """Make `target` hold what `source` holds, in one transaction: it holds the old or the new, never half.

    Also while it is open elsewhere: whoever reads next reads the new.
    """
    try:
        with closing(read_only(source)) as theirs, closing(sqlite3.connect(target, PATIENCE)) as ours:
            ours.execute("PRAGMA journal_mode=WAL")
            theirs.backup(ours)
    except sqlite3.Error as error:
        raise BackupError(f"{target} could not be replaced: {error}. It is as it was.") from error


def read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", timeout=PATIENCE, uri=True)
