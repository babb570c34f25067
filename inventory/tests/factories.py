"""Minimal rows of the pantry. The numbers that matter stand in the tests."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from inventory import services
from inventory.models import Ingredient, IngredientCategory, Kind, Lot, Product, Supplier


class IngredientCategoryFactory(DjangoModelFactory):
    class Meta:
        model = IngredientCategory

    name = factory.Sequence(lambda n: f"Category {n}")


class IngredientFactory(DjangoModelFactory):
    class Meta:
        model = Ingredient

    name = factory.Sequence(lambda n: f"Ingredient {n}")
    category = factory.SubFactory(IngredientCategoryFactory)
    stock_unit = "g"


class PackagingFactory(IngredientFactory):
    kind = Kind.PACKAGING
    name = factory.Sequence(lambda n: f"Packaging {n}")
    stock_unit = "each"


class SupplierFactory(DjangoModelFactory):
    class Meta:
        model = Supplier

    name = factory.Sequence(lambda n: f"Supplier {n}")


class ProductFactory(DjangoModelFactory):
    """One stock unit a package, so that packages and quantity are the same number."""

    class Meta:
        model = Product

    ingredient = factory.SubFactory(IngredientFactory)
    brand = factory.Sequence(lambda n: f"Brand {n}")
    package_quantity = Decimal(1)
    package_unit = factory.SelfAttribute("ingredient.stock_unit")


def bought(
    item: Ingredient, quantity: str, cost: str, on: date = date(2026, 1, 1), product: Product | None = None
) -> Lot:
    """A lot of `item`: so many stock units for so much in all, through the service."""
    product = product or item.products.first() or ProductFactory(ingredient=item)
    return services.receive_lot(
        product_id=product.pk,
        quantity=Decimal(quantity),
        unit=item.stock_unit,
        total_cost=Decimal(cost),
        received_on=on,
    )
