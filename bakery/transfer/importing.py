"""The whole bakery in: one transaction, in which everything is right or nothing is written."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connection, transaction

from bakery.core.locks import lock_all_or_none
from bakery.core.transfer.arrays import Array
from bakery.core.transfer.head import arrays_in
from bakery.core.transfer.loading import Count, Loader
from bakery.core.transfer.problems import Problem, Problems, TooManyProblemsError, UnreadableFileError
from bakery.core.transfer.reading import Document, Rows, opened
from bakery.transfer.arrays import ARRAYS, FORMAT, HISTORIES
from inventory.books import check_books
from inventory.triggers import unlocked

security = logging.getLogger("bakery.security")

BY_NAME = {array.name: array for array in ARRAYS}


@dataclass(frozen=True)
class Outcome:
    """What an import did, or with `problems` or in a trial, what it would have done."""

    counts: Mapping[str, Count]
    problems: tuple[Problem, ...]
    was_cut_short: bool
    is_written: bool


def import_file(
    path: Path,
    *,
    is_trial: bool = False,
    replaces: bool = False,
    updates: bool = False,
    before_replacing: Callable[[], object] | None = None,
    tell: Callable[[int], None] | None = None,
) -> Outcome:
    """Take the rows of a file. With any problem, and in a trial, nothing is changed.

    Rows that are there already, by uuid or by name, are skipped; with `updates` the catalogue becomes what
    the file says. `replaces` empties the bakery first, once `before_replacing` has kept a copy. So does, for
    what it was born with, an import into a bakery nobody has used yet. Raises UnreadableFileError for what is
    not a file of ours, and what `before_replacing` raises.
    """
    problems, cut_short = Problems(), False
    with opened(path, list(BY_NAME)) as document:
        arrays = _arrays_of(document, replaces=replaces)
        if replaces and before_replacing and not is_trial:
            before_replacing()
        loader = Loader(arrays, problems, updates=updates, links=document.head["format"] == FORMAT)
        with _alone():
            if replaces:
                empty(ARRAYS)
            elif is_unused():
                empty([array for array in arrays if array.is_seeded])
            try:
                _load(loader, document, arrays, tell)
                _check_books(problems)
            except TooManyProblemsError:
                cut_short = True
            is_written = not (problems or is_trial)
            transaction.set_rollback(not is_written)
    if is_written:
        created = sum(count.created for count in loader.counts.values())
        security.info("imported %s: %s rows created", path, created)
    return Outcome(loader.counts, tuple(problems), cut_short, is_written)


def _arrays_of(document: Document, *, replaces: bool) -> list[Array]:
    """The arrays in the file; raises UnreadableFileError where it is another kind of file than we know."""
    found = arrays_in(document, {FORMAT: ARRAYS, **HISTORIES})
    missing = [name for name in BY_NAME if name not in document.names]
    if replaces and missing:
        raise UnreadableFileError(
            f"Only a whole export can take the place of everything: {missing[0]} is missing. Nothing was changed."
        )
    return found


@contextmanager
def _alone() -> Iterator[None]:
    """One transaction in which nobody else writes: SQLite begins as a write, PostgreSQL locks the tables."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL statement_timeout = 0")
        lock_all_or_none(tables_of(ARRAYS))
        yield


def _load(
    loader: Loader, document: Document, arrays: list[Array], tell: Callable[[int], None] | None
) -> None:
    total = 0

    def passing(rows: Rows) -> Rows:
        nonlocal total
        for found in rows:
            yield found
            total += 1
            if tell and not total % 1000:
                tell(total)

    loaded = set()
    # An empty array is loaded too: what an update leaves out is taken away.
    for name, rows in document.arrays():
        loader.load(BY_NAME[name], passing(rows))
        loaded.add(name)
    for array in arrays:
        if array.name not in loaded:
            loader.load(array, ())


def _check_books(problems: Problems) -> None:
    if problems:
        return  # the books are of use once the rows are right
    try:
        for breach in check_books().breaches:
            problems.add("the books", f"rule {breach.rule}, {breach.where}: {breach.sentence}")
    except DatabaseError:
        problems.add("the books", "the amounts are too large to be added up.")


def is_unused() -> bool:
    """Whether there is nothing in the bakery but what it was born with."""
    return not any(array.model._default_manager.exists() for array in ARRAYS if not array.is_seeded)


def empty(arrays: Any) -> None:
    """Delete all rows of these arrays, history included."""
    with unlocked(), connection.cursor() as cursor:
        for table in reversed(tables_of(arrays)):
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")


def tables_of(arrays: Any) -> list[str]:
    """The tables the arrays stand in, each after those it points at."""
    found: list[str] = []
    for array in arrays:
        meta = array.model._meta
        lists = (field.remote_field.through._meta for field in meta.many_to_many)
        parts = (part.model._meta for part in array.parts)
        found += [
            each.db_table for each in chain((each._meta for each in meta.parents), [meta], lists, parts)
        ]
    return list(dict.fromkeys(found))
