"""Many rows at once, without making a model of each: a ledger has a hundred lines for every other row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection, models


def insert(model: type[models.Model], rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows of which every one sets the same attributes, and nobody needs the ids."""
    if not rows:
        return
    meta, quote = model._meta, connection.ops.quote_name
    fields: list[Any] = [field for field in meta.concrete_fields if field.attname in rows[0]]
    marks = ", ".join(["%s"] * len(fields))
    names = ", ".join(quote(field.column) for field in fields)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {quote(meta.db_table)} ({names}) VALUES ({marks})",
            [[field.get_db_prep_save(row[field.attname], connection) for field in fields] for row in rows],
        )
