"""Recording a bake, and voiding it."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from bakery.core.errors import AlreadyRecordedError, EventNotFoundError, InvalidValueError
from events.models import Event
from inventory.errors import InUseError
from inventory.models import StockEntry, StockMovement
from inventory.services import adjust_stock, on_hand
from inventory.tests.factories import IngredientFactory, bought
from production import services
from production.errors import (
    FinishedUnitNotFoundError,
    FinishedUnitRecipeMismatchError,
    InsufficientInventoryError,
    ProductionRunNotFoundError,
    RecipeNotFoundError,
    UnconvertibleError,
)
from production.models import ProductionRun, RecipeIngredient
from production.tests.factories import FinishedUnitFactory, RecipeComponentFactory, RecipeFactory, recipe_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def flour():
    return IngredientFactory(name="Flour, all-purpose", stock_unit="g")


@pytest.fixture
def cookie(flour):
    recipe = recipe_of((flour, "100", "g"))
    recipe.name = "Lebkuchen"
    recipe.save()
    return FinishedUnitFactory(recipe=recipe, items_per_batch=10)


def bake(cookie, **changes):
    arguments = {
        "recipe_id": cookie.recipe_id,
        "finished_unit_id": cookie.pk,
        "num_batches": 2,
        "actual_yield": 20,
    }
    return services.record_batch_production(**{**arguments, **changes})


def test_a_bake_takes_the_oldest_lots_and_carries_their_cost_to_the_shelf(cookie, flour):
    old = bought(flour, "150", "3", on=date(2026, 1, 1))
    new = bought(flour, "150", "6", on=date(2026, 2, 1))
    run = bake(cookie, actual_yield=18)
    assert (run.expected_yield, run.actual_yield, run.yield_variance) == (20, 18, 2)
    assert run.total_ingredient_cost == Decimal(5)  # 150 g for 3 and 50 of 150 g for 2
    assert run.per_unit_cost == Decimal("0.2778")
    shelf = cookie.lots.get()
    assert (shelf.quantity, shelf.value, shelf.received_on) == (18, Decimal(5), timezone.localdate())
    assert set(run.stock_entry.movements.values_list("lot", "quantity", "value")) == {
        (old.pk, Decimal(-150), Decimal(-3)),
        (new.pk, Decimal(-50), Decimal(-2)),
        (shelf.pk, Decimal(18), Decimal(5)),
    }
    row = run.consumptions.get()
    assert (row.ingredient_slug, row.quantity_consumed, row.unit, row.total_cost) == (
        flour.slug,
        Decimal(200),
        "g",
        Decimal(5),
    )


def test_the_run_and_its_entry_share_one_key_and_the_summary_says_what_happened(cookie, flour):
    bought(flour, "1000", "3")
    market = Event.objects.create(name="Advent Market", event_date=date(2026, 11, 29))
    run = bake(cookie, event_id=market.pk)
    assert run.uuid == run.stock_entry.uuid
    assert run.stock_entry.summary == "2 batches of Lebkuchen for Advent Market"


def test_a_nested_recipe_is_added_up_over_all_levels_and_rounded_once(flour):
    sugar = IngredientFactory(name="Sugar", grams_per_ml=Decimal("0.845351"))
    inner = recipe_of((sugar, "0.333333", "cup"), (flour, "50", "g"))
    middle = RecipeFactory()
    RecipeComponentFactory(recipe=middle, component=inner, batches=Decimal("0.5"))
    outer = recipe_of((flour, "100", "g"))
    RecipeComponentFactory(recipe=outer, component=middle, batches=Decimal(3))
    RecipeComponentFactory(recipe=outer, component=inner, batches=Decimal(1))
    found = {each.ingredient_name: each for each in services.get_aggregated_ingredients(outer.pk, 2)}
    assert found["Flour, all-purpose"].quantity == Decimal(450)  # 2 x (100 + 50 x 2.5)
    assert found["Sugar"].quantity == Decimal(
        "333.333"
    )  # 0.333333 x 236.5882365 x 0.845351 x 5, rounded once
    assert found["Sugar"].via == (inner.name,)


def test_the_same_ingredient_on_several_lines_and_in_several_units_is_one_requirement(flour):
    recipe = recipe_of((flour, "100", "g"), (flour, "0.1", "kg"), (flour, "1", "oz"))
    (requirement,) = services.get_aggregated_ingredients(recipe.pk)
    assert requirement.quantity == Decimal("228.350")


def test_everything_that_is_short_is_named_at_once_and_nothing_changes(flour):
    almonds = IngredientFactory(name="Almonds", stock_unit="g")
    cookie = FinishedUnitFactory(recipe=recipe_of((flour, "1.1", "kg"), (almonds, "10", "g")))
    bought(flour, "2000", "3")
    with pytest.raises(InsufficientInventoryError) as refused:
        bake(cookie)
    assert str(refused.value) == (
        "Not enough Flour, all-purpose: needs 2.2 kg, there is 2 kg. Not enough Almonds: needs 20 g, there is 0 g."
    )
    assert [each.ingredient_name for each in refused.value.missing] == ["Flour, all-purpose", "Almonds"]
    assert (refused.value.ingredient_slug, refused.value.needed, refused.value.available) == (
        flour.slug,
        Decimal(2200),
        Decimal(2000),
    )
    assert on_hand(item_ids=[flour.pk]) == {flour.pk: Decimal(2000)}
    assert StockEntry.objects.count() == 1
    assert not ProductionRun.objects.exists()


def test_a_failed_batch_writes_its_cost_off(cookie, flour):
    bought(flour, "1000", "10")
    run = bake(cookie, actual_yield=0)
    assert (run.total_ingredient_cost, run.per_unit_cost) == (Decimal(2), 0)
    assert not cookie.lots.exists()
    assert sum(run.stock_entry.movements.values_list("value", flat=True)) == -run.total_ingredient_cost


def test_more_than_expected_may_come_out(cookie, flour):
    bought(flour, "1000", "10")
    run = bake(cookie, actual_yield=25)
    assert (run.yield_variance, cookie.inventory_count) == (-5, 25)


def test_water_is_in_the_requirements_and_nowhere_else(flour):
    water = IngredientFactory(name="Water", stock_unit="ml", is_tracked=False)
    cookie = FinishedUnitFactory(recipe=recipe_of((flour, "100", "g"), (water, "1", "cup")))
    bought(flour, "1000", "10")
    run = bake(cookie)
    assert [row.ingredient_name for row in run.consumptions.all()] == ["Flour, all-purpose"]
    assert services.max_batches([cookie.recipe_id]) == {cookie.recipe_id: 8}


def test_back_dating_takes_todays_queue_and_dates_the_lot(cookie, flour):
    bought(flour, "1000", "10", on=date(2026, 10, 1))
    run = bake(cookie, produced_at=datetime(2026, 9, 1, 12, tzinfo=UTC))
    assert run.produced_at.date() == cookie.lots.get().received_on == date(2026, 9, 1)


def test_the_day_of_the_lot_is_the_households_day(cookie, flour):
    bought(flour, "1000", "10")
    with timezone.override("Pacific/Auckland"):
        bake(cookie, produced_at=datetime(2026, 9, 1, 13, tzinfo=UTC))
    assert cookie.lots.get().received_on == date(2026, 9, 2)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"num_batches": 0}, InvalidValueError),
        ({"num_batches": True}, InvalidValueError),
        ({"num_batches": 1.5}, InvalidValueError),
        ({"num_batches": 10**9}, InvalidValueError),
        ({"num_batches": 10**6}, InvalidValueError),
        ({"actual_yield": -1}, InvalidValueError),
        ({"produced_at": datetime(2999, 1, 1, tzinfo=UTC)}, InvalidValueError),
        ({"produced_at": datetime(2020, 1, 1)}, InvalidValueError),
        ({"recipe_id": 0}, RecipeNotFoundError),
        ({"finished_unit_id": 0}, FinishedUnitNotFoundError),
        ({"event_id": 0}, EventNotFoundError),
    ],
)
def test_what_can_never_be_right_is_refused(cookie, flour, changes, error):
    bought(flour, "1000", "10")
    with pytest.raises(error):
        bake(cookie, **changes)
    assert not ProductionRun.objects.exists()


def test_a_cookie_of_another_recipe_is_refused(cookie):
    with pytest.raises(FinishedUnitRecipeMismatchError):
        bake(cookie, finished_unit_id=FinishedUnitFactory().pk)


def test_a_line_that_cannot_be_converted_is_never_a_silent_zero(cookie, flour):
    bought(flour, "1000", "10")
    RecipeIngredient.objects.filter(recipe=cookie.recipe).update(unit="cup")
    checked = services.check_can_produce(cookie.recipe_id, 1)
    assert not checked.can_produce
    assert [line.ingredient_name for line in checked.unconvertible] == ["Flour, all-purpose"]
    assert services.max_batches([cookie.recipe_id]) == {cookie.recipe_id: 0}
    with pytest.raises(UnconvertibleError, match="weighs"):
        bake(cookie)
    assert not ProductionRun.objects.exists()


def test_the_same_key_is_one_bake(cookie, flour):
    bought(flour, "1000", "10")
    key = uuid.uuid4()
    assert bake(cookie, uuid=key) == bake(cookie, uuid=str(key))
    assert ProductionRun.objects.count() == 1
    with pytest.raises(AlreadyRecordedError):
        bake(cookie, actual_yield=19, uuid=key)


def test_a_void_puts_back_exactly_what_was_taken(cookie, flour):
    old = bought(flour, "150", "3", on=date(2026, 1, 1))
    new = bought(flour, "150", "6", on=date(2026, 2, 1))
    run = bake(cookie)
    voided = services.void_production_run(production_run_id=run.pk, reason="recorded twice")
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.quantity_remaining, old.value_remaining) == (150, 3)
    assert (new.quantity_remaining, new.value_remaining) == (150, 6)
    assert cookie.inventory_count == 0
    assert (voided.is_voided, voided.void_reason) == (True, "recorded twice")
    assert run.stock_entry.reversed_by.reason == "recorded twice"


def test_a_second_void_returns_the_same(cookie, flour):
    bought(flour, "1000", "10")
    run = bake(cookie)
    first = services.void_production_run(production_run_id=run.pk, reason="one")
    second = services.void_production_run(production_run_id=run.pk, reason="two")
    assert (second.voided_at, second.void_reason) == (first.voided_at, "one")
    assert StockMovement.objects.filter(entry__reverses=run.stock_entry).count() == 2


def test_a_void_is_refused_while_a_cookie_is_used_and_allowed_once_that_is_voided(cookie, flour):
    bought(flour, "1000", "10")
    run = bake(cookie)
    adjust_stock(item_id=cookie.pk, quantity=-1, reason="eaten")
    with pytest.raises(InUseError, match="eaten"):
        services.void_production_run(production_run_id=run.pk, reason="wrong")
    assert on_hand(item_ids=[flour.pk]) == {flour.pk: Decimal(800)}


def test_details_are_edited_and_amounts_are_not(cookie, flour, member):
    bought(flour, "1000", "10")
    market = Event.objects.create(name="Advent Market", event_date=date(2026, 11, 29))
    run = bake(cookie)
    services.update_run_details(
        production_run_id=run.pk, event_id=market.pk, notes="a little dark", recorded_by=member
    )
    run.refresh_from_db()
    assert (run.edited_by_name, run.edited_at is not None) == ("mira", True)
    assert (run.event, run.notes, run.actual_yield) == (market, "a little dark", 20)


def test_an_unknown_bake_is_named():
    for ask in (
        lambda: services.get_production_run(0),
        lambda: services.void_production_run(production_run_id=0, reason="x"),
        lambda: services.update_run_details(production_run_id=0, event_id=None, notes=""),
    ):
        with pytest.raises(ProductionRunNotFoundError):
            ask()


def test_history_is_newest_first_within_days_of_the_household(cookie, flour):
    bought(flour, "10000", "10")
    late = bake(cookie, produced_at=datetime(2026, 9, 1, 23, 30, tzinfo=UTC))
    early = bake(cookie, produced_at=datetime(2026, 9, 1, 0, 30, tzinfo=UTC))
    services.void_production_run(production_run_id=early.pk, reason="wrong")
    first = date(2026, 9, 1)
    assert services.get_production_history(start_date=first, end_date=first) == [late, early]
    assert services.get_production_history(include_voided=False) == [late]
    with timezone.override("Europe/Berlin"):
        assert services.get_production_history(start_date=first, end_date=first) == [early]
    assert services.get_production_history(limit=1, offset=1) == [early]
    with pytest.raises(InvalidValueError):
        services.get_production_history(start_date=first, end_date=first - timedelta(days=1))


def test_the_estimate_is_fifo_and_then_the_last_price_and_names_what_has_none(cookie, flour):
    salt = IngredientFactory(name="Salt")
    RecipeIngredient.objects.create(recipe=cookie.recipe, ingredient=salt, quantity=Decimal(1), unit="g")
    bought(flour, "100", "1", on=date(2026, 1, 1))
    bought(flour, "50", "1", on=date(2026, 2, 1))
    checked = services.check_can_produce(cookie.recipe_id, 2)
    assert checked.estimated_cost == Decimal(3)  # 1 + 1 from the shelf, 50 g at 0.02
    assert checked.unpriced == ("Salt",)
    assert [each.ingredient_name for each in checked.missing] == ["Flour, all-purpose", "Salt"]


@pytest.mark.parametrize(
    ("there", "batches"),
    [("0.001", 0), ("99.996", 1), ("99.99", 0), ("100", 1), ("299.996", 3), ("1000", 10)],
)
def test_max_batches_is_what_could_be_recorded(cookie, flour, there, batches):
    bought(flour, there, "1")
    assert services.max_batches([cookie.recipe_id]) == {cookie.recipe_id: batches}
    for count, possible in ((batches, True), (batches + 1, False)):
        if count:
            assert services.check_can_produce(cookie.recipe_id, count).can_produce is possible


def test_what_lies_on_the_shelf_without_a_price_is_named_too(member_client):
    flour = IngredientFactory(name="Flour")
    bought(flour, "1000", "0")
    cookie = FinishedUnitFactory(recipe=recipe_of((flour, "100", "g")), items_per_batch=10)
    checked = services.check_can_produce(cookie.recipe_id, 1)
    assert (checked.estimated_cost, checked.unpriced) == (0, ("Flour",))
    page = member_client.get(cookie.recipe.get_absolute_url())
    assert "Without Flour: no price is known." in page.content.decode()
