"""What things cost last, for estimates."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from inventory.selectors.prices import LastPrices, last_prices, last_prices_of
from inventory.selectors.purchases import offers_for
from inventory.services import adjust_stock, correct_lot_cost, count_stock, edit_lot, void_receipt
from inventory.tests.factories import IngredientFactory, ProductFactory, SupplierFactory, bought

pytestmark = pytest.mark.django_db


@pytest.fixture
def flour():
    return IngredientFactory(name="Flour")


def test_the_newest_purchase_with_a_price_sets_it_used_up_or_not(flour):
    bought(flour, "1000", "3", on=date(2026, 2, 1))
    bought(flour, "500", "1", on=date(2026, 3, 1))
    bought(flour, "500", "0", on=date(2026, 4, 1))
    adjust_stock(item_id=flour.pk, quantity=-2000, reason="mice")
    assert last_prices([flour.pk]) == {flour.pk: Fraction(1, 500)}


def test_a_purchase_that_was_voided_sets_no_price(flour):
    bag = ProductFactory(ingredient=flour)
    bought(flour, "1000", "3", on=date(2026, 2, 1), product=bag)
    wrong = bought(flour, "1000", "300", on=date(2026, 3, 1), product=bag)
    assert last_prices([flour.pk]) == {flour.pk: Fraction(3, 10)}
    void_receipt(lot_id=wrong.pk, reason="a digit too many")
    assert last_prices([flour.pk]) == {flour.pk: Fraction(3, 1000)}
    assert last_prices_of([], [bag.pk]).products == {bag.pk: Fraction(3, 1000)}


def test_a_price_put_right_sets_it_however_much_was_used_before_and_after(flour):
    bag = ProductFactory(ingredient=flour)
    bought(flour, "1000", "3", on=date(2026, 2, 1), product=bag)
    wrong = bought(flour, "1000", "400", on=date(2026, 3, 1), product=bag)

    def prices():
        return {
            last_prices([flour.pk])[flour.pk],
            last_prices_of([], [bag.pk]).products[bag.pk],
            offers_for([flour.pk]).product(bag.pk).price,
        }

    assert prices() == {Fraction(4, 10)}
    adjust_stock(item_id=flour.pk, quantity=-500, lot_id=wrong.pk, reason="mice")
    correct_lot_cost(lot_id=wrong.pk, total_cost=40, reason="a digit too many")
    assert prices() == {Fraction(4, 100)}
    correct_lot_cost(lot_id=wrong.pk, total_cost=4, reason="and another")
    assert prices() == {Fraction(4, 1000)}
    adjust_stock(item_id=flour.pk, quantity=-500, lot_id=wrong.pk, reason="mice")
    assert prices() == {Fraction(4, 1000)}


def test_what_turned_out_to_have_a_price_sets_it_and_what_turned_out_a_gift_does_not(flour):
    bought(flour, "1000", "3", on=date(2026, 2, 1))
    lot = bought(flour, "1000", "0", on=date(2026, 3, 1))
    correct_lot_cost(lot_id=lot.pk, total_cost=5, reason="the receipt was found")
    assert last_prices([flour.pk]) == {flour.pk: Fraction(5, 1000)}
    correct_lot_cost(lot_id=lot.pk, total_cost=0, reason="it was a gift")
    assert last_prices([flour.pk]) == {flour.pk: Fraction(3, 1000)}


@pytest.mark.parametrize("more", ["counted", "voided"])
def test_what_was_counted_or_voided_is_not_what_was_bought_last(flour, more):
    bag, sack = ProductFactory(ingredient=flour), ProductFactory(ingredient=flour)
    shop = SupplierFactory()
    lot = bought(flour, "1000", "3", on=date(2026, 2, 1), product=bag)
    edit_lot(lot_id=lot.pk, supplier_id=shop.pk)
    old = bought(flour, "1000", "3", on=date(2026, 1, 1), product=sack)
    before = offers_for([flour.pk])
    assert (before.item(flour.pk).product, before.item(flour.pk).supplier) == (bag, shop)

    if more == "counted":
        count_stock(item_id=flour.pk, lot_id=old.pk, seen=1000, counted=1100)
        count_stock(item_id=flour.pk, lot_id=lot.pk, seen=1000, counted=1100)
    else:
        wrong = bought(flour, "10", "1", on=date(2026, 3, 1), product=sack)
        void_receipt(lot_id=wrong.pk, reason="never came")

    assert offers_for([flour.pk]) == before


def test_a_count_does_not_end_a_tick(flour):
    bag = ProductFactory(ingredient=flour)
    count_stock(item_id=flour.pk, product_id=bag.pk, seen=0, counted=100)
    assert offers_for([flour.pk]).recorded_at == {}


def test_opening_stock_is_no_purchase_and_what_was_never_bought_has_no_price(flour):
    adjust_stock(item_id=flour.pk, quantity=100, reason="Opening stock", total_cost=5)
    assert last_prices([flour.pk]) == {}


def test_one_statement_tells_items_and_their_products_apart(flour, django_assert_num_queries):
    bag, sack = ProductFactory(ingredient=flour), ProductFactory(ingredient=flour)
    bought(flour, "1000", "3", on=date(2026, 2, 1), product=bag)
    bought(flour, "1000", "2", on=date(2026, 3, 1), product=sack)
    with django_assert_num_queries(1):
        last = last_prices_of([flour.pk], [bag.pk])
    assert last == LastPrices({flour.pk: Fraction(1, 500)}, {bag.pk: Fraction(3, 1000)})


def test_where_nothing_is_asked_nothing_is_read(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert last_prices([]) == {}
