"""What recipes need of an ingredient, told to the pantry below."""

from __future__ import annotations

from bakery.core.formatting import as_written
from inventory import units
from inventory.models import Ingredient
from production.models import RecipeIngredient


def lines_without_conversion(ingredient: Ingredient) -> list[str]:
    """The recipe lines of `ingredient` that do not convert to its stock unit with the factors it holds."""
    lines = RecipeIngredient.objects.filter(ingredient=ingredient.pk).select_related("recipe")
    return [
        f"{line.recipe} ({as_written(line.quantity, line.unit)})"
        for line in lines.order_by("recipe__name", "position", "id")
        if not units.can_convert(line.unit, ingredient.stock_unit, **ingredient.factors)
    ]
