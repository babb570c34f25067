"""What people do to the shopping list."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from bakery.core.errors import AlreadyRecordedError, EventNotFoundError, InvalidValueError
from events.errors import AlreadyBoughtError, ShoppingItemNotFoundError
from events.models import EventProductionTarget, ShoppingItem
from events.services import (
    add_shopping_item,
    buy_shopping_item,
    get_shopping_list,
    remove_shopping_item,
    tick_shopping_item,
    tick_shopping_line,
)
from events.tests.factories import EventFactory, assigned, package_of
from inventory.errors import ProductNotFoundError, StockItemNotFoundError
from inventory.models import Lot
from inventory.services import void_receipt
from inventory.tests.factories import IngredientFactory, PackagingFactory, ProductFactory, bought
from production.tests.factories import recipe_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def flour():
    return IngredientFactory(name="Flour")


@pytest.fixture
def bag(flour):
    return ProductFactory(ingredient=flour, brand="Mill", package_quantity=Decimal(1), package_unit="kg")


@pytest.fixture
def event(flour):
    """It needs 1,500 g of flour."""
    event = EventFactory()
    EventProductionTarget.objects.create(event=event, recipe=recipe_of((flour, "500", "g")), target_batches=3)
    return event


def the_line(event):
    [line] = get_shopping_list([event.pk]).lines
    return line


# By hand


def test_plain_words_an_ingredient_or_a_product_are_put_on_the_list(flour, bag):
    add_shopping_item(text="  Baking parchment ")
    add_shopping_item(ingredient_id=flour.pk, quantity=Decimal("2.5"), unit="kg")
    add_shopping_item(product_id=bag.pk)
    assert [(str(item), item.quantity, item.unit) for item in get_shopping_list([]).by_hand] == [
        ("Baking parchment", None, ""),
        ("Flour", Decimal("2.500"), "kg"),
        ("Mill, 1 kg", None, ""),
    ]


def test_what_it_takes_in_packages_and_money_is_said(flour, bag):
    bought(flour, "1000", "1.80", product=bag)
    add_shopping_item(ingredient_id=flour.pk, quantity=Decimal("2.5"), unit="kg")
    [line] = get_shopping_list([]).hand_lines
    assert (line.product, line.packages, line.estimated_cost) == (bag, 3, Decimal("5.4000"))


def test_what_is_for_an_event_shows_with_that_event_only(event):
    add_shopping_item(text="Candles", event_id=event.pk)
    assert [str(item) for item in get_shopping_list([event.pk]).by_hand] == ["Candles"]
    assert get_shopping_list([EventFactory().pk]).by_hand == ()


def test_the_same_key_puts_it_on_the_list_once():
    key = uuid.uuid4()
    first = add_shopping_item(text="Candles", quantity=2, uuid=key)
    assert add_shopping_item(text="Candles", quantity=Decimal("2.0"), uuid=str(key)) == first
    assert ShoppingItem.objects.count() == 1


def test_something_else_under_a_used_key_is_not_lost():
    key = uuid.uuid4()
    add_shopping_item(text="Candles", uuid=key)
    add_shopping_item(text="Honey", uuid=key)
    assert [str(item) for item in get_shopping_list([]).by_hand] == ["Candles", "Honey"]


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({}, InvalidValueError),
        ({"text": "   "}, InvalidValueError),
        ({"text": "Rice", "quantity": Decimal(0)}, InvalidValueError),
        ({"text": "Rice", "quantity": Decimal("0.0001")}, InvalidValueError),
        ({"text": "Rice", "unit": "armful"}, InvalidValueError),
        ({"ingredient_id": 4711}, StockItemNotFoundError),
        ({"product_id": 4711}, ProductNotFoundError),
        ({"text": "Rice", "event_id": 4711}, EventNotFoundError),
    ],
)
def test_what_cannot_be_is_refused(asked, error):
    with pytest.raises(error):
        add_shopping_item(**asked)
    assert not ShoppingItem.objects.exists()


def test_a_unit_that_does_not_convert_is_refused_with_advice(flour):
    with pytest.raises(InvalidValueError, match="cup"):
        add_shopping_item(ingredient_id=flour.pk, quantity=1, unit="cup")


def test_what_was_put_on_by_hand_is_taken_off_again():
    item = add_shopping_item(text="Candles")
    assert remove_shopping_item(item_id=item.pk) is True
    assert remove_shopping_item(item_id=item.pk) is False


def test_plain_words_that_were_ticked_are_gone_the_next_day():
    item = add_shopping_item(text="Candles")
    tick_shopping_item(item_id=item.pk)
    assert get_shopping_list([]).by_hand == (item,)
    ShoppingItem.objects.update(ticked_at=timezone.now() - timedelta(days=2))
    assert get_shopping_list([]).by_hand == ()


def test_a_ticked_ingredient_stays_until_it_is_brought_home(flour):
    item = add_shopping_item(ingredient_id=flour.pk)
    tick_shopping_item(item_id=item.pk)
    ShoppingItem.objects.update(ticked_at=timezone.now() - timedelta(days=2))
    assert get_shopping_list([]).by_hand == (item,)


# Ticks


def test_a_tick_and_taking_it_back(event, flour, member):
    tick_shopping_line(ingredient_id=flour.pk, ticked_by=member)
    tick_shopping_line(ingredient_id=flour.pk, ticked_by=member)
    line = the_line(event)
    assert (line.is_ticked, line.tick.ticked_by_name, ShoppingItem.objects.count()) == (True, "mira", 1)
    assert get_shopping_list([event.pk]).by_hand == ()
    tick_shopping_line(ingredient_id=flour.pk, ticked=False)
    assert the_line(event).is_ticked is False


def test_packaging_is_ticked_by_product():
    red, white = (ProductFactory(ingredient=PackagingFactory()) for _ in range(2))
    tick_shopping_line(product_id=red.pk)
    assert ShoppingItem.objects.get().product == red
    tick_shopping_line(product_id=white.pk, ticked=False)
    assert ShoppingItem.objects.count() == 1


def test_one_packaging_in_the_cart_stays_ticked_when_its_other_product_is_bought(event, flour):
    """Red ribbon and gold ribbon are one packaging and two lines."""
    ribbon = PackagingFactory(name="Ribbon", stock_unit="cm")
    red, gold = (ProductFactory(ingredient=ribbon, name=name) for name in ("red", "gold"))
    assigned(event, package_of((red, "50"), (gold, "50")))
    for product in (red, gold):
        tick_shopping_line(product_id=product.pk)
    bought(ribbon, "100", "2.00", product=red)
    lines = get_shopping_list([event.pk]).lines
    ticked = {line.product.name: line.is_ticked for line in lines if line.is_packaging}
    assert ticked == {"red": False, "gold": True}


def test_a_tick_is_over_once_it_was_bought_some_other_way(event, flour, bag):
    tick_shopping_line(ingredient_id=flour.pk)
    bought(flour, "1000", "1.80", product=bag)
    assert the_line(event).is_ticked is False


@pytest.mark.parametrize("asked", [{}, {"ingredient_id": 1, "product_id": 1}])
def test_a_tick_needs_one_thing(asked):
    with pytest.raises(InvalidValueError):
        tick_shopping_line(**asked)


def test_what_is_gone_is_refused():
    with pytest.raises(ShoppingItemNotFoundError):
        tick_shopping_item(item_id=4711)
    with pytest.raises(StockItemNotFoundError):
        tick_shopping_line(ingredient_id=4711)


# Bringing it home


def bring_home(item, bag, packages="2", cost="3.60", **more):
    return buy_shopping_item(
        item_id=item.pk, product_id=bag.pk, packages=Decimal(packages), total_cost=Decimal(cost), **more
    )


def test_a_ticked_line_becomes_a_purchase(event, flour, bag, member):
    item = tick_shopping_line(ingredient_id=flour.pk)
    lot = bring_home(item, bag, recorded_by=member, received_on=date(2026, 1, 2), location="Cellar")
    assert (lot.quantity, lot.value, lot.product, lot.location) == (2000, Decimal("3.6000"), bag, "Cellar")
    item.refresh_from_db()
    assert item.lot == lot
    line = the_line(event)
    assert (line.to_buy, line.on_hand, line.is_bought, line.is_ticked) == (0, 2000, True, False)


def test_too_little_brought_home_leaves_the_rest_on_the_list(event, flour, bag):
    bring_home(tick_shopping_line(ingredient_id=flour.pk), bag, packages="1")
    line = the_line(event)
    assert (line.to_buy, line.is_bought, line.is_ticked) == (500, False, False)
    tick_shopping_line(ingredient_id=flour.pk)
    assert the_line(event).is_ticked is True


def test_the_same_key_buys_once(flour, bag):
    item, key = tick_shopping_line(ingredient_id=flour.pk), uuid.uuid4()
    assert bring_home(item, bag, uuid=key) == bring_home(item, bag, uuid=key)
    assert Lot.objects.count() == 1
    with pytest.raises(AlreadyRecordedError):
        bring_home(item, bag, packages="3", uuid=key)


def test_a_line_is_bought_once(flour, bag):
    item = tick_shopping_line(ingredient_id=flour.pk)
    bring_home(item, bag)
    with pytest.raises(AlreadyBoughtError):
        bring_home(item, bag)
    assert Lot.objects.count() == 1


def test_another_product_than_the_line_asks_for_is_refused_and_nothing_is_bought(flour):
    item = tick_shopping_line(ingredient_id=flour.pk)
    with pytest.raises(InvalidValueError, match="is not Flour"):
        bring_home(item, ProductFactory())
    assert not Lot.objects.exists()


def test_a_refused_purchase_leaves_the_line_as_it_was(event, flour, bag):
    item = tick_shopping_line(ingredient_id=flour.pk)
    with pytest.raises(InvalidValueError):
        bring_home(item, bag, cost="-1")
    assert the_line(event).is_ticked is True


def test_what_is_bought_is_not_unticked(flour, bag):
    item = add_shopping_item(ingredient_id=flour.pk)
    bring_home(item, bag)
    with pytest.raises(AlreadyBoughtError):
        tick_shopping_item(item_id=item.pk, ticked=False)


def test_a_purchase_that_is_void_puts_the_line_back(event, flour, bag):
    lot = bring_home(tick_shopping_line(ingredient_id=flour.pk), bag)
    void_receipt(lot_id=lot.pk, reason="brought back")
    line = the_line(event)
    assert (line.to_buy, line.is_bought, line.is_ticked) == (1500, False, False)
