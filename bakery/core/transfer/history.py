"""The runs of one kind as a document of their own, out and in. What comes in is history: it moves no stock."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import DatabaseError, transaction
from django.db.models import Max, QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header

from bakery.core.transfer import writing
from bakery.core.transfer.arrays import Array
from bakery.core.transfer.head import arrays_in, head_of
from bakery.core.transfer.loading import Loader
from bakery.core.transfer.names import uuid_of
from bakery.core.transfer.problems import Problem, Problems, TooManyProblemsError, UnreadableFileError
from bakery.core.transfer.reading import document_of


@dataclass(frozen=True, slots=True)
class ImportResult:
    """How many runs came in, how many were there already, and what is wrong. With errors nothing came in."""

    imported: int
    skipped: int
    errors: tuple[Problem, ...]


def export_history(form: str, array: Array, runs: QuerySet[Any]) -> dict[str, Any]:
    """The rows of `runs`, in the order they were recorded."""
    return {**head_of(form), array.name: list(writing.rows_of(array, runs))}


def import_history(
    form: str, array: Array, data: Any, *, what_is_wrong: Callable[[int], Iterable[str]]
) -> ImportResult:
    """Take runs that are not there yet, all of them or, with any error, none.

    `what_is_wrong` looks at the runs that came in, those after the id it is given. Neither that nor finding out
    which are known reads the past. Raises UnreadableFileError for another kind of document.
    """
    if not isinstance(data, dict):
        raise UnreadableFileError("This is not an export of Bakehouse: it is no object. Nothing was changed.")
    document = document_of(data, [array.name])
    arrays_in(document, {form: [array]})
    problems = Problems()
    loader = Loader([array], problems, links=False)
    with transaction.atomic():
        latest = array.model._default_manager.aggregate(latest=Max("pk", default=0))["latest"]
        loader.directory.know(uuid_of(array), ids_of(array, data.get(array.name, [])))
        try:
            for _, rows in document.arrays():
                loader.load(array, rows)
            for sentence in what_is_wrong(latest) if not problems else ():
                problems.add(array.name, sentence)
        except TooManyProblemsError:
            pass
        except DatabaseError:
            problems.add(array.name, "the amounts are too large to be added up.")
        transaction.set_rollback(bool(problems))
    count = loader.counts.get(array.name)
    if problems or count is None:
        return ImportResult(0, 0, tuple(problems))
    return ImportResult(count.created, count.skipped, ())


def ids_of(array: Array, rows: Iterable[Any]) -> dict[str, int]:
    """The ids of those of the `rows` of a document that are there already, by uuid."""
    written = set()
    for row in rows:
        with suppress(AttributeError, TypeError, ValueError):
            written.add(UUID(row.get("uuid")))
    there = array.model._default_manager.only("uuid").in_bulk(written, field_name="uuid")
    return {str(uuid): run.pk for uuid, run in there.items()}


def json_response(filename: str, document: dict[str, Any]) -> HttpResponse:
    """A download of `document`, one row per line."""
    start = {name: value for name, value in document.items() if not isinstance(value, list)}
    arrays = [(name, value) for name, value in document.items() if isinstance(value, list)]
    response = HttpResponse("".join(writing.lines(start, arrays)), content_type="application/json")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=filename) or ""
    return response


def dated(name: str, ending: str) -> str:
    """A file name that says when: "bakes-2026-12-24.csv"."""
    return f"{name}-{timezone.localdate().isoformat()}.{ending}"
