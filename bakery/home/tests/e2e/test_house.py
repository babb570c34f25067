"""What only a browser can prove about the pages of the house."""

import re

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import expect

from bakery.core.models import Household

PAGES = [
    "today",
    "household",
    "books",
    "members",
    "invite_member",
    "password_change",
    "welcome_start",
    "admin:index",
]


@pytest.fixture
def household(transactional_db):
    return Household.objects.create(pk=1, name="Number 9", time_zone="Europe/Berlin")


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1240])
def test_every_page_is_accessible_fits_and_keeps_the_policy(
    open_browser, owner, household, accessibility_problems, colours, width
):
    page = open_browser(owner, viewport={"width": width, "height": 844}, color_scheme=colours).new_page()
    said = []
    page.on("console", lambda message: said.append(message.text))
    for name in PAGES:
        page.goto(reverse(name))
        page.wait_for_load_state("networkidle")
        assert said == [], name
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
    for name in PAGES:  # apart, because axe tries inline styles, and the policy complains
        page.goto(reverse(name))
        assert accessibility_problems(page) == [], name


@pytest.mark.parametrize("script", [True, False])
def test_the_first_visit(open_browser, transactional_db, script):
    page = open_browser(java_script_enabled=script, timezone_id="Europe/Vienna").new_page()
    page.goto("/")
    page.get_by_label("Login name").fill("odile")
    page.get_by_label("Password", exact=True).fill("cardamom-and-clove")
    page.get_by_label("Password confirmation").fill("cardamom-and-clove")
    page.get_by_role("button", name="Create the owner").click()
    page.get_by_label("Name of the bakery").fill("Number 9")
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Start empty").click()
    expect(page).to_have_url(re.compile("/$"))
    expect(page.get_by_role("link", name="Number 9")).to_be_visible()
    assert User.objects.get().is_superuser
    assert Household.objects.get().time_zone == ("Europe/Vienna" if script else "UTC")


def test_somebody_is_invited_and_comes_in(open_browser, page, household):
    page.goto(reverse("members"))
    page.get_by_role("button", name="Invite somebody").click()
    page.get_by_label("Login name").fill("theo")
    page.get_by_role("button", name="Invite").click()
    link = page.get_by_label("Hand over this link").input_value()
    guest = open_browser().new_page()
    guest.goto(link)
    guest.get_by_label("New password", exact=True).fill("a-very-long-whisk")
    guest.get_by_label("New password confirmation").fill("a-very-long-whisk")
    guest.get_by_role("button", name="Set it and come in").click()
    expect(guest.get_by_text("Welcome. Your password is set.")).to_be_visible()
    expect(guest.get_by_role("link", name="Setup")).to_have_count(0)


def test_the_keyboard_skips_to_the_page_and_closes_the_menu(page, household):
    page.goto(reverse("members"))
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    menu = page.locator("header details")
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(menu).to_have_attribute("open", "")
    page.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    expect(menu.locator("summary")).to_be_focused()


def test_what_is_touched_on_a_phone_is_large_enough(phone, household):
    phone.goto(reverse("household"))
    for target in phone.locator(
        "nav.places a, main input[type=text]:not([role]), main .ts-control, main button"
    ).all():
        box = target.bounding_box()
        assert box is None or box["height"] >= 44, target


def test_a_failed_request_says_that_nothing_was_saved(page, household):
    page.goto(reverse("household"))
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    page.evaluate("htmx.ajax('POST', '/household/', 'main').catch(() => {})")
    expect(page.get_by_role("alert")).to_have_text(
        re.compile("^Nothing was saved: the bakehouse cannot be reached")
    )
    page.context.set_offline(False)
    page.evaluate("htmx.ajax('POST', '/no/such/page/', 'main').catch(() => {})")
    expect(page.get_by_role("alert")).to_have_text(re.compile("^Nothing was saved: it is no longer there"))


def test_a_picker_finds_by_typing_and_keeps_its_name(page, household):
    page.goto(reverse("household"))
    zone = page.get_by_role("combobox", name="Time zone")
    zone.focus()
    zone.press_sequentially("auck")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The household is saved.")).to_be_visible()
    assert Household.objects.get().time_zone == "Pacific/Auckland"
