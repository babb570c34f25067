"""What things cost last, for estimates."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from inventory.selectors.prices import last_prices, last_product_prices
from inventory.services import adjust_stock, void_receipt
from inventory.tests.factories import IngredientFactory, ProductFactory, bought

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
    assert last_product_prices([bag.pk]) == {bag.pk: Fraction(3, 1000)}


def test_opening_stock_is_no_purchase_and_what_was_never_bought_has_no_price(flour):
    adjust_stock(item_id=flour.pk, quantity=100, reason="Opening stock", total_cost=5)
    assert last_prices([flour.pk]) == {}
    assert last_prices([]) == {}
