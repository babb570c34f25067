"""Wanting everything at once, beside somebody who has some of it."""

import threading

import pytest
from django.db import OperationalError, connection, connections, transaction

from bakery.core.locks import lock_all_or_none
from inventory.models import StockEntry, StockItem
from inventory.services.posting import lock_items
from inventory.tests.factories import IngredientFactory

pytestmark = pytest.mark.django_db(transaction=True)

TABLES = [StockEntry._meta.db_table, StockItem._meta.db_table]


@pytest.fixture(autouse=True)
def postgresql(transactional_db):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one lock for everything.")


@pytest.fixture
def somebody_writes():
    """Somebody has an item, and writes an entry once `goes_on` is set."""
    item, has_it, goes_on, faults = IngredientFactory(), threading.Event(), threading.Event(), []

    def write():
        try:
            with transaction.atomic():
                lock_items([item.pk])
                has_it.set()
                goes_on.wait(10)
                StockEntry.objects.create(fingerprint="", kind="adjustment", summary="Spilt")
        except Exception as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    person = threading.Thread(target=write)
    person.start()
    assert has_it.wait(10)
    yield item, goes_on
    goes_on.set()
    person.join()
    assert faults == []


def test_who_wants_everything_lets_others_finish_first(somebody_writes):
    item, goes_on = somebody_writes
    threading.Timer(0.3, goes_on.set).start()
    with transaction.atomic():
        lock_all_or_none(TABLES)
        assert StockEntry.objects.count() == 1
        StockItem.objects.filter(pk=item.pk).update(name="Flour")


def test_who_waits_in_vain_is_told(somebody_writes):
    with pytest.raises(OperationalError), transaction.atomic():
        lock_all_or_none(TABLES, patience=0)
