"""Setup of events."""

import datetime

import pytest
from django.urls import reverse

from events.models import Event
from inventory.tests.factories import IngredientFactory, bought
from production import services
from production.tests.factories import FinishedUnitFactory, recipe_of

pytestmark = pytest.mark.django_db


def test_an_event_makes_its_own_address(owner_client):
    form = {"name": "Christmas 2026", "event_date": "2026-12-25", "notes": ""}
    assert owner_client.post(reverse("admin:events_event_add"), form).status_code == 302
    assert Event.objects.get().slug == "christmas-2026"


def test_the_list_costs_the_same_for_one_event_and_for_three(owner_client, django_assert_max_num_queries):
    Event.objects.create(name="One", event_date=datetime.date(2026, 12, 1))
    with django_assert_max_num_queries(15) as one:
        owner_client.get(reverse("admin:events_event_changelist"))
    for name in ("Two", "Three"):
        Event.objects.create(name=name, event_date=datetime.date(2026, 12, 1))
    with django_assert_max_num_queries(len(one)):
        owner_client.get(reverse("admin:events_event_changelist"))


def test_an_event_that_was_baked_for_is_not_deleted_and_names_the_bakes(owner_client):
    event = Event.objects.create(name="Advent Market", event_date=datetime.date(2026, 12, 1))
    flour = IngredientFactory()
    bought(flour, "1000", "2")
    recipe = recipe_of((flour, "100", "g"))
    run = services.record_batch_production(
        recipe_id=recipe.pk,
        finished_unit_id=FinishedUnitFactory(recipe=recipe).pk,
        num_batches=1,
        actual_yield=10,
        event_id=event.pk,
    )
    address = reverse("admin:events_event_delete", args=[event.pk])
    page = owner_client.get(address).content.decode()
    assert "Advent Market cannot be deleted, because this uses it:" in page
    assert reverse("admin:production_productionrun_change", args=[run.pk]) in page
    assert owner_client.post(address, {"post": "yes"}).status_code == 409
    assert Event.objects.exists()


def test_an_event_that_nothing_points_at_is_deleted(owner_client):
    event = Event.objects.create(name="Typo", event_date=datetime.date(2026, 12, 1))
    owner_client.post(reverse("admin:events_event_delete", args=[event.pk]), {"post": "yes"})
    assert not Event.objects.exists()
