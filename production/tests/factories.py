"""Minimal recipes. The numbers that matter stand in the tests."""

from __future__ import annotations

from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from inventory.models import Ingredient
from inventory.tests.factories import IngredientFactory
from production.models import FinishedUnit, Recipe, RecipeComponent, RecipeIngredient


class RecipeFactory(DjangoModelFactory):
    class Meta:
        model = Recipe

    name = factory.Sequence(lambda n: f"Recipe {n}")


class RecipeIngredientFactory(DjangoModelFactory):
    class Meta:
        model = RecipeIngredient

    recipe = factory.SubFactory(RecipeFactory)
    ingredient = factory.SubFactory(IngredientFactory)
    quantity = Decimal(100)
    unit = "g"


class RecipeComponentFactory(DjangoModelFactory):
    class Meta:
        model = RecipeComponent

    recipe = factory.SubFactory(RecipeFactory)
    component = factory.SubFactory(RecipeFactory)
    batches = Decimal(1)


class FinishedUnitFactory(DjangoModelFactory):
    class Meta:
        model = FinishedUnit

    name = factory.Sequence(lambda n: f"Cookie {n}")
    recipe = factory.SubFactory(RecipeFactory)
    stock_unit = "each"
    items_per_batch = 10


def recipe_of(*lines: tuple[Ingredient, str, str]) -> Recipe:
    """A recipe with these (ingredient, quantity, unit) lines for one batch."""
    recipe = RecipeFactory()
    for ingredient, quantity, unit in lines:
        RecipeIngredientFactory(recipe=recipe, ingredient=ingredient, quantity=Decimal(quantity), unit=unit)
    return recipe
