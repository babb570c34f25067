"""How far targets and packages are: what counts, what does not, and at how many statements."""

from __future__ import annotations

from decimal import Decimal

import pytest

from assembly.models import AssemblyRun, FinishedGood
from assembly.services import void_assembly_run
from assembly.tests.factories import FinishedGoodFactory
from events import services
from events.models import EventAssemblyTarget, EventProductionTarget, EventRecipientPackage
from events.selectors.progress import overall_progress_of, percent
from events.services import TargetState
from events.tests.factories import EventFactory, PackageFactory, assigned
from production.models import FinishedUnit, ProductionRun
from production.services import record_batch_production, void_production_run
from production.tests.factories import FinishedUnitFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return EventFactory()


@pytest.fixture
def cookie():
    """Ten a batch, of nothing that could be short."""
    return FinishedUnitFactory()


def bake(cookie, batches, *, event=None, pieces=None):
    return record_batch_production(
        recipe_id=cookie.recipe_id,
        finished_unit_id=cookie.pk,
        num_batches=batches,
        actual_yield=batches * 10 if pieces is None else pieces,
        event_id=event.pk if event else None,
    )


def assembled(good, quantity, event):
    return AssemblyRun.objects.create(
        finished_good=good,
        event=event,
        quantity_assembled=quantity,
        total_component_cost=0,
        per_unit_cost=0,
    )


def bake_target(event, cookie, batches):
    return EventProductionTarget.objects.create(event=event, recipe=cookie.recipe, target_batches=batches)


def box_target(event, good, quantity):
    return EventAssemblyTarget.objects.create(event=event, finished_good=good, target_quantity=quantity)


@pytest.mark.parametrize(
    ("made", "percentage", "is_complete", "state", "label"),
    [
        (0, "0.0", False, TargetState.NOT_STARTED, "Not started"),
        (2, "50.0", False, TargetState.IN_PROGRESS, "In progress"),
        (4, "100.0", True, TargetState.COMPLETE, "Complete"),
        (5, "125.0", True, TargetState.EXCEEDED, "Exceeded"),
    ],
)
def test_a_target_says_how_far_it_is(event, cookie, made, percentage, is_complete, state, label):
    bake_target(event, cookie, 4)
    for _ in range(made):
        bake(cookie, 1, event=event, pieces=9)
    [progress] = services.get_production_progress(event.pk)
    assert (progress.recipe, progress.recipe_name) == (cookie.recipe, cookie.recipe.name)
    assert (progress.target_batches, progress.produced_batches) == (4, made)
    assert progress.produced_yield == made * 9
    assert str(progress.progress_pct) == percentage
    assert (progress.is_complete, progress.state, progress.state.label) == (is_complete, state, label)
    assert progress.open_batches == max(4 - made, 0)


@pytest.mark.parametrize(
    ("made", "wanted", "said"), [(5, 4, "125.0"), (1, 3, "33.3"), (2, 3, "66.7"), (1, 1000, "0.1")]
)
def test_percent_has_one_place_and_is_exact(made, wanted, said):
    assert str(percent(made, wanted)) == said
    assert percent(5, 4) == 125 == Decimal("125.0")


def test_batches_of_several_bakes_add_up(event, cookie):
    bake_target(event, cookie, 10)
    bake(cookie, 2, event=event, pieces=19)
    bake(cookie, 3, event=event, pieces=31)
    [progress] = services.get_production_progress(event.pk)
    assert (progress.produced_batches, progress.produced_yield) == (5, 50)


def test_only_bakes_of_this_event_that_stand_and_yielded_something_count(event, cookie):
    bake_target(event, cookie, 4)
    bake(cookie, 1)
    bake(cookie, 1, event=EventFactory())
    bake(cookie, 1, event=event, pieces=0)
    voided = bake(cookie, 1, event=event)
    void_production_run(production_run_id=voided.pk, reason="recorded twice")
    bake(FinishedUnitFactory(), 1, event=event)
    [progress] = services.get_production_progress(event.pk)
    assert (progress.produced_batches, progress.produced_yield) == (0, 0)


def test_a_box_target_counts_this_events_assemblies_that_stand(event):
    good = FinishedGoodFactory()
    box_target(event, good, 10)
    assembled(good, 2, event), assembled(good, 4, event), assembled(good, 8, EventFactory())
    assembled(good, 8, None), assembled(FinishedGoodFactory(), 8, event)
    void_assembly_run(assembly_run_id=assembled(good, 1, event).pk, reason="twice")
    [progress] = services.get_assembly_progress(event.pk)
    assert (progress.finished_good, progress.finished_good_name) == (good, good.name)
    assert (progress.target_quantity, progress.assembled_quantity) == (10, 6)
    assert (str(progress.progress_pct), progress.is_complete) == ("60.0", False)
    assert (progress.state, progress.open_quantity) == (TargetState.IN_PROGRESS, 4)


def test_an_event_without_targets_has_nothing_left_to_make(event):
    progress = services.get_event_overall_progress(event.pk)
    assert (progress.production_complete, progress.assembly_complete) == (True, True)
    assert (progress.production_targets_count, progress.assembly_targets_count) == (0, 0)
    assert progress.packages_total == 0
    assert not progress.is_complete


def test_the_overall_progress_counts_complete_targets_and_adds_up_packages(event):
    done, open_one = FinishedUnitFactory(), FinishedUnitFactory()
    bake_target(event, done, 1), bake_target(event, open_one, 2)
    bake(done, 2, event=event), bake(open_one, 1, event=event)
    good = FinishedGoodFactory()
    box_target(event, good, 3), assembled(good, 3, event)
    package = PackageFactory()
    assigned(event, package, 2), assigned(event, package, 1)
    assigned(event, package, 4, fulfillment_status="ready")
    assigned(event, package, 3, fulfillment_status="delivered")
    assigned(EventFactory(), package, 9)
    progress = services.get_event_overall_progress(event.pk)
    assert (progress.production_targets_count, progress.production_complete_count) == (2, 1)
    assert not progress.production_complete
    assert (progress.assembly_targets_count, progress.assembly_complete_count) == (1, 1)
    assert progress.assembly_complete
    assert (progress.packages_pending, progress.packages_ready, progress.packages_delivered) == (3, 4, 3)
    assert progress.packages_total == 10


def test_an_event_is_complete_when_every_package_is_delivered(event):
    assigned(event, PackageFactory(), fulfillment_status="delivered")
    last = assigned(event, PackageFactory(), fulfillment_status="ready")
    assert not services.get_event_overall_progress(event.pk).is_complete
    EventRecipientPackage.objects.filter(pk=last.pk).update(fulfillment_status="delivered")
    assert services.get_event_overall_progress(event.pk).is_complete


def test_fifty_events_with_twenty_targets_each_take_five_statements(django_assert_num_queries):
    events = [EventFactory() for _ in range(50)]
    cookies = [FinishedUnitFactory() for _ in range(10)]
    goods = [FinishedGoodFactory() for _ in range(10)]
    EventProductionTarget.objects.bulk_create(
        EventProductionTarget(event=event, recipe=cookie.recipe, target_batches=2)
        for event in events
        for cookie in cookies
    )
    EventAssemblyTarget.objects.bulk_create(
        EventAssemblyTarget(event=event, finished_good=good, target_quantity=2)
        for event in events
        for good in goods
    )
    ProductionRun.objects.bulk_create(baked(event, cookie) for event in events for cookie in cookies)
    with django_assert_num_queries(5):
        found = overall_progress_of([event.pk for event in events])
    assert len(found) == 50
    assert all(
        (each.production_targets_count, each.production_complete_count, each.assembly_targets_count)
        == (10, 10, 10)
        for each in found.values()
    )


def baked(event, cookie: FinishedUnit) -> ProductionRun:
    return ProductionRun(
        event=event,
        recipe=cookie.recipe,
        finished_unit=cookie,
        num_batches=2,
        expected_yield=20,
        actual_yield=20,
        yield_variance=0,
        total_ingredient_cost=0,
        per_unit_cost=0,
    )


def test_one_event_and_one_target_take_as_many_statements_as_three(django_assert_num_queries):
    def read(count):
        event = EventFactory()
        for _ in range(count):
            bake_target(event, FinishedUnitFactory(), 1)
            box_target(event, FinishedGoodFactory(), 1)
        with django_assert_num_queries(2):
            assert len([each.recipe.name for each in services.get_production_progress(event.pk)]) == count
        with django_assert_num_queries(2):
            goods: list[FinishedGood] = [
                each.finished_good for each in services.get_assembly_progress(event.pk)
            ]
            assert len({good.name for good in goods}) == count

    read(1)
    read(3)
