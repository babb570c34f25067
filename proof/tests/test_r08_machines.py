"""R8: any history a household may have, with packages handed over and files read, against a simple model."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime, time
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule, run_state_machine_as_test

from bakery.transfer.exporting import export
from bakery.transfer.importing import import_file
from events.models import EventRecipientPackage, FulfillmentStatus
from events.services import update_fulfillment_status
from inventory import fifo
from inventory.models import Lot
from inventory.services import adjust_stock
from inventory.tests.factories import IngredientFactory, bought
from inventory.tests.test_ledger_machine import MADE, Kitchen, Rolled, Shelved
from production.services import record_batch_production
from production.tests.factories import FinishedUnitFactory, recipe_of
from proof.sizes import size

pytestmark = pytest.mark.django_db

MACHINES, STEPS = size(20, 200), 30
performed = {"machines": 0, "steps": 0, "brought": 0}


# What the neighbours have left, in the order of their lots: flour as ours is called, and what we never had.
EARLY, LATE = date(2026, 1, 5), date(2026, 1, 9)
BROUGHT = [
    ("flour", EARLY, Decimal(200), Decimal("66.666"), Decimal("1.1111")),
    ("flour", LATE, Decimal("70.5"), Decimal("70.5"), Decimal("1.01")),
    ("rye", EARLY, Decimal(120), Decimal("45.834"), Decimal("0.8403")),
    ("rye drop", LATE, Decimal(11), Decimal(11), Decimal("3.4444")),
]


def write_the_neighbours_file(path):
    """Three purchases, a bake of both flours and a spoonful spilt, as one file; nothing of it stays here."""
    with transaction.atomic():
        flour, rye = IngredientFactory(name="flour"), IngredientFactory(name="rye")
        bought(flour, "200", "3.3333", EARLY)
        bought(flour, "70.5", "1.01", LATE)
        bought(rye, "120", "2.2", EARLY)
        recipe = recipe_of((flour, "66.667", "g"), (rye, "33.333", "g"))
        record_batch_production(
            recipe_id=recipe.pk,
            finished_unit_id=FinishedUnitFactory(name="rye drop", recipe=recipe).pk,
            num_batches=2,
            actual_yield=11,
            produced_at=datetime.combine(LATE, time(12), UTC),
        )
        adjust_stock(item_id=rye.pk, quantity=Decimal("-7.5"), reason="spilt")
        write(path)
        transaction.set_rollback(True)


def write(path):
    with path.open("w", encoding="utf-8") as stream:
        export(stream)


class Household(Rolled):
    """The machine of the ledger, what a household does besides that moves no stock, and what others bring."""

    folder: Path
    made = (*MADE, "rye drop")

    def __init__(self):
        super().__init__()
        performed["machines"] += 1
        self.times_read = {"ours": 0, "theirs": 0}

    @precondition(lambda self: any(entry.kind == "packing" for entry in self.entries))
    @rule(to=st.sampled_from(["", "Oma", "the neighbours"]))
    def deliver(self, to):
        ready = EventRecipientPackage.objects.filter(fulfillment_status=FulfillmentStatus.READY).first()
        if ready:
            given = update_fulfillment_status(ready.pk, "delivered", delivered_to=to)
            assert (given.fulfillment_status, given.delivered_to) == (FulfillmentStatus.DELIVERED, to)

    # Once in a history, and theirs twice: to read them again shows nothing new, and takes as long as ten steps.
    @precondition(lambda self: self.entries and not self.times_read["ours"])
    @rule()
    def read_its_own_file(self):
        file = self.folder / "ours.json"
        write(file)
        assert self.created_by("ours", file) == 0

    @precondition(lambda self: self.times_read["theirs"] < 2)
    @rule()
    def read_the_neighbours_file(self):
        created = self.created_by("theirs", self.folder / "theirs.json")
        if self.times_read["theirs"] == 2:
            assert created == 0
            return
        ours = [lot.pk for lot in self.shelf]
        lots = Lot.objects.exclude(pk__in=ours).select_related("item").order_by("pk")
        for lot, (name, day, quantity, left, value) in zip(lots, BROUGHT, strict=True):
            assert (lot.item.name, lot.received_on, lot.quantity) == (name, day, quantity)
            self.shelf.append(Shelved(lot.pk, name, day, quantity, left, value))
            self.items.setdefault(name, lot.item)
        performed["brought"] += 1

    def created_by(self, whose, file):
        outcome = import_file(file)
        assert outcome.problems == ()
        self.times_read[whose] += 1
        return sum(count.created for count in outcome.counts.values())

    def teardown(self):
        performed["steps"] += len(self.entries)
        super().teardown()


@pytest.fixture
def run(tmp_path):
    write_the_neighbours_file(tmp_path / "theirs.json")
    Household.kitchen, Household.folder = Kitchen(), tmp_path
    return run_machines


def run_machines(machines):
    run_state_machine_as_test(
        Household,
        settings=settings(
            max_examples=machines,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
            phases=[Phase.generate],
            print_blob=True,
        ),
    )


def test_no_history_diverges_from_the_model(run, reached):
    run(MACHINES)
    assert performed["brought"] > MACHINES // 10
    reached(
        "R8 stateful machines",
        f"{MACHINES} machines × {STEPS} steps over all services: 0 divergences",
        f"{performed['machines']} machines, {performed['steps']} entries left standing, "
        f"{performed['brought']} other households read, 0 divergences",
    )


def test_a_rounding_that_is_wrong_is_noticed(run, monkeypatch):
    right = fifo.round_half_even

    def always_down(number, places):
        return right(Fraction(int(Fraction(number) * 10**places), 10**places), places)

    monkeypatch.setattr(fifo, "round_half_even", always_down)
    with pytest.raises(AssertionError):
        run(30)


def test_a_file_that_brings_less_than_it_says_is_noticed(run, monkeypatch):
    right = import_file

    def careless(file):
        outcome = right(file)
        Lot.objects.filter(item__name="rye").update(quantity_remaining=1)
        return outcome

    monkeypatch.setattr(sys.modules[__name__], "import_file", careless)
    with pytest.raises(AssertionError):
        run(30)
