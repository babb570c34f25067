"""What the household knows: ingredients, packaging, suppliers, products and recipes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from bakery.core.numbers import round_half_even
from bakery.sample.files import amount, read, read_recipes
from bakery.sample.kitchen import Kitchen, saved
from inventory.models import Allergen, Ingredient, IngredientCategory, Kind, Product, Supplier
from inventory.units import grams_per_ml_of_cup
from production.models import FinishedUnit, Recipe, RecipeCategory, RecipeComponent, RecipeIngredient

SOURCE = "Sample bakery"


def load_catalogue(kitchen: Kitchen) -> None:
    """Everything that is written down before anything is bought."""
    load_ingredients(kitchen)
    load_packaging(kitchen)
    load_products(kitchen)
    load_recipes(kitchen)


def load_ingredients(kitchen: Kitchen) -> None:
    allergens = {allergen.name: allergen for allergen in Allergen.objects.all()}
    for group in read("ingredients.toml")["category"]:
        category = saved(IngredientCategory(name=group["name"]))
        for row in group["ingredients"]:
            item = saved(
                Ingredient(
                    name=row["name"],
                    category=category,
                    stock_unit=row["unit"],
                    grams_per_ml=grams_per_ml_of_cup(row["cup"]) if "cup" in row else None,
                    grams_per_each=row.get("piece"),
                    is_tracked=row.get("tracked", True),
                    reorder_level=row.get("reorder"),
                )
            )
            item.allergens.set([allergens[name] for name in row.get("allergens", [])])
            kitchen.items[item.name] = item


def load_packaging(kitchen: Kitchen) -> None:
    for group in read("packaging.toml")["category"]:
        category = saved(IngredientCategory(name=group["name"]))
        for row in group["items"]:
            kitchen.items[row["name"]] = saved(
                Ingredient(
                    kind=Kind.PACKAGING,
                    name=row["name"],
                    category=category,
                    stock_unit=row["unit"],
                    reorder_level=row.get("reorder"),
                )
            )


def load_products(kitchen: Kitchen) -> None:
    """The products, in the order of the file: the first of each item is the preferred one."""
    tables = read("products.toml")
    for row in tables["supplier"]:
        kitchen.suppliers[row["name"]] = saved(Supplier(**row))
    preferred: set[str] = set()
    for shelf in tables["shelf"]:
        for row in shelf["products"]:
            package = amount(row["package"])
            kitchen.products[row["item"], row["package"]] = saved(
                Product(
                    ingredient=kitchen.items[row["item"]],
                    brand=row.get("brand", ""),
                    name=row["name"],
                    package_quantity=round_half_even(package.quantity, 3),
                    package_unit=package.unit,
                    preferred_supplier=kitchen.suppliers[shelf["supplier"]],
                    is_preferred=row["item"] not in preferred,
                )
            )
            preferred.add(row["item"])


def load_recipes(kitchen: Kitchen) -> None:
    """All recipes first, then their lines: a component may stand in a later file."""
    rows = read_recipes()
    categories: dict[str, RecipeCategory] = {}
    for row in rows:
        if row["category"] not in categories:
            categories[row["category"]] = saved(RecipeCategory(name=row["category"]))
        kitchen.recipes[row["name"]] = saved(
            Recipe(
                name=row["name"],
                category=categories[row["category"]],
                source=SOURCE,
                instructions=row["instructions"].strip(),
                prep_minutes=row["prep"],
                bake_minutes=row["bake"],
            )
        )
    for row in rows:
        load_recipe_lines(kitchen, row)


def load_recipe_lines(kitchen: Kitchen, row: dict[str, Any]) -> None:
    recipe = kitchen.recipes[row["name"]]
    for position, (text, name, *note) in enumerate(row["ingredients"], start=1):
        needed = amount(text)
        saved(
            RecipeIngredient(
                recipe=recipe,
                ingredient=kitchen.items[name],
                quantity=needed.quantity,
                unit=needed.unit,
                note="".join(note),
                position=position,
            )
        )
    for position, (batches, name, *note) in enumerate(row.get("uses", []), start=1):
        saved(
            RecipeComponent(
                recipe=recipe,
                component=kitchen.recipes[name],
                batches=Decimal(batches),
                note="".join(note),
                position=position,
            )
        )
    for unit in row["makes"]:
        kitchen.units[unit["name"]] = saved(
            FinishedUnit(
                recipe=recipe,
                name=unit["name"],
                items_per_batch=unit["pieces"],
                item_label=unit["label"],
                stock_unit="each",
            )
        )
