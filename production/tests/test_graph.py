"""Recipes inside recipes: totals and circles, against the simplest reckoning there is."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from production.graph import cycle_with, inner_last, totals

NODES = 8
amounts = st.fractions(Fraction(1, 6), 3, max_denominator=12)
# Edges only lead to higher numbers, so there is no circle; one edge for each pair at most.
acyclic = st.dictionaries(
    st.tuples(st.integers(0, NODES - 1), st.integers(0, NODES - 1)).filter(lambda pair: pair[0] < pair[1]),
    amounts,
).map(lambda found: [(outer, inner, amount) for (outer, inner), amount in found.items()])
pairs = st.sets(st.tuples(st.integers(0, NODES - 1), st.integers(0, NODES - 1)))


def along_every_way(edges, here, wanted):
    """How much of `wanted` one `here` holds, walking every way down."""
    if here == wanted:
        return Fraction(1)
    return sum(
        (amount * along_every_way(edges, inner, wanted) for outer, inner, amount in edges if outer == here),
        Fraction(0),
    )


def reaches(edges, here, there, seen=()):
    return here == there or any(
        reaches(edges, inner, there, (*seen, here))
        for outer, inner in edges
        if outer == here and inner not in seen
    )


@given(acyclic)
def test_totals_add_up_every_way_down(edges):
    found = totals(edges, 0)
    assert {node: found.get(node, 0) for node in range(NODES)} == {
        node: along_every_way(edges, 0, node) for node in range(NODES)
    }


@given(acyclic)
def test_each_part_comes_after_everything_it_is_a_part_of(edges):
    parts = {
        node: [(inner, amount) for outer, inner, amount in edges if outer == node] for node in range(NODES)
    }
    order = inner_last(parts, 0)
    assert order[0] == 0
    assert sorted(order) == sorted(totals(edges, 0))
    for outer, inner, _ in edges:
        if outer in order:
            assert order.index(outer) < order.index(inner)


@given(pairs, st.integers(0, NODES - 1), st.integers(0, NODES - 1))
def test_a_circle_is_found_exactly_where_there_is_one_and_its_path_is_real(edges, outer, inner):
    path = cycle_with(edges, outer, inner)
    if not reaches(edges, inner, outer):
        assert path == []
        return
    assert path[0] == path[-1] == outer
    assert path[1] == inner
    assert set(zip(path[1:], path[2:], strict=False)) <= edges


def test_a_recipe_within_itself_is_a_circle():
    assert cycle_with([], 1, 1) == [1, 1]


def test_two_thirds_twelve_times_are_eight_exactly():
    assert totals([(1, 2, Fraction(2, 3))], 1)[2] * 12 == 8


def test_a_hundred_levels_are_no_depth():
    edges = [(level, level + 1, Fraction(1, 2)) for level in range(5000)]
    assert totals(edges, 0)[5000] == Fraction(1, 2**5000)
