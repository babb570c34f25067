"""Targets as the packages ask for them, beside those that are set."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from assembly.models import FinishedGood
from bakery.core.formatting import plural
from events.models import EventAssemblyTarget, EventProductionTarget
from events.services.demand import ASSEMBLY, BAKING, made_for, targets_of
from events.services.needs import EventNeeds, Need, get_event_needs
from events.services.occasions import locked_event
from events.services.targets import (
    delete_assembly_target,
    delete_production_target,
    set_assembly_target,
    set_production_target,
)
from production.models import Recipe


@dataclass(frozen=True, slots=True)
class TargetSuggestion:
    """What the packages ask for of one recipe (`kind` "production", batches) or one box or bag ("assembly").

    `current` is the target that is set, None without one; `suggested` 0 means that no target is needed.
    """

    kind: str
    object: Any
    current: int | None
    suggested: int
    why: str
    is_by_hand: bool = False

    @property
    def key(self) -> tuple[str, int]:
        return self.kind, self.object.pk

    @property
    def changes(self) -> bool:
        """Whether applying it would change anything."""
        return (self.current or 0) != self.suggested


def suggest_targets(event_id: int) -> list[TargetSuggestion]:
    """Boxes first, then recipes, by name: what is made for the event already, and what its packages need
    beyond that and beyond the shelf. Never below what is made. Raises EventNotFoundError.

    Where nothing asks for a thing (any more) it is left out, unless its target came from the packages.
    """
    needs = get_event_needs(event_id)
    batches, pieces = made_for(event_id)
    current = {(target.kind, target.object_id): target for target in targets_of([event_id])}
    why = _why_batches(needs)
    found = [
        _suggestion(ASSEMBLY, need, pieces.get(need.object.pk, 0), current, _why_boxes)
        for need in needs.goods
        if need.needed
    ] + [
        _suggestion(BAKING, need, batches.get(need.object.pk, 0), current, why)
        for need in needs.batches
        if need.needed
    ]
    asked_for = {suggestion.key for suggestion in found}
    withdrawn = {
        key: target for key, target in current.items() if target.is_suggested and key not in asked_for
    }
    goods = FinishedGood.objects.in_bulk([pk for kind, pk in withdrawn if kind == ASSEMBLY])
    recipes = Recipe.objects.in_bulk([pk for kind, pk in withdrawn if kind == BAKING])
    for (kind, pk), target in withdrawn.items():
        thing = (goods if kind == ASSEMBLY else recipes)[pk]
        said = f"{_counted(target.made, kind)}; no package that waits asks for it"
        found.append(TargetSuggestion(kind, thing, target.target, target.made, said))
    found.sort(key=lambda each: (each.kind != ASSEMBLY, str(each.object).casefold(), each.object.pk))
    return [each for each in found if each.suggested or each.current]


def _suggestion(
    kind: str, need: Need, made: int, current: Any, why: Callable[[Need, str], str]
) -> TargetSuggestion:
    target = current.get((kind, need.object.pk))
    return TargetSuggestion(
        kind=kind,
        object=need.object,
        current=target.target if target else None,
        suggested=made + int(need.to_make),
        why=why(need, _counted(made, kind) if made else ""),
        is_by_hand=target is not None and not target.is_suggested,
    )


def _counted(made: int, kind: str) -> str:
    return f"{plural(made, 'batch')} baked" if kind == BAKING else f"{made} put together"


def _why_boxes(need: Need, made: str) -> str:
    """ "12 still to be packed, 4 on the shelf; 6 put together"."""
    said = f"{need.needed} still to be packed"
    if need.on_shelf:
        said += f", {need.on_shelf} on the shelf"
    return f"{said}; {made}" if made else said


def _why_batches(needs: EventNeeds) -> Callable[[Need, str], str]:
    def why(need: Need, made: str) -> str:
        """ "42 Lebkuchen needed, 12 on the shelf, 30 a batch"."""
        units = [each for each in needs.units if each.object.recipe_id == need.object.pk]
        said = "; ".join(
            f"{each.needed} {each.object.name} needed"
            + (f", {each.on_shelf} on the shelf" if each.on_shelf else "")
            + f", {each.object.items_per_batch} a batch"
            for each in units
        )
        return f"{said}; {made}" if made else said

    return why


@transaction.atomic
def apply_suggested_targets(*, event_id: int, chosen: Collection[tuple[str, int]] | None = None) -> int:
    """Set the targets the packages ask for; returns how many were changed, added or taken away.

    Without `chosen`, every suggestion is applied but those that would overwrite a target set by hand. With
    `chosen`, pairs of (kind, id of the recipe or good), exactly these are, set by hand or not. A target that
    came from the packages follows them; its notes stay. Raises EventNotFoundError.
    """
    locked_event(event_id)
    changed = 0
    for suggestion in suggest_targets(event_id):
        wanted = not suggestion.is_by_hand if chosen is None else suggestion.key in chosen
        if wanted and suggestion.changes:
            _apply(event_id, suggestion)
            changed += 1
    return changed


def _apply(event_id: int, suggestion: TargetSuggestion) -> None:
    pk, number = suggestion.object.pk, suggestion.suggested
    if suggestion.kind == BAKING:
        if not number:
            delete_production_target(event_id=event_id, recipe_id=pk)
            return
        held = EventProductionTarget.objects.filter(event=event_id, recipe=pk).first()
        notes = held.notes if held else ""
        batches = set_production_target(event_id=event_id, recipe_id=pk, target_batches=number, notes=notes)
        EventProductionTarget.objects.filter(pk=batches.pk).update(is_suggested=True)
        return
    if not number:
        delete_assembly_target(event_id=event_id, finished_good_id=pk)
        return
    had = EventAssemblyTarget.objects.filter(event=event_id, finished_good=pk).first()
    pieces = set_assembly_target(
        event_id=event_id, finished_good_id=pk, target_quantity=number, notes=had.notes if had else ""
    )
    EventAssemblyTarget.objects.filter(pk=pieces.pk).update(is_suggested=True)
