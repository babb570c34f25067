"""A long past, written in bulk: years of purchases and bakes, all eaten by now, with books that are right.

It shows how Bakehouse feels after ten busy years. The shelf of today stays as it is.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.utils import timezone

from bakery.core.errors import BakeryError
from bakery.core.formatting import plural
from inventory.models import EntryKind, Ingredient, Kind, Lot, StockEntry, StockMovement
from production.models import FinishedUnit, ProductionConsumption, ProductionRun

AT_ONCE = 1000  # runs are written together
LOT = 1_000_000  # thousandths of a stock unit in each purchase
TAKEN = 33_333  # thousandths of a stock unit in each bake, of each ingredient
YIELD = 24

MODELS: tuple[type[models.Model], ...] = (
    StockEntry,
    Lot,
    StockMovement,
    ProductionRun,
    ProductionConsumption,
)


@dataclass
class OpenLot:
    """A purchase that is being used: what is left of it, in thousandths and in ten-thousandths of money."""

    pk: int
    quantity: int
    value: int

    def take(self, wanted: int) -> tuple[int, int]:
        """Take up to so much and the value that goes with it, rounded half to even as the ledger does."""
        quantity = min(wanted, self.quantity)
        value = (
            self.value if quantity == self.quantity else round_half_even(self.value * quantity, self.quantity)
        )
        self.quantity -= quantity
        self.value -= value
        return quantity, value


def round_half_even(numerator: int, denominator: int) -> int:
    whole, rest = divmod(numerator, denominator)
    return whole + (2 * rest > denominator or (2 * rest == denominator and whole % 2))


@dataclass
class Past:
    """Writes the rows of a long past, a thousand bakes at a time."""

    ingredients: Sequence[Ingredient]
    units: Sequence[FinishedUnit]
    each: int
    open: dict[int, OpenLot] = field(default_factory=dict)
    rows: dict[type[models.Model], list[list[Any]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.tables = {model: Table(model) for model in MODELS}
        self.rows = {model: [] for model in MODELS}

    def bake(self, number: int, moment: datetime) -> None:
        """One bake of `each` ingredients, bought when the last bag is empty, and eaten on the same day."""
        unit = self.units[number % len(self.units)]
        chosen = [self.ingredients[(number + step) % len(self.ingredients)] for step in range(self.each)]
        takes = [(item, *taken) for item in chosen for taken in self.use(item, moment)]
        cost = sum(value for _item, _lot, _quantity, value in takes)
        entry = self.entry(EntryKind.PRODUCTION, moment, f"1 batch of {unit.recipe.name}")
        made = self.lot(unit.pk, moment.date(), YIELD * 1000, cost, product_id=None)
        for _item, lot, quantity, value in takes:
            self.add(StockMovement, entry_id=entry, lot_id=lot, quantity=-quantity, value=-value)
        self.add(StockMovement, entry_id=entry, lot_id=made, quantity=YIELD * 1000, value=cost)
        eaten = self.entry(EntryKind.ADJUSTMENT, moment, f"{unit.name}: eaten")
        self.add(StockMovement, entry_id=eaten, lot_id=made, quantity=-YIELD * 1000, value=-cost)
        self.run(unit, entry, moment, cost, takes)

    def run(self, unit: FinishedUnit, entry: int, moment: datetime, cost: int, takes: list[Any]) -> None:
        run = self.add(
            ProductionRun,
            recipe_id=unit.recipe_id,
            finished_unit_id=unit.pk,
            num_batches=1,
            expected_yield=YIELD,
            actual_yield=YIELD,
            yield_variance=0,
            produced_at=moment,
            total_ingredient_cost=cost,
            per_unit_cost=round_half_even(cost, YIELD),
            stock_entry_id=entry,
            uuid=self.rows[StockEntry][-2][self.tables[StockEntry].place["uuid"]],
        )
        sums: dict[Any, list[int]] = {}
        for item, _lot, quantity, value in takes:
            total = sums.setdefault(item, [0, 0])
            total[0] += quantity
            total[1] += value
        for item, (quantity, value) in sums.items():
            self.add(
                ProductionConsumption,
                production_run_id=run,
                ingredient_slug=item.slug,
                ingredient_name=item.name,
                quantity_consumed=quantity,
                unit=item.stock_unit,
                total_cost=value,
            )

    def use(self, item: Ingredient, moment: datetime) -> Iterable[tuple[int, int, int]]:
        """Take what one bake needs, from one bag or the end of one and the start of the next."""
        wanted = TAKEN
        while wanted:
            lot = self.open.get(item.pk) or self.buy(item, moment)
            quantity, value = lot.take(wanted)
            wanted -= quantity
            if not lot.quantity:
                del self.open[item.pk]
            yield lot.pk, quantity, value

    def buy(self, item: Ingredient, moment: datetime) -> OpenLot:
        price = 20_000 + 7 * (self.tables[Lot].next_id % 1000)
        product = item.products.all()[0].pk
        pk = self.lot(item.pk, moment.date(), LOT, price, product_id=product)
        entry = self.entry(EntryKind.RECEIPT, moment, f"Bought {item.name}")
        self.add(StockMovement, entry_id=entry, lot_id=pk, quantity=LOT, value=price)
        self.open[item.pk] = OpenLot(pk, LOT, price)
        return self.open[item.pk]

    def throw_away(self, moment: datetime) -> None:
        """What is left of the last bags, so that the shelf of today stays as it was."""
        for lot in self.open.values():
            entry = self.entry(EntryKind.ADJUSTMENT, moment, "The rest: thrown away")
            self.add(StockMovement, entry_id=entry, lot_id=lot.pk, quantity=-lot.quantity, value=-lot.value)
        self.open.clear()

    def entry(self, kind: EntryKind, moment: datetime, summary: str) -> int:
        return self.add(
            StockEntry, kind=kind.value, occurred_at=moment, summary=summary, fingerprint="", uuid=key()
        )

    def lot(self, item_id: int, day: date, quantity: int, value: int, *, product_id: int | None) -> int:
        """A lot that is used up by now."""
        return self.add(
            Lot,
            item_id=item_id,
            product_id=product_id,
            received_on=day,
            quantity=quantity,
            value=value,
            quantity_remaining=0,
            value_remaining=0,
            uuid=key(),
        )

    def add(self, model: type[models.Model], **values: Any) -> int:
        pk, row = self.tables[model].row(values)
        self.rows[model].append(row)
        return pk

    def write(self) -> None:
        for model, rows in self.rows.items():
            self.tables[model].insert(rows)
            rows.clear()


class Table:
    """The table of a model, filled with raw rows whose ids are given out here."""

    def __init__(self, model: type[models.Model]) -> None:
        fields = model._meta.concrete_fields
        self.name = connection.ops.quote_name(model._meta.db_table)
        self.columns = ", ".join(connection.ops.quote_name(str(each.column)) for each in fields)
        self.place = {each.attname: place for place, each in enumerate(fields)}
        self.times = {each.attname for each in fields if isinstance(each, models.DateTimeField)}
        self.usual = [usual_value(each) for each in fields]
        top = model._default_manager.aggregate(top=models.Max("pk"))["top"] or 0
        self.ids = count(top + 1)
        self.next_id = top + 1

    def row(self, values: dict[str, Any]) -> tuple[int, list[Any]]:
        row = self.usual.copy()
        pk = row[self.place["id"]] = next(self.ids)
        self.next_id = pk + 1
        for name, value in values.items():
            row[self.place[name]] = stored(value) if name in self.times or name == "received_on" else value
        return pk, row

    def insert(self, rows: list[list[Any]]) -> None:
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                with cursor.cursor.copy(f"COPY {self.name} ({self.columns}) FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)
                return
            marks = ", ".join("?" * len(self.usual))
            cursor.connection.executemany(f"INSERT INTO {self.name} ({self.columns}) VALUES ({marks})", rows)


def usual_value(each: models.Field[Any, Any]) -> Any:
    """What stands in a column when nothing is said about it."""
    if getattr(each, "auto_now", False) or getattr(each, "auto_now_add", False):
        return stored(timezone.now())
    if each.null or each.primary_key or not (each.has_default() or each.empty_strings_allowed):
        return None
    return each.get_db_prep_save(each.get_default(), connection)


def stored(moment: Any) -> Any:
    if isinstance(moment, datetime):
        return connection.ops.adapt_datetimefield_value(moment)
    return connection.ops.adapt_datefield_value(moment)


def key() -> Any:
    made = uuid.uuid4()
    return made if connection.vendor == "postgresql" else made.hex


@transaction.atomic
def generate(
    runs: int, *, each: int = 18, years: int = 10, tell: Callable[[int], None] = lambda done: None
) -> int:
    """Write so many bakes of `each` ingredients, spread over the years before last year; returns the movements.

    Raises BakeryError where there is nothing to bake from: a bakery has to have ingredients and cookies.
    """
    items = Ingredient.objects.filter(kind=Kind.INGREDIENT, is_tracked=True, products__isnull=False)
    ingredients = list(items.distinct().prefetch_related("products").order_by("pk"))
    units = list(FinishedUnit.objects.select_related("recipe").order_by("pk"))
    if len(ingredients) < each or not units:
        raise BakeryError(
            f"A past needs {plural(each, 'ingredient')} with products and something to bake. Load the sample first."
        )
    before = StockMovement.objects.count()
    past = Past(ingredients, units, each)
    end = timezone.now() - timedelta(days=400)
    step = timedelta(days=365 * years) / max(1, runs)
    for number in range(runs):
        past.bake(number, end - step * (runs - number))
        if not (number + 1) % AT_ONCE:
            past.write()
            tell(number + 1)
    past.throw_away(end)
    past.write()
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(MODELS)):
            cursor.execute(statement)
    return StockMovement.objects.count() - before
