"""The recipe book: the list, and the page of one recipe."""

from decimal import Decimal

import pytest
from django.urls import reverse

from inventory.models import Allergen
from inventory.tests.factories import IngredientFactory, bought
from production import services
from production.models import RecipeCategory
from production.tests.factories import (
    FinishedUnitFactory,
    RecipeComponentFactory,
    RecipeFactory,
    RecipeIngredientFactory,
    recipe_of,
)

pytestmark = pytest.mark.django_db

RECIPES = "/recipes/"
HTMX = {"HX-Request": "true"}


def names(client, **filters) -> list[str]:
    return [card.recipe.name for card in client.get(RECIPES, filters).context["cards"]]


class TestRecipes:
    def test_a_row_says_what_a_batch_costs_and_how_many_can_be_baked(self, member_client):
        flour = IngredientFactory()
        bought(flour, "250", "5")
        recipe_of((flour, "100", "g"))
        [card] = member_client.get(RECIPES).context["cards"]
        assert (card.cost, card.unpriced, card.batches) == (Decimal(2), (), 2)

    def test_what_never_had_a_price_is_said(self, member_client):
        recipe_of((IngredientFactory(), "100", "g"))
        assert "without 1 unpriced" in member_client.get(RECIPES).content.decode()

    @pytest.mark.parametrize("typed", ["brulee", "CRÈME", "creme brulee"])
    def test_a_recipe_is_found_without_accents(self, member_client, typed):
        RecipeFactory(name="Crème brûlée")
        RecipeFactory(name="Brioche")
        assert names(member_client, q=typed) == ["Crème brûlée"]

    def test_a_category_and_the_archive_are_filters(self, member_client):
        breads = RecipeCategory.objects.create(name="Breads")
        RecipeFactory(name="Brioche", category=breads)
        RecipeFactory(name="Stollen")
        RecipeFactory(name="Grey bread", category=breads, is_archived=True)
        assert names(member_client) == ["Brioche", "Stollen"]
        assert names(member_client, category="Breads") == ["Brioche"]
        assert names(member_client, category="Breads", archived="1") == ["Grey bread"]

    def test_nothing_found_leads_on(self, member_client):
        assert "Show all" in member_client.get(RECIPES, {"q": "x"}).content.decode()

    def test_htmx_gets_the_list_alone(self, member_client):
        RecipeFactory(name="Brioche")
        part = member_client.get(RECIPES, headers=HTMX).content.decode()
        assert "Brioche" in part
        assert "<html" not in part

    @pytest.mark.parametrize("rows", [1, 3])
    def test_the_number_of_queries_does_not_grow(self, member_client, django_assert_num_queries, rows):
        for _ in range(rows):
            flour = IngredientFactory()
            bought(flour, "100", "1")
            FinishedUnitFactory(recipe=recipe_of((flour, "10", "g")))
        with django_assert_num_queries(10):
            member_client.get(RECIPES)


class TestRecipe:
    @pytest.fixture
    def recipe(self, db):
        """Ten cookies a batch, of 100 g of flour and half a batch of a spice mix."""
        flour = IngredientFactory(name="Flour")
        flour.allergens.add(Allergen.objects.get_or_create(name="Gluten")[0])
        recipe = recipe_of((flour, "100", "g"))
        nuts = IngredientFactory(name="Ground nuts")
        nuts.allergens.add(Allergen.objects.get_or_create(name="Nuts")[0])
        RecipeComponentFactory(recipe=recipe, component=recipe_of((nuts, "30", "g")), batches=Decimal("0.5"))
        FinishedUnitFactory(recipe=recipe, items_per_batch=10)
        return recipe

    @staticmethod
    def flour_of(recipe):
        return recipe.ingredient_lines.get().ingredient

    def test_ingredients_stand_apart_from_the_recipes_inside(self, member_client, recipe):
        page = member_client.get(recipe.get_absolute_url())
        assert [(each.line.ingredient.name, each.quantity) for each in page.context["lines"]] == [
            ("Flour", Decimal(100))
        ]
        [(part, amount)] = page.context["components"]
        assert (part.component, amount) == (recipe.components.get().component, Decimal("0.5"))
        assert "½ batch" in page.content.decode()

    @pytest.mark.parametrize(
        ("typed", "flour"), [("2.5", "250"), ("1/2", "50"), ("1½", "150"), ("2,5", "250")]
    )
    def test_it_is_scaled(self, member_client, recipe, typed, flour):
        page = member_client.get(recipe.get_absolute_url(), {"batches": typed})
        assert [each.quantity for each in page.context["lines"]] == [Decimal(flour)]

    @pytest.mark.parametrize("typed", ["0", "-1", "x", "", "1001", "9" * 40])
    def test_a_scale_that_cannot_be_is_said(self, member_client, recipe, typed):
        response = member_client.get(recipe.get_absolute_url(), {"batches": typed})
        assert response.status_code == 422
        assert response.context["error"]
        assert f'value="{typed}"' in response.content.decode()

    def test_fractions_are_written_as_people_say_them(self, member_client):
        recipe = RecipeFactory()
        milk = IngredientFactory(stock_unit="ml")
        RecipeIngredientFactory(recipe=recipe, ingredient=milk, quantity=Decimal("0.666667"), unit="cup")
        page = member_client.get(recipe.get_absolute_url()).content.decode()
        assert "⅔ cup" in page
        assert "0.6666" not in page

    def test_it_costs_what_the_oldest_lots_cost_and_the_rest_at_the_last_price(self, member_client, recipe):
        bought(self.flour_of(recipe), "50", "1")
        page = member_client.get(recipe.get_absolute_url())
        assert page.context["cost"] == Decimal(2)
        assert page.context["unpriced"] == ("Ground nuts",)
        assert [each for _, each in page.context["units"]] == [Decimal("0.2")]

    def test_it_costs_to_the_last_decimal_what_setup_and_the_list_say_it_costs(self, member_client):
        flour, sugar = IngredientFactory(), IngredientFactory()
        bought(flour, "3", "1")
        bought(sugar, "3", "1")
        recipe = recipe_of((flour, "4", "g"), (sugar, "4", "g"))
        page = member_client.get(recipe.get_absolute_url())
        assert page.context["cost"] == Decimal("2.6666")
        assert services.check_can_produce(recipe.pk, 1).estimated_cost == Decimal("2.6666")
        [card] = member_client.get(RECIPES).context["cards"]
        assert card.cost == Decimal("2.6666")

    def test_what_is_short_leads_to_a_purchase(self, member_client, recipe):
        bought(self.flour_of(recipe), "60", "1")
        page = member_client.get(recipe.get_absolute_url()).content.decode()
        assert "40 g of Flour missing" in page
        assert f"?item={self.flour_of(recipe).pk}&amp;quantity=40&amp;unit=g" in page

    def test_allergens_come_from_every_level(self, member_client, recipe):
        page = member_client.get(recipe.get_absolute_url())
        assert [allergen.name for allergen in page.context["allergens"]] == ["Gluten", "Nuts"]

    def test_allergens_stand_on_the_page(self, member_client, recipe):
        assert "Contains Gluten" in member_client.get(recipe.get_absolute_url()).content.decode()

    def test_it_says_where_it_is_used(self, member_client, recipe):
        inner = recipe.components.get().component
        assert recipe.name in member_client.get(inner.get_absolute_url()).content.decode()

    def test_it_lists_its_bakes(self, member_client):
        flour = IngredientFactory()
        bought(flour, "100", "1")
        unit = FinishedUnitFactory(recipe=recipe_of((flour, "10", "g")))
        run = services.record_batch_production(
            recipe_id=unit.recipe_id, finished_unit_id=unit.pk, num_batches=1, actual_yield=10
        )
        page = member_client.get(unit.recipe.get_absolute_url()).content.decode()
        assert run.get_absolute_url() in page

    def test_only_an_admin_is_led_to_the_setup(self, client, member, owner, recipe):
        edit = reverse("admin:production_recipe_change", args=[recipe.pk])
        client.force_login(member)
        assert edit not in client.get(recipe.get_absolute_url()).content.decode()
        client.force_login(owner)
        assert edit in client.get(recipe.get_absolute_url()).content.decode()

    def test_an_archived_recipe_is_shown_but_not_baked(self, member_client, recipe):
        recipe.is_archived = True
        recipe.save(update_fields=["is_archived"])
        page = member_client.get(recipe.get_absolute_url()).content.decode()
        assert "archived" in page
        assert "/production/record/" not in page

    def test_an_unknown_recipe_is_not_found(self, member_client):
        assert member_client.get("/recipes/nothing/").status_code == 404

    @pytest.mark.parametrize("rows", [1, 3])
    def test_the_number_of_queries_does_not_grow(self, member_client, django_assert_num_queries, rows):
        recipe = RecipeFactory()
        for _ in range(rows):
            flour = IngredientFactory()
            bought(flour, "50", "1")
            RecipeIngredientFactory(recipe=recipe, ingredient=flour)
            RecipeComponentFactory(recipe=recipe)
            RecipeComponentFactory(component=recipe)
            FinishedUnitFactory(recipe=recipe)
        with django_assert_num_queries(13):
            member_client.get(recipe.get_absolute_url())
