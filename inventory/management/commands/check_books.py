"""Proves that the books are right, prints the totals, and fails where a rule does not hold."""

from typing import Any

from django.core.management.base import CommandError

from bakery.core.commands import HouseholdCommand
from bakery.core.formatting import money4
from inventory.books import BooksTotals, check_books


class Command(HouseholdCommand):
    help = "Check every rule of the ledger, print the totals, and exit with 1 if one does not hold."

    def handle(self, *args: Any, **options: Any) -> None:
        report = check_books()
        self.print_totals(report.totals)
        for breach in report.breaches:
            self.stdout.write(self.style.ERROR(f"Rule {breach.rule}, {breach.where}: {breach.sentence}"))
        if not report.is_right:
            raise CommandError("The books are not right: see above. Restore a backup from before it began.")
        self.stdout.write(self.style.SUCCESS("The books are right."))

    def print_totals(self, totals: BooksTotals) -> None:
        lines = [
            ("Purchases", totals.receipts),
            ("Opening stock", totals.openings),
            ("Price corrections", totals.cost_corrections),
            ("Came in", totals.came_in),
            ("On the shelf", totals.on_shelf),
            ("Packed", totals.packed),
            ("Adjusted", totals.adjusted),
            ("Written off", totals.written_off),
            ("Accounted for", totals.accounted_for),
        ]
        for label, amount in lines:
            self.stdout.write(f"{label:<20}{money4(amount):>20}")
