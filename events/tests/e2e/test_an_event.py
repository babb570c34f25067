"""From a new event to the last package delivered and what it all cost: by mouse, by keyboard, by thumb."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from assembly.models import AssemblyRun
from assembly.tests.factories import good_of
from events.models import EventRecipientPackage
from events.tests.factories import RecipientFactory, package_of
from inventory.tests.factories import IngredientFactory, PackagingFactory, ProductFactory, bought
from production.models import ProductionRun
from production.tests.factories import FinishedUnitFactory, recipe_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def bakery():
    """Stars of 100 g of flour for ten, in bags of five; a package is two bags. There is too little of all."""
    flour = IngredientFactory(name="Flour")
    bought(flour, "100", "2", product=ProductFactory(ingredient=flour, brand="Mill", package_quantity=100))
    cello = PackagingFactory(name="Cello bag")
    sheet = ProductFactory(ingredient=cello, brand="Crisp", package_quantity=4)
    bought(cello, "1", "0.50", product=sheet)
    recipe = recipe_of((flour, "100", "g"))
    recipe.name = "Lebkuchen"
    recipe.save()
    star = FinishedUnitFactory(recipe=recipe, name="Star", items_per_batch=10, item_label="star")
    bag = good_of((star, "5"), (sheet, "1"), name="Star bag")
    package_of((bag, 2), name="Pair of bags")
    RecipientFactory(name="Ani", address="1 Lane")
    RecipientFactory(name="Zoë")


class Hands:
    """A mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, what: Locator) -> None:
        what.click()

    def write(self, field: Locator, text: str) -> None:
        field.fill(text)

    def choose(self, picker: str, *names: str) -> None:
        field = self.page.get_by_role("combobox", name=picker)
        self.press(field)
        for name in names:
            field.press_sequentially(name)
            field.press("Enter")
        field.press("Escape")


class Keyboard(Hands):
    """No mouse at all: Tab until it is reached."""

    def reach(self, what: Locator) -> None:
        expect(what).to_be_visible()
        for _ in range(120):
            if what.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        pytest.fail(f"Tab does not lead to {what}.")

    def press(self, what: Locator) -> None:
        self.reach(what)
        self.page.keyboard.press("Enter")

    def write(self, field: Locator, text: str) -> None:
        self.reach(field)
        field.press("Control+a")
        self.page.keyboard.type(text)

    def choose(self, picker: str, *names: str) -> None:
        field = self.page.get_by_role("combobox", name=picker)
        self.reach(field)
        for name in names:
            self.page.keyboard.type(name)
            self.page.keyboard.press("Enter")


class Thumb(Hands):
    def press(self, what: Locator) -> None:
        what.tap()
        self.page.wait_for_timeout(600)  # the next tap is meant: it is not the second half of a double one


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name)


def link(page: Page, name: str) -> Locator:
    return page.get_by_role("link", name=name)


def said(page: Page, sentence: str) -> None:
    expect(page.locator("#status")).to_have_text(sentence)


def plan(page: Page, hands: Hands) -> None:
    """Create the event and say who gets something."""
    page.goto("/events/")
    day = timezone.localdate() + timedelta(days=12)
    hands.write(page.get_by_label("Name"), "Advent")
    page.get_by_label("Date").fill(day.isoformat())
    hands.press(button(page, "Plan it"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Advent")
    expect(page.get_by_text("in 12 days")).to_be_visible()
    hands.press(link(page, "Say who gets something"))
    hands.choose("Recipients", "Ani", "zoe")
    hands.choose("Package", "Pair")
    hands.press(button(page, "Assign").last)
    said(page, "2 people get Pair of bags.")
    expect(page.get_by_text("2 packages for 2 people")).to_be_visible()


def set_targets(page: Page, hands: Hands) -> None:
    hands.press(page.locator("#tab-targets"))
    expect(page).to_have_url(page.url.split("/events/")[0] + "/events/advent/targets/")
    hands.press(page.locator("#suggest"))
    hands.press(button(page, "Take over what is ticked"))
    said(page, "2 targets taken over from the packages.")
    expect(page.get_by_text("0/2 batches (0%)")).to_be_visible()
    expect(page.get_by_text("0/4 (0%)")).to_be_visible()


def shop(page: Page, hands: Hands) -> None:
    hands.press(page.locator("#tab-shopping_for"))
    for name in ("Flour", "Cello bag"):
        tick = page.get_by_role("button", name=f"Got {name}")
        hands.press(tick)
        row = page.get_by_role("row").filter(has_text=name)
        hands.press(row.get_by_role("button", name="Put it on the shelf"))
        expect(page.get_by_text(f"of {name} is on the shelf.")).to_be_visible()


def bake(page: Page, hands: Hands) -> None:
    hands.press(page.locator("#tab-targets"))
    record = button(page, "Record a batch of Lebkuchen")
    for share in ("1/2 batches (50%)", "2/2 batches (100%)"):
        hands.press(record)
        expect(page.get_by_text(share)).to_be_visible()
    expect(page.locator("#baking").get_by_text("Complete")).to_be_visible()


def assemble(page: Page, hands: Hands) -> None:
    hands.press(link(page, "Assemble Star bag"))
    hands.press(button(page, "Record 4 × Star bag"))
    expect(page.get_by_text("Recorded 4 × Star bag")).to_be_visible()
    hands.press(page.get_by_role("link", name="Advent", exact=True))
    hands.press(page.locator("#tab-packages_of"))


def hand_out(page: Page, hands: Hands) -> None:
    for name in ("Ani", "Zoë"):
        hands.press(button(page, f"Pack Pair of bags for {name}"))
        said(page, f"1 × Pair of bags for {name} is packed: it left the shelf.")
        hands.press(page.get_by_role("button", name=f"Deliver Pair of bags to {name}"))
        hands.write(page.get_by_label("Handed to"), f"{name}'s door")
        hands.press(button(page, "Delivered"))
        said(page, f"Pair of bags for {name} is delivered.")
        expect(page.get_by_role("row").filter(has_text=name)).to_contain_text(f"to {name}'s door")


def see_the_end(page: Page, hands: Hands) -> None:
    hands.press(page.locator("#tab-costs"))
    expect(page.get_by_text("Packaging of boxes and bags")).to_be_visible()
    hands.press(page.locator("#tab-event"))
    expect(page.get_by_text("All that was planned is done.")).to_be_visible()
    expect(page.locator("#event").get_by_text("Complete", exact=True)).to_be_visible()
    assert ProductionRun.objects.filter(event__name="Advent").count() == 2
    assert AssemblyRun.objects.filter(event__name="Advent").count() == 1
    assert set(EventRecipientPackage.objects.values_list("fulfillment_status", flat=True)) == {"delivered"}


JOURNEY = (plan, set_targets, shop, bake, assemble, hand_out, see_the_end)


def test_by_mouse(page: Page, bakery, accessibility_problems):
    page.emulate_media(reduced_motion="reduce")  # colours are looked at when they have settled
    for part in JOURNEY:
        part(page, Hands(page))
        assert accessibility_problems(page) == [], part.__name__


def test_by_keyboard(page: Page, bakery):
    for part in JOURNEY:
        part(page, Keyboard(page))


def test_on_a_phone(phone: Page, bakery, accessibility_problems):
    phone.emulate_media(reduced_motion="reduce")
    for part in JOURNEY:
        part(phone, Thumb(phone))
        phone.evaluate("window.scrollTo(0, 0)")  # nothing half under the bar at the top
        assert accessibility_problems(phone) == [], part.__name__
        assert phone.evaluate("document.documentElement.scrollWidth") <= 390, part.__name__
