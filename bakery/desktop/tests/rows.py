"""Rows of an export, as small as they can be. The numbers that matter stand in the tests."""

from __future__ import annotations


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
