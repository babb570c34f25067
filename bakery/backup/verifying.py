"""Whether a database is whole and right: asked of ours every night, and of every copy."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from bakery.backup.elsewhere import looking_at
from inventory.books import check_books


def faults_of(name: Path | str) -> list[str]:
    """What is wrong with another database of the same kind, each in a sentence; nothing where it is right."""
    with looking_at(name):
        return list(faults())


def faults() -> Iterator[str]:
    """What is wrong with the database at hand. Stops at what makes further questions pointless."""
    try:
        broken = [*broken_pages(), *dangling_references()]
        yield from broken
        if not broken and is_current():
            yield from wrong_books()
    except DatabaseError as error:
        yield f"It cannot be read: {error}."


def broken_pages() -> Iterator[str]:
    """What SQLite finds when it reads every page and every index. PostgreSQL has no such question."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check(10)")
        for (answer,) in cursor.fetchall():
            if answer != "ok":
                yield f"Not intact: {answer}."


def dangling_references() -> Iterator[str]:
    """Rows that point at rows that are not there. PostgreSQL never lets one in."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_key_check")
        for table, row, parent, _key in cursor.fetchmany(10):
            yield f"Row {row} of {table} points at a row of {parent} that is not there."


def is_current() -> bool:
    """Whether the tables are those this version works with; an older copy is asked again once migrated."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def wrong_books() -> Iterator[str]:
    for breach in check_books().breaches:
        yield f"Rule {breach.rule} of the books, {breach.where}: {breach.sentence}"


def unknown_migrations() -> list[str]:
    """Changes of the tables that this version knows nothing of: the database belongs to a newer one."""
    loader = MigrationExecutor(connection).loader
    ours = {app for app, _name in loader.disk_migrations}
    return sorted(
        f"{app}.{name}"
        for app, name in loader.applied_migrations
        if app in ours
        and (app, name) not in loader.disk_migrations
        and (app, name) not in loader.replacements
    )
