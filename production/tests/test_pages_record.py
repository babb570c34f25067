"""The page on which a bake is recorded, with and without htmx."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from events.models import Event
from inventory.tests.factories import IngredientFactory, bought
from production.models import ProductionRun
from production.tests.factories import FinishedUnitFactory, RecipeComponentFactory, recipe_of

pytestmark = pytest.mark.django_db

RECORD = "/production/record/"
HTMX = {"HX-Request": "true"}
BOOSTED = {"HX-Request": "true", "HX-Boosted": "true"}
BOTH = pytest.mark.parametrize("headers", [{}, BOOSTED], ids=["plain", "htmx"])


@pytest.fixture
def flour(db):
    return IngredientFactory(name="Flour")


@pytest.fixture
def cookie(flour):
    """Ten cookies a batch, from 100 g of flour; 250 g are there, from two purchases."""
    recipe = recipe_of((flour, "100", "g"))
    bought(flour, "150", "3", on=date(2026, 1, 1))
    bought(flour, "100", "4", on=date(2026, 2, 1))
    return FinishedUnitFactory(recipe=recipe, name="Star", items_per_batch=10, item_label="cookie")


def typed(cookie, **changes: str) -> dict[str, str]:
    form = {
        "uuid": str(uuid4()),
        "recipe": str(cookie.recipe_id),
        "finished_unit": str(cookie.pk),
        "event": "",
        "num_batches": "2",
        "actual_yield": "18",
        "produced_at": "",
        "notes": "A little dark",
    }
    return form | changes


class TestPlan:
    def test_without_a_recipe_it_asks_for_one(self, member_client):
        page = member_client.get(RECORD)
        assert "Choose a recipe" in page.content.decode()
        assert "no-store" in page.headers["Cache-Control"]

    def test_an_address_fills_the_form(self, member_client, cookie):
        other = FinishedUnitFactory(recipe=cookie.recipe, name="Moon", items_per_batch=6)
        event = Event.objects.create(name="Advent", event_date=timezone.localdate())
        asked = {"recipe": cookie.recipe_id, "unit": other.pk, "event": event.pk, "batches": "2"}
        form = member_client.get(RECORD, asked).context["form"]
        assert form["recipe"].value() == cookie.recipe_id
        assert form["finished_unit"].value() == other.pk
        assert form["event"].value() == str(event.pk)
        assert form["num_batches"].value() == 2

    def test_it_shows_the_lots_oldest_first_and_what_they_cost(self, member_client, cookie):
        page = member_client.get(RECORD, {"recipe": cookie.recipe_id, "batches": "2"})
        [draw] = page.context["plan"].availability.draws
        assert [(lot.quantity, lot.value) for lot in draw.lots] == [
            (Decimal(150), Decimal(3)),
            (Decimal(50), Decimal(2)),
        ]
        text = page.content.decode()
        assert "150 g from 1 Jan" in text
        assert "about $5.00 · $0.25 each" in text
        assert "Empty means all 20 came out." in text

    def test_it_names_the_recipe_an_ingredient_comes_through(self, member_client, cookie):
        inner = recipe_of((IngredientFactory(name="Cloves"), "5", "g"))
        RecipeComponentFactory(recipe=cookie.recipe, component=inner)
        page = member_client.get(RECORD, {"recipe": cookie.recipe_id}).content.decode()
        assert f"via {inner.name}" in page

    def test_what_is_short_closes_the_button_and_shows_the_way_on(self, member_client, cookie, flour):
        asked = typed(cookie, num_batches="4")
        part = member_client.get(RECORD, asked, headers=HTMX).content.decode()
        assert "<html" not in part
        assert "disabled" in part
        assert "150 g of Flour missing" in part
        assert f"/pantry/receive/?item={flour.pk}&amp;quantity=150&amp;unit=g" in part
        back = f"/production/record/%3Funit%3D{cookie.pk}%26batches%3D4%26event%3D"
        assert f"unit=g&amp;next={back}" in part
        assert "Set to 2" in part

    def test_without_htmx_the_button_stays_open(self, member_client, cookie):
        page = member_client.get(RECORD, {"recipe": cookie.recipe_id, "batches": "4"}).content.decode()
        assert "150 g of Flour missing" in page
        assert " disabled" not in page

    def test_set_to_fills_in_what_is_possible(self, member_client, cookie):
        asked = typed(cookie, num_batches="4", set_to="2")
        page = member_client.get(RECORD, asked, headers=HTMX)
        assert page.context["form"]["num_batches"].value() == "2"
        assert " disabled" not in page.content.decode()

    def test_only_what_nobody_is_typing_in_is_swapped(self, member_client, cookie):
        asked = typed(cookie, num_batches="3")
        headers = {**HTMX, "HX-Trigger-Name": "num_batches"}
        part = member_client.get(RECORD, asked, headers=headers).content.decode()
        for name in ("actual_yield", "notes", "num_batches", "finished_unit"):
            assert f'name="{name}"' not in part

    def test_another_recipe_offers_what_it_makes(self, member_client, cookie):
        loaf = FinishedUnitFactory(name="Stollen loaf")
        asked = typed(cookie, recipe=str(loaf.recipe_id))
        part = member_client.get(RECORD, asked, headers={**HTMX, "HX-Trigger-Name": "recipe"})
        assert "Stollen loaf" in part.content.decode()

    def test_a_yield_typed_by_hand_stays(self, member_client, cookie):
        asked = typed(cookie, num_batches="2", actual_yield="7")
        assert member_client.get(RECORD, asked, headers=HTMX).context["form"]["actual_yield"].value() == "7"

    def test_half_typed_numbers_ask_for_nothing(self, member_client, cookie):
        for batches in ("", "0", "-1", "x", "9" * 30, "²"):
            page = member_client.get(RECORD, typed(cookie, num_batches=batches), headers=HTMX)
            assert page.status_code == 200

    def test_events_ahead_come_first_then_the_latest_past(self, member_client):
        today = timezone.localdate()
        for name, days in (("Past", -40), ("Later", 30), ("Yesterday", -1), ("Soon", 3)):
            Event.objects.create(name=name, event_date=today + timedelta(days=days))
        labels = [label for _, label in member_client.get(RECORD).context["form"].fields["event"].choices]
        assert [label.split(" · ")[0] for label in labels] == [
            "None, just for us",
            "Soon",
            "Later",
            "Yesterday",
            "Past",
        ]

    @pytest.mark.parametrize("rows", [1, 3])
    def test_the_number_of_queries_does_not_grow(self, member_client, django_assert_num_queries, rows):
        flours = [IngredientFactory() for _ in range(rows)]
        for flour in flours:
            for _ in range(rows):
                bought(flour, "50", "1")
        recipe = recipe_of(*((flour, "20", "g") for flour in flours))
        for _ in range(rows):
            FinishedUnitFactory(recipe=recipe)
            Event.objects.create(name=str(uuid4()), event_date=timezone.localdate())
        with django_assert_num_queries(12):
            member_client.get(RECORD, {"recipe": recipe.pk})
        with django_assert_num_queries(13):  # something is short: and the last prices
            member_client.get(RECORD, {"recipe": recipe.pk, "batches": "99"})
        with django_assert_num_queries(6):
            member_client.get(RECORD)


class TestRecord:
    @BOTH
    def test_a_bake_is_recorded(self, member_client, member, cookie, headers):
        event = Event.objects.create(name="Advent", event_date=timezone.localdate())
        response = member_client.post(RECORD, typed(cookie, event=str(event.pk)), headers=headers)
        run = ProductionRun.objects.get()
        assert (response.status_code, response.url) == (302, f"/production/runs/{run.pk}/")
        assert (run.num_batches, run.actual_yield, run.yield_variance) == (2, 18, 2)
        assert (run.total_ingredient_cost, run.per_unit_cost) == (Decimal(5), Decimal("0.2778"))
        assert (run.event, run.notes, run.recorded_by) == (event, "A little dark", member)

    def test_an_empty_yield_means_that_all_came_out(self, member_client, cookie):
        member_client.post(RECORD, typed(cookie, actual_yield=""))
        assert ProductionRun.objects.get().actual_yield == 20

    def test_it_may_be_back_dated(self, member_client, cookie):
        member_client.post(RECORD, typed(cookie, produced_at="2026-03-01T16:40"))
        baked = timezone.localtime(ProductionRun.objects.get().produced_at)
        assert f"{baked:%Y-%m-%d %H:%M}" == "2026-03-01 16:40"

    @BOTH
    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        [
            ({"num_batches": "1.5"}, "Batches are counted whole: 1, 2, 3."),
            ({"num_batches": "0"}, "Enter at least 1. Batches are counted whole: 1, 2, 3."),
            ({"num_batches": "1e9"}, "Batches are counted whole: 1, 2, 3."),
            ({"num_batches": "1000001"}, "Batches are counted up to 1000000 at once"),
            ({"num_batches": ""}, "required"),
            ({"actual_yield": "-1"}, "Enter at least 0. Pieces are counted whole: 0, 1, 2."),
            ({"recipe": "999"}, "not one of the available choices"),
            ({"finished_unit": "999"}, "not one of the available choices"),
            ({"finished_unit": "9" * 23}, "not one of the available choices"),
            ({"event": "999"}, "not one of the available choices"),
            ({"produced_at": "2999-01-01T00:00"}, "still to come"),
            ({"produced_at": "soon"}, "valid date/time"),
            ({"produced_at": "0026-03-01T16:40"}, "The year 26 cannot be kept"),
            ({"produced_at": "0001-01-01T00:00:00+14:00"}, "The year 1 cannot be kept"),
            ({"uuid": "x"}, "Open the page again"),
        ],
        ids=str,
    )
    def test_what_cannot_be_is_refused_and_nothing_is_lost(
        self, member_client, cookie, headers, wrong, sentence
    ):
        response = member_client.post(RECORD, typed(cookie, **wrong), headers=headers)
        text = response.content.decode()
        assert response.status_code == 422
        assert sentence in text
        assert "A little dark" in text
        assert not ProductionRun.objects.exists()

    @pytest.mark.parametrize(("headers", "shown"), [({}, True), (BOOSTED, False)], ids=["plain", "htmx"])
    def test_enter_records_after_a_refusal_too(self, member_client, cookie, headers, shown):
        """htmx makes elements of what stands in noscript: its button would be the first, the one that Enter presses."""
        response = member_client.post(RECORD, typed(cookie, num_batches="-3"), headers=headers)
        assert ("Show what it takes" in response.content.decode()) is shown

    def test_what_the_recipe_does_not_make_is_refused_and_its_own_offered(self, member_client, cookie):
        other = FinishedUnitFactory(name="Moon")
        response = member_client.post(RECORD, typed(cookie, finished_unit=str(other.pk)))
        text = response.content.decode()
        assert response.status_code == 422
        assert f"Moon is not made by {cookie.recipe}. Choose what {cookie.recipe} makes." in text
        assert "Star · 10 per batch" in text
        assert "Moon · " not in text
        assert "A little dark" in text
        assert not ProductionRun.objects.exists()

    @BOTH
    def test_a_short_shelf_is_refused_with_the_list_under_the_same_key(self, member_client, cookie, headers):
        form = typed(cookie, num_batches="4")
        response = member_client.post(RECORD, form, headers=headers)
        text = response.content.decode()
        assert response.status_code == 422
        assert "Not enough Flour: needs 400 g, there is 250 g" in text
        assert form["uuid"] in text
        assert "Set to 2" in text
        assert not ProductionRun.objects.exists()

    def test_sending_twice_gives_one_bake(self, member_client, cookie):
        form = typed(cookie)
        first, second = member_client.post(RECORD, form), member_client.post(RECORD, form)
        assert first.url == second.url
        assert ProductionRun.objects.count() == 1

    def test_another_bake_under_a_used_key_gets_a_fresh_one_and_a_link_to_the_first(
        self, member_client, cookie
    ):
        form = typed(cookie, num_batches="1", actual_yield="10")
        first = member_client.post(RECORD, form)
        response = member_client.post(RECORD, form | {"actual_yield": "9"})
        text = response.content.decode()
        assert response.status_code == 422
        assert first.url in text
        assert form["uuid"] not in text
        assert 'value="9"' in text
        assert ProductionRun.objects.count() == 1

    def test_a_stranger_records_nothing(self, client, cookie):
        assert client.post(RECORD, typed(cookie)).url.startswith(reverse("login"))
        assert not ProductionRun.objects.exists()

    def test_an_archived_recipe_is_not_offered(self, member_client, cookie):
        cookie.recipe.is_archived = True
        cookie.recipe.save(update_fields=["is_archived"])
        assert member_client.post(RECORD, typed(cookie)).status_code == 422
