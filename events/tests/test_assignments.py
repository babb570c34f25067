"""Who gets which package: in bulk, changed while it waits, taken over from last year."""

from __future__ import annotations

import pytest

from bakery.core.errors import EventNotFoundError, InvalidValueError
from events import services
from events.errors import AssignmentNotFoundError, PackageNotFoundError, PackedError, RecipientNotFoundError
from events.models import EventRecipientPackage
from events.tests.factories import EventFactory, PackageFactory, RecipientFactory, assigned

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return EventFactory(name="Christmas 2026")


@pytest.fixture
def box():
    return PackageFactory(name="Family box")


@pytest.fixture
def anna():
    return RecipientFactory(name="Anna")


@pytest.fixture
def berta():
    return RecipientFactory(name="Berta")


def assign(event, package, *recipients, **options):
    return services.assign_package(
        event_id=event.pk,
        package_id=package.pk,
        recipient_ids=[recipient.pk for recipient in recipients],
        **options,
    )


def said():
    return sorted(f"{each} at {each.event}" for each in EventRecipientPackage.objects.all())


def test_one_package_is_assigned_to_several_at_once(event, box, anna, berta):
    done = assign(event, box, anna, berta, quantity=2, notes="with a card")
    assert [each.recipient for each in done.created] == [anna, berta]
    assert all(each.pk for each in done.created)
    assert done.already == ()
    assert said() == [
        "2 × Family box for Anna at Christmas 2026",
        "2 × Family box for Berta at Christmas 2026",
    ]
    assert {each.notes for each in EventRecipientPackage.objects.all()} == {"with a card"}
    assert {each.fulfillment_status for each in EventRecipientPackage.objects.all()} == {"pending"}


def test_who_has_it_already_keeps_the_quantity_and_is_reported(event, box, anna, berta):
    had = assigned(event, box, 3, recipient=anna)
    done = assign(event, box, anna, berta, berta)
    assert [each.recipient for each in done.created] == [berta]
    assert done.already == (had,)
    assert said() == [
        "1 × Family box for Berta at Christmas 2026",
        "3 × Family box for Anna at Christmas 2026",
    ]


def test_assigning_takes_the_same_number_of_statements_for_one_and_for_three(
    event, box, django_assert_num_queries
):
    for count in (1, 3):
        recipients = [RecipientFactory() for _ in range(count)]
        with django_assert_num_queries(7):
            assign(event, box, *recipients)


def test_nobody_and_nothing_cannot_be_assigned(event, box, anna):
    known = {"event_id": event.pk, "package_id": box.pk, "recipient_ids": [anna.pk]}
    for error, wrong in (
        (InvalidValueError, {"recipient_ids": []}),
        (InvalidValueError, {"quantity": 0}),
        (EventNotFoundError, {"event_id": event.pk + 1}),
        (PackageNotFoundError, {"package_id": box.pk + 1}),
        (RecipientNotFoundError, {"recipient_ids": [anna.pk, anna.pk + 1]}),
    ):
        with pytest.raises(error):
            services.assign_package(**(known | wrong))
    assert not EventRecipientPackage.objects.exists()


def test_what_is_archived_is_not_assigned(event, box, anna):
    old = PackageFactory(name="Old tin", is_archived=True)
    with pytest.raises(InvalidValueError, match="Old tin is archived"):
        assign(event, old, anna)
    gone = RecipientFactory(name="Gone", is_archived=True)
    with pytest.raises(InvalidValueError, match="Gone is archived"):
        assign(event, box, anna, gone)
    assert not EventRecipientPackage.objects.exists()


def edit(assignment, **changes):
    return services.edit_assignment(event_recipient_package_id=assignment.pk, **changes)


def test_what_waits_can_be_changed_and_what_is_not_said_stays(event, box, anna):
    assignment = assigned(event, box, 2, recipient=anna, notes="ring twice")
    assert edit(assignment, quantity=3).quantity == 3
    other = PackageFactory(name="Small tin")
    assert edit(assignment, package_id=other.pk).package == other
    assert edit(assignment, notes="").notes == ""
    assert said() == ["3 × Small tin for Anna at Christmas 2026"]


def test_a_package_somebody_has_already_is_not_given_a_second_time(event, box, anna):
    assigned(event, box, recipient=anna)
    other = assigned(event, PackageFactory(), recipient=anna)
    with pytest.raises(InvalidValueError, match="Anna gets Family box at Christmas 2026 already"):
        edit(other, package_id=box.pk)


@pytest.mark.parametrize("status", ["ready", "delivered"])
def test_once_packed_quantity_and_package_stay_and_notes_can_be_added(event, box, anna, status):
    packed = assigned(event, box, 2, recipient=anna, fulfillment_status=status)
    for change in ({"quantity": 3}, {"package_id": PackageFactory().pk}):
        with pytest.raises(PackedError, match="2 × Family box for Anna is packed already"):
            edit(packed, **change)
    assert edit(packed, quantity=2, package_id=box.pk, notes="left at the door").notes == "left at the door"
    assert said() == ["2 × Family box for Anna at Christmas 2026"]


def test_an_edit_that_was_begun_before_keeps_what_the_packing_said(event, box, anna):
    told = "No nuts.\nPacked short: Bag 1 of 2\nOn delivery: left with the dog"
    packed = assigned(event, box, recipient=anna, fulfillment_status="delivered", notes=told)
    assert edit(packed, notes="No nuts, please.").notes == (
        "No nuts, please.\nPacked short: Bag 1 of 2\nOn delivery: left with the dog"
    )
    assert edit(packed, notes="On delivery: left with the cat").notes == (
        "Packed short: Bag 1 of 2\nOn delivery: left with the cat"
    )


def test_what_was_missing_is_what_the_packing_wrote_whatever_a_form_opened_before_says(event, box, anna):
    packed = assigned(
        event, box, recipient=anna, fulfillment_status="ready", notes="Packed short: Bag 1 of 2"
    )
    assert edit(packed, notes="ring\nPacked short: Bag 0 of 2").notes == "ring\nPacked short: Bag 1 of 2"
    full = assigned(event, PackageFactory(), recipient=anna, fulfillment_status="ready")
    assert edit(full, notes="ring\nPacked short: Bag 0 of 2").notes == "ring"
    waiting = assigned(event, PackageFactory(), recipient=anna)
    assert edit(waiting, notes="ring\nPacked short: Bag 0 of 2").notes == "ring"


def test_what_waits_has_no_such_lines_to_keep(event, box, anna):
    waiting = assigned(event, box, recipient=anna, notes="On delivery: ring twice")
    assert edit(waiting, notes="ring once").notes == "ring once"


def test_an_edit_of_nothing_known_or_to_nothing_is_refused(event, box, anna):
    assignment = assigned(event, box, recipient=anna)
    with pytest.raises(AssignmentNotFoundError):
        services.edit_assignment(event_recipient_package_id=assignment.pk + 1, quantity=1)
    with pytest.raises(InvalidValueError):
        edit(assignment, quantity=0)
    with pytest.raises(PackageNotFoundError):
        edit(assignment, package_id=box.pk + 1)


def test_an_assignment_is_taken_away_while_it_waits(event, box, anna):
    pk = assigned(event, box, recipient=anna).pk
    assert services.delete_assignment(event_recipient_package_id=pk) is True
    assert services.delete_assignment(event_recipient_package_id=pk) is False
    assert said() == []


@pytest.mark.parametrize("status", ["ready", "delivered"])
def test_a_packed_assignment_cannot_be_deleted(event, box, status):
    packed = assigned(event, box, fulfillment_status=status)
    with pytest.raises(PackedError):
        services.delete_assignment(event_recipient_package_id=packed.pk)
    assert EventRecipientPackage.objects.exists()


def copy(former, event):
    return services.copy_assignments(from_event_id=former.pk, to_event_id=event.pk)


def test_last_years_packages_are_planned_again_and_wait_again(event, box, anna, berta):
    former = EventFactory(name="Christmas 2025")
    assigned(
        former,
        box,
        2,
        recipient=anna,
        fulfillment_status="delivered",
        delivered_to="Anna",
        notes="No nuts, please.\nPacked short: Ribbon 0 cm of 1 m",
    )
    assigned(former, box, recipient=berta)
    done = copy(former, event)
    assert [(each.recipient, each.quantity) for each in done.created] == [(anna, 2), (berta, 1)]
    first = EventRecipientPackage.objects.get(event=event, recipient=anna)
    assert (first.fulfillment_status, first.delivered_to, first.stock_entry) == ("pending", "", None)
    assert first.notes == "No nuts, please."
    assert EventRecipientPackage.objects.filter(event=former).count() == 2


def test_copying_leaves_what_is_there_and_what_is_archived_and_says_both(event, box, anna, berta):
    former = EventFactory()
    assigned(former, box, 5, recipient=anna)
    gone = assigned(former, box, recipient=RecipientFactory(is_archived=True))
    old = assigned(former, PackageFactory(is_archived=True), recipient=berta)
    had = assigned(event, box, 1, recipient=anna)
    done = copy(former, event)
    assert (done.created, done.already) == ((), (had,))
    assert set(done.archived) == {gone, old}
    assert said().count("1 × Family box for Anna at Christmas 2026") == 1


def test_copying_twice_copies_once(event, box, anna):
    former = EventFactory()
    assigned(former, box, recipient=anna)
    assert len(copy(former, event).created) == 1
    again = copy(former, event)
    assert (again.created, len(again.already)) == ((), 1)


def test_copying_needs_two_events(event):
    with pytest.raises(InvalidValueError, match="Choose another event"):
        copy(event, event)
    with pytest.raises(EventNotFoundError):
        services.copy_assignments(from_event_id=event.pk + 1, to_event_id=event.pk)
    with pytest.raises(EventNotFoundError):
        services.copy_assignments(from_event_id=event.pk, to_event_id=event.pk + 1)


def test_copying_takes_the_same_number_of_statements_for_one_and_for_three(box, django_assert_num_queries):
    for count in (1, 3):
        former, event = EventFactory(), EventFactory()
        for _ in range(count):
            assigned(former, box)
        with django_assert_num_queries(7):
            copy(former, event)
