"""What happened last, for Today: a handful of statements however long the history is."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Q, Sum

from assembly.models import AssemblyRun
from bakery.core.formatting import plural
from inventory.models import EntryKind, StockEntry, StockMovement
from production.models import ProductionRun


@dataclass(frozen=True)
class Happening:
    """An entry of the ledger in few words, with the money that it moved."""

    entry: StockEntry
    title: str
    detail: str
    amount: Decimal
    is_voided: bool
    url: str


def latest_entries(limit: int = 8) -> list[Happening]:
    """Return what was recorded last, the newest first."""
    entries = list(
        StockEntry.objects.select_related("production_run__recipe", "assembly_run", "reversed_by")[:limit]
    )
    bought = {
        movement.entry_id: str(movement.lot.product)
        for movement in StockMovement.objects.filter(
            entry__in=[entry.pk for entry in entries if entry.kind == EntryKind.RECEIPT]
        ).select_related("lot__product__ingredient")
    }
    moved = _money_moved(entries)
    return [
        Happening(
            entry, *_in_few_words(entry, bought), moved[entry.pk], hasattr(entry, "reversed_by"), _url(entry)
        )
        for entry in entries
    ]


@dataclass(frozen=True)
class MadeForUs:
    """A bake or an assembly that belongs to no event."""

    title: str
    detail: str
    cost: Decimal
    when: datetime
    url: str


def just_for_us(limit: int = 5) -> list[MadeForUs]:
    """What was baked and put together for no event, the newest first: two statements."""
    bakes = ProductionRun.objects.counting().filter(event__isnull=True).select_related("recipe")
    boxes = AssemblyRun.objects.counting().filter(event__isnull=True).select_related("finished_good")
    made = [
        MadeForUs(
            run.recipe.name,
            f"{plural(run.num_batches, 'batch')}, {run.actual_yield} of {run.expected_yield}",
            run.total_ingredient_cost,
            run.produced_at,
            run.get_absolute_url(),
        )
        for run in bakes[:limit]
    ] + [
        MadeForUs(
            run.finished_good.name,
            f"{run.quantity_assembled} put together",
            run.total_component_cost,
            run.assembled_at,
            run.get_absolute_url(),
        )
        for run in boxes[:limit]
    ]
    return sorted(made, key=lambda each: each.when, reverse=True)[:limit]


def _in_few_words(entry: StockEntry, bought: Mapping[int, str]) -> tuple[str, str]:
    run = getattr(entry, "production_run", None)
    if run is not None:
        return (
            run.recipe.name,
            f"{plural(run.num_batches, 'batch')}, {run.actual_yield} of {run.expected_yield}",
        )
    if entry.pk in bought:
        return bought[entry.pk], "bought"
    return entry.summary, "" if entry.reason in entry.summary else entry.reason


def _url(entry: StockEntry) -> str:
    made = getattr(entry, "production_run", None) or getattr(entry, "assembly_run", None)
    return str((made or entry).get_absolute_url())


def _money_moved(entries: Iterable[StockEntry]) -> defaultdict[int, Decimal]:
    """Return per entry what came in or went out, whichever is more: a bake moves as much in as out."""
    into = Sum("value", filter=Q(value__gt=0), default=Decimal(0))
    out_of = Sum("value", filter=Q(value__lt=0), default=Decimal(0))
    rows = (
        StockMovement.objects.filter(entry__in=[entry.pk for entry in entries])
        .order_by()
        .values("entry_id")
        .annotate(into=into, out_of=out_of)
    )
    return defaultdict(Decimal, {row["entry_id"]: max(row["into"], -row["out_of"]) for row in rows})
