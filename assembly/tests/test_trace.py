"""The trace of a lot, from flour to hamper and back."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from assembly.services import record_assembly, void_assembly_run
from assembly.tests.factories import good_of
from inventory.selectors import trace_back, trace_forward
from inventory.tests.factories import IngredientFactory, bought
from production.services import record_batch_production, void_production_run
from production.tests.factories import FinishedUnitFactory, recipe_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def flour():
    return bought(IngredientFactory(name="Flour"), "1000", "10")


@pytest.fixture
def cookie(flour):
    return FinishedUnitFactory(name="Cookie", recipe=recipe_of((flour.item.ingredient, "100", "g")))


def bake(cookie):
    return record_batch_production(
        recipe_id=cookie.recipe_id, finished_unit_id=cookie.pk, num_batches=1, actual_yield=10
    )


@pytest.fixture
def hamper_run(cookie):
    bake(cookie)
    bag = good_of((cookie, "3"), name="Bag")
    hamper = good_of((bag, "2"), name="Hamper")
    record_assembly(finished_good_id=bag.pk, quantity=2)
    return record_assembly(finished_good_id=hamper.pk, quantity=1)


def said(steps):
    return [
        (
            str(step.source.item) if step.source else None,
            step.quantity,
            str(step.made.item) if step.made else None,
        )
        for step in steps
    ]


WAY = [("Flour", Decimal(100), "Cookie"), ("Cookie", Decimal(6), "Bag"), ("Bag", Decimal(2), "Hamper")]


def test_flour_is_found_in_the_hamper_and_the_hamper_leads_back_to_the_purchase(
    flour, hamper_run, django_assert_max_num_queries
):
    hamper = hamper_run.finished_good.lots.get()
    with django_assert_max_num_queries(3):
        assert said(trace_forward(flour.pk)) == WAY
    with django_assert_max_num_queries(3):
        assert said(trace_back(hamper.pk)) == [*reversed(WAY), (None, Decimal(1000), "Flour")]


def test_what_was_voided_is_no_way(flour, cookie, hamper_run):
    hamper = hamper_run.finished_good.lots.get()
    void_assembly_run(assembly_run_id=hamper_run.pk, reason="wrong")
    assert said(trace_forward(flour.pk)) == WAY[:2]
    assert trace_back(hamper.pk) == []


def test_flour_does_not_descend_from_the_cookies_that_gave_it_back(flour, cookie):
    run = bake(cookie)
    lot = cookie.lots.get()
    void_production_run(production_run_id=run.pk, reason="wrong")
    assert trace_forward(lot.pk) == trace_forward(flour.pk) == []
    assert said(trace_back(flour.pk)) == [(None, Decimal(1000), "Flour")]


def test_the_page_shows_both_ways(member_client, flour, hamper_run):
    for lot in (flour, hamper_run.finished_good.lots.get()):
        page = member_client.get(reverse("inventory:trace", args=[lot.pk]))
        assert page.status_code == 200
        assert f'<a href="{hamper_run.get_absolute_url()}">1 × Hamper</a>' in page.content.decode()
    assert member_client.get(reverse("inventory:trace", args=[0])).status_code == 404


def test_a_line_of_the_ledger_leads_to_its_bake_or_assembly(member_client, cookie, hamper_run):
    for run in (hamper_run, cookie.production_runs.get()):
        page = member_client.get(run.stock_entry.get_absolute_url()).content.decode()
        assert f'href="{run.get_absolute_url()}"' in page


@pytest.mark.parametrize("rows", [1, 3])
def test_the_number_of_queries_does_not_grow(member_client, django_assert_num_queries, flour, cookie, rows):
    for number in range(rows):
        bake(cookie)
        record_assembly(finished_good_id=good_of((cookie, "3"), name=f"Bag {number}").pk, quantity=1)
    with django_assert_num_queries(10):
        member_client.get(reverse("inventory:trace", args=[flour.pk]))
