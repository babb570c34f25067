"""The kitchen the proofs work in: a full shelf, and cookies whose recipes overlap."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from bakery.core.numbers import round_half_even
from inventory.models import Lot, StockEntry, StockMovement
from inventory.tests.factories import IngredientFactory, ProductFactory
from production.services import record_batch_production
from production.tests.factories import FinishedUnitFactory, recipe_of

FIRST_DAY = date(2026, 1, 1)


@transaction.atomic
def full_shelf(items: int = 12, lots: int = 40, grams: str = "1000") -> list[Any]:
    """So many ingredients in so many lots each, at prices that divide badly."""
    made = [IngredientFactory() for _ in range(items)]
    for item in made:
        stock(item, lots, Decimal(grams))
    return made


def stock(item: Any, lots: int, grams: Decimal) -> None:
    """Lots of one ingredient, written in bulk with their opening, so that a proof begins quickly."""
    product: Any = ProductFactory(ingredient=item)
    prices = [round_half_even(Decimal(10_000 + 37 * number) / 7777, 4) for number in range(lots)]
    rows = [
        Lot(
            item=item,
            product=product,
            received_on=FIRST_DAY + timedelta(days=number % 200),
            quantity=grams,
            quantity_remaining=grams,
            value=price,
            value_remaining=price,
        )
        for number, price in enumerate(prices)
    ]
    entries = StockEntry.objects.bulk_create(
        StockEntry(fingerprint="", kind="opening", summary="Stage", occurred_at="2026-01-01T12:00:00Z")
        for _ in rows
    )
    StockMovement.objects.bulk_create(
        StockMovement(entry=entry, lot=lot, quantity=lot.quantity, value=lot.value)
        for entry, lot in zip(entries, Lot.objects.bulk_create(rows), strict=True)
    )


def cookies_of(items: list[Any], count: int = 8, each: int = 3, seed: int = 1) -> list[Any]:
    """Cookies of a few of the ingredients each, in any order: recipes that overlap."""
    chance = random.Random(seed)
    return [
        FinishedUnitFactory(recipe=recipe_of(*((item, "33.333", "g") for item in chance.sample(items, each))))
        for _ in range(count)
    ]


def bake(cookie: Any, key: Any = None) -> Any:
    return record_batch_production(
        recipe_id=cookie.recipe_id, finished_unit_id=cookie.pk, num_batches=1, actual_yield=9, uuid=key
    )
