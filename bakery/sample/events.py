"""The events, one behind us and two ahead: who gets what, and what was planned, packed and handed over."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from bakery.sample.diary import MORNING, Page
from bakery.sample.files import amount, read
from bakery.sample.kitchen import Kitchen, saved
from events.models import Event, FulfillmentStatus, Package, PackageFinishedGood, PackagePackaging, Recipient
from events.services import (
    assign_package,
    set_assembly_target,
    set_production_target,
    update_fulfillment_status,
)
from inventory.models import Allergen

NIGHT, NOON = 21, 12


def load_events(kitchen: Kitchen) -> None:
    tables = read("events.toml")
    for row in tables["event"]:
        day = kitchen.day(-row["in_days"])
        kitchen.events[row["name"]] = saved(
            Event(name=f"{row['name']} {day.year}", event_date=day, notes=row["notes"])
        )
    for row in tables["package"]:
        load_package(kitchen, row)
    allergens = {allergen.name: allergen for allergen in Allergen.objects.all()}
    for row in tables["recipient"]:
        told = {name: row[name] for name in ("name", "household", "address", "notes") if name in row}
        kitchen.recipients[row["name"]] = saved(Recipient(**told))
        kitchen.recipients[row["name"]].avoids.set([allergens[name] for name in row.get("avoids", [])])


def load_package(kitchen: Kitchen, row: dict[str, Any]) -> None:
    package = saved(Package(name=row["name"], description=row["description"]))
    kitchen.packages[row["name"]] = package
    for quantity, good in row["goods"]:
        saved(PackageFinishedGood(package=package, finished_good=kitchen.goods[good], quantity=quantity))
    for text, item, size in row.get("wrapping", []):
        needed = amount(text)
        saved(
            PackagePackaging(
                package=package,
                product=kitchen.products[item, size],
                quantity=needed.quantity,
                unit=needed.unit,
            )
        )


def targets(kitchen: Kitchen) -> Iterator[Page]:
    """Targets, on the day they were set: the planned cost is what things cost then."""
    for row in read("events.toml")["event"]:
        event_id = kitchen.events[row["name"]].pk
        for batches, recipe in row["bake"]:
            aim = partial(
                set_production_target,
                event_id=event_id,
                recipe_id=kitchen.recipes[recipe].pk,
                target_batches=batches,
            )
            yield Page(row["planned_days_ago"], NOON, aim)
        for quantity, good in row["assemble"]:
            aim_at_boxes = partial(
                set_assembly_target,
                event_id=event_id,
                finished_good_id=kitchen.goods[good].pk,
                target_quantity=quantity,
            )
            yield Page(row["planned_days_ago"], NOON, aim_at_boxes)


def packages(kitchen: Kitchen) -> Iterator[Page]:
    """Who was promised what, what is packed and what was handed over."""
    for row in read("events.toml")["assignment"]:
        for quantity, recipient in row["to"]:
            assigned = assign_package(
                event_id=kitchen.events[row["event"]].pk,
                recipient_ids=[kitchen.recipients[recipient].pk],
                package_id=kitchen.packages[row["package"]].pk,
                quantity=quantity,
            )
            step = partial(take_step, kitchen, assigned.created[0].pk)
            if "packed" in row:
                yield Page(row["packed"], NIGHT, partial(step, FulfillmentStatus.READY, row["packed"], NIGHT))
            if "delivered" in row:
                handed_over = partial(step, FulfillmentStatus.DELIVERED, row["delivered"], MORNING)
                yield Page(row["delivered"], MORNING, handed_over)


def take_step(
    kitchen: Kitchen, assignment_id: int, status: FulfillmentStatus, days_ago: int, hour: int
) -> None:
    update_fulfillment_status(
        assignment_id, status, at=kitchen.moment(days_ago, hour), recorded_by=kitchen.recorded_by
    )
