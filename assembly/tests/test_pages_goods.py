"""The pages of what is baked and of the boxes: stock, cost, what it is made of, what holds it."""

from decimal import Decimal

import pytest
from django.urls import reverse

from assembly.services import record_assembly
from assembly.tests.factories import good_of, on_shelf
from events.models import Package, PackageFinishedGood
from inventory.tests.factories import IngredientFactory, PackagingFactory, ProductFactory, bought
from production.services import record_batch_production
from production.tests.factories import FinishedUnitFactory, recipe_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def star():
    flour = IngredientFactory(name="Flour")
    bought(flour, "1000", "10")
    recipe = recipe_of((flour, "100", "g"))
    return FinishedUnitFactory(recipe=recipe, name="Star", items_per_batch=10, item_label="cookie")


def bake(unit, pieces=10):
    return record_batch_production(
        recipe_id=unit.recipe_id, finished_unit_id=unit.pk, num_batches=1, actual_yield=pieces
    )


class TestUnit:
    def test_it_shows_stock_cost_lots_bakes_and_the_boxes_that_hold_it(self, member_client, star):
        run = bake(star, 8)
        bag = good_of((star, "3"), name="Bag")
        record_assembly(finished_good_id=bag.pk, quantity=1)
        page = member_client.get(star.get_absolute_url())
        text = page.content.decode()
        assert "5 cookies" in text
        assert "5 of 8" in text
        assert page.context["worth"] == Decimal("0.625")
        assert page.context["each_costs"] == Decimal("0.1")
        assert text.count(run.get_absolute_url()) == 2  # its lot, and the list of bakes
        assert f'<a href="{bag.get_absolute_url()}">Bag</a>' in text
        assert "3 in each" in text
        assert f"/production/record/?unit={star.pk}" in text

    def test_one_that_was_never_baked_leads_on(self, member_client, star):
        page = member_client.get(star.get_absolute_url()).content.decode()
        assert "None on the shelf." in page
        assert "Record the first bake" in page

    def test_the_pantry_leads_to_it_and_back(self, member_client, star):
        item = reverse("inventory:item", args=[star.pk])
        assert star.get_absolute_url() in member_client.get(item).content.decode()
        assert item in member_client.get(star.get_absolute_url()).content.decode()

    def test_an_unknown_one_is_not_found(self, member_client):
        assert member_client.get("/production/units/none/").status_code == 404

    @pytest.mark.parametrize("rows", [1, 3])
    def test_the_number_of_queries_does_not_grow(self, member_client, django_assert_num_queries, star, rows):
        for _ in range(rows):
            bake(star)
            good_of((star, "1"))
        with django_assert_num_queries(14):
            member_client.get(star.get_absolute_url())


class TestGood:
    @pytest.fixture
    def bag(self, star):
        ribbon = ProductFactory(ingredient=PackagingFactory(name="Ribbon", stock_unit="cm"), brand="Satin")
        bought(ribbon.ingredient, "100", "10", product=ribbon)
        on_shelf(star, "7", "7")
        return good_of((star, "3"), (ribbon, "0.5", "yd"), name="Bag")

    def test_it_shows_stock_cost_composition_lots_history_and_what_holds_it(self, member_client, bag):
        run = record_assembly(finished_good_id=bag.pk, quantity=1)
        hamper = good_of((bag, "2"), name="Hamper")
        family = Package.objects.create(name="Family")
        PackageFinishedGood.objects.create(package=family, finished_good=bag, quantity=4)
        page = member_client.get(bag.get_absolute_url())
        text = page.content.decode()
        assert "1 of 1" in text
        assert page.context["worth"] == run.total_component_cost == Decimal("7.572")
        assert page.context["availability"].possible == 1
        assert page.context["availability"].estimated_cost == Decimal("7.572")
        assert text.count(run.get_absolute_url()) == 2  # its lot, and the history
        assert f'<a href="{hamper.get_absolute_url()}">Hamper</a>' in text
        assert [(use.where, use.quantity) for use in page.context["used_in"]] == [
            ("Hamper", 2),
            ("Family", 4),
        ]

    def test_what_is_short_has_its_way_on(self, member_client, star):
        box = good_of((star, "9"))
        page = member_client.get(box.get_absolute_url()).content.decode()
        assert f"/production/record/?unit={star.pk}&amp;pieces=9" in page

    def test_what_has_no_price_is_named(self, member_client):
        box = good_of((FinishedUnitFactory(name="Moon"), "1"))
        assert (
            "Without Moon: no price is known." in member_client.get(box.get_absolute_url()).content.decode()
        )

    def test_an_archived_one_is_shown_but_not_recorded(self, member_client, bag):
        bag.is_archived = True
        bag.save(update_fields=["is_archived"])
        page = member_client.get(bag.get_absolute_url()).content.decode()
        assert "archived" in page
        assert "Record an assembly" not in page

    def test_an_unknown_one_is_not_found(self, member_client):
        assert member_client.get(reverse("assembly:good", args=["none"])).status_code == 404

    @pytest.mark.parametrize("rows", [1, 3])
    def test_the_number_of_queries_does_not_grow(self, member_client, django_assert_num_queries, rows):
        parts = []
        for _ in range(rows):
            star, tin = FinishedUnitFactory(), ProductFactory(ingredient=PackagingFactory())
            on_shelf(star, "9", "9")
            bought(tin.ingredient, "9", "9", product=tin)
            parts += [(star, "1"), (tin, "1")]
        box = good_of(*parts)
        for _ in range(rows):
            record_assembly(finished_good_id=box.pk, quantity=1)
            good_of((box, "1"))
        with django_assert_num_queries(15):
            member_client.get(box.get_absolute_url())
