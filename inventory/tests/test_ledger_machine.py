"""The whole ledger against a simple model: anything a household may do, in any order.

LEDGER_MACHINES says how many random histories are tried; a release deserves thousands.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from assembly.errors import InsufficientComponentsError
from assembly.services import check_can_assemble, max_quantities, record_assembly, void_assembly_run
from assembly.tests.factories import good_of
from events.services import update_fulfillment_status, void_packing
from events.tests.factories import EventFactory, assigned, package_of
from inventory.books import check_books
from inventory.errors import (
    CannotCorrectError,
    InsufficientInventoryError,
    InUseError,
    NotEnoughToRemoveError,
)
from inventory.models import Lot
from inventory.services import (
    adjust_stock,
    correct_lot_cost,
    count_stock,
    on_hand,
    receive_lot,
    void_adjustment,
    void_receipt,
)
from inventory.tests.factories import IngredientFactory, PackagingFactory, ProductFactory
from production.services import record_batch_production, void_production_run
from production.tests.factories import FinishedUnitFactory, RecipeComponentFactory, recipe_of

MACHINES = int(os.environ.get("LEDGER_MACHINES", "25"))
STEPS = 25
FIRST_DAY = date(2026, 1, 1)
DUST = Decimal("0.005")
ITEMS = ("flour", "sugar", "butter")

# What each cookie takes, by ingredient, as a person would add it up: the second holds half a batch of dough.
DOUGH = {"flour": Fraction(100), "sugar": Fraction("33.333")}
COOKIES = {
    "plain": DOUGH,
    "filled": {"flour": Fraction(50), "sugar": Fraction("16.6665"), "butter": Fraction("0.5")},
}

# What each box takes: a bag holds cookies, a hamper bags and cookies, both packaging of one product.
BOXES = {
    "bag": {"plain": Fraction(3), "filled": Fraction(1), "ribbon": Fraction("45.72")},
    "hamper": {"bag": Fraction(2), "plain": Fraction(1), "ribbon": Fraction(10)},
}
MADE = (*COOKIES, *BOXES)
TIN = {"bag": Fraction(2), "hamper": Fraction(1), "ribbon": Fraction("18.288")}
"""What one package takes: boxes as they stand on the shelf, and a fifth of a yard around them."""

quantities = st.decimals(Decimal("0.001"), Decimal(300), places=3)
prices = st.decimals(Decimal(0), Decimal(50), places=4)
reason = "as the machine wants it"


def half_even(number: Fraction, places: int) -> Decimal:
    return Decimal(round(number * 10**places)).scaleb(-places)


@dataclass
class Shelved:
    """A lot of the model."""

    pk: int
    item: str
    received_on: date
    quantity: Decimal
    left: Decimal
    value: Decimal


@dataclass
class Happened:
    """An entry of the model: by how much it changed which lots."""

    kind: str
    pk: int
    made: list[Shelved] = field(default_factory=list)
    took: list[tuple[Shelved, Decimal, Decimal]] = field(default_factory=list)


class Kitchen:
    """What a household bakes from, and what it makes: the same for every history, so it is set up once."""

    def __init__(self):
        self.items = {name: IngredientFactory(name=name) for name in ITEMS}
        self.products = {name: ProductFactory(ingredient=item) for name, item in self.items.items()}
        dough = recipe_of((self.items["flour"], "100", "g"), (self.items["sugar"], "33.333", "g"))
        filled = recipe_of((self.items["butter"], "0.5", "g"))
        RecipeComponentFactory(recipe=filled, component=dough, batches=Decimal("0.5"))
        self.cookies = {
            "plain": FinishedUnitFactory(recipe=dough),
            "filled": FinishedUnitFactory(recipe=filled),
        }
        ribbon = PackagingFactory(stock_unit="cm")
        self.products["ribbon"] = ProductFactory(ingredient=ribbon)
        self.items |= self.cookies | {"ribbon": ribbon}
        bag = good_of(
            (self.cookies["plain"], "3"),
            (self.cookies["filled"], "1"),
            (self.products["ribbon"], "0.5", "yd"),
        )
        hamper = good_of((bag, "2"), (self.cookies["plain"], "1"), (self.products["ribbon"], "10"))
        self.boxes = {"bag": bag, "hamper": hamper}
        self.items |= self.boxes
        self.event = EventFactory()
        self.tin = package_of((bag, 2), (hamper, 1), (self.products["ribbon"], "0.2", "yd"))


class Shelf(RuleBasedStateMachine):
    """Lots and entries kept by hand, beside the real ones."""

    kitchen: Kitchen
    made: tuple[str, ...] = MADE

    @initialize()
    def open_the_bakery(self):
        self.shelf: list[Shelved] = []
        self.entries: list[Happened] = []
        self.items = dict(self.kitchen.items)
        self.products, self.cookies, self.boxes = (
            self.kitchen.products,
            self.kitchen.cookies,
            self.kitchen.boxes,
        )
        self.event, self.tin = self.kitchen.event, self.kitchen.tin
        # Something to begin with, or nearly every box is refused.
        self.receive("ribbon", Decimal(290), Decimal("7.77"), 0)
        self.find("plain", Decimal(31), Decimal("3.1"))
        self.find("filled", Decimal(13), None)
        self.find("bag", Decimal(7), Decimal("2.0001"))
        self.find("hamper", Decimal(2), Decimal("3"))

    # the model ------------------------------------------------------------------------------------------

    def queue(self, item):
        return sorted(
            (lot for lot in self.shelf if lot.item == item and lot.left),
            key=lambda lot: (lot.received_on, lot.pk),
        )

    def there(self, item):
        return sum((lot.left for lot in self.queue(item)), Decimal(0))

    def plan(self, item, needed):
        """Which lots serve `needed`, or None when there is too little."""
        took, is_short = self.draw(item, needed)
        return None if is_short else took

    def draw(self, item, needed):
        """Which lots serve as much of `needed` as there is, and whether that is too little."""
        took, wanted = [], needed
        for lot in self.queue(item):
            if wanted <= 0:
                break
            if lot.left - wanted < DUST:
                took.append((lot, lot.left, lot.value))
            else:
                took.append(
                    (lot, wanted, half_even(Fraction(lot.value) * Fraction(wanted) / Fraction(lot.left), 4))
                )
            wanted -= took[-1][1]
        return took, not (wanted <= 0 or (took and wanted < DUST))

    def take(self, entry, took):
        for lot, quantity, value in took:
            lot.left -= quantity
            lot.value -= value
        entry.took += took

    def put(self, entry, item, found: Lot):
        lot = Shelved(found.pk, item, found.received_on, found.quantity, found.quantity, found.value)
        self.shelf.append(lot)
        entry.made.append(lot)

    # what a household does ----------------------------------------------------------------------------------

    @rule(item=st.sampled_from((*ITEMS, "ribbon")), quantity=quantities, cost=prices, days=st.integers(0, 20))
    def receive(self, item, quantity, cost, days):
        lot = receive_lot(
            product_id=self.products[item].pk,
            quantity=quantity,
            unit=self.items[item].stock_unit,
            total_cost=cost,
            received_on=FIRST_DAY + timedelta(days=days),
        )
        assert (lot.quantity, lot.value) == (quantity, cost)
        entry = Happened("receipt", lot.pk)
        self.put(entry, item, lot)
        self.entries.append(entry)

    @rule(item=st.sampled_from(ITEMS), quantity=quantities, cost=st.none() | prices)
    def add(self, item, quantity, cost):
        found = adjust_stock(item_id=self.items[item].pk, quantity=quantity, reason=reason, total_cost=cost)
        entry = Happened("adjustment", found.pk)
        self.put(entry, item, found.movements.get().lot)
        assert entry.made[0].value == (cost or 0)
        self.entries.append(entry)

    @rule(item=st.sampled_from(ITEMS), quantity=quantities)
    def remove(self, item, quantity):
        took = self.plan(item, quantity)
        try:
            found = adjust_stock(item_id=self.items[item].pk, quantity=-quantity, reason=reason)
        except NotEnoughToRemoveError:
            assert took is None
            return
        assert took is not None
        entry = Happened("adjustment", found.pk)
        self.take(entry, took)
        self.entries.append(entry)

    @rule(made=st.sampled_from(MADE), pieces=st.integers(1, 12))
    def eat(self, made, pieces):
        self.remove(made, Decimal(pieces))

    @rule(made=st.sampled_from(MADE), pieces=st.integers(1, 12), cost=st.none() | prices)
    def find(self, made, pieces, cost):
        self.add(made, Decimal(pieces), cost)

    @rule(item=st.sampled_from(ITEMS), counted=quantities)
    def count(self, item, counted):
        seen = self.there(item)
        took = self.plan(item, seen - counted) if counted < seen else []
        found = count_stock(item_id=self.items[item].pk, counted=counted, seen=seen)
        if found is None:
            assert counted == seen
            return
        entry = Happened("adjustment", found.pk)
        if counted > seen:
            self.put(entry, item, found.movements.get().lot)
        else:
            self.take(entry, took)
        self.entries.append(entry)

    @precondition(lambda self: self.shelf)
    @rule(which=st.randoms(use_true_random=False), cost=prices)
    def correct_a_price(self, which, cost):
        lot = which.choice(self.shelf)
        value = half_even(Fraction(cost) * Fraction(lot.left) / Fraction(lot.quantity), 4)
        refused = lot.item in self.made or not lot.left or value == lot.value
        try:
            correct_lot_cost(lot_id=lot.pk, total_cost=cost, reason=reason)
        except CannotCorrectError:
            assert refused
            return
        assert not refused
        lot.value = value

    @rule(cookie=st.sampled_from(sorted(COOKIES)), batches=st.integers(1, 3), pieces=st.integers(0, 40))
    def bake(self, cookie, batches, pieces):
        plans = {
            item: self.plan(item, half_even(each * batches, 3)) for item, each in COOKIES[cookie].items()
        }
        short = {self.items[item].slug for item, took in plans.items() if took is None}
        unit = self.cookies[cookie]
        try:
            run = record_batch_production(
                recipe_id=unit.recipe_id, finished_unit_id=unit.pk, num_batches=batches, actual_yield=pieces
            )
        except InsufficientInventoryError as error:
            assert {each.ingredient_slug for each in error.missing} == short
            return
        assert not short
        entry = Happened("bake", run.pk)
        cost = Decimal(0)
        for took in plans.values():
            self.take(entry, took)
            cost += sum((value for _, _, value in took), Decimal(0))
        assert run.total_ingredient_cost == cost
        if pieces:
            self.put(entry, cookie, Lot.objects.get(movements__entry=run.stock_entry, item=unit))
            assert (entry.made[0].quantity, entry.made[0].value) == (pieces, cost)
        self.entries.append(entry)

    @rule(box=st.sampled_from(sorted(BOXES)), quantity=st.integers(1, 3))
    def assemble(self, box, quantity):
        plans = {item: self.plan(item, half_even(each * quantity, 3)) for item, each in BOXES[box].items()}
        short = {item for item, took in plans.items() if took is None}
        good = self.boxes[box]
        possible = max_quantities([good.pk])[good.pk]
        assert check_can_assemble(good.pk, quantity).can_assemble is (not short)
        try:
            run = record_assembly(finished_good_id=good.pk, quantity=quantity)
        except InsufficientComponentsError as error:
            ids = {
                item: self.products[item].pk if item == "ribbon" else self.items[item].pk for item in short
            }
            assert {each.component_id for each in error.missing} == set(ids.values())
            assert possible < quantity
            return
        assert not short
        assert possible >= quantity
        entry = Happened("assembly", run.pk)
        cost = Decimal(0)
        for took in plans.values():
            self.take(entry, took)
            cost += sum((value for _, _, value in took), Decimal(0))
        assert run.total_component_cost == cost
        self.put(entry, box, Lot.objects.get(movements__entry=run.stock_entry, item=good))
        assert (entry.made[0].quantity, entry.made[0].value) == (quantity, cost)
        self.entries.append(entry)

    @rule(quantity=st.integers(1, 2), allow_short=st.booleans())
    def pack(self, quantity, allow_short):
        plans = {item: self.draw(item, half_even(each * quantity, 3)) for item, each in TIN.items()}
        short = {item for item, (_, is_short) in plans.items() if is_short}
        tin = assigned(self.event, self.tin, quantity)
        try:
            packed = update_fulfillment_status(tin.pk, "ready", allow_short=allow_short)
        except InsufficientComponentsError as error:
            assert not allow_short
            ids = {self.products[item].pk if item == "ribbon" else self.items[item].pk for item in short}
            assert {each.component_id for each in error.missing} == ids
            return
        assert allow_short or not short
        assert bool(packed.notes) is bool(short)
        entry = Happened("packing", packed.pk)
        for took, _ in plans.values():
            self.take(entry, took)
        self.entries.append(entry)

    @precondition(lambda self: self.entries)
    @rule(which=st.randoms(use_true_random=False))
    def void(self, which):
        entry = which.choice(self.entries)
        in_use = any(lot.left != lot.quantity for lot in entry.made)
        try:
            if entry.kind == "receipt":
                void_receipt(lot_id=entry.pk, reason=reason)
            elif entry.kind == "bake":
                void_production_run(production_run_id=entry.pk, reason=reason)
            elif entry.kind == "assembly":
                void_assembly_run(assembly_run_id=entry.pk, reason=reason)
            elif entry.kind == "packing":
                void_packing(entry.pk, reason=reason)
            else:
                void_adjustment(entry_id=entry.pk, reason=reason)
        except InUseError:
            assert in_use
            return
        assert not in_use
        for lot in entry.made:
            lot.left = lot.value = Decimal(0)
        for lot, quantity, value in entry.took:
            lot.left += quantity
            lot.value += value
        self.entries.remove(entry)

    # what must hold after each step -----------------------------------------------------------------------------

    @invariant()
    def the_shelf_is_as_the_model_says(self):
        if not hasattr(self, "shelf"):
            return
        real = {lot.pk: (lot.quantity_remaining, lot.value_remaining) for lot in Lot.objects.all()}
        assert real == {lot.pk: (lot.left, lot.value) for lot in self.shelf}
        there = on_hand(item_ids=[item.pk for item in self.items.values()])
        assert there == {item.pk: self.there(name) for name, item in self.items.items()}

    @invariant()
    def the_books_are_right(self):
        assert check_books().breaches == ()


class Rolled(Shelf):
    """Each history in a transaction of its own that leaves nothing behind but the kitchen."""

    def __init__(self):
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()

    def teardown(self):
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)


@pytest.mark.django_db
def test_any_history_agrees_with_the_model_and_leaves_the_books_right():
    Rolled.kitchen = Kitchen()
    run_state_machine_as_test(
        Rolled,
        settings=settings(
            max_examples=MACHINES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
