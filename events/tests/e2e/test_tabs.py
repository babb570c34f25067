"""What only a browser can prove of an event's page: focus, double clicks, Back, no script, paper."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from assembly.tests.factories import good_of, on_shelf
from events import services
from events.models import EventRecipientPackage
from events.tests.factories import EventFactory, RecipientFactory, assigned, package_of
from inventory.models import Allergen, Ingredient
from inventory.tests.factories import IngredientFactory, bought
from production.models import ProductionRun
from production.tests.factories import FinishedUnitFactory, recipe_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def event():
    return EventFactory(name="Advent", event_date=timezone.localdate() + timedelta(days=9))


@pytest.fixture
def star(event):
    """Flour for three batches of ten stars; two are planned."""
    flour = IngredientFactory(name="Flour")
    bought(flour, "300", "6")
    recipe = recipe_of((flour, "100", "g"))
    recipe.name = "Lebkuchen"
    recipe.save()
    star = FinishedUnitFactory(recipe=recipe, name="Star", items_per_batch=10)
    services.set_production_target(event_id=event.pk, recipe_id=recipe.pk, target_batches=2)
    return star


@pytest.fixture
def three(event, star):
    """Ani, Ben and Cleo get a bag each; two bags are on the shelf. Ben avoids milk, which is in the flour."""
    milk = Allergen.objects.get_or_create(name="Milk")[0]
    Ingredient.objects.get(name="Flour").allergens.add(milk)
    bag = good_of((star, "2"), name="Bag")
    on_shelf(bag, "2", "2")
    package = package_of((bag, 1), name="Bag of stars")
    found = [
        assigned(event, package, recipient=RecipientFactory(name=name, address=f"{name}'s Lane"))
        for name in ("Ani", "Ben", "Cleo")
    ]
    found[1].recipient.avoids.add(milk)
    return found


def status(page: Page, sentence: str) -> None:
    expect(page.locator("#status")).to_have_text(sentence)


def test_a_double_click_records_one_batch_and_keeps_the_focus(page: Page, star):
    page.goto("/events/advent/targets/")
    button = page.get_by_role("button", name="Record a batch of Lebkuchen")
    button.dblclick()
    status(page, "Recorded 1 batch of Lebkuchen: 10 on the shelf.")
    expect(page.get_by_text("1/2 batches (50%)")).to_be_visible()
    expect(button).to_be_focused()
    assert ProductionRun.objects.count() == 1


def test_a_slow_double_click_does_not_meet_the_new_button(page: Page, star):
    page.goto("/events/advent/targets/")
    button = page.get_by_role("button", name="Record a batch of Lebkuchen")
    button.click()
    expect(page.get_by_text("1/2 batches (50%)")).to_be_visible()
    before = button.bounding_box()
    page.mouse.move(before["x"] + 20, before["y"] + 10)
    for number in (1, 2):
        page.mouse.down(click_count=number)
        page.mouse.up(click_count=number)
        expect(page.get_by_text("2/2 batches (100%)")).to_be_visible()
        assert button.bounding_box() == before
    page.wait_for_timeout(500)
    assert ProductionRun.objects.count() == 2


def test_a_key_held_down_records_one_batch(page: Page, star):
    page.goto("/events/advent/targets/")
    page.get_by_role("button", name="Record a batch of Lebkuchen").focus()
    page.keyboard.down("Enter")
    status(page, "Recorded 1 batch of Lebkuchen: 10 on the shelf.")
    page.keyboard.down("Enter")  # as a key that repeats
    page.wait_for_timeout(500)
    page.keyboard.up("Enter")
    assert ProductionRun.objects.count() == 1


def test_more_than_planned_is_said_and_too_much_is_listed_in_place(page: Page, star, accessibility_problems):
    page.emulate_media(reduced_motion="reduce")
    page.goto("/events/advent/targets/")
    button = page.get_by_role("button", name="Record a batch of Lebkuchen")
    for share in ("1/2 batches (50%)", "2/2 batches (100%)", "3/2 batches (150%)"):
        button.click()
        expect(page.get_by_text(share)).to_be_visible()
    expect(page.get_by_text("Exceeded")).to_be_visible()
    expect(page.locator("#status")).to_contain_text("1 more than the 2 planned")
    button.click()
    expect(page.get_by_role("alert").filter(has_text="cannot be baked")).to_contain_text(
        "Not enough Flour: needs 100 g, there is 0 g, 100 g missing."
    )
    assert ProductionRun.objects.count() == 3
    assert accessibility_problems(page) == []


def test_back_goes_through_the_tabs_with_their_titles(page: Page, three):
    page.goto("/events/advent/")
    page.get_by_role("link", name="Packages", exact=True).first.click()
    expect(page).to_have_title("Packages · Advent · Our bakehouse")
    page.locator("#show-pending").click()
    expect(page).to_have_url(page.url.split("/events")[0] + "/events/advent/packages/?status=pending")
    page.locator("#tab-targets").click()
    expect(page).to_have_title(
        "Targets · Advent · Our bakehouse"
    )  # else Back leads a step further than meant
    expect(page.locator("#tab-targets")).to_be_focused()
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Advent")
    expect(page.locator("#show-pending")).to_have_attribute("aria-current", "true")
    expect(page.get_by_role("navigation", name="Places")).to_be_visible()


def test_of_many_packages_one_page_is_shown_and_the_packing_list_is_had_whole(page: Page, event, three):
    for number in range(59):
        assigned(event, three[0].package, recipient=RecipientFactory(name=f"Dora {number:02}"))
    page.goto("/events/advent/packages/?status=pending")
    page.get_by_role("link", name="Next").click()
    expect(page.locator("#rows > tr")).to_have_count(2)
    page.locator("#rows > tr").get_by_role("button", name="Pack").first.click()
    status(page, "1 × Bag of stars for Dora 57 is packed: it left the shelf.")
    expect(page.locator("#rows > tr")).to_have_count(1)
    page.goto("/events/advent/packages/")
    page.locator("#whole").press("Enter")
    expect(page.locator("#rows > tr")).to_have_count(62)
    expect(page.get_by_role("button", name="Packing list")).to_be_focused()


def test_focus_goes_to_the_neighbour_when_a_row_goes(page: Page, three):
    page.goto("/events/advent/packages/?status=pending")
    first, second, _ = three
    page.locator(f"#step-{first.pk}").focus()
    page.keyboard.press("Enter")
    status(page, "1 × Bag of stars for Ani is packed: it left the shelf.")
    expect(page.locator(f"#assignment-{first.pk}")).to_have_count(0)
    expect(page.locator(f"#assignment-{second.pk}").get_by_role("link").first).to_be_focused()
    page.locator(f"#more-{second.pk}").click()
    page.get_by_role("button", name="Remove").click()
    status(page, "Ben no longer gets Bag of stars.")
    expect(page.locator(f"#assignment-{three[2].pk}").get_by_role("link").first).to_be_focused()
    page.locator(f"#step-{three[2].pk}").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("No package is pending.")).to_be_visible()
    expect(page.locator("main")).to_be_focused()  # nothing is left in the list


def test_a_form_takes_the_focus_and_gives_it_back(page: Page, three):
    services.update_fulfillment_status(three[0].pk, "ready")
    page.goto("/events/advent/packages/")
    page.locator(f"#step-{three[0].pk}").click()
    expect(page.get_by_label("Handed to")).to_be_focused()
    page.keyboard.type("Ani")
    page.keyboard.press("Enter")
    status(page, "Bag of stars for Ani is delivered.")
    expect(page.locator(f"#more-{three[0].pk}")).to_be_focused()


def test_a_target_is_set_and_edited_in_place(page: Page, event, star):
    page.goto("/events/advent/targets/")
    page.locator(f"#more-baking-{star.recipe_id}").click()
    page.get_by_role("link", name="Edit target").click()
    batches = page.get_by_label("Batches")
    expect(batches).to_be_focused()
    batches.fill("5")
    batches.press("Enter")
    status(page, "5 batches of Lebkuchen are planned.")
    expect(page.get_by_text("0/5 batches (0%)")).to_be_visible()
    page.locator(f"#more-baking-{star.recipe_id}").click()
    page.get_by_role("button", name="Delete target").click()
    expect(page.get_by_text("Nothing is to be baked yet.")).to_be_visible()


def test_what_is_avoided_is_said_and_what_is_short_can_be_packed_short(
    phone: Page, three, accessibility_problems
):
    phone.emulate_media(reduced_motion="reduce")
    phone.goto("/events/advent/packages/")
    expect(phone.get_by_text("contains Milk")).to_be_visible()
    for pk in (three[0].pk, three[1].pk):
        phone.locator(f"#step-{pk}").tap()
        expect(phone.locator(f"#assignment-{pk}")).to_contain_text("Ready")
    phone.locator(f"#step-{three[2].pk}").tap()
    alert = phone.get_by_role("alert").filter(has_text="cannot be packed")
    expect(alert).to_contain_text("Not enough Bag: needs 1, there is 0, 1 missing.")
    phone.evaluate("window.scrollTo(0, 0)")
    assert accessibility_problems(phone) == []
    phone.get_by_role("button", name="Pack it short anyway").tap()
    expect(phone.get_by_text("Packed short: Bag 0 of 1")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390


def test_what_a_thumb_finds_around_an_open_form_is_large_enough(
    phone: Page, three, star, accessibility_problems
):
    packed, waiting, _ = three
    services.update_fulfillment_status(packed.pk, "ready")
    phone.set_viewport_size({"width": 390, "height": 4000})  # nothing lies below the bars: the controls count
    packages, targets = "/events/advent/packages/", "/events/advent/targets/"
    for address in (
        *(f"{packages}?{asked}" for asked in ("add=1", "copy=1", f"edit={waiting.pk}")),
        *(f"{packages}?{asked}={packed.pk}" for asked in ("edit", "deliver", "void")),
        *(f"{targets}?{asked}" for asked in ("add=baking", "add=assembly", f"edit=baking-{star.recipe_id}")),
        f"{targets}?suggest=1",
        "/events/advent/shopping/",
    ):
        phone.goto(address)
        assert accessibility_problems(phone) == [], address
        small = "found => found.filter(one => one.offsetHeight < 44).map(one => one.outerHTML)"
        assert phone.locator(".actions > :visible").evaluate_all(small) == [], address


def test_a_name_of_one_long_word_does_not_push_a_page_aside(phone: Page, three, star, event):
    name = "Donaudampfschifffahrtsgesellschaftskapitänsgeburtstagskuchenverzierungen"
    named = (event, star, star.recipe, three[0].recipient, three[0].package, Ingredient.objects.get())
    for each in named:
        each.name = name
        each.save()
    for address in (
        *("/", "/events/", "/recipients/", "/packages/", "/pantry/", "/recipes/", "/production/"),
        *(f"/events/advent/{tab}" for tab in ("", "packages/", "targets/", "shopping/", "costs/", "delete/")),
        *(one.get_absolute_url() for one in named),
        f"/production/record/?recipe={star.recipe_id}",
    ):
        phone.goto(address)
        assert phone.evaluate("document.documentElement.scrollWidth") <= 390, address


def test_a_choice_of_names_is_as_wide_as_a_phone(phone: Page, three, star):
    for address, labels in (
        (f"/production/record/?recipe={star.recipe_id}", ("Makes", "For event")),
        ("/assembly/record/", ("For event",)),
        ("/events/advent/packages/?add=1", ("Package",)),
    ):
        phone.goto(address)
        for label in labels:
            box = phone.locator("select, .ts-control").and_(phone.get_by_label(label, exact=True)).first
            assert box.evaluate("one => (one.closest('.field')).offsetWidth") > 300, (address, label)


def test_without_a_script_everything_works(open_browser, owner, event, three):
    page = open_browser(owner, java_script_enabled=False).new_page()
    page.goto("/events/advent/packages/")
    page.locator(f"#step-{three[0].pk}").click()
    expect(page.get_by_text("1 × Bag of stars for Ani is packed: it left the shelf.")).to_be_visible()
    page.locator(f"#step-{three[0].pk}").click()
    page.get_by_label("Handed to").fill("her door")
    page.get_by_role("button", name="Delivered").click()
    expect(page.get_by_text("Bag of stars for Ani is delivered.")).to_be_visible()
    page.locator("#add").click()
    page.get_by_label("Package").select_option(label="Bag of stars")
    page.get_by_label("Recipients").select_option(label="Ben")
    page.get_by_role("button", name="Assign", exact=True).click()
    expect(page.get_by_text("Ben had it already.")).to_be_visible()
    page.locator("#tab-targets").click()
    page.get_by_role("button", name="Record a batch of Lebkuchen").click()
    expect(page.get_by_text("1/2 batches (50%)")).to_be_visible()
    assert EventRecipientPackage.objects.filter(fulfillment_status="delivered").count() == 1


def test_the_packing_list_on_paper_has_addresses_and_boxes_to_tick(page: Page, three):
    page.goto("/events/advent/packages/")
    expect(page.get_by_text("Ani's Lane")).to_be_hidden()
    page.emulate_media(media="print")
    expect(page.get_by_text("Ani's Lane")).to_be_visible()
    expect(page.get_by_text("☐ 1 × Bag").first).to_be_visible()
    services.update_fulfillment_status(three[1].pk, "ready")
    page.reload()
    for hidden in (
        page.locator(f"#step-{three[1].pk}"),
        page.locator("#add"),
        page.locator("#tab-targets"),
        page.locator(f"#step-{three[0].pk}"),
    ):
        expect(hidden).to_be_hidden()
