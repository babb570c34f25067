"""A batch recorded from the row of its target."""

from __future__ import annotations

import uuid

import pytest

from bakery.core.errors import AlreadyRecordedError, EventNotFoundError, InvalidValueError
from events import services
from events.errors import ProductionExceedsPlannedError
from events.models import EventProductionTarget
from events.tests.factories import EventFactory
from inventory.errors import InsufficientInventoryError
from inventory.services import on_hand
from inventory.tests.factories import IngredientFactory, bought
from production.errors import FinishedUnitNotFoundError, FinishedUnitRecipeMismatchError, RecipeNotFoundError
from production.models import ProductionRun
from production.tests.factories import FinishedUnitFactory, RecipeFactory, recipe_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return EventFactory(name="Advent Market")


@pytest.fixture
def flour():
    return IngredientFactory(name="Flour")


@pytest.fixture
def cookie(flour):
    bought(flour, "1000", "10")
    recipe = recipe_of((flour, "100", "g"))
    recipe.name = "Lebkuchen"
    recipe.save()
    return FinishedUnitFactory(recipe=recipe, items_per_batch=24)


def target(event, cookie, batches):
    return EventProductionTarget.objects.create(event=event, recipe=cookie.recipe, target_batches=batches)


def bake(event, cookie, batches=1, **options):
    return services.record_production(
        event_id=event.pk, recipe_id=cookie.recipe_id, batches=batches, **options
    )


def test_one_tap_records_the_only_thing_the_recipe_makes_with_the_expected_yield(event, cookie, member):
    target(event, cookie, 4)
    done = bake(event, cookie, 2, notes="crisp", recorded_by=member)
    run = ProductionRun.objects.get()
    assert done.run == run
    assert (run.event, run.finished_unit, run.num_batches, run.actual_yield) == (event, cookie, 2, 48)
    assert (run.notes, run.recorded_by_name) == ("crisp", "mira")
    assert (done.planned, done.produced, done.exceeds_planned, done.warning) == (4, 2, False, None)


def test_the_yield_can_be_said(event, cookie):
    assert bake(event, cookie, 2, actual_yield=45).run.actual_yield == 45


def test_exactly_what_was_planned_is_not_too_much(event, cookie):
    target(event, cookie, 3)
    bake(event, cookie, 2)
    done = bake(event, cookie, 1)
    assert (done.produced, done.exceeds_planned, done.warning) == (3, False, None)


def test_more_than_planned_is_recorded_and_said(event, cookie):
    target(event, cookie, 4)
    bake(event, cookie, 4)
    done = bake(event, cookie)
    assert ProductionRun.objects.count() == 2
    assert (done.planned, done.produced, done.exceeds_planned) == (4, 5, True)
    assert isinstance(done.warning, ProductionExceedsPlannedError)
    warning = done.warning
    assert (warning.recipe_id, warning.planned, warning.would_produce) == (cookie.recipe_id, 4, 5)
    assert str(warning) == "That makes 5 batches of Lebkuchen, 1 more than the 4 planned."


def test_without_a_target_nothing_was_planned_and_nothing_is_too_much(event, cookie):
    target(EventFactory(), cookie, 1)
    done = bake(event, cookie, 7)
    assert (done.planned, done.produced, done.exceeds_planned, done.warning) == (0, 7, False, None)


def test_a_batch_that_came_to_nothing_is_recorded_and_counts_for_nothing(event, cookie, flour):
    target(event, cookie, 1)
    done = bake(event, cookie, 2, actual_yield=0)
    assert (done.produced, done.exceeds_planned) == (0, False)
    assert on_hand(item_ids=[flour.pk])[flour.pk] == 800


def test_where_a_recipe_makes_several_things_it_must_be_said_which(event, cookie):
    other = FinishedUnitFactory(recipe=cookie.recipe, name="Lebkuchen house", items_per_batch=1)
    with pytest.raises(InvalidValueError, match="say which. Nothing was recorded.") as refused:
        bake(event, cookie)
    assert refused.value.field == "finished_unit"
    assert not ProductionRun.objects.exists()
    assert bake(event, cookie, 2, finished_unit_id=other.pk).run.actual_yield == 2


def test_what_is_archived_is_no_choice(event, cookie):
    FinishedUnitFactory(recipe=cookie.recipe, is_archived=True)
    assert bake(event, cookie).run.finished_unit == cookie


def test_a_recipe_that_makes_nothing_yet_is_refused(event):
    recipe = RecipeFactory(name="Dough")
    with pytest.raises(InvalidValueError, match="Nothing says what Dough makes"):
        services.record_production(event_id=event.pk, recipe_id=recipe.pk, batches=1)


def test_what_does_not_exist_is_named_and_nothing_is_recorded(event, cookie):
    other = FinishedUnitFactory()
    for error, wrong in (
        (EventNotFoundError, {"event_id": event.pk + 1}),
        (EventNotFoundError, {"event_id": None}),
        (RecipeNotFoundError, {"recipe_id": cookie.recipe_id + 99}),
        (FinishedUnitNotFoundError, {"finished_unit_id": other.pk + 1}),
        (FinishedUnitRecipeMismatchError, {"finished_unit_id": other.pk}),
        (InvalidValueError, {"batches": 0}),
        (InvalidValueError, {"actual_yield": -1}),
    ):
        arguments = {"event_id": event.pk, "recipe_id": cookie.recipe_id, "batches": 1} | wrong
        with pytest.raises(error):
            services.record_production(**arguments)
    assert not ProductionRun.objects.exists()


def test_what_is_short_is_refused_as_in_any_bake(event, cookie):
    with pytest.raises(InsufficientInventoryError, match="Not enough Flour"):
        bake(event, cookie, 11)
    assert not ProductionRun.objects.exists()


def test_one_key_is_one_bake(event, cookie, flour):
    target(event, cookie, 4)
    key = uuid.uuid4()
    first, again = bake(event, cookie, uuid=key), bake(event, cookie, uuid=key)
    assert first == again
    assert first.run.uuid == key
    assert on_hand(item_ids=[flour.pk])[flour.pk] == 900
    with pytest.raises(AlreadyRecordedError):
        bake(event, cookie, 2, uuid=key)
