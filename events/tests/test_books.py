"""The check of the books: a packed package and its entry belong together, and each planted fault is found."""

from __future__ import annotations

import pytest
from django.db import connection

from assembly.tests.factories import FinishedGoodFactory, on_shelf
from events import services
from events.models import EventRecipientPackage
from events.tests.factories import EventFactory, RecipientFactory, assigned, package_of
from inventory.books import check_books
from inventory.models import EntryKind, StockEntry
from inventory.services.posting import caller
from inventory.services.reversing import reverse_once
from inventory.triggers import unlocked

pytestmark = pytest.mark.django_db


@pytest.fixture
def packed():
    bag = FinishedGoodFactory(name="Bag")
    on_shelf(bag, "2", "3")
    assignment = assigned(
        EventFactory(), package_of((bag, 2), name="Tin"), recipient=RecipientFactory(name="Anna")
    )
    services.update_fulfillment_status(assignment.pk, "ready")
    assignment.refresh_from_db()
    return assignment


def found():
    return [(breach.rule, breach.where, breach.sentence) for breach in check_books().breaches]


def test_what_was_packed_delivered_and_voided_keeps_the_books_right(packed):
    assert found() == []
    services.update_fulfillment_status(packed.pk, "delivered")
    assert found() == []
    services.void_packing(packed.pk, reason="wrong")
    assert found() == []


def test_a_packed_package_without_an_entry_is_found_and_so_is_the_entry(packed):
    entry = packed.stock_entry
    EventRecipientPackage.objects.update(stock_entry=None)
    assert found() == [
        (
            5,
            f"package {packed.pk}",
            "Tin for Anna is ready, but its ledger entry is none: the two do not belong together.",
        ),
        (5, f"entry {entry.pk}", f"“{entry.summary}” left the shelf, but nobody's package says so."),
    ]


def test_a_package_whose_packing_was_voided_behind_its_back_is_found(packed):
    reverse_once(packed.stock_entry, reason="behind its back", asker=caller("test", None, None, {}))
    assert [(rule, where) for rule, where, _ in found()] == [(5, f"package {packed.pk}")]
    assert "its ledger entry is voided" in found()[0][2]


def test_an_entry_of_another_kind_is_found(packed):
    other = StockEntry.objects.exclude(kind=EntryKind.FULFILMENT).get()
    EventRecipientPackage.objects.update(stock_entry=other)
    assert [where for _, where, _ in found()] == [f"package {packed.pk}", f"entry {packed.stock_entry.pk}"]


def test_an_entry_nobody_was_packed_for_is_found(packed):
    with unlocked():
        StockEntry.objects.filter(kind=EntryKind.ADJUSTMENT).update(kind=EntryKind.FULFILMENT)
    assert any("nobody's package says so" in sentence for _, _, sentence in found())


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL cannot look away from a CHECK")
def test_a_package_that_waits_with_an_entry_is_found(packed):
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA ignore_check_constraints = ON")
        EventRecipientPackage.objects.update(fulfillment_status="pending")
        cursor.execute("PRAGMA ignore_check_constraints = OFF")
    assert [where for _, where, _ in found()] == [f"package {packed.pk}"]
