"""What was assembled as a document, out and in."""

from __future__ import annotations

from typing import Any

from assembly.books import check_runs
from assembly.services.history import find_assembly_runs
from assembly.transfer import HISTORY_FORMAT, RUNS
from bakery.core.transfer.history import ImportResult, export_history, import_history


def export_assembly_history(**filters: Any) -> dict[str, Any]:
    """The assemblies that `find_assembly_runs` finds, with what went in, in the order they were recorded.

    The rows are those of a whole export; decimals are strings, `event_name` is null for one for no event.
    """
    return export_history(HISTORY_FORMAT, RUNS, find_assembly_runs(**filters))


def import_assembly_history(data: Any) -> ImportResult:
    """Take assemblies of a document like the one `export_assembly_history` makes; known uuids are skipped.

    They are history: they get no entry and move no stock. With any error (an unknown box, costs that do
    not add up) none is taken. Raises UnreadableFileError, an InvalidValueError, for another document.
    """
    return import_history(
        HISTORY_FORMAT,
        RUNS,
        data,
        what_is_wrong=lambda latest: (breach.sentence for breach in check_runs(after=latest)),
    )
