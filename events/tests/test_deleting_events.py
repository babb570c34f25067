"""Deleting an event: what goes with it, and what stands in the way."""

from __future__ import annotations

import pytest

from assembly.models import AssemblyRun
from assembly.tests.factories import FinishedGoodFactory
from bakery.core.errors import EventNotFoundError
from events import services
from events.errors import EventInUseError
from events.models import (
    Event,
    EventAssemblyTarget,
    EventProductionTarget,
    EventRecipientPackage,
    ShoppingItem,
)
from events.tests.factories import EventFactory, PackageFactory, assigned
from production.services import record_batch_production, void_production_run
from production.tests.factories import FinishedUnitFactory, RecipeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return EventFactory(name="Advent Market")


@pytest.fixture
def planned(event):
    """Two baking targets, an assembly target, two packages that wait and a line on the list."""
    for _ in range(2):
        EventProductionTarget.objects.create(event=event, recipe=RecipeFactory(), target_batches=1)
        assigned(event, PackageFactory())
    EventAssemblyTarget.objects.create(event=event, finished_good=FinishedGoodFactory(), target_quantity=1)
    ShoppingItem.objects.create(event=event, text="candles")


def bake_for(event):
    cookie = FinishedUnitFactory()
    return record_batch_production(
        recipe_id=cookie.recipe_id,
        finished_unit_id=cookie.pk,
        num_batches=1,
        actual_yield=1,
        event_id=event.pk,
    )


def test_what_goes_with_an_event_is_counted_first(event, planned, django_assert_num_queries):
    with django_assert_num_queries(8):
        found = services.get_event_deletion(event.pk)
    assert (found.production_targets, found.assembly_targets, found.targets) == (2, 1, 3)
    assert (found.pending_assignments, found.shopping_items) == (2, 1)
    assert not found.is_refused


def test_an_event_goes_with_its_targets_and_what_waits_and_nothing_else(event, planned):
    other = assigned(EventFactory(), PackageFactory())
    services.delete_event(event_id=event.pk)
    assert list(Event.objects.all()) == [other.event]
    assert list(EventRecipientPackage.objects.all()) == [other]
    assert not EventProductionTarget.objects.exists()
    assert not EventAssemblyTarget.objects.exists()
    assert not ShoppingItem.objects.exists()


def test_an_event_that_was_worked_for_stays_whole_and_says_what_points_at_it(event, planned):
    run = bake_for(event)
    assembly = AssemblyRun.objects.create(
        finished_good=FinishedGoodFactory(),
        event=event,
        quantity_assembled=1,
        total_component_cost=0,
        per_unit_cost=0,
    )
    packed = assigned(event, PackageFactory(), fulfillment_status="ready")
    with pytest.raises(EventInUseError) as refused:
        services.delete_event(event_id=event.pk)
    assert refused.value.uses == (run, assembly, packed)
    assert str(refused.value) == (
        "Advent Market cannot be deleted, because this points at it: 1 bake, 1 assembly, 1 packed package. "
        "Nothing was deleted. Give the bakes and assemblies another event, and say of the packages “Packed "
        "by mistake”, if they are not of it."
    )
    assert EventProductionTarget.objects.count() == 2
    assert EventRecipientPackage.objects.count() == 3


def test_a_voided_bake_still_tells_of_its_event(event):
    run = bake_for(event)
    void_production_run(production_run_id=run.pk, reason="recorded twice")
    with pytest.raises(EventInUseError, match="this points at it: 1 bake. Nothing"):
        services.delete_event(event_id=event.pk)


@pytest.mark.parametrize("status", ["ready", "delivered"])
def test_a_packed_package_keeps_its_event(event, status):
    assigned(event, PackageFactory(), fulfillment_status=status)
    assert services.get_event_deletion(event.pk).is_refused
    with pytest.raises(EventInUseError):
        services.delete_event(event_id=event.pk)


def test_who_comes_second_is_told_that_it_is_gone(event, member_client, monkeypatch):
    def too_late(*, event_id):
        Event.objects.all().delete()
        raise EventNotFoundError(event_id)

    monkeypatch.setattr(services, "delete_event", too_late)
    page = member_client.post(f"/events/{event.slug}/delete/", follow=True)
    assert page.redirect_chain == [("/events/", 302)]
    assert "Advent Market was deleted already." in page.content.decode()


def test_an_event_that_is_gone_cannot_be_deleted(event):
    with pytest.raises(EventNotFoundError):
        services.delete_event(event_id=event.pk + 1)
    with pytest.raises(EventNotFoundError):
        services.get_event_deletion(event.pk + 1)
