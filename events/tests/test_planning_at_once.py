"""Two with one shopping list, and two who take over the same suggestions: real threads, real transactions."""

from __future__ import annotations

import uuid
from decimal import Decimal

import pytest

from assembly.tests.factories import good_of
from events import services
from events.errors import AlreadyBoughtError
from events.models import EventAssemblyTarget, EventProductionTarget, ShoppingItem
from events.tests.factories import EventFactory, assigned, package_of
from inventory.books import check_books
from inventory.models import Lot
from inventory.tests.factories import ProductFactory
from inventory.tests.test_concurrency import at_once, unexpected
from production.tests.factories import FinishedUnitFactory

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 6


@pytest.fixture
def bag():
    return ProductFactory()


@pytest.fixture
def item(bag):
    return services.tick_shopping_line(ingredient_id=bag.ingredient_id)


def bring_home(item, bag, key=None):
    return services.buy_shopping_item(
        item_id=item.pk, product_id=bag.pk, packages=2, total_cost=Decimal("3.60"), uuid=key
    )


def test_a_line_that_many_bring_home_at_once_is_one_purchase(item, bag):
    results = at_once(*([lambda: bring_home(item, bag)] * PEOPLE))
    assert unexpected(results, AlreadyBoughtError) == []
    lot = Lot.objects.get()
    item.refresh_from_db()
    assert (item.lot, sum(isinstance(each, AlreadyBoughtError) for each in results)) == (lot, PEOPLE - 1)
    assert check_books().breaches == ()


def test_one_key_sent_by_many_is_one_purchase_for_all(item, bag):
    key = uuid.uuid4()
    results = at_once(*([lambda: bring_home(item, bag, key)] * PEOPLE))
    assert results == [Lot.objects.get()] * PEOPLE


def test_one_key_puts_a_thing_on_the_list_once():
    key = uuid.uuid4()
    results = at_once(*([lambda: services.add_shopping_item(text="Candles", uuid=key)] * PEOPLE))
    assert results == [ShoppingItem.objects.get()] * PEOPLE


def test_a_line_that_many_tick_at_once_is_ticked_and_unticked_by_one(bag):
    def tick():
        return services.tick_shopping_line(ingredient_id=bag.ingredient_id)

    assert unexpected(at_once(*([tick] * PEOPLE))) == []
    services.tick_shopping_line(ingredient_id=bag.ingredient_id, ticked=False)
    assert not ShoppingItem.objects.exists()


def test_suggestions_taken_over_by_many_at_once_are_set_once():
    event = EventFactory()
    assigned(event, package_of((good_of((FinishedUnitFactory(items_per_batch=4), "6")), 1)), 2)
    results = at_once(*([lambda: services.apply_suggested_targets(event_id=event.pk)] * PEOPLE))
    assert sorted(results) == [0] * (PEOPLE - 1) + [2]
    assert EventAssemblyTarget.objects.get().target_quantity == 2
    assert EventProductionTarget.objects.get().target_batches == 3
