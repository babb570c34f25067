"""What can be assembled, what was assembled, and putting an assembly right."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse

from assembly.models import AssemblyRun
from assembly.services import record_assembly, void_assembly_run
from assembly.tests.factories import FinishedGoodFactory, good_of, on_shelf
from bakery.home.selectors import latest_entries
from events.models import Event
from inventory.models import StockEntry
from inventory.services import adjust_stock, on_hand
from inventory.tests.factories import IngredientFactory, PackagingFactory, ProductFactory, bought
from production.models import ProductionRun
from production.services import record_batch_production
from production.tests.factories import FinishedUnitFactory, recipe_of

pytestmark = pytest.mark.django_db

ASSEMBLE = "/assembly/"
HISTORY = "/assembly/history/"
HTMX = {"HX-Request": "true"}
BOTH = pytest.mark.parametrize(
    "headers", [{}, {"HX-Request": "true", "HX-Boosted": "true"}], ids=["plain", "htmx"]
)


@pytest.fixture
def star():
    return FinishedUnitFactory(name="Star")


@pytest.fixture
def bag(star):
    return good_of((star, "3"), name="Bag")


def assembled(good, quantity=1, **changes) -> AssemblyRun:
    return record_assembly(finished_good_id=good.pk, quantity=quantity, **changes)


@pytest.fixture
def run(bag, star):
    """Two bags of three, out of two lots."""
    on_shelf(star, "4", "4")
    on_shelf(star, "10", "20")
    return assembled(bag, 2, notes="With a red ribbon")


class TestAssemble:
    def test_what_the_shelf_allows_comes_apart_from_what_is_short(self, member_client, bag, star):
        on_shelf(star, "7", "7")
        tin = ProductFactory(ingredient=PackagingFactory(name="Tin", stock_unit="each"), brand="")
        box = good_of((star, "9"), (bag, "2"), (tin, "1"), name="Box")
        page = member_client.get(ASSEMBLE)
        [ready] = page.context["ready"]
        assert (ready.good, ready.possible, ready.cost) == (bag, 2, Decimal(3))
        [short] = page.context["short"]
        assert short.good == box
        assert [each.lacking for each in short.missing] == ["2 × Star", "2 × Bag", "1 × Tin, 1"]
        text = page.content.decode()
        assert f"/production/record/?unit={star.pk}&amp;pieces=2" in text
        assert f"/assembly/record/?good={bag.pk}&amp;quantity=2" in text
        assert f"/pantry/receive/?product={tin.pk}&amp;quantity=1" in text

    def test_it_says_how_many_are_on_the_shelf_and_what_happened_lately(self, member_client, run):
        page = member_client.get(ASSEMBLE)
        assert page.context["ready"][0].good.inventory_count == 2
        assert run.get_absolute_url() in page.content.decode()

    def test_a_box_is_found_without_accents(self, member_client):
        FinishedGoodFactory(name="Boîte de Noël")
        FinishedGoodFactory(name="Bag")
        part = member_client.get(ASSEMBLE, {"q": "NOEL boite"}, headers=HTMX).content.decode()
        assert "Boîte de Noël" in part
        assert "Bag" not in part
        assert "<html" not in part

    def test_an_empty_table_leads_on(self, client, member, owner):
        client.force_login(member)
        assert "There is no box or bag yet." in client.get(ASSEMBLE).content.decode()
        client.force_login(owner)
        assert reverse("admin:assembly_finishedgood_add") in client.get(ASSEMBLE).content.decode()

    def test_one_without_components_says_so(self, member_client):
        FinishedGoodFactory(name="Air")
        assert "Nothing says what goes into it." in member_client.get(ASSEMBLE).content.decode()

    def test_an_archived_one_is_not_shown(self, member_client):
        FinishedGoodFactory(name="Old box", is_archived=True)
        assert "Old box" not in member_client.get(ASSEMBLE).content.decode()

    @pytest.mark.parametrize("rows", [1, 3])
    def test_the_number_of_queries_does_not_grow(self, member_client, django_assert_num_queries, rows):
        for _ in range(rows):
            star, tin = FinishedUnitFactory(), ProductFactory(ingredient=PackagingFactory())
            on_shelf(star, "9", "9")
            bought(tin.ingredient, "9", "9", product=tin)
            assembled(good_of((star, "1"), (tin, "1")))
            good_of((star, "99"), (tin, "99"))
        with django_assert_num_queries(8):
            member_client.get(ASSEMBLE)


class TestRun:
    def test_it_shows_what_went_in_by_lot_and_what_it_cost(self, member_client, run):
        page = member_client.get(run.get_absolute_url())
        [went_in] = page.context["went_in"]
        assert (went_in.name, went_in.quantity, went_in.cost) == ("Star", 6, 8)
        assert [(use.quantity, use.value) for use in went_in.lots] == [(4, 4), (2, 4)]
        text = page.content.decode()
        assert "$8.0000" in text
        assert "$4.0000" in text
        assert "lot used up" in text
        assert "With a red ribbon" in text

    def test_it_leads_down_to_the_bakes_whatever_the_depth(self, member_client):
        flour = IngredientFactory(name="Flour")
        bought(flour, "1000", "10")
        moon = FinishedUnitFactory(name="Moon", recipe=recipe_of((flour, "100", "g")))
        baked = record_batch_production(
            recipe_id=moon.recipe_id, finished_unit_id=moon.pk, num_batches=1, actual_yield=10
        )
        bag = good_of((moon, "2"), name="Bag")
        bags = assembled(bag, 3)
        hamper = good_of((bag, "2"), (moon, "1"), name="Hamper")
        run = assembled(hamper)
        page = member_client.get(run.get_absolute_url())
        moons, in_bags = page.context["went_in"]
        [lot] = moons.lots
        assert (lot.address, lot.of) == (baked.get_absolute_url(), ())
        [lot] = in_bags.lots
        assert (lot.address, lot.quantity) == (bags.get_absolute_url(), 2)
        [inner] = lot.of
        assert (inner.address, inner.quantity, inner.value) == (baked.get_absolute_url(), 6, None)
        assert page.content.decode().count(baked.get_absolute_url()) == 2

    def test_a_bake_that_took_nothing_off_the_shelf_is_named_all_the_same(self, member_client):
        water = IngredientFactory(name="Water", stock_unit="ml", is_tracked=False)
        ice = FinishedUnitFactory(name="Ice", recipe=recipe_of((water, "100", "ml")))
        baked = record_batch_production(
            recipe_id=ice.recipe_id, finished_unit_id=ice.pk, num_batches=1, actual_yield=10
        )
        run = assembled(good_of((ice, "2")))
        [went_in] = member_client.get(run.get_absolute_url()).context["went_in"]
        assert [use.address for use in went_in.lots] == [baked.get_absolute_url()]

    def test_it_shows_where_the_boxes_went_and_what_is_left(self, member_client, run):
        hamper = good_of((run.finished_good, "1"), name="Hamper")
        outer = assembled(hamper)
        page = member_client.get(run.get_absolute_url())
        [use] = page.context["went_out"]
        assert (use.address, use.quantity) == (outer.get_absolute_url(), 1)
        assert page.context["output"].quantity_remaining == 1

    def test_imported_history_says_that_it_moved_nothing(self, member_client, run):
        AssemblyRun.objects.update(stock_entry=None)
        page = member_client.get(run.get_absolute_url()).content.decode()
        assert "It moved no stock." in page
        assert "Star" in page

    def test_a_voided_one_still_shows_what_it_took(self, member_client, run):
        void_assembly_run(assembly_run_id=run.pk, reason="Wrong ribbon")
        page = member_client.get(run.get_absolute_url())
        assert "Wrong ribbon" in page.content.decode()
        [went_in] = page.context["went_in"]
        assert [use.quantity for use in went_in.lots] == [4, 2]

    @pytest.mark.parametrize("name", ["run", "void", "edit"])
    def test_an_unknown_one_is_not_found(self, member_client, name):
        assert member_client.get(reverse(f"assembly:{name}", args=[0])).status_code == 404

    @pytest.mark.parametrize("name", ["run", "void", "edit"])
    def test_a_stranger_sees_none(self, client, run, name):
        assert client.get(reverse(f"assembly:{name}", args=[run.pk])).url.startswith(reverse("login"))

    @pytest.mark.parametrize("rows", [1, 3])
    def test_the_number_of_queries_does_not_grow(self, member_client, django_assert_num_queries, rows):
        flour = IngredientFactory()
        bought(flour, "10000", "1")
        parts = []
        for _ in range(rows):
            unit = FinishedUnitFactory(recipe=recipe_of((flour, "10", "g")))
            for _ in range(rows):
                record_batch_production(
                    recipe_id=unit.recipe_id, finished_unit_id=unit.pk, num_batches=1, actual_yield=20
                )
            tin, bag = ProductFactory(ingredient=PackagingFactory()), good_of((unit, "1"))
            bought(tin.ingredient, "9", "1", product=tin)
            assembled(bag, 3)
            parts += [(unit, "1"), (bag, "1"), (tin, "1")]
        run = assembled(good_of(*parts), 3)
        for _ in range(rows):
            assembled(good_of((run.finished_good, "1")))
        with django_assert_num_queries(14):
            member_client.get(run.get_absolute_url())


def test_today_leads_to_the_assembly(run):
    assert latest_entries()[0].url == run.get_absolute_url()


class TestWhereABakeWent:
    def test_the_bake_page_follows_its_cookies_through_bags_into_hampers(self, member_client):
        flour = IngredientFactory()
        bought(flour, "1000", "10")
        star = FinishedUnitFactory(recipe=recipe_of((flour, "100", "g")))
        baked = record_batch_production(
            recipe_id=star.recipe_id, finished_unit_id=star.pk, num_batches=1, actual_yield=10
        )
        bag = good_of((star, "2"), name="Bag")
        bags = assembled(bag, 3)
        hamper = good_of((bag, "1"), (star, "1"), name="Hamper")
        hampers = assembled(hamper, 2)
        adjust_stock(item_id=hamper.pk, quantity=-1, reason="given to the postwoman")
        page = member_client.get(baked.get_absolute_url())
        into_bags, into_hampers = page.context["went_out"]
        assert (into_bags.address, into_bags.quantity) == (bags.get_absolute_url(), 6)
        assert (into_hampers.address, into_hampers.quantity) == (hampers.get_absolute_url(), 2)
        [onward] = into_bags.then
        assert (onward.address, onward.quantity) == (hampers.get_absolute_url(), 2)
        [given] = onward.then
        assert given.quantity == 1
        assert into_hampers.then == ()  # followed once, where it comes first
        assert page.content.decode().count("postwoman") == 1

    def test_what_was_voided_is_no_way(self, member_client, run):
        hamper = good_of((run.finished_good, "1"))
        outer = assembled(hamper)
        void_assembly_run(assembly_run_id=outer.pk, reason="wrong")
        assert member_client.get(run.get_absolute_url()).context["went_out"] == []


class TestVoid:
    @staticmethod
    def typed(**changes: str) -> dict[str, str]:
        return {"uuid": str(uuid4()), "reason": "Recorded twice"} | changes

    @BOTH
    def test_everything_goes_back(self, member_client, run, star, headers):
        address = f"/assembly/runs/{run.pk}/void/"
        page = member_client.get(address)
        assert "no-store" in page.headers["Cache-Control"]
        assert "takes its boxes off the shelf" in page.content.decode()
        response = member_client.post(address, self.typed(), headers=headers)
        assert (response.status_code, response.url) == (302, run.get_absolute_url())
        assert on_hand(item_ids=[star.pk, run.finished_good_id]) == {star.pk: 14, run.finished_good_id: 0}
        page = member_client.get(run.get_absolute_url()).content.decode()
        assert "Recorded twice" in page
        assert "Void this assembly" not in page

    def test_looking_at_the_question_voids_nothing(self, member_client, run):
        member_client.get(f"/assembly/runs/{run.pk}/void/")
        run.refresh_from_db()
        assert not run.is_voided

    @BOTH
    def test_a_reason_is_asked_for(self, member_client, run, headers):
        for form in (self.typed(reason=" "), {}):
            response = member_client.post(f"/assembly/runs/{run.pk}/void/", form, headers=headers)
            assert response.status_code == 422
            assert "Say why, in a word or two." in response.content.decode()

    def test_while_one_is_used_it_is_refused_by_name(self, member_client, run):
        outer = assembled(good_of((run.finished_good, "1"), name="Hamper"))
        response = member_client.post(f"/assembly/runs/{run.pk}/void/", self.typed(reason="Torn"))
        text = response.content.decode()
        assert response.status_code == 422
        assert outer.stock_entry.get_absolute_url() in text
        assert "1 × Hamper" in text
        assert 'value="Torn"' in text

    def test_a_key_that_stands_for_something_else_gives_way_to_a_fresh_one(self, member_client, run):
        form = self.typed(uuid=str(run.stock_entry.uuid))
        response = member_client.post(f"/assembly/runs/{run.pk}/void/", form)
        text = response.content.decode()
        assert response.status_code == 422
        assert "This form was already used" in text
        assert run.stock_entry.get_absolute_url() in text
        assert response.context["form"]["uuid"].value() != form["uuid"]
        run.refresh_from_db()
        assert not run.is_voided

    def test_sending_twice_voids_once(self, member_client, run):
        form = self.typed()
        for _ in range(2):
            assert member_client.post(f"/assembly/runs/{run.pk}/void/", form).status_code == 302
        assert StockEntry.objects.filter(reverses=run.stock_entry_id).count() == 1


class TestEdit:
    @BOTH
    def test_event_and_notes_are_put_right(self, member_client, run, headers):
        event = Event.objects.create(name="Advent Market", event_date=date(2026, 11, 29))
        typed = {"event": str(event.pk), "notes": "With a green one"}
        page = member_client.get(f"/assembly/runs/{run.pk}/edit/")
        assert "no-store" in page.headers["Cache-Control"]
        response = member_client.post(f"/assembly/runs/{run.pk}/edit/", typed, headers=headers)
        assert (response.status_code, response.url) == (302, run.get_absolute_url())
        run.refresh_from_db()
        assert (run.event, run.notes, run.edited_by_name) == (event, "With a green one", "mira")
        assert "edited by mira" in member_client.get(run.get_absolute_url()).content.decode()

    def test_an_unknown_event_is_refused_and_the_notes_stay(self, member_client, run):
        typed = {"event": "999", "notes": "With a green one"}
        response = member_client.post(f"/assembly/runs/{run.pk}/edit/", typed)
        assert response.status_code == 422
        assert "With a green one" in response.content.decode()
        run.refresh_from_db()
        assert run.notes == "With a red ribbon"


class TestHistory:
    @pytest.fixture
    def runs(self, bag, star):
        """Three: an old bag, a bag for the market that was voided, a box."""
        on_shelf(star, "99", "9")
        event = Event.objects.create(name="Market", event_date=date(2026, 11, 29))
        old = assembled(bag, assembled_at=datetime(2026, 1, 5, 12, tzinfo=UTC))
        voided = assembled(bag, assembled_at=datetime(2026, 2, 5, 12, tzinfo=UTC), event_id=event.pk)
        void_assembly_run(assembly_run_id=voided.pk, reason="Twice")
        box = good_of((star, "1"), name="Box")
        return [assembled(box, assembled_at=datetime(2026, 3, 5, 12, tzinfo=UTC)), voided, old]

    @staticmethod
    def shown(client, **filters):
        return list(client.get(HISTORY, filters).context["page"])

    def test_the_newest_comes_first_and_voided_ones_stay_visible(self, member_client, runs):
        assert self.shown(member_client) == runs
        assert "voided" in member_client.get(HISTORY).content.decode()

    def test_filters_stand_in_the_address(self, member_client, runs):
        box, voided, old = runs
        assert self.shown(member_client, finished_good=old.finished_good_id) == [voided, old]
        assert self.shown(member_client, event=voided.event_id) == [voided]
        assert self.shown(member_client, event="none") == [box, old]
        assert self.shown(member_client, start_date="2026-02-05") == [box, voided]
        assert self.shown(member_client, end_date="2026-02-05") == [voided, old]
        assert self.shown(member_client, hide_voided="on") == [box, old]

    def test_the_event_and_what_was_made_lead_to_their_pages(self, member_client, runs):
        page = member_client.get(HISTORY).content.decode()
        assert f'<a href="{runs[1].event.get_absolute_url()}">Market</a>' in page
        assert f'<a href="{runs[2].finished_good.get_absolute_url()}">' in page
        assert "optional" not in page

    @pytest.mark.parametrize(
        "filters",
        [
            {"finished_good": "x"},
            {"event": "9"},
            {"start_date": "soon"},
            {"start_date": "2026-02-02", "end_date": "2026-02-01"},
        ],
        ids=str,
    )
    def test_a_filter_that_cannot_be_is_said(self, member_client, runs, filters):
        assert member_client.get(HISTORY, filters).status_code == 422

    def test_nothing_found_leads_on(self, member_client):
        assert reverse("assembly:record") in member_client.get(HISTORY).content.decode()

    def test_a_long_history_has_pages_that_keep_the_filters(self, member_client, runs, monkeypatch):
        monkeypatch.setattr("assembly.views.runs.RUNS_PER_PAGE", 1)
        good = runs[2].finished_good_id
        page = member_client.get(HISTORY, {"finished_good": good}).content.decode()
        assert "Page 1 of 2" in page
        assert f"?finished_good={good}&amp;page=2" in page

    @pytest.mark.parametrize("rows", [1, 3])
    def test_the_number_of_queries_does_not_grow(self, member_client, django_assert_num_queries, rows):
        for _ in range(rows):
            star = FinishedUnitFactory()
            on_shelf(star, "9", "9")
            assembled(good_of((star, "1")))
        with django_assert_num_queries(7):
            member_client.get(HISTORY)


def test_the_indexes_of_the_contract_are_there():
    from django.db import connection

    for model, owner, when in (
        (AssemblyRun, "finished_good_id", "assembled_at"),
        (ProductionRun, "recipe_id", "produced_at"),
    ):
        with connection.cursor() as cursor:
            found = connection.introspection.get_constraints(cursor, model._meta.db_table)
        first = {each["columns"][0] for each in found.values() if each["index"] and each["columns"]}
        assert {owner, when, "event_id"} <= first
