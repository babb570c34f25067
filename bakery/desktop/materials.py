"""Materials as packaging, with the sizes of their packages where somebody has written them down."""

from __future__ import annotations

import re
from collections import defaultdict
from decimal import Decimal

from bakery.core.measures import UNITS, Family
from bakery.desktop.gift_entries import MaterialProductEntry
from bakery.desktop.measures import known_unit
from bakery.desktop.moving import Move
from bakery.desktop.pantry import NO_CATEGORY, category_named, supplier_named
from bakery.desktop.report import Topic
from inventory.models import Ingredient, Kind, Product

_SIZE = re.compile(
    r"(?<![\d./])(\d{1,6}(?:\.\d{1,3})?)[ -]?(pk|pack|ct|count|pcs?|yds?|ft|m|cm|in)\b", re.IGNORECASE
)
_COUNTED = {"pk": "each", "pack": "each"}


def take_materials(move: Move) -> None:
    """Materials become packaging, counted in pieces or kept by length."""
    products = defaultdict(list)
    for entry in move.document.material_products:
        products[entry.material].append(entry)
    for material in move.document.materials:
        of_it = [
            *products[material.slug],
            *(products[material.name] if material.name != material.slug else ()),
        ]
        by_length = any(_is_length(entry.counted_in) for entry in of_it)
        item = move.keep(
            "packaging material",
            Ingredient(
                kind=Kind.PACKAGING,
                name=material.name,
                category=category_named(move, material.category or NO_CATEGORY),
                stock_unit="cm" if by_length else "each",
            ),
            material.slug,
            same={"kind": Kind.PACKAGING, "name": material.name},
            path=f"material {material.slug}",
        )
        if item is None:
            continue
        move.ingredients.setdefault(material.slug, item)
        for entry in of_it:
            _take_product(move, material.slug, item, entry)


def _is_length(unit: str) -> bool:
    symbol = known_unit(unit)
    return bool(symbol) and UNITS[symbol].family is Family.LENGTH


def _take_product(move: Move, slug: str, item: Ingredient, entry: MaterialProductEntry) -> None:
    quantity, unit = size_of(entry, item.stock_unit)
    product = move.keep(
        "product",
        Product(
            ingredient=item,
            brand=entry.brand,
            name=entry.name,
            package_quantity=quantity or Decimal(1),
            package_unit=unit or item.stock_unit,
            preferred_supplier=supplier_named(move, entry.supplier),
        ),
        "material",
        slug,
        entry.name,
        same={"ingredient": item, "brand": entry.brand, "name": entry.name},
        path=entry.path,
    )
    if product is None:
        return
    key = (slug, entry.brand, entry.name, quantity, unit)
    move.products.setdefault(key, product)
    if quantity is None and move.is_fresh(product):
        move.report.hand(
            Topic.PACKAGE, f"{product}: nothing says how much is in a package, so it is 1.", product
        )


def size_of(entry: MaterialProductEntry, stock_unit: str) -> tuple[Decimal | None, str]:
    """What a package holds: as its fields say, else the last size in its name that can be meant.

    "Cake Window Box 10in 25pk" of pieces -> (25, "each"); "Ribbon 3/16 500yd" by length -> (500, "yd").
    """
    family = UNITS[stock_unit].family
    unit = known_unit(entry.unit)
    if entry.quantity and unit and UNITS[unit].family is family:
        return entry.quantity.quantize(Decimal("0.001")), unit
    for quantity, spelled in reversed(_SIZE.findall(entry.name)):
        unit = _COUNTED.get(spelled.casefold()) or known_unit(spelled.casefold())
        if unit and UNITS[unit].family is family and Decimal(quantity):
            return Decimal(quantity), unit
    return None, ""
