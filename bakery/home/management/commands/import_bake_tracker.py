"""Take over a household from the desktop application."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from bakery.core.commands import HouseholdCommand
from bakery.core.errors import BakeryError
from bakery.desktop import DesktopFileError, Report, take_over


class Command(HouseholdCommand):
    help = (
        "Takes over the exports of the desktop application bake-tracker (format 4.x), and says what needs a hand. "
        "A second run changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "files", nargs="+", type=Path, metavar="FILE", help="an export, in one file or several"
        )
        parser.add_argument("--prices", type=Path, metavar="CSV", help="a table of what packages cost")
        parser.add_argument("--dry-run", action="store_true", help="only say what would come over")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = take_over(options["files"], prices=options["prices"], dry_run=options["dry_run"])
        except DesktopFileError as error:
            raise CommandError(str(error), returncode=2 if error.is_foreign else 1) from error
        except BakeryError as error:
            raise CommandError(f"{error} Nothing was written.", returncode=1) from error
        self.show(report)

    def show(self, report: Report) -> None:
        for sentence in report.sentences():
            self.stdout.write(sentence)
        self.stdout.write("")
        if report.is_trial:
            self.stdout.write("This was a trial: nothing was written.")
        elif report.is_unchanged:
            self.stdout.write(
                "Nothing was changed."
                if not report.known
                else "All of it was here already: nothing was changed."
            )
        else:
            self.stdout.write(self.style.SUCCESS("The books are right."))
