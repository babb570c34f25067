"""Fill an empty bakery with the sample bakery."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandError

from bakery.core.commands import HouseholdCommand
from bakery.core.errors import BakeryError
from bakery.sample import load


class Command(HouseholdCommand):
    help = "Fills an empty bakery with the sample bakery: pantry, recipes, bakes, boxes and events."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            summary = load()
        except BakeryError as error:
            raise CommandError(str(error)) from error
        self.stdout.write("The sample bakery is in:")
        for name, count in asdict(summary).items():
            self.stdout.write(f"{count:6} {name.replace('_', ' ')}")
