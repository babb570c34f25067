"""Tables as files that a spreadsheet opens: UTF-8 with a BOM, and no cell that runs as a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header

from bakery.core.formatting import exact

Cell = str | int | Decimal | date | datetime | None

# Where a cell begins: also behind a semicolon, at which a spreadsheet of a decimal-comma country splits.
# The wide signs are read as their narrow twins by some spreadsheets.
_FORMULA = re.compile(r"(^|;)(?=\s*[=+\-@＝＋－＠])")


def csv_response(filename: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> HttpResponse:
    """A download of `rows` under `header`, each row as long as the header."""
    response = HttpResponse(
        csv_text(header, rows).encode("utf-8-sig"), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=filename) or ""
    return response


def csv_text(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """The table as comma-separated lines. Numbers are written exactly, moments in the household's zone."""
    table = io.StringIO(newline="")
    writer = csv.writer(table)
    writer.writerow([_written(name) for name in header])
    for row in rows:
        writer.writerow([_written(cell) for cell in row])
    return table.getvalue()


def _written(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, int | Decimal):
        return exact(cell)
    if isinstance(cell, datetime):
        local = timezone.localtime(cell) if timezone.is_aware(cell) else cell
        return local.isoformat(sep=" ", timespec="minutes")[:16]
    if isinstance(cell, date):
        return cell.isoformat()
    return harmless(cell)


def harmless(text: str) -> str:
    """`text` with an apostrophe wherever a spreadsheet would begin to read a formula."""
    return _FORMULA.sub(r"\1'", text)
