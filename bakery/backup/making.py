"""Making a copy: beside, verified, and only then under its name."""

from __future__ import annotations

import os
import tempfile
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
    """A copy that was opened again and found right. `is_opened` is False where PostgreSQL let us open none."""

    path: Path
    bytes: int
    is_opened: bool = True


def folder_of_backups() -> Path:
    folder = Path(settings.DATA_DIR) / "backups"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def make_backup(reason: str) -> Backup:
    """Copy the whole database to the folder of backups, named by the moment and the reason.

    Works while people work. The copy is opened and verified before it gets its name; raises BackupError, and
    leaves no file, where it cannot be made or is not right. What is not committed yet is not in it.
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
        is_opened = _copy_sqlite(path) if engine is sqlite else _copy_postgresql(path)
        with path.open("rb") as finished:
            os.fsync(finished.fileno())
        return Backup(_named(path, folder, reason, engine.SUFFIX), path.stat().st_size, is_opened)
    except OSError as error:
        raise BackupError(f"No backup could be written: {error.strerror}.") from error
    finally:
        path.unlink(missing_ok=True)


def _copy_sqlite(path: Path) -> bool:
    sqlite.copy(Path(connection.settings_dict["NAME"]), path)
    _refuse(faults_of(path))
    return True


def _copy_postgresql(path: Path) -> bool:
    postgresql.copy(connection.settings_dict["NAME"], path)
    with postgresql.scratch() as name:
        if name is None:
            postgresql.run("pg_restore", "--list", str(path))
            return False
        postgresql.put_in_place(path, name)
        _refuse(faults_of(name))
    return True


def _refuse(faults: list[str]) -> None:
    if faults:
        raise BackupError("The copy is not right, so it was thrown away: " + " ".join(faults[:5]))


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
