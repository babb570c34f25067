"""A bakery of any size, written in bulk: stock with its ledger, so that the books are right."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from django.db import connection, transaction
from django.utils import timezone

from inventory.models import (
    EntryKind,
    Ingredient,
    IngredientCategory,
    Lot,
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


@transaction.atomic
def stock(
    items: Sequence[StockItem], lots: int, *, grams: int = 100, used: bool = False, one_day: bool = False
) -> None:
    """Put so many lots of each on the shelf, or what is left of lots that were used up long ago."""
    entry = new_entry(EntryKind.OPENING)
    left = 0 if used else grams
    made = Lot.objects.bulk_create(
        [
            Lot(
                item_id=item.pk,
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
