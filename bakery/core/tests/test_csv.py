from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from bakery.core.csv import csv_response, csv_text, harmless

READABLE = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
NASTY = st.text("=+-@;,\"'\t\r\n 1aＡ＝", max_size=12)


def read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


@given(st.lists(st.lists(READABLE | NASTY, min_size=3, max_size=3), max_size=6))
def test_what_is_read_back_is_what_was_written_but_for_the_apostrophes(rows):
    header, *found = read(csv_text(["a", "b", "c"], rows))
    assert header == ["a", "b", "c"]
    assert found == [[harmless(cell) for cell in row] for row in rows]
    assert [[cell.replace("'", "") for cell in row] for row in found] == [
        [cell.replace("'", "") for cell in row] for row in rows
    ]


@given(NASTY | READABLE)
def test_no_cell_begins_like_a_formula_wherever_the_line_is_split(text):
    for cell in harmless(text).split(";"):
        assert not cell.lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))


@given(READABLE | NASTY)
def test_what_is_harmless_stays_as_it_is(text):
    assert harmless(harmless(text)) == harmless(text)


@given(st.decimals(min_value=-(10**8), max_value=10**8, places=4))
def test_numbers_stay_numbers_and_exact(number):
    written = read(csv_text(["n"], [[number]]))[1][0]
    assert Decimal(written) == number
    assert "E" not in written


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ('=HYPERLINK("http://evil.example")', '\'=HYPERLINK("http://evil.example")'),
        ("+49 30 123", "'+49 30 123"),
        ("-", "'-"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("flour;=1+1", "flour;'=1+1"),
        ("Butter - unsalted", "Butter - unsalted"),
    ],
)
def test_formulas_are_made_harmless(typed, written):
    assert harmless(typed) == written


def test_days_moments_and_nothing():
    with timezone.override(ZoneInfo("Europe/Berlin")):
        text = csv_text(
            ["day", "at", "none", "count"],
            [[date(2026, 11, 29), datetime(2026, 11, 29, 23, 30, tzinfo=UTC), None, -3]],
        )
    assert read(text)[1] == ["2026-11-29", "2026-11-30 00:30", "", "-3"]


def test_the_download_opens_in_a_spreadsheet_under_its_name():
    response = csv_response(
        "christmas-2026-shopping-list.csv", ["Item"], [["Crème fraîche"], [Decimal("2.50")]]
    )
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="christmas-2026-shopping-list.csv"'
    assert response.content == b"\xef\xbb\xbfItem\r\n" + "Crème fraîche\r\n2.5\r\n".encode()
