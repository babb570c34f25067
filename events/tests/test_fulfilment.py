"""From pending to ready to delivered, and back by a void: what leaves the shelf, and what is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest

from assembly.errors import InsufficientComponentsError
from assembly.tests.factories import FinishedGoodFactory, on_shelf
from events import services
from events.models import FulfillmentStatus
from events.tests.factories import EventFactory, RecipientFactory, assigned, package_of
from inventory.books import check_books
from inventory.models import EntryKind, StockEntry
from inventory.services import on_hand
from inventory.tests.factories import PackagingFactory, ProductFactory, bought

pytestmark = pytest.mark.django_db


@pytest.fixture
def bag():
    return FinishedGoodFactory(name="Cookie bag")


@pytest.fixture
def ribbon():
    """Ribbon by the yard, kept in centimetres."""
    return ProductFactory(
        ingredient=PackagingFactory(name="Ribbon", stock_unit="cm"),
        brand="Satin",
        package_quantity=Decimal(100),
    )


@pytest.fixture
def family_box(bag, ribbon):
    return package_of((bag, 2), (ribbon, "0.5", "yd"), name="Family box")


@pytest.fixture
def assignment(family_box):
    return assigned(EventFactory(name="Christmas 2026"), family_box, recipient=RecipientFactory(name="Anna"))


def left(*items):
    return tuple(on_hand(item_ids=[item.pk])[item.pk] for item in items)


def ready(assignment, **options):
    return services.update_fulfillment_status(assignment.pk, "ready", **options)


def test_packing_takes_goods_and_wrapping_off_the_shelf_with_their_cost(assignment, bag, ribbon):
    on_shelf(bag, "3", "9")
    bought(ribbon.ingredient, "100", "2", product=ribbon)
    packed = ready(assignment)
    assert packed.fulfillment_status == FulfillmentStatus.READY
    assert left(bag, ribbon.ingredient) == (1, Decimal("54.28"))
    entry = packed.stock_entry
    assert entry.kind == EntryKind.FULFILMENT
    assert entry.summary == "Packed Family box for Anna (Christmas 2026)"
    assert packed.ready_at == entry.occurred_at
    assert sum(movement.value for movement in entry.movements.all()) == Decimal("-6.9144")
    assert check_books().totals.packed == Decimal("6.9144")
    assert check_books().breaches == ()


def test_what_is_short_is_listed_in_full_and_nothing_is_packed(assignment, bag, ribbon):
    on_shelf(bag, "1", "3")
    with pytest.raises(InsufficientComponentsError) as refused:
        ready(assignment)
    assert [(each.component_type, each.needed, each.available) for each in refused.value.missing] == [
        ("finished_good", 2, 1),
        ("packaging", Decimal("45.720"), 0),
    ]
    assignment.refresh_from_db()
    assert assignment.fulfillment_status == "pending"
    assert assignment.stock_entry is None
    assert left(bag) == (1,)
    assert not StockEntry.objects.filter(kind=EntryKind.FULFILMENT).exists()
