from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from bakery.desktop import take_over
from bakery.desktop.report import Topic
from bakery.desktop.tests.rows import cup, ingredient, lot, product, recipe, sentences
from inventory.models import (
    EntryKind,
    Ingredient,
    IngredientCategory,
    Lot,
    Product,
    StockEntry,
    Supplier,
)
from inventory.tests.factories import IngredientFactory
from production.models import RecipeIngredient

pytestmark = pytest.mark.django_db


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
