from __future__ import annotations

from decimal import Decimal

import pytest

from bakery.desktop import take_over
from bakery.desktop.recipes import WAITING
from bakery.desktop.report import Topic
from bakery.desktop.tests.rows import ingredient, product, recipe, sentences, unit
from inventory.models import (
    EntryKind,
    Ingredient,
    Lot,
    StockEntry,
)
from production.models import FinishedUnit, Recipe, RecipeComponent, RecipeIngredient

pytestmark = pytest.mark.django_db


def test_a_line_that_needs_a_weight_waits_as_a_note_and_comes_in_once(export):
    path = export(
        ingredients=[ingredient(), ingredient("nuts", "Nuts")],
        products=[product(), product("nuts")],
        recipes=[recipe(lines=[("flour", 2.5, "cup"), ("nuts", 100, "g")], instructions="Knead.\nBake.")],
    )
    report = take_over([path])
    bread = Recipe.objects.get()
    assert bread.instructions == f"Knead.\nBake.\n\n{WAITING}\n- 2½ cups Flour"
    assert [line.position for line in bread.ingredient_lines.all()] == [2]
    assert [(each.name, each.lines) for each in report.waiting.values()] == [("Flour", ["Bread (2½ cups)"])]

    bread.instructions += "\n\nServe warm."
    bread.save()
    Ingredient.objects.filter(name="Flour").update(grams_per_ml=Decimal("0.53"))
    assert take_over([path]).created == {"recipe line": 1}
    bread.refresh_from_db()
    assert bread.instructions == "Knead.\nBake.\n\nServe warm."
    assert [(line.position, line.quantity, line.unit) for line in bread.ingredient_lines.all()] == [
        (1, Decimal("2.5"), "cup"),
        (2, 100, "g"),
    ]
    assert take_over([path]).is_unchanged


def test_a_line_whose_note_was_taken_away_does_not_come_back(export):
    path = export(
        ingredients=[ingredient()], products=[product()], recipes=[recipe(lines=[("flour", 1, "cup")])]
    )
    take_over([path])
    Recipe.objects.update(instructions="")
    Ingredient.objects.update(grams_per_ml=Decimal("0.53"))
    assert take_over([path]).is_unchanged
    assert not RecipeIngredient.objects.exists()


def test_a_line_that_was_entered_by_hand_meanwhile_is_not_entered_twice(export):
    path = export(
        ingredients=[ingredient()], products=[product()], recipes=[recipe(lines=[("flour", 1, "cup")])]
    )
    take_over([path])
    Ingredient.objects.update(grams_per_ml=Decimal("0.53"))
    bread = Recipe.objects.get()
    RecipeIngredient.objects.create(recipe=bread, ingredient=Ingredient.objects.get(), quantity=1, unit="cup")
    take_over([path])
    bread.refresh_from_db()
    assert (bread.ingredient_lines.count(), bread.instructions) == (1, "")


def test_a_line_that_was_taken_out_of_a_recipe_does_not_come_back(export):
    path = export(ingredients=[ingredient()], recipes=[recipe(lines=[("flour", 1, "cup")])])
    take_over([path])
    RecipeIngredient.objects.all().delete()
    assert take_over([path]).is_unchanged


def test_lines_that_cannot_be_counted_at_all_are_notes_too(take):
    report = take(
        ingredients=[ingredient(), ingredient("box", "Box", is_packaging=True)],
        recipes=[
            recipe(
                lines=[("flour", 1, "pinch"), ("flour", 0, "cup"), ("flour", None, "g"), ("box", 1, "each")]
            )
        ],
    )
    assert sentences(report, Topic.UNREADABLE_LINE) == [
        "Bread: “1 pinch Flour”, because “pinch” is no unit that Bakehouse knows.",
        "Bread: “0 cups Flour”, because it names no amount.",
        "Bread: “g Flour”, because it names no amount.",
        "Bread: “1 Box”, because it is packaging, which no recipe takes.",
    ]
    assert (
        Recipe.objects.get().instructions == f"{WAITING}\n- 1 pinch Flour\n- 0 cups Flour\n- g Flour\n- 1 Box"
    )


def test_recipes_within_recipes_wherever_they_stand_and_what_they_say(take):
    take(
        recipes=[
            recipe(
                "Cake",
                components=[{"recipe_name": "Icing", "quantity": 0.5, "notes": "thin"}],
                notes="Grandma's",
                source="A book",
                prep_time_minutes=20,
                cook_time_minutes=45,
                is_production_ready=False,
            ),
            recipe("Icing", category=""),
        ]
    )
    part = RecipeComponent.objects.get()
    assert (str(part.recipe), str(part.component), part.batches, part.note) == (
        "Cake",
        "Icing",
        Decimal("0.5"),
        "thin",
    )
    cake = Recipe.objects.get(name="Cake")
    assert (cake.source, cake.prep_minutes, cake.bake_minutes) == ("A book", 20, 45)
    assert cake.instructions == "Grandma's\n\nNot marked as ready in the desktop application."


def test_finished_units_beside_and_within_recipes(take):
    within = {"slug": "slice", "name": "Slice", "yield_mode": "batch_portion", "unit_yield_quantity": 25.0}
    report = take(
        recipes=[recipe(finished_units=[within, {"slug": "loaf", "name": "Loaf"}])],
        finished_units=[unit(inventory_count=3), unit("odd", "Odd", items_per_batch=None)],
    )
    found = FinishedUnit.objects.order_by("name").values_list("name", "items_per_batch", "item_label")
    assert list(found) == [("Loaf", 2, "loaf"), ("Odd", 1, "loaf"), ("Slice", 4, "piece")]
    opened = StockEntry.objects.get()
    assert (opened.kind, Lot.objects.get().quantity, Lot.objects.get().value) == (EntryKind.OPENING, 3, 0)
    assert [said.split(":")[0] for said in sentences(report, Topic.LOOK)] == [
        "3 of Loaf are on the shelf at a cost of 0",
        "Odd",
    ]
