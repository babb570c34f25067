"""The list of events, an event's own pages, a new one, and one put right or deleted."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from assembly.services import record_assembly
from assembly.tests.factories import good_of, on_shelf
from events import services
from events.models import Event, EventProductionTarget, Package, Recipient
from events.tests.factories import EventFactory, RecipientFactory, assigned, package_of
from inventory.tests.factories import IngredientFactory, bought
from production.tests.factories import FinishedUnitFactory, recipe_of

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


def days(number: int) -> date:
    return timezone.localdate() + timedelta(days=number)


@pytest.fixture
def star(db):
    """Ten stars a batch from 100 g of flour at $0.02 a gram; a kilogram is there."""
    flour = IngredientFactory(name="Flour")
    bought(flour, "1000", "20")
    return FinishedUnitFactory(recipe=recipe_of((flour, "100", "g")), name="Star", items_per_batch=10)


def busy(star, name: str, in_days: int = 10) -> Event:
    """An event with a batch baked of two, a bag assembled of two, and a package for somebody."""
    event = EventFactory(name=name, event_date=days(in_days))
    bag = good_of((star, "2"), name=f"Bag for {name}")
    services.set_production_target(event_id=event.pk, recipe_id=star.recipe_id, target_batches=2)
    services.set_assembly_target(event_id=event.pk, finished_good_id=bag.pk, target_quantity=2)
    services.record_production(event_id=event.pk, recipe_id=star.recipe_id, batches=1)
    record_assembly(finished_good_id=bag.pk, quantity=1, event_id=event.pk)
    assigned(event, package_of((bag, 1), name=f"Package for {name}"))
    return event


class TestList:
    def test_without_events_it_says_how_to_begin(self, member_client):
        page = member_client.get("/events/")
        assert "No event yet" in page.content.decode()
        assert page.context["opened"]

    def test_what_is_ahead_comes_first_the_nearest_on_top_then_the_past(self, member_client):
        for name, number in (("Easter", 120), ("Fair", -30), ("Advent", 9), ("Birthday", -2), ("Today", 0)):
            EventFactory(name=name, event_date=days(number))
        page = member_client.get("/events/")
        assert [card.event.name for card in page.context["ahead"]] == ["Today", "Advent", "Easter"]
        assert [card.event.name for card in page.context["past"]] == ["Birthday", "Fair"]
        assert "in 9 days" in page.content.decode()

    def test_of_many_past_events_the_latest_are_shown_first(self, member_client):
        for number in range(14):
            EventFactory(name=f"Fair {number}", event_date=days(-1 - number))
        page = member_client.get("/events/")
        assert len(page.context["past"]) == 12
        assert "2 events before that" in page.content.decode()
        assert len(member_client.get("/events/?past=all").context["past"]) == 14

    def test_a_card_says_how_far_the_event_is_and_what_it_costs(self, member_client, star):
        busy(star, "Advent")
        page = member_client.get("/events/")
        [card] = page.context["ahead"]
        assert (card.baked_percent, card.assembled_percent, card.packed_percent) == (50, 50, 0)
        text = page.content.decode()
        assert "0 of 1 recipe" in text
        assert "1 pending · 0 ready · 0 delivered" in text
        assert "<b>$2.00</b>" in text
        assert "of $4.00 planned<" in text

    def test_a_card_says_how_many_recipes_are_in_no_plan(self, member_client, star):
        busy(star, "Advent")
        EventProductionTarget.objects.update(planned_cost=None)
        for address in ("/events/", "/events/advent/"):
            page = member_client.get(address).content.decode()
            assert "of $0.00 planned, without 1 unpriced<" in page, address

    def test_more_than_planned_fills_no_gap_of_another_target(self, member_client, star):
        event = busy(star, "Advent")
        other = FinishedUnitFactory(recipe=recipe_of(), name="Moon")
        services.set_production_target(event_id=event.pk, recipe_id=other.recipe_id, target_batches=2)
        services.record_production(event_id=event.pk, recipe_id=star.recipe_id, batches=5)
        [card] = member_client.get("/events/").context["ahead"]
        assert card.baked_percent == 50

    def test_it_takes_as_many_statements_for_three_events_as_for_one(
        self, member_client, star, django_assert_num_queries
    ):
        busy(star, "Advent")
        with django_assert_num_queries(11):
            member_client.get("/events/")
        busy(star, "Christmas")
        busy(star, "Fair", -30)
        with django_assert_num_queries(11):
            member_client.get("/events/")


class TestNewEvent:
    def test_it_opens_the_page_of_the_event(self, member_client):
        form = {"name": "Christmas 2026", "event_date": "2026-12-24", "notes": "Early"}
        answer = member_client.post("/events/", form)
        assert (answer.status_code, answer.url) == (302, "/events/christmas-2026/")
        event = Event.objects.get()
        assert (event.name, event.event_date, event.notes) == ("Christmas 2026", date(2026, 12, 24), "Early")

    def test_a_name_twice_is_refused_with_all_that_was_typed(self, member_client):
        EventFactory(name="Christmas 2026")
        form = {"name": "Christmas 2026", "event_date": "2026-12-24", "notes": "Early"}
        answer = member_client.post("/events/", form)
        assert answer.status_code == 422
        text = answer.content.decode()
        assert "There is already an event of this name. Add the year to it." in text
        assert 'value="2026-12-24"' in text
        assert "Early" in text
        assert Event.objects.count() == 1

    def test_nothing_typed_is_refused(self, member_client):
        assert member_client.post("/events/", {}).status_code == 422


class TestEditing:
    def test_the_name_changes_and_the_address_stays(self, member_client):
        event = EventFactory(name="Advent")
        form = {"name": "Advent Market", "event_date": "2026-12-06", "notes": ""}
        answer = member_client.post(f"/events/{event.slug}/edit/", form)
        assert (answer.status_code, answer.url) == (302, "/events/advent/")
        event.refresh_from_db()
        assert (event.name, event.event_date) == ("Advent Market", date(2026, 12, 6))

    def test_a_wrong_date_is_refused_and_the_name_typed_stays(self, member_client):
        event = EventFactory(name="Advent")
        answer = member_client.post(
            f"/events/{event.slug}/edit/", {"name": "Market", "event_date": "soon", "notes": ""}
        )
        assert answer.status_code == 422
        assert 'value="Market"' in answer.content.decode()
        assert "<h1>Edit Advent</h1>" in answer.content.decode()

    def test_an_unknown_event_is_missing(self, member_client):
        for page in ("", "edit/", "delete/", "packages/", "targets/", "shopping/", "costs/", "history/"):
            assert member_client.get(f"/events/nowhere/{page}").status_code == 404


class TestDeleting:
    def test_the_page_counts_what_goes_with_it_and_writes_nothing(self, member_client, star):
        event = EventFactory(name="Typo")
        services.set_production_target(event_id=event.pk, recipe_id=star.recipe_id, target_batches=2)
        package = package_of((good_of((star, "1")), 1))
        assigned(event, package)
        assigned(event, package)
        text = member_client.get("/events/typo/delete/").content.decode()
        assert "1 baking target" in text
        assert "0 assembly targets" in text
        assert "2 packages" in text
        assert Event.objects.exists()

    def test_it_goes_with_its_targets_and_pending_packages(self, member_client, star):
        event = EventFactory(name="Typo")
        services.set_production_target(event_id=event.pk, recipe_id=star.recipe_id, target_batches=2)
        assigned(event, package_of((good_of((star, "1")), 1)))
        answer = member_client.post("/events/typo/delete/")
        assert (answer.status_code, answer.url) == (302, "/events/")
        assert not Event.objects.exists()

    def test_it_is_refused_with_links_while_it_was_baked_or_packed_for(self, member_client, star):
        event = EventFactory(name="Advent")
        run = services.record_production(event_id=event.pk, recipe_id=star.recipe_id, batches=1).run
        bag = good_of((star, "1"))
        on_shelf(bag, "1", "1")
        packed = assigned(event, package_of((bag, 1)), recipient=RecipientFactory(name="Ani"))
        services.update_fulfillment_status(packed.pk, "ready")
        answer = member_client.post("/events/advent/delete/")
        assert answer.status_code == 422
        text = answer.content.decode()
        assert "Advent cannot be deleted" in text
        assert run.get_absolute_url() in text
        assert f"/events/advent/packages/?row={packed.pk}#assignment-{packed.pk}" in text
        assert Event.objects.exists()

    def test_the_page_takes_as_many_statements_for_three_things_as_for_one(
        self, member_client, star, django_assert_num_queries
    ):
        event = EventFactory(name="Advent")
        services.record_production(event_id=event.pk, recipe_id=star.recipe_id, batches=1)
        with django_assert_num_queries(12):
            member_client.get("/events/advent/delete/")
        for _ in range(2):
            services.record_production(event_id=event.pk, recipe_id=star.recipe_id, batches=1)
        with django_assert_num_queries(12):
            member_client.get("/events/advent/delete/")


TABS = ("", "packages/", "targets/", "shopping/", "costs/", "history/")


class TestTabs:
    @pytest.mark.parametrize("tab", TABS)
    def test_each_is_a_page_of_its_own(self, member_client, star, tab):
        busy(star, "Advent")
        page = member_client.get(f"/events/advent/{tab}")
        text = page.content.decode()
        assert page.status_code == 200
        assert "<!doctype html>" in text
        assert text.count('aria-current="page"') == 2  # Events in the navigation, and the tab
        assert "1 package for 1 person" in text

    @pytest.mark.parametrize("tab", TABS)
    def test_htmx_gets_only_what_changes(self, member_client, star, tab):
        busy(star, "Advent")
        text = member_client.get(f"/events/advent/{tab}", headers=HTMX).content.decode()
        assert "<!doctype html>" not in text
        assert '<p id="status"' in text
        assert "· Advent · Our bakehouse</title>" in text

    @pytest.mark.parametrize("tab", TABS)
    def test_an_empty_one_names_the_next_step(self, member_client, tab):
        EventFactory(name="Advent")
        text = member_client.get(f"/events/advent/{tab}").content.decode()
        assert 'class="empty"' in text

    @pytest.mark.parametrize(
        ("tab", "statements"),
        [("", 11), ("shopping/", 15), ("costs/", 12), ("history/", 8)],
    )
    def test_it_takes_as_many_statements_for_three_rows_as_for_one(
        self, member_client, star, django_assert_num_queries, tab, statements
    ):
        event = busy(star, "Advent")
        with django_assert_num_queries(statements):
            member_client.get(f"/events/advent/{tab}")
        for number in range(2):
            flour = IngredientFactory()
            bought(flour, "500", "10")
            other = FinishedUnitFactory(recipe=recipe_of((flour, "100", "g")), items_per_batch=5)
            bag = good_of((other, "2"))
            services.set_production_target(event_id=event.pk, recipe_id=other.recipe_id, target_batches=3)
            services.set_assembly_target(event_id=event.pk, finished_good_id=bag.pk, target_quantity=4)
            services.record_production(event_id=event.pk, recipe_id=other.recipe_id, batches=1)
            record_assembly(finished_good_id=bag.pk, quantity=1, event_id=event.pk)
            assigned(event, package_of((bag, 1), name=f"Another {number}"))
        with django_assert_num_queries(statements):
            member_client.get(f"/events/advent/{tab}")


class TestOverview:
    def test_it_says_what_is_next_the_most_work_first(self, member_client, star):
        event = busy(star, "Advent")
        other = FinishedUnitFactory(recipe=recipe_of(), name="Moon")
        services.set_production_target(event_id=event.pk, recipe_id=other.recipe_id, target_batches=3)
        overview = member_client.get("/events/advent/").context["overview"]
        assert [(each.recipe, each.open_batches) for each in overview.bake_next] == [
            (other.recipe, 3),
            (star.recipe, 1),
        ]
        assert [each.open_quantity for each in overview.assemble_next] == [1]

    def test_the_links_choose_recipe_event_and_batches(self, member_client, star):
        event = busy(star, "Advent")
        text = member_client.get("/events/advent/").content.decode()
        assert f"/production/record/?recipe={star.recipe_id}&amp;event={event.pk}&amp;batches=1" in text

    def test_when_all_is_done_it_says_so(self, member_client, star):
        event = EventFactory(name="Advent")
        services.set_production_target(event_id=event.pk, recipe_id=star.recipe_id, target_batches=1)
        services.record_production(event_id=event.pk, recipe_id=star.recipe_id, batches=1)
        assert "All that was planned is done." in member_client.get("/events/advent/").content.decode()


class TestHistory:
    def test_it_shows_this_events_bakes_and_assemblies_and_marks_voided_ones(self, member_client, star):
        event = busy(star, "Advent")
        busy(star, "Christmas")
        voided = services.record_production(event_id=event.pk, recipe_id=star.recipe_id, batches=1).run
        from production.services import void_production_run

        void_production_run(production_run_id=voided.pk, reason="twice")
        page = member_client.get("/events/advent/history/")
        assert [run.is_voided for run in page.context["bakes"]] == [True, False]
        assert len(page.context["assemblies"]) == 1
        assert "voided" in page.content.decode()


def test_costs_compare_plan_and_bakes(member_client, star):
    busy(star, "Advent")
    page = member_client.get("/events/advent/costs/")
    costs = page.context["costs"]
    assert (costs.planned_total, costs.actual_total) == (Decimal("4.0000"), Decimal("2.0000"))


def test_pages_with_forms_are_never_shown_from_a_cache(member_client):
    """Back would bring a form whose key is used, or which holds what was put right since."""
    assigned(EventFactory(name="Advent"), package_of())
    recipient, package = Recipient.objects.get(), Package.objects.get()
    for address in (
        "/events/",
        "/events/advent/edit/",
        "/events/advent/delete/",
        "/events/advent/shopping/",
        "/recipients/add/",
        f"/recipients/{recipient.pk}/edit/",
        "/packages/add/",
        f"/packages/{package.pk}/edit/",
    ):
        page = member_client.get(address)
        assert page.status_code == 200, address
        assert "no-store" in page.headers["Cache-Control"], address
