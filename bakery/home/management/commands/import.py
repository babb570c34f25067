"""Read a bakery from a file."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.db import OperationalError

from bakery.backup import BackupError, make_backup
from bakery.core.commands import HouseholdCommand
from bakery.core.formatting import plural
from bakery.core.transfer.problems import UnreadableFileError
from bakery.home.management.commands.backup import said
from bakery.transfer.importing import Outcome, import_file

WORD = "replace"


class Command(HouseholdCommand):
    help = "Reads an export: everything in it is right and taken, or nothing is written."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="only say what would happen")
        parser.add_argument(
            "--update", action="store_true", help="change the catalogue that is there already"
        )
        parser.add_argument("--replace", action="store_true", help="empty the bakery first, after a backup")
        parser.add_argument("--yes", action="store_true", help="do not ask before replacing")

    def handle(self, *args: Any, **options: Any) -> None:
        replaces, is_trial = options["replace"], options["dry_run"]
        if replaces and not is_trial:
            self.ask(options["yes"])
        try:
            outcome = import_file(
                options["file"],
                is_trial=is_trial,
                replaces=replaces,
                updates=options["update"],
                before_replacing=self.back_up,
                tell=self.tell,
            )
        except UnreadableFileError as error:
            raise CommandError(str(error), returncode=2) from error
        except OperationalError as error:
            # Somebody is recording for longer than we wait, or the disk is full.
            raise CommandError(f"The database did not take it ({error}). Nothing was changed.") from error
        self.report(outcome, is_trial=is_trial)

    def ask(self, is_sure: bool) -> None:
        if is_sure:
            return
        if not sys.stdin.isatty():
            raise CommandError("Replacing empties the bakery: say --yes. Nothing was changed.")
        answer = input(f"This empties the bakery and fills it from the file. Type “{WORD}” to go on: ")
        if answer.strip() != WORD:
            raise CommandError("Nothing was changed.")

    def back_up(self) -> None:
        """Keep what is about to be emptied, whatever state it is in."""
        try:
            self.stdout.write(
                f"Before this there was {said(make_backup('before-replace', must_be_right=False))}"
            )
        except BackupError as error:
            raise CommandError(f"{error} Without a backup nothing is replaced.") from error

    def report(self, outcome: Outcome, *, is_trial: bool) -> None:
        if outcome.problems:
            for problem in outcome.problems:
                self.stderr.write(str(problem))
            more = " There may be more: the rest was not looked at." if outcome.was_cut_short else ""
            raise CommandError(
                f"{plural(len(outcome.problems), 'problem')}.{more} Nothing was changed.", returncode=1
            )
        self.stdout.write(f"{'':28}{'created':>9}{'updated':>9}{'skipped':>9}")
        for name, count in outcome.counts.items():
            label = name.replace("_", " ")
            self.stdout.write(f"{label:28}{count.created:9}{count.updated:9}{count.skipped:9}")
        self.stdout.write("Nothing was written: this was a trial." if is_trial else "All of it is in.")

    def tell(self, rows: int) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"\r{rows} rows", ending="")
