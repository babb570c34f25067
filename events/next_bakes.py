"""What to bake next for the events ahead, and what the shelf allows of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from events import planning
from events.models import Event
from events.selectors.progress import ProductionProgress
from inventory.services import on_hand
from production.models import Recipe
from production.services.requirements import Requirement, Requirements, possible_of, requirements_of


@dataclass(frozen=True, slots=True)
class BakeNext:
    """The open part of a target, with how many of its batches the shelf allows and what is short for all."""

    event: Event
    recipe: Recipe
    batches: int
    possible: int
    short: tuple[tuple[Requirement, Decimal], ...]
    is_countable: bool

    @property
    def now(self) -> int:
        """How many batches to record now: all that are open, or as many as the shelf allows."""
        return min(self.batches, self.possible)


def bake_next(targets: Iterable[tuple[Event, Sequence[ProductionProgress]]]) -> list[BakeNext]:
    """What is open of the baking targets of these events, the nearest event first: three statements.

    Each is held against the whole shelf, as if it were baked next.
    """
    still_open = [(event, line) for event, lines in targets for line in lines if line.open_batches]
    still_open.sort(key=lambda each: (each[0].event_date, each[0].pk, each[1].recipe_name))
    found = requirements_of(dict.fromkeys((line.recipe.pk for _, line in still_open), 1))
    there = on_hand(item_ids={item_id for each in found.values() for item_id in each.needs})
    return [_next(event, line, found[line.recipe.pk], there) for event, line in still_open]


def _next(
    event: Event, line: ProductionProgress, found: Requirements, there: Mapping[int, Decimal]
) -> BakeNext:
    tracked = [each for each in found.lines if each.is_tracked]
    short = ((each, _missing(each, found, line.open_batches, there)) for each in tracked)
    return BakeNext(
        event=event,
        recipe=line.recipe,
        batches=line.open_batches,
        possible=possible_of(found, there),
        short=tuple((each, missing) for each, missing in short if missing),
        is_countable=not found.unconvertible,
    )


def _missing(each: Requirement, found: Requirements, batches: int, there: Mapping[int, Decimal]) -> Decimal:
    """What the shelf lacks for so many batches, in stock units (3 places); 0 where it has enough."""
    needed = found.exact[each.ingredient_id] * Fraction(batches)
    return planning.to_buy(needed, there[each.ingredient_id])
