"""Planned against actual."""

from __future__ import annotations

from decimal import Decimal

import pytest

from assembly.services import record_assembly, void_assembly_run
from assembly.tests.factories import good_of, on_shelf
from bakery.core.errors import EventNotFoundError
from events.services import costs_of, get_event_costs, set_production_target
from events.tests.factories import EventFactory
from inventory.services import adjust_stock
from inventory.tests.factories import IngredientFactory, PackagingFactory, ProductFactory, bought
from production.models import RecipeIngredient
from production.services import record_batch_production, void_production_run
from production.tests.factories import FinishedUnitFactory, recipe_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return EventFactory(name="Christmas 2026")


@pytest.fixture
def flour():
    return IngredientFactory(name="Flour")


@pytest.fixture
def cookie(flour):
    """30 cookies take 300 g of flour."""
    return FinishedUnitFactory(name="Lebkuchen", recipe=recipe_of((flour, "300", "g")), items_per_batch=30)


def bake(cookie, batches, event, pieces=30):
    return record_batch_production(
        recipe_id=cookie.recipe_id,
        finished_unit_id=cookie.pk,
        num_batches=batches,
        actual_yield=pieces,
        event_id=event and event.pk,
    )


def aim(event, cookie, batches):
    return set_production_target(event_id=event.pk, recipe_id=cookie.recipe_id, target_batches=batches)


def test_the_estimate_stands_before_anything_is_made(event, cookie, flour):
    bought(flour, "600", "3.00")
    aim(event, cookie, 2)
    costs = get_event_costs(event.pk)
    assert (costs.planned_total, costs.actual_total, costs.variance) == (
        Decimal("3.0000"),
        Decimal(0),
        Decimal("-3.0000"),
    )
    assert costs.unpriced == ()


def test_variance_is_actual_less_planned_in_money_and_percent(event, cookie, flour):
    bought(flour, "600", "3.00")
    aim(event, cookie, 2)
    adjust_stock(item_id=flour.pk, quantity=-600, reason="mice")
    bought(flour, "600", "4.50")
    bake(cookie, 2, event)
    costs = get_event_costs(event.pk)
    [row] = costs.recipes
    assert (row.recipe, row.planned, row.actual, row.variance, row.variance_pct) == (
        cookie.recipe,
        Decimal("3.0000"),
        Decimal("4.5000"),
        Decimal("1.5000"),
        Decimal("50.0"),
    )
    assert (costs.variance, costs.variance_pct) == (Decimal("1.5000"), Decimal("50.0"))


def test_only_this_events_bakes_count_the_failed_too_but_none_that_was_voided(event, cookie, flour):
    bought(flour, "3000", "30.00")
    bake(cookie, 1, None)
    bake(cookie, 2, EventFactory())
    bake(cookie, 1, event, pieces=0)
    void_production_run(production_run_id=bake(cookie, 3, event).pk, reason="twice")
    assert get_event_costs(event.pk).actual_total == Decimal("3.0000")


def test_what_was_baked_without_a_target_is_not_hidden(event, cookie, flour):
    bought(flour, "300", "3.00")
    bake(cookie, 1, event)
    [row] = get_event_costs(event.pk).recipes
    assert (row.planned, row.actual, row.variance, row.variance_pct) == (0, 3, 3, None)


def test_packaging_stands_apart_and_boxes_in_boxes_count_once(event, cookie, flour):
    bag_paper, ribbon = (
        ProductFactory(ingredient=PackagingFactory(name=name)) for name in ("Paper bag", "Ribbon")
    )
    bought(flour, "300", "3.00")
    bought(bag_paper.ingredient, "2", "0.50", product=bag_paper)
    bought(ribbon.ingredient, "1", "0.20", product=ribbon)
    bag = good_of((cookie, "5"), (bag_paper, "1"), name="Bag")
    hamper = good_of((bag, "2"), (ribbon, "1"), name="Hamper")
    bake(cookie, 1, event)
    record_assembly(finished_good_id=bag.pk, quantity=2, event_id=event.pk)
    record_assembly(finished_good_id=hamper.pk, quantity=1, event_id=event.pk)
    costs = get_event_costs(event.pk)
    assert (costs.packaging_total, costs.baking_total, costs.actual_total) == (
        Decimal("0.7000"),
        Decimal("3.0000"),
        Decimal("3.7000"),
    )


def test_a_voided_assembly_took_no_packaging(event, cookie):
    ribbon = ProductFactory(ingredient=PackagingFactory())
    bought(ribbon.ingredient, "1", "0.20", product=ribbon)
    on_shelf(cookie, "1", "1.00")
    run = record_assembly(
        finished_good_id=good_of((cookie, "1"), (ribbon, "1")).pk, quantity=1, event_id=event.pk
    )
    assert get_event_costs(event.pk).packaging_total == Decimal("0.2000")
    void_assembly_run(assembly_run_id=run.pk, reason="twice")
    assert get_event_costs(event.pk).packaging_total == 0


def test_what_has_no_price_is_named(event, cookie, flour):
    salt = IngredientFactory(name="Salt")
    RecipeIngredient.objects.create(recipe=cookie.recipe, ingredient=salt, quantity=Decimal(1), unit="g")
    bought(flour, "600", "3.00")
    aim(event, cookie, 2)
    costs = get_event_costs(event.pk)
    assert (costs.planned_total, costs.unpriced) == (Decimal("3.0000"), ("Salt",))


def test_what_lies_on_the_shelf_without_a_price_is_named(event, cookie, flour):
    bought(flour, "300", "0")
    bought(flour, "600", "3.00")
    aim(event, cookie, 2)
    costs = get_event_costs(event.pk)
    assert (costs.planned_total, costs.unpriced) == (Decimal("1.5000"), ("Flour",))


def test_a_target_set_before_anything_had_a_price_is_in_no_plan_until_it_is_set_again(event, cookie, flour):
    def planned():
        costs, beside = get_event_costs(event.pk), costs_of([event.pk])[event.pk]
        assert costs.planned_total == beside.planned_total
        assert costs.unplanned == beside.unpriced
        return costs.planned_total, costs.unplanned, costs.unpriced

    aim(event, cookie, 2)
    assert planned() == (0, (cookie.recipe.name,), ("Flour",))
    bought(flour, "1000", "10.00")
    assert planned() == (0, (cookie.recipe.name,), ())
    aim(event, cookie, 2)
    assert planned() == (Decimal("6.0000"), (), ())
    bought(flour, "1000", "20.00")
    aim(event, cookie, 2)
    assert planned() == (Decimal("6.0000"), (), ())


def test_an_event_of_which_nothing_is_known_costs_nothing(event):
    costs = get_event_costs(event.pk)
    assert (costs.planned_total, costs.actual_total, costs.variance_pct, costs.recipes) == (0, 0, None, ())


def test_an_unknown_event_is_refused():
    with pytest.raises(EventNotFoundError):
        get_event_costs(4711)


def test_many_events_take_the_statements_of_one(cookie, flour, django_assert_num_queries):
    events = []

    def one_more():
        event = EventFactory()
        bought(flour, "300", "3.00")
        aim(event, cookie, 2)
        bake(cookie, 1, event)
        events.append(event.pk)

    one_more()
    with django_assert_num_queries(3):
        costs_of(events)
    with django_assert_num_queries(8):
        get_event_costs(events[0])
    one_more()
    one_more()
    with django_assert_num_queries(3):
        assert [costs.actual_total for costs in costs_of(events).values()] == [3, 3, 3]
