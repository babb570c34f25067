"""A real household's export, as crooked as real data is. Skipped, saying so, where the file is not."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import transaction

from bakery.desktop import take_over
from bakery.desktop.recipes import WAITING
from bakery.desktop.report import Topic
from events.models import Event, Recipient
from inventory.books import check_books
from inventory.models import (
    Ingredient,
    IngredientCategory,
    Kind,
    Lot,
    Product,
    StockEntry,
    StockMovement,
    Supplier,
)
from inventory.services import consume_fifo
from production.models import FinishedUnit, ProductionRun, Recipe, RecipeIngredient
from production.services import check_can_produce, record_batch_production

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def apart(real, db):
    """What one test changes, the next does not see."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def test_everything_that_has_a_place_comes_over(real):
    assert dict(real.created) == {
        "supplier": 11,
        "ingredient category": 70,
        "ingredient": 337,
        "product": 182,
        "packaging material": 21,
        "lot": 156,
        "recipe category": 7,
        "recipe": 20,
        "recipe line": 163,
        "finished unit": 20,
        "recipient": 3,
        "event": 1,
    }
    assert Ingredient.objects.filter(kind=Kind.INGREDIENT).count() == 337
    assert Ingredient.objects.filter(kind=Kind.PACKAGING).count() == 21
    assert Product.objects.filter(ingredient__kind=Kind.INGREDIENT).count() == 156
    assert Recipient.objects.count() == 3
    assert Event.objects.get().event_date == date(2026, 12, 15)
    assert Topic.STAYED not in real.hands


def test_the_lines_and_those_that_wait_are_all_224(real):
    assert (len(real.waiting), real.waiting_lines) == (18, 61)
    assert RecipeIngredient.objects.count() + real.waiting_lines == 224
    noted = sum(recipe.instructions.count("\n- ") for recipe in Recipe.objects.all())
    assert noted == real.waiting_lines


def test_leaves_under_a_leaf_and_the_leaf_are_ingredients_of_one_category(real):
    almonds = Ingredient.objects.filter(name__in=["Almonds", "Almonds, whole", "Almonds, sliced"])
    assert almonds.count() == 3
    assert almonds.values("category").distinct().count() == 1
    assert not IngredientCategory.objects.filter(name__contains="Almonds").exists()


def test_the_hierarchy_stands_in_the_names_of_the_categories(real):
    chips = Ingredient.objects.get(name="Chocolate chips, dark")
    assert chips.category.name == "Chocolate & Cocoa: Chips & Chunks"
    assert chips.grams_per_ml == Decimal("0.710094")  # a cup weighs 168 g


def test_125_leaves_and_the_two_groups_with_a_weight_are_accounted_for(real):
    assert Ingredient.objects.filter(grams_per_ml__isnull=False).count() == 125
    assert [hand.sentence.split(" is a group")[0] for hand in real.hands[Topic.DENSITY]] == [
        "Brandy",
        "Vodka",
    ]


def test_the_two_products_that_differ_in_package_size_only_are_two(real):
    sesame = Product.objects.filter(ingredient__name="Sesame seeds", name="Black Sesame Seeds")
    assert sorted(sesame.values_list("package_quantity", flat=True)) == [1, Decimal("2.2")]
    paid = {lot.product.package_quantity: lot.value for lot in Lot.objects.filter(product__in=sesame)}
    assert paid == {Decimal(1): Decimal("4.59"), Decimal("2.2"): Decimal("3.975")}  # half a jar at $7.95


def test_lots_keep_the_day_they_were_bought(real):
    days = list(Lot.objects.order_by("received_on").values_list("received_on", flat=True))
    assert days == [date(2025, 12, 21)] * 155 + [date(2025, 12, 27)]


def test_prices_are_joined_in_and_their_lack_is_told(real):
    assert len(real.hands[Topic.PRICE]) == Lot.objects.filter(value=0).count() == 22
    assert sum(Lot.objects.values_list("value", flat=True)) == Decimal("1634.8634")
    assert [hand.sentence.split(" took")[0] for hand in real.hands[Topic.MATCHED]] == [
        "Pecans: Costco, 2 lb",
        "Pistachios: Trader Joe's, 1 oz",
        "Rum: Baccardi Supuerior White Rum, 750 ml",
    ]


def test_suppliers_are_found_by_their_numbers_and_none_is_called_unknown(real):
    spray = Product.objects.get(brand="PAM")
    assert spray.preferred_supplier.name == "Wegmans"
    assert spray.gtin == "06414403094"
    assert spray.is_preferred
    assert Supplier.objects.get(name="Costco").address == "Waltham, MA 02451-1107"
    assert not Supplier.objects.filter(name="Unknown").exists()


def test_cake_and_cakes_are_both_kept_and_named(real):
    assert [hand.sentence for hand in real.hands[Topic.CATEGORY]] == [
        "“Cake” (1) and “Cakes” (6) are both a category of recipes."
    ]


def test_lemons_are_counted_and_the_cups_of_them_wait(real):
    lemons = Ingredient.objects.get(name="Lemon, whole")
    assert lemons.stock_unit == "each"
    waiting = real.waiting[str(lemons.pk)]
    assert waiting.advice == (
        "Lemon, whole is counted, the recipe measures it in cups: enter what one piece weighs and what a cup weighs."
    )
    assert waiting.lines == [
        "Lemon Bliss Cake (⅓ cup)",
        "Marble Fruit Cake (2 tsp)",
        "Marble Fruit Cake (¼ cup)",
    ]
    assert "- ⅓ cup Lemon, whole" in Recipe.objects.get(name="Lemon Bliss Cake").instructions


def test_ribbon_is_kept_by_length_and_sizes_are_read_from_names(real):
    ribbon = Product.objects.get(name="Berwick 3/16 Red Curling Ribbon 500yd")
    assert (ribbon.ingredient.stock_unit, ribbon.package_quantity, ribbon.package_unit) == ("cm", 500, "yd")
    boxes = Product.objects.get(name="Webstaurant 10x10 Cake Window Box 100pk")
    assert (boxes.ingredient.stock_unit, boxes.package_quantity, boxes.package_unit) == ("each", 100, "each")
    assert boxes.preferred_supplier.name == "Webstaurant"
    assert [hand.sentence.split(",")[0] for hand in real.hands[Topic.PACKAGE]] == [
        "PME 12in Silver Drum Individual"
    ]


def test_pieces_are_named_in_the_singular(real):
    labels = set(FinishedUnit.objects.values_list("item_label", flat=True))
    assert labels == {"brownie", "cake", "cookie", "loaf", "pie", "piece", "serving", "slice", "truffle"}


def test_the_books_are_right_and_every_recipe_can_be_costed(real):
    report = check_books()
    assert report.is_right
    assert report.totals.receipts == report.totals.on_shelf == Decimal("1634.8634")
    for recipe in Recipe.objects.all():
        found = check_can_produce(recipe.pk, 1)
        assert found.unconvertible == ()
        assert found.estimated_cost > 0


def test_what_is_there_is_used_oldest_first(real):
    extract = Ingredient.objects.get(name="Lemon extract")
    first, second = extract.lots.order_by("received_on", "id")
    found = consume_fifo(extract.slug, first.quantity + 1)
    assert [(draw.lot_id, draw.quantity) for draw in found.breakdown] == [
        (first.pk, first.quantity),
        (second.pk, 1),
    ]


def test_it_can_be_baked_from_and_the_books_stay_right(real):
    able = [
        recipe
        for recipe in Recipe.objects.all()
        if check_can_produce(recipe.pk, 1).can_produce and recipe.finished_units.exists()
    ]
    for recipe in able:
        unit = recipe.finished_units.get()
        record_batch_production(
            recipe_id=recipe.pk, finished_unit_id=unit.pk, num_batches=1, actual_yield=unit.items_per_batch
        )
    assert ProductionRun.objects.count() == len(able)
    assert check_books().is_right


def test_a_second_run_changes_nothing(real, real_files):
    before = snapshot()
    again = take_over([real_files[0]], prices=real_files[1])
    assert dict(again.created) == {}
    assert again.known["lot"] == 156
    assert again.known["recipe line"] == 163
    assert snapshot() == before


def snapshot() -> list[object]:
    models = (Ingredient, IngredientCategory, Product, Supplier, Lot, Recipe, RecipeIngredient, StockEntry)
    return [StockMovement.objects.count(), *(list(model.objects.order_by("pk").values()) for model in models)]


def test_a_weight_entered_later_brings_the_lines_in_at_their_places(real, real_files):
    powder = Ingredient.objects.get(name="Baking powder")
    powder.grams_per_ml = Decimal("0.81")
    powder.full_clean()
    powder.save()
    again = take_over([real_files[0]], prices=real_files[1])
    assert dict(again.created) == {"recipe line": 11}
    biscotti = Recipe.objects.get(name="Almond Biscotti")
    assert [line.position for line in biscotti.ingredient_lines.all()] == [1, 2, 3, 4, 5, 6, 7, 9]
    assert biscotti.instructions == f"{WAITING}\n- 1 cup Chocolate chips, semi-sweet"


def test_fields_without_a_place_are_counted(real):
    assert dict(real.unplaced) == {
        "ingredients.description": 386,
        "materials.description": 21,
        "products.package_type": 153,
    }


def test_the_report_says_what_to_enter_and_where(real):
    said = list(real.sentences())
    assert said[0] == "From bake_tracker_v4_2.json, prices.csv (format 4.2, exported 2026-01-07):"
    assert (
        "18 ingredients need a weight before 61 recipe lines work: Baking powder; Salt, kosher; Salt, fine; "
        "Baking soda; Cinnamon, ground; Chocolate chips, semi-sweet; Lemon, whole; Raisins, ..."
    ) in said
    chips = Ingredient.objects.get(name="Butterscotch chips")
    assert (
        "  - Butterscotch chips are weighed, the recipe measures them in cups: enter what a cup weighs. "
        f"For Butterscotch Pumpkin Cake (1⅓ cups).  /setup/inventory/ingredient/{chips.pk}/change/"
    ) in said


def test_what_came_over_goes_out_and_comes_in_as_any_bakery_does(real, tmp_path, capsys):
    path = tmp_path / "bakery.json"
    call_command("export", path)
    call_command("import", path, "--dry-run")
    said = capsys.readouterr()
    assert "problem" not in said.out.casefold()
