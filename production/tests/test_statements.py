"""How many statements a bake takes: savepoints counted, and the same however much there is."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.models import Event
from inventory.tests.factories import IngredientFactory, bought
from production.models import ProductionRun
from production.services import check_can_produce, max_batches, record_batch_production
from production.tests.factories import FinishedUnitFactory, RecipeComponentFactory, recipe_of

MOST = 15


def stocked(count: int, lots: int = 2):
    """So many ingredients, each with lots of 60 g: a bake takes 100 g of each, out of two lots."""
    items = [IngredientFactory() for _ in range(count)]
    for item in items:
        for day in range(lots):
            bought(item, "60", "1", on=date(2026, 1, 1 + day))
    return items


def cookie_of(items, levels: int = 1):
    """A cookie whose recipe asks for 100 g of each, spread over so many levels."""
    recipes = [recipe_of(*((item, "100", "g") for item in items[level::levels])) for level in range(levels)]
    for outer, inner in zip(recipes, recipes[1:], strict=False):
        RecipeComponentFactory(recipe=outer, component=inner)
    return FinishedUnitFactory(recipe=recipes[0])


def bake(cookie, **options):
    return record_batch_production(
        recipe_id=cookie.recipe_id, finished_unit_id=cookie.pk, num_batches=1, actual_yield=10, **options
    )


def statements(action) -> list[str]:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        action()
    return [query["sql"] for query in captured.captured_queries]


@pytest.mark.django_db
@pytest.mark.parametrize("count", [5, 20, 80])
def test_recording_takes_the_same_few_statements_for_any_number_of_ingredients(count):
    cookie = cookie_of(stocked(count))
    event = Event.objects.create(name="Advent Market", event_date=date(2026, 11, 29))
    sent = statements(lambda: bake(cookie, event_id=event.pk))
    assert len(sent) <= MOST, "\n".join(sent)
    assert ProductionRun.objects.get().consumptions.count() == count


@pytest.mark.django_db
def test_three_levels_take_no_more_than_one_statement_each():
    flat = len(statements(lambda: bake(cookie_of(stocked(6)))))
    deep_cookie = cookie_of(stocked(6), levels=3)
    deep = statements(lambda: bake(deep_cookie))
    assert len(deep) <= MOST + 2
    assert ProductionRun.objects.latest("id").consumptions.count() == 6
    assert flat >= len(deep) - 2


@pytest.mark.django_db
def test_lots_and_history_cost_no_statement():
    items = stocked(3, lots=4)
    cookie = cookie_of(items)
    first = len(statements(lambda: bake(cookie)))
    for item in items:
        for day in range(20):
            bought(item, "60", "1", on=date(2026, 2, 1 + day))
    for _ in range(3):
        assert len(statements(lambda: bake(cookie))) == first


@pytest.mark.django_db
def test_checking_takes_the_same_statements_for_any_number_of_ingredients():
    counts = set()
    for count in (5, 20, 80):
        cookie = cookie_of(stocked(count))
        counts.add(len(statements(lambda: check_can_produce(cookie.recipe_id, 1))))  # noqa: B023
    assert len(counts) == 1
    assert counts.pop() <= MOST


@pytest.mark.django_db
def test_what_can_be_baked_now_takes_the_same_statements_for_any_number_of_recipes():
    one = cookie_of(stocked(3))
    more = [cookie_of(stocked(3)) for _ in range(5)]
    few = statements(lambda: max_batches([one.recipe_id]))
    many = statements(lambda: max_batches([one.recipe_id, *(each.recipe_id for each in more)]))
    assert len(many) == len(few) <= 4


@pytest.mark.django_db
def test_only_blocks_of_999_parameters_add_statements_on_sqlite():
    """400 ingredients from two lots each: 800 movements of four parameters and 400 rows of six."""
    count = 400
    cookie = cookie_of(stocked(count))
    sent = statements(lambda: bake(cookie))
    blocks = 0
    if connection.vendor == "sqlite":
        blocks = -(-(2 * count + 1) * 4 // 999) + -(-count * 6 // 999) + -(-count // 999)
    assert len(sent) <= MOST + blocks + 2 * bool(blocks), f"{len(sent)} statements"
