"""From a bag of flour to who got the cookies, and from a package back to the flour."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from assembly.services import record_assembly
from assembly.tests.factories import good_of
from events import services
from events.tests.factories import EventFactory, RecipientFactory, assigned, package_of
from inventory.selectors import trace_entry
from inventory.tests.factories import IngredientFactory, PackagingFactory, ProductFactory, bought
from production.services import record_batch_production
from production.tests.factories import FinishedUnitFactory, recipe_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def flour():
    return bought(IngredientFactory(name="Flour"), "1000", "10")


@pytest.fixture
def package(flour):
    cookie = FinishedUnitFactory(name="Cookie", recipe=recipe_of((flour.item.ingredient, "100", "g")))
    bag = good_of((cookie, "3"), name="Bag")
    for _ in range(2):
        record_batch_production(
            recipe_id=cookie.recipe_id, finished_unit_id=cookie.pk, num_batches=1, actual_yield=10
        )
        record_assembly(finished_good_id=bag.pk, quantity=3)
    ribbon = ProductFactory(ingredient=PackagingFactory(name="Ribbon"))
    bought(ribbon.ingredient, "9", "1", product=ribbon)
    return package_of((bag, 2), (ribbon, "1"), name="Family box")


def packed_for(name, package):
    assignment = assigned(EventFactory(name=f"{name}'s day"), package, recipient=RecipientFactory(name=name))
    return services.update_fulfillment_status(assignment.pk, "ready")


def test_the_page_of_a_lot_says_who_got_it(flour, package, member_client):
    anna = packed_for("Anna", package)
    voided = packed_for("Berta", package)
    services.void_packing(voided.pk, reason="wrong box")
    page = member_client.get(reverse("inventory:trace", args=[flour.pk])).content.decode()
    [who] = page.split("Who got it")[1].split("</ul>")[:1]
    assert "Packed Family box for Anna (Anna&#x27;s day)" in who
    assert f'href="{anna.get_absolute_url()}"' in who
    assert anna.get_absolute_url() == f"/events/annas-day/packages/?row={anna.pk}#assignment-{anna.pk}"
    assert "Berta" not in page


def test_a_lot_that_nobody_got_says_nothing_of_it(flour, package, member_client):
    page = member_client.get(reverse("inventory:trace", args=[flour.pk])).content.decode()
    assert "Who got it" not in page


def test_a_package_leads_back_to_the_flour(flour, package):
    entry = packed_for("Anna", package).stock_entry
    steps = [
        (
            str(step.source.item) if step.source else "",
            step.quantity,
            str(step.made.item) if step.made else "",
        )
        for step in trace_entry(entry.pk)
    ]
    assert steps == [
        ("Bag", 2, ""),
        ("Ribbon", 1, ""),
        ("", 9, "Ribbon"),
        ("Cookie", 9, "Bag"),
        ("Flour", 100, "Cookie"),
        ("", 1000, "Flour"),
    ]


def test_its_page_costs_the_same_for_one_lot_and_for_three(
    flour, package, member_client, django_assert_max_num_queries
):
    entries = [packed_for(name, package).stock_entry for name in ("Anna", "Berta")]
    entries.append(packed_for("Clara", package_of((package.goods.get().finished_good, 2))).stock_entry)
    for entry in entries:
        address = reverse("inventory:entry_trace", args=[entry.pk])
        with django_assert_max_num_queries(11):
            page = member_client.get(address).content.decode()
        assert f"Trace {entry.summary}".replace("'", "&#x27;") in page
        assert "Flour" in page
    assert Decimal(flour.quantity) == 1000


def test_what_took_something_offers_its_trace_and_a_purchase_does_not(flour, package, member_client):
    entry = packed_for("Anna", package).stock_entry
    offer = reverse("inventory:entry_trace", args=[entry.pk])
    assert offer in member_client.get(entry.get_absolute_url()).content.decode()
    purchase = flour.movements.earliest("id").entry
    assert "Trace it back" not in member_client.get(purchase.get_absolute_url()).content.decode()
    assert member_client.get(reverse("inventory:entry_trace", args=[entry.pk + 99])).status_code == 404
