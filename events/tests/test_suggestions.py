"""Targets as the packages ask for them."""

from __future__ import annotations

import pytest

from assembly.services import record_assembly
from assembly.tests.factories import good_of, on_shelf
from bakery.core.errors import EventNotFoundError
from events.models import EventAssemblyTarget, EventProductionTarget
from events.services import (
    apply_suggested_targets,
    set_assembly_target,
    set_production_target,
    suggest_targets,
    update_fulfillment_status,
)
from events.tests.factories import EventFactory, assigned, package_of
from inventory.tests.factories import IngredientFactory, bought
from production.services import record_batch_production
from production.tests.factories import FinishedUnitFactory, recipe_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return EventFactory(name="Christmas 2026")


@pytest.fixture
def cookie():
    """30 cookies take 300 g of flour, and there is flour for 20 batches."""
    flour = IngredientFactory(name="Flour")
    bought(flour, "6000", "60.00")
    recipe = recipe_of((flour, "300", "g"))
    recipe.name = "Lebkuchen"
    recipe.save()
    return FinishedUnitFactory(name="Lebkuchen, round", recipe=recipe, items_per_batch=30)


@pytest.fixture
def bag(cookie):
    return good_of((cookie, "6"), name="Bag")


def bake(cookie, batches, event=None):
    return record_batch_production(
        recipe_id=cookie.recipe_id,
        finished_unit_id=cookie.pk,
        num_batches=batches,
        actual_yield=batches * 30,
        event_id=event and event.pk,
    )


def said(event):
    return [(each.kind, str(each.object), each.current, each.suggested) for each in suggest_targets(event.pk)]


def targets(event):
    return (
        list(EventAssemblyTarget.objects.filter(event=event).values_list("target_quantity", flat=True)),
        list(EventProductionTarget.objects.filter(event=event).values_list("target_batches", flat=True)),
    )


def test_packages_become_targets_in_whole_batches(event, bag):
    assigned(event, package_of((bag, 2)), 3)
    # 6 bags, 36 cookies, 30 a batch.
    assert said(event) == [("assembly", "Bag", None, 6), ("production", "Lebkuchen", None, 2)]
    assert apply_suggested_targets(event_id=event.pk) == 2
    assert targets(event) == ([6], [2])
    assert apply_suggested_targets(event_id=event.pk) == 0


def test_what_is_on_the_shelf_is_taken_off_and_said(event, cookie, bag):
    on_shelf(bag, "1", "1")
    on_shelf(cookie, "5", "1")
    assigned(event, package_of((bag, 2)), 3)
    boxes, batches = suggest_targets(event.pk)
    assert (boxes.suggested, batches.suggested) == (5, 1)
    assert boxes.why == "6 still to be packed, 1 on the shelf"
    assert batches.why == "30 Lebkuchen, round needed, 5 on the shelf, 30 a batch"


def test_what_is_made_for_the_event_counts_and_stays_counted_when_it_is_packed(event, cookie, bag):
    package = package_of((bag, 1))
    first, _ = assigned(event, package, 4), assigned(event, package, 6)
    bake(cookie, 1, event)
    assert said(event) == [("assembly", "Bag", None, 10), ("production", "Lebkuchen", None, 2)]
    record_assembly(finished_good_id=bag.pk, quantity=5, event_id=event.pk)
    assert said(event) == [("assembly", "Bag", None, 10), ("production", "Lebkuchen", None, 2)]
    update_fulfillment_status(first.pk, "ready")
    assert said(event) == [("assembly", "Bag", None, 10), ("production", "Lebkuchen", None, 2)]


def test_a_suggestion_is_never_below_what_is_made(event, cookie, bag):
    bake(cookie, 5, event)
    record_assembly(finished_good_id=bag.pk, quantity=9, event_id=event.pk)
    assigned(event, package_of((bag, 1)), 2)
    assert said(event) == [("assembly", "Bag", None, 9)]
    assert apply_suggested_targets(event_id=event.pk) == 1
    assert targets(event) == ([9], [])


def test_bags_inside_hampers_are_suggested_too(event, cookie, bag):
    hamper = good_of((bag, "2"), (cookie, "1"), name="Hamper")
    assigned(event, package_of((hamper, 1)), 5)
    # 5 hampers, 10 bags, 65 cookies.
    assert said(event) == [
        ("assembly", "Bag", None, 10),
        ("assembly", "Hamper", None, 5),
        ("production", "Lebkuchen", None, 3),
    ]


def test_a_target_set_by_hand_is_shown_beside_and_stays(event, cookie, bag):
    set_production_target(event_id=event.pk, recipe_id=cookie.recipe_id, target_batches=9)
    assigned(event, package_of((bag, 1)), 5)
    assert said(event) == [("assembly", "Bag", None, 5), ("production", "Lebkuchen", 9, 1)]
    assert [each.is_by_hand for each in suggest_targets(event.pk)] == [False, True]
    assert apply_suggested_targets(event_id=event.pk) == 1
    assert targets(event) == ([5], [9])


def test_a_target_set_by_hand_is_overwritten_where_somebody_says_so(event, cookie, bag):
    set_production_target(event_id=event.pk, recipe_id=cookie.recipe_id, target_batches=9, notes="dark ones")
    assigned(event, package_of((bag, 1)), 5)
    assert apply_suggested_targets(event_id=event.pk, chosen=[("production", cookie.recipe_id)]) == 1
    assert targets(event) == ([], [1])
    assert EventProductionTarget.objects.get().notes == "dark ones"


def test_targets_from_packages_follow_them_when_asked(event, cookie, bag):
    assignment = assigned(event, package_of((bag, 1)), 5)
    apply_suggested_targets(event_id=event.pk)
    assignment.quantity = 11
    assignment.save()
    assert targets(event) == ([5], [1])
    assert apply_suggested_targets(event_id=event.pk) == 2
    assert targets(event) == ([11], [3])
    assignment.delete()
    assert said(event) == [("assembly", "Bag", 11, 0), ("production", "Lebkuchen", 3, 0)]
    assert apply_suggested_targets(event_id=event.pk) == 2
    assert targets(event) == ([], [])


def test_a_target_taken_in_hand_no_longer_follows(event, bag):
    assignment = assigned(event, package_of((bag, 1)), 5)
    apply_suggested_targets(event_id=event.pk)
    set_assembly_target(event_id=event.pk, finished_good_id=bag.pk, target_quantity=7)
    assignment.quantity = 6
    assignment.save()
    apply_suggested_targets(event_id=event.pk)
    assert targets(event)[0] == [7]


def test_a_withdrawn_target_stays_at_what_is_made(event, cookie, bag):
    assignment = assigned(event, package_of((bag, 1)), 10)
    apply_suggested_targets(event_id=event.pk)
    bake(cookie, 1, event)
    assignment.delete()
    apply_suggested_targets(event_id=event.pk)
    assert targets(event) == ([], [1])


def test_a_target_for_something_no_package_holds_is_no_business_of_the_packages(event, cookie):
    set_production_target(event_id=event.pk, recipe_id=cookie.recipe_id, target_batches=2)
    assert said(event) == []
    assert apply_suggested_targets(event_id=event.pk) == 0


def test_an_unknown_event_is_refused():
    with pytest.raises(EventNotFoundError):
        apply_suggested_targets(event_id=4711)


def test_the_number_of_statements_does_not_depend_on_how_much_there_is(event, django_assert_num_queries):
    def one_more():
        assigned(event, package_of((good_of((FinishedUnitFactory(), "2")), 1)), 2)

    one_more()
    with django_assert_num_queries(9):
        suggest_targets(event.pk)
    one_more()
    one_more()
    with django_assert_num_queries(9):
        assert len(suggest_targets(event.pk)) == 6
