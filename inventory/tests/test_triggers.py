"""The wall behind the ledger, on whichever database the tests run."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from inventory import triggers
from inventory.models import StockEntry, StockMovement
from inventory.tests.factories import IngredientFactory, bought


def installed() -> set[str]:
    asked = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return {name for (name,) in cursor.fetchall()}


ALL_FOUR = {
    "inventory_stockentry_no_update",
    "inventory_stockentry_no_delete",
    "inventory_stockmovement_no_update",
    "inventory_stockmovement_no_delete",
}


@pytest.fixture
def lot(db):
    return bought(IngredientFactory(), "1000", "3")


@pytest.mark.django_db
def test_four_triggers_stand_after_migrate():
    assert installed() == ALL_FOUR


@pytest.mark.django_db
def test_they_are_put_back_and_installing_them_again_is_harmless():
    with connection.cursor() as cursor:
        on = " ON inventory_stockentry" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER inventory_stockentry_no_update{on}")
    triggers.install()
    triggers.install()
    assert installed() == ALL_FOUR


CHANGES = [
    lambda: StockEntry.objects.update(summary="it never happened"),
    lambda: StockMovement.objects.update(quantity=1),
    lambda: StockMovement.objects.all()._raw_delete("default"),
    lambda: StockEntry.objects.all()._raw_delete("default"),
]


@pytest.mark.parametrize("change", CHANGES)
def test_the_database_refuses_to_change_or_delete_history(lot, change):
    with pytest.raises(IntegrityError, match="only ever appended to"), transaction.atomic():
        change()
    assert StockEntry.objects.exclude(summary="it never happened").count() == 1
    assert StockMovement.objects.get().quantity == 1000


def test_the_door_opens_for_a_block_and_closes_behind_it(lot):
    with triggers.unlocked():
        StockEntry.objects.update(summary="put right by hand")
    assert StockEntry.objects.get().summary == "put right by hand"
    with pytest.raises(IntegrityError), transaction.atomic():
        StockEntry.objects.update(summary="again")


def test_the_door_closes_when_the_block_fails(lot):
    with pytest.raises(ZeroDivisionError), triggers.unlocked():
        StockEntry.objects.update(summary="half done")
        1 / 0  # noqa: B018
    assert StockEntry.objects.get().summary != "half done"
    with pytest.raises(IntegrityError), transaction.atomic():
        StockEntry.objects.update(summary="again")


def test_a_door_within_a_door_leaves_the_outer_one_open(lot):
    with triggers.unlocked():
        with triggers.unlocked():
            pass
        StockEntry.objects.update(summary="still open")
    assert StockEntry.objects.get().summary == "still open"


@pytest.mark.django_db(transaction=True)
def test_flush_empties_the_ledger_too_and_leaves_it_locked():
    bought(IngredientFactory(), "1000", "3")
    call_command("flush", interactive=False, verbosity=0)
    assert not StockEntry.objects.exists()
    assert installed() == ALL_FOUR
    bought(IngredientFactory(), "1000", "3")
    with pytest.raises(IntegrityError):
        StockEntry.objects.update(summary="it never happened")
