"""Writing millions of rows: past the models, in the shape the models would give them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models


class Rows:
    """Rows of one table on their way into the database; each says only what differs from `like`."""

    def __init__(self, like: models.Model, *, given: Iterable[str]) -> None:
        self.model = type(like)
        self.given = tuple(given)
        fields = [
            field for field in self.model._meta.local_concrete_fields if field.attname not in self.given
        ]
        fields = [
            field for field in fields if not (field.primary_key and field.value_from_object(like) is None)
        ]
        self.same = tuple(field.get_db_prep_save(field.pre_save(like, True), connection) for field in fields)
        self.columns = [self._column(name) for name in self.given] + [str(field.column) for field in fields]
        self.rows: list[tuple[Any, ...]] = []

    def _column(self, attname: str) -> str:
        return next(
            str(field.column) for field in self.model._meta.local_concrete_fields if field.attname == attname
        )

    def add(self, *values: Any) -> None:
        """One row: the `given` columns, as the database keeps them."""
        self.rows.append(values + self.same)

    def write(self) -> None:
        table = connection.ops.quote_name(self.model._meta.db_table)
        columns = ", ".join(map(connection.ops.quote_name, self.columns))
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                    for row in self.rows:
                        copy.write_row(row)
            else:
                marks = ", ".join(["%s"] * len(self.columns))
                cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", self.rows)
        self.rows.clear()


def next_id(model: type[models.Model]) -> int:
    return (model._default_manager.aggregate(last=models.Max("pk"))["last"] or 0) + 1


def count_on(*tables: type[models.Model]) -> None:
    """Let the database count ids on from the rows that were written with theirs."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), tables):
            cursor.execute(statement)
