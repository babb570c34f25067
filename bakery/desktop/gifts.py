"""Finished goods and what is in them, packages, recipients, events, who gets what, and targets."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.utils import timezone

from assembly.models import Composition, FinishedGood
from bakery.core.errors import BakeryError
from bakery.desktop.gift_entries import AssignmentEntry, PartEntry, TargetEntry
from bakery.desktop.moving import Move, uuid_of
from bakery.desktop.recipes import open_stock
from events.models import (
    Event,
    EventAssemblyTarget,
    EventProductionTarget,
    EventRecipientPackage,
    FulfillmentStatus,
    Package,
    PackageFinishedGood,
    PackagePackaging,
    Recipient,
)
from events.services import set_assembly_target, set_production_target
from events.services.fulfilment import summary_of
from inventory.models import EntryKind
from inventory.services import posting
from inventory.services.checking import moment_of


def take_goods(move: Move) -> None:
    """Finished goods, then what is in them: one may be part of another."""
    for entry in move.document.goods:
        good = move.keep(
            "finished good",
            FinishedGood(
                name=entry.name,
                stock_unit="each",
                description=entry.description,
                instructions=entry.instructions,
            ),
            entry.slug,
            same={"name": entry.name},
            path=entry.path,
        )
        if good is not None:
            move.goods[entry.slug] = good
            open_stock(move, good, entry.on_hand)


def take_packages(move: Move) -> None:
    """Packages with their goods; wrapping comes with the compositions."""
    for entry in move.document.packages:
        package = move.keep(
            "package",
            Package(name=entry.name, description=entry.description),
            entry.name,
            same={"name": entry.name},
            path=entry.path,
        )
        if package is not None:
            move.packages[entry.name] = package
    for packed in move.document.packed_goods:
        package, good = move.packages.get(packed.package), move.goods.get(packed.good)
        if package is None or good is None or not packed.quantity or packed.quantity < 0:
            move.stays(
                f"“{packed.good}” in “{packed.package}” ({packed.path}): it names no whole number of them."
            )
            continue
        move.keep(
            "good in a package,goods in packages",
            PackageFinishedGood(package=package, finished_good=good, quantity=packed.quantity),
            package.uuid,
            good.uuid,
            same={"package": package, "finished_good": good},
            path=packed.path,
        )


def take_parts(move: Move) -> None:
    """What is in each finished good, and what is wrapped around each package."""
    for part in move.document.parts:
        good, package = move.goods.get(part.good), move.packages.get(part.package)
        component = _component(move, part)
        if (good is None) == (package is None) or component is None or part.quantity is None:
            move.stays(f"{part.path}, a part of “{part.good or part.package}”: {_why(move, part)}.")
        elif package is not None:
            _take_wrapping(move, package, part)
        else:
            _take_part(move, good, component, part)


def _component(move: Move, part: PartEntry) -> dict[str, Any] | None:
    """The one thing a part is, as the field that holds it."""
    found = {
        "component_unit": move.units.get(part.unit),
        "component_good": move.goods.get(part.inner_good),
        "packaging_product": _packaging(move, part),
    }
    chosen = {name: value for name, value in found.items() if value is not None}
    return chosen if len(chosen) == 1 else None


def _packaging(move: Move, part: PartEntry) -> Any:
    """The product of this packaging and brand; the first where the brand names several."""
    found = [
        product
        for (slug, brand, *_), product in move.products.items()
        if part.packaging and slug == part.packaging and brand == part.packaging_brand
    ]
    return found[0] if found else None


def _why(move: Move, part: PartEntry) -> str:
    if part.packaging and _packaging(move, part) is None:
        return f"there is no product of “{part.packaging}” by “{part.packaging_brand}”"
    return "it names no one thing, or no amount of it"


def _take_part(move: Move, good: Any, component: dict[str, Any], part: PartEntry) -> None:
    (inner,) = component.values()
    move.keep(
        "part of a finished good,parts of finished goods",
        Composition(
            finished_good=good,
            quantity=part.quantity,
            note=move.clipped(part.note, f"{inner} in {good}"),
            position=max(part.position, 0),
            **component,
        ),
        good.uuid,
        inner.uuid,
        same={"finished_good": good, **component},
        path=part.path,
    )


def _take_wrapping(move: Move, package: Any, part: PartEntry) -> None:
    product = _packaging(move, part)
    if product is None:
        move.stays(
            f"{part.path}, a part of “{package}”: a package holds boxes and bags. "
            "Put what is baked into one of them, and that into the package."
        )
        return
    move.keep(
        "wrapping",
        PackagePackaging(package=package, product=product, quantity=part.quantity),
        package.uuid,
        product.uuid,
        same={"package": package, "product": product},
        path=part.path,
    )


def take_people(move: Move) -> None:
    """Recipients and events. Two recipients may bear one name: their household tells them apart."""
    alike: Counter[tuple[str, str]] = Counter()
    for entry in move.document.recipients:
        alike[entry.name, entry.household] += 1
        number = alike[entry.name, entry.household]
        recipient = move.keep(
            "recipient",
            Recipient(name=entry.name, household=entry.household, address=entry.address, notes=entry.notes),
            entry.name,
            entry.household,
            number,
            same={"name": entry.name, "household": entry.household} if number == 1 else {},
            path=entry.path,
        )
        if recipient is not None:
            move.recipients.setdefault(entry.name, recipient)
    for event in move.document.events:
        kept = move.keep(
            "event",
            Event(name=event.name, event_date=event.day, notes=event.notes),
            event.name,
            same={"name": event.name},
            path=event.path,
        )
        if kept is not None:
            move.events[event.name] = kept


def take_assignments(move: Move) -> None:
    """Who gets which package at which event. What was packed or delivered there moves nothing here."""
    for entry in move.document.assignments:
        event, recipient = move.events.get(entry.event), move.recipients.get(entry.recipient)
        package = move.packages.get(entry.package)
        if event is None or recipient is None or package is None or not entry.quantity or entry.quantity < 0:
            move.stays(f"{entry.path}: “{entry.package}” for “{entry.recipient}” names no whole number.")
            continue
        kept = move.keep(
            "assignment",
            EventRecipientPackage(
                event=event,
                recipient=recipient,
                package=package,
                quantity=entry.quantity,
                delivered_to=move.clipped(entry.delivered_to, f"{package} for {recipient}"),
                notes=entry.notes,
            ),
            event.uuid,
            recipient.uuid,
            package.uuid,
            same={"event": event, "recipient": recipient, "package": package},
            path=entry.path,
        )
        if kept is not None and move.is_fresh(kept):
            _mark_packed(kept, _status(move, entry))


def _mark_packed(assignment: EventRecipientPackage, status: str) -> None:
    """Packed or delivered there: an entry that moves no stock says so, on the day of the event if that is past."""
    if status == FulfillmentStatus.PENDING:
        return
    day = assignment.event.event_date
    asker = posting.caller("take_over", None, uuid_of("packing", assignment.uuid), {"status": status})
    entry = posting.open_entry(
        asker,
        EntryKind.FULFILMENT,
        summary_of(assignment),
        occurred_at=moment_of(day) if day < timezone.localdate() else timezone.now(),
        reason="In the desktop application",
    )
    assignment.fulfillment_status = status
    assignment.stock_entry = entry
    assignment.ready_at = entry.occurred_at
    assignment.delivered_at = entry.occurred_at if status == FulfillmentStatus.DELIVERED else None
    assignment.save()


def _status(move: Move, entry: AssignmentEntry) -> str:
    status = "ready" if entry.status == "assembled" else entry.status or "pending"
    if status in FulfillmentStatus.values:
        return status
    move.stays(f"{entry.path}: “{entry.status[:40]}” is no state of a package. It is pending now.")
    return FulfillmentStatus.PENDING


def take_targets(move: Move) -> None:
    """What each event was to be baked and put together for."""
    for entry in move.document.bake_targets:
        event, recipe = move.events.get(entry.event), move.recipes.get(entry.made)
        if event is None or recipe is None:
            move.stays(f"{entry.path}: its event or recipe was not taken over.")
        elif EventProductionTarget.objects.filter(event=event, recipe=recipe).exists():
            move.report.known["baking target"] += 1
        else:
            _set(
                move,
                entry,
                "baking target",
                set_production_target,
                event,
                recipe_id=recipe.pk,
                target_batches=entry.count,
            )
    for entry in move.document.assembly_targets:
        event, good = move.events.get(entry.event), move.goods.get(entry.made)
        if event is None or good is None:
            move.stays(f"{entry.path}: its event or finished good was not taken over.")
        elif EventAssemblyTarget.objects.filter(event=event, finished_good=good).exists():
            move.report.known["assembly target"] += 1
        else:
            _set(
                move,
                entry,
                "assembly target",
                set_assembly_target,
                event,
                finished_good_id=good.pk,
                target_quantity=entry.count,
            )


def _set(move: Move, entry: TargetEntry, kind: str, service: Any, event: Event, **arguments: Any) -> None:
    try:
        service(event_id=event.pk, notes=entry.notes, **arguments)
    except BakeryError as error:
        move.stays(f"{entry.path}: {error}")
    else:
        move.report.created[kind] += 1
