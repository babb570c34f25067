"""What the household did so far, replayed through the services day by day.

In the order of the days, so that no bake takes flour that was bought after it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any, NamedTuple

from assembly.services import record_assembly
from bakery.sample.files import amount, read
from bakery.sample.kitchen import Kitchen
from inventory.services import adjust_stock, receive_lot
from production.services import record_batch_production, void_production_run

MORNING, AFTERNOON, EVENING = 9, 16, 18


class Page(NamedTuple):
    """One thing that happened: when, and how to record it."""

    days_ago: int
    hour: int
    record: Callable[[], Any]


def replay(pages: list[Page]) -> None:
    """Record everything, oldest first; what happened in the same hour in the order it is written."""
    for page in sorted(pages, key=lambda page: (-page.days_ago, page.hour)):
        page.record()


def receipts(kitchen: Kitchen) -> Iterator[Page]:
    for trip in read("purchases.toml")["trip"]:
        for packages, item, package, paid, *keeps in trip["bought"]:
            received_on = kitchen.day(trip["days_ago"])
            receive = partial(
                receive_lot,
                product_id=kitchen.products[item, package].pk,
                packages=packages,
                total_cost=paid,
                received_on=received_on,
                supplier_id=kitchen.suppliers[trip["supplier"]].pk,
                expires_on=received_on + timedelta(days=keeps[0]) if keeps else None,
                recorded_by=kitchen.recorded_by,
            )
            yield Page(trip["days_ago"], MORNING, receive)


def bakes(kitchen: Kitchen) -> Iterator[Page]:
    for row in read("diary.toml")["bake"]:
        yield Page(row["days_ago"], AFTERNOON, partial(bake, kitchen, row))


def bake(kitchen: Kitchen, row: dict[str, Any]) -> None:
    recipe = kitchen.recipes[row["recipe"]]
    unit = kitchen.units[row["makes"]] if "makes" in row else recipe.finished_units.get()
    run = record_batch_production(
        recipe_id=recipe.pk,
        finished_unit_id=unit.pk,
        num_batches=row["batches"],
        actual_yield=row["yield"],
        produced_at=kitchen.moment(row["days_ago"], AFTERNOON),
        notes=row.get("notes", ""),
        event_id=kitchen.event_id(row),
        recorded_by=kitchen.recorded_by,
    )
    if "void" in row:
        void_production_run(production_run_id=run.pk, reason=row["void"], recorded_by=kitchen.recorded_by)


def assemblies(kitchen: Kitchen) -> Iterator[Page]:
    for row in read("diary.toml")["assemble"]:
        record = partial(
            record_assembly,
            finished_good_id=kitchen.goods[row["good"]].pk,
            quantity=row["quantity"],
            assembled_at=kitchen.moment(row["days_ago"], EVENING),
            notes=row.get("notes", ""),
            event_id=kitchen.event_id(row),
            recorded_by=kitchen.recorded_by,
        )
        yield Page(row["days_ago"], EVENING, record)


def adjustments(kitchen: Kitchen) -> Iterator[Page]:
    """What was eaten at home: adjustments cannot be back-dated, so these are of today."""
    for row in read("diary.toml")["adjust"]:
        less = amount(row["less"])
        item = kitchen.items.get(row["item"]) or kitchen.units[row["item"]]
        adjust = partial(
            adjust_stock,
            item_id=item.pk,
            quantity=-less.quantity,
            unit=less.unit,
            reason=row["reason"],
            recorded_by=kitchen.recorded_by,
        )
        yield Page(0, MORNING, adjust)
