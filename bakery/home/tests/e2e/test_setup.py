"""Setup in a browser: our strict policy must not break it, and it must be readable to everybody."""

import datetime
from decimal import Decimal

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assembly.tests.factories import FinishedGoodFactory
from events.models import Event
from events.tests.factories import assigned, package_of
from inventory.tests.factories import IngredientFactory, PackagingFactory, ProductFactory, bought
from production.models import Recipe
from production.tests.factories import FinishedUnitFactory, RecipeComponentFactory, RecipeFactory, recipe_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def complaints(page):
    """What the browser complained about while `page` was used."""
    heard = []
    page.on("console", lambda said: heard.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard


@pytest.fixture
def flour(db):
    return IngredientFactory(name="Flour", grams_per_ml=Decimal("0.528344"))


def test_every_page_of_setup_keeps_the_policy_and_is_accessible(
    page, complaints, flour, accessibility_problems
):
    lot = bought(flour, "1000", "2")
    recipe = recipe_of((flour, "250", "g"))
    FinishedUnitFactory(recipe=recipe)
    RecipeComponentFactory(recipe=recipe)
    event = Event.objects.create(name="Christmas", event_date=datetime.date(2026, 12, 25))
    ribbon = ProductFactory(ingredient=PackagingFactory())
    waiting = assigned(event, package_of((FinishedGoodFactory(), 1), (ribbon, "1")))
    addresses = (
        reverse("admin:index"),
        reverse("admin:inventory_ingredient_changelist"),
        reverse("admin:inventory_ingredient_add"),
        reverse("admin:inventory_ingredient_change", args=[flour.pk]),
        reverse("admin:inventory_ingredient_delete", args=[flour.pk]),
        reverse("admin:inventory_product_change", args=[lot.product_id]),
        reverse("admin:inventory_lot_change", args=[lot.pk]),
        reverse("admin:inventory_stockentry_changelist"),
        reverse("admin:production_recipe_add"),
        reverse("admin:production_recipe_change", args=[recipe.pk]),
        reverse("admin:production_finishedunit_changelist"),
        reverse("admin:production_productionrun_changelist"),
        reverse("admin:events_event_change", args=[event.pk]),
        reverse("admin:events_event_delete", args=[event.pk]),
        reverse("admin:events_recipient_change", args=[waiting.recipient_id]),
        reverse("admin:events_recipient_delete", args=[waiting.recipient_id]),
        reverse("admin:events_package_change", args=[waiting.package_id]),
        reverse("admin:events_package_changelist"),
        reverse("admin:events_eventrecipientpackage_changelist"),
        reverse("admin:events_eventrecipientpackage_change", args=[waiting.pk]),
    )
    for address in addresses:
        page.goto(address)
        page.wait_for_load_state("networkidle")
    assert complaints == []
    for address in addresses:  # apart, because axe tries inline styles, and the policy complains
        page.goto(address)
        problems = accessibility_problems(page)
        # Select2 nests a nameless textbox in its combobox; the combobox around it has a name.
        assert [problem for problem in problems if "select2-selection__rendered" not in problem] == [], (
            address
        )


def test_a_recipe_is_written_by_choosing_without_accents(page, complaints, flour):
    IngredientFactory(name="Crème fraîche")
    glaze = RecipeFactory(name="Glaze")
    page.goto(reverse("admin:production_recipe_add"))
    page.get_by_label("Name:", exact=True).fill("Tart")
    first = page.locator("#ingredient_lines-0")
    first.locator("input[name$=quantity]").fill("1 1/2")
    first.locator("select[name$=unit]").select_option("kg")
    first.locator(".select2-selection").click()
    page.locator(".select2-search__field").fill("creme")
    page.locator(".select2-results__option", has_text="Crème fraîche").click()
    part = page.locator("#components-0")
    part.locator("input[name$=batches]").fill("½")
    part.locator(".select2-selection").click()
    page.locator(".select2-search__field").fill("gla")
    page.locator(".select2-results__option", has_text="Glaze").click()
    page.locator("#ingredient_lines-group .add-row a").click()
    assert page.locator("#ingredient_lines-3 .select2-selection").is_visible()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("was added successfully")).to_be_visible()
    tart = Recipe.objects.get(name="Tart")
    assert tart.ingredient_lines.get().quantity == Decimal("1.5")
    assert tart.components.get().component == glaze
    assert complaints == []
