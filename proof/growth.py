"""How long pages and services take, to compare a household's first weeks with its tenth year."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from assembly.models import FinishedGood
from assembly.services import max_quantities, record_assembly
from bakery.core.models import Household
from bakery.sample import load
from events.models import Event
from events.services import (
    get_event_costs,
    get_event_overall_progress,
    get_shopping_list,
)
from inventory.models import Ingredient, Lot, StockEntry
from inventory.services import adjust_stock, consume_fifo, receive_lot
from production.models import FinishedUnit, ProductionRun
from production.services import (
    check_can_produce,
    get_production_history,
    max_batches,
    record_batch_production,
    void_production_run,
)


def furnish(runs: int) -> None:
    """The sample bakery, with so many bakes of ten years behind it and events enough ahead."""
    Household.objects.get_or_create(pk=1)
    User.objects.create_superuser("odile", password=uuid4().hex)
    load()
    if runs:
        call_command("generate_history", "--runs", str(runs), verbosity=0)


def pages() -> dict[str, str]:
    """Every page of bakes, shelf and events, each for something that happened in the middle of it all."""
    run = ProductionRun.objects.order_by("pk")[ProductionRun.objects.count() // 2]
    flour = Ingredient.objects.get(name="Flour, all-purpose")
    lot = Lot.objects.filter(item=flour).order_by("pk").last()
    event = Event.objects.order_by("-event_date")[0]
    good = FinishedGood.objects.get(name="Family Hamper")
    made = Lot.objects.filter(item=good).order_by("pk")[0]
    assert lot is not None
    return {
        "today": reverse("today"),
        "bake": reverse("production:bake"),
        "record a bake": reverse("production:record", query={"recipe": run.recipe_id}),
        "a bake": run.get_absolute_url(),
        "history of bakes": reverse("production:history"),
        "history of one recipe": reverse("production:history", query={"recipe": run.recipe_id}),
        "recipes": reverse("production:recipes"),
        "a recipe": run.recipe.get_absolute_url(),
        "pantry": reverse("inventory:pantry"),
        "pantry, searched": reverse("inventory:pantry", query={"q": "ingredient 1"}),
        "count": reverse("inventory:count"),
        "an item": flour.get_absolute_url(),
        "a lot": lot.get_absolute_url(),
        "purchase": reverse("inventory:receive", query={"item": flour.pk}),
        "an entry": StockEntry.objects.order_by("-pk")[0].get_absolute_url(),
        "trace of a hamper": reverse("inventory:trace", args=[made.pk]),
        "a box": good.get_absolute_url(),
        "assemble": reverse("assembly:assemble"),
        "history of assemblies": reverse("assembly:history"),
        "events": reverse("events:events"),
        "packages of an event": reverse("events:packages_of", args=[event.slug]),
        "an event": event.get_absolute_url(),
        "targets": reverse("events:targets", args=[event.slug]),
        "costs": reverse("events:costs", args=[event.slug]),
        "history of an event": reverse("events:history", args=[event.slug]),
        "shopping": reverse("events:shopping"),
        "shopping of an event": reverse("events:shopping_for", args=[event.slug]),
        "recipients": reverse("events:recipients"),
        "setup: lots": reverse("admin:inventory_lot_changelist"),
        "setup: entries": reverse("admin:inventory_stockentry_changelist"),
        "setup: bakes": reverse("admin:production_productionrun_changelist"),
    }


def services() -> dict[str, Callable[[], Any]]:
    """Every service whose work could grow with the years; each call leaves the shelf as it was."""
    unit = FinishedUnit.objects.get(name="Lebkuchen, round")
    flour = Ingredient.objects.get(name="Flour, all-purpose")
    product = flour.products.all()[0]
    good = FinishedGood.objects.get(name="Everyday Cookie Bag")
    recipes = list(FinishedUnit.objects.values_list("recipe_id", flat=True))
    event = Event.objects.order_by("-event_date")[0]

    def bake() -> ProductionRun:
        return record_batch_production(
            recipe_id=unit.recipe_id, finished_unit_id=unit.pk, num_batches=1, actual_yield=30
        )

    return {
        "bake": bake,
        "bake and void": lambda: void_production_run(production_run_id=bake().pk, reason="A trial"),
        "receive": lambda: receive_lot(product_id=product.pk, packages=1, total_cost=Decimal("12.5")),
        "adjust": lambda: adjust_stock(item_id=flour.pk, quantity=-1, reason="Spilt"),
        "consume": lambda: consume_fifo(flour.slug, 1),
        "check a bake": lambda: check_can_produce(unit.recipe_id, 2),
        "assemble": lambda: record_assembly(finished_good_id=good.pk, quantity=1),
        "what can be assembled": lambda: max_quantities([good.pk]),
        "what can be baked": lambda: max_batches(recipes),
        "the history": lambda: get_production_history(limit=50),
        "progress": lambda: get_event_overall_progress(event.pk),
        "costs": lambda: get_event_costs(event.pk),
        "the shopping list": lambda: get_shopping_list([event.pk]),
    }


def measure(rounds: int) -> dict[str, dict[str, float]]:
    """Milliseconds and statements of every page, milliseconds of every service.

    The quickest of the rounds: whatever else the machine does only ever adds.
    """
    client = signed_in()
    found: dict[str, dict[str, float]] = {}
    for name, address in pages().items():
        seen = Seen()
        with connection.execute_wrapper(seen):
            answer = client.get(address)
        assert answer.status_code == 200, (name, address, answer.status_code)
        quickest = fastest(lambda address=address: client.get(address), rounds)  # type: ignore[misc]
        found[f"page: {name}"] = {"ms": quickest, "statements": len(seen.statements)}
    for name, service in services().items():
        seen = Seen()
        with connection.execute_wrapper(seen):
            rolled_back(service)()
        quickest = fastest(rolled_back(service), rounds)
        found[f"service: {name}"] = {"ms": quickest, "statements": len(seen.statements)}
    return found


def signed_in() -> Client:
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    client = Client()
    client.force_login(User.objects.get(username="odile"))
    return client


@dataclass
class Seen:
    """Every statement that went to the database, with its parameters."""

    statements: list[tuple[str, Any]] = field(default_factory=list)

    def __call__(self, execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
        self.statements.append((sql, parameters))
        return execute(sql, parameters, many, context)


def rolled_back(service: Callable[[], Any]) -> Callable[[], None]:
    """The service in a transaction that is undone, so that all rounds find the same shelf."""

    def once() -> None:
        with transaction.atomic():
            service()
            transaction.set_rollback(True)

    return once


def fastest(work: Callable[[], Any], rounds: int) -> float:
    took = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        took.append(time.perf_counter() - start)
    return min(took) * 1000


def slower(small: dict[str, dict[str, float]], large: dict[str, dict[str, float]]) -> list[tuple[float, str]]:
    """How many times as long each takes in the large bakery, the worst first; under 5 ms counts as 5."""
    return sorted(
        ((max(5.0, large[name]["ms"]) / max(5.0, small[name]["ms"]), name) for name in small), reverse=True
    )


HOT: dict[str, str] = {
    "page: today": "inventory_entry_when",
    "page: history of bakes": "production_run_when",
    "page: history of one recipe": "production_run_recipe",
    "page: history of an event": "production_run_event",
    "page: a lot": "inventory_entry_reversal",
    "page: an item": "inventory_lot_newest",
    "page: shopping": "inventory_lot_newest_product",
    "page: costs": "inventory_lot_newest",
    "service: bake": "inventory_lot_queue",
    "service: assemble": "inventory_lot_product_queue",
}
"""The ten hottest reads, and the index without which each would read all there ever was."""


def plans() -> dict[str, list[str]]:
    """For each of HOT, what the database says it would use for its statements."""
    client, found = signed_in(), {}
    addresses, works = pages(), services()
    for name in HOT:
        kind, _, what = name.partition(": ")
        seen = Seen()
        with connection.execute_wrapper(seen):
            if kind == "page":
                client.get(addresses[what])
            else:
                rolled_back(works[what])()
        found[name] = [plan for sql, parameters in seen.statements for plan in explained(sql, parameters)]
    return found


def explained(sql: str, parameters: Any) -> list[str]:
    if not sql.lstrip().upper().startswith(("SELECT", "WITH")):
        return []
    how = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # A small table is read whole for good reason: ask whether the index could serve.
            cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(how + sql, parameters)
        return [str(row[-1]) for row in cursor.fetchall()]
