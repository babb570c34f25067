"""How far the targets of events have come, and their packages: five statements for any number of events.

Only runs of the event itself count, that are not voided and that yielded something.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.db.models import Q, Sum, TextChoices

from assembly.models import AssemblyRun, FinishedGood
from bakery.core.numbers import round_half_even
from events.models import (
    EventAssemblyTarget,
    EventProductionTarget,
    EventRecipientPackage,
    FulfillmentStatus,
)
from production.models import ProductionRun, Recipe

PERCENT_PLACES = 1


class TargetState(TextChoices):
    NOT_STARTED = "not_started", "Not started"
    IN_PROGRESS = "in_progress", "In progress"
    COMPLETE = "complete", "Complete"
    EXCEEDED = "exceeded", "Exceeded"


def percent(made: int, wanted: int) -> Decimal:
    """So much of `wanted` is made, one place, half to even: 125.0 for 5 of 4."""
    return round_half_even(Fraction(made * 100, wanted), PERCENT_PLACES)


def state_of(made: int, wanted: int) -> TargetState:
    if made > wanted:
        return TargetState.EXCEEDED
    if made == wanted:
        return TargetState.COMPLETE
    return TargetState.IN_PROGRESS if made else TargetState.NOT_STARTED


@dataclass(frozen=True, slots=True)
class ProductionProgress:
    """How far the target of one recipe has come: whole batches, pieces, percent with one place.

    `cost` is what the event's bakes of it took (4 places), failed batches included.
    """

    recipe: Recipe
    recipe_name: str
    target_batches: int
    produced_batches: int
    produced_yield: int
    progress_pct: Decimal
    is_complete: bool
    cost: Decimal
    target: EventProductionTarget

    @property
    def state(self) -> TargetState:
        return state_of(self.produced_batches, self.target_batches)

    @property
    def open_batches(self) -> int:
        """What is still to be baked; 0 once there is enough."""
        return max(self.target_batches - self.produced_batches, 0)


@dataclass(frozen=True, slots=True)
class AssemblyProgress:
    """How far the target of one box or bag has come: whole pieces, percent with one place."""

    finished_good: FinishedGood
    finished_good_name: str
    target_quantity: int
    assembled_quantity: int
    progress_pct: Decimal
    is_complete: bool
    target: EventAssemblyTarget

    @property
    def state(self) -> TargetState:
        return state_of(self.assembled_quantity, self.target_quantity)

    @property
    def open_quantity(self) -> int:
        """What is still to be put together; 0 once there is enough."""
        return max(self.target_quantity - self.assembled_quantity, 0)


@dataclass(frozen=True, slots=True)
class EventProgress:
    """Where an event stands. Without targets there is nothing to do, so that is complete."""

    production_targets_count: int
    production_complete_count: int
    production_complete: bool
    assembly_targets_count: int
    assembly_complete_count: int
    assembly_complete: bool
    packages_pending: int
    packages_ready: int
    packages_delivered: int
    packages_total: int

    @property
    def is_complete(self) -> bool:
        """Every package is delivered, and there was one."""
        return 0 < self.packages_total == self.packages_delivered


def production_progress_of(event_ids: Iterable[int]) -> dict[int, list[ProductionProgress]]:
    """The baking targets of each event, by the recipe's name: two statements for all of them."""
    wanted = list(event_ids)
    made = {
        (event, recipe): of_it
        for event, recipe, *of_it in ProductionRun.objects.counting()
        .filter(event__in=wanted)
        .order_by()
        .values_list("event", "recipe")
        .annotate(
            batches=Sum("num_batches", filter=Q(actual_yield__gt=0), default=0),
            pieces=Sum("actual_yield"),
            cost=Sum("total_ingredient_cost"),
        )
    }
    found: dict[int, list[ProductionProgress]] = {event_id: [] for event_id in wanted}
    targets = EventProductionTarget.objects.filter(event__in=wanted).select_related("recipe")
    for target in targets.order_by("recipe__name", "id"):
        batches, pieces, cost = made.get((target.event_id, target.recipe_id), (0, 0, Decimal(0)))
        found[target.event_id].append(
            ProductionProgress(
                recipe=target.recipe,
                recipe_name=target.recipe.name,
                target_batches=target.target_batches,
                produced_batches=batches,
                produced_yield=pieces,
                progress_pct=percent(batches, target.target_batches),
                is_complete=batches >= target.target_batches,
                cost=cost,
                target=target,
            )
        )
    return found


def assembly_progress_of(event_ids: Iterable[int]) -> dict[int, list[AssemblyProgress]]:
    """The assembly targets of each event, by the good's name: two statements for all of them."""
    wanted = list(event_ids)
    made = {
        (event, good): pieces
        for event, good, pieces in AssemblyRun.objects.counting()
        .filter(event__in=wanted)
        .order_by()
        .values_list("event", "finished_good")
        .annotate(pieces=Sum("quantity_assembled"))
    }
    found: dict[int, list[AssemblyProgress]] = {event_id: [] for event_id in wanted}
    targets = EventAssemblyTarget.objects.filter(event__in=wanted).select_related("finished_good")
    for target in targets.order_by("finished_good__name", "id"):
        pieces = made.get((target.event_id, target.finished_good_id), 0)
        found[target.event_id].append(
            AssemblyProgress(
                finished_good=target.finished_good,
                finished_good_name=target.finished_good.name,
                target_quantity=target.target_quantity,
                assembled_quantity=pieces,
                progress_pct=percent(pieces, target.target_quantity),
                is_complete=pieces >= target.target_quantity,
                target=target,
            )
        )
    return found


def package_counts_of(event_ids: Iterable[int]) -> dict[int, dict[str, int]]:
    """How many packages of each status every event has, quantities added up: one statement."""
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    for event, status, quantity in (
        EventRecipientPackage.objects.filter(event__in=list(event_ids))
        .order_by()
        .values_list("event", "fulfillment_status")
        .annotate(packages=Sum("quantity"))
    ):
        counts[event][status] = quantity
    return counts


def summed_up(
    production: Sequence[ProductionProgress],
    assembly: Sequence[AssemblyProgress],
    packages: dict[str, int],
) -> EventProgress:
    """What a card says of an event whose targets and packages were read already."""
    baked = sum(each.is_complete for each in production)
    assembled = sum(each.is_complete for each in assembly)
    return EventProgress(
        production_targets_count=len(production),
        production_complete_count=baked,
        production_complete=baked == len(production),
        assembly_targets_count=len(assembly),
        assembly_complete_count=assembled,
        assembly_complete=assembled == len(assembly),
        packages_pending=packages.get(FulfillmentStatus.PENDING, 0),
        packages_ready=packages.get(FulfillmentStatus.READY, 0),
        packages_delivered=packages.get(FulfillmentStatus.DELIVERED, 0),
        packages_total=sum(packages.values()),
    )


def overall_progress_of(event_ids: Iterable[int]) -> dict[int, EventProgress]:
    """Where each event stands: five statements for all of them."""
    wanted = list(event_ids)
    production, assembly = production_progress_of(wanted), assembly_progress_of(wanted)
    packages = package_counts_of(wanted)
    return {pk: summed_up(production[pk], assembly[pk], packages.get(pk, {})) for pk in wanted}


def get_production_progress(event_id: int) -> list[ProductionProgress]:
    """The baking targets of one event and how far each has come."""
    return production_progress_of([event_id])[event_id]


def get_assembly_progress(event_id: int) -> list[AssemblyProgress]:
    """The assembly targets of one event and how far each has come."""
    return assembly_progress_of([event_id])[event_id]


def get_event_overall_progress(event_id: int) -> EventProgress:
    """Where one event stands; what the board of all of them shows."""
    return overall_progress_of([event_id])[event_id]
