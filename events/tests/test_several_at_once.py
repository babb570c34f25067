"""Several people at once: real threads, real transactions, a database file or PostgreSQL."""

from __future__ import annotations

import uuid

import pytest
from django.db import connection

from assembly.errors import InsufficientComponentsError
from assembly.services import record_assembly
from assembly.tests.factories import FinishedGoodFactory, good_of, on_shelf
from bakery.core.errors import EventNotFoundError, InvalidValueError
from events import services
from events.errors import EventInUseError, InvalidStatusTransitionError, PackedError
from events.models import Event, EventProductionTarget, EventRecipientPackage
from events.tests.factories import EventFactory, PackageFactory, RecipientFactory, assigned, package_of
from inventory.books import check_books
from inventory.models import EntryKind, StockEntry
from inventory.services import on_hand
from inventory.tests.factories import PackagingFactory, ProductFactory, bought
from inventory.tests.test_concurrency import at_once, attempt, unexpected
from production.models import ProductionRun
from production.services import record_batch_production, update_run_details
from production.tests.factories import FinishedUnitFactory, RecipeFactory

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 6


def pack(assignment, **options):
    return services.update_fulfillment_status(assignment.pk, "ready", **options)


@pytest.fixture
def bag():
    return FinishedGoodFactory(name="Bag")


@pytest.fixture
def event():
    return EventFactory()


def packings():
    return StockEntry.objects.filter(kind=EntryKind.FULFILMENT).count()


def test_the_last_box_goes_to_one_of_two(bag, event):
    tin = package_of((bag, 1))
    on_shelf(bag, "1", "3")
    anna, berta = assigned(event, tin), assigned(event, tin)
    results = at_once(lambda: pack(anna), lambda: pack(berta))
    assert unexpected(results, InsufficientComponentsError) == []
    assert sum(isinstance(each, EventRecipientPackage) for each in results) == 1
    assert on_hand(item_ids=[bag.pk])[bag.pk] == 0
    assert sorted(EventRecipientPackage.objects.values_list("fulfillment_status", flat=True)) == [
        "pending",
        "ready",
    ]
    assert check_books().breaches == ()


def test_many_packing_from_one_shelf_never_oversell_and_never_deadlock(event):
    bags = [FinishedGoodFactory() for _ in range(3)]
    ribbon = ProductFactory(ingredient=PackagingFactory())
    for bag in bags:
        on_shelf(bag, "10", "10")
    bought(ribbon.ingredient, "13", "1", product=ribbon)
    tins = [package_of(*((bag, 1) for bag in order), (ribbon, "1")) for order in (bags, bags[::-1])]
    waiting = [assigned(event, tins[number % 2]) for number in range(18)]
    tasks = [
        lambda mine=waiting[person::PEOPLE]: [attempt(lambda: pack(each)) for each in mine]  # noqa: B023
        for person in range(PEOPLE)
    ]
    flat = [each for result in at_once(*tasks) for each in result]
    assert unexpected(flat, InsufficientComponentsError) == []
    assert packings() == 10
    assert on_hand(item_ids=[bag.pk for bag in bags]) == dict.fromkeys([bag.pk for bag in bags], 0)
    assert check_books().breaches == ()


def test_one_package_packed_by_many_leaves_the_shelf_once(bag, event):
    on_shelf(bag, "9", "9")
    assignment = assigned(event, package_of((bag, 1)))
    results = at_once(*[lambda: pack(assignment)] * PEOPLE)
    assert unexpected(results, InvalidStatusTransitionError) == []
    assert sum(isinstance(each, EventRecipientPackage) for each in results) == 1
    assert (packings(), on_hand(item_ids=[bag.pk])[bag.pk]) == (1, 8)


def test_one_key_sent_by_many_is_one_packing(bag, event):
    on_shelf(bag, "9", "9")
    assignment = assigned(event, package_of((bag, 1)))
    key = uuid.uuid4()
    results = at_once(*[lambda: pack(assignment, uuid=key)] * PEOPLE)
    assert unexpected(results) == []
    assert {each.fulfillment_status for each in results} == {"ready"}
    assert packings() == 1


def test_a_packing_voided_by_many_is_reversed_once(bag, event):
    on_shelf(bag, "9", "9")
    assignment = assigned(event, package_of((bag, 1)))
    pack(assignment)
    results = at_once(*[lambda: services.void_packing(assignment.pk, reason="wrong")] * PEOPLE)
    assert unexpected(results) == []
    assert StockEntry.objects.filter(kind=EntryKind.REVERSAL).count() == 1
    assert on_hand(item_ids=[bag.pk])[bag.pk] == 9
    assert check_books().breaches == ()


def test_packing_voiding_delivering_and_assembling_at_once_keep_the_books_right(bag, event):
    hamper = good_of((bag, "1"))
    on_shelf(bag, "40", "40"), on_shelf(hamper, "10", "20")
    given = [assigned(event, package_of((bag, 2), (hamper, 1))) for _ in range(4)]

    def packing(each):
        return [
            attempt(lambda: pack(each)),
            attempt(lambda: services.update_fulfillment_status(each.pk, "delivered")),
        ]

    def voiding(each):
        return [attempt(lambda: services.void_packing(each.pk, reason="wrong")) for _ in range(2)]

    results = at_once(
        *[lambda each=each: packing(each) for each in given],
        *[lambda each=each: voiding(each) for each in given],
        lambda: [attempt(lambda: record_assembly(finished_good_id=hamper.pk, quantity=1)) for _ in range(4)],
        lambda: [check_books()],
    )
    flat = [each for result in results for each in result]
    assert unexpected(flat, InvalidStatusTransitionError) == []
    assert flat[-1].breaches == ()
    assert check_books().breaches == ()


def test_a_package_is_packed_or_changed_but_never_both(bag, event):
    on_shelf(bag, "9", "9")
    for _ in range(4):
        assignment = assigned(event, package_of((bag, 1)))
        packed, changed = at_once(
            lambda: pack(assignment),  # noqa: B023
            lambda: services.edit_assignment(event_recipient_package_id=assignment.pk, quantity=2),  # noqa: B023
        )
        assert unexpected([packed, changed], PackedError) == []
        assignment.refresh_from_db()
        took = -sum(assignment.stock_entry.movements.values_list("quantity", flat=True))
        assert took == assignment.quantity


def test_a_package_given_by_an_edit_and_by_an_assignment_at_once_is_given_once(event):
    anna, tin = RecipientFactory(), PackageFactory()
    for _ in range(4):
        EventRecipientPackage.objects.all().delete()
        other = assigned(event, PackageFactory(), recipient=anna)
        results = at_once(
            lambda: services.edit_assignment(
                event_recipient_package_id=other.pk,  # noqa: B023
                package_id=tin.pk,
            ),
            lambda: services.assign_package(event_id=event.pk, recipient_ids=[anna.pk], package_id=tin.pk),
        )
        assert unexpected(results, InvalidValueError) == []
        assert EventRecipientPackage.objects.filter(package=tin).count() == 1


def test_a_target_set_by_many_at_once_is_one_target(event):
    recipe = RecipeFactory()
    results = at_once(
        *[
            lambda number=number: services.set_production_target(
                event_id=event.pk, recipe_id=recipe.pk, target_batches=number
            )
            for number in range(1, PEOPLE + 1)
        ]
    )
    assert unexpected(results) == []
    assert EventProductionTarget.objects.count() == 1


def test_one_package_assigned_to_one_person_by_many_is_assigned_once(event):
    package, anna = PackageFactory(), RecipientFactory()
    results = at_once(
        *[lambda: services.assign_package(event_id=event.pk, recipient_ids=[anna.pk], package_id=package.pk)]
        * PEOPLE
    )
    assert unexpected(results) == []
    assert sum(len(each.created) for each in results) == 1
    assert EventRecipientPackage.objects.count() == 1


def test_an_event_is_deleted_or_packed_for_but_never_both(bag):
    on_shelf(bag, "9", "9")
    for _ in range(4):
        event = EventFactory()
        assignment = assigned(event, package_of((bag, 1)))
        packed, deleted = at_once(
            lambda: pack(assignment),  # noqa: B023
            lambda: services.delete_event(event_id=event.pk),  # noqa: B023
        )
        if isinstance(packed, EventRecipientPackage):
            assert isinstance(deleted, EventInUseError)
        else:
            assert deleted is None
            assert not Event.objects.filter(pk=event.pk).exists()
    assert check_books().breaches == ()


def test_an_event_is_deleted_or_baked_for_but_never_both():
    cookie = FinishedUnitFactory()
    for _ in range(4):
        event = EventFactory()
        baked, deleted = at_once(
            lambda: record_batch_production(
                recipe_id=cookie.recipe_id,
                finished_unit_id=cookie.pk,
                num_batches=1,
                actual_yield=1,
                event_id=event.pk,  # noqa: B023
            ),
            lambda: services.delete_event(event_id=event.pk),  # noqa: B023
        )
        there = Event.objects.filter(pk=event.pk).exists()
        assert there == isinstance(deleted, EventInUseError)
        assert there != isinstance(baked, Exception)


class Meanwhile:
    """Does something on another connection when the first statement of a kind is about to run."""

    def __init__(self, start, action):
        self.start, self.action, self.done = start, action, []

    def __call__(self, execute, sql, params, many, context):
        if sql.startswith(self.start) and not self.done:
            self.done = at_once(self.action)
        return execute(sql, params, many, context)


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite writes one transaction after the other")
@pytest.mark.parametrize("edits", [False, True], ids=["recorded for it", "moved to it"])
def test_a_bake_for_an_event_that_is_deleted_before_its_commit_is_refused_in_a_sentence(edits):
    cookie, event = FinishedUnitFactory(), EventFactory()
    asked = {"recipe_id": cookie.recipe_id, "finished_unit_id": cookie.pk, "num_batches": 1}
    run = record_batch_production(**asked, actual_yield=1) if edits else None
    meanwhile = Meanwhile(
        'UPDATE "production_productionrun"' if edits else 'INSERT INTO "production_productionrun"',
        lambda: services.delete_event(event_id=event.pk),
    )
    with connection.execute_wrapper(meanwhile), pytest.raises(EventNotFoundError, match="Choose another one"):
        if run:
            update_run_details(production_run_id=run.pk, event_id=event.pk, notes="")
        else:
            record_batch_production(**asked, actual_yield=1, event_id=event.pk)
    assert meanwhile.done == [None]
    assert list(ProductionRun.objects.values_list("event", flat=True)) == ([None] if edits else [])
    assert check_books().breaches == ()
