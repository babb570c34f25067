"""The figures and their goals."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from django.conf import settings
from django.db import transaction

from benchmarks import bakery, bare
from inventory.services import consume_fifo
from production.models import FinishedUnit, ProductionRun
from production.services import record_batch_production

ROUNDS = 60
LOT = 100
"""Grams in each lot; a bake takes 150 of each ingredient, out of two lots."""


@dataclass(frozen=True, slots=True)
class Figure:
    """How `ours` compares with `other`, both in milliseconds."""

    name: str
    ours: float
    other: float
    goal: float

    @property
    def ratio(self) -> float:
        return self.ours / self.other

    @property
    def is_reached(self) -> bool:
        return self.ratio <= self.goal

    def __str__(self) -> str:
        mark = "" if self.is_reached else "  missed"
        return f"{self.name:<58}{self.ours:>6.2f} ms{self.other:>6.2f} ms{self.ratio:>8.2f}{self.goal:>7.1f}{mark}"


class Undone(Exception):
    """Takes an operation back, so that the next one finds the same shelf."""


def measure() -> Iterator[Figure]:
    for count, goal in ((20, 5.0), (80, 6.0)):
        yield against_bare_sql(count, goal)
    small_queue, small_bake = consuming(10), baking(20)
    yield Figure("consuming from 10,000 lots, against 10", *against(consuming(10_000), small_queue), 1.3)
    yield Figure(
        "consuming from 10,000 lots of one day, against 10",
        *against(consuming(10_000, one_day=True), small_queue),
        1.3,
    )
    before_bake, before_queue = (
        [timed(small_bake) for _ in range(ROUNDS)],
        [timed(small_queue) for _ in range(ROUNDS)],
    )
    bakery.stock(bakery.make_ingredients(50), 1000, used=True)
    bakery.settle()
    fat_bake, fat_queue = (
        [timed(small_bake) for _ in range(ROUNDS)],
        [timed(small_queue) for _ in range(ROUNDS)],
    )
    yield Figure("a bake after 100,000 movements, against before", median(fat_bake), median(before_bake), 1.2)
    yield Figure(
        "consuming after 100,000 movements, against before", median(fat_queue), median(before_queue), 1.2
    )


def against_bare_sql(count: int, goal: float) -> Figure:
    """Recording a bake and writing the same rows bare, by turns, each for good."""
    items = bakery.make_ingredients(count)
    cookie = bakery.make_cookie(items, LOT * 3 // 2)
    connection = bare.connect(Path(settings.DATABASES["default"]["NAME"]))
    bakery.stock(items, 10)
    replay = bare.Replay(connection, bake(cookie))
    ours, other = [], []
    for _ in range(ROUNDS):
        # Ten open lots each again: a bake leaves one fewer, the replay sets two back to what they were.
        bakery.stock(items, 2)
        ours.append(timed(lambda: bake(cookie)))
        other.append(timed(replay))
    connection.close()
    return Figure(f"a bake of {count} ingredients, against bare SQL", median(ours), median(other), goal)


def bake(cookie: FinishedUnit) -> ProductionRun:
    return record_batch_production(
        recipe_id=cookie.recipe_id, finished_unit_id=cookie.pk, num_batches=1, actual_yield=10
    )


def baking(count: int) -> Callable[[], None]:
    items = bakery.make_ingredients(count)
    cookie = bakery.make_cookie(items, LOT * 3 // 2)
    bakery.stock(items, 10)
    return lambda: undone(lambda: bake(cookie))


def consuming(lots: int, *, one_day: bool = False) -> Callable[[], None]:
    (item,) = bakery.make_ingredients(1)
    bakery.stock([item], lots, one_day=one_day)
    return lambda: undone(lambda: consume_fifo(item.slug, LOT * 3 // 2, "g"))


def undone(operation: Callable[[], object]) -> None:
    try:
        with transaction.atomic():
            operation()
            raise Undone
    except Undone:
        pass


def against(first: Callable[[], None], second: Callable[[], None]) -> tuple[float, float]:
    """The medians of both, taken by turns."""
    bakery.settle()
    timed(first), timed(second)
    pairs = [(timed(first), timed(second)) for _ in range(ROUNDS)]
    return median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)


def timed(operation: Callable[[], object]) -> float:
    """Milliseconds of one call."""
    start = time.perf_counter()
    operation()
    return (time.perf_counter() - start) * 1000
