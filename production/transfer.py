"""What recipes and bakes look like in a file."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone

from bakery.core.transfer.arrays import Array, Check, Name, Part, To
from inventory.transfer import EDITED, ENTRY, INGREDIENT, ON_SHELF, TOMORROW
from production.models import (
    FinishedUnit,
    ProductionConsumption,
    ProductionRun,
    Recipe,
    RecipeCategory,
    RecipeComponent,
    RecipeIngredient,
)

HISTORY_FORMAT = "bakehouse-production-history"

CATEGORY = Name("production.RecipeCategory", ("name",), "category")
RECIPE = Name("production.Recipe", ("slug",), "recipe")
UNIT = Name("production.FinishedUnit", ("slug",), "finished unit")
EVENT = Name("events.Event", ("name",), "event")

RECORDED = ("recorded_by_name", "voided_at", "void_reason", *EDITED)
"""What bakes and assemblies have in common."""


def comes_from_its_recipe() -> Check:
    recipes = dict(FinishedUnit.objects.values_list("pk", "recipe_id"))
    latest = timezone.now() + TOMORROW

    def check(run: ProductionRun) -> Iterator[tuple[str, str]]:
        if recipes[run.finished_unit_id] != run.recipe_id:
            yield "finished_unit", "it does not come from this recipe."
        if run.yield_variance != run.expected_yield - run.actual_yield:
            yield "yield_variance", "it is not the expected yield minus the actual one."
        if run.produced_at > latest:
            yield "produced_at", "that moment is still to come."

    return check


CATALOGUE = (
    Array("recipe_categories", RecipeCategory, ("uuid", "name"), keys=(("name",),), is_catalogue=True),
    Array(
        "recipes",
        Recipe,
        (
            *("uuid", "name", "slug", To("category", CATEGORY), "source", "instructions"),
            *("prep_minutes", "bake_minutes", "is_archived"),
        ),
        keys=(("slug",), ("name",)),
        is_catalogue=True,
    ),
    Array(
        "recipe_ingredients",
        RecipeIngredient,
        ("uuid", To("recipe", RECIPE), To("ingredient", INGREDIENT), "quantity", "unit", "note", "position"),
        part_of="recipe",
        is_catalogue=True,
    ),
    Array(
        "recipe_components",
        RecipeComponent,
        ("uuid", To("recipe", RECIPE), To("component", RECIPE), "batches", "note", "position"),
        keys=(("recipe", "component"),),
        part_of="recipe",
        is_catalogue=True,
    ),
    Array(
        "finished_units",
        FinishedUnit,
        ("uuid", *ON_SHELF, To("recipe", RECIPE), "items_per_batch", "item_label"),
        keys=(("slug",), ("name",)),
        is_catalogue=True,
    ),
)

RUNS = Array(
    "production_runs",
    ProductionRun,
    (
        *("uuid", To("recipe", RECIPE), To("finished_unit", UNIT), To("event", EVENT, called="event_name")),
        *("num_batches", "expected_yield", "actual_yield", "yield_variance", "produced_at", "notes"),
        *("total_ingredient_cost", "per_unit_cost", *RECORDED),
    ),
    parts=(
        Part(
            "consumptions",
            ProductionConsumption,
            "production_run",
            ("ingredient_slug", "ingredient_name", "quantity_consumed", "unit", "total_cost"),
        ),
    ),
    equal_uuid=To("stock_entry", ENTRY),
    checks=comes_from_its_recipe,
)
