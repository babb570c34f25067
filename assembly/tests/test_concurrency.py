"""Two people at one table: real threads, real transactions, a database file or PostgreSQL."""

from __future__ import annotations

import uuid

import pytest

from assembly.errors import InsufficientComponentsError
from assembly.models import AssemblyRun
from assembly.services import record_assembly, void_assembly_run
from assembly.tests.factories import good_of, on_shelf
from inventory.books import check_books
from inventory.errors import InUseError
from inventory.models import StockEntry
from inventory.services import on_hand
from inventory.tests.factories import IngredientFactory, PackagingFactory, ProductFactory, bought
from inventory.tests.test_concurrency import at_once, attempt, bake, unexpected
from production.models import ProductionRun
from production.services import void_production_run
from production.tests.factories import FinishedUnitFactory, recipe_of

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 8


@pytest.fixture
def cookie():
    flour = IngredientFactory(name="Flour")
    bought(flour, "10000", "100")
    return FinishedUnitFactory(recipe=recipe_of((flour, "100", "g")))


def assemble(good, quantity=1, key=None):
    return record_assembly(finished_good_id=good.pk, quantity=quantity, uuid=key)


def there(*items):
    found = on_hand(item_ids=[item.pk for item in items])
    return [found[item.pk] for item in items]


def test_two_people_and_the_last_cookies_make_one_box(cookie):
    on_shelf(cookie, "5", "5")
    box = good_of((cookie, "3"))
    for _ in range(3):
        results = at_once(lambda: assemble(box), lambda: assemble(box))
        assert unexpected(results, InsufficientComponentsError) == []
        made = [each for each in results if isinstance(each, AssemblyRun)]
        assert len(made) == 1
        assert there(cookie, box) == [2, 1]
        void_assembly_run(assembly_run_id=made[0].pk, reason="once more")
    assert check_books().breaches == ()


def test_eight_people_at_one_table_never_use_a_cookie_twice(cookie):
    ribbon = ProductFactory(ingredient=PackagingFactory(stock_unit="cm"))
    bought(ribbon.ingredient, "1000", "10", product=ribbon)
    for _ in range(3):
        on_shelf(cookie, "15", "3")
    box = good_of((cookie, "4"), (ribbon, "30"))
    results = at_once(*[lambda: [attempt(lambda: assemble(box)) for _ in range(3)]] * PEOPLE)
    flat = [each for result in results for each in result]
    assert unexpected(flat, InsufficientComponentsError) == []
    assert sum(isinstance(each, AssemblyRun) for each in flat) == 11  # of 45 cookies
    assert there(cookie, ribbon.ingredient, box) == [1, 670, 11]
    assert check_books().breaches == ()


def test_boxes_that_share_components_in_another_order_never_deadlock():
    cookies = [FinishedUnitFactory() for _ in range(4)]
    for each in cookies:
        on_shelf(each, "1000", "100")
    boxes = [
        good_of(*((each, "1") for each in order))
        for order in (cookies, cookies[::-1], cookies[2:] + cookies[:2], [cookies[3], cookies[0]])
    ]
    tasks = [
        lambda box=boxes[person % 4]: [attempt(lambda: assemble(box)) for _ in range(5)]
        for person in range(PEOPLE)
    ]
    flat = [each for result in at_once(*tasks) for each in result]
    assert unexpected(flat) == []
    assert AssemblyRun.objects.count() == 5 * PEOPLE
    assert check_books().breaches == ()


def test_one_key_sent_by_eight_is_one_assembly(cookie):
    on_shelf(cookie, "50", "5")
    box, key = good_of((cookie, "3")), uuid.uuid4()
    results = at_once(*[lambda: assemble(box, key=key)] * PEOPLE)
    assert unexpected(results) == []
    assert len({run.pk for run in results}) == 1
    assert there(cookie, box) == [47, 1]


def test_cookies_go_into_a_box_or_their_bake_is_voided_never_both(cookie):
    box = good_of((cookie, "10"))
    for _ in range(4):
        run = bake(cookie)
        voided, made = at_once(
            lambda: void_production_run(production_run_id=run.pk, reason="burnt"),  # noqa: B023
            lambda: assemble(box),
        )
        assert unexpected([voided], InUseError) == []
        assert unexpected([made], InsufficientComponentsError) == []
        assert isinstance(voided, ProductionRun) is not isinstance(made, AssemblyRun)
        assert there(cookie) == [0]
    assert check_books().breaches == ()


def test_a_bag_goes_into_a_hamper_or_is_voided_never_both(cookie):
    on_shelf(cookie, "100", "10")
    bag = good_of((cookie, "2"))
    hamper = good_of((bag, "1"), (cookie, "1"))
    for _ in range(4):
        run = assemble(bag)
        voided, made = at_once(
            lambda: void_assembly_run(assembly_run_id=run.pk, reason="torn"),  # noqa: B023
            lambda: assemble(hamper),
        )
        assert unexpected([voided], InUseError) == []
        assert unexpected([made], InsufficientComponentsError) == []
        assert isinstance(voided, AssemblyRun) is not isinstance(made, AssemblyRun)
        assert there(bag) == [0]
    assert check_books().breaches == ()


def test_an_assembly_voided_by_six_is_reversed_once(cookie):
    on_shelf(cookie, "10", "10")
    run = assemble(good_of((cookie, "3")))
    results = at_once(*[lambda: void_assembly_run(assembly_run_id=run.pk, reason="twice")] * 6)
    assert unexpected(results) == []
    assert StockEntry.objects.filter(reverses=run.stock_entry).count() == 1
    assert there(cookie) == [10]


def test_oven_and_table_at_once_leave_the_books_right(cookie):
    bag = good_of((cookie, "2"))
    hamper = good_of((bag, "2"), (cookie, "1"))
    on_shelf(cookie, "40", "8")
    results = at_once(
        *[lambda: [bake(cookie) for _ in range(4)]] * 2,
        *[lambda: [attempt(lambda: assemble(bag, 2)) for _ in range(4)]] * 2,
        *[lambda: [attempt(lambda: assemble(hamper)) for _ in range(4)]] * 2,
        lambda: void_production_run(production_run_id=bake(cookie).pk, reason="wrong"),
        check_books,
    )
    flat = [each for result in results[:6] for each in result]
    assert unexpected([*flat, results[7]], InsufficientComponentsError) == []
    assert unexpected([results[6]], InUseError) == []
    assert results[7].breaches == ()
    assert check_books().breaches == ()
    bags = sum(2 for each in flat if isinstance(each, AssemblyRun) and each.finished_good_id == bag.pk)
    hampers = sum(1 for each in flat if isinstance(each, AssemblyRun) and each.finished_good_id == hamper.pk)
    kept = 10 * isinstance(results[6], InUseError)
    assert there(cookie, bag, hamper) == [40 + 80 + kept - 2 * bags - hampers, bags - 2 * hampers, hampers]
