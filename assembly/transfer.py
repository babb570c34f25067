"""What boxes, bags and their assemblies look like in a file."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone

from assembly.models import (
    AssemblyFinishedGoodConsumption,
    AssemblyFinishedUnitConsumption,
    AssemblyPackagingConsumption,
    AssemblyRun,
    Composition,
    FinishedGood,
)
from bakery.core.transfer.arrays import Array, Check, Name, Part, To
from inventory.transfer import ENTRY, ON_SHELF, PRODUCT, TOMORROW
from production.transfer import EVENT, RECORDED, UNIT

HISTORY_FORMAT = "bakehouse-assembly-history"

GOOD = Name("assembly.FinishedGood", ("slug",), "finished good")

PIECES = ("quantity_consumed", "unit_cost_at_consumption", "total_cost")


def is_over() -> Check:
    latest = timezone.now() + TOMORROW

    def check(run: AssemblyRun) -> Iterator[tuple[str, str]]:
        if run.assembled_at > latest:
            yield "assembled_at", "that moment is still to come."

    return check


CATALOGUE = (
    Array(
        "finished_goods",
        FinishedGood,
        ("uuid", *ON_SHELF, "description", "instructions"),
        keys=(("slug",), ("name",)),
        is_catalogue=True,
    ),
    Array(
        "compositions",
        Composition,
        (
            *("uuid", To("finished_good", GOOD), To("component_unit", UNIT), To("component_good", GOOD)),
            *(To("packaging_product", PRODUCT), "quantity", "unit", "note", "position"),
        ),
        keys=(("finished_good", "component_unit", "component_good", "packaging_product"),),
        part_of="finished_good",
        is_catalogue=True,
    ),
)

RUNS = Array(
    "assembly_runs",
    AssemblyRun,
    (
        *("uuid", To("finished_good", GOOD), To("event", EVENT, called="event_name")),
        *("quantity_assembled", "assembled_at", "notes"),
        *("total_component_cost", "per_unit_cost", *RECORDED),
    ),
    parts=(
        Part(
            "finished_unit_consumptions",
            AssemblyFinishedUnitConsumption,
            "assembly_run",
            (To("finished_unit", UNIT), *PIECES),
        ),
        Part(
            "finished_good_consumptions",
            AssemblyFinishedGoodConsumption,
            "assembly_run",
            (To("finished_good", GOOD), *PIECES),
        ),
        Part(
            "packaging_consumptions",
            AssemblyPackagingConsumption,
            "assembly_run",
            (To("product", PRODUCT), "quantity_consumed", "unit", "total_cost"),
        ),
    ),
    equal_uuid=To("stock_entry", ENTRY),
    checks=is_over,
)
