"""Taking over a household, all of it or nothing."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from django.db import transaction

from bakery.desktop.document import load_document
from bakery.desktop.gifts import (
    take_assignments,
    take_goods,
    take_packages,
    take_parts,
    take_people,
    take_targets,
)
from bakery.desktop.materials import take_materials
from bakery.desktop.moving import Move
from bakery.desktop.pantry import take_ingredients, take_suppliers
from bakery.desktop.prices import Prices, load_prices
from bakery.desktop.products import take_lots, take_products
from bakery.desktop.recipes import take_recipes, take_units
from bakery.desktop.references import check_references
from bakery.desktop.report import Report
from bakery.desktop.rows import DesktopFileError
from bakery.desktop.runs import take_assemblies, take_bakes
from inventory.books import check_books

security = logging.getLogger("bakery.security")

STEPS = (
    take_suppliers,
    take_ingredients,
    take_products,
    take_materials,
    take_lots,
    take_recipes,
    take_units,
    take_goods,
    take_packages,
    take_parts,
    take_people,
    take_assignments,
    take_targets,
    take_bakes,
    take_assemblies,
)


def take_over(paths: Sequence[Path], *, prices: Path | None = None, dry_run: bool = False) -> Report:
    """Read the files of one export and write what they hold; with `dry_run` nothing stays.

    A second run changes nothing but for recipe lines whose weight was entered meanwhile. Raises
    DesktopFileError, before anything is written, where a file cannot be read or does not hold together.
    """
    document = load_document(paths)
    check_references(document)
    rows = load_prices(prices) if prices else []
    files = (*paths, *((prices,) if prices else ()))
    report = Report(
        files=tuple(path.name for path in files),
        version=document.version,
        exported_at=document.exported_at,
        unplaced=Counter(document.unplaced),
        is_trial=dry_run,
    )
    with transaction.atomic():
        move = Move(document, Prices(rows), report)
        for step in STEPS:
            step(move)
        refuse_wrong_books()
        transaction.set_rollback(dry_run)
    if not dry_run:
        security.info("took over %s: %d rows created", ", ".join(report.files), report.created.total())
    return report


def refuse_wrong_books() -> None:
    """Raises DesktopFileError where a rule of the ledger does not hold; the caller's transaction rolls back."""
    books = check_books()
    if not books.is_right:
        first = books.breaches[0]
        raise DesktopFileError(f"The books would not be right: {first.where}: {first.sentence}")
