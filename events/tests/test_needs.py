"""From packages to batches."""

from __future__ import annotations

from decimal import Decimal

import pytest

from assembly.tests.factories import good_of, on_shelf
from bakery.core.errors import EventNotFoundError
from events.models import FulfillmentStatus
from events.services import get_event_needs
from events.tests.factories import EventFactory, assigned, package_of
from inventory.tests.factories import PackagingFactory, ProductFactory, bought
from production.tests.factories import FinishedUnitFactory, RecipeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return EventFactory(name="Christmas 2026")


@pytest.fixture
def cookie():
    return FinishedUnitFactory(name="Lebkuchen", items_per_batch=30)


def rows(needs):
    return [(str(need.object), need.needed, need.on_shelf, need.to_make) for need in needs]


def test_packages_become_boxes_cookies_and_whole_batches(event, cookie):
    bag = good_of((cookie, "7"), name="Bag")
    assigned(event, package_of((bag, 2)), 3)
    needs = get_event_needs(event.pk)
    assert rows(needs.goods) == [("Bag", 6, 0, 6)]
    assert rows(needs.units) == [("Lebkuchen", 42, 0, 42)]
    assert rows(needs.batches) == [(cookie.recipe.name, 2, 0, 2)]
    assert needs.batches[0].object == cookie.recipe
    assert needs.packaging == ()


def test_what_is_on_the_shelf_is_not_made_again(event, cookie):
    bag = good_of((cookie, "7"), name="Bag")
    on_shelf(bag, "1", "5")
    on_shelf(cookie, "20", "5")
    assigned(event, package_of((bag, 2)), 3)
    needs = get_event_needs(event.pk)
    assert rows(needs.goods) == [("Bag", 6, 1, 5)]
    assert rows(needs.units) == [("Lebkuchen", 35, 20, 15)]
    assert rows(needs.batches) == [(cookie.recipe.name, 2, 1, 1)]


def test_more_on_the_shelf_than_needed_is_said_and_nothing_is_made(event, cookie):
    bag = good_of((cookie, "7"), name="Bag")
    on_shelf(bag, "9", "5")
    on_shelf(cookie, "20", "5")
    assigned(event, package_of((bag, 2)), 3)
    needs = get_event_needs(event.pk)
    assert rows(needs.goods) == [("Bag", 6, 9, 0)]
    assert rows(needs.units) == [("Lebkuchen", 0, 20, 0)]
    assert rows(needs.batches) == [(cookie.recipe.name, 0, 0, 0)]


def test_only_packages_that_wait_are_counted(event, cookie):
    bag = good_of((cookie, "10"), name="Bag")
    package = package_of((bag, 1))
    assigned(event, package, 3)
    assigned(event, package, 5, fulfillment_status=FulfillmentStatus.READY)
    assigned(event, package, 5, fulfillment_status=FulfillmentStatus.DELIVERED)
    assigned(EventFactory(), package, 7)
    assert rows(get_event_needs(event.pk).goods) == [("Bag", 3, 0, 3)]


def test_goods_inside_goods_count_with_what_the_shelf_has_of_them(event, cookie):
    bag = good_of((cookie, "6"), name="Bag")
    hamper = good_of((bag, "4"), (cookie, "2"), name="Hamper")
    on_shelf(hamper, "1", "9")
    on_shelf(bag, "3", "9")
    assigned(event, package_of((hamper, 1), (bag, 1)), 3)
    needs = get_event_needs(event.pk)
    # 3 hampers, 1 is there; 3 bags of the packages and 8 in the 2 hampers, 3 are there.
    assert rows(needs.goods) == [("Bag", 11, 3, 8), ("Hamper", 3, 1, 2)]
    assert rows(needs.units) == [("Lebkuchen", 52, 0, 52)]
    assert rows(needs.batches) == [(cookie.recipe.name, 2, 0, 2)]


def test_each_kind_of_one_recipe_is_rounded_up_for_itself(event):
    dough = RecipeFactory(name="Shortbread")
    round_one = FinishedUnitFactory(name="Round", recipe=dough, items_per_batch=30)
    finger = FinishedUnitFactory(name="Finger", recipe=dough, items_per_batch=20)
    assigned(event, package_of((good_of((round_one, "1"), (finger, "21")), 1)), 1)
    assert rows(get_event_needs(event.pk).batches) == [("Shortbread", 3, 0, 3)]


def test_packaging_is_that_of_the_boxes_to_make_and_all_wrapping(event, cookie):
    ribbon = ProductFactory(ingredient=PackagingFactory(name="Ribbon", stock_unit="cm"), brand="Silk")
    tag = ProductFactory(ingredient=PackagingFactory(name="Tag"), brand="Kraft")
    bag = good_of((cookie, "1"), (ribbon, "0.5", "m"), name="Bag")
    on_shelf(bag, "2", "3")
    bought(ribbon.ingredient, "60", "1", product=ribbon)
    assigned(event, package_of((bag, 1), (tag, "2"), (ribbon, "0.1", "m")), 4)
    needs = get_event_needs(event.pk)
    # 2 bags are still to be made, 4 packages to be wrapped: 2 × 50 cm + 4 × 10 cm.
    assert [(need.object, need.needed, need.on_shelf, need.to_make) for need in needs.packaging] == [
        (ribbon, Decimal("140.000"), Decimal("60.000"), Decimal("80.000")),
        (tag, Decimal("8.000"), Decimal("0.000"), Decimal("8.000")),
    ]


def test_an_event_without_packages_needs_nothing(event):
    needs = get_event_needs(event.pk)
    assert (needs.goods, needs.units, needs.batches, needs.packaging) == ((), (), (), ())


def test_an_unknown_event_is_refused():
    with pytest.raises(EventNotFoundError):
        get_event_needs(4711)


def test_the_number_of_statements_does_not_depend_on_how_much_there_is(event, django_assert_num_queries):
    def one_more():
        unit = FinishedUnitFactory()
        wrap = ProductFactory(ingredient=PackagingFactory())
        inner = good_of((unit, "2"), (wrap, "1"))
        assigned(event, package_of((good_of((inner, "2"), (unit, "1")), 1), (wrap, "1")), 2)

    one_more()
    with django_assert_num_queries(6):
        get_event_needs(event.pk)
    one_more()
    one_more()
    with django_assert_num_queries(6):
        assert len(get_event_needs(event.pk).goods) == 6
