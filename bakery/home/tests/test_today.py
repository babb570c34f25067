"""Today: what can be baked, what runs low, what happened last."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assembly.models import FinishedGood
from bakery.core.models import Household
from bakery.home.selectors import latest_entries
from events.board import cards
from events.models import Event, EventProductionTarget, Package, PackageFinishedGood, Recipient
from events.next_bakes import bake_next
from events.selectors.occasions import find_events
from events.services import assign_package, set_production_target, update_fulfillment_status
from inventory.models import Ingredient, IngredientCategory, Product
from inventory.services import adjust_stock, receive_lot, void_adjustment
from production.models import FinishedUnit, Recipe, RecipeIngredient
from production.services import record_batch_production, void_production_run

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def household(db):
    return Household.objects.create(pk=1, name="Number 9")


@pytest.fixture
def today():
    return timezone.localdate()


def ingredient(name, **values):
    category, _ = IngredientCategory.objects.get_or_create(name="Flours")
    return Ingredient.objects.create(name=name, category=category, stock_unit="g", **values)


def buy(item, grams, cost="4.00", **values):
    product, _ = Product.objects.get_or_create(
        ingredient=item, package_quantity=Decimal(1000), package_unit="g", brand="Mill"
    )
    return receive_lot(product_id=product.pk, quantity=grams, unit="g", total_cost=cost, **values)


def recipe(name, item, grams):
    made = Recipe.objects.create(name=name)
    RecipeIngredient.objects.create(recipe=made, ingredient=item, quantity=grams, unit="g")
    FinishedUnit.objects.create(name=name, recipe=made, items_per_batch=12, stock_unit="each")
    return made


def test_recipes_are_offered_by_how_much_the_shelf_allows(member_client):
    flour = ingredient("Flour")
    buy(flour, 1000)
    recipe("Shortbread", flour, 500)
    recipe("Biscotti", flour, 300)
    recipe("Brioche", flour, 5000)
    recipe("Old bread", flour, 1)
    Recipe.objects.filter(name="Old bread").update(is_archived=True)
    Recipe.objects.create(name="Spice mix")  # makes nothing that could be counted
    context = member_client.get("/").context
    offered = [(each.recipe.name, each.batches) for each in context["bakeable"]]
    assert offered == [("Biscotti", 3), ("Shortbread", 2)]
    assert (context["recipe_count"], context["short_count"]) == (3, 1)


def test_what_has_to_be_used_comes_before_what_runs_low(member_client, today):
    butter = ingredient("Butter", reorder_level=Decimal(250))
    buy(butter, 340, received_on=today - timedelta(9), expires_on=today + timedelta(3))
    almonds = ingredient("Almonds", reorder_level=Decimal(500))
    buy(almonds, 260)
    page = member_client.get("/")
    assert [row.item.name for row in page.context["attention"]] == ["Butter", "Almonds"]
    assert "below 500 g" in page.content.decode()


def test_the_latest_says_what_money_moved_and_what_was_voided():
    flour = ingredient("Flour")
    buy(flour, 1000, "4.00")
    shortbread = recipe("Shortbread", flour, 500)
    unit = shortbread.finished_units.get()
    run = record_batch_production(
        recipe_id=shortbread.pk, finished_unit_id=unit.pk, num_batches=1, actual_yield=12
    )
    spilt = adjust_stock(item_id=flour.pk, quantity=-100, reason="Spilt")
    void_adjustment(entry_id=spilt.pk, reason="Found it")
    latest = latest_entries()
    assert [(each.amount, each.is_voided) for each in latest] == [
        (Decimal("0.4"), False),
        (Decimal("0.4"), True),
        (Decimal("2"), False),
        (Decimal("4"), False),
    ]
    assert [(each.title, each.detail) for each in latest[1:]] == [
        (spilt.summary, ""),
        ("Shortbread", "1 batch, 12 of 12"),
        ("Mill, 1000 g", "bought"),
    ]
    assert latest[2].url == run.get_absolute_url()


def test_the_page_says_all_of_it(member_client, today):
    flour = ingredient("Flour", reorder_level=Decimal(2000))
    buy(flour, 1000)
    made = recipe("Shortbread", flour, 500)
    page = member_client.get("/").content.decode()
    assert "1 recipe can be baked from what is on the shelf." in page
    assert "Enough for 2<" in page
    assert f"/production/record/?recipe={made.pk}" in page
    assert "below 2 kg" in page
    assert "$4.0000" in page


def test_an_empty_kitchen_shows_the_next_step(member_client, owner_client, owner):
    page = owner_client.get("/").content.decode()
    assert "Write the first one" in page
    assert "Put the first purchase on the shelf" in page
    assert "Nothing runs low" in page


def test_a_recipe_that_is_short_leads_to_what_it_needs(member_client):
    recipe("Brioche", ingredient("Flour"), 500)
    page = member_client.get("/").content.decode()
    assert "Nothing can be baked from what is on the shelf right now." in page
    assert "See what 1 recipe still needs" in page


# With ten lots to be used soon there is no need to ask what is below its level.
@pytest.mark.parametrize(("count", "statements_taken"), [(1, 17), (3, 17), (30, 16)])
def test_today_takes_no_more_statements_the_more_there_is(member_client, today, count, statements_taken):
    for number in range(count):
        flour = ingredient(f"Flour {number}", reorder_level=Decimal(2000))
        buy(flour, 1000, expires_on=today)
        made = recipe(f"Bread {number}", flour, 100)
        run = record_batch_production(
            recipe_id=made.pk, finished_unit_id=made.finished_units.get().pk, num_batches=1, actual_yield=12
        )
        if number % 2:
            void_production_run(production_run_id=run.pk, reason="Wrong day")
    with CaptureQueriesContext(connection) as statements:
        assert member_client.get("/").status_code == 200
    assert len(statements) == statements_taken


def event(name, days, today):
    return Event.objects.create(name=name, event_date=today + timedelta(days))


@pytest.fixture
def fair(today):
    return event("Fair", 9, today)


def test_events_ahead_are_shown_unless_others_are_asked_for(member_client, today, fair):
    christmas, past = event("Christmas", 30, today), event("Easter", -200, today)

    def shown(**asked):
        return [card.event for card in member_client.get("/", asked).context["board"]]

    assert shown() == [fair, christmas]
    assert shown(show="past") == [past]
    assert shown(show="all") == [christmas, fair, past]
    assert shown(start=str(today + timedelta(20))) == [christmas]
    assert shown(start=str(today - timedelta(200)), end=str(today + timedelta(9))) == [past, fair]
    assert shown(show="nonsense") == [fair, christmas]


def test_days_the_wrong_way_round_are_refused(member_client, today, fair):
    answer = member_client.get("/", {"start": str(today), "end": str(today - timedelta(1))})
    assert answer.status_code == 422
    assert "The last day is before the first one." in answer.content.decode()


def test_what_to_bake_next_comes_by_date_with_what_the_shelf_allows(member_client, today, fair):
    christmas = event("Christmas", 30, today)
    flour, almonds = ingredient("Flour"), ingredient("Almonds")
    buy(flour, 1000)
    shortbread, biscotti = recipe("Shortbread", flour, 300), recipe("Biscotti", almonds, 140)
    for occasion, what, batches in (
        (christmas, shortbread, 2),
        (fair, shortbread, 5),
        (fair, biscotti, 1),
        (event("Past", -1, today), shortbread, 9),
    ):
        set_production_target(event_id=occasion.pk, recipe_id=what.pk, target_batches=batches)
    record_batch_production(
        recipe_id=shortbread.pk,
        finished_unit_id=shortbread.finished_units.get().pk,
        num_batches=1,
        actual_yield=12,
        event_id=fair.pk,
    )
    response = member_client.get("/")
    upcoming = response.context["upcoming"]
    assert [(each.event, each.recipe, each.batches, each.possible, each.now) for each in upcoming] == [
        (fair, biscotti, 1, 0, 0),
        (fair, shortbread, 4, 2, 2),
        (christmas, shortbread, 2, 2, 2),
    ]
    assert [(need.ingredient_name, missing) for need, missing in upcoming[0].short] == [("Almonds", 140)]
    page = response.content.decode()
    assert "Next up: bake 1 batch of Biscotti for Fair." in page
    assert "Short: 140 g Almonds" in page
    assert f"/production/record/?recipe={shortbread.pk}&amp;event={fair.pk}&amp;batches=2" in page
    assert "bakeable" not in response.context


def test_what_is_made_for_no_event_stands_by_itself(member_client, fair):
    flour = ingredient("Flour")
    buy(flour, 1000)
    made = recipe("Shortbread", flour, 100)
    for occasion, batches in ((None, 1), (fair.pk, 2)):
        record_batch_production(
            recipe_id=made.pk,
            finished_unit_id=made.finished_units.get().pk,
            num_batches=batches,
            actual_yield=12 * batches,
            event_id=occasion,
        )
    just_for_us = member_client.get("/").context["just_for_us"]
    assert [(each.title, each.detail) for each in just_for_us] == [("Shortbread", "1 batch, 12 of 12")]


def test_without_an_event_ahead_the_page_leads_to_the_first(member_client):
    assert "/events/?new=1" in member_client.get("/").content.decode()


@pytest.mark.parametrize(("events", "targets"), [(1, 1), (3, 2), (50, 20)])
def test_the_board_takes_the_same_statements_for_one_event_as_for_fifty(
    member_client, today, django_assert_num_queries, events, targets
):
    flour = ingredient("Flour")
    buy(flour, 1000)
    recipes = [recipe(f"Bread {number}", flour, 100) for number in range(targets)]
    planned = [event(f"Event {number}", number, today) for number in range(events)]
    EventProductionTarget.objects.bulk_create(
        EventProductionTarget(event=each, recipe=made, target_batches=2, planned_cost=Decimal(1))
        for each in planned
        for made in recipes
    )
    with django_assert_num_queries(8):
        board = cards(find_events())
    assert len(board) == events
    with django_assert_num_queries(3):
        assert len(bake_next((card.event, card.production) for card in board)) == events * targets
    with django_assert_num_queries(22):
        member_client.get("/")
    more = events * targets - 8
    assert (f"{more} more to bake" in member_client.get("/").content.decode()) == (more > 0)
    with django_assert_num_queries(25):
        member_client.get("/", {"show": "all"})


def test_what_to_bake_next_does_not_depend_on_the_events_shown(member_client, today, fair):
    flour = ingredient("Flour")
    set_production_target(event_id=fair.pk, recipe_id=recipe("Shortbread", flour, 300).pk, target_batches=5)
    event("Easter", -200, today)
    for asked in ({}, {"show": "past"}, {"show": "all"}, {"end": str(today)}, {"end": "nonsense"}):
        upcoming = member_client.get("/", asked).context["upcoming"]
        assert [(each.event, each.batches) for each in upcoming] == [(fair, 5)]


def test_an_event_is_complete_when_every_package_is_delivered(member_client, fair):
    box = FinishedGood.objects.create(name="Box", stock_unit="each")
    package = Package.objects.create(name="Parcel")
    PackageFinishedGood.objects.create(package=package, finished_good=box, quantity=1)
    adjust_stock(item_id=box.pk, quantity=2, reason="Opening stock")
    people = [Recipient.objects.create(name=name).pk for name in ("Ani", "Kofi")]
    assigned = assign_package(event_id=fair.pk, recipient_ids=people, package_id=package.pk, quantity=1)

    def said():
        (card,) = member_client.get("/").context["board"]
        return card.progress.is_complete, card.has_begun

    assert said() == (False, False)
    for number, each in enumerate(assigned.created):
        update_fulfillment_status(each.pk, "ready")
        assert said() == (False, True)
        update_fulfillment_status(each.pk, "delivered")
        assert said() == (number == 1, True)
    assert "Complete</span>" in member_client.get("/").content.decode()
