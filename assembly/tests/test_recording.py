"""Recording an assembly, and voiding it."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from assembly import services
from assembly.errors import (
    AssemblyRunNotFoundError,
    EmptyCompositionError,
    FinishedGoodNotFoundError,
    InsufficientFinishedGoodError,
    InsufficientFinishedUnitError,
    InsufficientPackagingError,
)
from assembly.models import AssemblyRun, Composition
from assembly.tests.factories import FinishedGoodFactory, add_line, good_of, on_shelf
from bakery.core.errors import AlreadyRecordedError, EventNotFoundError, InvalidValueError
from events.models import Event
from inventory.books import check_books
from inventory.errors import InUseError, UnconvertibleError
from inventory.models import StockEntry
from inventory.services import on_hand
from inventory.tests.factories import PackagingFactory, ProductFactory, bought
from production.tests.factories import FinishedUnitFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def cookie():
    return FinishedUnitFactory(name="Lebkuchen")


@pytest.fixture
def ribbon():
    return ProductFactory(ingredient=PackagingFactory(name="Ribbon", stock_unit="cm"), brand="Satin")


@pytest.fixture
def bag(cookie, ribbon):
    return good_of((cookie, "3"), (ribbon, "0.5", "yd"), name="Cookie bag")


def assemble(good, quantity=2, **changes):
    return services.record_assembly(finished_good_id=good.pk, quantity=quantity, **changes)


def test_a_bag_costs_what_its_own_cookies_and_ribbon_cost(bag, cookie, ribbon):
    on_shelf(cookie, "4", "4")
    on_shelf(cookie, "10", "20")
    bought(ribbon.ingredient, "1000", "100", product=ribbon)
    run = assemble(bag)
    assert run.total_component_cost == Decimal("17.144")  # 4 at 1, 2 at 2, 91.44 cm at 0.1
    assert run.per_unit_cost == Decimal("8.572")
    units, packaging = run.finished_unit_consumptions.get(), run.packaging_consumptions.get()
    assert (units.quantity_consumed, units.unit_cost_at_consumption, units.total_cost) == (
        6,
        Decimal("1.3333"),
        8,
    )
    assert (packaging.quantity_consumed, packaging.unit, packaging.total_cost) == (
        Decimal("91.44"),
        "cm",
        Decimal("9.144"),
    )
    lot = bag.lots.get()
    assert (lot.quantity, lot.value, lot.received_on) == (2, run.total_component_cost, timezone.localdate())
    assert sum(run.stock_entry.movements.values_list("value", flat=True)) == 0
    assert run.uuid == run.stock_entry.uuid
    assert check_books().is_right


def test_a_hamper_takes_bags_from_the_shelf_with_their_packaging_cost(bag, cookie, ribbon):
    on_shelf(cookie, "6", "6")
    bought(ribbon.ingredient, "1000", "100", product=ribbon)
    hamper = good_of((bag, "2"))
    with pytest.raises(InsufficientFinishedGoodError):
        assemble(hamper, 1)
    made = assemble(bag)
    run = assemble(hamper, 1)
    assert run.total_component_cost == made.total_component_cost == Decimal("15.144")
    assert (bag.inventory_count, hamper.inventory_count) == (0, 1)
    assert run.finished_good_consumptions.get().quantity_consumed == 2


def test_packaging_comes_only_from_the_product_that_is_named(bag, cookie, ribbon):
    on_shelf(cookie, "6", "6")
    other = ProductFactory(ingredient=ribbon.ingredient)
    bought(ribbon.ingredient, "1000", "1", product=other)
    with pytest.raises(InsufficientPackagingError) as refused:
        assemble(bag)
    (short,) = refused.value.missing
    assert (short.component_type, short.component_id, short.available) == ("packaging", ribbon.pk, 0)


def test_every_shortage_of_every_type_is_told_at_once(bag, cookie, ribbon):
    box = good_of((ribbon, "1", "m"), (bag, "1"), (cookie, "2"))
    with pytest.raises(InsufficientFinishedUnitError) as refused:
        assemble(box, 1)
    assert [each.component_type for each in refused.value.missing] == [
        "finished_unit",
        "finished_good",
        "packaging",
    ]
    assert "Not enough Lebkuchen: needs 2, there is 0. Not enough Cookie bag" in str(refused.value)
    assert not StockEntry.objects.exists()


def test_nothing_in_it_is_refused_with_a_sentence():
    empty = FinishedGoodFactory(name="Air")
    assert not services.check_can_assemble(empty.pk, 1).can_assemble
    with pytest.raises(EmptyCompositionError, match="goes into Air"):
        assemble(empty)


def test_a_line_that_cannot_be_converted_is_never_a_silent_zero(bag, cookie):
    on_shelf(cookie, "6", "6")
    Composition.objects.filter(packaging_product__isnull=False).update(unit="cup")
    checked = services.check_can_assemble(bag.pk, 1)
    assert not checked.can_assemble
    assert [line.ingredient_name for line in checked.unconvertible] == ["Ribbon"]
    assert services.max_quantities([bag.pk]) == {bag.pk: 0}
    with pytest.raises(UnconvertibleError):
        assemble(bag)


def test_half_a_cookie_is_refused_wherever_the_line_came_from(cookie):
    pair = good_of((cookie, "2"))
    on_shelf(cookie, "6", "6")
    pair.compositions.update(quantity=Decimal("0.5"))  # imported: no form would save it
    assert not services.check_can_assemble(pair.pk, 2).can_assemble
    assert services.max_quantities([pair.pk]) == {pair.pk: 0}
    with pytest.raises(
        UnconvertibleError, match="counted in whole pieces, and the composition of “[^”]+” asks for 0.5"
    ):
        assemble(pair, 2)
    assert on_hand(item_ids=[cookie.pk]) == {cookie.pk: 6}


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"quantity": 0}, InvalidValueError),
        ({"quantity": True}, InvalidValueError),
        ({"quantity": 1.5}, InvalidValueError),
        ({"assembled_at": datetime(2999, 1, 1, tzinfo=UTC)}, InvalidValueError),
        ({"assembled_at": datetime(2020, 1, 1)}, InvalidValueError),
        ({"event_id": 0}, EventNotFoundError),
        ({"finished_good_id": 0}, FinishedGoodNotFoundError),
    ],
)
def test_what_can_never_be_right_is_refused(bag, changes, error):
    with pytest.raises(error):
        services.record_assembly(**{"finished_good_id": bag.pk, "quantity": 1, **changes})
    assert not AssemblyRun.objects.exists()


def test_the_same_key_is_one_assembly(cookie):
    pair = good_of((cookie, "2"))
    on_shelf(cookie, "6", "6")
    key = uuid.uuid4()
    assert assemble(pair, uuid=key) == assemble(pair, uuid=str(key))
    assert AssemblyRun.objects.count() == 1
    with pytest.raises(AlreadyRecordedError):
        assemble(pair, 1, uuid=key)


def test_a_void_puts_back_exactly_what_was_taken_once_nothing_uses_it(cookie):
    bag = good_of((cookie, "2"), name="Pair")
    hamper = good_of((bag, "1"), name="Hamper")
    lot = on_shelf(cookie, "7", "10")
    run = assemble(bag)
    outer = assemble(hamper, 1)
    with pytest.raises(InUseError, match="1 × Hamper"):
        services.void_assembly_run(assembly_run_id=run.pk, reason="wrong")
    services.void_assembly_run(assembly_run_id=outer.pk, reason="wrong")
    voided = services.void_assembly_run(assembly_run_id=run.pk, reason="recorded twice")
    again = services.void_assembly_run(assembly_run_id=run.pk, reason="other")
    assert (again.voided_at, again.void_reason) == (voided.voided_at, "recorded twice")
    lot.refresh_from_db()
    assert (lot.quantity_remaining, lot.value_remaining) == (7, 10)
    assert on_hand(item_ids=[bag.pk, hamper.pk]) == {bag.pk: 0, hamper.pk: 0}
    assert check_books().is_right


def test_details_are_edited_and_history_is_newest_first_and_filtered(cookie):
    pair = good_of((cookie, "2"))
    on_shelf(cookie, "20", "6")
    market = Event.objects.create(name="Advent Market", event_date=date(2026, 11, 29))
    old = assemble(pair, assembled_at=datetime(2026, 9, 1, 23, 30, tzinfo=UTC))
    new = assemble(pair, event_id=market.pk)
    assert new.stock_entry.summary == f"2 × {pair.name} for Advent Market"
    services.update_assembly_details(assembly_run_id=old.pk, event_id=market.pk, notes="by hand")
    services.void_assembly_run(assembly_run_id=new.pk, reason="wrong")
    assert services.get_assembly_history(event_id=market.pk) == [new, old]
    assert services.get_assembly_history(include_voided=False) == [old]
    assert services.get_assembly_history(start_date=date(2026, 9, 1), end_date=date(2026, 9, 1)) == [old]
    assert services.get_assembly_history(finished_good_id=pair.pk, limit=1, offset=1) == [old]
    assert services.get_assembly_run(old.pk).notes == "by hand"
    with pytest.raises(AssemblyRunNotFoundError):
        services.get_assembly_run(0)
    with pytest.raises(InvalidValueError):
        services.get_assembly_history(start_date=date(2026, 9, 2), end_date=date(2026, 9, 1))


def test_the_estimate_is_fifo_and_then_the_last_price_and_names_what_has_none(bag, cookie, ribbon):
    on_shelf(cookie, "2", "4")
    checked = services.check_can_assemble(bag.pk, 1)
    assert checked.estimated_cost == 6  # 4 from the shelf, the third at 2
    assert checked.unpriced == ("Ribbon (Satin, 1 cm)",)
    assert [each.component_name for each in checked.missing] == ["Lebkuchen", "Ribbon (Satin, 1 cm)"]
    assert [draw.short for draw in checked.draws] == [1, Decimal("45.72")]


@pytest.mark.parametrize(("there", "possible"), [("2", 0), ("3", 1), ("10", 3)])
def test_max_quantities_is_what_could_be_recorded(cookie, there, possible):
    trio = good_of((cookie, "3"))
    on_shelf(cookie, there, "1")
    assert services.max_quantities([trio.pk]) == {trio.pk: possible}
    assert services.check_can_assemble(trio.pk, possible + 1).can_assemble is False
    if possible:
        assert services.check_can_assemble(trio.pk, possible).can_assemble


def test_the_number_of_statements_does_not_grow_with_the_components(django_assert_max_num_queries):
    good = FinishedGoodFactory()
    for _ in range(6):
        product, unit, inner = (
            ProductFactory(ingredient=PackagingFactory()),
            FinishedUnitFactory(),
            FinishedGoodFactory(),
        )
        on_shelf(unit, "10", "1")
        on_shelf(inner, "10", "1")
        bought(product.ingredient, "10", "1", product=product)
        for component in (product, unit, inner):
            add_line(good, component, "1")
    with django_assert_max_num_queries(20):
        assemble(good, 10)
    another = FinishedGoodFactory()
    with django_assert_max_num_queries(3):
        assert services.max_quantities([good.pk, another.pk]) == {good.pk: 0, another.pk: 0}
