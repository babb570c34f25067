"""S5, S6: wrong passwords lock one name on one device, and no cell of a table runs in a spreadsheet."""

from __future__ import annotations

import csv
import io
from contextlib import suppress

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bakery.core import csv as tables
from proof.sizes import size


def tried(name: str, password: str, address: str = "192.168.1.7") -> int:
    return (
        Client()
        .post(reverse("login"), {"username": name, "password": password}, REMOTE_ADDR=address)
        .status_code
    )


@pytest.mark.django_db
def test_a_hundred_wrong_passwords_lock_one_name_on_one_device(reached):
    for name in ("mira", "odile"):
        User.objects.create_user(name, password=f"{name}-and-cardamom")
    answers = [tried("mira", f"wrong {number}") for number in range(100)]
    assert answers[:4] == [200] * 4
    assert set(answers[4:]) == {429}
    assert tried("mira", "mira-and-cardamom") == 429
    assert tried("mira", "mira-and-cardamom", "192.168.1.8") == 302
    assert tried("odile", "odile-and-cardamom") == 302
    reached(
        "S5 login", "5 tries per name and device; nobody else locked out", "4 of 100 looked at, others 302"
    )


def dangerous(text: str) -> list[str]:
    """Cells of a table in which a spreadsheet would begin to read a formula."""
    rows = csv.reader(io.StringIO(text, newline=""))
    cells = [cell for row in rows for cell in row if cell]
    return [cell for cell in cells if cell.lstrip()[:1] in tuple("=+-@＝＋－＠") and not is_number(cell)]


def is_number(cell: str) -> bool:
    with suppress(ValueError):
        float(cell)
        return True
    return False


words = st.text(st.sampled_from("=+-@＝＋\t\r\n ;,'\"|!A1()éß雪") | st.characters(exclude_categories=["Cs"]))


@settings(max_examples=size(200, 5000), deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.lists(words, min_size=2, max_size=2), max_size=4))
def formulas_are_harmless(rows):
    written = tables.csv_text(["a", "b"], rows)
    assert dangerous(written) == []
    back = list(csv.reader(io.StringIO(written, newline="")))[1:]
    assert back == [[tables.harmless(cell) for cell in row] for row in rows]


def test_no_cell_begins_a_formula(reached):
    formulas_are_harmless()
    exports = size(200, 5000)
    reached("S6 tables", f"{exports} random exports: 0 cells that run", f"{exports} exports, 0 cells")


def test_a_cell_that_runs_is_noticed(monkeypatch):
    monkeypatch.setattr(tables, "harmless", lambda text: text)
    with pytest.raises(AssertionError):
        formulas_are_harmless()
