"""The rows of an event's targets: how far each is, what it cost, and what can be done about it now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from assembly.selectors import finished_goods
from assembly.services.requirements import Requirements, possible_of, requirements_of, shelf_of
from bakery.core.formatting import plural
from bakery.core.forms import new_key
from events.models import Event
from events.selectors.progress import (
    AssemblyProgress,
    ProductionProgress,
    assembly_progress_of,
    production_progress_of,
)
from inventory.fifo import times_within
from inventory.services import posting
from production.models import FinishedUnit


@dataclass(frozen=True, slots=True)
class BakingRow:
    """A baking target; `uuid` is the key of the one tap that records a batch."""

    progress: ProductionProgress
    makes: int
    uuid: str

    @property
    def key(self) -> str:
        return f"baking-{self.progress.recipe.pk}"

    @property
    def bar(self) -> int:
        return min(int(self.progress.progress_pct), 100)

    @property
    def said(self) -> str:
        return f"{self.progress.produced_batches}/{plural(self.progress.target_batches, 'batch')}"

    @property
    def can_record(self) -> bool:
        """Whether one tap is enough: the recipe makes exactly one thing."""
        return self.makes == 1


@dataclass(frozen=True, slots=True)
class AssemblyRow:
    """An assembly target; `on_shelf` counts all there is, whatever it was put together for. `short` names
    what stops the first one where none is `possible`.
    """

    progress: AssemblyProgress
    on_shelf: int
    possible: int
    short: str

    @property
    def key(self) -> str:
        return f"assembly-{self.progress.finished_good.pk}"

    @property
    def bar(self) -> int:
        return min(int(self.progress.progress_pct), 100)

    @property
    def said(self) -> str:
        return f"{self.progress.assembled_quantity}/{self.progress.target_quantity}"


def baking_rows(event: Event) -> list[BakingRow]:
    """By the recipe's name: three statements."""
    found = production_progress_of([event.pk])[event.pk]
    recipe_ids = [each.recipe.pk for each in found]
    makes: dict[int, int] = defaultdict(int)
    for recipe_id in FinishedUnit.objects.filter(recipe__in=recipe_ids, is_archived=False).values_list(
        "recipe_id", flat=True
    ):
        makes[recipe_id] += 1
    return [BakingRow(each, makes[each.recipe.pk], new_key()) for each in found]


def assembly_rows(event: Event) -> list[AssemblyRow]:
    """By the name of the box or bag: five statements."""
    found = assembly_progress_of([event.pk])[event.pk]
    ids = [each.finished_good.pk for each in found]
    there = {good.pk: good.inventory_count for good in finished_goods().filter(pk__in=ids)}
    needs = requirements_of(dict.fromkeys(ids, 1))
    shelf = shelf_of([line for each in needs.values() for line in each.tracked])
    return [
        AssemblyRow(
            progress=each,
            on_shelf=there.get(each.finished_good.pk, 0),
            possible=possible_of(needs[each.finished_good.pk], shelf),
            short=_first_short(needs[each.finished_good.pk], shelf),
        )
        for each in found
    ]


def _first_short(needs: Requirements, shelf: Mapping[posting.Need, Decimal]) -> str:
    """What there is too little of for one piece, the name of the first such component."""
    for line in needs.tracked:
        if line.exact and not times_within(line.exact, shelf[line.need]):
            return line.component_name
    return ""
