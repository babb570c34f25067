"""What events ask for, read from the database: packages not packed yet, open targets, and what is inside."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.db.models import F, OuterRef, Subquery, Sum, Value

from assembly.models import AssemblyRun
from assembly.services.requirements import Requirements, required, requirements_inside
from events.models import (
    Event,
    EventAssemblyTarget,
    EventProductionTarget,
    FulfillmentStatus,
    PackageFinishedGood,
    PackagePackaging,
)
from events.planning import Bake, Contents, Shelf, Wanted
from events.services.contents import inside
from inventory.errors import Unconvertible
from inventory.models import Kind, Product
from inventory.selectors.purchases import OnHand
from production.models import FinishedUnit, ProductionRun

BAKING, ASSEMBLY = "production", "assembly"


@dataclass(frozen=True, slots=True)
class Target:
    """How much of one recipe (batches) or good (pieces) an event is to have, and how much of it is made."""

    kind: str
    event_id: int
    object_id: int
    name: str
    target: int
    made: int
    is_suggested: bool

    @property
    def open(self) -> int:
        return max(0, self.target - self.made)


@dataclass(frozen=True, slots=True)
class WrappingUse:
    """So much of one product around one package, in stock units, for an event."""

    event_id: int
    package: str
    product: Product
    amount: Fraction


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What goods hold, down to the baked units and the packaging, and what could not be converted."""

    contents: Mapping[int, Contents]
    bakes: Mapping[int, Bake]
    units: Mapping[int, FinishedUnit]
    goods: Mapping[int, str]
    products: Mapping[int, Product]
    unconvertible: tuple[Unconvertible, ...]

    def shelf(self, there: OnHand) -> Shelf:
        """The whole pieces of these goods and units on the shelf, ready to be spent."""
        return Shelf(
            {good_id: int(there.item(good_id)) for good_id in self.goods},
            {unit_id: int(there.item(unit_id)) for unit_id in self.units},
        )

    @property
    def item_ids(self) -> set[int]:
        """The stock items whose shelf matters: goods, units and packaging."""
        return {*self.goods, *self.units, *(product.ingredient_id for product in self.products.values())}


def targets_of(event_ids: Sequence[int]) -> list[Target]:
    """The targets of these events, baking first, with what is made for each: one query.

    Only runs of the event count, not voided, from which something came out.
    """
    rows = (
        EventProductionTarget.objects.filter(event__in=event_ids)
        .order_by()
        .values_list(
            Value(BAKING),
            "event_id",
            "recipe_id",
            "recipe__name",
            "target_batches",
            Subquery(_batches(recipe=OuterRef("recipe"), event=OuterRef("event"))),
            "is_suggested",
        )
        .union(
            EventAssemblyTarget.objects.filter(event__in=event_ids)
            .order_by()
            .values_list(
                Value(ASSEMBLY),
                "event_id",
                "finished_good_id",
                "finished_good__name",
                "target_quantity",
                Subquery(_assembled(finished_good=OuterRef("finished_good"), event=OuterRef("event"))),
                "is_suggested",
            ),
            all=True,
        )
    )
    found = [
        Target(kind, event, object_id, name, target, made or 0, suggested)
        for kind, event, object_id, name, target, made, suggested in rows
    ]
    return sorted(found, key=lambda target: (target.kind != BAKING, target.name, target.object_id))


def _batches(**of: Any) -> Any:
    runs = ProductionRun.objects.filter(voided_at__isnull=True, actual_yield__gt=0, **of)
    return runs.order_by().values("recipe_id").annotate(made=Sum("num_batches")).values("made")


def _assembled(**of: Any) -> Any:
    runs = AssemblyRun.objects.filter(voided_at__isnull=True, **of)
    return runs.order_by().values("finished_good_id").annotate(made=Sum("quantity_assembled")).values("made")


def made_for(event_id: int) -> tuple[dict[int, int], dict[int, int]]:
    """Batches by recipe and pieces by good that are made for an event, with or without a target."""
    return (
        dict(_batches(event=event_id).values_list("recipe_id", "made")),
        dict(_assembled(event=event_id).values_list("finished_good_id", "made")),
    )


def pending_goods(event_ids: Sequence[int]) -> tuple[dict[int, dict[int, int]], dict[int, str]]:
    """How many of each good the packages of each event still wait for, and what the goods are called."""
    wanted: dict[int, dict[int, int]] = {event_id: defaultdict(int) for event_id in event_ids}
    names = {}
    for row in _pending(PackageFinishedGood.objects.select_related(None), event_ids).values_list(
        "at_event", "times", "quantity", "finished_good_id", "finished_good__name", named=True
    ):
        wanted[row.at_event][row.finished_good_id] += row.times * row.quantity
        names[row.finished_good_id] = row.finished_good__name
    return wanted, names


def pending_wrapping(event_ids: Sequence[int]) -> tuple[list[WrappingUse], list[Unconvertible]]:
    """The wrapping of the packages that are not packed yet; what is not tracked is never missing."""
    found: list[WrappingUse] = []
    unconvertible: dict[int, Unconvertible] = {}
    lines = _pending(PackagePackaging.objects.select_related("package", "product__ingredient"), event_ids)
    for line in lines.order_by("package__name", "pk"):
        if not line.product.ingredient.is_tracked:
            continue
        each = required(line.product, line.quantity, line.unit, 1, where=inside(line.package))
        if isinstance(each, Unconvertible):
            unconvertible[line.pk] = each
        else:
            amount = each.exact * line.times
            found.append(WrappingUse(line.at_event, line.package.name, line.product, amount))
    return found, list(unconvertible.values())


def _pending(lines: Any, event_ids: Sequence[int]) -> Any:
    """Lines of packages, once per assignment that waits to be packed: `at_event`, and `times` that many."""
    return lines.filter(
        package__assignments__event__in=event_ids,
        package__assignments__fulfillment_status=FulfillmentStatus.PENDING,
    ).annotate(at_event=F("package__assignments__event_id"), times=F("package__assignments__quantity"))


def catalogue_of(names: Mapping[int, str]) -> Catalogue:
    """All that is inside these goods, at any depth: one query."""
    found = requirements_inside(list(names))
    goods, baked, products = dict(names), {}, {}
    for requirements in found.values():
        for line in requirements.lines:
            if line.component_type == Kind.FINISHED_GOOD:
                goods[line.component_id] = line.component_name
            elif line.component_type == Kind.FINISHED_UNIT:
                baked[line.component_id] = line.component
            elif line.is_tracked:
                products[line.component_id] = line.component
    return Catalogue(
        contents={good_id: _contents(requirements) for good_id, requirements in found.items()},
        bakes={unit.pk: Bake(unit.recipe_id, unit.items_per_batch) for unit in baked.values()},
        units=baked,
        goods=goods,
        products=products,
        unconvertible=tuple(line for each in found.values() for line in each.unconvertible),
    )


def _contents(requirements: Requirements) -> Contents:
    parts: dict[str, dict[int, Fraction]] = defaultdict(dict)
    for line in requirements.tracked:
        parts[line.component_type][line.component_id] = line.exact
    return Contents(
        goods={pk: int(count) for pk, count in parts[Kind.FINISHED_GOOD].items()},
        units={pk: int(count) for pk, count in parts[Kind.FINISHED_UNIT].items()},
        packaging=parts[Kind.PACKAGING],
    )


def wanted_by(
    events: Iterable[Event],
    pending: Mapping[int, Mapping[int, int]],
    wrapping: Iterable[WrappingUse],
    targets: Iterable[Target] = (),
) -> dict[int, Wanted]:
    """What each event asks for, ready for `planning.work_for`."""
    wraps: dict[int, dict[int, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    for use in wrapping:
        wraps[use.event_id][use.product.pk] += use.amount
    open_of: dict[tuple[str, int], dict[int, int]] = defaultdict(dict)
    for target in targets:
        open_of[target.kind, target.event_id][target.object_id] = target.open
    return {
        event.pk: Wanted(
            goods=pending[event.pk],
            wrapping=wraps[event.pk],
            open_goods=open_of[ASSEMBLY, event.pk],
            open_batches=open_of[BAKING, event.pk],
        )
        for event in events
    }
