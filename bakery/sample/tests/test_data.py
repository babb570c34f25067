"""The files themselves: what a slip of the pen would break, found without a database."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from bakery.sample.files import read, read_recipes
from inventory.units import can_convert


def ingredients():
    return [row for group in read("ingredients.toml")["category"] for row in group["ingredients"]]


def packaging():
    return [row for group in read("packaging.toml")["category"] for row in group["items"]]


def recipes():
    return {recipe["name"]: recipe for recipe in read_recipes()}


def depth(name):
    uses = recipes()[name].get("uses", [])
    return 1 + max((depth(component) for _, component, *_ in uses), default=0)


def test_at_least_forty_five_ingredients_have_a_published_weight():
    weighed = [row for row in ingredients() if "cup" in row or "piece" in row]

    assert len(weighed) >= 45


def test_every_weight_stands_with_its_source_in_the_docs():
    pages = (Path(settings.BASE_DIR) / "docs" / "sample.md").read_text().splitlines()
    for row in ingredients():
        if "cup" in row or "piece" in row:
            start = f"| {row['name']} | {row.get('cup', '')} | {row.get('piece', '')} |"
            lines = [line for line in pages if line.startswith(start)]
            assert len(lines) == 1, start
            assert "USDA" in lines[0] or "King Arthur" in lines[0]


def test_at_least_twelve_recipes_and_three_nested_ones_one_of_them_three_levels_deep():
    depths = [depth(name) for name in recipes()]

    assert len(depths) >= 12
    assert sum(levels >= 2 for levels in depths) >= 3
    assert max(depths) >= 3


def test_lebkuchen_is_three_levels_deep():
    assert depth("Lebkuchen") == 3


def test_every_recipe_is_the_samples_own_with_steps_times_and_a_yield():
    for recipe in recipes().values():
        assert recipe["instructions"].strip().startswith("1. ")
        assert recipe["prep"] > 0
        assert recipe["makes"]


def test_everything_that_is_listed_is_used_somewhere():
    in_recipes = {line[1] for recipe in recipes().values() for line in recipe["ingredients"]}
    in_goods = {line[1] for good in read("goods.toml")["good"] for line in good["packaging"]}
    in_packages = {
        line[1] for package in read("events.toml")["package"] for line in package.get("wrapping", [])
    }

    assert {row["name"] for row in ingredients()} == in_recipes
    assert {row["name"] for row in packaging()} == in_goods | in_packages


def test_packages_come_in_pounds_and_in_kilograms_and_never_in_cups():
    units = {
        row["package"].split(" ", 1)[1]
        for shelf in read("products.toml")["shelf"]
        for row in shelf["products"]
    }

    assert {"lb", "oz", "kg", "g", "yd", "fl oz", "ml"} <= units
    assert "cup" not in units


def test_ribbon_is_bought_by_the_yard_and_kept_in_centimetres():
    ribbon = next(row for row in packaging() if row["name"] == "Satin ribbon")

    assert ribbon["unit"] == "cm"
    assert can_convert("yd", "cm")
