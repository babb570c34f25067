"""Rows out: the database in pages, in the order of its ids, one row per line, in constant memory."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from bakery.core.transfer.arrays import Array, Part, array_of, attribute_of
from bakery.core.transfer.columns import Column

PAGE = 2000
"""Rows asked for at once."""

Row = dict[str, Any]

_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode


def lines(start: Mapping[str, Any], arrays: Iterable[tuple[str, Iterable[Row]]]) -> Iterator[str]:
    """A JSON document, laid out so that it can be read line by line too."""
    yield _encode(dict(start))[:-1]
    for name, rows in arrays:
        yield f',\n"{name}": [\n'
        before = ""
        for row in rows:
            yield f"{before}{_encode(row)}"
            before = ",\n"
        yield "\n]" if before else "]"
    yield "\n}\n"


@contextmanager
def one_moment() -> Iterator[None]:
    """Inside the block everything is read as it was when it began, and nobody has to wait for it."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SET LOCAL statement_timeout = 0")
            yield
    else:
        # Not `atomic`, which would begin as a write here and keep everybody else from writing.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")


def rows_of(array: Array, found: QuerySet[Any] | None = None) -> Iterator[Row]:
    """The rows of `array` (or of those `found` of it) as a file has them, in the order of their ids."""
    asked = (array.model._default_manager.all() if found is None else found).order_by("pk")
    plain = [each for each in array.columns if not each.is_list]
    sources = ["pk", *(each.source for each in plain)]
    latest = 0
    while True:
        page = list(asked.filter(pk__gt=latest).values_list(*sources)[:PAGE])
        if page:
            first, latest = page[0][0], page[-1][0]
            yield from _page(array, plain, page, first, latest)
        if len(page) < PAGE:
            return


def _page(
    array: Array, plain: Sequence[Column], page: Sequence[Sequence[Any]], first: int, latest: int
) -> Iterator[Row]:
    lists = {each.name: _lists(array, each, first, latest) for each in array.columns if each.is_list}
    parts = {part.name: _parts(part, first, latest) for part in array.parts}
    for values in page:
        row = _row(plain, values)
        if lists:
            row |= {name: sorted(by_owner.get(values[0], ())) for name, by_owner in lists.items()}
            row = {each.name: row[each.name] for each in array.columns}
        for name, inner in parts.items():
            row[name] = inner.get(values[0], [])
        yield row


def _row(columns: Sequence[Column], values: Sequence[Any]) -> Row:
    """A row of what the database answered; the first value is the id, which no file has."""
    return {
        column.name: value if value is None or column.write is None else column.write(value)
        for column, value in zip(columns, values[1:], strict=True)
    }


def _lists(array: Array, column: Column, first: int, latest: int) -> Mapping[int, list[str]]:
    """What the rows between two ids name in a list of theirs."""
    field: Any = array.model._meta.get_field(column.attribute)
    owner, named = field.m2m_field_name(), field.m2m_reverse_field_name()
    if column.to is None:
        raise TypeError(f"{array.name}.{column.name} names no rows.")
    found: dict[int, list[str]] = defaultdict(list)
    through = field.remote_field.through._default_manager.filter(
        **{f"{owner}_id__gte": first, f"{owner}_id__lte": latest}
    )
    for row, name in through.values_list(f"{owner}_id", column.to.source(f"{named}__")):
        found[row].append(str(name))
    return found


def _parts(part: Part, first: int, latest: int) -> Mapping[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    owner = attribute_of(part.model, part.owner)
    rows = part.model._default_manager.filter(**{f"{owner}__gte": first, f"{owner}__lte": latest})
    for values in rows.order_by("pk").values_list(owner, *(each.source for each in part.columns)):
        found[values[0]].append(_row(part.columns, values))
    return found


def row_of(instance: Any) -> Row:
    """One row in memory as a file has it."""
    array = array_of(type(instance))
    row = {column.name: column.value_of(instance) for column in array.columns}
    for part in array.parts:
        inner = part.model._default_manager.filter(**{part.owner: instance}).order_by("pk")
        row[part.name] = [{each.name: each.value_of(one) for each in part.columns} for one in inner]
    return row


def counted(
    arrays: Iterable[tuple[str, Iterable[Row]]], tell: Callable[[int], None]
) -> Iterator[tuple[str, Iterable[Row]]]:
    """The same, telling every PAGE rows how many went by."""
    total = 0

    def passing(rows: Iterable[Row]) -> Iterator[Row]:
        nonlocal total
        for row in rows:
            yield row
            total += 1
            if not total % PAGE:
                tell(total)

    for name, rows in arrays:
        yield name, passing(rows)
