"""Things made of things: cycles and totals over a graph of parts, without the ORM."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from fractions import Fraction


def cycle_with(edges: Iterable[tuple[int, int]], outer: int, inner: int) -> list[int]:
    """The circle that the new edge outer -> inner would close, first and last the same; [] when none."""
    parts = defaultdict(list)
    for above, below in edges:
        parts[above].append(below)
    came_from: dict[int, int | None] = {inner: None}
    waiting = [inner]
    while waiting:
        here = waiting.pop()
        if here == outer:
            path: list[int] = [here]
            while (before := came_from[path[-1]]) is not None:
                path.append(before)
            return [outer, *reversed(path)]
        for below in parts[here]:
            if below not in came_from:
                came_from[below] = here
                waiting.append(below)
    return []


def totals(edges: Iterable[tuple[int, int, Fraction]], root: int) -> Mapping[int, Fraction]:
    """How much of every node one `root` holds, over all levels, exactly. The graph has no cycle.

    `edges` are (outer, inner, how many inner go into one outer); a part reached on several ways is added up.
    """
    parts = defaultdict(list)
    for above, below, amount in edges:
        parts[above].append((below, amount))
    amounts: dict[int, Fraction] = defaultdict(Fraction)
    amounts[root] = Fraction(1)
    for here in inner_last(parts, root):
        for below, amount in parts[here]:
            amounts[below] += amounts[here] * amount
    return amounts


def inner_last(parts: Mapping[int, list[tuple[int, Fraction]]], root: int) -> list[int]:
    """All nodes under `root`, each after everything it is a part of."""
    order: list[int] = []
    seen = {root}
    stack = [(root, iter(parts[root]))]
    while stack:
        here, rest = stack[-1]
        for below, _ in rest:
            if below not in seen:
                seen.add(below)
                stack.append((below, iter(parts[below])))
                break
        else:
            order.append(here)
            stack.pop()
    return order[::-1]
