"""The pages of the boxes."""

from __future__ import annotations

import uuid

import pytest
from django.urls import reverse

from assembly.models import AssemblyRun
from assembly.services import record_assembly
from assembly.tests.factories import good_of, on_shelf
from inventory.tests.factories import PackagingFactory, ProductFactory
from production.tests.factories import FinishedUnitFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def cookie():
    return FinishedUnitFactory(name="Lebkuchen")


@pytest.fixture
def bag(cookie):
    return good_of((cookie, "3"), name="Cookie bag")


def typed(bag, quantity):
    return {"uuid": uuid.uuid4(), "finished_good": bag.pk, "quantity": quantity, "event": "", "notes": ""}


def test_a_bag_is_recorded_shown_edited_and_voided(member_client, bag, cookie):
    on_shelf(cookie, "6", "6")
    answer = member_client.post(reverse("assembly:record"), typed(bag, 2))
    run = AssemblyRun.objects.get()
    assert answer.url == run.get_absolute_url()
    assert b"Lebkuchen" in member_client.get(answer.url).content
    answer = member_client.post(reverse("assembly:edit", args=[run.pk]), {"event": "", "notes": "with care"})
    assert answer.status_code == 302
    void = reverse("assembly:void", args=[run.pk])
    assert member_client.get(void).status_code == 200
    answer = member_client.post(void, {"uuid": uuid.uuid4(), "reason": "recorded twice"})
    run.refresh_from_db()
    assert (run.notes, run.is_voided, cookie.inventory_count) == ("with care", True, 6)


def test_what_is_short_is_refused_with_its_way_on(member_client, bag, cookie):
    ribbon = ProductFactory(ingredient=PackagingFactory(name="Ribbon", stock_unit="cm"))
    hamper = good_of((bag, "1"), (cookie, "1"), (ribbon, "10"))
    answer = member_client.post(reverse("assembly:record"), typed(hamper, 1))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Not enough Lebkuchen" in page
    assert f"?good={bag.pk}&amp;quantity=1" in page
    assert f"?product={ribbon.pk}&amp;quantity=10" in page


def test_the_panel_follows_and_the_button_is_off_while_something_is_short(member_client, bag):
    answer = member_client.get(
        reverse("assembly:record"), {"finished_good": bag.pk, "quantity": 2}, headers={"HX-Request": "true"}
    )
    page = answer.content.decode()
    assert "<html" not in page
    assert "disabled" in page


def test_lists_and_the_page_of_a_good(member_client, bag, cookie):
    on_shelf(cookie, "7", "7")
    run = record_assembly(finished_good_id=bag.pk, quantity=1)
    for address in (
        reverse("assembly:assemble"),
        reverse("assembly:history"),
        reverse("assembly:history") + f"?finished_good={bag.pk}&hide_voided=on",
        bag.get_absolute_url(),
    ):
        page = member_client.get(address)
        assert page.status_code == 200
        assert run.get_absolute_url() in page.content.decode()
    assert (
        member_client.get(
            reverse("assembly:history") + "?start_date=2026-02-01&end_date=2026-01-01"
        ).status_code
        == 422
    )
    assert member_client.get(reverse("assembly:good", args=["none"])).status_code == 404
