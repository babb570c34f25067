"""Write the whole bakery to a file."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from bakery.core.commands import HouseholdCommand
from bakery.transfer.exporting import beside, export


class Command(HouseholdCommand):
    help = "Writes everything but the accounts as one JSON document, one row per line."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", default="-", help="where to; - or nothing: standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["file"] == "-":
                self.stdout.ending = ""
                export(self.stdout, tell=self.tell)  # type: ignore[arg-type]
            else:
                with beside(Path(options["file"])) as stream:
                    export(stream, tell=self.tell)
        except OSError as error:
            raise CommandError(
                f"{options['file']} cannot be written: {error.strerror}. There is no half file."
            ) from error
        if sys.stderr.isatty():
            self.stderr.write("\rDone.                ")

    def tell(self, rows: int) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"\r{rows} rows", ending="")
