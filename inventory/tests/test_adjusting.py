"""What the shelf really holds: adjustments, counts, and taking things off it."""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal

import pytest

from bakery.core.errors import InvalidValueError
from inventory import services
from inventory.errors import (
    AlreadyCountedError,
    CannotCorrectError,
    IngredientNotFoundError,
    InsufficientInventoryError,
    NotEnoughToRemoveError,
    StockChangedError,
)
from inventory.models import EntryKind, StockEntry, StockItem
from inventory.tests.factories import IngredientFactory, PackagingFactory, ProductFactory, bought

pytestmark = pytest.mark.django_db


@pytest.fixture
def sugar():
    return IngredientFactory(name="Sugar", stock_unit="g", grams_per_ml=Decimal("0.845"))


def on_shelf(item):
    return services.on_hand(item_ids=[item.pk])[item.pk]


def left(lot):
    lot.refresh_from_db()
    return lot.quantity_remaining, lot.value_remaining


def test_what_is_taken_away_comes_from_the_oldest_lot_with_its_value(sugar):
    old = bought(sugar, "100", "3", on=date(2026, 1, 1))
    new = bought(sugar, "100", "5", on=date(2026, 2, 1))
    entry = services.adjust_stock(item_id=sugar.pk, quantity=Decimal(-130), reason="ants")
    assert left(old) == (0, 0)
    assert left(new) == (Decimal(70), Decimal("3.5"))
    assert list(entry.movements.values_list("lot", "quantity", "value")) == [
        (old.pk, Decimal(-100), Decimal(-3)),
        (new.pk, Decimal(-30), Decimal("-1.5")),
    ]


def test_lots_of_one_day_are_used_in_the_order_they_were_written(sugar):
    second_day = bought(sugar, "10", "1", on=date(2026, 1, 2))
    first = bought(sugar, "10", "1", on=date(2026, 1, 1))
    second = bought(sugar, "10", "1", on=date(2026, 1, 1))
    services.adjust_stock(item_id=sugar.pk, quantity=Decimal(-15), reason="ants")
    assert [left(lot)[0] for lot in (first, second, second_day)] == [0, 5, 10]


def test_one_lot_can_be_named(sugar):
    old = bought(sugar, "100", "3", on=date(2026, 1, 1))
    new = bought(sugar, "100", "5", on=date(2026, 2, 1))
    services.adjust_stock(item_id=sugar.pk, quantity=Decimal(-30), reason="torn bag", lot_id=new.pk)
    assert (left(old)[0], left(new)[0]) == (100, 70)


def test_more_than_there_is_cannot_be_taken_away(sugar):
    bought(sugar, "100", "3")
    with pytest.raises(NotEnoughToRemoveError, match="only 100 g of Sugar"):
        services.adjust_stock(item_id=sugar.pk, quantity=Decimal(-101), reason="ants")
    assert on_shelf(sugar) == 100
    assert StockEntry.objects.count() == 1


def test_what_is_added_becomes_a_lot_of_today_worth_nothing_or_what_it_cost(sugar):
    services.adjust_stock(item_id=sugar.pk, quantity=Decimal(1), unit="kg", reason="found")
    services.adjust_stock(
        item_id=sugar.pk, quantity=Decimal(2), unit="kg", reason="gift", total_cost=Decimal(3)
    )
    assert list(sugar.lots.values_list("quantity", "value")) == [(1000, 0), (2000, 3)]


def test_opening_stock_is_booked_as_such(sugar):
    entry = services.adjust_stock(item_id=sugar.pk, quantity=Decimal(1), reason=services.OPENING_REASON)
    assert entry.kind == EntryKind.OPENING


def test_an_adjustment_needs_a_reason_and_something_to_adjust(sugar):
    with pytest.raises(InvalidValueError, match="Say why"):
        services.adjust_stock(item_id=sugar.pk, quantity=Decimal(1), reason="")
    with pytest.raises(InvalidValueError, match="more than 0"):
        services.adjust_stock(item_id=sugar.pk, quantity=Decimal(0), reason="nothing")


def test_packaging_needs_the_product():
    ribbon = PackagingFactory(name="Ribbon", stock_unit="cm")
    red = ProductFactory(ingredient=ribbon)
    with pytest.raises(InvalidValueError, match="which product"):
        services.adjust_stock(item_id=ribbon.pk, quantity=Decimal(5), reason="found")
    services.adjust_stock(item_id=ribbon.pk, quantity=Decimal(5), reason="found", product_id=red.pk)
    assert ribbon.lots.get().product == red


def test_only_lots_of_the_named_product_serve_it():
    ribbon = PackagingFactory(name="Ribbon", stock_unit="cm")
    red, blue = ProductFactory(ingredient=ribbon), ProductFactory(ingredient=ribbon)
    older = bought(ribbon, "10", "1", on=date(2026, 1, 1), product=red)
    bought(ribbon, "10", "1", on=date(2026, 2, 1), product=blue)
    services.adjust_stock(item_id=ribbon.pk, quantity=Decimal(-4), reason="cut", product_id=blue.pk)
    assert left(older)[0] == 10


def test_pieces_are_whole():
    box = StockItem.objects.create(kind="finished_good", name="Box", stock_unit="each")
    with pytest.raises(InvalidValueError, match="whole pieces"):
        services.adjust_stock(item_id=box.pk, quantity=Decimal("1.5"), reason="found")


def test_an_adjustment_is_voided_lot_by_lot(sugar):
    lot = bought(sugar, "100", "3")
    entry = services.adjust_stock(item_id=sugar.pk, quantity=Decimal(-30), reason="ants")
    reversal = services.void_adjustment(entry_id=entry.pk, reason="no ants")
    assert left(lot) == (100, 3)
    assert services.void_adjustment(entry_id=entry.pk, reason="again") == reversal


def test_a_purchase_is_not_voided_as_an_adjustment(sugar):
    lot = bought(sugar, "100", "3")
    with pytest.raises(CannotCorrectError):
        services.void_adjustment(entry_id=lot.movements.get().entry_id, reason="wrong")


def test_a_lower_count_takes_the_oldest_and_a_higher_one_adds_a_lot(sugar):
    old = bought(sugar, "100", "3")
    services.count_stock(item_id=sugar.pk, counted=Decimal("0.09"), unit="kg", seen=Decimal(100))
    assert left(old)[0] == 90
    services.count_stock(item_id=sugar.pk, counted=Decimal(95), seen=Decimal(90))
    assert on_shelf(sugar) == 95
    assert left(old)[0] == 90


def test_a_count_that_agrees_books_nothing(sugar):
    bought(sugar, "100", "3")
    assert services.count_stock(item_id=sugar.pk, counted=Decimal(100), seen=Decimal(100)) is None
    assert StockEntry.objects.count() == 1


@pytest.mark.parametrize("counted", ["80", "100"])
def test_a_count_is_refused_when_the_shelf_changed_since(sugar, counted):
    bought(sugar, "100", "3")
    services.consume_fifo(sugar.slug, Decimal(10))
    with pytest.raises(StockChangedError) as refused:
        services.count_stock(item_id=sugar.pk, counted=Decimal(counted), seen=Decimal(100))
    assert (refused.value.seen, refused.value.now) == (100, 90)
    assert on_shelf(sugar) == 90


def test_a_count_sent_twice_is_booked_once(sugar):
    bought(sugar, "100", "3")
    key = uuid.uuid4()
    first = services.count_stock(item_id=sugar.pk, counted=Decimal(80), seen=Decimal(100), uuid=key)
    assert services.count_stock(item_id=sugar.pk, counted=Decimal(80), seen=Decimal(100), uuid=key) == first
    assert on_shelf(sugar) == 80


def test_the_same_count_of_a_lot_finds_the_same_more_only_once(sugar):
    lot = bought(sugar, "100", "3")
    other = bought(sugar, "100", "3")

    def counted(of, quantity):
        return services.count_stock(item_id=sugar.pk, lot_id=of.pk, counted=quantity, seen=Decimal(100))

    first = counted(lot, Decimal(150))
    counted(other, Decimal(150))  # another lot, and just as much more
    with pytest.raises(AlreadyCountedError) as refused:
        counted(lot, Decimal("150.0"))
    assert isinstance(refused.value, StockChangedError)
    assert on_shelf(sugar) == 300
    counted(lot, Decimal(160))  # another number is another count
    assert on_shelf(sugar) == 360
    services.void_adjustment(entry_id=first.pk, reason="miscounted")
    counted(lot, Decimal(150))
    assert on_shelf(sugar) == 360


def test_consuming_says_which_lots_served_it_in_the_unit_asked_for(sugar):
    lot = bought(sugar, "1000", "2")
    result = services.consume_fifo(sugar.slug, Decimal("0.25"), "kg")
    assert (result.consumed, result.shortfall, result.satisfied) == (Decimal("0.25"), 0, True)
    draw = result.breakdown[0]
    assert (draw.lot_id, draw.quantity, draw.value, draw.remaining) == (
        lot.pk,
        Decimal("0.25"),
        Decimal("0.5"),
        Decimal("0.75"),
    )
    assert left(lot) == (750, Decimal("1.5"))


def test_a_dry_run_writes_nothing_and_tells_the_shortfall(sugar):
    bought(sugar, "100", "3")
    result = services.consume_fifo(sugar.slug, Decimal(130), dry_run=True)
    assert (result.consumed, result.shortfall, result.satisfied) == (100, 30, False)
    assert on_shelf(sugar) == 100


def test_consuming_more_than_there_is_changes_nothing(sugar):
    bought(sugar, "2000", "3")
    with pytest.raises(InsufficientInventoryError) as refused:
        services.consume_fifo(sugar.slug, Decimal(2200))
    assert str(refused.value) == "Not enough Sugar: needs 2.2 kg, there is 2 kg."
    assert on_shelf(sugar) == 2000


def test_dust_is_neither_left_behind_nor_asked_for(sugar):
    lot = bought(sugar, "100.004", "3")
    services.consume_fifo(sugar.slug, Decimal(100))
    assert left(lot) == (0, 0)
    bought(sugar, "99.996", "3")
    assert services.consume_fifo(sugar.slug, Decimal(100)).consumed == Decimal("99.996")


def test_an_empty_shelf_satisfies_only_nothing(sugar):
    assert services.consume_fifo(sugar.slug, Decimal("0.0004")).satisfied
    with pytest.raises(InsufficientInventoryError):
        services.consume_fifo(sugar.slug, Decimal("0.004"))
    assert not StockEntry.objects.exists()


def test_water_is_never_short_and_costs_nothing():
    water = IngredientFactory(name="Water", stock_unit="ml", is_tracked=False)
    result = services.consume_fifo(water.slug, Decimal(1), "l")
    assert (result.consumed, result.total_cost, result.satisfied) == (1, 0, True)


def test_an_unknown_ingredient_is_named():
    with pytest.raises(IngredientNotFoundError, match="saffron"):
        services.consume_fifo("saffron", Decimal(1))
