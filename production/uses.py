"""What recipes need of a stock item, told to the pantry below."""

from __future__ import annotations

from inventory.models import Kind, StockItem
from inventory.uses import Usage
from production.models import RecipeIngredient


def lines_asking_for(item: StockItem) -> list[Usage]:
    """The recipe lines of an ingredient: nothing else is ever baked with."""
    if item.kind != Kind.INGREDIENT:
        return []
    lines = RecipeIngredient.objects.filter(ingredient=item.pk).select_related("recipe")
    return [
        Usage(line.recipe.name, line.quantity, line.unit, line.recipe.get_absolute_url())
        for line in lines.order_by("recipe__name", "position", "id")
    ]
