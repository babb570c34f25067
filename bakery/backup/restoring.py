"""Putting a copy back: looked at and brought up to date beside, then put in place in one step."""

from __future__ import annotations

import logging
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management import call_command
from django.db import DatabaseError, connection

from bakery.backup import postgresql, sqlite
from bakery.backup.elsewhere import looking_at
from bakery.backup.errors import BackupError
from bakery.backup.making import folder_of_backups, make_backup
from bakery.backup.verifying import faults, unknown_migrations

security = logging.getLogger("bakery.security")


def restore(path: Path) -> Path | None:
    """Put the database back as a backup holds it, accounts included; returns where what was there is kept.

    The file is copied, verified, migrated to this version and verified again before anything is touched, and
    then takes the place of everything in one transaction. Raises BackupError, and nothing is changed then.
    """
    check_kind(path)
    with ready_copy(path) as ready:
        before = keep_what_is_there()
        connection.close()
        if connection.vendor == "sqlite":
            sqlite.put_in_place(ready, Path(connection.settings_dict["NAME"]))
        else:
            postgresql.put_in_place(ready, connection.settings_dict["NAME"])
    security.warning("restored %s; what was there before is in %s", path, before or "no file")
    return before


def keep_what_is_there() -> Path | None:
    """Copy what the restore will replace, right or wrong; a file that is no database any more is put aside."""
    try:
        if "django_migrations" not in connection.introspection.table_names():
            return None
        return make_backup("before-restore", must_be_right=False).path
    except (BackupError, DatabaseError):
        if connection.vendor != "sqlite":
            raise
    connection.close()
    aside = folder_of_backups() / f"unreadable-{secrets.token_hex(4)}.sqlite3"
    name = connection.settings_dict["NAME"]
    for end in ("-shm", "-wal", ""):
        if Path(f"{name}{end}").exists():
            shutil.move(f"{name}{end}", f"{aside}{end}")
    return aside


def check_kind(path: Path) -> None:
    """Refuse what is not a backup of the kind of database this installation has."""
    try:
        with path.open("rb") as file:
            head = file.read(len(sqlite.MAGIC))
    except OSError as error:
        raise BackupError(f"{path} cannot be read: {error.strerror}. Nothing was changed.") from error
    kinds = {"sqlite": (sqlite.MAGIC, "SQLite"), "postgresql": (postgresql.MAGIC, "PostgreSQL")}
    magic, name = kinds[connection.vendor]
    if head.startswith(magic):
        return
    if any(head.startswith(other) for other, _name in kinds.values()):
        raise BackupError(
            f"{path} is a backup of another kind of database than this {name} one. Restore it there, "
            "then “manage.py export” and “manage.py import” carry the bakery over. Nothing was changed."
        )
    raise BackupError(f"{path} is not a backup of Bakehouse. Nothing was changed.")


@contextmanager
def ready_copy(path: Path) -> Iterator[Path]:
    """A copy of the backup that is of this version, and right."""
    handle, unfinished = tempfile.mkstemp(dir=folder_of_backups(), prefix=".restoring-")
    os.close(handle)
    copy = Path(unfinished)
    try:
        if connection.vendor == "sqlite":
            sqlite.copy(path, copy)
            bring_up_to_date(copy)
        else:
            with postgresql.scratch() as name:
                if name is None:
                    raise BackupError(
                        "The backup has to be looked at in a database of its own, and this role of PostgreSQL "
                        "may not make one: ALTER ROLE ... CREATEDB. Nothing was changed."
                    )
                postgresql.put_in_place(path, name)
                bring_up_to_date(name)
                postgresql.copy(name, copy)
        yield copy
    finally:
        copy.unlink(missing_ok=True)


def bring_up_to_date(name: Path | str) -> None:
    """Verify a copy, migrate it, and verify it again, the triggers of the ledger included."""
    with looking_at(name):
        refuse(list(faults()))
        if "django_migrations" not in connection.introspection.table_names():
            raise BackupError("The file holds no bakery. Nothing was changed.")
        if unknown := unknown_migrations():
            raise BackupError(
                f"The backup is of a newer version of Bakehouse ({unknown[0]}). Update first. "
                "Nothing was changed."
            )
        call_command("migrate", verbosity=0, interactive=False, skip_backup=True)
        refuse(list(faults()))


def refuse(found: list[str]) -> None:
    if found:
        raise BackupError("The backup is not right: " + " ".join(found[:5]) + " Nothing was changed.")
