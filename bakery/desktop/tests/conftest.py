from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.db import transaction

from bakery.desktop import take_over
from conftest import REAL_EXPORTS


@pytest.fixture
def export(tmp_path):
    """Writes an export that holds these sections, and says where."""

    def write(name: str = "export.json", **sections) -> Path:
        path = tmp_path / name
        head = {"version": "4.2", "application": "bake-tracker", "exported_at": "2026-01-07T23:23:19+00:00"}
        path.write_text(json.dumps({**head, **sections}, ensure_ascii=False), encoding="utf-8")
        return path

    return write


@pytest.fixture
def prices(tmp_path):
    """Writes a price list of these lines."""

    def write(*lines: str) -> Path:
        path = tmp_path / "prices.csv"
        head = "brand,product_name,package_qty,package_unit,ingredient_name,supplier_name,unit_price"
        path.write_text("\r\n".join([head, *lines]) + "\r\n", encoding="utf-8")
        return path

    return write


@pytest.fixture
def take(db, export):
    """Takes over an export of these sections."""

    def run(**sections):
        return take_over([export(**sections)])

    return run


@pytest.fixture(scope="module")
def real_files() -> tuple[Path, Path]:
    files = REAL_EXPORTS / "bake_tracker_v4_2.json", REAL_EXPORTS / "prices.csv"
    if not all(path.exists() for path in files):
        pytest.skip(f"NO REAL EXPORT in {REAL_EXPORTS}")
    return files


@pytest.fixture(scope="module")
def real(real_files, django_db_setup, django_db_blocker):
    """The report of the real export, taken over once for a whole module; gone after it."""
    export, prices = real_files
    with django_db_blocker.unblock(), transaction.atomic():
        yield take_over([export], prices=prices)
        transaction.set_rollback(True)
