"""A bakery of any size, written in bulk: stock with its ledger, so that the books are right."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from assembly.models import Composition, FinishedGood
from inventory.models import (
    EntryKind,
    Ingredient,
    IngredientCategory,
    Kind,
    Lot,
    Product,
    StockEntry,
    StockItem,
    StockMovement,
)
from production.models import FinishedUnit, Recipe, RecipeIngredient

FIRST_DAY = date(2020, 1, 1)
NOTHING = Decimal(0)


def make_ingredients(count: int) -> list[Ingredient]:
    category, _ = IngredientCategory.objects.get_or_create(name="Bench")
    return [
        Ingredient.objects.create(name=f"Ingredient {uuid.uuid4().hex}", category=category, stock_unit="g")
        for _ in range(count)
    ]


def make_cookie(ingredients: Sequence[Ingredient], grams: int) -> FinishedUnit:
    """A cookie of a recipe that asks for so many grams of each."""
    recipe = Recipe.objects.create(name=f"Recipe {uuid.uuid4().hex}")
    RecipeIngredient.objects.bulk_create(
        RecipeIngredient(recipe=recipe, ingredient=item, quantity=Decimal(grams), unit="g", position=position)
        for position, item in enumerate(ingredients)
    )
    return FinishedUnit.objects.create(
        name=f"Cookie {uuid.uuid4().hex}", recipe=recipe, stock_unit="each", items_per_batch=10
    )


def make_hamper(
    units: int, goods: int, products: int, each: int
) -> tuple[FinishedGood, list[StockItem], dict[int, Product]]:
    """A hamper of `each` pieces of so many cookies, boxes and packaging: with what is in it, and the products."""
    hamper = make_good()
    packaging = make_packaging(products)
    components: dict[str, list[Any]] = {
        "component_unit": [make_cookie([], 0) for _ in range(units)],
        "component_good": [make_good() for _ in range(goods)],
        "packaging_product": packaging,
    }
    Composition.objects.bulk_create(
        Composition(finished_good=hamper, quantity=Decimal(each), **{kind: component})
        for kind, of_kind in components.items()
        for component in of_kind
    )
    items = [*components["component_unit"], *components["component_good"]]
    items += [product.ingredient for product in packaging]
    return hamper, items, {product.ingredient_id: product for product in packaging}


def make_good() -> FinishedGood:
    return FinishedGood.objects.create(name=f"Good {uuid.uuid4().hex}", stock_unit="each")


def make_packaging(count: int) -> list[Product]:
    category, _ = IngredientCategory.objects.get_or_create(name="Bench")
    items = [
        Ingredient.objects.create(
            name=f"Packaging {uuid.uuid4().hex}", category=category, stock_unit="each", kind=Kind.PACKAGING
        )
        for _ in range(count)
    ]
    return [
        Product.objects.create(ingredient=item, package_quantity=Decimal(1), package_unit="each")
        for item in items
    ]


@transaction.atomic
def stock(
    items: Sequence[StockItem],
    lots: int,
    *,
    grams: int = 100,
    used: bool = False,
    one_day: bool = False,
    products: Mapping[int, Product] | None = None,
) -> None:
    """Put so many lots of each on the shelf, or what is left of lots that were used up long ago.

    `products` names the product of a packaging item's lots.
    """
    entry = new_entry(EntryKind.OPENING)
    left = 0 if used else grams
    made = Lot.objects.bulk_create(
        [
            Lot(
                item_id=item.pk,
                product=(products or {}).get(item.pk),
                received_on=FIRST_DAY + timedelta(days=0 if one_day else number % 2000),
                quantity=Decimal(grams),
                value=Decimal("1.2345"),
                quantity_remaining=Decimal(left),
                value_remaining=NOTHING if used else Decimal("1.2345"),
            )
            for item in items
            for number in range(lots)
        ]
    )
    record(entry, made, 1)
    if used:
        record(new_entry(EntryKind.ADJUSTMENT), made, -1)


def record(entry: StockEntry, lots: Sequence[Lot], sign: int) -> None:
    StockMovement.objects.bulk_create(
        StockMovement(entry=entry, lot=lot, quantity=sign * lot.quantity, value=sign * lot.value)
        for lot in lots
    )


def new_entry(kind: EntryKind) -> StockEntry:
    return StockEntry.objects.create(fingerprint="", kind=kind, summary="Bench", occurred_at=timezone.now())


def settle() -> None:
    """What a bakery does at night: statistics for the planner, and an empty write-ahead log."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA optimize = 0x10002")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
