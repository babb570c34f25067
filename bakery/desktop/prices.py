"""A price list as a table: what a package costs, joined by ingredient, brand and product name."""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from bakery.core.errors import InvalidValueError
from bakery.core.numbers import MAX_MONEY, MONEY_PLACES, checked_decimal
from bakery.core.text import NAME_LENGTH, search_name
from bakery.desktop.rows import DesktopFileError

MAX_BYTES = 5 * 1024 * 1024
COLUMNS = ("ingredient_name", "brand", "product_name", "unit_price")

_PRICE = re.compile(r"[^\d.,-]{0,5}([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,12})(\.[0-9]{1,4})?[^\d.,-]{0,5}")

Package = tuple[Decimal | None, str]
PriceKey = tuple[str, str, str, Package]
"""Ingredient, brand, product name and package of a lot."""


@dataclass
class PriceRow:
    """One line of the list; `price` None where it names none."""

    line: int
    ingredient: str
    brand: str
    product: str
    package: Package
    supplier: str
    price: Decimal | None
    uses: int = field(default=0)

    @property
    def title(self) -> str:
        return ", ".join(filter(None, (self.ingredient, " ".join(filter(None, (self.brand, self.product))))))


def load_prices(path: Path) -> list[PriceRow]:
    """The rows of the table; raises DesktopFileError where it is none or a price cannot be read."""
    reader = csv.DictReader(io.StringIO(_text(path), newline=""), strict=True)
    try:
        missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
        if missing:
            raise DesktopFileError(
                f"{path.name} is no price list: it has no column {', '.join(missing)}.", is_foreign=True
            )
        return [_row(path, reader.line_num, each) for each in reader]
    except csv.Error as error:
        raise DesktopFileError(
            f"{path.name} is no table with commas: {error} (line {reader.line_num}).", is_foreign=True
        ) from None


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise DesktopFileError(f"{path.name} is larger than 5 MiB.", is_foreign=True)
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DesktopFileError(f"{path.name} is not UTF-8 text.", is_foreign=True) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name cannot be used"
        raise DesktopFileError(f"{path.name} cannot be read: {reason}.", is_foreign=True) from None
    if "\0" in text:
        raise DesktopFileError(f"{path.name} holds the character NUL.", is_foreign=True)
    return text


def _row(path: Path, line: int, values: dict[str, str | None]) -> PriceRow:
    where = f"{path.name}, line {line}"
    if None in values:
        raise DesktopFileError(f"{where} has more cells than the table has columns.")
    cells = {name: " ".join((value or "").split()) for name, value in values.items()}
    if any(len(cell) > NAME_LENGTH for cell in cells.values()):
        raise DesktopFileError(f"{where} has a cell of more than {NAME_LENGTH} letters.")
    return PriceRow(
        line=line,
        ingredient=cells["ingredient_name"],
        brand=cells["brand"],
        product=cells["product_name"],
        package=(_package(where, cells.get("package_qty", "")), cells.get("package_unit", "")),
        supplier=cells.get("supplier_name", ""),
        price=_price(where, cells["unit_price"]),
    )


def _package(where: str, text: str) -> Decimal | None:
    if not text:
        return None
    try:
        return checked_decimal(text, places=6, below=MAX_MONEY, name="The package")
    except InvalidValueError:
        raise DesktopFileError(f"{where} has a package of “{text[:40]}”, which is no amount.") from None


def _price(where: str, text: str) -> Decimal | None:
    """ "$1,234.50" -> 1234.50; None for an empty cell."""
    if not text:
        return None
    match = _PRICE.fullmatch(text)
    if match is None:
        raise DesktopFileError(f"{where} has a price of “{text[:40]}”, which cannot be read.")
    whole, cents = match.groups()
    try:
        return checked_decimal(
            whole.replace(",", "") + (cents or ""), places=MONEY_PLACES, below=MAX_MONEY, name="A price"
        )
    except InvalidValueError as error:
        raise DesktopFileError(f"{where}: {error}") from None


@dataclass(frozen=True, slots=True)
class Match:
    """The row of a lot. `named` is False where the names differ and only ingredient, brand and package agree."""

    row: PriceRow
    named: bool


class Prices:
    """Finds the row of a lot. Of several alike each is used once before one is used again."""

    def __init__(self, rows: list[PriceRow]) -> None:
        self.rows = rows
        self._by_name: dict[tuple[str, ...], list[PriceRow]] = defaultdict(list)
        self._by_brand: dict[tuple[str, ...], list[PriceRow]] = defaultdict(list)
        for row in rows:
            self._by_name[_folded(row.ingredient, row.brand, row.product)].append(row)
            self._by_brand[_folded(row.ingredient, row.brand)].append(row)

    def join(self, products: list[PriceKey]) -> list[Match | None]:
        """The row of each: that of its names, else the only row left over of its ingredient, brand and package."""
        found = [self._named(each) for each in products]
        return [match or self._alike(each) for match, each in zip(found, products, strict=True)]

    def _named(self, key: PriceKey) -> Match | None:
        ingredient, brand, product, package = key
        rows = [
            row
            for row in self._by_name[_folded(ingredient, brand, product)]
            if row.package[0] is None or row.package == package
        ]
        if not rows:
            return None
        row = min(rows, key=lambda each: each.uses)
        row.uses += 1
        return Match(row, True)

    def _alike(self, key: PriceKey) -> Match | None:
        ingredient, brand, _, package = key
        rows = [
            row
            for row in self._by_brand[_folded(ingredient, brand)]
            if row.package == package and not row.uses
        ]
        if len(rows) != 1:
            return None
        rows[0].uses += 1
        return Match(rows[0], False)

    def of_other_package(self, key: PriceKey) -> list[PriceRow]:
        """The priced rows of the same names that are about another size of package."""
        rows = self._by_name[_folded(*key[:3])]
        return [row for row in rows if row.price is not None and row.package not in ((None, ""), key[3])]

    @property
    def unused(self) -> list[PriceRow]:
        return [row for row in self.rows if not row.uses]


def _folded(*names: str) -> tuple[str, ...]:
    """Without accents, case, and the two kinds of apostrophe."""
    return tuple(search_name(name).replace("’", "'") for name in names)
