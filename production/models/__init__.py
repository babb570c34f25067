"""Recipes, finished units and production runs."""

from production.models.recipes import FinishedUnit, Recipe, RecipeCategory, RecipeComponent, RecipeIngredient
from production.models.runs import ProductionConsumption, ProductionRun

__all__ = [
    "FinishedUnit",
    "ProductionConsumption",
    "ProductionRun",
    "Recipe",
    "RecipeCategory",
    "RecipeComponent",
    "RecipeIngredient",
]
