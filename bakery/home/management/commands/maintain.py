"""What a bakery does at night."""

from __future__ import annotations

import sqlite3
from argparse import ArgumentParser
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import CommandError
from django.db import DatabaseError, connection

from bakery.backup import BackupError, Keep, make_backup, thin_out
from bakery.backup.verifying import broken_pages, dangling_references, wrong_books
from bakery.core.commands import HouseholdCommand
from bakery.core.formatting import plural
from bakery.home.management.commands.backup import said


class Command(HouseholdCommand):
    help = (
        "Every night: statistics, a look at every page and every reference, the books, a backup. "
        "Exits with 1 where something is wrong; then no older backup is deleted."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--keep", metavar="7d,4w,12m", default="7d,4w,12m", help="how long backups stay")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            keep = Keep.parse(options["keep"])
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.faults = 0
        self.stdout.write(version())
        self.look("statistics", lambda: list(optimize()))
        if connection.vendor == "sqlite":
            self.look("pages and indexes", lambda: list(broken_pages()))
            self.look("references", lambda: list(dangling_references()))
        self.look("books", lambda: list(wrong_books()))
        self.look("backup", lambda: self.back_up(keep))
        if self.faults:
            raise CommandError(
                f"{plural(self.faults, 'fault')}: see above. Restore a backup from before it began."
            )
        self.stdout.write(self.style.SUCCESS("All is well."))

    def look(self, what: str, ask: Callable[[], list[str]]) -> None:
        try:
            faults = ask()
        except (BackupError, DatabaseError) as error:
            faults = [str(error)]
        self.faults += len(faults)
        self.stdout.write(f"{what}: {'right' if not faults else ''}".rstrip())
        for fault in faults:
            self.stdout.write(self.style.ERROR(f"  {fault}"))

    def back_up(self, keep: Keep) -> list[str]:
        backup = make_backup("nightly")
        self.stdout.write(said(backup))
        if not self.faults:
            gone = thin_out(backup.path.parent, keep, now=datetime.now(UTC).replace(tzinfo=None))
            self.stdout.write(f"{plural(len(gone), 'older backup')} deleted.")
        return []


def optimize() -> list[str]:
    """Let the planner know what the tables have become, and empty SQLite's log."""
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            cursor.execute("SET statement_timeout = 0")
            cursor.execute("ANALYZE")
            return []
        cursor.execute("PRAGMA optimize = 0x10002")
    connection.empty_log()  # type: ignore[attr-defined]  # bakery.core.sqlite3
    return []


def version() -> str:
    if connection.vendor == "sqlite":
        return f"SQLite {sqlite3.sqlite_version}"
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return f"PostgreSQL {cursor.fetchone()[0]}"
