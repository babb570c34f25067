"""Years of a busy household, to see whether pages stay quick: written in bulk, and the books are right.

Every bake takes 100 g of 18 ingredients, always the oldest lot; every lot serves a hundred bakes. What was
baked is eaten by the week. So a bake stands for 20 movements: 18 taken, one made, one eaten.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from bakery.sample.bulk import Rows, count_on, next_id
from bakery.sample.kitchen import saved
from events.models import Event
from inventory import queues
from inventory.models import (
    EntryKind,
    Ingredient,
    IngredientCategory,
    Lot,
    Product,
    StockEntry,
    StockMovement,
)
from inventory.services import receive_lot
from production.models import (
    FinishedUnit,
    ProductionConsumption,
    ProductionRun,
    Recipe,
    RecipeIngredient,
)

INGREDIENTS, RECIPES, PER_RECIPE = 60, 30, 18
PIECES = 40
TAKEN, LOT = 100, 10_000
"""Grams taken by a bake, and grams in a lot."""
QUANTITY, MONEY = 1_000, 10_000
"""Scaled integers, as the database keeps stock quantities and money."""
EATEN_TOGETHER = 20
EVENTS_A_YEAR = 4
BLOCK = 5_000
"""Bakes in one transaction."""


@dataclass(slots=True)
class Batch:
    """A lot while the years are written: what it was, what is left of it (scaled integers)."""

    lot_id: int
    item_id: int
    product_id: int | None
    received_on: date
    quantity: int
    value: int
    left: int
    worth: int
    is_new: bool = True


@dataclass
class Past:
    """The household while its years are written."""

    days: int
    bakes: int
    chance: Random = field(default_factory=lambda: Random(2026))
    products: list[Product] = field(default_factory=list)
    units: list[tuple[FinishedUnit, list[int]]] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    open_lots: dict[int, Batch] = field(default_factory=dict)
    uneaten: list[Batch] = field(default_factory=list)
    touched: dict[int, Batch] = field(default_factory=dict)
    lots: int = 0
    entries: int = 0
    runs: int = 0

    def day(self, number: int) -> date:
        """The day of a bake, early enough that all of it is past."""
        return timezone.localdate() - timedelta(days=self.days - number * (self.days - 1) // self.bakes)

    def event_on(self, day: date) -> int | None:
        """The event, if one is near: three weeks before each is baked for it."""
        for event in self.events:
            if timedelta(0) <= event.event_date - day <= timedelta(days=21):
                return event.pk
        return None


def write_years(*, bakes: int, years: int, progress: Callable[[int], None] = lambda done: None) -> None:
    """Write so many bakes, spread over so many years up to today, into an empty bakery."""
    past = Past(days=years * 365, bakes=bakes)
    with transaction.atomic():
        furnish(past, years)
    for start in range(0, bakes, BLOCK):
        with transaction.atomic():
            write_block(past, range(start, min(start + BLOCK, bakes)))
        progress(min(start + BLOCK, bakes))
    with transaction.atomic():
        count_on(StockEntry, Lot, ProductionRun)
    for product in past.products:  # enough to bake on
        receive_lot(product_id=product.pk, packages=1, total_cost=Decimal("15.00"))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def furnish(past: Past, years: int) -> None:
    category = saved(IngredientCategory(name="Pantry"))
    for number in range(INGREDIENTS):
        item = saved(Ingredient(name=f"Ingredient {number + 1}", category=category, stock_unit="g"))
        past.products.append(
            saved(Product(ingredient=item, brand="Mill", package_quantity=Decimal(LOT), package_unit="g"))
        )
    for number in range(RECIPES):
        recipe = saved(Recipe(name=f"Recipe {number + 1}"))
        chosen = [(number * 7 + step * 3) % INGREDIENTS for step in range(PER_RECIPE)]
        for position, index in enumerate(chosen):
            item = past.products[index].ingredient
            line = {"ingredient": item, "quantity": Decimal(TAKEN), "unit": "g", "position": position}
            saved(RecipeIngredient(recipe=recipe, **line))
        unit = FinishedUnit(
            recipe=recipe, name=f"Cookie {number + 1}", stock_unit="each", items_per_batch=PIECES
        )
        past.units.append((saved(unit), chosen))
    for number in range(years * EVENTS_A_YEAR + 2):
        held_on = timezone.localdate() + timedelta(days=60 - number * 365 // EVENTS_A_YEAR)
        past.events.append(saved(Event(name=f"Event {held_on}", event_date=held_on)))
    past.lots, past.entries, past.runs = next_id(Lot), next_id(StockEntry), next_id(ProductionRun)


@dataclass
class Tables:
    """The rows of one block, table by table, in the order they can be written."""

    entries: Rows
    lots: Rows
    movements: Rows
    runs: Rows
    consumptions: Rows

    def write(self) -> None:
        for rows in (self.entries, self.lots, self.movements, self.runs, self.consumptions):
            rows.write()


def tables(unit: FinishedUnit) -> Tables:
    run = ProductionRun(
        recipe=unit.recipe,
        finished_unit=unit,
        num_batches=1,
        expected_yield=PIECES,
        actual_yield=PIECES,
        yield_variance=0,
        recorded_by_name="Odile",
    )
    return Tables(
        entries=Rows(
            StockEntry(fingerprint="", recorded_by_name="Odile"),
            given=["id", "uuid", "kind", "occurred_at", "summary"],
        ),
        lots=Rows(
            Lot(),
            given=[
                "id",
                "uuid",
                "item_id",
                "product_id",
                "received_on",
                "quantity",
                "value",
                "quantity_remaining",
                "value_remaining",
            ],
        ),
        movements=Rows(StockMovement(), given=["entry_id", "lot_id", "quantity", "value"]),
        runs=Rows(
            run,
            given=[
                "id",
                "uuid",
                "recipe_id",
                "finished_unit_id",
                "event_id",
                "produced_at",
                "total_ingredient_cost",
                "per_unit_cost",
                "stock_entry_id",
            ],
        ),
        consumptions=Rows(
            ProductionConsumption(unit="g"),
            given=[
                "production_run_id",
                "ingredient_slug",
                "ingredient_name",
                "quantity_consumed",
                "total_cost",
            ],
        ),
    )


def write_block(past: Past, numbers: range) -> None:
    block = tables(past.units[0][0])
    past.touched = {}
    for number in numbers:
        day = past.day(number)
        if number % EATEN_TOGETHER == 0 and past.uneaten:
            eat(past, block, day)
        bake(past, block, number, day)
    for lot in past.touched.values():
        if lot.is_new:
            block.lots.add(
                lot.lot_id,
                adapted(uuid.uuid4()),
                lot.item_id,
                lot.product_id,
                adapted(lot.received_on),
                lot.quantity,
                lot.value,
                lot.left,
                lot.worth,
            )
    block.write()
    queues.write_remaining(
        (lot.lot_id, Decimal(lot.left) / QUANTITY, Decimal(lot.worth) / MONEY)
        for lot in past.touched.values()
        if not lot.is_new
    )
    for lot in past.touched.values():
        lot.is_new = False


def bake(past: Past, block: Tables, number: int, day: date) -> None:
    unit, chosen = past.units[number % RECIPES]
    served = [(index, open_lot(past, block, index, day)) for index in chosen]
    key = adapted(uuid.uuid4())
    when = at_noon(day)
    entry = add_entry(past, block, EntryKind.PRODUCTION, f"1 batch of {unit.recipe.name}", when, key)
    run, past.runs = past.runs, past.runs + 1
    cost = 0
    for index, lot in served:
        price = lot.value * TAKEN // LOT
        lot.left -= TAKEN * QUANTITY
        lot.worth -= price
        cost += price
        past.touched[lot.lot_id] = lot
        item = past.products[index].ingredient
        block.movements.add(entry, lot.lot_id, -TAKEN * QUANTITY, -price)
        block.consumptions.add(run, item.slug, item.name, TAKEN * QUANTITY, price)
    made = new_lot(past, unit.pk, None, day, PIECES * QUANTITY, cost)
    block.movements.add(entry, made.lot_id, made.quantity, cost)
    past.uneaten.append(made)
    block.runs.add(
        run,
        key,
        unit.recipe_id,
        unit.pk,
        past.event_on(day),
        when,
        cost,
        round(Fraction(cost, PIECES)),
        entry,
    )


def open_lot(past: Past, block: Tables, index: int, day: date) -> Batch:
    """The lot of an ingredient that is used now; a new one is bought when the last is used up."""
    lot = past.open_lots.get(index)
    if lot is None or not lot.left:
        product = past.products[index]
        price = past.chance.randrange(900, 2500) * LOT // TAKEN
        lot = new_lot(past, product.ingredient_id, product.pk, day, LOT * QUANTITY, price)
        past.open_lots[index] = lot
        summary = f"Bought 10 kg of {product.ingredient.name}"
        entry = add_entry(past, block, EntryKind.RECEIPT, summary, at_noon(day))
        block.movements.add(entry, lot.lot_id, lot.quantity, price)
    return lot


def new_lot(past: Past, item_id: int, product_id: int | None, day: date, quantity: int, value: int) -> Batch:
    lot = Batch(past.lots, item_id, product_id, day, quantity, value, quantity, value)
    past.lots += 1
    past.touched[lot.lot_id] = lot
    return lot


def eat(past: Past, block: Tables, day: date) -> None:
    entry = add_entry(past, block, EntryKind.ADJUSTMENT, "Took away what was baked: eaten", at_noon(day))
    for lot in past.uneaten:
        block.movements.add(entry, lot.lot_id, -lot.left, -lot.worth)
        lot.left = lot.worth = 0
        past.touched[lot.lot_id] = lot
    past.uneaten = []


def add_entry(past: Past, block: Tables, kind: EntryKind, summary: str, when: Any, key: Any = None) -> int:
    entry, past.entries = past.entries, past.entries + 1
    block.entries.add(entry, key or adapted(uuid.uuid4()), kind.value, when, summary)
    return entry


def at_noon(day: date) -> Any:
    return connection.ops.adapt_datetimefield_value(timezone.make_aware(datetime.combine(day, time(12))))


def adapted(value: Any) -> Any:
    """A uuid or a day as the database keeps it."""
    if isinstance(value, date):
        return connection.ops.adapt_datefield_value(value)
    return value if connection.features.has_native_uuid_field else value.hex
