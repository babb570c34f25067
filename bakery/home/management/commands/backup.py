"""Make a verified copy of the database while people work."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import CommandError

from bakery.backup import Backup, BackupError, Keep, make_backup, thin_out
from bakery.core.commands import HouseholdCommand
from bakery.core.formatting import plural


class Command(HouseholdCommand):
    help = "Copies the database, accounts included, to the folder of backups, and verifies the copy."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--reason", default="by-hand", help="becomes part of the name")
        parser.add_argument(
            "--keep",
            metavar="7d,4w,12m",
            help="afterwards delete what is older than that: one a day, a week, a month. Without it nothing is.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            keep = Keep.parse(options["keep"]) if options["keep"] else None
            backup = make_backup(options["reason"])
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(said(backup))
        if keep:
            gone = thin_out(backup.path.parent, keep, now=datetime.now(UTC).replace(tzinfo=None))
            self.stdout.write(f"{plural(len(gone), 'older backup')} deleted.")


def said(backup: Backup) -> str:
    """One line about a copy: where, how large, and how well it was looked at."""
    size = f"{backup.bytes / 1_000_000:.1f} MB"
    looked = "opened again and found right"
    if backup.faults:
        looked = f"and something is wrong in it: {backup.faults[0].rstrip('.')}"
    elif not backup.is_opened:
        looked = "readable; not opened, because this role of PostgreSQL may not make a database to open it in"
    return f"{backup.path}: {size}, {looked}."
