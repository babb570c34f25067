"""Walking along the shelf with a phone, as only a browser can prove it."""

import pytest
from playwright.sync_api import expect

from inventory.tests.factories import IngredientFactory, bought

pytestmark = pytest.mark.django_db(transaction=True)


def test_counting_shows_before_and_after_and_keeps_the_place(phone, accessibility_problems):
    lot = bought(IngredientFactory(name="Sugar"), "1000", "2")
    phone.goto("/pantry/count/")
    counted = phone.get_by_label("Sugar counted, in g or %")
    counted.fill("40 %")
    counted.press("Enter")
    expect(phone.locator(f"#lot-{lot.pk} .pill")).to_have_text("Sugar: 1 kg before, 400 g now.")
    expect(phone.locator("#status")).to_have_text("Sugar: 1 kg before, 400 g now.")
    expect(counted).to_be_focused()
    assert accessibility_problems(phone) == []


def test_what_was_found_more_stands_below_and_is_not_added_twice(phone, accessibility_problems):
    lot = bought(IngredientFactory(name="Sugar"), "1000", "2")
    phone.goto("/pantry/count/")
    counted = phone.locator(f"#id_counted_{lot.pk}")
    counted.fill("1200")
    counted.press("Enter")
    expect(phone.locator("li[id^=lot-]")).to_have_count(2)
    found = phone.locator("li[id^=lot-]").nth(1)
    expect(found).to_contain_text("200 g")
    expect(counted).to_be_focused()
    assert accessibility_problems(phone) == []
    counted.fill("1200")
    counted.press("Enter")
    expect(phone.locator("#status .refused")).to_contain_text("Nothing was added again.")
    expect(phone.locator("li[id^=lot-]")).to_have_count(2)
    assert accessibility_problems(phone) == []


def test_counting_works_without_javascript(open_browser, owner):
    lot = bought(IngredientFactory(name="Sugar"), "1000", "2")
    page = open_browser(owner, java_script_enabled=False).new_page()
    page.goto("/pantry/count/")
    page.get_by_label("Sugar counted, in g or %").fill("600")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Sugar: 1 kg before, 600 g now.")).to_be_visible()
    lot.refresh_from_db()
    assert lot.quantity_remaining == 600
