"""What was baked as a document, out and in."""

from __future__ import annotations

from typing import Any

from bakery.core.transfer.history import ImportResult, export_history, import_history
from production.books import check_runs
from production.services.history import find_production_runs
from production.transfer import HISTORY_FORMAT, RUNS


def export_production_history(**filters: Any) -> dict[str, Any]:
    """The bakes that `find_production_runs` finds, with what went in, in the order they were recorded.

    The rows are those of a whole export; decimals are strings, `event_name` is null for a bake for no event.
    """
    return export_history(HISTORY_FORMAT, RUNS, find_production_runs(**filters))


def import_production_history(data: Any) -> ImportResult:
    """Take bakes of a document like the one `export_production_history` makes; known uuids are skipped.

    They are history: they get no entry and move no stock. With any error (an unknown recipe, costs that do
    not add up) none is taken. Raises UnreadableFileError, an InvalidValueError, for another document.
    """
    return import_history(
        HISTORY_FORMAT,
        RUNS,
        data,
        what_is_wrong=lambda latest: (breach.sentence for breach in check_runs(after=latest)),
    )
