"""Setup of recipes: lines checked when saved, circles refused, the cost shown, runs for the eye only."""

from decimal import Decimal

import pytest
from django.urls import reverse

from inventory.models import Ingredient
from inventory.tests.factories import IngredientFactory, PackagingFactory, bought
from inventory.tests.test_admin import address, errors_of, ingredient_form
from production import services
from production.models import FinishedUnit, ProductionRun, Recipe, RecipeIngredient
from production.tests.factories import (
    FinishedUnitFactory,
    RecipeComponentFactory,
    RecipeFactory,
    RecipeIngredientFactory,
    recipe_of,
)

pytestmark = pytest.mark.django_db

INLINES = ("ingredient_lines", "components", "finished_units")


def inline(prefix, *rows, stored=0):
    form = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": stored}
    for number, row in enumerate(rows):
        form |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return form


def line(ingredient, quantity, unit, **more):
    return {"ingredient": ingredient.pk, "quantity": quantity, "unit": unit, "position": 0, **more}


def part(component, batches="1", **more):
    return {"component": component.pk, "batches": batches, "position": 0, **more}


def recipe_form(name="Lebkuchen", lines=(), components=(), units=()):
    rows = zip(INLINES, (lines, components, units), strict=True)
    form = {"name": name}
    for prefix, given in rows:
        form |= inline(prefix, *given, stored=sum("recipe" in row for row in given))
    return form


def inline_errors(response):
    assert response.status_code == 200, "the form comes back"
    return " ".join(
        str(formset.formset.errors) + str(formset.formset.non_form_errors())
        for formset in response.context["inline_admin_formsets"]
    )


class TestRecipes:
    def test_a_recipe_is_written_with_its_lines_parts_and_pieces(self, owner_client):
        flour = IngredientFactory(name="Flour", grams_per_ml=Decimal("0.528344"))
        glaze = RecipeFactory(name="Glaze")
        form = recipe_form(
            lines=[line(flour, "1 1/2", "cup"), line(flour, "2/3", "tbsp")],
            components=[part(glaze, "0,5")],
            units=[{"name": "Lebkuchen", "items_per_batch": 24, "item_label": "cookie"}],
        )
        assert owner_client.post(address(Recipe, "add"), form).status_code == 302
        recipe = Recipe.objects.get(name="Lebkuchen")
        assert [row.quantity for row in recipe.ingredient_lines.all()] == [
            Decimal("1.5"),
            Decimal("0.666667"),
        ]
        assert recipe.components.get().batches == Decimal("0.5")
        unit = recipe.finished_units.get()
        assert (unit.kind, unit.stock_unit, unit.slug) == ("finished_unit", "each", "lebkuchen")

    def test_a_barcode_is_no_number_of_minutes_or_pieces(self, owner_client):
        barcode = 4006381333931
        form = recipe_form(units=[{"name": "Lebkuchen", "items_per_batch": barcode, "item_label": "cookie"}])
        response = owner_client.post(address(Recipe, "add"), {**form, "bake_minutes": barcode})
        assert "less than or equal to 1000000" in errors_of(response)
        assert "less than or equal to 1000000" in inline_errors(response)
        assert not Recipe.objects.exists()

    def test_fractions_are_shown_as_they_were_typed(self, owner_client):
        flour = IngredientFactory(grams_per_ml=Decimal(1))
        recipe = recipe_of((flour, "0.666667", "cup"), (flour, "0.333", "cup"))
        page = owner_client.get(address(Recipe, "change", recipe.pk)).content.decode()
        assert 'value="⅔"' in page
        assert 'value="0.333"' in page

    def test_a_line_that_cannot_be_converted_is_refused_with_what_to_add(self, owner_client):
        lemons = IngredientFactory(name="Lemons", stock_unit="each")
        form = recipe_form(lines=[line(lemons, "1", "cup")])
        response = owner_client.post(address(Recipe, "add"), form)
        assert "enter what one lemon weighs and what a cup weighs" in inline_errors(response)
        assert not Recipe.objects.exists()

    def test_packaging_is_not_baked(self, owner_client):
        box = PackagingFactory(name="Gift box")
        response = owner_client.post(address(Recipe, "add"), recipe_form(lines=[line(box, "1", "each")]))
        assert "Gift box is packaging." in inline_errors(response)

    @pytest.mark.parametrize("typed", ["NaN", "1e9", "0", "-1", "1,250", "0.0000001", "9" * 30])
    def test_an_amount_that_is_none_is_refused(self, owner_client, typed):
        form = recipe_form(lines=[line(IngredientFactory(), typed, "g")])
        assert "quantity" in inline_errors(owner_client.post(address(Recipe, "add"), form))

    def test_the_cost_of_a_batch_is_shown_and_what_has_no_price_named(self, owner_client):
        flour, salt = IngredientFactory(name="Flour"), IngredientFactory(name="Salt")
        bought(flour, "1000", "2")
        recipe = recipe_of((flour, "250", "g"), (salt, "5", "g"))
        page = owner_client.get(address(Recipe, "change", recipe.pk)).content.decode()
        assert "$0.5000, from the shelf and the last prices paid; without Salt: no price is known" in page

    def test_its_page_costs_the_same_with_one_line_and_with_five(
        self, owner_client, django_assert_max_num_queries
    ):
        def fill(recipe):
            RecipeIngredientFactory(recipe=recipe)
            RecipeComponentFactory(recipe=recipe, component=recipe_of((IngredientFactory(), "1", "g")))
            FinishedUnitFactory(recipe=recipe)

        recipe = RecipeFactory()
        fill(recipe)
        address_of_it = address(Recipe, "change", recipe.pk)
        with django_assert_max_num_queries(20) as one:
            owner_client.get(address_of_it)
        for _ in range(4):
            fill(recipe)
        with django_assert_max_num_queries(len(one)):
            page = owner_client.get(address_of_it).content.decode()
        assert f'<option value="{recipe.ingredient_lines.last().ingredient_id}" selected>' in page


class TestChangingLines:
    @pytest.fixture
    def recipe(self, db):
        recipe = recipe_of((IngredientFactory(), "100", "g"))
        FinishedUnitFactory(recipe=recipe, name="Cookie")
        return recipe

    def form(self, recipe, *, line_more=None, unit_more=None):
        stored, unit = recipe.ingredient_lines.get(), recipe.finished_units.get()
        row = line(stored.ingredient, "100", "g", id=stored.pk, recipe=recipe.pk)
        piece = {"id": "", "stockitem_ptr": unit.pk, "recipe": recipe.pk, "name": unit.name}
        piece |= {"items_per_batch": 10, "item_label": "piece"}
        return recipe_form(recipe.name, lines=[row | (line_more or {})], units=[piece | (unit_more or {})])

    def save(self, owner_client, recipe, **more):
        return owner_client.post(address(Recipe, "change", recipe.pk), self.form(recipe, **more))

    def test_a_line_and_a_piece_are_changed(self, owner_client, recipe):
        line_more, unit_more = {"quantity": "2,5", "unit": "kg"}, {"items_per_batch": 12}
        assert self.save(owner_client, recipe, line_more=line_more, unit_more=unit_more).status_code == 302
        stored = recipe.ingredient_lines.get()
        assert (stored.quantity, stored.unit) == (Decimal("2.5"), "kg")
        assert recipe.finished_units.get().items_per_batch == 12

    def test_a_line_is_taken_out(self, owner_client, recipe):
        assert self.save(owner_client, recipe, line_more={"DELETE": "on"}).status_code == 302
        assert not recipe.ingredient_lines.exists()

    def test_a_piece_is_archived_here_and_deleted_on_its_own_page(self, owner_client, recipe):
        response = self.save(owner_client, recipe, unit_more={"is_archived": "on", "DELETE": "on"})
        assert response.status_code == 302
        cookie = recipe.finished_units.get()
        assert cookie.is_archived
        page = owner_client.get(address(Recipe, "change", recipe.pk)).content.decode()
        assert address(FinishedUnit, "change", cookie.pk) in page

    def test_a_piece_has_the_name_of_no_other(self, owner_client, recipe):
        FinishedUnitFactory(name="Taken")
        response = self.save(owner_client, recipe, unit_more={"name": "Taken"})
        assert "There is already one of this name." in inline_errors(response)


class TestCircles:
    def test_two_new_lines_of_which_one_closes_a_circle_are_refused(self, owner_client):
        dough, cake, sugar = (RecipeFactory(name=name) for name in ("Dough", "Cake", "Sugar"))
        RecipeComponentFactory(recipe=cake, component=dough)
        form = recipe_form("Dough", components=[part(sugar), part(cake)])
        response = owner_client.post(address(Recipe, "change", dough.pk), form)
        assert "That would go round in a circle: Dough → Cake → Dough." in inline_errors(response)
        assert not dough.components.exists()

    def test_a_circle_over_three_levels_names_the_way(self, owner_client):
        one, two, three = (RecipeFactory(name=name) for name in ("One", "Two", "Three"))
        RecipeComponentFactory(recipe=one, component=two)
        RecipeComponentFactory(recipe=two, component=three)
        response = owner_client.post(
            address(Recipe, "change", three.pk), recipe_form("Three", components=[part(one)])
        )
        assert "Three → One → Two → Three" in inline_errors(response)

    def test_a_recipe_is_no_part_of_itself(self, owner_client):
        dough = RecipeFactory(name="Dough")
        form = recipe_form("Dough", components=[part(dough)])
        response = owner_client.post(address(Recipe, "change", dough.pk), form)
        assert "Dough → Dough" in inline_errors(response)

    def test_the_same_part_twice_is_refused(self, owner_client):
        glaze = RecipeFactory(name="Glaze")
        form = recipe_form(components=[part(glaze), part(glaze, "2")])
        response = owner_client.post(address(Recipe, "add"), form)
        assert "The same recipe stands on two lines." in inline_errors(response)


class TestWeightsThatRecipesNeed:
    def test_one_cannot_be_taken_away_and_the_lines_are_named(self, owner_client):
        flour = IngredientFactory(name="Flour", grams_per_ml=Decimal("0.528344"))
        recipe = recipe_of((flour, "2", "cup"), (flour, "100", "g"))
        form = ingredient_form(flour, cup_weighs="")
        response = owner_client.post(address(Ingredient, "change", flour.pk), form)
        said = f"Flour could then no longer be converted for {recipe.name} (2 cups)."
        assert said in errors_of(response)
        flour.refresh_from_db()
        assert flour.grams_per_ml == Decimal("0.528344")

    def test_it_may_be_put_right(self, owner_client):
        flour = IngredientFactory(name="Flour", grams_per_ml=Decimal("0.5"))
        recipe_of((flour, "2", "cup"))
        form = ingredient_form(flour, cup_weighs="125")
        assert owner_client.post(address(Ingredient, "change", flour.pk), form).status_code == 302

    def test_a_line_that_was_broken_before_does_not_stand_in_the_way(self, owner_client):
        flour = IngredientFactory(name="Flour", grams_per_each=Decimal(5))
        recipe_of((flour, "2", "cup"))  # imported: no form would save it
        form = ingredient_form(flour, piece_weighs="")
        assert owner_client.post(address(Ingredient, "change", flour.pk), form).status_code == 302


class TestFinishedUnits:
    def unit_form(self, **changes):
        recipe = RecipeFactory()
        return {
            "name": "Cookie",
            "recipe": recipe.pk,
            "items_per_batch": 12,
            "item_label": "cookie",
            **changes,
        }

    def test_one_is_counted_in_pieces(self, owner_client):
        assert owner_client.post(address(FinishedUnit, "add"), self.unit_form()).status_code == 302
        assert FinishedUnit.objects.get().stock_unit == "each"

    def test_a_second_one_of_the_same_name_is_refused(self, owner_client):
        FinishedUnitFactory(name="Cookie")
        response = owner_client.post(address(FinishedUnit, "add"), self.unit_form())
        assert "There is already one of this name." in errors_of(response)

    @pytest.mark.parametrize("typed", ["0", "-1", "1000001", "9" * 30, "1.5", "many"])
    def test_a_batch_makes_a_number_of_pieces(self, owner_client, typed):
        response = owner_client.post(address(FinishedUnit, "add"), self.unit_form(items_per_batch=typed))
        assert errors_of(response)

    def test_what_was_baked_stays_with_its_recipe(self, owner_client):
        cookie = FinishedUnitFactory(
            name="Star", recipe=recipe_of((IngredientFactory(is_tracked=False), "1", "g"))
        )
        change, other = address(FinishedUnit, "change", cookie.pk), RecipeFactory()
        moved = self.unit_form(name="Star", recipe=other.pk)
        services.record_batch_production(
            recipe_id=cookie.recipe_id, finished_unit_id=cookie.pk, num_batches=1, actual_yield=1
        )
        response = owner_client.post(change, moved)
        assert f"Star was already baked from {cookie.recipe}, so it stays with it." in errors_of(response)
        ProductionRun.objects.all().delete()
        assert owner_client.post(change, moved).status_code == 302


class TestDeleting:
    def test_an_ingredient_names_the_recipes_that_use_it_once_with_their_address(self, owner_client):
        flour = IngredientFactory(name="Flour")
        recipe = recipe_of((flour, "2", "g"), (flour, "100", "g"))
        page = owner_client.get(address(Ingredient, "delete", flour.pk)).content.decode()
        assert page.count(f'<a href="{address(Recipe, "change", recipe.pk)}">{recipe.name}</a>') == 1

    def test_a_recipe_names_what_it_is_a_part_of_and_what_it_makes(self, owner_client):
        glaze, cake = RecipeFactory(), RecipeFactory(name="Cake")
        RecipeComponentFactory(recipe=cake, component=glaze)
        unit = FinishedUnitFactory(recipe=glaze)
        page = owner_client.get(address(Recipe, "delete", glaze.pk)).content.decode()
        assert address(Recipe, "change", cake.pk) in page
        assert address(FinishedUnit, "change", unit.pk) in page
        assert address(Recipe, "archive", glaze.pk) in page

    def test_a_recipe_that_nothing_uses_goes_with_its_lines(self, owner_client):
        recipe = recipe_of((IngredientFactory(), "2", "g"))
        owner_client.post(address(Recipe, "delete", recipe.pk), {"post": "yes"})
        assert not Recipe.objects.exists()
        assert not RecipeIngredient.objects.exists()


@pytest.fixture
def run(db):
    flour = IngredientFactory(name="Flour")
    bought(flour, "1000", "2")
    return baked(recipe_of((flour, "100", "g")))


def baked(recipe):
    unit = FinishedUnitFactory(recipe=recipe)
    return services.record_batch_production(
        recipe_id=recipe.pk, finished_unit_id=unit.pk, num_batches=1, actual_yield=10
    )


class TestRuns:
    def test_one_can_be_looked_at_with_what_went_in(self, owner_client, run):
        page = owner_client.get(address(ProductionRun, "change", run.pk)).content.decode()
        assert "Flour" in page
        assert 'name="_save"' not in page

    def test_it_is_never_added_to_changed_or_deleted(self, owner_client, run):
        assert owner_client.post(address(ProductionRun, "add"), {}).status_code == 403
        assert owner_client.post(address(ProductionRun, "change", run.pk), {"notes": "x"}).status_code == 403
        assert owner_client.post(address(ProductionRun, "delete", run.pk), {"post": "yes"}).status_code == 403
        assert 'name="action"' not in owner_client.get(address(ProductionRun, "changelist")).content.decode()
        assert ProductionRun.objects.filter(pk=run.pk).exists()

    def test_a_recipe_that_was_baked_names_its_runs(self, owner_client, run):
        page = owner_client.get(address(Recipe, "delete", run.recipe_id)).content.decode()
        assert address(ProductionRun, "change", run.pk) in page


def test_choosing_a_recipe_finds_without_accents(owner_client):
    RecipeFactory(name="Crème brûlée")
    where = {"app_label": "production", "model_name": "recipecomponent", "field_name": "component"}
    found = owner_client.get(reverse("admin:autocomplete"), {**where, "term": "brulee creme"}).json()
    assert [result["text"] for result in found["results"]] == ["Crème brûlée"]


@pytest.mark.parametrize("model", [Recipe, FinishedUnit, ProductionRun])
def test_a_list_costs_the_same_for_one_row_and_for_four(
    owner_client, django_assert_max_num_queries, run, model
):
    with django_assert_max_num_queries(15) as one:
        owner_client.get(address(model, "changelist"))
    for _ in range(3):
        baked(recipe_of((Ingredient.objects.get(name="Flour"), "100", "g")))
    with django_assert_max_num_queries(len(one)) as four:
        owner_client.get(address(model, "changelist"))
    assert len(four) == len(one)
