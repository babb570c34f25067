"""Recording an assembly, voiding it, and editing what may be edited."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from assembly.errors import (
    AssemblyRunNotFoundError,
    EmptyCompositionError,
    FinishedGoodNotFoundError,
    InsufficientComponentsError,
    InsufficientFinishedGoodError,
    InsufficientFinishedUnitError,
    InsufficientPackagingError,
)
from assembly.models import (
    AssemblyFinishedGoodConsumption,
    AssemblyFinishedUnitConsumption,
    AssemblyPackagingConsumption,
    AssemblyRun,
    FinishedGood,
)
from assembly.services.requirements import Requirements, missing_of, requirements_of
from bakery.core.numbers import checked_count
from inventory.errors import UnconvertibleError
from inventory.models import EntryKind, Kind
from inventory.services import posting
from inventory.services.runs import get_event, past_moment, per_piece, void_run

SHORT: Mapping[str, type[InsufficientComponentsError]] = {
    Kind.FINISHED_UNIT.value: InsufficientFinishedUnitError,
    Kind.FINISHED_GOOD.value: InsufficientFinishedGoodError,
    Kind.PACKAGING.value: InsufficientPackagingError,
}


def record_assembly(
    *,
    finished_good_id: int,
    quantity: int,
    assembled_at: datetime | None = None,
    notes: str = "",
    event_id: int | None = None,
    recorded_by: Any = None,
    uuid: Any = None,
) -> AssemblyRun:
    """Take the components off the shelf, oldest lots first, and put the boxes on it at their cost.

    `per_unit_cost` is the total over `quantity`, 4 places, half to even. A back-dated assembly takes today's
    queue. Raises InvalidValueError (also for the future), FinishedGoodNotFoundError, EventNotFoundError,
    EmptyCompositionError, UnconvertibleError, AlreadyRecordedError, and the InsufficientComponentsError of
    the first type that is short, which names all that is. Nothing is changed then.
    """
    arguments = dict(locals())
    asker = posting.caller("record_assembly", arguments.pop("recorded_by"), arguments.pop("uuid"), arguments)
    checked_count(quantity, "The quantity")
    occurred_at = past_moment(assembled_at, field="assembled_at")

    def write() -> AssemblyRun:
        try:
            good = FinishedGood.objects.get(pk=finished_good_id)
        except FinishedGood.DoesNotExist:
            raise FinishedGoodNotFoundError(finished_good_id) from None
        event = get_event(event_id)
        summary = f"{quantity} × {good.name}" + (f" for {event.name}" if event else "")
        entry = posting.open_entry(asker, EntryKind.ASSEMBLY, summary, occurred_at=occurred_at, note=notes)
        found = requirements_of({good.pk: quantity})[good.pk]
        allocations = take(good, found)
        cost = sum((each.value for each in allocations.values()), Decimal(0))
        lot = posting.put(
            item_id=good.pk,
            received_on=timezone.localdate(occurred_at),
            quantity=Decimal(quantity),
            value=cost,
        )
        posting.post(entry, takes=[one for each in allocations.values() for one in each.takes], made=[lot])
        run = AssemblyRun.objects.create(
            uuid=entry.uuid,
            finished_good=good,
            event=event,
            quantity_assembled=quantity,
            assembled_at=occurred_at,
            notes=notes,
            total_component_cost=cost,
            per_unit_cost=per_piece(cost, quantity),
            stock_entry=entry,
            recorded_by=recorded_by,
            recorded_by_name=asker.name,
        )
        write_consumptions(run, found, allocations)
        return run

    return posting.once(asker, write, lambda entry: entry.assembly_run)


def take(good: FinishedGood, found: Requirements) -> dict[posting.Need, Any]:
    """Lock what will be touched and allocate; raises the error of what stands in the way."""
    if found.is_empty:
        raise EmptyCompositionError(good.name, finished_good_id=good.pk)
    if found.unconvertible:
        raise UnconvertibleError(found.unconvertible)
    posting.lock_items([good.pk, *(line.item_id for line in found.tracked)])
    allocations = posting.allocate([line.need for line in found.tracked])
    missing = missing_of(found, allocations)
    if missing:
        raise SHORT[missing[0].component_type](missing)
    return allocations


def write_consumptions(
    run: AssemblyRun, found: Requirements, allocations: Mapping[posting.Need, Any]
) -> None:
    """One row per component that something was taken of: what was really taken, and what it cost."""
    pieces: dict[str, list[Any]] = {kind: [] for kind in SHORT}
    for line in found.tracked:
        served = allocations[line.need]
        if not served.taken:
            continue
        common = {
            "assembly_run": run,
            "quantity_consumed": served.taken,
            "total_cost": served.value,
        }
        if line.product_id:
            row: Any = AssemblyPackagingConsumption(product_id=line.product_id, unit=line.unit, **common)
        else:
            common["unit_cost_at_consumption"] = per_piece(served.value, served.taken)
            row = (
                AssemblyFinishedUnitConsumption(finished_unit_id=line.item_id, **common)
                if line.component_type == Kind.FINISHED_UNIT
                else AssemblyFinishedGoodConsumption(finished_good_id=line.item_id, **common)
            )
        pieces[line.component_type].append(row)
    for rows in pieces.values():
        if rows:
            type(rows[0]).objects.bulk_create(rows)


def void_assembly_run(
    *, assembly_run_id: int, reason: str, recorded_by: Any = None, uuid: Any = None
) -> AssemblyRun:
    """Put back exactly what an assembly took, and take its boxes off the shelf. A second void changes nothing.

    Raises AssemblyRunNotFoundError, InvalidValueError without a reason, InUseError while a box is used.
    """
    asker = posting.caller("void_assembly_run", recorded_by, uuid, {"run": assembly_run_id})
    run = AssemblyRun.objects.select_related("stock_entry").filter(pk=assembly_run_id).first()
    if run is None:
        raise AssemblyRunNotFoundError(assembly_run_id)
    void_run(run, reason=reason, asker=asker)
    return run


def update_assembly_details(
    *, assembly_run_id: int, event_id: int | None, notes: str, recorded_by: Any = None, uuid: Any = None
) -> AssemblyRun:
    """Put right the event or the notes of an assembly. Sending the same again changes nothing.

    Raises AssemblyRunNotFoundError, EventNotFoundError.
    """

    def write() -> AssemblyRun:
        run = AssemblyRun.objects.select_for_update(of=("self",)).filter(pk=assembly_run_id).first()
        if run is None:
            raise AssemblyRunNotFoundError(assembly_run_id)
        run.edit({"event": get_event(event_id), "notes": notes}, by=recorded_by)
        return run

    return posting.insistently(write)
