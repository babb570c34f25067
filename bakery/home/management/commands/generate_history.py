"""Give a bakery a long past, to see how it feels after ten busy years."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.db import connection

from bakery.core.commands import HouseholdCommand
from bakery.core.errors import BakeryError
from bakery.sample.history import generate


class Command(HouseholdCommand):
    help = "Writes a long past in bulk (for trials, never in your own bakery): bakes all eaten by now."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--runs", type=int, default=200_000, help="how many bakes")
        parser.add_argument("--each", type=int, default=18, help="how many ingredients each takes")
        parser.add_argument("--years", type=int, default=10)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            movements = generate(
                options["runs"], each=options["each"], years=options["years"], tell=self.tell
            )
        except BakeryError as error:
            raise CommandError(str(error)) from error
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA optimize = 0x10002" if connection.vendor == "sqlite" else "ANALYZE")
        self.stdout.write(f"{options['runs']} bakes, {movements} movements.")

    def tell(self, runs: int) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"\r{runs} bakes", ending="")
