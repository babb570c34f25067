"""Somebody types, and is logged out meanwhile: nothing of it is lost, and nothing is saved before they say so."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import expect

from bakery.core.models import Household
from inventory.tests.factories import IngredientFactory, bought
from production.models import ProductionRun
from production.tests.factories import FinishedUnitFactory, recipe_of

PASSWORD = "marzipan-and-rum"


@pytest.fixture
def cookie(transactional_db):
    Household.objects.create(pk=1, name="Number 9", time_zone="Europe/Berlin")
    flour = IngredientFactory(name="Flour")
    bought(flour, "1000", "2")
    return FinishedUnitFactory(name="Moon", recipe=recipe_of((flour, "100", "g")))


def log_in(page):
    page.get_by_label("Username").fill("mira")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()


@pytest.mark.parametrize("script", [True, False])
def test_a_bake_that_was_typed_is_recorded_after_the_login(
    open_browser, member, cookie, accessibility_problems, script
):
    page = open_browser(member, java_script_enabled=script, viewport={"width": 390, "height": 844}).new_page()
    page.goto(reverse("production:record", query={"unit": cookie.pk, "batches": 2}))
    page.get_by_label("Notes").fill("The second tray is a little dark")
    Session.objects.all().delete()
    page.get_by_role("button", name="Record").click()
    expect(page.get_by_text("nothing was saved")).to_be_visible()
    if script:
        assert accessibility_problems(page) == []
    log_in(page)
    expect(page.get_by_role("heading", name="Not saved yet")).to_be_visible()
    assert not ProductionRun.objects.exists()
    page.get_by_role("button", name="Send what I typed").click()
    expect(page.get_by_text("Recorded 2 batches")).to_be_visible()
    assert ProductionRun.objects.get().notes == "The second tray is a little dark"


def test_what_is_being_typed_stays_when_a_look_finds_the_login_gone(open_browser, member, cookie):
    page = open_browser(member).new_page()
    page.goto(reverse("production:record", query={"unit": cookie.pk, "batches": 2}))
    Session.objects.all().delete()
    page.get_by_label("Notes").fill("dark")
    page.get_by_label("Batches").fill("3")
    page.get_by_label("Batches").blur()
    expect(page.get_by_text("What you typed is still here")).to_be_visible()
    expect(page.get_by_label("Notes")).to_have_value("dark")


def test_a_tab_that_is_opened_leads_to_the_login_and_back(open_browser, member, cookie):
    page = open_browser(member).new_page()
    page.goto(reverse("inventory:pantry"))
    Session.objects.all().delete()
    page.get_by_label("Search").fill("flour")
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    log_in(page)
    expect(page).to_have_url(re.compile(reverse("inventory:pantry")))
