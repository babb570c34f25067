"""Purchases, and putting right what was typed wrong."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from bakery.core.errors import AlreadyRecordedError, InvalidValueError
from inventory import services
from inventory.errors import CannotCorrectError, InUseError, ProductNotFoundError, SupplierNotFoundError
from inventory.models import EntryKind, Lot, StockEntry, StockMovement
from inventory.tests.factories import IngredientFactory, ProductFactory, SupplierFactory, bought

pytestmark = pytest.mark.django_db


@pytest.fixture
def flour():
    return IngredientFactory(name="Flour", stock_unit="g")


@pytest.fixture
def bag(flour):
    return ProductFactory(ingredient=flour, brand="Mill", package_quantity=Decimal(5), package_unit="lb")


def receive(bag, **changes):
    return services.receive_lot(
        **{"product_id": bag.pk, "packages": 2, "total_cost": Decimal("9.98"), **changes}
    )


def test_packages_are_turned_into_stock_units_and_keep_what_was_paid(bag):
    lot = receive(bag, received_on=date(2026, 9, 3))
    assert (lot.quantity, lot.value) == (Decimal("4535.924"), Decimal("9.9800"))
    assert (lot.quantity_remaining, lot.value_remaining) == (lot.quantity, lot.value)
    movement = lot.movements.get()
    assert (movement.quantity, movement.value) == (lot.quantity, lot.value)
    assert movement.entry.kind == EntryKind.RECEIPT
    assert movement.entry.summary == "Bought 4.54 kg of Flour (Mill, 5 lb) for $9.9800"


def test_a_quantity_may_be_in_any_unit_that_converts(bag):
    assert receive(bag, packages=None, quantity=Decimal("1.5"), unit="kg").quantity == Decimal(1500)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"packages": None}, "one of the two"),
        ({"quantity": Decimal(1), "unit": "kg"}, "one of the two"),
        ({"packages": 0}, "more than 0"),
        ({"packages": Decimal("NaN")}, "not one"),
        ({"packages": Decimal("1E+999999999")}, "too large"),
        ({"packages": 1.5}, "float"),
        ({"total_cost": Decimal(-1)}, "negative"),
        ({"total_cost": Decimal("1.00001")}, "decimals"),
        ({"total_cost": Decimal(10**9)}, "too large"),
        ({"packages": None, "quantity": Decimal(1), "unit": "cup"}, "weighs"),
        ({"packages": None, "quantity": Decimal(1), "unit": "armful"}, "armful"),
        ({"location": "x" * 201}, "too long"),
        ({"received_on": date(26, 9, 1)}, "The year 26 cannot be kept"),
        ({"expires_on": date(9999, 12, 31)}, "The year 9999 cannot be kept"),
    ],
)
def test_what_can_never_be_right_is_refused_with_a_sentence(bag, changes, sentence):
    with pytest.raises(InvalidValueError, match=sentence):
        receive(bag, **changes)
    assert not StockEntry.objects.exists()


def test_a_purchase_written_down_later_stands_in_the_journal_on_its_own_day(bag):
    lot = receive(bag, received_on=date(2026, 9, 3))

    entry = StockEntry.objects.get(movements__lot=lot)
    assert timezone.localdate(entry.occurred_at) == date(2026, 9, 3)


def test_the_future_is_refused(bag):
    with pytest.raises(InvalidValueError, match="still to come"):
        receive(bag, received_on=timezone.localdate() + timedelta(days=1))


def test_it_cannot_expire_before_it_was_bought(bag):
    with pytest.raises(InvalidValueError, match="expired"):
        receive(bag, received_on=date(2026, 9, 3), expires_on=date(2026, 9, 2))


def test_an_untracked_ingredient_gets_no_lots(bag, flour):
    flour.is_tracked = False
    flour.save()
    with pytest.raises(InvalidValueError, match="not tracked"):
        receive(bag)


def test_unknown_product_and_supplier_are_named(bag):
    with pytest.raises(ProductNotFoundError):
        receive(bag, product_id=0)
    with pytest.raises(SupplierNotFoundError):
        receive(bag, supplier_id=0)


def test_the_same_key_records_once_and_gives_the_first_lot(bag):
    key = uuid.uuid4()
    assert receive(bag, uuid=key) == receive(bag, packages=Decimal("2.000"), uuid=key)
    assert Lot.objects.count() == 1


def test_the_same_key_for_something_else_is_refused_with_the_first_entry(bag):
    key = uuid.uuid4()
    first = receive(bag, uuid=key)
    with pytest.raises(AlreadyRecordedError) as refused:
        receive(bag, packages=3, uuid=key)
    assert refused.value.entry == first.movements.get().entry
    assert Lot.objects.count() == 1


def test_a_damaged_key_is_refused(bag):
    with pytest.raises(InvalidValueError, match="damaged"):
        receive(bag, uuid="nonsense")


def test_a_wrong_price_changes_what_remains_and_not_what_was_used(flour):
    lot = bought(flour, "1000", "10")
    services.consume_fifo(flour.slug, Decimal(400))
    entry = services.correct_lot_cost(lot_id=lot.pk, total_cost=Decimal("20"), reason="typed 10")
    lot.refresh_from_db()
    assert lot.value_remaining == Decimal(12)  # 20 x 600 / 1000; the 400 g used keep their 4
    movement = entry.movements.get()
    assert (movement.quantity, movement.value) == (0, Decimal(6))


def test_a_price_is_not_corrected_when_nothing_is_left_or_nothing_changes(flour):
    lot = bought(flour, "1000", "10")
    with pytest.raises(CannotCorrectError, match="already"):
        services.correct_lot_cost(lot_id=lot.pk, total_cost=Decimal(10), reason="typed wrong")
    services.consume_fifo(flour.slug, Decimal(1000))
    with pytest.raises(CannotCorrectError, match="Nothing of this lot is left"):
        services.correct_lot_cost(lot_id=lot.pk, total_cost=Decimal(20), reason="typed wrong")
    assert not StockEntry.objects.filter(kind=EntryKind.COST_CORRECTION).exists()


def test_dates_shelf_supplier_and_note_of_a_lot_are_edited(flour):
    lot = bought(flour, "1000", "10", on=date(2026, 9, 3))
    shop = SupplierFactory()
    services.edit_lot(
        lot_id=lot.pk,
        received_on=date(2026, 8, 1),
        expires_on=date(2027, 8, 1),
        location="Cellar",
        note="dented",
        supplier_id=shop.pk,
    )
    lot.refresh_from_db()
    assert (lot.received_on, lot.expires_on) == (date(2026, 8, 1), date(2027, 8, 1))
    assert (lot.location, lot.note, lot.supplier) == ("Cellar", "dented", shop)


def test_an_edited_lot_says_by_whom_and_when(flour, member):
    lot = bought(flour, "1000", "10", on=date(2026, 9, 3))
    untouched = services.edit_lot(lot_id=lot.pk, received_on=date(2026, 9, 3), recorded_by=member)
    assert (untouched.edited_at, untouched.edited_by_name) == (None, "")
    edited = services.edit_lot(lot_id=lot.pk, received_on=date(2026, 9, 2), recorded_by=member)
    assert edited.edited_at is not None
    assert edited.edited_by_name == "mira"


def test_the_quantity_of_a_lot_is_never_edited(flour):
    lot = bought(flour, "1000", "10")
    with pytest.raises(InvalidValueError, match="cannot be edited"):
        services.edit_lot(lot_id=lot.pk, quantity=Decimal(1))


def test_a_purchase_is_voided_with_its_price_corrections_while_untouched(flour):
    lot = bought(flour, "1000", "10")
    services.correct_lot_cost(lot_id=lot.pk, total_cost=Decimal(20), reason="typed 10")
    reversal = services.void_receipt(lot_id=lot.pk, reason="wrong shop")
    lot.refresh_from_db()
    assert (lot.quantity_remaining, lot.value_remaining) == (0, 0)
    assert list(reversal.movements.values_list("quantity", "value")) == [(Decimal(-1000), Decimal(-20))]


def test_voiding_a_purchase_twice_gives_the_first_reversal(flour):
    lot = bought(flour, "1000", "10")
    first = services.void_receipt(lot_id=lot.pk, reason="twice")
    assert services.void_receipt(lot_id=lot.pk, reason="again") == first
    assert StockMovement.objects.filter(lot=lot).count() == 2


def test_a_used_purchase_is_not_voided_and_the_users_are_named(flour):
    lot = bought(flour, "1000", "10")
    services.consume_fifo(flour.slug, Decimal(1), reason="tasting")
    with pytest.raises(InUseError, match="Used 1 g of Flour: tasting"):
        services.void_receipt(lot_id=lot.pk, reason="wrong")


def test_a_void_needs_a_reason(flour):
    lot = bought(flour, "1000", "10")
    with pytest.raises(InvalidValueError, match="Say why"):
        services.void_receipt(lot_id=lot.pk, reason="  ")
