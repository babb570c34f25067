"""What the pantry and its ledger look like in a file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from bakery.core.transfer.arrays import Array, Check, Name, To
from inventory.models import (
    BOUGHT,
    Allergen,
    EntryKind,
    Ingredient,
    IngredientCategory,
    Kind,
    Lot,
    Product,
    StockEntry,
    StockItem,
    StockMovement,
    Supplier,
)

ALLERGEN = Name("inventory.Allergen", ("name",), "allergen")
CATEGORY = Name("inventory.IngredientCategory", ("name",), "category")
SUPPLIER = Name("inventory.Supplier", ("name",), "supplier")
ITEM = Name("inventory.StockItem", ("kind", "slug"), "stock item")
INGREDIENT = Name("inventory.Ingredient", ("slug",), "ingredient")
PRODUCT = Name("inventory.Product", ("uuid",), "product")
LOT = Name("inventory.Lot", ("uuid",), "lot")
ENTRY = Name("inventory.StockEntry", ("uuid",), "entry")

ON_SHELF = ("name", "slug", "stock_unit", "reorder_level", "is_archived")
"""The fields of every stock item."""

EDITED = ("edited_at", "edited_by_name")

TOMORROW = timedelta(days=1)
"""History may be this far ahead: clocks and time zones of two machines differ."""


def of_a_shop() -> Check:
    def check(row: Ingredient) -> Iterator[tuple[str, str]]:
        if row.kind not in BOUGHT:
            yield "kind", f"'{row.kind}' is not one of {', '.join(BOUGHT)}."

    return check


def fits_the_shelf() -> Check:
    """A lot is of its product's ingredient, and what is made here is counted in whole pieces."""
    ingredients = dict(Product.objects.values_list("pk", "ingredient_id"))
    made = set(StockItem.objects.exclude(kind__in=BOUGHT).values_list("pk", flat=True))
    packaging = set(StockItem.objects.filter(kind=Kind.PACKAGING).values_list("pk", flat=True))
    latest = timezone.localdate() + TOMORROW

    def check(lot: Lot) -> Iterator[tuple[str, str]]:
        if lot.product_id is not None and ingredients[lot.product_id] != lot.item_id:
            yield "product", "the product is of another item than the lot."
        if lot.product_id is None and lot.item_id in packaging:
            yield "product", "packaging is bought as a product: name it."
        if lot.item_id in made and (lot.quantity % 1 or lot.quantity_remaining % 1):
            yield "quantity", "what is made here is counted in whole pieces."
        if lot.expires_on is not None and lot.expires_on < lot.received_on:
            yield "expires_on", "it would have expired before it was received."
        if lot.received_on > latest:
            yield "received_on", "that day is still to come."

    return check


def says_what_it_reverses() -> Check:
    latest = timezone.now() + TOMORROW

    def check(entry: StockEntry) -> Iterator[tuple[str, str]]:
        if (entry.kind == EntryKind.REVERSAL) != (entry.reverses_id is not None):
            yield "reverses", "a reversal names the entry it reverses, and no other entry does."
        if entry.occurred_at > latest:
            yield "occurred_at", "that moment is still to come."

    return check


CATALOGUE = (
    Array("allergens", Allergen, ("uuid", "name"), keys=(("name",),), is_catalogue=True, is_seeded=True),
    Array(
        "ingredient_categories", IngredientCategory, ("uuid", "name"), keys=(("name",),), is_catalogue=True
    ),
    Array(
        "suppliers",
        Supplier,
        ("uuid", "name", "url", "address", "notes", "is_archived"),
        keys=(("name",),),
        is_catalogue=True,
    ),
    Array(
        "ingredients",
        Ingredient,
        (
            *("uuid", "kind", *ON_SHELF, To("category", CATEGORY)),
            *("grams_per_ml", "grams_per_each", "is_tracked", To("allergens", ALLERGEN)),
        ),
        keys=(("slug",), ("kind", "name")),
        is_catalogue=True,
        checks=of_a_shop,
    ),
    Array(
        "products",
        Product,
        (
            *("uuid", To("ingredient", INGREDIENT), "brand", "name", "package_quantity", "package_unit"),
            *("gtin", To("preferred_supplier", SUPPLIER), "is_preferred", "is_archived"),
        ),
        keys=(("ingredient", "brand", "name", "package_quantity", "package_unit"),),
        is_catalogue=True,
        exclusive={"gtin": (), "is_preferred": ("ingredient",)},
    ),
)

LEDGER = (
    Array(
        "lots",
        Lot,
        (
            *("uuid", To("item", ITEM), To("product", PRODUCT), To("supplier", SUPPLIER), "received_on"),
            *("quantity", "value", "quantity_remaining", "value_remaining"),
            *("expires_on", "location", "note", *EDITED),
        ),
        checks=fits_the_shelf,
    ),
    Array(
        "stock_entries",
        StockEntry,
        (
            *("uuid", "kind", "occurred_at", "summary", "reason", "note", To("reverses", ENTRY)),
            *("recorded_by_name", "fingerprint"),
        ),
        checks=says_what_it_reverses,
    ),
    Array(
        "stock_movements",
        StockMovement,
        (To("entry", ENTRY), To("lot", LOT), "quantity", "value"),
        part_of="entry",
    ),
)
