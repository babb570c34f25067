"""The hottest reads after a long past, and the index each is served by."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from assembly.models import FinishedGood
from assembly.services import record_assembly
from bakery.sample.history import generate
from events.models import Event
from inventory.models import Ingredient, Lot
from production.models import FinishedUnit, Recipe
from production.services import record_batch_production
from proof.addresses import a_bit_of_everything
from proof.pace import settle

HOT: dict[str, str] = {
    "today": "inventory_entry_when",
    "history of bakes": "production_run_when",
    "history of one recipe": "production_run_recipe",
    "history of an event": "production_run_event",
    "a lot": "inventory_entry_reversal",
    "an item": "inventory_lot_newest",
    "shopping": "inventory_lot_newest_product",
    "costs": "inventory_lot_newest",
    "bake": "inventory_lot_queue",
    "assemble": "inventory_lot_product_queue",
}
"""The ten hottest reads, and the index without which each would read all there ever was."""


def plans(runs: int) -> dict[str, list[str]]:
    """For each of HOT, what the database says it would use for its statements, with so many bakes behind it."""
    a_bit_of_everything()
    generate(runs)
    settle()
    works = reads()
    return {name: plans_of(works[name]) for name in HOT}


def reads() -> dict[str, Callable[[], Any]]:
    browser = Client(SERVER_NAME="127.0.0.1")
    browser.force_login(User.objects.create_superuser("odile"))
    flour = Ingredient.objects.get(name="Flour, all-purpose")
    lot = Lot.objects.filter(item=flour).order_by("pk")[0]
    event = Event.objects.order_by("-event_date")[0]
    lebkuchen = Recipe.objects.get(name="Lebkuchen")
    unit = FinishedUnit.objects.get(recipe=lebkuchen)
    good = FinishedGood.objects.get(name="Everyday Cookie Bag")
    addresses = {
        "today": reverse("today"),
        "history of bakes": reverse("production:history"),
        "history of one recipe": reverse("production:history", query={"recipe": lebkuchen.pk}),
        "history of an event": reverse("events:history", args=[event.slug]),
        "a lot": lot.get_absolute_url(),
        "an item": flour.get_absolute_url(),
        "shopping": reverse("events:shopping"),
        "costs": reverse("events:costs", args=[event.slug]),
    }
    works: dict[str, Callable[[], Any]] = {
        "bake": lambda: record_batch_production(
            recipe_id=lebkuchen.pk, finished_unit_id=unit.pk, num_batches=1, actual_yield=30
        ),
        "assemble": lambda: record_assembly(finished_good_id=good.pk, quantity=1),
    }
    for name, address in addresses.items():
        works[name] = lambda address=address: browser.get(address)  # type: ignore[misc]
    return works


def plans_of(work: Callable[[], Any]) -> list[str]:
    statements: list[tuple[str, Any]] = []

    def seen(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
        statements.append((sql, parameters))
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(seen):
        work()
    return [plan for sql, parameters in statements for plan in explained(sql, parameters)]


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


def without_its_index(plan: dict[str, list[str]]) -> list[str]:
    """Which of HOT would do without the index that is theirs."""
    return [name for name, lines in plan.items() if not any(HOT[name] in line for line in lines)]
