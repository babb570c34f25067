from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bakery.core.errors import InvalidValueError
from inventory.fifo import DUST, Allocation, OpenLot, Take, allocate

DAY = date(2026, 9, 3)


def lot(lot_id: int, quantity: str, value: str) -> OpenLot:
    return OpenLot(lot_id, DAY + timedelta(days=lot_id), Decimal(quantity), Decimal(value))


def test_a_need_within_the_first_lot_leaves_the_second_alone():
    allocation = allocate(Decimal(360), [lot(1, "1000", "1.20"), lot(2, "1000", "9.99")])
    assert allocation == Allocation(
        takes=(Take(1, Decimal(360), Decimal("0.4320"), Decimal(640), Decimal("0.7680")),),
        taken=Decimal(360),
        value=Decimal("0.4320"),
        short=Decimal(0),
        satisfied=True,
    )


def test_a_need_crosses_lots_oldest_first():
    allocation = allocate(Decimal(750), [lot(1, "610", "0.7421"), lot(2, "1000", "1.3093")])
    assert [(take.lot_id, take.quantity, take.value) for take in allocation.takes] == [
        (1, Decimal(610), Decimal("0.7421")),
        (2, Decimal(140), Decimal("0.1833")),
    ]
    assert allocation.value == Decimal("0.9254")


def test_the_order_given_is_kept_whatever_the_dates_say():
    late, early = lot(9, "5", "1"), lot(1, "5", "1")
    assert [take.lot_id for take in allocate(Decimal(6), [late, early]).takes] == [9, 1]


def test_the_last_of_a_lot_takes_all_of_its_money():
    first = allocate(Decimal(1), [lot(1, "3", "1.0000")]).takes[0]
    assert (first.value, first.value_left) == (Decimal("0.3333"), Decimal("0.6667"))
    rest = allocate(Decimal(2), [OpenLot(1, DAY, first.quantity_left, first.value_left)]).takes[0]
    assert (rest.value, rest.value_left) == (Decimal("0.6667"), Decimal(0))


@pytest.mark.parametrize(
    ("value", "half"), [("0.0001", "0.0000"), ("0.0003", "0.0002"), ("0.0005", "0.0002")]
)
def test_half_a_hundredth_of_a_cent_goes_to_even(value: str, half: str):
    assert allocate(Decimal(1), [lot(1, "2", value)]).value == Decimal(half)


def test_the_split_is_exact_at_the_bounds():
    quantity, value = Decimal("999999999.999"), Decimal("999999999.9999")
    take = allocate(Decimal("333333333.333"), [OpenLot(1, DAY, quantity, value)]).takes[0]
    exact = Fraction(value) * Fraction(take.quantity) / Fraction(quantity)
    assert abs(Fraction(take.value) - exact) <= Fraction(1, 20000)
    assert take.value + take.value_left == value


def test_a_lot_left_with_dust_is_emptied_into_the_draw():
    allocation = allocate(Decimal("99.996"), [lot(1, "100", "2.00"), lot(2, "100", "3.00")])
    assert allocation.takes == (Take(1, Decimal(100), Decimal("2.00"), Decimal(0), Decimal(0)),)
    assert allocation.taken == Decimal(100)
    assert (allocation.short, allocation.satisfied) == (Decimal(0), True)


def test_exactly_five_thousandths_is_no_dust_and_stays():
    take = allocate(Decimal("99.995"), [lot(1, "100", "2.00")]).takes[0]
    assert take.quantity_left == DUST


def test_dust_still_open_is_taken_from_the_next_lot_when_there_is_one():
    allocation = allocate(Decimal("100.002"), [lot(1, "100", "2.00"), lot(2, "50", "1.00")])
    assert [take.quantity for take in allocation.takes] == [Decimal(100), Decimal("0.002")]
    assert allocation.takes[1].value == Decimal("0.0000")


@pytest.mark.parametrize(
    ("needed", "short", "satisfied"),
    [("100", "0", True), ("100.004", "0.004", True), ("100.005", "0.005", False), ("140", "40", False)],
)
def test_a_need_is_satisfied_when_less_than_dust_is_short(needed: str, short: str, satisfied: bool):
    allocation = allocate(Decimal(needed), [lot(1, "100", "2.00")])
    assert (allocation.taken, allocation.short, allocation.satisfied) == (
        Decimal(100),
        Decimal(short),
        satisfied,
    )


def test_an_empty_shelf_satisfies_not_even_dust():
    allocation = allocate(Decimal("0.004"), [])
    assert (allocation.takes, allocation.short, allocation.satisfied) == ((), Decimal("0.004"), False)


@pytest.mark.parametrize("needed", ["0", "0.0005", "0.0004999"])
def test_a_need_that_rounds_to_nothing_takes_nothing_and_is_satisfied(needed: str):
    for queue in ([], [lot(1, "0.003", "1.00")]):
        assert allocate(Decimal(needed), queue) == Allocation((), Decimal(0), Decimal(0), Decimal(0), True)


def test_a_used_up_lot_in_the_queue_is_passed_over():
    assert [take.lot_id for take in allocate(Decimal(1), [lot(1, "0", "0"), lot(2, "5", "1")]).takes] == [2]


def test_a_negative_need_is_refused():
    with pytest.raises(InvalidValueError, match="cannot be negative"):
        allocate(Decimal(-1), [])


def test_the_queue_is_read_only_as_far_as_needed():
    queue = iter([lot(1, "10", "1"), lot(2, "10", "1"), lot(3, "10", "1")])
    allocate(Decimal(12), queue)
    assert next(queue).lot_id == 3


# Against a model that counts in thousandths and hundredths of a cent, as whole numbers.

small = st.integers(1, 20)
quantities = st.one_of(small, st.integers(1, 20_000), st.integers(1, 10**12 - 1))
values = st.one_of(st.integers(0, 20), st.integers(0, 10**6), st.integers(0, 10**13 - 1))
shelves = st.lists(st.tuples(quantities, values), max_size=8)


def scaled(number: int, places: int) -> Decimal:
    return Decimal(number).scaleb(-places)


def queue_of(shelf: list[tuple[int, int]]) -> list[OpenLot]:
    return [
        OpenLot(number, DAY, scaled(quantity, 3), scaled(value, 4))
        for number, (quantity, value) in enumerate(shelf)
    ]


@st.composite
def needs_and_shelves(draw: st.DrawFn) -> tuple[int, list[tuple[int, int]]]:
    """A need anywhere, and often within a hair of a lot's edge, where the rules meet."""
    shelf = draw(shelves)
    edges = [sum(quantity for quantity, _ in shelf[: count + 1]) for count in range(len(shelf))]
    near = st.builds(lambda edge, by: max(0, edge + by), st.sampled_from([0, *edges]), st.integers(-8, 8))
    return draw(st.one_of(near, quantities)), shelf


def model(needed: int, shelf: list[tuple[int, int]]) -> list[tuple[int, int, int]]:
    """(lot, quantity, value) of every draw, by the book, a thousandth at a time in spirit."""
    draws = []
    for number, (quantity, value) in enumerate(shelf):
        if needed <= 0:
            break
        if quantity - needed < 5:
            draws.append((number, quantity, value))
            needed -= quantity
        else:
            draws.append((number, needed, round(Fraction(value * needed, quantity))))
            needed = 0
    return draws


@given(needs_and_shelves())
def test_it_agrees_with_the_model(case: tuple[int, list[tuple[int, int]]]):
    needed, shelf = case
    allocation = allocate(scaled(needed, 3), queue_of(shelf))
    assert [(take.lot_id, take.quantity, take.value) for take in allocation.takes] == [
        (number, scaled(quantity, 3), scaled(value, 4)) for number, quantity, value in model(needed, shelf)
    ]


@given(needs_and_shelves())
def test_nothing_is_lost_and_nothing_goes_below_zero(case: tuple[int, list[tuple[int, int]]]):
    needed, shelf = case
    lots = queue_of(shelf)
    allocation = allocate(scaled(needed, 3), lots)
    for take in allocation.takes:
        source = lots[take.lot_id]
        assert take.quantity + take.quantity_left == source.quantity
        assert take.value + take.value_left == source.value
        assert take.quantity > 0
        assert min(take.value, take.quantity_left, take.value_left) >= 0
        assert take.quantity_left == 0 or take.quantity_left >= DUST
        assert take.value_left == 0 or take.quantity_left > 0
    assert allocation.taken == sum(take.quantity for take in allocation.takes)
    assert allocation.value == sum(take.value for take in allocation.takes)


@given(needs_and_shelves())
def test_older_lots_are_empty_before_a_younger_one_is_touched(case: tuple[int, list[tuple[int, int]]]):
    needed, shelf = case
    takes = allocate(scaled(needed, 3), queue_of(shelf)).takes
    assert [take.lot_id for take in takes] == list(range(len(takes)))
    assert all(take.quantity_left == 0 for take in takes[:-1])


@given(needs_and_shelves())
def test_satisfied_means_covered_or_all_but_dust(case: tuple[int, list[tuple[int, int]]]):
    needed, shelf = case
    need = scaled(needed, 3)
    allocation = allocate(need, queue_of(shelf))
    on_shelf = scaled(sum(quantity for quantity, _ in shelf), 3)
    assert allocation.short == max(need - on_shelf, 0)
    assert allocation.satisfied == (need <= on_shelf or (on_shelf > 0 and need - on_shelf < DUST))
    assert allocation.taken + allocation.short - need < DUST
    assert allocation.taken + allocation.short >= need


@given(st.lists(st.integers(0, 30_000), max_size=12), st.integers(1, 100_000), st.integers(0, 10**8))
def test_drawing_again_and_again_spends_exactly_what_was_paid(draws: list[int], quantity: int, value: int):
    open_lot = OpenLot(1, DAY, scaled(quantity, 3), scaled(value, 4))
    spent = Decimal(0)
    for draw in [*draws, quantity]:
        allocation = allocate(scaled(draw, 3), [open_lot])
        spent += allocation.value
        for take in allocation.takes:
            open_lot = OpenLot(1, DAY, take.quantity_left, take.value_left)
        assert spent + open_lot.value == scaled(value, 4)
    assert open_lot.quantity == 0
    assert spent == scaled(value, 4)


def test_what_comes_from_a_lot_without_a_price_is_known_to_be_unpriced():
    day = date(2026, 1, 1)
    free = OpenLot(1, day, Decimal(10), Decimal(0))
    paid = OpenLot(2, day, Decimal(10), Decimal("0.0001"))
    assert allocate(Decimal(1), [free]).is_unpriced
    assert allocate(Decimal(15), [free, paid]).is_unpriced
    assert not allocate(Decimal(1), [paid]).is_unpriced
    assert not allocate(Decimal(10), [paid]).is_unpriced
    assert not allocate(Decimal(1), []).is_unpriced
