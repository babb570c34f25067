"""Setup of events."""

import datetime

import pytest
from django.urls import reverse

from events.models import Event

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
