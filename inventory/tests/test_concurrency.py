"""Several people at once: real threads, real transactions, a database file or PostgreSQL."""

from __future__ import annotations

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection, connections

from bakery.core.errors import AlreadyRecordedError
from inventory.books import check_books
from inventory.errors import InsufficientInventoryError, StockChangedError
from inventory.models import StockEntry
from inventory.services import adjust_stock, consume_fifo, count_stock, on_hand, receive_lot, void_receipt
from inventory.tests.factories import IngredientFactory, ProductFactory, bought
from production.models import ProductionRun
from production.services import record_batch_production, void_production_run
from production.tests.factories import FinishedUnitFactory, recipe_of

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 8


def at_once(*actions):
    """Run all actions at the same moment, each on its own connection; return results and errors in order."""
    start = threading.Barrier(len(actions))

    def run(action):
        try:
            connection.ensure_connection()
            start.wait(timeout=30)
            return action()
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(actions)) as people:
        return list(people.map(run, actions))


def bake(cookie, batches=1, key=None):
    return record_batch_production(
        recipe_id=cookie.recipe_id,
        finished_unit_id=cookie.pk,
        num_batches=batches,
        actual_yield=10 * batches,
        uuid=key,
    )


def unexpected(results, *expected):
    return [each for each in results if isinstance(each, Exception) and not isinstance(each, expected)]


@pytest.fixture
def flour():
    return IngredientFactory(name="Flour")


@pytest.fixture
def cookie(flour):
    return FinishedUnitFactory(recipe=recipe_of((flour, "100", "g")))


def test_eight_people_baking_from_one_shelf_never_oversell(flour, cookie):
    for day in range(1, 4):
        bought(flour, "450", "3", on=date(2026, 1, day))
    results = at_once(*[lambda: [attempt(lambda: bake(cookie)) for _ in range(3)]] * PEOPLE)
    flat = [each for result in results for each in result]
    assert unexpected(flat, InsufficientInventoryError) == []
    assert sum(isinstance(each, ProductionRun) for each in flat) == 13  # of 1350 g
    assert on_hand(item_ids=[flour.pk])[flour.pk] == 50
    assert check_books().breaches == ()


def attempt(action):
    try:
        return action()
    except Exception as error:
        return error


def test_recipes_that_share_ingredients_in_another_order_never_deadlock():
    items = [IngredientFactory() for _ in range(4)]
    for item in items:
        bought(item, "100000", "100")
    cookies = [
        FinishedUnitFactory(recipe=recipe_of(*((item, "10", "g") for item in order)))
        for order in (items, items[::-1], items[2:] + items[:2], [items[3], items[0]])
    ]
    tasks = [
        lambda cookie=cookies[person % 4]: [attempt(lambda: bake(cookie)) for _ in range(5)]
        for person in range(PEOPLE)
    ]
    flat = [each for result in at_once(*tasks) for each in result]
    assert unexpected(flat) == []
    assert ProductionRun.objects.count() == 5 * PEOPLE
    assert check_books().breaches == ()


def test_one_key_sent_by_eight_is_one_bake(flour, cookie):
    bought(flour, "1000", "10")
    key = uuid.uuid4()
    results = at_once(*[lambda: bake(cookie, key=key)] * PEOPLE)
    assert unexpected(results) == []
    assert len({run.pk for run in results}) == 1
    assert ProductionRun.objects.count() == 1
    assert on_hand(item_ids=[flour.pk])[flour.pk] == 900


def test_one_key_for_two_different_bakes_serves_only_the_first(flour, cookie):
    bought(flour, "1000", "10")
    key = uuid.uuid4()
    results = at_once(lambda: bake(cookie, 1, key), lambda: bake(cookie, 2, key))
    assert unexpected(results, AlreadyRecordedError) == []
    assert sum(isinstance(each, AlreadyRecordedError) for each in results) == 1
    assert ProductionRun.objects.count() == 1


def test_a_bake_voided_by_six_is_reversed_once(flour, cookie):
    bought(flour, "1000", "10")
    run = bake(cookie)
    results = at_once(*[lambda: void_production_run(production_run_id=run.pk, reason="twice")] * 6)
    assert unexpected(results) == []
    assert StockEntry.objects.filter(reverses=run.stock_entry).count() == 1
    assert on_hand(item_ids=[flour.pk])[flour.pk] == 1000
    assert check_books().breaches == ()


def test_a_count_never_overwrites_a_bake(flour, cookie):
    bought(flour, "1000", "10")
    for _ in range(4):
        there = on_hand(item_ids=[flour.pk])[flour.pk]
        counted = there - Decimal(10)
        baked, booked = at_once(
            lambda: bake(cookie),
            lambda: count_stock(item_id=flour.pk, counted=counted, seen=there),  # noqa: B023
        )
        assert isinstance(baked, ProductionRun)
        left = there - 100 if isinstance(booked, StockChangedError) else counted - 100
        assert unexpected([booked], StockChangedError) == []
        assert on_hand(item_ids=[flour.pk])[flour.pk] == left
    assert check_books().breaches == ()


def test_everybody_does_something_else_and_the_books_stay_right(flour, cookie):
    product = ProductFactory(ingredient=flour)
    bought(flour, "5000", "50", product=product)
    mistake = bought(flour, "7", "1", product=product, on=date(2026, 3, 1))

    def buy():
        return receive_lot(product_id=product.pk, packages=100, total_cost=Decimal("1.01"))

    results = at_once(
        lambda: [bake(cookie) for _ in range(5)],
        lambda: [bake(cookie) for _ in range(5)],
        lambda: [buy() for _ in range(5)],
        lambda: [consume_fifo(flour.slug, Decimal("33.333"), reason="gluten test") for _ in range(5)],
        lambda: [adjust_stock(item_id=flour.pk, quantity=-1, reason="spilt") for _ in range(5)],
        lambda: void_production_run(production_run_id=bake(cookie).pk, reason="wrong"),
        lambda: void_receipt(lot_id=mistake.pk, reason="never bought"),
        check_books,
    )
    assert unexpected(results) == []
    assert results[-1].breaches == ()
    assert check_books().breaches == ()
    assert on_hand(item_ids=[flour.pk])[flour.pk] == 5000 - 1000 + 500 - Decimal("166.665") - 5
