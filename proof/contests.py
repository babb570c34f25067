"""People who all want the same flour at the same moment (R1, R2, R6, R11)."""

from __future__ import annotations

import contextlib
import random
import time
import uuid
from collections.abc import Callable, Iterator
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django.db import connection

from bakery.core.errors import BakeryError
from inventory.models import Product, StockEntry, StockItem
from inventory.services import adjust_stock, consume_fifo, count_stock, on_hand, posting, receive_lot
from production.models import ProductionRun
from production.services import void_production_run
from proof.checker import asked, faults
from proof.crowds import at_once
from proof.stage import bake, cookies_of, full_shelf


def bake_together(writers: int, operations: int, sabotage: str = "") -> dict[str, Any]:
    """So many people bake at once. `sabotage` takes away one of the walls: the checker has to notice."""
    cookies = cookies_of(full_shelf(items=6, lots=max(20, operations // 8), grams="250"))
    with SABOTAGE[sabotage]():
        began = time.perf_counter()
        answers = at_once(writers, lambda number: baking(cookies, operations // writers, number))
        seconds = time.perf_counter() - began
    errors = [answer for answer in answers if isinstance(answer, str)]
    waits = sorted(wait for answer in answers if not isinstance(answer, str) for wait in answer["waits"])
    errors += [error for answer in answers if not isinstance(answer, str) for error in answer["errors"]]
    wrong = faults(in_order=True)
    if ProductionRun.objects.count() != len(waits):
        wrong.append(f"{len(waits)} bakes were acknowledged, {ProductionRun.objects.count()} are there")
    return {
        "done": len(waits),
        "errors": errors,
        "faults": wrong,
        "seconds": seconds,
        "p99": waits[int(len(waits) * 0.99) - 1] if waits else 0,
    }


def baking(cookies: list[Any], times: int, seed: int) -> dict[str, Any]:
    chance, waits, errors = random.Random(seed), [], []
    for _ in range(times):
        began = time.perf_counter()
        try:
            bake(chance.choice(cookies))
        except Exception as error:
            errors.append(f"{type(error).__name__}: {error}")
        else:
            waits.append(time.perf_counter() - began)
    return {"waits": waits, "errors": errors}


# What the contest would be without each of the walls -------------------------------------------------------


@contextlib.contextmanager
def replaced(place: Any, name: str, other: Any) -> Iterator[None]:
    before = getattr(place, name)
    setattr(place, name, other)
    try:
        yield
    finally:
        setattr(place, name, before)


@contextlib.contextmanager
def without_locks() -> Iterator[None]:
    with replaced(posting, "lock_items", lambda item_ids: None):
        yield


@contextlib.contextmanager
def without_atomic() -> Iterator[None]:
    alone = SimpleNamespace(atomic=contextlib.nullcontext, get_connection=lambda: connection)
    with without_locks(), replaced(posting, "transaction", alone):
        yield


@contextlib.contextmanager
def deferred() -> Iterator[None]:
    connection.close()
    options = connection.settings_dict["OPTIONS"]
    options["transaction_mode"] = "DEFERRED"
    connection.__dict__.pop("transaction_mode", None)
    yield
    options["transaction_mode"] = "IMMEDIATE"
    connection.close()


SABOTAGE: dict[str, Callable[[], contextlib.AbstractContextManager[None]]] = {
    "": contextlib.nullcontext,
    "no lock": without_locks,
    "no atomic": without_atomic,
    "deferred": deferred,
}


# The same form sent by many ----------------------------------------------------------------------------------


def send_together(keys: int, senders: int, is_forgetful: bool = False) -> dict[str, Any]:
    """Everybody sends the same keys. `is_forgetful` sends each under a new one: the checker has to notice."""
    (cookie,) = cookies_of(full_shelf(items=3, lots=keys // 2 + 5), count=1)
    forms = [str(uuid.uuid4()) for _ in range(keys)]

    def send(number: int) -> list[int]:
        order = list(forms)
        random.Random(number).shuffle(order)
        return [bake(cookie, None if is_forgetful else key).pk for key in order]

    answers = at_once(senders, send)
    return {
        "errors": [answer for answer in answers if isinstance(answer, str)],
        "applied": ProductionRun.objects.count(),
        "keys": StockEntry.objects.filter(uuid__in=forms).count(),
        "faults": faults(in_order=True),
    }


# Everybody does something else ---------------------------------------------------------------------------------


def mixed_work(writers: int, operations: int, in_any_order: bool = False) -> dict[str, Any]:
    """Baking, buying, counting, spilling and voiding at once; `in_any_order` takes the locks as they come."""
    items = full_shelf(items=8, lots=60, grams="5000")
    cookies = cookies_of(items, count=16, each=5)
    disorder = (
        replaced(posting, "lock_items", lock_as_they_come) if in_any_order else contextlib.nullcontext()
    )
    with disorder:
        answers = at_once(writers, lambda number: anything(items, cookies, operations // writers, number))
    return {
        "done": sum(answer["done"] for answer in answers if not isinstance(answer, str)),
        "refused": sum(answer["refused"] for answer in answers if not isinstance(answer, str)),
        "errors": [answer for answer in answers if isinstance(answer, str)]
        + [error for answer in answers if not isinstance(answer, str) for error in answer["errors"]],
        "faults": faults(),
        "deadlocks": deadlocks(),
    }


def lock_as_they_come(item_ids: Any) -> None:
    """One lock after the other, in an order of chance: what our one statement in id order prevents."""
    found = list(set(item_ids))
    random.shuffle(found)
    for pk in found:
        list(StockItem.objects.select_for_update().filter(pk=pk).values_list("pk", flat=True))
        time.sleep(0.002)


def anything(items: list[Any], cookies: list[Any], times: int, seed: int) -> dict[str, Any]:
    chance = random.Random(seed)
    random.seed(seed)
    done, refused, errors = 0, 0, []
    products = list(Product.objects.all())

    def recount() -> None:
        item = chance.choice(items)
        there = on_hand(item_ids=[item.pk])[item.pk]
        count_stock(item_id=item.pk, counted=there - 1, seen=there)

    def undo() -> None:
        run = ProductionRun.objects.filter(voided_at=None).order_by("-id").first()
        if run:
            void_production_run(production_run_id=run.pk, reason="a proof")

    work = [
        *[lambda: bake(chance.choice(cookies))] * 5,
        lambda: receive_lot(product_id=chance.choice(products).pk, packages=500, total_cost=Decimal("3.33")),
        lambda: consume_fifo(chance.choice(items).slug, Decimal("12.345"), reason="a proof"),
        lambda: adjust_stock(item_id=chance.choice(items).pk, quantity=Decimal("-7.5"), reason="spilt"),
        recount,
        undo,
    ]
    for _ in range(times):
        try:
            chance.choice(work)()
            done += 1
        except BakeryError:
            refused += 1
        except Exception as error:
            errors.append(f"{type(error).__name__}: {error}")
    return {"done": done, "refused": refused, "errors": errors}


def deadlocks() -> int:
    """How many deadlocks PostgreSQL has had to end in this database."""
    if connection.vendor != "postgresql":
        return 0
    connection.close()
    time.sleep(1)  # statistics arrive a little later
    (count,) = asked("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
    return int(str(count))
