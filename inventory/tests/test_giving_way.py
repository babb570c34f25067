"""PostgreSQL ends one of two transactions that wait for each other: nobody is to notice."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from inventory.models import StockEntry
from inventory.services import consume_fifo, on_hand, posting, void_adjustment
from inventory.tests.factories import IngredientFactory, bought


class Ended(Exception):
    """Stands for psycopg's DeadlockDetected and SerializationFailure."""

    def __init__(self, sqlstate: str) -> None:
        self.sqlstate = sqlstate


class EndedAt:
    """Ends so many transactions when they write a lot, as the database would."""

    def __init__(self, times: int, sqlstate: str) -> None:
        self.times, self.sqlstate = times, sqlstate
        self.error = IntegrityError if sqlstate.startswith("23") else OperationalError

    def __call__(self, execute, sql, params, many, context):
        if "inventory_lot" in sql and sql.startswith("UPDATE") and self.times:
            self.times -= 1
            raise self.error("ended") from Ended(self.sqlstate)
        return execute(sql, params, many, context)


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch):
    monkeypatch.setattr(posting.time, "sleep", lambda seconds: None)


@pytest.fixture
def flour(transactional_db):
    flour = IngredientFactory()
    bought(flour, "100", "5")
    return flour


@pytest.mark.parametrize("sqlstate", ["40P01", "40001", "23503"])
def test_what_gave_way_is_written_by_the_next_try_under_the_same_key(flour, sqlstate):
    with connection.execute_wrapper(EndedAt(2, sqlstate)):
        consume_fifo(flour.slug, Decimal(10), reason="test")
    assert on_hand(item_ids=[flour.pk])[flour.pk] == 90
    assert StockEntry.objects.count() == 2


def test_a_void_gives_way_too(flour):
    consume_fifo(flour.slug, Decimal(10), reason="test")
    with connection.execute_wrapper(EndedAt(1, "40P01")):
        void_adjustment(entry_id=StockEntry.objects.latest("id").pk, reason="wrong")
    assert on_hand(item_ids=[flour.pk])[flour.pk] == 100


@pytest.mark.parametrize(("times", "sqlstate"), [(3, "40P01"), (1, "57014"), (3, "23503"), (1, "23514")])
def test_the_third_time_and_anything_else_is_said(flour, times, sqlstate):
    ended = EndedAt(times, sqlstate)
    with connection.execute_wrapper(ended), pytest.raises(ended.error):
        consume_fifo(flour.slug, Decimal(10), reason="test")
    assert ended.times == 0
    assert on_hand(item_ids=[flour.pk])[flour.pk] == 100


def test_inside_a_larger_transaction_nothing_is_repeated(flour):
    ended = EndedAt(1, "40P01")
    with pytest.raises(OperationalError), transaction.atomic(), connection.execute_wrapper(ended):
        consume_fifo(flour.slug, Decimal(10), reason="test")
    assert on_hand(item_ids=[flour.pk])[flour.pk] == 100
