"""Fill an empty bakery with years of bakes, to measure how it grows."""

from __future__ import annotations

import argparse
from typing import Any

from django.core.management.base import CommandError

from bakery.core.commands import HouseholdCommand
from bakery.core.errors import BakeryError
from bakery.sample.loading import refuse_unless_empty
from bakery.sample.years import write_years


def positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number


class Command(HouseholdCommand):
    help = (
        "Fills an empty bakery with years of bakes, 20 movements each, and right books: to measure how pages and "
        "commands grow. Never for a bakery in use."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--bakes", type=positive, default=200_000)
        parser.add_argument("--years", type=positive, default=10)

    def handle(self, *args: Any, bakes: int, years: int, **options: Any) -> None:
        try:
            refuse_unless_empty()
        except BakeryError as error:
            raise CommandError(str(error)) from error
        on_terminal = self.stdout.isatty()

        def progress(done: int) -> None:
            if on_terminal:
                self.stdout.write(f"\r{done:,} of {bakes:,} bakes", ending="")
                self.stdout.flush()

        write_years(bakes=bakes, years=years, progress=progress)
        self.stdout.write(f"{bakes:,} bakes of {years} years are in.")
