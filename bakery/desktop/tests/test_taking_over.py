from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.management import call_command

from assembly.models import AssemblyRun, Composition, FinishedGood
from bakery.desktop import take_over
from bakery.desktop.recipes import WAITING
from bakery.desktop.report import Topic
from events.models import (
    Event,
    EventAssemblyTarget,
    EventProductionTarget,
    EventRecipientPackage,
    Package,
    PackageFinishedGood,
    PackagePackaging,
    Recipient,
)
from inventory.books import check_books
from inventory.models import (
    EntryKind,
    Ingredient,
    IngredientCategory,
    Lot,
    Product,
    StockEntry,
    StockMovement,
    Supplier,
)
from inventory.tests.factories import IngredientFactory
from production.models import FinishedUnit, ProductionRun, Recipe, RecipeComponent, RecipeIngredient

pytestmark = pytest.mark.django_db


def ingredient(slug="flour", name="Flour", **fields):
    return {"slug": slug, "display_name": name, "category": "Pantry"} | fields


def cup(grams):
    return {
        "density_volume_value": 1.0,
        "density_volume_unit": "cup",
        "density_weight_value": grams,
        "density_weight_unit": "g",
    }


def product(slug="flour", brand="Mill", quantity=5.0, unit="lb", **fields):
    return {
        "ingredient_slug": slug,
        "brand": brand,
        "package_unit_quantity": quantity,
        "package_unit": unit,
    } | fields


def lot(slug="flour", brand="Mill", quantity=5.0, unit="lb", amount=None, **fields):
    return {
        "ingredient_slug": slug,
        "product_brand": brand,
        "package_unit_quantity": quantity,
        "package_unit": unit,
        "quantity": quantity if amount is None else amount,
        "purchase_date": "2025-12-21",
    } | fields


def recipe(name="Bread", lines=(), **fields):
    rows = [{"ingredient_slug": slug, "quantity": quantity, "unit": unit} for slug, quantity, unit in lines]
    return {"name": name, "slug": name.lower(), "category": "Bread", "ingredients": rows} | fields


def unit(slug="loaf", name="Loaf", of="Bread", **fields):
    return {
        "slug": slug,
        "display_name": name,
        "recipe_name": of,
        "items_per_batch": 2,
        "item_unit": "loaves",
    } | fields


def sentences(report, topic):
    return [hand.sentence for hand in report.hands.get(topic, [])]


# ingredients


def test_groups_become_categories_and_what_is_used_becomes_an_ingredient(take):
    report = take(
        ingredients=[
            ingredient("nuts", "Nuts", hierarchy_level=0),
            ingredient("tree", "Tree nuts", hierarchy_level=1, parent_slug="nuts"),
            ingredient("almonds", "Almonds", hierarchy_level=2, parent_slug="tree"),
            ingredient("sliced", "Almonds, sliced", hierarchy_level=2, parent_slug="almonds"),
            ingredient("empty", "Seeds (subcategory)", hierarchy_level=1, parent_slug="nuts"),
            ingredient("salt", "Salt"),
        ]
    )
    assert list(Ingredient.objects.values_list("name", "category__name")) == [
        ("Almonds", "Nuts: Tree nuts"),
        ("Almonds, sliced", "Nuts: Tree nuts"),
        ("Salt", "Pantry"),
    ]
    assert set(IngredientCategory.objects.values_list("name", flat=True)) == {
        "Nuts: Tree nuts",
        "Nuts: Seeds",
        "Pantry",
    }
    assert report.created["ingredient"] == 3


def test_a_group_that_something_was_bought_of_is_an_ingredient_too(take):
    take(
        ingredients=[
            ingredient("brandy", "Brandy", hierarchy_level=1, **cup(225.0)),
            ingredient("apple", "Brandy, apple", hierarchy_level=2, parent_slug="brandy"),
        ],
        products=[product("brandy", unit="ml", quantity=750)],
    )
    brandy = Ingredient.objects.get(name="Brandy")
    assert (brandy.stock_unit, brandy.grams_per_ml) == ("ml", Decimal("0.951019"))
    assert Ingredient.objects.get(name="Brandy, apple").category.name == "Pantry"


@pytest.mark.parametrize(
    ("density", "bought", "lines", "expected"),
    [
        ({}, ["lb"], [("flour", 2, "cup")], "g"),
        ({}, ["fl oz"], [("flour", 2, "tsp")], "ml"),
        ({}, ["each"], [("flour", 2, "cup")], "each"),
        ({}, [], [("flour", 2, "cup")], "ml"),
        ({}, [], [("flour", 2, "each"), ("flour", 2, "cup"), ("flour", 1, "tsp")], "each"),
        (cup(120.0), [], [("flour", 2, "cup")], "g"),
        (cup(120.0), ["ml"], [("flour", 2, "lb")], "ml"),
        ({}, [], [], "g"),
        ({}, ["sack"], [], "g"),
    ],
)
def test_an_ingredient_is_kept_as_it_is_bought_or_else_measured(take, density, bought, lines, expected):
    take(
        ingredients=[ingredient(**density)],
        products=[product(unit=spelled) for spelled in bought],
        recipes=[recipe(lines=lines)],
    )
    assert Ingredient.objects.get().stock_unit == expected


def test_what_nobody_uses_is_kept_like_the_others_of_its_category(take):
    take(
        ingredients=[
            ingredient("rum", "Rum"),
            ingredient("gin", "Gin"),
            ingredient("nuts", "Nuts", category="Dry"),
        ],
        products=[product("rum", quantity=750, unit="ml")],
    )
    assert dict(Ingredient.objects.values_list("name", "stock_unit")) == {
        "Rum": "ml",
        "Gin": "ml",
        "Nuts": "g",
    }


def test_what_is_poured_is_kept_by_volume_where_nothing_else_says(take):
    take(
        ingredients=[
            ingredient("juice", "Apple juice", category="Liquids", **cup(240.0)),
            ingredient("salt", "Salt", category="Liquidation"),
        ]
    )
    assert dict(Ingredient.objects.values_list("name", "stock_unit")) == {"Apple juice": "ml", "Salt": "g"}


def test_a_weight_that_cannot_be_is_told(take):
    report = take(
        ingredients=[
            ingredient("lead", "Lead", **cup(9000.0)),
            ingredient("half", "Half said", density_volume_value=1.0, density_volume_unit="cup"),
            ingredient("odd", "Odd", **(cup(1.0) | {"density_weight_unit": "cup"})),
        ]
    )
    assert sentences(report, Topic.DENSITY) == [
        "Lead: 1 cup = 9000 g, taken as it is, is hardly possible.",
        "Half said: “1 cup = nothing” cannot be read. Enter what a cup weighs.",
        "Odd: “1 cup = 1 cup” cannot be read. Enter what a cup weighs.",
    ]
    assert Ingredient.objects.get(name="Odd").grams_per_ml is None


def test_water_comes_from_the_tap(take):
    take(ingredients=[ingredient("water", "Water"), ingredient()])
    assert dict(Ingredient.objects.values_list("name", "is_tracked")) == {"Water": False, "Flour": True}


def test_allergens_are_marked_and_their_lack_is_told(take):
    report = take(ingredients=[ingredient(allergens=["Wheat", "luck"])])
    assert [str(each) for each in Ingredient.objects.get().allergens.all()] == ["Gluten"]
    assert sentences(report, Topic.LOOK) == ["Flour is marked with “luck”, which is no allergen here."]
    assert Topic.ALLERGENS not in report.hands
    assert Topic.ALLERGENS in take(ingredients=[ingredient("salt", "Salt")]).hands


def test_two_of_one_name_are_two(take):
    report = take(ingredients=[ingredient("a", "Sugar"), ingredient("b", "Sugar")])
    assert sorted(Ingredient.objects.values_list("name", flat=True)) == ["Sugar", "Sugar (2)"]
    assert sentences(report, Topic.LOOK) == [
        "“Sugar” stands twice in the file (ingredients[1]): the second is “Sugar (2)”."
    ]


def test_what_is_here_already_is_kept_as_it_is(take):
    flour = IngredientFactory(name="Flour")
    report = take(
        ingredients=[ingredient()], products=[product()], recipes=[recipe(lines=[("flour", 500, "g")])]
    )
    assert report.known["ingredient"] == 1
    assert Product.objects.get().ingredient_id == RecipeIngredient.objects.get().ingredient_id == flour.pk


# products and lots


def test_barcodes_that_are_none_or_stand_twice_are_left_out_and_told(take):
    report = take(
        ingredients=[ingredient()],
        products=[
            product(gtin="012345678905"),
            product(brand="Other", gtin="012345678905"),
            product(brand="Third", upc_code="see label"),
        ],
    )
    assert list(Product.objects.order_by("id").values_list("gtin", flat=True)) == ["012345678905", "", ""]
    assert sentences(report, Topic.LOOK) == [
        "Product “Other”: “012345678905” is the barcode of another product too and was left out.",
        "Product “Third”: “see label” is no barcode and was left out.",
    ]


def test_a_product_of_a_unit_nobody_knows_is_told_and_so_is_its_lot(take):
    report = take(
        ingredients=[ingredient()], products=[product(unit="sack")], inventory_items=[lot(unit="sack")]
    )
    assert not Product.objects.exists()
    assert sentences(report, Topic.STAYED) == [
        "Product “Mill” (products[0]): its package “5 sack” cannot be read.",
        "Lot inventory_items[0]: its product was not taken over.",
    ]


def test_a_package_that_needs_a_weight_is_told_with_what_to_enter(take):
    report = take(
        ingredients=[ingredient()],
        products=[product(), product(unit="lb", brand="B"), product(unit="ml", brand="C")],
    )
    assert Product.objects.count() == 2
    assert sentences(report, Topic.STAYED) == [
        (
            "C, 5 ml (products[2]): Package unit: Flour is weighed, the package measures it in millilitres: "
            "enter what a cup weighs."
        )
    ]


def test_lots_have_their_day_shelf_and_share_of_the_price(export, prices):
    path = export(
        suppliers=[{"id": 3, "name": "Costco"}],
        ingredients=[ingredient()],
        products=[product()],
        inventory_items=[
            lot(location="Cellar", notes="half", amount=2.5, expiration_date="2027-01-31"),
            lot(amount=0),
        ],
    )
    report = take_over([path], prices=prices('Mill,,5,lb,FLOUR,costco,"$1,010.00"', "Mill,,5,lb,Salt,,3"))
    kept = Lot.objects.get()
    assert (kept.received_on, kept.expires_on) == (date(2025, 12, 21), date(2027, 1, 31))
    assert (kept.location, kept.note, kept.supplier.name) == ("Cellar", "half", "Costco")
    assert (kept.quantity, kept.value) == (Decimal("1133.981"), Decimal(505))
    assert StockEntry.objects.get().kind == EntryKind.RECEIPT
    assert sentences(report, Topic.UNUSED_PRICE) == ["Salt, Mill (line 3)."]
    assert report.unplaced == {"inventory_items that are used up": 1}


def test_a_price_of_another_package_is_not_taken_but_named(export, prices):
    path = export(ingredients=[ingredient()], products=[product()], inventory_items=[lot()])
    report = take_over([path], prices=prices("Mill,,25,lb,Flour,,$9.99"))
    assert Lot.objects.get().value == 0
    assert sentences(report, Topic.PRICE) == ["Flour: Mill, 5 lb; the list has 25 lb of it for $9.99."]
    assert report.hands[Topic.PRICE][0].address == Lot.objects.get().get_absolute_url()


def test_two_lots_alike_take_the_two_prices_of_the_list(export, prices):
    path = export(ingredients=[ingredient()], products=[product()], inventory_items=[lot(), lot()])
    take_over([path], prices=prices("Mill,,5,lb,Flour,,$4", "Mill,,5,lb,Flour,,$5"))
    assert sorted(Lot.objects.values_list("value", flat=True)) == [4, 5]
    take_over([path], prices=prices("Mill,,5,lb,Flour,,$4", "Mill,,5,lb,Flour,,$5"))
    assert Lot.objects.count() == 2


def test_a_purchase_in_the_file_gives_its_price_and_supplier(take):
    take(
        suppliers=[
            {"id": 1, "name": "Unknown"},
            {"id": 2, "name": "Mill shop", "city": "Ulm", "is_active": False},
        ],
        ingredients=[ingredient()],
        products=[product(preferred_supplier_id=1)],
        purchases=[{"id": 7, "unit_price": "8.99", "supplier_id": 2}],
        inventory_items=[lot(purchase_id=7)],
    )
    kept = Lot.objects.get()
    assert (kept.value, kept.supplier.name, kept.supplier.is_archived) == (Decimal("8.99"), "Mill shop", True)
    assert kept.product.preferred_supplier is None
    assert Supplier.objects.get().address == "Ulm"


def test_a_lot_of_tomorrow_is_told(take):
    report = take(
        ingredients=[ingredient()], products=[product()], inventory_items=[lot(purchase_date="2999-01-01")]
    )
    assert not Lot.objects.exists()
    assert sentences(report, Topic.STAYED)[0].startswith(
        "Lot inventory_items[0], Mill, 5 lb: The day of the purchase is"
    )


# recipes


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


# gifts, events and history

GIFTS = {
    "ingredients": [ingredient()],
    "materials": [{"slug": "ribbon", "display_name": "Ribbon", "category": "Finishing"}],
    "material_products": [
        {"material": "Ribbon", "display_name": "Red 10yd", "default_unit": "linear_inches", "supplier": "Amazon"}
    ],
    "recipes": [recipe(lines=[("flour", 1, "cup")])],
    "finished_units": [unit()],
    "finished_goods": [
        {"slug": "bag", "display_name": "Bag", "description": "Small", "notes": "Red"},
        {"slug": "hamper", "display_name": "Hamper", "packaging_instructions": "Fold."},
    ],
    "compositions": [
        {"finished_good_slug": "bag", "finished_unit_slug": "loaf", "component_quantity": 3.0, "sort_order": 1},
        {"finished_good_slug": "hamper", "finished_good_component_slug": "bag", "component_quantity": 2.0},
        {
            "finished_good_slug": "bag",
            "packaging_ingredient_slug": "ribbon",
            "packaging_product_brand": "",
            "component_quantity": 30.0,
        },
        {"package_name": "Gift", "packaging_ingredient_slug": "ribbon", "component_quantity": 50.0},
        {"package_name": "Gift", "finished_unit_slug": "loaf", "component_quantity": 1.0},
        {"finished_good_slug": "hamper", "finished_unit_slug": "loaf", "component_quantity": 0.5},
    ],
    "packages": [{"name": "Gift", "description": "For friends", "is_template": True}],
    "package_finished_goods": [{"package_name": "Gift", "finished_good_slug": "hamper", "quantity": 1}],
    "recipients": [
        {"name": "Ann", "household_name": "North", "address": "Hill 1\nUlm"},
        {"name": "Ann", "household_name": "South"},
    ],
    "events": [{"name": "Advent", "event_date": "2026-12-01", "year": 2026, "output_mode": "packaged"}],
    "event_recipient_packages": [
        {"event_name": "Advent", "recipient_name": "Ann", "package_name": "Gift", "quantity": 2, "status": "assembled"}
    ],
    "event_production_targets": [{"event_name": "Advent", "recipe_name": "Bread", "target_batches": 4}],
    "event_assembly_targets": [{"event_name": "Advent", "finished_good_slug": "bag", "target_quantity": 6}],
    "production_records": [
        {"event_name": "Advent", "recipe_name": "Bread", "batches": 1, "produced_at": "2025-12-01T09:00:00Z", "actual_cost": 4.5}
    ],
    "production_runs": [
        {"event_name": None, "recipe_name": "Bread", "num_batches": 2, "actual_yield": 3, "produced_at": "2025-12-24T10:00:00+00:00Z", "notes": "Burnt one"}
    ],
    "assembly_runs": [{"finished_good_slug": "bag", "quantity_assembled": 5, "assembled_at": "2025-12-24T11:00:00"}],
}  # fmt: skip


def test_goods_packages_and_people_come_over(take):
    report = take(**GIFTS)
    assert FinishedGood.objects.get(name="Bag").description == "Small\n\nRed"
    parts = [
        (str(each.finished_good), str(each.component), each.quantity) for each in Composition.objects.all()
    ]
    assert sorted(parts) == [("Bag", "Loaf", 3), ("Bag", "Red 10yd, 10 yd", 30), ("Hamper", "Bag", 2)]
    assert PackageFinishedGood.objects.get().finished_good.name == "Hamper"
    assert PackagePackaging.objects.get().quantity == 50
    assert Package.objects.get().description == "For friends"
    assert list(Recipient.objects.values_list("household", "address")) == [
        ("North", "Hill 1\nUlm"),
        ("South", ""),
    ]
    assert sentences(report, Topic.STAYED) == [
        (
            "compositions[4], a part of “Gift”: a package holds boxes and bags. Put what is baked into one of them, "
            "and that into the package."
        ),
        "0.5 Loaf (compositions[5]): Quantity: Loaf is counted in whole pieces.",
    ]
    assert report.unplaced == {"events.output_mode": 1, "packages.is_template": 1}


def test_events_targets_and_assignments_come_over(take):
    take(**GIFTS)
    assert Event.objects.get().event_date == date(2026, 12, 1)
    assigned = EventRecipientPackage.objects.get()
    assert (assigned.recipient.household, assigned.quantity, assigned.fulfillment_status) == (
        "North",
        2,
        "ready",
    )
    assert (assigned.stock_entry.kind, assigned.stock_entry.movements.count()) == (EntryKind.FULFILMENT, 0)
    assert assigned.stock_entry.summary == "Packed 2 × Gift for Ann (Advent)"
    assert EventProductionTarget.objects.get().target_batches == 4
    assert EventAssemblyTarget.objects.get().target_quantity == 6


def test_runs_are_history_and_move_no_stock(take):
    take(**GIFTS)
    late, early = ProductionRun.objects.all()
    assert (early.expected_yield, early.actual_yield, str(early.event)) == (2, 2, "Advent")
    assert early.notes == "It cost $4.50 in the desktop application."
    assert (late.expected_yield, late.actual_yield, late.yield_variance, late.event) == (4, 3, 1, None)
    assert late.produced_at == datetime(2025, 12, 24, 10, tzinfo=UTC)
    assert AssemblyRun.objects.get().quantity_assembled == 5
    assert not StockMovement.objects.exists()
    assert {run.stock_entry for run in (early, late, AssemblyRun.objects.get())} == {None}
    assert check_books().is_right


def test_a_target_changed_here_stays_changed_and_nothing_comes_twice(take):
    first = take(**GIFTS)
    EventProductionTarget.objects.update(target_batches=9)
    again = take(**GIFTS)
    assert again.is_unchanged
    assert EventProductionTarget.objects.get().target_batches == 9
    assert {kind: count for kind, count in again.known.items() if kind != "supplier"} == {
        kind: count for kind, count in first.created.items() if kind != "supplier"
    }


# the command


def test_several_files_are_one_export(export, capsys):
    first = export("ingredients.json", ingredients=[ingredient()])
    second = export("recipes.json", recipes=[recipe(lines=[("flour", 1, "cup")])])
    call_command("import_bake_tracker", first, second)
    said = capsys.readouterr().out
    assert said.startswith("From ingredients.json, recipes.json (format 4.2, exported 2026-01-07):\n")
    assert "      1 recipe line\n" in said
    assert said.endswith("The books are right.\n")


def test_a_trial_says_the_same_and_writes_nothing(export, capsys):
    path = export(**GIFTS)
    call_command("import_bake_tracker", path, "--dry-run")
    said = capsys.readouterr().out
    assert "      2 recipients\n" in said
    assert said.endswith("This was a trial: nothing was written.\n")
    assert "/setup/" not in said
    assert not Ingredient.objects.exists()
    assert not Event.objects.exists()


def test_unknown_sections_and_fields_are_counted(take):
    report = take(ingredients=[ingredient(colour="white")], spaceships=[{}, {}], _meta={"tool": 1})
    assert report.unplaced == {"ingredients.colour": 1, "spaceships": 2, "_meta": 1}
    assert "  _meta 1, ingredients.colour 1, spaceships 2" in list(report.sentences())


def test_nothing_stays_when_the_books_would_not_be_right(export, monkeypatch, capsys):
    from bakery.desktop import loading
    from inventory.books import BooksReport, Breach

    totals = check_books().totals
    monkeypatch.setattr(
        loading, "check_books", lambda: BooksReport((Breach(1, "lot 5", "is wrong."),), totals)
    )
    with pytest.raises(
        Exception, match="The books would not be right: lot 5: is wrong. Nothing was written."
    ):
        call_command("import_bake_tracker", export(ingredients=[ingredient()]))
    assert not Ingredient.objects.exists()
