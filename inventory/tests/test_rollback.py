"""A failure at any statement leaves no trace: every write is whole or did not happen."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.apps import apps
from django.db import DatabaseError, connection

from assembly.services import record_assembly, void_assembly_run
from assembly.tests.factories import good_of, on_shelf
from inventory.models import Lot
from inventory.services import adjust_stock, correct_lot_cost, count_stock, receive_lot, void_receipt
from inventory.tests.factories import IngredientFactory, PackagingFactory, ProductFactory, bought
from production.services import record_batch_production, void_production_run
from production.tests.factories import FinishedUnitFactory, recipe_of

pytestmark = pytest.mark.django_db


class FailAt:
    """Lets so many statements through and fails the next, as a full disk or a lost connection would."""

    def __init__(self, allowed: int) -> None:
        self.left = allowed
        self.outside = len(connection.savepoint_ids)
        self.failed = False

    def __call__(self, execute, sql, params, many, context):
        # Reading back after the commit can no longer break anything, and a savepoint's own end must work,
        # or nothing could be rolled back in a test.
        if len(connection.savepoint_ids) == self.outside or sql.startswith(
            ("SAVEPOINT", "RELEASE", "ROLLBACK")
        ):
            return execute(sql, params, many, context)
        if self.left == 0:
            self.failed = True
            raise DatabaseError("the power went out")
        self.left -= 1
        return execute(sql, params, many, context)


def everything() -> dict[str, list[tuple[object, ...]]]:
    house = ("inventory", "production", "assembly", "events")
    models = [model for model in apps.get_models() if model._meta.app_label in house]
    return {model._meta.label: sorted(model._base_manager.values_list(), key=repr) for model in models}


def assert_whole_or_nothing(action) -> None:
    """`action` changes nothing when any of its statements fails, and something when none does."""
    before = everything()
    for allowed in range(60):
        failure = FailAt(allowed)
        try:
            with connection.execute_wrapper(failure):
                action()
        except DatabaseError:
            assert everything() == before, f"something stayed after statement {allowed}"
        if not failure.failed:
            break
    assert allowed > 3
    assert everything() != before


@pytest.fixture
def kitchen():
    flour, sugar = IngredientFactory(), IngredientFactory()
    product = ProductFactory(ingredient=flour)
    lots = [bought(flour, "150", "3", product=product), bought(flour, "150", "4", product=product)]
    bought(sugar, "500", "2")
    unit = FinishedUnitFactory(recipe=recipe_of((flour, "100", "g"), (sugar, "10", "g")))

    def bake():
        return record_batch_production(
            recipe_id=unit.recipe_id, finished_unit_id=unit.pk, num_batches=1, actual_yield=9
        )

    run = bake()
    tin = ProductFactory(ingredient=PackagingFactory())
    bought(tin.ingredient, "9", "9", product=tin)
    moon = FinishedUnitFactory()
    on_shelf(moon, "9", "9")
    bag = good_of((moon, "1"), (tin, "1"))
    bags = record_assembly(finished_good_id=bag.pk, quantity=2)
    hamper = good_of((moon, "2"), (bag, "1"), (tin, "1"))

    return {
        "bake": bake,
        "receive": lambda: receive_lot(product_id=product.pk, packages=5, total_cost=Decimal(1)),
        "take away": lambda: adjust_stock(item_id=flour.pk, quantity=-60, reason="spilt"),
        "add": lambda: adjust_stock(item_id=flour.pk, quantity=60, reason="found"),
        "count": lambda: count_stock(item_id=flour.pk, counted=190, seen=200),
        "correct": lambda: correct_lot_cost(lot_id=lots[1].pk, total_cost=Decimal(5), reason="typing error"),
        "void a purchase": lambda: void_receipt(lot_id=lots[1].pk, reason="never bought"),
        "assemble": lambda: record_assembly(finished_good_id=hamper.pk, quantity=2),
        "void an assembly": lambda: void_assembly_run(assembly_run_id=bags.pk, reason="torn"),
        "void a bake": lambda: void_production_run(production_run_id=run.pk, reason="recorded twice"),
    }


@pytest.mark.parametrize(
    "action",
    [
        "bake",
        "receive",
        "take away",
        "add",
        "count",
        "correct",
        "void a purchase",
        "void a bake",
        "assemble",
        "void an assembly",
    ],
)
def test_a_failure_at_any_statement_leaves_no_trace(kitchen, action):
    assert_whole_or_nothing(kitchen[action])
    assert all(lot.quantity_remaining >= 0 for lot in Lot.objects.all())
