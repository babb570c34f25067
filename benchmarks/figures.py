"""The figures and their goals."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from assembly.services import record_assembly
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
        yield bakes_against_bare_sql(count, goal)
    yield assemblies_against_bare_sql(12, 6.0)
    small_queue = consuming(10)
    yield Figure("consuming from 10,000 lots, against 10", *against(consuming(10_000), small_queue), 1.3)
    yield Figure(
        "consuming from 10,000 lots of one day, against 10",
        *against(consuming(10_000, one_day=True), small_queue),
        1.3,
    )
    yield from fat_against_lean()


def bakes_against_bare_sql(count: int, goal: float) -> Figure:
    items = bakery.make_ingredients(count)
    cookie = bakery.make_cookie(items, LOT * 3 // 2)
    bakery.stock(items, 10)
    name = f"a bake of {count} ingredients, against bare SQL"
    return against_bare_sql(name, lambda: bake(cookie), lambda: bakery.stock(items, 2), goal)


def assemblies_against_bare_sql(components: int, goal: float) -> Figure:
    """Ten of a good; every component comes out of two lots."""
    pieces = 10
    units, goods = components // 2, components // 4
    packaging = components - units - goods
    hamper, items, products = bakery.make_hamper(units, goods, packaging, LOT * 3 // 2 // pieces)
    bakery.stock(items, 10, products=products)
    return against_bare_sql(
        f"{pieces} of a good of {components} components, against bare SQL",
        lambda: record_assembly(finished_good_id=hamper.pk, quantity=pieces),
        lambda: bakery.stock(items, 2, products=products),
        goal,
    )


def against_bare_sql(name: str, ours: Callable[[], Any], restock: Callable[[], None], goal: float) -> Figure:
    """Recording something and writing the same rows bare, by turns, each for good."""
    connection = bare.connect(Path(settings.DATABASES["default"]["NAME"]))
    replay = bare.Replay(connection, ours())
    own, other = [], []
    for _ in range(ROUNDS):
        # Ten open lots each again: ours leaves one fewer, the replay sets two back to what they were.
        restock()
        own.append(timed(ours))
        other.append(timed(replay))
    connection.close()
    return Figure(name, typical(own), typical(other), goal)


def fat_against_lean() -> Iterator[Figure]:
    """The same bakery in two databases, one of them with a long history, measured by turns."""
    lean, fat = fresh_database("lean"), fresh_database("fat")
    with database(fat):
        bakery.stock(bakery.make_ingredients(50), 1000, used=True)
    for what, prepare in (("a bake", lambda: baking(20)), ("consuming", lambda: consuming(10))):
        timings = []
        for wrapper in (fat, lean):
            with database(wrapper):
                timings.append(in_database(wrapper, prepare()))
                bakery.settle()
        yield Figure(f"{what} after 100,000 movements, against a lean history", *against(*timings), 1.2)


def fresh_database(name: str) -> BaseDatabaseWrapper:
    known = connections["default"]
    path = Path(str(known.settings_dict["NAME"])).with_name(f"{name}.sqlite3")
    wrapper = type(known)({**known.settings_dict, "NAME": path}, "default")
    with database(wrapper):
        call_command("migrate", verbosity=0)
    return wrapper


@contextmanager
def database(wrapper: BaseDatabaseWrapper) -> Iterator[None]:
    """Let everything in here speak to another database."""
    known = connections["default"]
    connections["default"] = wrapper
    try:
        yield
    finally:
        connections["default"] = known


def in_database(wrapper: BaseDatabaseWrapper, operation: Callable[[], object]) -> Callable[[], object]:
    def call() -> None:
        with database(wrapper):
            operation()

    return call


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


def against(first: Callable[[], object], second: Callable[[], object]) -> tuple[float, float]:
    """What both take, measured in a shuffled order: turns would keep time with what else the machine does."""
    bakery.settle()
    for _ in range(5):
        first()
        second()
    turns = [first, second] * (2 * ROUNDS)
    random.Random(1).shuffle(turns)
    timings: dict[Callable[[], object], list[float]] = {first: [], second: []}
    for operation in turns:
        timings[operation].append(timed(operation))
    return typical(timings[first]), typical(timings[second])


def typical(timings: list[float]) -> float:
    """The lower quartile: on a machine that has other things to do, the rounds nothing disturbed."""
    return quantiles(timings, n=4)[0]


def timed(operation: Callable[[], object]) -> float:
    """Milliseconds of one call."""
    start = time.perf_counter()
    operation()
    return (time.perf_counter() - start) * 1000
