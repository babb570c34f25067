"""What can be baked, what was baked, and putting a bake right."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse

from bakery.core.errors import InvalidValueError
from events.models import Event
from inventory.models import StockEntry
from inventory.services import adjust_stock, on_hand
from inventory.tests.factories import IngredientFactory, bought
from production import services
from production.models import ProductionRun, RecipeCategory
from production.tests.factories import FinishedUnitFactory, RecipeComponentFactory, recipe_of

pytestmark = pytest.mark.django_db

BAKE = "/production/"
HISTORY = "/production/history/"
HTMX = {"HX-Request": "true"}
BOTH = pytest.mark.parametrize(
    "headers", [{}, {"HX-Request": "true", "HX-Boosted": "true"}], ids=["plain", "htmx"]
)


@pytest.fixture
def flour(db):
    return IngredientFactory(name="Flour")


def cookie_of(flour, name: str = "Star"):
    return FinishedUnitFactory(
        recipe=recipe_of((flour, "100", "g")), name=name, items_per_batch=10, item_label="cookie"
    )


def baked(cookie, **changes) -> ProductionRun:
    asked = {"recipe_id": cookie.recipe_id, "finished_unit_id": cookie.pk, "num_batches": 1}
    return services.record_batch_production(**{**asked, "actual_yield": 8, **changes})


@pytest.fixture
def run(flour):
    """One batch of ten, eight of which came out, from two lots."""
    bought(flour, "60", "3", on=date(2026, 1, 1))
    bought(flour, "100", "10", on=date(2026, 2, 1))
    return baked(cookie_of(flour), notes="A little dark")


class TestBake:
    def test_what_the_shelf_allows_comes_apart_from_what_is_short(self, member_client, flour):
        bought(flour, "250", "1")
        star = cookie_of(flour)
        dear = FinishedUnitFactory(recipe=recipe_of((IngredientFactory(), "1", "g")))
        page = member_client.get(BAKE)
        assert [(each.recipe, each.batches) for each in page.context["ready"]] == [(star.recipe, 2)]
        assert [each.recipe for each in page.context["short"]] == [dear.recipe]
        assert f"/production/record/?recipe={star.recipe_id}" in page.content.decode()

    def test_it_says_how_many_pieces_are_on_the_shelf(self, member_client, run):
        [each] = member_client.get(BAKE).context["short"]
        assert each.on_shelf == 8

    def test_a_recipe_is_found_without_accents(self, member_client, flour):
        cookie = cookie_of(flour)
        recipe = cookie.recipe
        recipe.name = "Crème brûlée"
        recipe.save()
        other = cookie_of(flour, "Other").recipe
        part = member_client.get(BAKE, {"q": "BRULEE"}, headers=HTMX).content.decode()
        assert recipe.name in part
        assert other.name not in part
        assert "<html" not in part

    def test_a_recipe_is_found_by_its_category_without_accents_too(self, member_client, flour):
        recipe = cookie_of(flour).recipe
        recipe.category = RecipeCategory.objects.create(name="Feingebäck")
        recipe.save()
        cookie_of(flour, "Other")
        context = member_client.get(BAKE, {"q": "geback"}).context
        assert [each.recipe for each in context["short"]] == [recipe]

    def test_an_empty_shelf_names_the_next_step(self, member_client):
        page = member_client.get(BAKE).content.decode()
        assert reverse("inventory:receive") in page
        assert "Record the first bake" in page

    @pytest.mark.parametrize("rows", [1, 3])
    def test_the_number_of_queries_does_not_grow(self, member_client, django_assert_num_queries, rows):
        for number in range(rows):
            flour = IngredientFactory()
            bought(flour, "1000", "1")
            baked(cookie_of(flour, f"Cookie of {number}"))
            cookie_of(flour, f"None on the shelf, {number}")
        with django_assert_num_queries(9):
            member_client.get(BAKE)


class TestRun:
    def test_it_shows_what_went_in_by_lot_and_what_it_cost(self, member_client, run):
        page = member_client.get(run.get_absolute_url())
        [went_in] = page.context["went_in"]
        assert [(use.quantity, use.value) for use in went_in.lots] == [
            (Decimal(60), Decimal(3)),
            (Decimal(40), Decimal(4)),
        ]
        text = page.content.decode()
        assert "8 of 10" in text
        assert "2 short" in text
        assert "$7.0000" in text
        assert "$0.8750" in text
        assert "lot used up" in text
        assert "A little dark" in text

    def test_it_shows_where_the_pieces_went_and_what_is_left(self, member_client, run):
        adjust_stock(item_id=run.finished_unit_id, quantity=-3, reason="Eaten")
        page = member_client.get(run.get_absolute_url())
        [went] = page.context["went_out"]
        assert went.quantity == 3
        assert page.context["output"].quantity_remaining == 5
        assert went.entry.summary in page.content.decode()

    def test_a_failed_batch_is_written_off(self, member_client, flour):
        bought(flour, "100", "1")
        page = member_client.get(baked(cookie_of(flour), actual_yield=0).get_absolute_url())
        assert "its cost is written off" in page.content.decode()

    def test_more_than_expected_is_said(self, member_client, flour):
        bought(flour, "100", "1")
        page = member_client.get(baked(cookie_of(flour), actual_yield=11).get_absolute_url())
        assert "more than expected" in page.content.decode()

    def test_imported_history_says_that_it_moved_nothing(self, member_client, run):
        ProductionRun.objects.update(stock_entry=None)
        assert "moved no stock" in member_client.get(run.get_absolute_url()).content.decode()

    def test_the_event_leads_to_its_page(self, member_client, run):
        run.event = Event.objects.create(name="Advent Market", event_date=date(2026, 11, 29))
        run.save()
        page = member_client.get(run.get_absolute_url()).content.decode()
        assert f'for <a href="{run.event.get_absolute_url()}">Advent Market</a>' in page

    @pytest.fixture
    def nested(self, flour):
        """A bake of cookies that hold half a spice mix; mace comes through it, flour also does."""
        mace = IngredientFactory(name="Mace")
        mix = recipe_of((mace, "4", "g"), (flour, "10", "g"))
        mix.name = "Spice mix"
        mix.save()
        cookie = cookie_of(flour)
        RecipeComponentFactory(recipe=cookie.recipe, component=mix, batches=Decimal("0.5"))
        bought(flour, "300", "3")
        bought(mace, "20", "2")
        return baked(cookie)

    @staticmethod
    def came_through(client, run):
        went_in = client.get(run.get_absolute_url()).context["went_in"]
        return {each.row.ingredient_name: each.via for each in went_in}

    def test_what_came_through_another_recipe_says_so(self, member_client, nested):
        assert self.came_through(member_client, nested)["Mace"] == ("Spice mix",)
        assert "via Spice mix" in member_client.get(nested.get_absolute_url()).content.decode()

    def test_where_the_recipe_was_changed_since_it_says_nothing(self, member_client, nested):
        mix = nested.recipe.components.get().component
        mix.ingredient_lines.get(ingredient__name="Mace").delete()
        assert self.came_through(member_client, nested)["Mace"] == ()
        mix.ingredient_lines.get().save()
        assert set(self.came_through(member_client, nested).values()) == {()}

    def test_inner_recipes_cost_three_statements(self, member_client, nested, django_assert_num_queries):
        with django_assert_num_queries(11):
            member_client.get(nested.get_absolute_url())

    def test_an_unknown_bake_is_not_found(self, member_client):
        assert member_client.get("/production/runs/1/").status_code == 404

    @pytest.mark.parametrize("rows", [1, 3])
    def test_the_number_of_queries_does_not_grow(self, member_client, django_assert_num_queries, rows):
        flours = [IngredientFactory() for _ in range(rows)]
        for flour in flours:
            for _ in range(rows):
                bought(flour, "10", "1")
        recipe = recipe_of(*((flour, str(10 * rows), "g") for flour in flours))
        run = baked(FinishedUnitFactory(recipe=recipe))
        for _ in range(rows):
            adjust_stock(item_id=run.finished_unit_id, quantity=-1, reason="Eaten")
        with django_assert_num_queries(10):
            member_client.get(run.get_absolute_url())


class TestVoid:
    @staticmethod
    def typed(**changes: str) -> dict[str, str]:
        return {"uuid": str(uuid4()), "reason": "Recorded twice"} | changes

    @BOTH
    def test_everything_goes_back(self, member_client, run, flour, headers):
        address = f"/production/runs/{run.pk}/void/"
        assert "no-store" in member_client.get(address).headers["Cache-Control"]
        response = member_client.post(address, self.typed(), headers=headers)
        assert (response.status_code, response.url) == (302, run.get_absolute_url())
        assert on_hand(item_ids=[flour.pk, run.finished_unit_id]) == {flour.pk: 160, run.finished_unit_id: 0}
        page = member_client.get(run.get_absolute_url()).content.decode()
        assert "Recorded twice" in page
        assert "Void this bake" not in page

    def test_looking_at_the_question_voids_nothing(self, member_client, run):
        member_client.get(f"/production/runs/{run.pk}/void/")
        run.refresh_from_db()
        assert not run.is_voided

    @BOTH
    def test_a_reason_is_asked_for(self, member_client, run, headers):
        for form in (self.typed(reason=" "), {}):
            response = member_client.post(f"/production/runs/{run.pk}/void/", form, headers=headers)
            assert response.status_code == 422
            assert "Say why, in a word or two." in response.content.decode()

    def test_while_a_piece_is_used_it_is_refused_by_name(self, member_client, run):
        entry = adjust_stock(item_id=run.finished_unit_id, quantity=-1, reason="Eaten")
        response = member_client.post(f"/production/runs/{run.pk}/void/", self.typed(reason="Burnt"))
        text = response.content.decode()
        assert response.status_code == 422
        assert f'<a href="{entry.get_absolute_url()}">{entry.summary}</a>' in text
        assert 'value="Burnt"' in text

    def test_sending_twice_voids_once(self, member_client, run):
        form = self.typed()
        for _ in range(2):
            assert member_client.post(f"/production/runs/{run.pk}/void/", form).status_code == 302
        assert StockEntry.objects.filter(reverses=run.stock_entry_id).count() == 1

    def test_a_key_that_stands_for_something_else_gives_way_to_a_fresh_one(self, member_client, run):
        form = self.typed(uuid=str(run.stock_entry.uuid))
        response = member_client.post(f"/production/runs/{run.pk}/void/", form)
        text = response.content.decode()
        assert response.status_code == 422
        assert "This form was already used" in text
        assert run.stock_entry.get_absolute_url() in text
        assert form["uuid"] not in text
        assert response.context["form"]["uuid"].value() != form["uuid"]
        run.refresh_from_db()
        assert not run.is_voided

    def test_an_unknown_bake_is_not_found(self, member_client):
        assert member_client.post("/production/runs/1/void/", self.typed()).status_code == 404

    @pytest.mark.parametrize("name", ["run", "void", "edit"])
    def test_a_stranger_sees_no_bake(self, client, run, name):
        assert client.get(reverse(f"production:{name}", args=[run.pk])).url.startswith(reverse("login"))

    def test_a_stranger_voids_nothing(self, client, run):
        response = client.post(f"/production/runs/{run.pk}/void/", self.typed())
        assert response.url.startswith(reverse("login"))
        run.refresh_from_db()
        assert not run.is_voided


class TestEdit:
    @BOTH
    def test_event_and_notes_are_put_right(self, member_client, run, headers):
        event = Event.objects.create(name="Advent Market", event_date=date(2026, 11, 29))
        typed = {"event": str(event.pk), "notes": "Just right"}
        response = member_client.post(f"/production/runs/{run.pk}/edit/", typed, headers=headers)
        assert (response.status_code, response.url) == (302, run.get_absolute_url())
        run.refresh_from_db()
        assert (run.event, run.notes) == (event, "Just right")

    @BOTH
    def test_an_unknown_event_is_refused_and_the_notes_stay(self, member_client, run, headers):
        typed = {"event": "999", "notes": "Just right"}
        response = member_client.post(f"/production/runs/{run.pk}/edit/", typed, headers=headers)
        assert response.status_code == 422
        assert "Just right" in response.content.decode()
        run.refresh_from_db()
        assert run.notes == "A little dark"

    def test_the_page_shows_what_is_there_and_changes_nothing(self, member_client, run):
        page = member_client.get(f"/production/runs/{run.pk}/edit/")
        assert "A little dark" in page.content.decode()
        assert "no-store" in page.headers["Cache-Control"]

    def test_an_unknown_bake_is_not_found(self, member_client):
        assert member_client.post("/production/runs/1/edit/", {"notes": ""}).status_code == 404

    def test_a_stranger_edits_nothing(self, client, run):
        response = client.post(f"/production/runs/{run.pk}/edit/", {"notes": "x"})
        assert response.url.startswith(reverse("login"))


class TestHistory:
    @pytest.fixture
    def runs(self, flour):
        """Three bakes: an old star, a star for the market that was voided, a moon."""
        bought(flour, "1000", "10")
        star, moon = cookie_of(flour, "Star"), cookie_of(flour, "Moon")
        event = Event.objects.create(name="Market", event_date=date(2026, 11, 29))
        old = baked(star, produced_at=datetime(2026, 1, 5, 12, tzinfo=UTC))
        voided = baked(star, produced_at=datetime(2026, 2, 5, 12, tzinfo=UTC), event_id=event.pk)
        services.void_production_run(production_run_id=voided.pk, reason="Twice")
        return [baked(moon, produced_at=datetime(2026, 3, 5, 12, tzinfo=UTC)), voided, old]

    @staticmethod
    def shown(client, **filters):
        return list(client.get(HISTORY, filters).context["page"])

    def test_the_newest_comes_first_and_voided_ones_stay_visible(self, member_client, runs):
        assert self.shown(member_client) == runs
        assert "voided" in member_client.get(HISTORY).content.decode()

    def test_filters_stand_in_the_address(self, member_client, runs):
        moon, voided, old = runs
        assert self.shown(member_client, recipe=old.recipe_id) == [voided, old]
        assert self.shown(member_client, finished_unit=moon.finished_unit_id) == [moon]
        assert self.shown(member_client, event=voided.event_id) == [voided]
        assert self.shown(member_client, event="none") == [moon, old]
        assert self.shown(member_client, start_date="2026-02-05") == [moon, voided]
        assert self.shown(member_client, end_date="2026-02-05") == [voided, old]
        assert self.shown(member_client, hide_voided="on") == [moon, old]

    def test_the_event_and_what_was_made_lead_to_their_pages(self, member_client, runs):
        page = member_client.get(HISTORY).content.decode()
        assert f'<a href="{runs[1].event.get_absolute_url()}">Market</a>' in page
        assert f'<a href="{runs[2].recipe.get_absolute_url()}">' in page
        assert "optional" not in page

    @pytest.mark.parametrize(
        "filters",
        [
            {"recipe": "x"},
            {"event": "9"},
            {"start_date": "soon"},
            {"start_date": "2026-02-02", "end_date": "2026-02-01"},
        ],
        ids=str,
    )
    def test_a_filter_that_cannot_be_is_said(self, member_client, runs, filters):
        assert member_client.get(HISTORY, filters).status_code == 422

    @pytest.mark.parametrize("name", ["start_date", "end_date"])
    @pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
    def test_a_day_that_no_calendar_reaches_is_refused(self, member_client, run, name, day):
        assert member_client.get(HISTORY, {name: day}).status_code == 422
        for address in ("/production/history.csv", "/production/history.json"):
            assert member_client.get(address, {name: day}).status_code == 422
        with pytest.raises(InvalidValueError, match="cannot be kept"):
            services.get_production_history(**{name: date.fromisoformat(day)})

    def test_nothing_found_leads_on(self, member_client):
        assert reverse("production:record") in member_client.get(HISTORY).content.decode()

    def test_a_long_history_has_pages_that_keep_the_filters(self, member_client, runs, monkeypatch):
        monkeypatch.setattr("production.views.runs.RUNS_PER_PAGE", 1)
        recipe = runs[2].recipe_id
        page = member_client.get(HISTORY, {"recipe": recipe}).content.decode()
        assert "Page 1 of 2" in page
        assert f"?recipe={recipe}&amp;page=2" in page
        assert self.shown(member_client, recipe=recipe, page="2") == [runs[2]]

    @pytest.mark.parametrize("rows", [1, 3])
    def test_the_number_of_queries_does_not_grow(self, member_client, django_assert_num_queries, rows):
        for number in range(rows):
            flour = IngredientFactory()
            bought(flour, "1000", "1")
            baked(cookie_of(flour, f"Cookie of {number}"))
        with django_assert_num_queries(8):
            member_client.get(HISTORY)
