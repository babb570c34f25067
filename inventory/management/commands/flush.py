"""`flush`, which empties the whole database, and so needs the key to the ledger on SQLite."""

from typing import Any

from django.core.management.commands import flush

from inventory.triggers import unlocked


class Command(flush.Command):
    def handle(self, **options: Any) -> None:
        with unlocked(using=options["database"]):
            super().handle(**options)
