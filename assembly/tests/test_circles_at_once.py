"""Two admins who each save half of a circle: real threads, real transactions, a database file or PostgreSQL."""

from __future__ import annotations

import threading
from contextlib import suppress

import pytest
from django.contrib.auth.models import User
from django.test import Client

from assembly.models import Composition, FinishedGood
from assembly.tests.factories import FinishedGoodFactory
from assembly.tests.test_admin import good_form, line
from inventory.tests.test_admin import address
from inventory.tests.test_concurrency import at_once
from production import graph
from production.models import Recipe, RecipeComponent
from production.tests.factories import RecipeFactory
from production.tests.test_admin import part, recipe_form

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def admins(monkeypatch) -> list[Client]:
    """Two who would both have looked for a circle before either of them saves."""
    looked = threading.Barrier(2)
    look = graph.cycle_with

    def look_and_wait(*asked):
        found = look(*asked)
        with suppress(threading.BrokenBarrierError):
            looked.wait(timeout=1)
        return found

    monkeypatch.setattr(graph, "cycle_with", look_and_wait)
    clients = []
    for name in ("odile", "olga"):
        client = Client()
        client.force_login(User.objects.create_superuser(name))
        clients.append(client)
    return clients


def both(admins, forms) -> list[int]:
    saving = [
        lambda admin=admin, to=to, form=form: admin.post(to, form).status_code
        for admin, (to, form) in zip(admins, forms, strict=True)
    ]
    return sorted(at_once(*saving))


def test_recipes(admins):
    dough, cake = RecipeFactory(name="Dough"), RecipeFactory(name="Cake")
    forms = [
        (address(Recipe, "change", outer.pk), recipe_form(outer.name, components=[part(inner)]))
        for outer, inner in ((dough, cake), (cake, dough))
    ]
    assert both(admins, forms) == [200, 302]
    assert RecipeComponent.objects.count() == 1


def test_boxes(admins):
    bag, box = FinishedGoodFactory(name="Bag"), FinishedGoodFactory(name="Box")
    forms = [
        (address(FinishedGood, "change", outer.pk), good_form(line(inner), name=outer.name))
        for outer, inner in ((bag, box), (box, bag))
    ]
    assert both(admins, forms) == [200, 302]
    assert Composition.objects.count() == 1
