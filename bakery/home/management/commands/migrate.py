"""`migrate`, which keeps a copy of a bakery before it changes its tables."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.core.management.commands import migrate
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from bakery.backup import BackupError, make_backup


class Command(migrate.Command):
    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--skip-backup", action="store_true", help="make no backup before")

    def handle(self, *args: Any, **options: Any) -> str | None:
        if not options["skip_backup"] and changes_something(options["database"]):
            try:
                backup = make_backup("before-migrate")
            except BackupError as error:
                raise CommandError(f"{error} Without a backup nothing was migrated.") from error
            self.stdout.write(f"Before this there was {backup.path}.")
        return super().handle(*args, **options)


def changes_something(alias: str) -> bool:
    """Whether there is a bakery with something in it, and tables of it that are not as they should be."""
    connection = connections[alias]
    if "inventory_stockitem" not in connection.introspection.table_names():
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM inventory_stockitem)")
        if not cursor.fetchone()[0]:
            return False
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
