"""Bakes and assemblies of the past: history that moves no stock, so what they cost stands in their notes."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

from assembly.models import AssemblyRun
from bakery.core.formatting import money
from bakery.desktop.entries import RunEntry
from bakery.desktop.moving import Move
from production.models import FinishedUnit, ProductionRun

NOTHING = Decimal(0)


def take_bakes(move: Move) -> None:
    """Each bake with the finished unit of its recipe, the first where there are several."""
    alike: Counter[tuple[object, ...]] = Counter()
    for entry in move.document.bakes:
        recipe, event = move.recipes.get(entry.made), move.events.get(entry.event)
        unit = FinishedUnit.objects.filter(recipe=recipe).order_by("id").first() if recipe else None
        if recipe is None or unit is None:
            move.stays(
                f"{entry.path}: nothing says what “{entry.made}” makes. Add a finished unit, then run it again."
            )
            continue
        if not entry.count or entry.count < 0 or entry.happened_at is None:
            move.stays(f"{entry.path}, a bake of {recipe}: it does not say how many batches, or when.")
            continue
        expected = entry.count * unit.items_per_batch
        actual = expected if entry.came_out is None else max(entry.came_out, 0)
        move.keep(
            "production run",
            ProductionRun(
                recipe=recipe,
                finished_unit=unit,
                event=event,
                num_batches=entry.count,
                expected_yield=expected,
                actual_yield=actual,
                yield_variance=expected - actual,
                produced_at=entry.happened_at,
                notes=notes_of(entry),
                total_ingredient_cost=NOTHING,
                per_unit_cost=NOTHING,
            ),
            *_key(alike, entry),
            same={},
            path=entry.path,
        )


def take_assemblies(move: Move) -> None:
    """Each assembly of a finished good."""
    alike: Counter[tuple[object, ...]] = Counter()
    for entry in move.document.assemblies:
        good, event = move.goods.get(entry.made), move.events.get(entry.event)
        if good is None or not entry.count or entry.count < 0 or entry.happened_at is None:
            move.stays(f"{entry.path}, an assembly of “{entry.made}”: it does not say how many, or when.")
            continue
        move.keep(
            "assembly run",
            AssemblyRun(
                finished_good=good,
                event=event,
                quantity_assembled=entry.count,
                assembled_at=entry.happened_at,
                notes=notes_of(entry),
                total_component_cost=NOTHING,
                per_unit_cost=NOTHING,
            ),
            *_key(alike, entry),
            same={},
            path=entry.path,
        )


def _key(alike: Counter[tuple[object, ...]], entry: RunEntry) -> tuple[Any, ...]:
    """What tells two runs of the file apart; two that are quite the same are told apart by their number."""
    key = (entry.made, entry.event, entry.happened_at, entry.count)
    alike[key] += 1
    return (*key, alike[key])


def notes_of(entry: RunEntry) -> str:
    """The notes, and the cost where the file knows one: without its ingredients the books cannot carry it."""
    cost = f"It cost {money(entry.cost)} in the desktop application." if entry.cost else ""
    return "\n".join(filter(None, (entry.notes, cost)))
