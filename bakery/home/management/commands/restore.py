"""Put a backup in the place of everything."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from bakery.backup import BackupError, restore

WORD = "restore"


class Command(BaseCommand):
    help = "Verifies a backup, keeps what is there now as another one, and puts the backup in its place."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--yes", action="store_true", help="do not ask before")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["yes"]:
            self.ask()
        try:
            before = restore(options["file"])
        except BackupError as error:
            raise CommandError(str(error)) from error
        if before:
            self.stdout.write(f"What was there before is in {before}.")
        self.stdout.write(f"Restored {options['file']}.")
        call_command("check_books", stdout=self.stdout, stderr=self.stderr)

    def ask(self) -> None:
        if not sys.stdin.isatty():
            raise CommandError("Restoring replaces everything there is: say --yes. Nothing was changed.")
        answer = input(f"This replaces everything there is by the backup. Type “{WORD}” to go on: ")
        if answer.strip() != WORD:
            raise CommandError("Nothing was changed.")
