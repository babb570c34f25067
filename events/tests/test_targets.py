"""What is to be made for an event, and what that was planned to cost."""

from __future__ import annotations

from decimal import Decimal

import pytest

from assembly.errors import FinishedGoodNotFoundError
from assembly.tests.factories import FinishedGoodFactory
from bakery.core.errors import EventNotFoundError, InvalidValueError
from events import services
from events.models import EventAssemblyTarget, EventProductionTarget
from events.tests.factories import EventFactory
from inventory.tests.factories import IngredientFactory, bought
from production.errors import RecipeNotFoundError
from production.models import RecipeIngredient
from production.tests.factories import RecipeFactory, recipe_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return EventFactory()


@pytest.fixture
def flour():
    return IngredientFactory(name="Flour")


@pytest.fixture
def recipe(flour):
    return recipe_of((flour, "100", "g"))


def bake_target(event, recipe, batches, **options):
    return services.set_production_target(
        event_id=event.pk, recipe_id=recipe.pk, target_batches=batches, **options
    )


def box_target(event, good, quantity, **options):
    return services.set_assembly_target(
        event_id=event.pk, finished_good_id=good.pk, target_quantity=quantity, **options
    )


def test_a_target_is_set_once_and_then_changed(event, recipe):
    first = bake_target(event, recipe, 4)
    again = bake_target(event, recipe, 6, notes="two more for the school")
    assert again.pk == first.pk
    target = EventProductionTarget.objects.get()
    assert (target.target_batches, target.notes) == (6, "two more for the school")


def test_one_recipe_has_a_target_for_each_event(event, recipe):
    bake_target(event, recipe, 4)
    bake_target(EventFactory(), recipe, 2)
    assert EventProductionTarget.objects.count() == 2


def test_the_planned_cost_is_of_the_whole_target_from_the_shelf_and_the_last_price(event, recipe, flour):
    bought(flour, "200", "1")
    bought(flour, "100", "2")
    # 200 g for 1, 100 g for 2, and 100 g at the last price.
    assert bake_target(event, recipe, 4).planned_cost == 5


def test_the_planned_cost_is_taken_again_only_when_the_batches_change(event, recipe, flour):
    bought(flour, "100", "1")
    assert bake_target(event, recipe, 4).planned_cost == 4
    bought(flour, "1000", "30")
    assert bake_target(event, recipe, 4, notes="prices went up").planned_cost == 4
    assert bake_target(event, recipe, 5).planned_cost == Decimal("13")


def test_what_has_no_price_at_all_has_no_planned_cost(event, recipe):
    assert bake_target(event, recipe, 4).planned_cost is None


def test_what_has_a_price_counts_beside_what_has_none(event, recipe, flour):
    RecipeIngredient.objects.create(recipe=recipe, ingredient=IngredientFactory(), quantity=5, unit="g")
    bought(flour, "100", "1")
    assert bake_target(event, recipe, 4).planned_cost == 4


def test_a_recipe_that_needs_nothing_is_planned_to_cost_nothing(event):
    assert bake_target(event, RecipeFactory(), 4).planned_cost == 0


def test_a_recipe_with_only_a_line_that_cannot_be_converted_has_no_planned_cost(event, recipe):
    RecipeIngredient.objects.update(unit="cup")
    assert bake_target(event, recipe, 4).planned_cost is None


def test_a_target_set_by_hand_no_longer_follows_the_packages(event, recipe, flour):
    bought(flour, "100", "1")
    good = FinishedGoodFactory()
    bake_target(event, recipe, 4), box_target(event, good, 4)
    EventProductionTarget.objects.update(is_suggested=True)
    EventAssemblyTarget.objects.update(is_suggested=True)
    assert not bake_target(event, recipe, 4).is_suggested
    assert not box_target(event, good, 4).is_suggested


def test_a_target_saved_again_for_its_missing_plan_still_follows_the_packages(event, recipe, flour):
    bake_target(event, recipe, 4, notes="dark ones")
    EventProductionTarget.objects.update(is_suggested=True)
    assert bake_target(event, recipe, 4, notes="dark ones").is_suggested  # still no price
    bought(flour, "400", "4")
    again = bake_target(event, recipe, 4, notes="dark ones")
    assert (again.planned_cost, again.is_suggested) == (4, True)
    assert not bake_target(event, recipe, 4, notes="dark ones").is_suggested


def test_a_target_without_a_plan_that_is_changed_by_hand_no_longer_follows(event, recipe):
    bake_target(event, recipe, 4)
    for change in ({"batches": 5}, {"batches": 4, "notes": "dark ones"}):
        EventProductionTarget.objects.update(target_batches=4, notes="", is_suggested=True)
        assert not bake_target(event, recipe, **change).is_suggested


@pytest.mark.parametrize("number", [0, -1, Decimal(2), "2", True, None, 1_000_001])
def test_targets_are_positive_whole_numbers(event, recipe, number):
    with pytest.raises(InvalidValueError):
        bake_target(event, recipe, number)
    with pytest.raises(InvalidValueError):
        box_target(event, FinishedGoodFactory(), number)
    assert not EventProductionTarget.objects.exists()
    assert not EventAssemblyTarget.objects.exists()


def test_what_does_not_exist_is_named(event, recipe):
    with pytest.raises(EventNotFoundError):
        services.set_production_target(event_id=event.pk + 1, recipe_id=recipe.pk, target_batches=1)
    with pytest.raises(RecipeNotFoundError):
        services.set_production_target(event_id=event.pk, recipe_id=recipe.pk + 1, target_batches=1)
    with pytest.raises(EventNotFoundError):
        services.set_assembly_target(event_id=event.pk + 1, finished_good_id=1, target_quantity=1)
    with pytest.raises(FinishedGoodNotFoundError):
        services.set_assembly_target(event_id=event.pk, finished_good_id=1, target_quantity=1)


def test_an_assembly_target_is_set_once_and_then_changed(event):
    good = FinishedGoodFactory()
    first = box_target(event, good, 10)
    assert box_target(event, good, 12, notes="two spare").pk == first.pk
    target = EventAssemblyTarget.objects.get()
    assert (target.target_quantity, target.notes) == (12, "two spare")


def test_targets_come_by_name_with_what_they_are_for_in_one_statement(event, django_assert_num_queries):
    for name in ("Zimtsterne", "Lebkuchen"):
        bake_target(event, RecipeFactory(name=name), 1)
        box_target(event, FinishedGoodFactory(name=f"{name} tin"), 1)
    bake_target(EventFactory(), RecipeFactory(), 1)
    with django_assert_num_queries(1):
        assert [each.recipe.name for each in services.get_production_targets(event.pk)] == [
            "Lebkuchen",
            "Zimtsterne",
        ]
    with django_assert_num_queries(1):
        assert [each.finished_good.name for each in services.get_assembly_targets(event.pk)] == [
            "Lebkuchen tin",
            "Zimtsterne tin",
        ]


def test_deleting_a_target_says_whether_there_was_one(event, recipe):
    good = FinishedGoodFactory()
    bake_target(event, recipe, 1), box_target(event, good, 1)
    other = bake_target(EventFactory(), recipe, 1)
    assert services.delete_production_target(event_id=event.pk, recipe_id=recipe.pk) is True
    assert services.delete_production_target(event_id=event.pk, recipe_id=recipe.pk) is False
    assert services.delete_assembly_target(event_id=event.pk, finished_good_id=good.pk) is True
    assert services.delete_assembly_target(event_id=event.pk, finished_good_id=good.pk) is False
    assert list(EventProductionTarget.objects.all()) == [other]
