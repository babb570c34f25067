"""Making a copy: beside, verified, and only then under its name."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils.text import slugify

from bakery.backup import postgresql, sqlite
from bakery.backup.errors import BackupError
from bakery.backup.keeping import STAMP
from bakery.backup.verifying import faults_of

__all__ = ["Backup", "BackupError", "folder_of_backups", "make_backup"]


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy, and what was found wrong with it when it was opened again: nothing, unless that was allowed.

    `is_opened` is False where PostgreSQL lets us open none.
    """

    path: Path
    bytes: int
    is_opened: bool
    faults: Sequence[str]


def folder_of_backups() -> Path:
    folder = Path(settings.DATA_DIR) / "backups"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def make_backup(reason: str, *, must_be_right: bool = True) -> Backup:
    """Copy the whole database to the folder of backups, named by the moment and the reason.

    Works while people work. The copy is opened and verified before it gets its name; raises BackupError, and
    leaves no file, where it cannot be made or is not right. `must_be_right=False` keeps it all the same: what
    is about to be replaced may be wrong already. What is not committed yet is not in it.
    """
    engine = sqlite if connection.vendor == "sqlite" else postgresql
    try:
        folder = folder_of_backups()
        handle, unfinished = tempfile.mkstemp(dir=folder, prefix=".unfinished-")
        os.close(handle)
    except OSError as error:
        raise BackupError(f"No backup can be written: {error.strerror} ({error.filename}).") from error
    path = Path(unfinished)
    try:
        faults = _copy_sqlite(path) if engine is sqlite else _copy_postgresql(path)
        if faults and must_be_right:
            raise BackupError("The copy is not right, so it was thrown away: " + " ".join(faults[:5]))
        with path.open("rb") as finished:
            os.fsync(finished.fileno())
        named = _named(path, folder, reason, engine.SUFFIX)
        return Backup(named, path.stat().st_size, faults is not None, faults or ())
    except OSError as error:
        raise BackupError(f"No backup could be written: {error.strerror}.") from error
    finally:
        path.unlink(missing_ok=True)


def _copy_sqlite(path: Path) -> list[str]:
    sqlite.copy(Path(connection.settings_dict["NAME"]), path)
    return faults_of(path)


def _copy_postgresql(path: Path) -> list[str] | None:
    """Copy, and return what is wrong with the copy; None where our role may not open one."""
    postgresql.copy(connection.settings_dict["NAME"], path)
    with postgresql.scratch() as name:
        if name is None:
            postgresql.run("pg_restore", "--list", str(path))
            return None
        postgresql.put_in_place(path, name)
        return faults_of(name)


def _named(path: Path, folder: Path, reason: str, suffix: str) -> Path:
    """Give a finished copy a name of its own; two in one second get two names."""
    stamp, why = datetime.now(UTC).strftime(STAMP), slugify(reason) or "by-hand"
    for number in range(1, 1000):
        name = f"bakehouse-{stamp}-{why}{f'-{number}' if number > 1 else ''}.{suffix}"
        try:
            os.link(path, folder / name)
        except FileExistsError:
            continue
        return folder / name
    raise BackupError(f"There are too many backups of this second in {folder}.")
