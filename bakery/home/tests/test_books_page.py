"""The books as a page for admins."""

from decimal import Decimal

import pytest
from django.urls import reverse

from inventory.models import Ingredient, IngredientCategory, Lot, Product
from inventory.services import adjust_stock, receive_lot

pytestmark = pytest.mark.django_db


@pytest.fixture
def flour():
    category = IngredientCategory.objects.create(name="Flours")
    item = Ingredient.objects.create(name="Flour", category=category, stock_unit="g")
    product = Product.objects.create(ingredient=item, package_quantity=Decimal(1000), package_unit="g")
    receive_lot(product_id=product.pk, packages=1, total_cost="4.00")
    return item


def test_right_books_say_so_with_the_totals(owner_client, flour):
    adjust_stock(item_id=flour.pk, quantity=-250, reason="Spilt")
    page = owner_client.get(reverse("books")).content.decode()
    assert "The books are right." in page
    for amount in ("$4.0000", "$3.0000", "$1.0000"):
        assert amount in page


def test_a_breach_is_named(owner_client, flour):
    Lot.objects.update(quantity_remaining=Decimal(900))
    page = owner_client.get(reverse("books")).content.decode()
    assert "The books are not right." in page
    assert "Flour: the lot says 900 g" in page


def test_the_books_are_for_admins(member_client):
    assert member_client.get(reverse("books")).status_code == 403
