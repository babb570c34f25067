from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from assembly.models import AssemblyRun, Composition, FinishedGood
from bakery.desktop.report import Topic
from bakery.desktop.tests.rows import GIFTS, sentences
from events.models import (
    Event,
    EventAssemblyTarget,
    EventProductionTarget,
    EventRecipientPackage,
    Package,
    PackageFinishedGood,
    PackagePackaging,
    Recipient,
)
from inventory.books import check_books
from inventory.models import (
    EntryKind,
    StockMovement,
)
from production.models import ProductionRun

pytestmark = pytest.mark.django_db


def test_goods_packages_and_people_come_over(take):
    report = take(**GIFTS)
    assert FinishedGood.objects.get(name="Bag").description == "Small\n\nRed"
    parts = [
        (str(each.finished_good), str(each.component), each.quantity) for each in Composition.objects.all()
    ]
    assert sorted(parts) == [("Bag", "Loaf", 3), ("Bag", "Red 10yd, 10 yd", 30), ("Hamper", "Bag", 2)]
    assert PackageFinishedGood.objects.get().finished_good.name == "Hamper"
    assert PackagePackaging.objects.get().quantity == 50
    assert Package.objects.get().description == "For friends"
    assert list(Recipient.objects.values_list("household", "address")) == [
        ("North", "Hill 1\nUlm"),
        ("South", ""),
    ]
    assert sentences(report, Topic.STAYED) == [
        (
            "compositions[4], a part of “Gift”: a package holds boxes and bags. Put what is baked into one of them, "
            "and that into the package."
        ),
        "0.5 Loaf (compositions[5]): Quantity: Loaf is counted in whole pieces.",
    ]
    assert report.unplaced == {"events.output_mode": 1, "packages.is_template": 1}


def test_events_targets_and_assignments_come_over(take):
    take(**GIFTS)
    assert Event.objects.get().event_date == date(2026, 12, 1)
    assigned = EventRecipientPackage.objects.get()
    assert (assigned.recipient.household, assigned.quantity, assigned.fulfillment_status) == (
        "North",
        2,
        "ready",
    )
    assert (assigned.stock_entry.kind, assigned.stock_entry.movements.count()) == (EntryKind.FULFILMENT, 0)
    assert assigned.stock_entry.summary == "Packed 2 × Gift for Ann (Advent)"
    assert EventProductionTarget.objects.get().target_batches == 4
    assert EventAssemblyTarget.objects.get().target_quantity == 6


def test_runs_are_history_and_move_no_stock(take):
    take(**GIFTS)
    late, early = ProductionRun.objects.all()
    assert (early.expected_yield, early.actual_yield, str(early.event)) == (2, 2, "Advent")
    assert early.notes == "It cost $4.50 in the desktop application."
    assert (late.expected_yield, late.actual_yield, late.yield_variance, late.event) == (4, 3, 1, None)
    assert late.produced_at == datetime(2025, 12, 24, 10, tzinfo=UTC)
    assert AssemblyRun.objects.get().quantity_assembled == 5
    assert not StockMovement.objects.exists()
    assert {run.stock_entry for run in (early, late, AssemblyRun.objects.get())} == {None}
    assert check_books().is_right


def test_a_target_changed_here_stays_changed_and_nothing_comes_twice(take):
    first = take(**GIFTS)
    EventProductionTarget.objects.update(target_batches=9)
    again = take(**GIFTS)
    assert again.is_unchanged
    assert EventProductionTarget.objects.get().target_batches == 9
    assert {kind: count for kind, count in again.known.items() if kind != "supplier"} == {
        kind: count for kind, count in first.created.items() if kind != "supplier"
    }
