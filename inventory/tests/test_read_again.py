"""What an admin changes between the page and the lock is read again, and what is being bought cannot change."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connections
from django.test import Client

from bakery.core.errors import InvalidValueError
from inventory.models import Ingredient, Product, StockEntry, StockItem
from inventory.services import adjust_stock, consume_fifo, count_stock, posting, receive_lot
from inventory.services.receiving import locked_product
from inventory.tests.factories import IngredientFactory, ProductFactory
from inventory.tests.test_admin import address, ingredient_form


@pytest.fixture
def flour(db):
    """Half a gram a millilitre: what is typed in grams is twice as many millilitres."""
    return IngredientFactory(name="Flour", stock_unit="g", grams_per_ml=Decimal("0.5"))


@pytest.fixture
def meanwhile(monkeypatch):
    """Return a function: what it is given happens just before the items are locked."""

    def arrange(change) -> None:
        lock_items = posting.lock_items

        def lock_after_change(item_ids) -> None:
            change()
            lock_items(item_ids)

        monkeypatch.setattr(posting, "lock_items", lock_after_change)

    return arrange


def keep_in_millilitres() -> None:
    StockItem.objects.update(stock_unit="ml")


def switch_tracking_off() -> None:
    Ingredient.objects.update(is_tracked=False)


def test_what_was_typed_in_grams_is_booked_in_the_unit_it_is_kept_in_by_then(flour, meanwhile):
    bag = ProductFactory(ingredient=flour, package_quantity=Decimal(1), package_unit="kg")
    meanwhile(keep_in_millilitres)
    assert receive_lot(product_id=bag.pk, packages=2, total_cost=3).quantity == 4000
    assert "Bought 4 l of Flour" in StockEntry.objects.get().summary


def test_what_was_added_in_grams_too(flour, meanwhile):
    meanwhile(keep_in_millilitres)
    adjust_stock(item_id=flour.pk, quantity=100, unit="g", reason="Found")
    assert flour.lots.get().quantity == 200


def test_what_was_counted_in_grams_too(flour, meanwhile):
    meanwhile(keep_in_millilitres)
    count_stock(item_id=flour.pk, counted=100, unit="g", seen=0)
    assert flour.lots.get().quantity == 200


def test_what_is_used_in_grams_too(flour, meanwhile):
    adjust_stock(item_id=flour.pk, quantity=1000, reason="Found")
    meanwhile(keep_in_millilitres)
    consume_fifo(flour.slug, Decimal(100), "g")
    assert flour.lots.get().quantity_remaining == 800


def test_what_is_no_longer_tracked_by_then_gets_no_lot(flour, meanwhile):
    bag = ProductFactory(ingredient=flour)
    meanwhile(switch_tracking_off)
    for write in (
        lambda: receive_lot(product_id=bag.pk, packages=2, total_cost=3),
        lambda: adjust_stock(item_id=flour.pk, quantity=100, reason="Found"),
        lambda: count_stock(item_id=flour.pk, counted=100, seen=0),
    ):
        with pytest.raises(InvalidValueError, match="not tracked"):
            write()
    assert consume_fifo(flour.slug, Decimal(100)).satisfied
    assert not StockEntry.objects.exists()


def test_a_product_that_moved_to_another_ingredient_by_then_is_bought_there(flour, meanwhile, monkeypatch):
    bag, rye = ProductFactory(ingredient=flour), IngredientFactory(name="Rye")
    locked = []
    lock_items = posting.lock_items
    monkeypatch.setattr(posting, "lock_items", lambda ids: (locked.extend(ids), lock_items(ids)))
    meanwhile(lambda: Product.objects.update(ingredient=rye))
    assert locked_product(bag.pk).ingredient == rye
    assert locked == [flour.pk, rye.pk]


@pytest.mark.parametrize("of", [Ingredient, Product])
@pytest.mark.django_db(transaction=True)
def test_an_admin_waits_for_a_purchase_before_a_unit_is_checked(owner, flour, monkeypatch, of):
    bag = ProductFactory(ingredient=flour, brand="Mill", package_quantity=Decimal(1), package_unit="kg")
    is_locked, is_saved = threading.Event(), threading.Event()
    open_entry = posting.open_entry

    def open_slowly(*arguments, **options):
        is_locked.set()
        is_saved.wait(timeout=0.5)  # until the admin came first, who should not
        return open_entry(*arguments, **options)

    monkeypatch.setattr(posting, "open_entry", open_slowly)
    client = Client()
    client.force_login(owner)
    forms = {
        Ingredient: (flour.pk, ingredient_form(flour, stock_unit="ml", cup_weighs="100")),
        Product: (bag.pk, product_form(bag, package_quantity="2")),
    }
    pk, form = forms[of]

    def buy():
        try:
            return receive_lot(product_id=bag.pk, packages=2, total_cost=3)
        finally:
            connections.close_all()

    def change():
        try:
            is_locked.wait(timeout=30)
            return client.post(address(of, "change", pk), form)
        finally:
            is_saved.set()
            connections.close_all()

    with ThreadPoolExecutor(2) as people:
        bought, answer = people.submit(buy), people.submit(change)
        assert bought.result().quantity == 2000
        assert answer.result().status_code == 200, "it is refused"
    assert (of.objects.get().pk, StockItem.objects.get().stock_unit) == (pk, "g")
    assert Product.objects.get().package_quantity == 1


def product_form(product: Product, **changes: str) -> dict[str, str]:
    return {
        "ingredient": str(product.ingredient_id),
        "brand": product.brand,
        "name": product.name,
        "package_quantity": str(product.package_quantity),
        "package_unit": product.package_unit,
        "gtin": "",
        "preferred_supplier": "",
        **changes,
    }
