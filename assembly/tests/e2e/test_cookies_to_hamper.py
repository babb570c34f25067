"""From cookies to a hamper and back by the trace, in a browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from assembly.models import AssemblyRun, FinishedGood
from bakery import sample
from inventory.models import Allergen
from production.models import FinishedUnit, ProductionRun

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def hamper() -> FinishedGood:
    # Other browser tests empty the database after themselves, and with it what the migrations put there.
    for name in ("Gluten", "Eggs", "Peanuts", "Soybeans", "Milk", "Nuts", "Sesame", "Sulphites"):
        Allergen.objects.get_or_create(name=name)
    sample.load()
    return FinishedGood.objects.get(name="Family Hamper")


def heading(page: Page):
    return page.get_by_role("heading", level=1)


def test_the_hamper_lacks_a_stollen_so_it_is_baked_and_then_traced_back_to_its_flour(
    phone: Page, hamper: FinishedGood, accessibility_problems
):
    phone.goto("/assembly/")
    assert accessibility_problems(phone) == []
    phone.get_by_role("searchbox").fill("hamper")
    short = phone.locator("#can_assemble").get_by_role("row", name="Family Hamper")
    expect(short).to_contain_text("1 × Stollen, loaf")
    short.get_by_role("link", name="Bake it").click()

    expect(heading(phone)).to_have_text("Record a bake")
    expect(phone.get_by_label("Batches")).to_have_value("1")
    phone.get_by_role("button", name="Record 1 batch").click()
    expect(heading(phone)).to_have_text("Stollen, 1 batch")
    baked = ProductionRun.objects.latest("id")

    phone.goto(f"/assembly/record/?good={hamper.pk}")
    expect(phone.get_by_text("all there")).to_be_visible()
    assert accessibility_problems(phone) == []
    before = AssemblyRun.objects.count()
    phone.get_by_role("button", name="Record 1 × Family Hamper").dblclick()
    expect(heading(phone)).to_have_text("1 × Family Hamper")
    assert AssemblyRun.objects.count() == before + 1
    assert accessibility_problems(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390

    # Down to the bakes, of the bags inside too.
    expect(phone.get_by_role("link", name="1 batch of Stollen", exact=True)).to_be_visible()
    expect(phone.get_by_role("link", name="2 batches of Lebkuchen for Village Market 2026")).to_be_visible()

    # Back by the trace to where the flour was bought, and forward from the bake to this hamper.
    phone.get_by_role("link", name="Trace").click()
    expect(heading(phone)).to_have_text("Trace Family Hamper")
    expect(phone.get_by_text("Old Mill Unbleached all-purpose flour").first).to_be_visible()
    expect(phone.get_by_text("from Harbor Wholesale Club").first).to_be_visible()
    phone.get_by_role("link", name="1 batch of Stollen", exact=True).first.click()
    expect(heading(phone)).to_have_text("Stollen, 1 batch")
    assert phone.url.endswith(baked.get_absolute_url())
    expect(phone.get_by_role("link", name="1 × Family Hamper")).to_be_visible()


def test_too_many_wait_and_set_to_what_is_possible_with_everything_typed_kept(page: Page, hamper):
    bag = FinishedGood.objects.get(name="Spice Cookie Bag")
    page.goto(f"/assembly/record/?good={bag.pk}")
    page.get_by_label("Notes").fill("kept while the panel follows")
    page.get_by_label("How many").fill("900")
    expect(page.get_by_role("button", name="Record 900")).to_be_disabled()
    expect(page.get_by_text("Lebkuchen, round missing.")).to_be_visible()
    page.get_by_role("link", name="Set to 2").click()
    expect(page.get_by_role("button", name="Record 2 × Spice Cookie Bag")).to_be_enabled()
    expect(page.get_by_label("Notes")).to_have_value("kept while the panel follows")
    expect(page.get_by_label("How many")).to_have_value("2")


def test_by_keyboard_and_back_shows_the_whole_page(page: Page, hamper):
    bag = FinishedGood.objects.get(name="Spice Cookie Bag")
    page.goto(f"/assembly/record/?good={bag.pk}")
    page.get_by_label("How many").focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("2")
    expect(page.get_by_role("button", name="Record 2 × Spice Cookie Bag")).to_be_enabled()
    page.keyboard.press("Enter")
    expect(heading(page)).to_have_text("2 × Spice Cookie Bag")
    page.get_by_role("button", name="Void this assembly").press("Enter")
    page.get_by_label("Why").fill("only trying")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Voided: everything it took is back on the shelf.")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("navigation").first).to_be_visible()


def test_without_script_what_it_takes_is_shown_and_the_date_and_notes_stay(open_browser, owner, hamper):
    bag = FinishedGood.objects.get(name="Spice Cookie Bag")
    page = open_browser(owner, java_script_enabled=False).new_page()
    page.goto(f"/assembly/record/?good={bag.pk}")
    page.get_by_label("How many").fill("3")
    page.get_by_label("Assembled").fill("2026-03-01T16:40")
    page.get_by_label("Notes").fill("with a red ribbon")
    page.get_by_role("button", name="Show what it takes").click()
    expect(page.get_by_text("missing.").first).to_be_visible()
    expect(page.get_by_label("Assembled")).to_have_value("2026-03-01T16:40")
    expect(page.get_by_label("Notes")).to_have_value("with a red ribbon")
    page.get_by_label("How many").fill("2")
    page.get_by_role("button", name="Record 3 × Spice Cookie Bag").click()
    expect(heading(page)).to_have_text("2 × Spice Cookie Bag")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_accessible_in_light_and_dark(
    open_browser, owner, hamper, scheme, accessibility_problems
):
    page = open_browser(owner, color_scheme=scheme).new_page()
    run = AssemblyRun.objects.filter(finished_good=hamper).latest("id")
    star = FinishedUnit.objects.get(name="Lebkuchen, round")
    for address in (
        "/assembly/",
        f"/assembly/record/?good={hamper.pk}&quantity=9",
        "/assembly/history/",
        run.get_absolute_url(),
        f"{run.get_absolute_url()}void/",
        f"{run.get_absolute_url()}edit/",
        hamper.get_absolute_url(),
        star.get_absolute_url(),
        star.production_runs.first().get_absolute_url(),
    ):
        page.goto(address)
        assert accessibility_problems(page) == [], address


def test_a_box_is_set_up_by_typing_what_goes_into_it(page: Page, hamper, accessibility_problems):
    page.goto("/setup/assembly/finishedgood/add/")
    page.get_by_label("Name:", exact=True).fill("Tea for two")
    for number, kind, typed, offered in (
        (0, "component_unit", "vanillekip", "Vanillekipferl"),
        (1, "packaging_product", "ribbon wine", "Ribbonry Satin ribbon, wine red, 1 inch, 25 yd"),
    ):
        row = page.locator(f"#compositions-{number}")
        row.locator("input[name$=quantity]").fill("1")
        row.locator(f"td.field-{kind} .select2-selection").click()
        page.locator(".select2-search__field").fill(typed)
        page.locator(".select2-results__option", has_text=offered).click()
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.get_by_text("was added successfully")).to_be_visible()
    tea = FinishedGood.objects.get(name="Tea for two")
    assert [str(line.component) for line in tea.compositions.order_by("id")] == [
        "Vanillekipferl",
        "Ribbonry Satin ribbon, wine red, 1 inch, 25 yd",
    ]
    # Select2 nests a nameless textbox in its combobox; the combobox around it has a name.
    problems = accessibility_problems(page)
    assert [problem for problem in problems if "select2-selection__rendered" not in problem] == []
