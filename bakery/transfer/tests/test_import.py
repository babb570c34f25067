"""Taking a file: what is known is skipped or updated, what is wrong is named with its path."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest

from bakery.core.models import Household
from bakery.core.transfer.problems import UnreadableFileError
from bakery.transfer.tests.files import exported
from events.models import Recipient
from inventory.models import Allergen, Ingredient, Lot, StockEntry, StockMovement, Supplier
from inventory.services import on_hand
from inventory.tests.factories import IngredientFactory, ProductFactory, SupplierFactory, bought
from production.models import FinishedUnit, ProductionRun, Recipe, RecipeIngredient
from production.services import record_batch_production, void_production_run
from production.tests.factories import FinishedUnitFactory, recipe_of

pytestmark = pytest.mark.django_db

OTHER = "6f1c44e5-95ce-4ab5-a1c8-0a4a0a27b0a2"


def document(**arrays: list) -> str:
    return json.dumps({"format": "bakehouse", "version": 1, **arrays})


def sentences(outcome) -> list[str]:
    return [str(problem) for problem in outcome.problems]


def counts(outcome) -> dict[str, tuple[int, int, int]]:
    return {
        name: (count.created, count.updated, count.skipped)
        for name, count in outcome.counts.items()
        if count.created or count.updated or count.skipped
    }


@pytest.fixture
def flour():
    return IngredientFactory(name="Flour", category__name="Dry goods")


@pytest.fixture
def baked(flour):
    """A bag of flour, two batches of stars of it, one of which was voided."""
    bought(flour, "1000", "10", on=date(2026, 1, 1))
    cookie = FinishedUnitFactory(name="Star", recipe=recipe_of((flour, "100", "g")))
    asked = {
        "recipe_id": cookie.recipe_id,
        "finished_unit_id": cookie.pk,
        "num_batches": 1,
        "actual_yield": 10,
    }
    record_batch_production(**asked)
    void_production_run(production_run_id=record_batch_production(**asked).pk, reason="twice")


class TestWhatIsThere:
    def test_a_row_of_the_same_uuid_is_skipped_and_with_update_becomes_what_the_file_says(self, take, flour):
        row = {"uuid": str(flour.uuid), "name": "Wheat flour", "category": "Dry goods", "stock_unit": "g"}
        assert counts(take(document(ingredients=[row]))) == {"ingredients": (0, 0, 1)}
        assert Ingredient.objects.get().name == "Flour"
        assert counts(take(document(ingredients=[row]), updates=True)) == {"ingredients": (0, 1, 0)}
        assert Ingredient.objects.get().name == "Wheat flour"
        assert Ingredient.objects.get().slug == "flour"
        assert counts(take(document(ingredients=[row]), updates=True)) == {"ingredients": (0, 0, 1)}

    def test_what_a_row_leaves_out_stays_as_it_is_and_an_empty_list_empties(self, take, flour):
        wheat, rye = Allergen.objects.create(name="Wheat"), Allergen.objects.create(name="Rye")
        flour.allergens.set([wheat, rye])
        recipient = Recipient.objects.create(name="Edith", household="Next door")
        recipient.avoids.set([rye])
        row = {"uuid": str(flour.uuid), "name": "Wheat flour", "category": "Dry goods", "stock_unit": "g"}
        person = {"uuid": str(recipient.uuid), "name": "Edith", "notes": "Rings twice."}
        take(document(ingredients=[row], recipients=[person]), updates=True)
        assert Ingredient.objects.get().name == "Wheat flour"
        assert set(flour.allergens.all()) == {wheat, rye}
        assert (Recipient.objects.get().notes, list(recipient.avoids.all())) == ("Rings twice.", [rye])
        take(document(ingredients=[{**row, "allergens": []}]), updates=True)
        assert not flour.allergens.exists()

    def test_packaging_whose_row_does_not_say_its_kind_stays_packaging(self, take, flour):
        box = IngredientFactory(name="Box", kind="packaging", category=flour.category, stock_unit="each")
        row = {"uuid": str(box.uuid), "name": "Gift box", "category": "Dry goods", "stock_unit": "each"}
        assert sentences(take(document(ingredients=[row]), updates=True)) == []
        box.refresh_from_db()
        assert (box.name, box.kind) == ("Gift box", "packaging")

    def test_a_row_of_the_same_name_is_skipped_and_what_names_it_finds_what_is_there(self, take, flour):
        rows = [{"uuid": OTHER, "name": "Flour", "slug": "flour", "category": "Dry goods", "stock_unit": "g"}]
        product = {"uuid": OTHER, "ingredient": "flour", "package_quantity": "1000", "package_unit": "g"}
        outcome = take(document(ingredients=rows, products=[product]))
        assert counts(outcome) == {"ingredients": (0, 0, 1), "products": (1, 0, 0)}
        assert flour.products.get().package_quantity == Decimal(1000)

    def test_what_others_call_by_a_foreign_uuid_is_found_where_the_row_was_there_already(self, take, flour):
        product = ProductFactory(ingredient=flour, brand="Mill", package_quantity=Decimal(1000))
        rows = [
            {
                "uuid": OTHER,
                "ingredient": "flour",
                "brand": "Mill",
                "package_quantity": "1000.000",
                "package_unit": "g",
            }
        ]
        lots = [
            {"uuid": OTHER, "item": "ingredient/flour", "product": OTHER, "received_on": "2026-01-01", "quantity": "5",
             "value": "1", "quantity_remaining": "0", "value_remaining": "0"}
        ]  # fmt: skip
        entry = {
            "uuid": OTHER,
            "kind": "receipt",
            "occurred_at": "2026-01-01T12:00:00Z",
            "summary": "x",
            "fingerprint": "y",
        }
        used = {"uuid": str(flour.uuid), **entry, "kind": "adjustment"} | {"uuid": OTHER[:-1] + "3"}
        movements = [
            {"entry": OTHER, "lot": OTHER, "quantity": "5", "value": "1"},
            {"entry": OTHER[:-1] + "3", "lot": OTHER, "quantity": "-5", "value": "-1"},
        ]
        outcome = take(
            document(products=rows, lots=lots, stock_entries=[entry, used], stock_movements=movements)
        )
        assert sentences(outcome) == []
        assert Lot.objects.get().product == product

    def test_a_uuid_of_one_row_and_a_name_of_another_is_a_problem(self, take, flour):
        rye = IngredientFactory(name="Rye", category=flour.category)
        row = {
            "uuid": str(rye.uuid),
            "name": "Flour",
            "slug": "flour",
            "category": "Dry goods",
            "stock_unit": "g",
        }
        assert sentences(take(document(ingredients=[row]), updates=True)) == [
            "ingredients[0]: its uuid belongs to one row, its slug and kind, name to another."
        ]

    def test_the_same_row_twice_in_a_file_is_a_problem(self, take):
        rows = [{"uuid": OTHER, "name": "Mill"}, {"uuid": OTHER, "name": "Market"}]
        assert sentences(take(document(suppliers=rows))) == [
            "suppliers[1]: another row of the file is the same."
        ]
        assert not Supplier.objects.exists()

    def test_a_recipe_that_is_there_keeps_its_lines_and_with_update_gets_those_of_the_file(self, take, flour):
        recipe = recipe_of((flour, "100", "g"), (flour, "1", "kg"))
        line = {"uuid": OTHER, "recipe": recipe.slug, "ingredient": "flour", "quantity": "250", "unit": "g"}
        content = document(
            recipes=[{"uuid": OTHER, "name": recipe.name, "slug": recipe.slug}], recipe_ingredients=[line]
        )
        take(content)
        assert [each.quantity for each in RecipeIngredient.objects.all()] == [100, 1]
        take(content, updates=True)
        assert [each.quantity for each in RecipeIngredient.objects.all()] == [250]

    def test_barcodes_and_the_preferred_product_move_whatever_the_order_of_the_rows(self, take, flour):
        mill = ProductFactory(ingredient=flour, brand="Mill", gtin="1")
        farm = ProductFactory(ingredient=flour, brand="Farm", gtin="2", is_preferred=True)
        rows = json.loads(exported())["products"]
        first, second = rows
        content = document(
            products=[
                {**first, "gtin": "2", "is_preferred": True},
                {**second, "gtin": "1", "is_preferred": False},
                {**second, "uuid": OTHER, "brand": "Market", "gtin": "3", "is_preferred": False},
            ]
        )
        outcome = take(content, updates=True)
        assert (sentences(outcome), counts(outcome)) == ([], {"products": (1, 2, 0)})
        mill.refresh_from_db()
        farm.refresh_from_db()
        assert (mill.gtin, mill.is_preferred) == ("2", True)
        assert (farm.gtin, farm.is_preferred) == ("1", False)
        assert flour.products.get(brand="Market").gtin == "3"
        assert counts(take(content, updates=True)) == {"products": (0, 0, 3)}

    @pytest.mark.parametrize("order", [1, -1])
    def test_a_preferred_product_moves_to_another_ingredient_whatever_the_order(self, take, flour, order):
        rye = IngredientFactory(name="Rye", slug="rye")
        mill = ProductFactory(ingredient=flour, brand="Mill", is_preferred=True)
        farm = ProductFactory(ingredient=rye, brand="Farm", is_preferred=True)
        first, second = json.loads(exported())["products"]
        rows = [{**first, "ingredient": "rye"}, {**second, "is_preferred": False}]
        outcome = take(document(products=rows[::order]), updates=True)
        assert (sentences(outcome), counts(outcome)) == ([], {"products": (0, 2, 0)})
        mill.refresh_from_db()
        farm.refresh_from_db()
        assert (mill.ingredient, mill.is_preferred, farm.is_preferred) == (rye, True, False)

    def test_a_preferred_product_is_not_moved_beside_another(self, take, flour):
        mill = ProductFactory(ingredient=flour, brand="Mill", is_preferred=True)
        ProductFactory(ingredient=IngredientFactory(name="Rye", slug="rye"), brand="Farm", is_preferred=True)
        first, _ = json.loads(exported())["products"]
        outcome = take(document(products=[{**first, "ingredient": "rye"}]), updates=True)
        assert sentences(outcome) == ["products[0]: Another product of this ingredient is preferred already."]
        mill.refresh_from_db()
        assert mill.ingredient == flour

    def test_what_a_product_keeps_is_not_given_to_another(self, take, flour):
        ProductFactory(ingredient=flour, brand="Mill", gtin="1")
        farm = ProductFactory(ingredient=flour, brand="Farm", gtin="2", is_preferred=True)
        first, second = json.loads(exported())["products"]
        taking = {**first, "is_preferred": True}
        refused = ["products[0]: Another product of this ingredient is preferred already."]
        assert sentences(take(document(products=[taking]), updates=True)) == refused
        silent = {name: value for name, value in second.items() if name != "is_preferred"}
        assert sentences(take(document(products=[taking, silent]), updates=True)) == refused
        silent["name"] = "Fine flour"
        assert sentences(take(document(products=[taking, silent]), updates=True)) == refused
        farm.refresh_from_db()
        assert (farm.name, farm.is_preferred) == ("", True)

    def test_history_is_never_updated(self, take, baked):
        before = exported()
        changed = before.replace('"summary": "1 batch', '"summary": "9 batch').replace(
            '"void_reason": "twice"', '"void_reason": "x"'
        )
        assert changed != before
        take(changed, updates=True)
        assert exported() == before


class TestProblems:
    def test_every_one_is_told_with_its_path_and_nothing_is_written(self, take, baked):
        Recipe.objects.create(name="Moon")
        before = exported()
        run = {
            "uuid": OTHER, "recipe": "lebkuchen", "finished_unit": "star", "num_batches": 0, "expected_yield": -1,
            "actual_yield": 10, "yield_variance": 0, "produced_at": "yesterday", "total_ingredient_cost": "0.12345",
            "per_unit_cost": "1e3", "voided_at": None, "colour": "dark",
        }  # fmt: skip
        outcome = take(
            document(
                suppliers=[{"name": "Mill"}, 5, {"name": ""}, {"name": "x" * 201}, {}],
                ingredients=[{"name": "Sugar", "category": "Sweets", "stock_unit": "pinch"}],
                events=[{"name": "Advent", "event_date": "2026-02-30"}],
                production_runs=[run],
            )
        )
        assert sentences(outcome) == [
            "suppliers[1]: '5' should be an object with the fields of a row.",
            "suppliers[2].name: it is empty.",
            "suppliers[3].name: it has 201 characters; at most 200 are kept.",
            "suppliers[4].name: it is missing.",
            "ingredients[0].stock_unit: 'pinch' is not one of g, ml, each, cm.",
            "ingredients[0].category: no category 'Sweets'.",
            "events[0].event_date: '2026-02-30' is not a day like 2026-12-24.",
            "production_runs[0].recipe: no recipe 'lebkuchen'.",
            "production_runs[0].expected_yield: '-1' is not a whole number from 0 to 2147483647.",
            "production_runs[0].produced_at: 'yesterday' is not a moment with its time zone, like 2026-12-24T18:00:00+00:00.",
            "production_runs[0].total_ingredient_cost: '0.12345' is not a number with at most 4 decimals, like \"1.5\".",
            "production_runs[0].per_unit_cost: '1e3' is not a number with at most 4 decimals, like \"1.5\".",
            "production_runs[0]: version 1 has no field 'colour' here.",
        ]  # fmt: skip
        assert exported() == before

    def test_who_names_a_row_with_a_problem_is_not_blamed_too(self, take):
        outcome = take(
            document(
                recipes=[{"uuid": OTHER, "name": "Star", "slug": "star", "bake_minutes": "ten"}],
                finished_units=[
                    {"name": "Star", "recipe": "star", "stock_unit": "each", "items_per_batch": 5}
                ],
            )
        )
        assert sentences(outcome) == [
            "recipes[0].bake_minutes: 'ten' is not a whole number from 0 to 2147483647."
        ]

    def test_rows_are_looked_over_as_their_forms_would(self, take, flour):
        box = {"kind": "packaging", "name": "Box", "category": "Dry goods", "stock_unit": "each"}
        recipe = {"name": "Star", "slug": "star"}
        lines = [
            {"uuid": OTHER, "recipe": "star", "ingredient": "box", "quantity": "1", "unit": "each"},
            {
                "uuid": OTHER[:-1] + "3",
                "recipe": "star",
                "ingredient": "flour",
                "quantity": "1",
                "unit": "each",
            },
            {"uuid": OTHER[:-1] + "4", "recipe": "star", "ingredient": "flour", "quantity": "0", "unit": "g"},
        ]
        parts = [{"uuid": OTHER, "recipe": "star", "component": "star", "batches": "1"}]
        outcome = take(
            document(ingredients=[box], recipes=[recipe], recipe_ingredients=lines, recipe_components=parts)
        )
        found = sentences(outcome)
        assert found[0].startswith("recipe_ingredients[0].ingredient: Box is packaging.")
        assert found[1].startswith("recipe_ingredients[1].unit: Flour is weighed")
        assert found[2].startswith("recipe_ingredients[2].quantity: Ensure this value is greater")
        assert found[3].startswith("recipe_components[0].component: That would go round in a circle")
        assert len(found) == 4

    def test_what_the_database_refuses_is_told_as_a_form_would(self, take, flour):
        ProductFactory(ingredient=flour, gtin="4000000000001", is_preferred=True)
        rows = [
            {"uuid": OTHER, "ingredient": "flour", "brand": "A", "package_quantity": "1", "package_unit": "g",
             "gtin": "4000000000001"},
            {"ingredient": "flour", "brand": "B", "package_quantity": "1", "package_unit": "g", "is_preferred": True},
        ]  # fmt: skip
        assert sentences(take(document(products=rows))) == [
            "products[0]: Another product already has this barcode.",
            "products[1]: Another product of this ingredient is preferred already.",
        ]

    def test_among_rows_written_together_the_one_that_is_wrong_is_named(self, take, baked):
        lot = {"item": "ingredient/flour", "received_on": "2026-01-01", "value": "1", "quantity_remaining": "1",
               "value_remaining": "1"}  # fmt: skip
        uuids = [OTHER[:-1] + digit for digit in "3456"]
        rows = [
            {**lot, "uuid": each, "quantity": quantity} for each, quantity in zip(uuids, "9019", strict=True)
        ]
        rows[3]["quantity_remaining"] = "10"
        found = sentences(take(document(lots=rows)))
        assert [each.split(":")[0] for each in found] == ["lots[1]", "lots[1]", "lots[3]"]

    def test_among_movements_the_one_that_is_wrong_is_named(self, take, baked):
        content = json.loads(exported())
        movements = content["stock_movements"]
        movements[2:] = [movements[1], {**movements[2], "quantity": "0", "value": "0.0000"}]
        first, second = sentences(take(json.dumps(content), replaces=True))
        assert first.startswith("stock_movements[2]: Ledger movement with this Entry and Lot already exists")
        assert second.startswith("stock_movements[3]: Constraint “inventory_movement_not_zero” is violated")

    @pytest.mark.parametrize(
        ("was", "becomes", "rule"),
        [
            ('"quantity_remaining": "900.000"', '"quantity_remaining": "901.000"', "rule 1"),
            ('"total_ingredient_cost": "1.0000"', '"total_ingredient_cost": "1.0001"', "rule 3"),
            ('"voided_at": null', '"voided_at": "2026-01-01T00:00:00Z"', "rule 3"),
        ],
    )
    def test_an_import_that_would_break_the_books_is_refused(self, take, baked, was, becomes, rule):
        before = exported()
        assert was in before
        outcome = take(before.replace(was, becomes, 1), replaces=True)
        assert any(sentence.startswith(f"the books: {rule}") for sentence in sentences(outcome))
        assert exported() == before

    def test_amounts_too_large_to_be_added_up_are_no_crash(self, take, flour):
        huge = "99999999999999"
        lots = [
            {"uuid": f"6f1c44e5-95ce-4ab5-a1c8-{number:012}", "item": "ingredient/flour", "received_on": "2026-01-01",
             "quantity": huge, "value": huge, "quantity_remaining": huge, "value_remaining": huge}
            for number in range(20)
        ]  # fmt: skip
        (problem,) = take(document(lots=lots)).problems[:1]
        assert problem.path == "the books"
        assert not Lot.objects.exists()

    def test_after_five_hundred_the_rest_is_not_looked_at(self, take):
        outcome = take(document(suppliers=[{}] * 10_000))
        assert (len(outcome.problems), outcome.was_cut_short) == (500, True)


class TestKinds:
    def test_a_trial_counts_and_writes_nothing(self, take, baked):
        outcome = take(document(suppliers=[{"name": "Mill"}]), is_trial=True)
        assert (counts(outcome), outcome.is_written) == ({"suppliers": (1, 0, 0)}, False)
        assert not Supplier.objects.exists()

    def test_replacing_leaves_only_what_the_file_has(self, take, baked):
        before = exported()
        SupplierFactory(name="Newcomer")
        bought(Ingredient.objects.get(), "5", "1")
        take(before, replaces=True)
        assert exported() == before

    def test_only_a_whole_export_takes_the_place_of_everything(self, take, baked):
        before = exported()
        with pytest.raises(UnreadableFileError, match="household is missing"):
            take(document(suppliers=[]), replaces=True)
        assert exported() == before

    def test_a_file_moves_into_a_bakery_nobody_used_with_its_household_and_allergens(self, take):
        Household.objects.create(pk=1, name="Not named yet")
        Allergen.objects.filter(name="Celery").delete()
        household = {
            "uuid": OTHER,
            "name": "Mill Lane",
            "currency": "EUR",
            "time_zone": "Europe/Berlin",
            "display": "us",
        }
        take(document(household=[household], allergens=[{"uuid": OTHER, "name": "Rum"}]))
        assert Household.current().name == "Mill Lane"
        assert [each.name for each in Allergen.objects.all()] == ["Rum"]

    def test_a_household_that_lives_here_keeps_its_name_unless_it_is_updated(self, take, flour):
        Household.objects.create(pk=1, name="Ours")
        household = {
            "uuid": OTHER,
            "name": "Mill Lane",
            "currency": "EUR",
            "time_zone": "Mars/Base",
            "display": "us",
        }
        take(document(household=[household]))
        assert Household.current().name == "Ours"
        assert sentences(take(document(household=[household]), updates=True)) == [
            "household[0].time_zone: “Mars/Base” is not a time zone Bakehouse knows. Choose one like Europe/Berlin."
        ]

    def test_a_file_of_bakes_alone_is_history_that_moves_no_stock(self, take, baked):
        content = json.loads(exported())
        runs = [
            {**row, "uuid": f"6f1c44e5-95ce-4ab5-a1c8-{number:012}"}
            for number, row in enumerate(content["production_runs"])
        ]
        head = {"format": "bakehouse-production-history", "version": 1}
        before = StockMovement.objects.count(), on_hand(item_ids=[FinishedUnit.objects.get().pk])
        assert counts(take(json.dumps({**head, "production_runs": runs}))) == {"production_runs": (2, 0, 0)}
        assert before == (StockMovement.objects.count(), on_hand(item_ids=[FinishedUnit.objects.get().pk]))
        assert ProductionRun.objects.filter(stock_entry=None).count() == 2

    def test_a_voided_bake_and_its_reversal_find_each_other_again(self, take, baked):
        take(exported(), replaces=True)
        run = ProductionRun.objects.get(voided_at__isnull=False)
        assert (run.stock_entry.uuid, run.stock_entry.reversed_by.reason) == (run.uuid, "twice")
        assert StockEntry.objects.count() == 4
