"""What can go wrong in the kitchen. The shelf's own errors live in inventory.errors."""

from __future__ import annotations

from bakery.core.errors import BakeryError, NotFoundError
from inventory.errors import InsufficientInventoryError, MissingIngredient, UnconvertibleError


class RecipeNotFoundError(NotFoundError):
    def __init__(self, recipe_id: object) -> None:
        super().__init__(f"There is no recipe with the number {recipe_id}. Choose one from the list.")
        self.recipe_id = recipe_id


class FinishedUnitNotFoundError(NotFoundError):
    def __init__(self, finished_unit_id: object) -> None:
        super().__init__(
            f"There is no baked item with the number {finished_unit_id}. Choose one from the list."
        )
        self.finished_unit_id = finished_unit_id


class FinishedUnitRecipeMismatchError(BakeryError):
    def __init__(self, finished_unit: str, recipe: str, *, finished_unit_id: int, recipe_id: int) -> None:
        super().__init__(
            f"{finished_unit} is not made by {recipe}. Choose what {recipe} makes. Nothing was recorded."
        )
        self.finished_unit_id = finished_unit_id
        self.recipe_id = recipe_id


class ProductionRunNotFoundError(NotFoundError):
    def __init__(self, production_run_id: object) -> None:
        super().__init__(f"There is no bake with the number {production_run_id}.")
        self.production_run_id = production_run_id


__all__ = [
    "FinishedUnitNotFoundError",
    "FinishedUnitRecipeMismatchError",
    "InsufficientInventoryError",
    "MissingIngredient",
    "ProductionRunNotFoundError",
    "RecipeNotFoundError",
    "UnconvertibleError",
]
