"""Two people choose the same name in the same instant: one is told so as ever, and loses nothing typed."""

from __future__ import annotations

import pytest
from django.db import IntegrityError
from django.forms.models import BaseModelForm
from django.urls import reverse

from events.models import Event
from events.tests.factories import EventFactory, PackageFactory
from inventory.tests.factories import IngredientFactory

pytestmark = pytest.mark.django_db(transaction=True)

NO_LINES = {f"{part}-{name}_FORMS": "0" for part in ("goods", "wrapping") for name in ("TOTAL", "INITIAL")}


@pytest.fixture
def meanwhile(monkeypatch):
    """Return a function that lets somebody else act right after the next form was found in order."""
    check = BaseModelForm.validate_unique

    def meanwhile(act):
        waiting = [act]

        def checked(form):
            check(form)
            if waiting:
                waiting.pop()()

        monkeypatch.setattr(BaseModelForm, "validate_unique", checked)

    return meanwhile


@pytest.mark.parametrize(
    ("page", "typed", "factory", "said"),
    [
        (
            "events:events",
            {"name": "Advent", "event_date": "2026-12-06", "notes": "on the square"},
            EventFactory,
            "There is already an event of this name. Add the year to it.",
        ),
        (
            "events:add_package",
            {"name": "Advent", "description": "on the square", **NO_LINES},
            PackageFactory,
            "There is already a package of this name. Choose another one.",
        ),
        (
            "inventory:new_item",
            {"name": "Advent", "sort": "ingredient", "new_category": "on the square", "stock_unit": "g"},
            IngredientFactory,
            "There is already one of this name. Choose another name.",
        ),
    ],
)
def test_whoever_comes_second_reads_the_usual_sentence(member_client, meanwhile, page, typed, factory, said):
    meanwhile(lambda: factory(name="Advent"))
    answer = member_client.post(reverse(page), typed)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert said in text
    assert "on the square" in text
    assert factory._meta.model.objects.filter(name="Advent").count() == 1


def test_another_name_with_the_same_address_gets_an_address_of_its_own(member_client, meanwhile):
    meanwhile(lambda: EventFactory(name="Advent!"))
    answer = member_client.post(reverse("events:events"), {"name": "Advent?", "event_date": "2026-12-06"})
    assert answer.status_code == 302
    assert dict(Event.objects.values_list("name", "slug")) == {"Advent!": "advent", "Advent?": "advent-2"}


def test_what_is_refused_again_and_again_is_a_fault(member_client, monkeypatch):
    def refuse(form):
        raise IntegrityError("CHECK constraint failed")

    monkeypatch.setattr("events.forms.occasions.EventForm.save", refuse)
    with pytest.raises(IntegrityError):
        member_client.post(reverse("events:events"), {"name": "Advent", "event_date": "2026-12-06"})
