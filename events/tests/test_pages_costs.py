"""Planned and actual on the page of an event."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from assembly.services import record_assembly
from assembly.tests.factories import good_of
from events.services import set_production_target
from events.tests.factories import EventFactory
from inventory.services import adjust_stock
from inventory.tests.factories import IngredientFactory, PackagingFactory, ProductFactory, bought
from production.services import record_batch_production
from production.tests.factories import FinishedUnitFactory, recipe_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return EventFactory(name="Christmas 2026", event_date=date(2026, 12, 24))


def cookie_of(name, item, event, batches=2):
    """A cookie of 100 g of `item` a batch of 10, with a target at the price of today."""
    recipe = recipe_of((item, "100", "g"))
    recipe.name = name
    recipe.save()
    set_production_target(event_id=event.pk, recipe_id=recipe.pk, target_batches=batches)
    return FinishedUnitFactory(recipe=recipe, items_per_batch=10)


def bake(cookie, batches, event):
    record_batch_production(
        recipe_id=cookie.recipe_id,
        finished_unit_id=cookie.pk,
        num_batches=batches,
        actual_yield=10 * batches,
        event_id=event.pk,
    )


def shown(client, event):
    page = client.get(reverse("events:costs", args=[event.slug])).content.decode()
    return " ".join(page.split())


def test_each_recipe_says_how_far_it_is_from_its_plan(member_client, event):
    flour = IngredientFactory(name="Flour")
    bought(flour, "400", "4.00")
    dear, cheap, begun, waits = (
        cookie_of(name, flour, event) for name in ("Stollen", "Biscotti", "Brownies", "Kipferl")
    )
    bake(begun, 1, event)
    adjust_stock(item_id=flour.pk, quantity=-300, reason="mice")
    bought(flour, "200", "1.00")
    bake(cheap, 2, event)
    bought(flour, "200", "5.00")
    bake(dear, 2, event)
    page = shown(member_client, event)
    assert "$1.00 under, 50%" in page
    assert "$3.00 over, 150%" in page
    assert "$1.00 to come" in page
    assert "$2.00 to come" in page
    assert f'<a href="{waits.recipe.get_absolute_url()}">Kipferl</a>' in page


def test_the_whole_is_under_its_plan_only_when_nothing_is_to_come(member_client, event):
    flour = IngredientFactory(name="Flour")
    bought(flour, "200", "2.00")
    cookie = cookie_of("Stollen", flour, event)
    bake(cookie, 1, event)
    assert shown(member_client, event).count("$1.00 to come") == 4  # heading, recipe, baking, together
    adjust_stock(item_id=flour.pk, quantity=-100, reason="mice")
    bought(flour, "100", "0.50")
    bake(cookie, 1, event)
    assert shown(member_client, event).count("$0.50 under, 25%") == 4


def test_less_than_a_coin_is_no_difference(member_client, event):
    flour = IngredientFactory(name="Flour")
    bought(flour, "200", "2.00")
    cookie = cookie_of("Stollen", flour, event)
    adjust_stock(item_id=flour.pk, quantity=-200, reason="mice")
    bought(flour, "200", "1.9998")
    bake(cookie, 2, event)
    page = shown(member_client, event)
    assert page.count("as planned") == 4
    assert "0.000" not in page


def test_packaging_stands_apart_and_the_whole_is_the_sum_of_both(member_client, event):
    flour = IngredientFactory(name="Flour")
    bought(flour, "200", "1.2345")
    bag = ProductFactory(ingredient=PackagingFactory(name="Bag"))
    bought(bag.ingredient, "3", "0.50", product=bag)
    cookie = cookie_of("Stollen", flour, event)
    bake(cookie, 2, event)
    record_assembly(finished_good_id=good_of((cookie, "5"), (bag, "1")).pk, quantity=3, event_id=event.pk)
    page = shown(member_client, event)
    assert "Packaging of boxes and bags" in page
    assert "$0.50" in page
    assert "$1.23" in page
    assert "$1.73" in page


def test_what_has_no_price_is_named(member_client, event):
    cookie_of("Stollen", IngredientFactory(name="Candied citron"), event)
    assert "Without Candied citron: no price is known." in shown(member_client, event)


def test_what_had_no_price_when_its_target_was_set_is_named_once_it_has_one(member_client, event):
    flour = IngredientFactory(name="Flour")
    cookie_of("Stollen", flour, event)
    bought(flour, "400", "4.00")
    page = shown(member_client, event)
    assert "nothing of it could be priced when its target was set: Stollen." in page
    assert "save the target again as it is" in page


def test_an_event_without_plans_says_what_to_do(member_client, event):
    assert "Set a baking target" in shown(member_client, event)


def test_the_page_takes_the_same_statements_for_one_recipe_and_for_three(
    member_client, event, django_assert_num_queries
):
    def one_more():
        item = IngredientFactory()
        bought(item, "100", "1")
        bake(cookie_of(f"Recipe of {item}", item, event), 1, event)

    address = reverse("events:costs", args=[event.slug])
    one_more()
    with django_assert_num_queries(12):
        member_client.get(address)
    one_more()
    one_more()
    with django_assert_num_queries(12):
        assert len(member_client.get(address).context["costs"].recipes) == 3
    assert member_client.get(address).context["costs"].actual_total == Decimal(3)
