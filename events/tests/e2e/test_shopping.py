"""Shopping with a phone in one hand: tick, bring home, print; without a script; for those who hear the page."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from events.models import Event, EventProductionTarget, ShoppingItem
from inventory.models import Lot
from inventory.tests.factories import IngredientFactory, ProductFactory, SupplierFactory, bought
from production.tests.factories import recipe_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def christmas() -> Event:
    """It needs 1,500 g of flour and 300 g of sugar; a bag of 1 kg of either costs 1.80."""
    event = Event.objects.create(name="Christmas 2026", event_date=timezone.localdate() + timedelta(days=30))
    club = SupplierFactory(name="Wholesale club")
    lines = []
    for name, quantity in (("Flour", "500"), ("Sugar", "100")):
        item = IngredientFactory(name=name)
        product = ProductFactory(
            ingredient=item,
            brand="Mill",
            package_quantity=Decimal(1),
            package_unit="kg",
            preferred_supplier=club,
        )
        bought(item, "1", "0.0018", product=product)
        lines.append((item, quantity, "g"))
    EventProductionTarget.objects.create(event=event, recipe=recipe_of(*lines), target_batches=3)
    return event


def test_tick_bring_home_and_print_on_a_phone(phone: Page, christmas, accessibility_problems):
    phone.goto("/shopping/")
    assert accessibility_problems(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    got = phone.get_by_role("button", name="Got Flour")
    box = got.bounding_box()
    assert min(box["width"], box["height"]) >= 44
    before = phone.get_by_role("button", name="Got Sugar").bounding_box()["x"]
    got.click()
    expect(got).to_have_attribute("aria-pressed", "true")
    expect(got).to_be_focused()
    assert phone.get_by_role("button", name="Got Sugar").bounding_box()["x"] == before
    expect(phone.locator("#status")).to_have_text("Ticked off.")
    assert accessibility_problems(phone) == []
    expect(phone.get_by_label("Packages")).to_have_value("2")
    phone.get_by_label("Paid in all").fill("3,70")
    phone.get_by_role("button", name="Put it on the shelf").dblclick()
    expect(phone.get_by_text("2 kg of Flour is on the shelf.")).to_be_visible()
    expect(phone.locator(".pill", has_text="bought")).to_be_visible()
    lot = Lot.objects.latest("pk")
    assert (Lot.objects.count(), lot.quantity, lot.value) == (3, 2000, Decimal("3.7000"))
    phone.emulate_media(media="print")
    expect(phone.get_by_role("heading", name="Wholesale club")).to_be_visible()
    expect(phone.get_by_role("button", name="Got Sugar")).to_be_hidden()
    expect(phone.get_by_role("heading", name="Put something on the list")).to_be_hidden()
    expect(phone.get_by_role("navigation")).to_be_hidden()


def test_ticking_by_keyboard_keeps_the_focus(page: Page, christmas):
    page.goto("/shopping/")
    got = page.get_by_role("button", name="Got Sugar")
    got.focus()
    page.keyboard.press("Space")
    expect(got).to_have_attribute("aria-pressed", "true")
    expect(got).to_be_focused()
    page.keyboard.press("Space")
    expect(got).to_have_attribute("aria-pressed", "false")
    expect(got).to_be_focused()


def test_something_is_found_by_typing_and_put_on_the_list(page: Page, christmas, accessibility_problems):
    IngredientFactory(name="Crème fraîche", stock_unit="ml")
    page.goto("/shopping/")
    page.get_by_role("combobox", name="From the pantry").fill("creme")
    page.keyboard.press("Enter")
    page.get_by_label("How much").fill("200")
    page.get_by_role("button", name="Put it on the list").click()
    expect(page.get_by_role("heading", name="Put on by hand")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="Crème fraîche")).to_contain_text("200 ml")
    assert accessibility_problems(page) == []
    page.get_by_role("button", name="Remove Crème fraîche").click()
    expect(page.get_by_role("heading", name="Put on by hand")).to_have_count(0)


def test_choosing_an_event_stays_in_the_address_and_back_works(page: Page, christmas):
    market = Event.objects.create(name="Market", event_date=timezone.localdate() + timedelta(days=3))
    page.goto("/shopping/")
    page.get_by_label("Christmas 2026").uncheck()
    expect(page.get_by_text("Nothing is on the list.")).to_be_visible()
    assert page.url.endswith(f"/shopping/?event=&event={market.slug}")
    expect(page.get_by_text("For Market, less what is on the shelf.")).to_be_visible()
    expect(page.get_by_role("button", name="CSV")).to_have_attribute(
        "href", f"/shopping/csv/?event=&event={market.slug}"
    )
    expect(page.get_by_label("Christmas 2026")).to_be_focused()
    page.go_back()
    expect(page.get_by_role("button", name="Got Flour")).to_be_visible()


def test_without_script(open_browser, owner, christmas):
    page = open_browser(owner, java_script_enabled=False).new_page()
    page.goto(f"/shopping/?event={christmas.slug}")
    page.get_by_role("button", name="Got Flour").click()
    expect(page.get_by_role("button", name="Got Flour")).to_have_attribute("aria-pressed", "true")
    assert page.url.endswith(f"/shopping/?event={christmas.slug}")
    page.get_by_role("button", name="Put it on the shelf").click()
    expect(page.get_by_text("2 kg of Flour is on the shelf.")).to_be_visible()
    page.get_by_label("or in plain words").fill("Candles")
    page.get_by_role("button", name="Put it on the list").click()
    page.get_by_role("button", name="Got Candles").click()
    assert ShoppingItem.objects.get(text="Candles").ticked_at is not None


def test_in_the_dark(open_browser, owner, christmas, accessibility_problems):
    page = open_browser(owner, color_scheme="dark").new_page()
    page.goto("/shopping/")
    page.get_by_role("button", name="Got Flour").click()
    expect(page.get_by_role("button", name="Put it on the shelf")).to_be_visible()
    assert accessibility_problems(page) == []


def test_in_the_tab_of_an_event(phone: Page, christmas, accessibility_problems):
    tab = f"/events/{christmas.slug}/shopping/"
    phone.goto(f"/events/{christmas.slug}/")
    phone.get_by_role("link", name="Shopping list").click()
    expect(phone).to_have_url(re.compile(f"{tab}$"))
    phone.get_by_role("button", name="Got Flour").click()
    expect(phone.get_by_role("button", name="Got Flour")).to_have_attribute("aria-pressed", "true")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Christmas 2026")
    assert accessibility_problems(phone) == []
    phone.get_by_role("button", name="Put it on the shelf").click()
    expect(phone.locator(".pill", has_text="bought")).to_be_visible()
    expect(phone).to_have_url(re.compile(f"{tab}$"))
    phone.get_by_label("or in plain words").fill("Candles")
    phone.get_by_role("button", name="Put it on the list").click()
    expect(phone.get_by_role("button", name="Got Candles")).to_be_visible()
    expect(phone).to_have_url(re.compile(f"{tab}$"))
    assert ShoppingItem.objects.get(text="Candles").event == christmas


def test_a_purchase_that_cannot_be_keeps_what_was_typed(page: Page, christmas):
    page.goto("/shopping/")
    page.get_by_role("button", name="Got Flour").click()
    page.get_by_label("Paid in all").fill("a lot")
    page.get_by_role("button", name="Put it on the shelf").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bring home Flour")
    expect(page.get_by_label("Paid in all")).to_have_value("a lot")
    page.get_by_label("Paid in all").fill("3.60")
    page.get_by_role("button", name="Put it on the shelf").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Shopping")
    expect(page.get_by_text("2 kg of Flour is on the shelf.")).to_be_visible()
