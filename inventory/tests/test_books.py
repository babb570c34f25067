"""The check of the books: each fault, planted by hand behind the services, is found and named."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory.books import check_books
from inventory.models import EntryKind, Lot, StockEntry, StockItem, StockMovement
from inventory.services import adjust_stock, correct_lot_cost, count_stock, void_receipt
from inventory.tests.factories import IngredientFactory, bought
from inventory.triggers import unlocked
from production.models import ProductionConsumption, ProductionRun
from production.services import record_batch_production, void_production_run
from production.tests.factories import FinishedUnitFactory, recipe_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def flour():
    return IngredientFactory(name="Flour", stock_unit="g")


@pytest.fixture
def run(flour):
    bought(flour, "1000", "10")
    return bake(FinishedUnitFactory(recipe=recipe_of((flour, "100", "g"))))


def bake(cookie, actual_yield=10):
    return record_batch_production(
        recipe_id=cookie.recipe_id, finished_unit_id=cookie.pk, num_batches=1, actual_yield=actual_yield
    )


def rules() -> list[int]:
    return [breach.rule for breach in check_books().breaches]


def test_empty_books_are_right():
    report = check_books()
    assert report.is_right
    assert report.totals.came_in == report.totals.accounted_for == 0


def test_the_totals_say_where_the_money_is(flour):
    lot = bought(flour, "1000", "10")
    bought(flour, "500", "7.5", on=date(2026, 2, 1))
    correct_lot_cost(lot_id=lot.pk, total_cost=Decimal(12), reason="typing error")
    adjust_stock(item_id=flour.pk, quantity=100, reason="Opening stock", total_cost=Decimal(1))
    adjust_stock(item_id=flour.pk, quantity=-100, reason="spilt")
    count_stock(item_id=flour.pk, counted=1510, seen=1500)
    cookie = FinishedUnitFactory(recipe=recipe_of((flour, "200", "g")))
    bake(cookie)
    bake(cookie, actual_yield=0)
    voided = bake(cookie)
    void_production_run(production_run_id=voided.pk, reason="recorded twice")
    mistake = bought(flour, "1", "99")
    void_receipt(lot_id=mistake.pk, reason="never bought")
    report = check_books()
    assert report.breaches == ()
    totals = report.totals
    assert (totals.receipts, totals.openings, totals.cost_corrections) == (Decimal("17.5"), 1, 2)
    assert (totals.adjusted, totals.written_off, totals.packed) == (Decimal("1.2"), Decimal("2.4"), 0)
    assert totals.on_shelf == Decimal("16.9")
    assert totals.came_in == totals.accounted_for == Decimal("20.5")


def test_a_lot_that_disagrees_with_its_movements_is_found(run):
    Lot.objects.filter(product__isnull=False).update(quantity_remaining=Decimal("899.999"))
    (breach,) = check_books().breaches
    assert breach.rule == 1
    assert breach.where == f"lot {Lot.objects.get(product__isnull=False).pk}"
    assert "899.999 g" in breach.sentence
    assert "900" in breach.sentence


def test_money_made_out_of_nothing_is_found_in_the_lot_and_over_all(run):
    Lot.objects.filter(product__isnull=False).update(value_remaining=Decimal("9.0001"))
    assert rules() == [1, 5]


def test_a_lot_without_any_movement_is_found(run, flour):
    lot = Lot.objects.filter(item=flour).get()
    lot.pk, lot.uuid = None, "6f1cbd0a-0d8c-4cb1-97ac-4f1d66b6f2a5"
    lot.quantity_remaining, lot.value_remaining = lot.quantity, Decimal(0)
    lot.save(force_insert=True)
    assert rules() == [1]


def test_a_bake_that_made_more_than_it_took_is_found(run):
    with unlocked():
        StockMovement.objects.filter(lot__item=run.finished_unit, value__gt=0).update(value=Decimal("1.0001"))
    assert 2 in rules()


def test_a_failed_bake_that_earned_money_is_found(flour):
    bought(flour, "1000", "10")
    failed = bake(FinishedUnitFactory(recipe=recipe_of((flour, "100", "g"))), actual_yield=0)
    assert rules() == []
    with unlocked():
        failed.stock_entry.movements.update(value=Decimal(1))
    assert 2 in rules()


def test_a_void_that_does_not_give_back_what_it_took_is_found(run, flour):
    void_production_run(production_run_id=run.pk, reason="wrong")
    assert rules() == []
    with unlocked():
        StockMovement.objects.filter(entry__kind=EntryKind.REVERSAL, lot__item=flour).update(value=Decimal(2))
    assert 2 in rules()


def test_a_run_whose_cost_is_not_that_of_its_ingredients_is_found(run):
    ProductionRun.objects.update(total_ingredient_cost=Decimal("1.5"))
    (breach,) = check_books().breaches
    assert (breach.rule, breach.where) == (3, f"bake {run.pk}")
    assert "1.5" in breach.sentence


def test_a_consumption_row_that_was_changed_is_found(run):
    ProductionConsumption.objects.update(total_cost=Decimal("0.5"))
    assert rules() == [3]


def test_imported_history_without_an_entry_is_right_by_its_rows(run):
    ProductionRun.objects.update(stock_entry=None)
    assert rules() == []
    ProductionConsumption.objects.all().delete()
    assert rules() == [3]


def test_a_run_voided_without_a_reversal_is_found(run):
    ProductionRun.objects.update(voided_at=run.produced_at)
    assert rules() == [3]


def test_a_kind_that_disagrees_with_its_table_is_found(run, flour):
    StockItem.objects.filter(pk=flour.pk).update(kind="finished_unit")
    found = check_books().breaches
    assert {breach.rule for breach in found} == {4}
    assert {breach.where for breach in found} == {f"item {flour.pk}"}


def test_an_entry_of_another_kind_cannot_hide_money(run):
    with unlocked():
        StockEntry.objects.filter(kind=EntryKind.RECEIPT).update(kind=EntryKind.ADJUSTMENT)
    totals = check_books().totals
    assert (totals.receipts, totals.adjusted) == (0, -10)


def test_the_number_of_statements_does_not_grow(run, flour, django_assert_num_queries):
    with CaptureQueriesContext(connection) as asked:
        check_books()
    for _ in range(3):
        bought(flour, "1000", "10")
        bake(run.finished_unit)
    with django_assert_num_queries(len(asked)):
        check_books()


def test_a_hundred_faults_are_enough_to_see(run):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO inventory_lot (uuid, created_at, updated_at, received_on, quantity, value, "
            "quantity_remaining, value_remaining, location, note, edited_by_name, item_id) "
            "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 150) "
            + (
                "SELECT printf('%%032d', i)"
                if connection.vendor == "sqlite"
                else "SELECT CAST(lpad(CAST(i AS text), 32, '0') AS uuid)"
            )
            + ", created_at, updated_at, received_on, quantity, value, quantity, value, '', '', '', item_id "
            "FROM n, inventory_lot lot WHERE lot.product_id IS NOT NULL",
            [],
        )
    assert len([breach for breach in check_books().breaches if breach.rule == 1]) == 100


def test_the_command_prints_the_totals(run):
    out = StringIO()
    call_command("check_books", stdout=out)
    assert "Purchases" in out.getvalue()
    assert out.getvalue().endswith("The books are right.\n")


def test_the_command_fails_and_names_the_fault(run):
    ProductionConsumption.objects.update(total_cost=Decimal("0.5"))
    out = StringIO()
    with pytest.raises(CommandError, match="not right"):
        call_command("check_books", stdout=out)
    assert f"Rule 3, bake {run.pk}:" in out.getvalue()
