"""From pending to ready to delivered, and back by a void: what leaves the shelf, and what is refused."""

from __future__ import annotations

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from assembly.errors import InsufficientComponentsError
from assembly.tests.factories import FinishedGoodFactory, good_of, on_shelf
from bakery.core.errors import AlreadyRecordedError, InvalidValueError
from events import services
from events.errors import AssignmentNotFoundError, InvalidStatusTransitionError
from events.models import EventRecipientPackage, FulfillmentStatus, PackagePackaging
from events.services.fulfilment import unpack
from events.tests.factories import EventFactory, RecipientFactory, assigned, package_of
from inventory.books import check_books
from inventory.errors import UnconvertibleError
from inventory.models import EntryKind, StockEntry
from inventory.selectors import trace_forward
from inventory.services import on_hand
from inventory.tests.factories import PackagingFactory, ProductFactory, bought

pytestmark = pytest.mark.django_db


@pytest.fixture
def bag():
    return FinishedGoodFactory(name="Cookie bag")


@pytest.fixture
def ribbon():
    """Ribbon by the yard, kept in centimetres."""
    return ProductFactory(
        ingredient=PackagingFactory(name="Ribbon", stock_unit="cm"),
        brand="Satin",
        package_quantity=Decimal(100),
    )


@pytest.fixture
def family_box(bag, ribbon):
    return package_of((bag, 2), (ribbon, "0.5", "yd"), name="Family box")


@pytest.fixture
def assignment(family_box):
    return assigned(EventFactory(name="Christmas 2026"), family_box, recipient=RecipientFactory(name="Anna"))


@pytest.fixture
def stocked(bag, ribbon):
    on_shelf(bag, "3", "9")
    bought(ribbon.ingredient, "100", "2", product=ribbon)


def left(*items):
    there = on_hand(item_ids=[item.pk for item in items])
    return [there[item.pk] for item in items]


def step(assignment, status, **options):
    return services.update_fulfillment_status(assignment.pk, status, **options)


def packings():
    return StockEntry.objects.filter(kind=EntryKind.FULFILMENT)


def test_packing_takes_goods_and_wrapping_off_the_shelf_with_their_cost(stocked, assignment, bag, ribbon):
    packed = step(assignment, "ready")
    assert packed.fulfillment_status == FulfillmentStatus.READY
    assert left(bag, ribbon.ingredient) == [1, Decimal("54.28")]
    entry = packed.stock_entry
    assert entry.kind == EntryKind.FULFILMENT
    assert packed.ready_at == entry.occurred_at
    assert sum(movement.value for movement in entry.movements.all()) == Decimal("-6.9144")
    assert check_books().totals.packed == Decimal("6.9144")
    assert check_books().breaches == ()


def test_the_oldest_lots_are_packed_first(assignment, bag, ribbon):
    first, second = on_shelf(bag, "1", "1"), on_shelf(bag, "5", "50")
    bought(ribbon.ingredient, "100", "2", product=ribbon)
    entry = step(assignment, "ready").stock_entry
    taken = entry.movements.filter(lot__item=bag).order_by("lot")
    assert [(line.lot_id, line.quantity, line.value) for line in taken] == [
        (first.pk, -1, -1),
        (second.pk, -1, -10),
    ]


def test_only_the_product_named_wraps_it_whatever_else_is_on_the_shelf(assignment, bag, ribbon):
    on_shelf(bag, "2", "2")
    bought(ribbon.ingredient, "500", "2", product=ProductFactory(ingredient=ribbon.ingredient))
    with pytest.raises(InsufficientComponentsError) as refused:
        step(assignment, "ready")
    assert [(each.component_id, each.available) for each in refused.value.missing] == [(ribbon.pk, 0)]


def test_several_packages_alike_are_packed_at_once(stocked, assignment, bag, ribbon):
    on_shelf(bag, "1", "3")
    EventRecipientPackage.objects.update(quantity=2)
    packed = step(assignment, "ready")
    assert left(bag, ribbon.ingredient) == [0, Decimal("8.56")]
    assert packed.stock_entry.summary == "Packed 2 × Family box for Anna (Christmas 2026)"


def test_wrapping_that_nobody_counts_is_never_short_and_never_taken(assignment, bag, ribbon):
    on_shelf(bag, "2", "2")
    ribbon.ingredient.is_tracked = False
    ribbon.ingredient.save()
    assert step(assignment, "ready").stock_entry.movements.count() == 1


def test_a_box_in_the_package_is_taken_as_it_stands_and_not_what_is_in_it(ribbon):
    inner = FinishedGoodFactory(name="Bag")
    hamper = good_of((inner, "2"), name="Hamper")
    on_shelf(hamper, "1", "20")
    on_shelf(inner, "2", "4")
    step(assigned(EventFactory(), package_of((hamper, 1))), "ready")
    assert left(hamper, inner) == [0, 2]


def test_what_is_short_is_listed_in_full_and_nothing_is_packed(assignment, bag):
    on_shelf(bag, "1", "3")
    with pytest.raises(InsufficientComponentsError) as refused:
        step(assignment, "ready")
    assert [(each.component_type, each.needed, each.available) for each in refused.value.missing] == [
        ("finished_good", 2, 1),
        ("packaging", Decimal("45.720"), 0),
    ]
    assert str(refused.value) == (
        "Not enough Cookie bag: needs 2, there is 1. "
        "Not enough Ribbon (Satin, 100 cm): needs 45.7 cm, there is 0 cm."
    )
    assignment.refresh_from_db()
    assert (assignment.fulfillment_status, assignment.stock_entry) == ("pending", None)
    assert left(bag) == [1]
    assert not packings().exists()


def test_packed_short_on_purpose_takes_what_is_there_and_the_notes_say_what_was_missing(assignment, bag):
    EventRecipientPackage.objects.update(notes="No nuts, please.")
    on_shelf(bag, "1", "3")
    packed = step(assignment, "ready", allow_short=True)
    assert left(bag) == [0]
    assert packed.notes == (
        "No nuts, please.\nPacked short: Cookie bag 1 of 2, Ribbon (Satin, 100 cm) 0 cm of 45.7 cm"
    )
    assert check_books().breaches == ()


def test_allowing_it_to_be_short_notes_nothing_where_nothing_is_missing(stocked, assignment):
    assert step(assignment, "ready", allow_short=True).notes == ""


def test_a_package_of_which_nothing_is_there_can_be_packed_short_all_the_same(assignment):
    packed = step(assignment, "ready", allow_short=True)
    assert packed.stock_entry.movements.count() == 0
    assert check_books().breaches == ()


def test_wrapping_that_cannot_be_converted_is_refused_even_where_short_is_allowed(stocked, assignment):
    PackagePackaging.objects.update(unit="cup")  # imported: a form would have refused it
    with pytest.raises(
        UnconvertibleError, match="Ribbon is measured by length, the package “[^”]+” measures it in cups"
    ):
        step(assignment, "ready", allow_short=True)
    assert not packings().exists()


def test_delivering_says_when_and_to_whom_and_moves_nothing(stocked, assignment, bag):
    step(assignment, "ready")
    before = timezone.now()
    done = step(assignment, "delivered", delivered_to=" her neighbour ")
    assert done.fulfillment_status == FulfillmentStatus.DELIVERED
    assert done.delivered_to == "her neighbour"
    assert before <= done.delivered_at <= timezone.now()
    assert left(bag) == [1]
    assert packings().count() == 1


@pytest.mark.parametrize(
    ("steps", "wanted", "sentence"),
    [
        ([], "delivered", "Invalid transition: pending -> delivered. Allowed: ready"),
        ([], "pending", "Invalid transition: pending -> pending. Allowed: ready"),
        (["ready"], "ready", "Invalid transition: ready -> ready. Allowed: delivered"),
        (["ready"], "pending", "Invalid transition: ready -> pending. Allowed: delivered"),
        (["ready", "delivered"], "pending", "Invalid transition: delivered -> pending. Allowed: none"),
        (["ready", "delivered"], "ready", "Invalid transition: delivered -> ready. Allowed: none"),
        (["ready", "delivered"], "delivered", "Invalid transition: delivered -> delivered. Allowed: none"),
    ],
)
def test_packages_go_one_step_at_a_time_and_never_back(stocked, assignment, steps, wanted, sentence):
    for status in steps:
        step(assignment, status)
    with pytest.raises(InvalidStatusTransitionError) as refused:
        step(assignment, wanted)
    assert str(refused.value) == sentence
    assert isinstance(refused.value, InvalidValueError)
    assignment.refresh_from_db()
    assert assignment.fulfillment_status == (steps[-1] if steps else "pending")
    assert packings().count() == (1 if steps else 0)


def test_an_unknown_status_or_package_is_refused_by_name(assignment):
    with pytest.raises(
        InvalidValueError, match="“shipped” is no status of a package: pending, ready, delivered"
    ):
        step(assignment, "shipped")
    with pytest.raises(AssignmentNotFoundError):
        services.update_fulfillment_status(assignment.pk + 1, "ready")
    with pytest.raises(AssignmentNotFoundError):
        services.update_fulfillment_status(assignment.pk + 1, "delivered")
    assert not packings().exists()


def test_too_long_a_name_of_who_took_it_is_refused(stocked, assignment):
    step(assignment, "ready")
    with pytest.raises(InvalidValueError, match="at most 200 letters"):
        step(assignment, "delivered", delivered_to="x" * 201)


def test_one_key_packs_once(stocked, assignment, bag):
    key = uuid.uuid4()
    assert step(assignment, "ready", uuid=key) == step(assignment, "ready", uuid=key)
    assert left(bag) == [1]
    assert packings().get().uuid == key


def test_a_form_sent_late_after_delivery_packs_nothing_again(stocked, assignment):
    key = uuid.uuid4()
    step(assignment, "ready", uuid=key)
    step(assignment, "delivered")
    assert step(assignment, "ready", uuid=key).fulfillment_status == "delivered"


def test_one_key_for_two_packages_serves_only_the_first(stocked, assignment, family_box):
    key = uuid.uuid4()
    step(assignment, "ready", uuid=key)
    other = assigned(EventFactory(), family_box)
    with pytest.raises(AlreadyRecordedError, match="Packed Family box for Anna"):
        step(other, "ready", uuid=key)
    other.refresh_from_db()
    assert other.fulfillment_status == "pending"


def test_what_there_is_to_say_of_a_delivery_goes_with_it(stocked, assignment):
    services.edit_assignment(event_recipient_package_id=assignment.pk, notes="by the door")
    step(assignment, "ready")
    assert step(assignment, "delivered", note=" was glad ").notes == "by the door\nOn delivery: was glad"
    next_year = EventFactory()
    services.copy_assignments(from_event_id=assignment.event_id, to_event_id=next_year.pk)
    assert next_year.assignments.get().notes == "by the door"
    assert services.void_packing(assignment.pk, reason="handed over too early").notes == "by the door"


def test_a_delivery_sent_twice_by_one_form_is_one_delivery(stocked, assignment):
    step(assignment, "ready")
    key = uuid.uuid4()
    first = step(assignment, "delivered", delivered_to="Anna", uuid=key)
    assert step(assignment, "delivered", delivered_to="Anna", uuid=key).delivered_at == first.delivered_at
    with pytest.raises(InvalidStatusTransitionError):
        step(assignment, "delivered", delivered_to="Bert", uuid=uuid.uuid4())


def test_a_second_delivery_in_other_words_is_refused_not_swallowed(stocked, assignment):
    step(assignment, "ready")
    first = step(assignment, "delivered", note="left\nwith the dog", uuid=uuid.uuid4())
    assert first.notes == "On delivery: left with the dog"
    earlier = timezone.now() - timedelta(hours=1)
    for other in ({"note": "Ben took it"}, {}, {"note": "left with the dog", "at": earlier}):
        with pytest.raises(InvalidStatusTransitionError) as refused:
            step(assignment, "delivered", uuid=uuid.uuid4(), **other)
        assert "is delivered already. Nothing was changed." in refused.value.message
    again = step(assignment, "delivered", note=" left with  the dog ", uuid=uuid.uuid4())
    assert (again.notes, again.delivered_at) == (first.notes, first.delivered_at)


def test_a_wrong_packing_is_put_back_lot_by_lot_and_waits_again(stocked, assignment, bag, ribbon, member):
    entry = step(assignment, "ready").stock_entry
    voided = services.void_packing(assignment.pk, reason="wrong box", recorded_by=member)
    assert voided.fulfillment_status == FulfillmentStatus.PENDING
    assert (voided.stock_entry, voided.ready_at) == (None, None)
    assert left(bag, ribbon.ingredient) == [3, 100]
    assert (entry.reversed_by.reason, entry.reversed_by.recorded_by_name) == ("wrong box", "mira")
    report = check_books()
    assert (report.breaches, report.totals.packed) == ((), 0)


def test_a_package_put_back_can_be_packed_anew_and_forgets_what_was_missing(assignment, bag, ribbon):
    EventRecipientPackage.objects.update(notes="No nuts, please.")
    step(assignment, "ready", allow_short=True)
    assert services.void_packing(assignment.pk, reason="wait for bags").notes == "No nuts, please."
    on_shelf(bag, "2", "4")
    bought(ribbon.ingredient, "100", "2", product=ribbon)
    again = step(assignment, "ready")
    assert again.notes == "No nuts, please."
    assert left(bag) == [0]
    assert packings().count() == 2
    assert check_books().breaches == ()


def test_a_delivery_by_mistake_is_put_right_by_voiding_the_packing(stocked, assignment, bag):
    step(assignment, "ready")
    step(assignment, "delivered", delivered_to="Anna")
    voided = services.void_packing(assignment.pk, reason="that was Berta's")
    assert (voided.fulfillment_status, voided.delivered_at, voided.delivered_to) == ("pending", None, "")
    assert left(bag) == [3]


def test_a_second_void_changes_nothing(stocked, assignment):
    step(assignment, "ready")
    services.void_packing(assignment.pk, reason="wrong box")
    assert services.void_packing(assignment.pk, reason="once more").fulfillment_status == "pending"
    assert StockEntry.objects.filter(kind=EntryKind.REVERSAL).count() == 1


def test_a_void_needs_a_reason_and_a_package(stocked, assignment):
    step(assignment, "ready")
    with pytest.raises(InvalidValueError, match="Say why"):
        services.void_packing(assignment.pk, reason=" ")
    with pytest.raises(AssignmentNotFoundError):
        services.void_packing(assignment.pk + 1, reason="wrong")


def test_the_trace_of_a_lot_leads_to_who_got_it(assignment, bag, ribbon):
    lot = on_shelf(bag, "2", "4")
    bought(ribbon.ingredient, "100", "2", product=ribbon)
    step(assignment, "ready")
    assert [each.entry.summary for each in trace_forward(lot.pk)] == [
        "Packed Family box for Anna (Christmas 2026)"
    ]
    services.void_packing(assignment.pk, reason="wrong box")
    assert trace_forward(lot.pk) == []


def test_packages_are_listed_by_recipient_in_all_or_one_status(
    stocked, assignment, family_box, django_assert_num_queries
):
    event = assignment.event
    berta = assigned(event, family_box, recipient=RecipientFactory(name="Berta"))
    aaron = assigned(event, family_box, recipient=RecipientFactory(name="Aaron"))
    assigned(EventFactory(), family_box)
    step(assignment, "ready")
    with django_assert_num_queries(1):
        found = services.get_packages_by_status(event.pk)
        assert [str(each) for each in found] == [
            "1 × Family box for Aaron",
            "1 × Family box for Anna",
            "1 × Family box for Berta",
        ]
    assert services.get_packages_by_status(event.pk, "pending") == [aaron, berta]
    assert services.get_packages_by_status(event.pk, FulfillmentStatus.READY) == [assignment]
    assert services.get_packages_by_status(event.pk, "delivered") == []
    with pytest.raises(InvalidValueError, match="“shipped” is no status"):
        services.get_packages_by_status(event.pk, "shipped")


def test_packing_takes_the_same_number_of_statements_for_one_good_and_for_three(
    django_assert_num_queries,
):
    def packed(count):
        goods = [FinishedGoodFactory() for _ in range(count)]
        for good in goods:
            on_shelf(good, "1", "1")
        wrapping = [ProductFactory(ingredient=PackagingFactory()) for _ in range(count)]
        for product in wrapping:
            bought(product.ingredient, "1", "1", product=product)
        there = assigned(
            EventFactory(), package_of(*((good, 1) for good in goods), *((wrap, "1") for wrap in wrapping))
        )
        # BEGIN, lock, entry, goods, wrapping, lock items, two queues, lots, movements, assignment, COMMIT
        with django_assert_num_queries(12):
            step(there, "ready")

    packed(1)
    packed(3)


def test_what_was_done_yesterday_may_be_written_down_today(stocked, assignment):
    yesterday = timezone.now() - timedelta(days=1)
    packed = step(assignment, "ready", at=yesterday)
    assert (packed.ready_at, packed.stock_entry.occurred_at) == (yesterday, yesterday)
    assert step(assignment, "delivered", at=yesterday).delivered_at == yesterday


@pytest.mark.parametrize("status", ["ready", "delivered"])
def test_nothing_is_packed_or_delivered_in_the_future(stocked, assignment, status):
    if status == "delivered":
        step(assignment, "ready")
    with pytest.raises(InvalidValueError):
        step(assignment, status, at=timezone.now() + timedelta(hours=1))
    assignment.refresh_from_db()
    assert assignment.fulfillment_status == ("ready" if status == "delivered" else "pending")


def test_a_void_that_comes_late_leaves_a_new_packing_alone(stocked, assignment, bag, ribbon):
    stale = step(assignment, "ready")
    services.void_packing(assignment.pk, reason="wrong box")
    again = step(assignment, "ready")
    unpack(stale)
    again.refresh_from_db()
    assert again.fulfillment_status == "ready"
