"""Pages of the kitchen, as a member meets them."""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from events.models import Event
from inventory.services import adjust_stock
from inventory.tests.factories import IngredientFactory, bought
from production import services
from production.models import ProductionRun
from production.tests.factories import FinishedUnitFactory, RecipeComponentFactory, RecipeFactory, recipe_of

HTMX = {"HX-Request": "true"}

pytestmark = pytest.mark.django_db


@pytest.fixture
def flour():
    return IngredientFactory(name="Flour", stock_unit="g")


@pytest.fixture
def cookie(flour):
    recipe = recipe_of((flour, "100", "g"))
    recipe.name = "Lebkuchen"
    recipe.save()
    bought(flour, "1000", "10", on=date(2026, 9, 3))
    return FinishedUnitFactory(recipe=recipe, name="Lebkuchen, round", items_per_batch=10)


@pytest.fixture
def run(cookie):
    return services.record_batch_production(
        recipe_id=cookie.recipe_id, finished_unit_id=cookie.pk, num_batches=2, actual_yield=18
    )


def typed(cookie, **changes):
    return {
        "uuid": str(uuid.uuid4()),
        "recipe": cookie.recipe_id,
        "finished_unit": cookie.pk,
        "event": "",
        "num_batches": 2,
        "actual_yield": 18,
        "produced_at": "",
        "notes": "a little dark",
        **changes,
    }


RECORD = "/production/record/"


def test_a_bake_is_recorded_under_the_name_of_who_typed_it(member_client, member, cookie):
    answer = member_client.post(RECORD, typed(cookie))
    run = ProductionRun.objects.get()
    assert answer.url == run.get_absolute_url()
    assert (run.actual_yield, run.notes, run.recorded_by) == (18, "a little dark", member)


def test_a_double_submission_is_one_bake_and_leads_to_it(member_client, cookie):
    form = typed(cookie)
    first, second = member_client.post(RECORD, form), member_client.post(RECORD, form)
    assert first.url == second.url
    assert ProductionRun.objects.count() == 1


def test_a_used_form_keeps_what_was_typed_under_a_fresh_key_and_links_to_the_first(member_client, cookie):
    form = typed(cookie)
    member_client.post(RECORD, form)
    answer = member_client.post(RECORD, {**form, "actual_yield": 17})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert ProductionRun.objects.get().get_absolute_url() in page
    assert 'value="17"' in page
    assert form["uuid"] not in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"num_batches": ""}, "required"),
        ({"num_batches": "1e9"}, "whole number"),
        ({"num_batches": "1000001"}, "less than or equal"),
        ({"actual_yield": "-1"}, "greater than or equal"),
        ({"recipe": "0"}, "not one of the available choices"),
        ({"produced_at": "2999-01-01T10:00"}, "still to come"),
        ({"event": "999"}, "not one of the available choices"),
        ({"num_batches": "11"}, "Not enough Flour: needs 1.1 kg, there is 1 kg"),
    ],
)
def test_bad_input_is_refused_with_a_sentence_and_nothing_typed_is_lost(
    member_client, cookie, changes, sentence
):
    answer = member_client.post(RECORD, typed(cookie, **changes))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert "a little dark" in page
    assert not ProductionRun.objects.exists()


def test_the_panel_follows_what_is_typed(member_client, cookie):
    address = f"{RECORD}?recipe={cookie.recipe_id}&finished_unit={cookie.pk}&num_batches=3"
    answer = member_client.get(address, headers=HTMX)
    page = answer.content.decode()
    assert "<html" not in page
    assert "300 g from 3 Sep" in page
    assert "Empty means all 30 came out" in page
    assert " disabled" not in page


def test_the_panel_swaps_no_field_that_somebody_may_be_typing_in(member_client, cookie):
    address = f"{RECORD}?recipe={cookie.recipe_id}&finished_unit={cookie.pk}&num_batches=3"
    page = member_client.get(address, headers={**HTMX, "HX-Trigger-Name": "num_batches"}).content.decode()
    for name in ("actual_yield", "notes", "num_batches", "finished_unit"):
        assert f'name="{name}"' not in page


def test_another_recipe_offers_what_it_makes(member_client, cookie):
    other = FinishedUnitFactory(name="Stollen loaf")
    address = f"{RECORD}?recipe={other.recipe_id}&finished_unit={cookie.pk}&num_batches=3"
    page = member_client.get(address, headers={**HTMX, "HX-Trigger-Name": "recipe"}).content.decode()
    assert "Stollen loaf" in page


def test_an_empty_yield_means_as_expected(member_client, cookie):
    member_client.post(RECORD, typed(cookie, actual_yield=""))
    assert ProductionRun.objects.get().actual_yield == 20


def test_the_button_waits_while_something_is_short_and_the_way_on_is_shown(member_client, cookie, flour):
    address = f"{RECORD}?recipe={cookie.recipe_id}&finished_unit={cookie.pk}&num_batches=12"
    page = member_client.get(address, headers=HTMX).content.decode()
    assert " disabled" in page
    assert "200 g of Flour missing" in page
    assert f"{reverse('inventory:receive')}?item={flour.pk}&amp;quantity=200&amp;unit=g" in page
    assert "Set to 10" in page


def test_without_script_the_button_is_never_dead(member_client, cookie):
    page = member_client.get(f"{RECORD}?recipe={cookie.recipe_id}&batches=12").content.decode()
    assert " disabled" not in page


def test_the_form_page_is_not_kept_by_the_browser(member_client):
    assert "no-store" in member_client.get(RECORD).headers["Cache-Control"]


def test_the_run_page_shows_the_lots_the_costs_and_where_it_went(member_client, cookie, run):
    adjust_stock(item_id=cookie.pk, quantity=-3, reason="eaten at once")
    page = member_client.get(run.get_absolute_url()).content.decode()
    for shown in ("18 of 20", "2 short", "$2.0000", "$0.1111", "3 Sep", "eaten at once", "15"):
        assert shown in page


def test_a_bake_is_voided_with_a_reason(member_client, run):
    address = reverse("production:void", args=[run.pk])
    assert member_client.post(address, {"uuid": str(uuid.uuid4()), "reason": ""}).status_code == 422
    answer = member_client.post(address, {"uuid": str(uuid.uuid4()), "reason": "recorded twice"}, follow=True)
    assert "recorded twice" in answer.content.decode()
    run.refresh_from_db()
    assert run.is_voided


def test_a_void_that_is_refused_names_and_links_what_is_in_the_way(member_client, cookie, run):
    entry = adjust_stock(item_id=cookie.pk, quantity=-1, reason="eaten")
    answer = member_client.post(
        reverse("production:void", args=[run.pk]), {"uuid": str(uuid.uuid4()), "reason": "wrong"}
    )
    assert answer.status_code == 422
    assert entry.get_absolute_url() in answer.content.decode()


def test_event_and_notes_are_edited(member_client, run):
    market = Event.objects.create(name="Advent Market", event_date=date(2026, 11, 29))
    member_client.post(
        reverse("production:edit", args=[run.pk]), {"event": market.pk, "notes": "for the market"}
    )
    run.refresh_from_db()
    assert (run.event, run.notes) == (market, "for the market")


def test_events_are_offered_upcoming_first_and_none_on_top(member_client, monkeypatch):
    from production import selectors

    monkeypatch.setattr(selectors.timezone, "localdate", lambda: date(2026, 11, 21))
    for name, day in (("Past", (2025, 12, 24)), ("Later", (2026, 12, 24)), ("Soon", (2026, 11, 29))):
        Event.objects.create(name=name, event_date=date(*day))
    labels = [label.split(" · ")[0] for _, label in selectors.event_choices()]
    assert labels == ["None, just for us", "Soon", "Later", "Past"]


def test_the_history_filters_by_recipe_day_and_state(member_client, cookie, run):
    services.void_production_run(production_run_id=run.pk, reason="wrong")
    address = reverse("production:history")
    link = run.get_absolute_url()
    assert link in member_client.get(address, {"recipe": cookie.recipe_id}).content.decode()
    assert link not in member_client.get(address, {"hide_voided": "on"}).content.decode()
    assert link not in member_client.get(address, {"end_date": "2026-01-01"}).content.decode()
    swapped = member_client.get(address, {"start_date": "2026-02-01", "end_date": "2026-01-01"})
    assert swapped.status_code == 422


def test_recipes_are_found_without_accents(member_client):
    RecipeFactory(name="Crème brûlée")
    RecipeFactory(name="Stollen")
    page = member_client.get(
        reverse("production:recipes"), {"q": "creme BRULEE"}, headers=HTMX
    ).content.decode()
    assert "Crème brûlée" in page
    assert "Stollen" not in page


def test_a_recipe_is_scaled_and_says_what_is_short(member_client, cookie):
    page = member_client.get(cookie.recipe.get_absolute_url(), {"batches": "12 1/2"}).content.decode()
    for shown in ("1250 g", "250 g of Flour missing", "$12.50"):
        assert shown in page
    assert member_client.get(cookie.recipe.get_absolute_url(), {"batches": "many"}).status_code == 422


def test_a_recipe_names_its_parts_what_it_is_used_in_and_its_allergens(member_client, cookie, flour):
    from inventory.models import Allergen

    flour.allergens.add(Allergen.objects.get(name="Gluten"))
    outer = RecipeFactory(name="Gift plate")
    RecipeComponentFactory(recipe=outer, component=cookie.recipe, batches=Decimal("0.5"))
    assert "Gift plate" in member_client.get(cookie.recipe.get_absolute_url()).content.decode()
    page = member_client.get(outer.get_absolute_url()).content.decode()
    assert "Lebkuchen" in page
    assert "Contains Gluten" in page


PAGES = [
    ("/production/", 9),
    ("/production/record/", 6),
    ("/production/history/", 8),
    ("/recipes/", 13),
]


@pytest.mark.parametrize(("address", "statements"), PAGES)
@pytest.mark.parametrize("rows", [1, 3])
def test_lists_take_the_same_statements_whatever_their_length(
    member_client, flour, address, statements, rows
):
    bought(flour, "10000", "10")
    for _ in range(rows):
        unit = FinishedUnitFactory(recipe=recipe_of((flour, "100", "g")))
        services.record_batch_production(
            recipe_id=unit.recipe_id, finished_unit_id=unit.pk, num_batches=1, actual_yield=10
        )
    with CaptureQueriesContext(connection) as queries:
        assert member_client.get(address).status_code == 200
    assert len(queries) == statements


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_of_one_thing_take_the_same_statements_whatever_is_in_it(member_client, rows):
    lines = [(IngredientFactory(), "100", "g") for _ in range(rows)]
    for ingredient, _, _ in lines:
        bought(ingredient, "60", "1")
        bought(ingredient, "60", "1", on=date(2026, 2, 1))
    unit = FinishedUnitFactory(recipe=recipe_of(*lines))
    run = services.record_batch_production(
        recipe_id=unit.recipe_id, finished_unit_id=unit.pk, num_batches=1, actual_yield=10
    )
    for address, statements in (
        (run.get_absolute_url(), 8),
        (unit.recipe.get_absolute_url(), 14),
        (f"{RECORD}?recipe={unit.recipe_id}&batches=9", 14),
    ):
        with CaptureQueriesContext(connection) as queries:
            assert member_client.get(address).status_code == 200
        assert len(queries) == statements, address


@pytest.mark.parametrize("name", ["run", "void", "edit"])
def test_a_bake_that_is_not_there_is_404(member_client, name):
    assert member_client.get(reverse(f"production:{name}", args=[0])).status_code == 404


def test_a_stranger_is_sent_to_the_login(client, run):
    for address in (RECORD, run.get_absolute_url(), reverse("production:void", args=[run.pk]), "/recipes/"):
        assert client.get(address).url.startswith(reverse("login"))
        assert client.post(address).url.startswith(reverse("login"))
    run.refresh_from_db()
    assert not run.is_voided
