"""From the sample bakery to a recorded, looked-at and voided bake, in a browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from bakery import sample
from events.models import Event
from inventory.models import Allergen, Ingredient
from production.models import ProductionRun, Recipe

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def lebkuchen() -> Recipe:
    # Other browser tests empty the database after themselves, and with it what the migrations put there.
    for name in ("Gluten", "Eggs", "Peanuts", "Soybeans", "Milk", "Nuts", "Sesame", "Sulphites"):
        Allergen.objects.get_or_create(name=name)
    sample.load()
    return Recipe.objects.get(name="Lebkuchen")


def record(page: Page, recipe: Recipe) -> None:
    page.goto(f"/production/record/?recipe={recipe.pk}")
    page.get_by_label("Batches").fill("2")
    expect(page.get_by_role("button", name="Record 2 batches")).to_be_enabled()
    expect(page.get_by_text("Empty means all 60 came out.")).to_be_visible()
    page.get_by_label("Actual yield").fill("58")


def test_two_batches_two_short_then_voided(phone: Page, lebkuchen: Recipe, accessibility_problems):
    before = ProductionRun.objects.count()
    record(phone, lebkuchen)
    assert accessibility_problems(phone) == []
    phone.get_by_role("button", name="Record 2 batches").dblclick()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Lebkuchen, 2 batches")
    expect(phone.get_by_text("58 of 60")).to_be_visible()
    assert ProductionRun.objects.count() == before + 1
    assert accessibility_problems(phone) == []
    phone.get_by_role("button", name="Void this bake").click()
    phone.get_by_label("Why").fill("only trying")
    phone.get_by_role("button", name="Void it").press("Enter")
    expect(phone.get_by_text("Voided: everything it took is back on the shelf.")).to_be_visible()


def test_too_many_batches_wait_and_set_to_what_is_possible(page: Page, lebkuchen: Recipe):
    page.goto(f"/production/record/?recipe={lebkuchen.pk}")
    page.get_by_label("Notes").fill("kept while the panel follows")
    page.get_by_label("Batches").fill("900")
    expect(page.get_by_role("button", name="Record 900 batches")).to_be_disabled()
    page.get_by_role("link", name="Set to").click()
    expect(page.get_by_role("button", name="Record")).to_be_enabled()
    expect(page.get_by_label("Notes")).to_have_value("kept while the panel follows")
    assert page.get_by_label("Batches").input_value() != "900"


def test_by_keyboard_and_back_shows_the_whole_page(page: Page, lebkuchen: Recipe):
    record(page, lebkuchen)
    page.get_by_label("Actual yield").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Lebkuchen, 2 batches")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Record a bake")
    expect(page.get_by_role("navigation").first).to_be_visible()


def test_without_script(open_browser, owner, lebkuchen: Recipe):
    page = open_browser(owner, java_script_enabled=False).new_page()
    page.goto(f"/production/record/?recipe={lebkuchen.pk}&batches=2")
    page.get_by_role("button", name="Record 2 batches").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Lebkuchen, 2 batches")


def test_a_comma_typed_where_pieces_are_counted_is_refused_and_not_dropped(page: Page, lebkuchen: Recipe):
    page.goto(f"/production/record/?recipe={lebkuchen.pk}")
    page.get_by_label("Actual yield").press_sequentially("30,5")
    expect(page.get_by_label("Actual yield")).to_have_value("30,5")
    page.get_by_role("button", name="Record 1 batch").click()
    expect(page.get_by_text("Pieces are counted whole: 0, 1, 2.")).to_be_visible()
    expect(page.get_by_label("Actual yield")).to_have_value("30,5")


def test_what_is_only_asked_for_carries_no_token_and_no_key(page: Page, lebkuchen: Recipe):
    page.goto(f"/production/record/?recipe={lebkuchen.pk}")
    with page.expect_request(lambda request: "num_batches=2" in request.url) as asked:
        page.get_by_label("Batches").fill("2")
    assert "csrfmiddlewaretoken" not in asked.value.url
    assert "uuid" not in asked.value.url
    expect(page.get_by_role("button", name="Record 2 batches")).to_be_visible()


TOO_MUCH, STILL_TO_COME = {"num_batches": "900"}, {"produced_at": "2099-01-01T08:00"}


@pytest.mark.parametrize("wrong", [TOO_MUCH, STILL_TO_COME], ids=["too much", "a day still to come"])
def test_what_was_refused_is_all_there_on_back_without_script_and_counts_once(
    open_browser, owner, lebkuchen: Recipe, wrong
):
    event = Event.objects.get(name="Village Market 2026")
    right = {
        "num_batches": "2",
        "event": str(event.pk),
        "actual_yield": "58",
        "produced_at": "2026-01-02T08:00",
        "notes": "late",
    }
    page = open_browser(owner, java_script_enabled=False).new_page()

    def shown() -> dict[str, str]:
        return {name: page.locator(f"[name={name}]").input_value() for name in right}

    def send(typed: dict[str, str]) -> None:
        for name in typed.keys() - {"event"}:
            page.locator(f"[name={name}]").fill(typed[name])
        page.get_by_role("button", name="Record").dblclick()

    page.goto(f"/production/record/?recipe={lebkuchen.pk}")
    page.get_by_label("For event").select_option(right["event"])
    before = ProductionRun.objects.count()
    send(right | wrong)
    expect(
        page.locator(".callout, .errorlist").filter(has_text=re.compile("Not enough|still to come"))
    ).to_be_visible()
    assert shown() == right | wrong
    page.go_back()
    assert page.url.endswith(f"?recipe={lebkuchen.pk}")
    assert shown() == right | wrong
    send(right)
    expect(page.get_by_role("heading", level=1)).to_have_text("Lebkuchen, 2 batches")
    assert ProductionRun.objects.count() == before + 1
    assert ProductionRun.objects.filter(event=event, notes="late", actual_yield=58).count() == 1


def test_the_sugar_is_counted_where_it_stands(phone: Page, lebkuchen: Recipe, accessibility_problems):
    sugar = Ingredient.objects.get(name="Sugar, granulated")
    lot = sugar.lots.filter(quantity_remaining__gt=0).first()
    phone.goto("/pantry/count/?q=sugar+granulated")
    assert accessibility_problems(phone) == []
    row = phone.locator(f"#lot-{lot.pk}")
    row.get_by_role("textbox").fill("100")
    row.get_by_role("textbox").press("Enter")
    expect(phone.locator(f"#lot-{lot.pk}")).to_contain_text("100 g now")
    lot.refresh_from_db()
    assert lot.quantity_remaining == 100
