"""Files of the desktop application, read whole: everything is in its shape, and leads somewhere, before a row is written."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from bakery.core import bounded_json
from bakery.desktop.entries import (
    IngredientEntry,
    LotEntry,
    ProductEntry,
    PurchaseEntry,
    RecipeEntry,
    RunEntry,
    SupplierEntry,
    UnitEntry,
)
from bakery.desktop.gift_entries import (
    AssignmentEntry,
    EventEntry,
    GoodEntry,
    MaterialEntry,
    MaterialProductEntry,
    PackageEntry,
    PackedGoodEntry,
    PartEntry,
    RecipientEntry,
    TargetEntry,
)
from bakery.desktop.rows import DesktopFileError, Row, rows_of

Entry = TypeVar("Entry")

_VERSION = re.compile(r"4\.[0-9]{1,4}")
_HEAD = ("version", "application", "exported_at")


@dataclass(frozen=True)
class Document:
    """What one export says, from one file or several. `unplaced` counts what has no place here."""

    version: str
    exported_at: str
    suppliers: list[SupplierEntry]
    ingredients: list[IngredientEntry]
    products: list[ProductEntry]
    purchases: list[PurchaseEntry]
    lots: list[LotEntry]
    recipes: list[RecipeEntry]
    units: list[UnitEntry]
    materials: list[MaterialEntry]
    material_products: list[MaterialProductEntry]
    goods: list[GoodEntry]
    parts: list[PartEntry]
    packages: list[PackageEntry]
    packed_goods: list[PackedGoodEntry]
    recipients: list[RecipientEntry]
    events: list[EventEntry]
    assignments: list[AssignmentEntry]
    bake_targets: list[TargetEntry]
    assembly_targets: list[TargetEntry]
    bakes: list[RunEntry]
    assemblies: list[RunEntry]
    unplaced: Mapping[str, int] = field(default_factory=Counter)


def load_document(paths: Sequence[Path]) -> Document:
    """Read all files as parts of one export; raises DesktopFileError."""
    files = [_load(path) for path in paths]
    sections = _Sections(files)
    recipes = sections.read("recipes", RecipeEntry.read)
    written_in_recipes = [unit for recipe in recipes for unit in recipe.units]
    units = sections.read("finished_units", UnitEntry.read)
    known = {unit.slug for unit in units}
    return Document(
        version=files[0]["version"],
        exported_at=str(files[0].get("exported_at") or ""),
        suppliers=sections.read("suppliers", SupplierEntry.read),
        ingredients=sections.read("ingredients", IngredientEntry.read),
        products=sections.read("products", ProductEntry.read),
        purchases=sections.read("purchases", PurchaseEntry.read),
        lots=sections.read("inventory_items", LotEntry.read),
        recipes=recipes,
        units=[*units, *(unit for unit in written_in_recipes if unit.slug not in known)],
        materials=sections.read("materials", MaterialEntry.read),
        material_products=sections.read("material_products", MaterialProductEntry.read),
        goods=sections.read("finished_goods", GoodEntry.read),
        parts=sections.read("compositions", PartEntry.read),
        packages=sections.read("packages", PackageEntry.read),
        packed_goods=sections.read("package_finished_goods", PackedGoodEntry.read),
        recipients=sections.read("recipients", RecipientEntry.read),
        events=sections.read("events", EventEntry.read),
        assignments=sections.read("event_recipient_packages", AssignmentEntry.read),
        bake_targets=sections.read("event_production_targets", TargetEntry.read_bake),
        assembly_targets=sections.read("event_assembly_targets", TargetEntry.read_assembly),
        bakes=[
            *sections.read("production_records", RunEntry.read_bake),
            *sections.read("production_runs", RunEntry.read_bake),
        ],
        assemblies=sections.read("assembly_runs", RunEntry.read_assembly),
        unplaced=sections.unplaced(),
    )


def _load(path: Path) -> dict[str, Any]:
    try:
        document = bounded_json.load(path)
    except bounded_json.JsonError as error:
        raise DesktopFileError(f"{path.name} cannot be taken over. {error}", is_foreign=True) from None
    if not isinstance(document, dict) or document.get("application") != "bake-tracker":
        raise DesktopFileError(
            f"{path.name} is no export of the desktop application: it does not say so at its beginning.",
            is_foreign=True,
        )
    version = document.get("version")
    if not isinstance(version, str) or not _VERSION.fullmatch(version):
        said = f"version {version[:20]!r}" if isinstance(version, str) else "no version"
        raise DesktopFileError(
            f"{path.name} says {said}, and only 4.0 and its successors are understood. "
            "Export it again with a desktop application of version 4.",
            is_foreign=True,
        )
    return document


class _Sections:
    """The rows of all files by section, and what of them nobody asked for."""

    def __init__(self, files: Iterable[dict[str, Any]]) -> None:
        self._values: dict[str, list[Any]] = {}
        self._counts: Counter[str] = Counter()
        self._read: set[str] = set()
        for document in files:
            for name, value in document.items():
                if name in _HEAD:
                    continue
                if isinstance(value, list):
                    self._values.setdefault(name, []).extend(value)
                elif value not in (None, "", {}):
                    self._counts[name] += 1

    def read(self, name: str, reader: Callable[[Row], Entry]) -> list[Entry]:
        self._read.add(name)
        if name in self._counts:
            raise DesktopFileError(f"{name} is no list.")
        rows = rows_of(self._values.get(name), name)
        found = [reader(row) for row in rows]
        for row in rows:
            self._counts.update(row.unplaced(name))
        return found

    def unplaced(self) -> Counter[str]:
        for name, rows in self._values.items():
            if name not in self._read and rows:
                self._counts[name] += len(rows)
        return self._counts
