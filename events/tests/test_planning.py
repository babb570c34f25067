"""The arithmetic of planning, against a baker who takes and makes one piece after the other."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.planning import Bake, Contents, Pieces, Shelf, Wanted, outer_first, spend, to_buy, whole, work_for
from inventory.fifo import DUST

GOODS, UNITS, PRODUCTS = (1, 2, 3, 4), (11, 12, 13), (21, 22)
FEW = st.integers(1, 5)
BAKES = {11: Bake(101, 30), 12: Bake(101, 7), 13: Bake(102, 1)}


@st.composite
def catalogues(draw):
    """Goods that hold goods of a higher number only, so that nothing holds itself."""
    return {
        good: Contents(
            goods=draw(st.dictionaries(st.sampled_from(GOODS[good:]), FEW) if GOODS[good:] else st.just({})),
            units=draw(st.dictionaries(st.sampled_from(UNITS), FEW)),
            packaging=draw(st.dictionaries(st.sampled_from(PRODUCTS), FEW.map(lambda n: Fraction(n, 3)))),
        )
        for good in GOODS
    }


SHELVES = st.builds(
    Shelf,
    goods=st.dictionaries(st.sampled_from(GOODS), st.integers(0, 20)),
    units=st.dictionaries(st.sampled_from(UNITS), st.integers(0, 40)),
)
WANTED = st.builds(
    Wanted,
    goods=st.dictionaries(st.sampled_from(GOODS), FEW),
    wrapping=st.dictionaries(st.sampled_from(PRODUCTS), FEW.map(Fraction)),
)


class Baker:
    """Fetches pieces one by one: from the shelf while there are some, else makes one."""

    def __init__(self, contents, shelf):
        self.contents = contents
        self.goods, self.units = Counter(shelf.goods), Counter(shelf.units)
        self.made, self.baked, self.packaging = Counter(), Counter(), Counter()

    def fetch_good(self, good):
        if self.goods[good]:
            self.goods[good] -= 1
            return
        self.made[good] += 1
        for inner, count in self.contents[good].goods.items():
            for _ in range(count):
                self.fetch_good(inner)
        for unit, count in self.contents[good].units.items():
            for _ in range(count):
                self.fetch_unit(unit)
        for product, amount in self.contents[good].packaging.items():
            self.packaging[product] += amount

    def fetch_unit(self, unit):
        if self.units[unit]:
            self.units[unit] -= 1
        else:
            self.baked[unit] += 1


@given(catalogues(), SHELVES, st.lists(WANTED, max_size=3))
def test_one_event_after_the_other_makes_what_a_baker_would(contents, shelf, events):
    baker = Baker(contents, shelf)
    for wanted in events:
        baker.made, baker.baked, baker.packaging = Counter(), Counter(), Counter()
        for good, count in wanted.goods.items():
            for _ in range(count):
                baker.fetch_good(good)
        work = work_for(wanted, contents, BAKES, shelf)
        assert {good: each.to_make for good, each in work.goods.items() if each.to_make} == dict(baker.made)
        assert {unit: each.to_make for unit, each in work.units.items() if each.to_make} == dict(baker.baked)
        wrapped = baker.packaging + Counter(wanted.wrapping)
        assert {product: amount for product, amount in work.packaging.items() if amount} == wrapped
    assert +Counter(shelf.goods) == +baker.goods
    assert +Counter(shelf.units) == +baker.units


@given(catalogues(), SHELVES, WANTED)
def test_whole_batches_are_enough_and_one_fewer_is_not(contents, shelf, wanted):
    work = work_for(wanted, contents, BAKES, shelf)
    for recipe in {101, 102}:
        per_unit = [
            whole(work.units[unit].to_make, bake.items_per_batch)
            for unit, bake in BAKES.items()
            if bake.recipe_id == recipe and unit in work.units
        ]
        assert work.batches.get(recipe, 0) == sum(per_unit)


@given(catalogues(), SHELVES, WANTED)
def test_needed_is_what_the_shelf_serves_and_what_is_made(contents, shelf, wanted):
    work = work_for(wanted, contents, BAKES, shelf)
    for pieces in (*work.goods.values(), *work.units.values()):
        assert pieces.needed == pieces.on_shelf + pieces.to_make
        assert min(pieces.on_shelf, pieces.to_make) >= 0


@given(st.fractions(0, 10**6), st.fractions(min_value=Fraction(1, 1000), max_value=10**4))
def test_whole_packages_hold_the_amount_and_one_fewer_does_not(amount, each):
    count = whole(amount, each)
    assert count * each >= amount
    assert count == 0 or (count - 1) * each < amount


@given(st.integers(0, 50), st.lists(st.integers(0, 20), max_size=6))
def test_a_shelf_is_spent_once_by_whoever_comes_first(there, wishes):
    shelf = {1: there}
    taken = [spend(shelf, 1, wish) for wish in wishes]
    assert sum(taken) == min(there, sum(wishes))
    assert shelf[1] == there - sum(taken)
    for number, (got, wish) in enumerate(zip(taken, wishes, strict=True)):
        assert got == wish or not there - sum(taken[: number + 1])


@given(st.fractions(0, 1000), st.decimals(0, 1000, places=3))
def test_what_is_bought_covers_the_need_but_for_dust(needed, on_hand):
    missing = to_buy(needed, on_hand)
    assert missing >= 0
    assert needed - Fraction(on_hand) - Fraction(missing) < Fraction(DUST) + Fraction(1, 2000)
    assert not missing or Fraction(on_hand) + Fraction(missing) - needed <= Fraction(1, 2000)


@pytest.mark.parametrize(
    ("needed", "on_hand", "missing"),
    [("100", "0", "100"), ("100", "100", "0"), ("100", "250", "0"), ("0.004", "0", "0.004"),
     ("100.004", "100", "0"), ("100.005", "100", "0.005"), ("1/3", "0", "0.333")],
)  # fmt: skip
def test_what_is_missing(needed, on_hand, missing):
    assert to_buy(Fraction(needed), Decimal(on_hand)) == Decimal(missing)


def test_an_open_target_says_how_many_boxes_are_made():
    contents = {1: Contents(units={11: 6}, packaging={21: Fraction(1)})}
    work = work_for(Wanted(goods={1: 9}, open_goods={1: 4}), contents, BAKES, Shelf(goods={1: 2}))
    assert work.goods == {1: Pieces(needed=9, on_shelf=2, to_make=4)}
    assert work.units[11].needed == 24
    assert work.packaging == {21: 4}


def test_a_target_that_is_reached_leaves_it_to_the_packages():
    contents = {1: Contents(units={11: 6})}
    work = work_for(Wanted(goods={1: 9}, open_goods={1: 0}), contents, BAKES, Shelf(goods={1: 8}))
    assert work.goods[1].to_make == 1


def test_a_recipe_with_a_target_is_baked_as_the_target_says():
    contents = {1: Contents(units={11: 60, 13: 2})}
    work = work_for(Wanted(goods={1: 1}, open_batches={101: 0, 103: 4}), contents, BAKES, Shelf())
    assert work.batches == {101: 0, 102: 2, 103: 4}


def test_everything_comes_after_what_it_is_a_part_of():
    contents = {1: Contents(goods={3: 1, 2: 1}), 2: Contents(goods={3: 1}), 3: Contents(goods={4: 1})}
    order = outer_first([4, 3, 1], contents)
    assert sorted(order) == [1, 2, 3, 4]
    assert [order.index(good) for good in (1, 2, 3, 4)] == [0, 1, 2, 3]


def test_a_circle_that_an_import_left_ends():
    contents = {1: Contents(goods={2: 1}), 2: Contents(goods={1: 1})}
    assert set(work_for(Wanted(goods={1: 3}), contents, {}, Shelf()).goods) == {1, 2}
