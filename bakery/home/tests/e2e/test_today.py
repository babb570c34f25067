"""Today in a browser: from where the events stand to a bake, with the keyboard alone, on a phone, in the dark."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from bakery.core.models import Household
from events.models import Event
from events.services import set_production_target
from inventory.tests.factories import IngredientFactory, bought
from production.models import ProductionRun, Recipe
from production.tests.factories import FinishedUnitFactory, recipe_of

pytestmark = pytest.mark.django_db(transaction=True)


def planned(event, name, item, grams, batches):
    recipe = recipe_of((item, grams, "g"))
    Recipe.objects.filter(pk=recipe.pk).update(name=name)
    FinishedUnitFactory(recipe=recipe, name=name)
    set_production_target(event_id=event.pk, recipe_id=recipe.pk, target_batches=batches)


@pytest.fixture
def fair():
    """Three batches of Lebkuchen, two of which the shelf allows, and Stollen that lacks almonds."""
    Household.objects.create(pk=1, name="Number 9")
    today = timezone.localdate()
    event = Event.objects.create(name="Village Market", event_date=today + timedelta(12))
    Event.objects.create(name="School Fair", event_date=today - timedelta(40))
    flour = IngredientFactory(name="Flour")
    bought(flour, "200", "2")
    planned(event, "Lebkuchen", flour, "100", 3)
    planned(event, "Stollen", IngredientFactory(name="Almonds"), "140", 1)
    return event


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1240])
def test_the_board_is_accessible_and_fits(open_browser, owner, fair, accessibility_problems, colours, width):
    page = open_browser(owner, viewport={"width": width, "height": 844}, color_scheme=colours).new_page()
    for address in ("/", "/?show=all", "/?start=2020-01-02&end=2020-01-01"):
        page.goto(address)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        assert accessibility_problems(page) == [], address


def test_one_tap_leads_to_the_bake_with_recipe_event_and_batches_filled_in(page: Page, fair):
    page.goto("/")
    expect(page.get_by_text("1 event ahead. Next up: bake 3 batches of Lebkuchen")).to_be_visible()
    expect(page.get_by_text("Enough for 2")).to_be_visible()
    expect(page.get_by_text("Short: 140 g Almonds")).to_be_visible()
    page.get_by_role("link", name="Record Lebkuchen for Village Market").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Batches")).to_have_value("2")
    page.get_by_role("button", name="Record 2 batches").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Recorded 2 batches of Lebkuchen")).to_be_visible()
    assert ProductionRun.objects.get().event == fair
    page.goto("/")
    expect(page.get_by_text("Short: 100 g Flour")).to_be_visible()


def test_past_events_and_days_are_chosen_without_a_script_and_back_works(open_browser, owner, fair):
    page = open_browser(owner, java_script_enabled=False).new_page()
    page.goto("/")
    page.get_by_role("link", name="Past").click()
    expect(page.get_by_role("link", name="School Fair", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Record Lebkuchen for Village Market")).to_be_visible()
    page.get_by_text("Dates").click()
    page.get_by_label("From").fill(fair.event_date.isoformat())
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("heading", name="School Fair")).to_have_count(0)
    expect(page.get_by_role("heading", name="Village Market")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="School Fair")).to_be_visible()
