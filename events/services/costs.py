"""What an event was planned to cost, and what it costs: baking recipe by recipe, packaging apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from django.db.models import Sum

from assembly.models import AssemblyPackagingConsumption
from bakery.core.errors import EventNotFoundError
from bakery.core.numbers import QUANTITY_PLACES, round_half_even
from events.models import Event, EventProductionTarget
from events.services.demand import BAKING, targets_of
from inventory.selectors.prices import last_prices
from inventory.services import posting
from production.models import ProductionRun, Recipe
from production.services.requirements import Requirements, requirements_of

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class RecipeCost:
    """What the target of a recipe was planned to cost, and what its bakes for the event cost (4 places).

    `planned` is 0 for a recipe without a target, and for a target of which nothing had a price. `is_open`: not
    all batches of the target are baked, so that less than planned may be spent only for now.
    """

    recipe: Recipe
    planned: Decimal
    actual: Decimal
    variance: Decimal
    is_open: bool = False

    @property
    def variance_pct(self) -> Decimal | None:
        return percent_of(self.variance, self.planned)

    @property
    def to_come(self) -> Decimal:
        """What is left of the plan for the batches still to be baked."""
        return max(-self.variance, NOTHING) if self.is_open else NOTHING


@dataclass(frozen=True, slots=True)
class EventCosts:
    """Planned is what the baking targets were estimated at; actual is what this event's bakes took and the
    packaging its assemblies took (`packaging_total`). Variance is actual - planned.

    `unpriced` names what has no price, `unplanned` the recipes of which nothing could be priced when their target
    was set: they are not in the plan. Money with 4 places.
    """

    planned_total: Decimal
    actual_total: Decimal
    variance: Decimal
    packaging_total: Decimal
    recipes: tuple[RecipeCost, ...]
    unpriced: tuple[str, ...]
    unplanned: tuple[str, ...] = ()

    @property
    def to_come(self) -> Decimal:
        """What is left of the plans of the targets not reached yet."""
        return sum((row.to_come for row in self.recipes), NOTHING)

    @property
    def baking_total(self) -> Decimal:
        """What the bakes alone cost."""
        return self.actual_total - self.packaging_total

    @property
    def baking_variance(self) -> Decimal:
        """Like with like: the bakes against their plan, without packaging."""
        return self.baking_total - self.planned_total

    @property
    def variance_pct(self) -> Decimal | None:
        return percent_of(self.variance, self.planned_total)

    @property
    def baking_variance_pct(self) -> Decimal | None:
        return percent_of(self.baking_variance, self.planned_total)


def percent_of(difference: Decimal, planned: Decimal) -> Decimal | None:
    """The difference in percent of the plan, one place, half to even; None where nothing was planned."""
    return round_half_even(Fraction(difference) * 100 / Fraction(planned), 1) if planned else None


def costs_of(event_ids: Iterable[int]) -> dict[int, EventCosts]:
    """What each event was planned to cost and costs: three statements for any number of events, and one
    more where something was baked that has no target. `unpriced` names the recipes without a planned cost.

    Voided runs count nowhere; a failed batch costs what it took. A box inside a box brings no cost of its
    own: its packaging was counted when it was put together.
    """
    wanted = list(dict.fromkeys(event_ids))
    return costs_beside(
        wanted, EventProductionTarget.objects.filter(event__in=wanted).select_related("recipe")
    )


def costs_beside(wanted: Sequence[int], targets: Iterable[EventProductionTarget]) -> dict[int, EventCosts]:
    """The same where the baking targets of these events are at hand: a statement less."""
    targets = list(targets)
    baked = list(
        ProductionRun.objects.counting()
        .filter(event__in=wanted)
        .order_by()
        .values_list("event_id", "recipe_id")
        .annotate(cost=Sum("total_ingredient_cost", default=NOTHING))
    )
    wrapped = dict(
        AssemblyPackagingConsumption.objects.filter(
            assembly_run__event__in=wanted, assembly_run__voided_at__isnull=True
        )
        .order_by()
        .values_list("assembly_run__event_id")
        .annotate(cost=Sum("total_cost", default=NOTHING))
    )
    recipes = {target.recipe_id: target.recipe for target in targets}
    recipes |= Recipe.objects.in_bulk({recipe_id for _, recipe_id, _ in baked} - recipes.keys())
    planned: dict[int, dict[int, Decimal | None]] = defaultdict(dict)
    actual: dict[int, dict[int, Decimal]] = defaultdict(dict)
    for target in targets:
        planned[target.event_id][target.recipe_id] = target.planned_cost
    for event_id, recipe_id, cost in baked:
        actual[event_id][recipe_id] = cost
    return {
        event_id: _added_up(planned[event_id], actual[event_id], wrapped.get(event_id, NOTHING), recipes)
        for event_id in wanted
    }


def _added_up(
    planned: Mapping[int, Decimal | None],
    actual: Mapping[int, Decimal],
    packaging: Decimal,
    recipes: Mapping[int, Recipe],
) -> EventCosts:
    rows = []
    for recipe_id in planned.keys() | actual.keys():
        plan, cost = planned.get(recipe_id) or NOTHING, actual.get(recipe_id, NOTHING)
        rows.append(RecipeCost(recipes[recipe_id], plan, cost, cost - plan))
    rows.sort(key=lambda row: (row.recipe.name.casefold(), row.recipe.pk))
    unpriced = [row.recipe.name for row in rows if planned.get(row.recipe.pk, NOTHING) is None]
    return _totals(rows, packaging, unpriced)


def _totals(rows: Iterable[RecipeCost], packaging: Decimal, unpriced: Iterable[str]) -> EventCosts:
    recipes = tuple(rows)
    planned = sum((row.planned for row in recipes), NOTHING)
    actual = sum((row.actual for row in recipes), NOTHING) + packaging
    return EventCosts(planned, actual, actual - planned, packaging, recipes, tuple(unpriced))


def get_event_costs(event_id: int) -> EventCosts:
    """What an event was planned to cost and costs, with the ingredients that have no price by name.

    The plan is what was estimated when the targets were set, here as on the cards. Raises EventNotFoundError.
    """
    costs = costs_of([event_id])[event_id]
    if not costs.recipes and not Event.objects.filter(pk=event_id).exists():  # what cost something is there
        raise EventNotFoundError(event_id)
    targets = [target for target in targets_of([event_id]) if target.kind == BAKING]
    found = requirements_of({target.object_id: 1 for target in targets})
    prices = last_prices({item_id for each in found.values() for item_id in each.needs})
    still_open = {target.object_id: target.open for target in targets if target.open}
    return replace(
        costs,
        recipes=tuple(replace(row, is_open=row.recipe.pk in still_open) for row in costs.recipes),
        unpriced=tuple(_unpriced(found, still_open, prices)),
        unplanned=costs.unpriced,
    )


def _unpriced(
    found: Mapping[int, Requirements], still_open: Mapping[int, int], prices: Mapping[int, Fraction]
) -> list[str]:
    """What the open batches need and what has no price, on the shelf or beyond it, and what does not convert."""
    amounts: dict[int, Fraction] = defaultdict(Fraction)
    names: dict[int, str] = {}
    for recipe_id, batches in still_open.items():
        for line in found[recipe_id].lines:
            if line.is_tracked:
                amounts[line.ingredient_id] += found[recipe_id].exact[line.ingredient_id] * batches
            names[line.ingredient_id] = line.ingredient_name
    needs = [
        posting.Need(item_id, round_half_even(amount, QUANTITY_PLACES)) for item_id, amount in amounts.items()
    ]
    unpriced = {
        names[need.item_id]
        for need, each in posting.allocate(needs).items()
        if each.is_unpriced or (not each.satisfied and need.item_id not in prices)
    }
    unpriced |= {line.ingredient_name for pk in still_open for line in found[pk].unconvertible}
    return sorted(unpriced, key=str.casefold)
