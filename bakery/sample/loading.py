"""Loading the sample bakery into an empty household."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction

from assembly.models import AssemblyRun
from bakery.core.errors import BakeryError
from bakery.sample.catalogue import load_catalogue
from bakery.sample.diary import adjustments, assemblies, bakes, receipts, replay
from bakery.sample.events import load_events, packages, targets
from bakery.sample.goods import load_goods
from bakery.sample.kitchen import Kitchen
from events.models import (
    Event,
    EventAssemblyTarget,
    EventProductionTarget,
    EventRecipientPackage,
    Package,
    Recipient,
)
from inventory.models import EntryKind, Kind, Product, StockEntry, StockItem, Supplier
from production.models import ProductionRun, Recipe


@dataclass(frozen=True)
class SampleSummary:
    """How many of each the sample bakery has brought."""

    ingredients: int
    packaging: int
    suppliers: int
    products: int
    purchases: int
    recipes: int
    finished_units: int
    finished_goods: int
    events: int
    targets: int
    recipients: int
    packages: int
    assignments: int
    production_runs: int
    assembly_runs: int


@transaction.atomic
def load(*, recorded_by: User | None = None) -> SampleSummary:
    """Fill an empty household with the sample bakery, all of it or nothing.

    Every entry names `recorded_by`; days are counted back from today. Raises
    BakeryError when there is already a stock item, a recipe or an event.
    """
    refuse_unless_empty()
    kitchen = Kitchen(recorded_by=recorded_by)
    load_catalogue(kitchen)
    load_goods(kitchen)
    load_events(kitchen)
    replay(
        [
            *receipts(kitchen),
            *targets(kitchen),
            *bakes(kitchen),
            *assemblies(kitchen),
            *packages(kitchen),
            *adjustments(kitchen),
        ]
    )
    return summary()


def refuse_unless_empty() -> None:
    if any(model.objects.exists() for model in (StockItem, Recipe, Event)):
        raise BakeryError(
            "The sample bakery moves into an empty bakery only, and this one already has ingredients, recipes "
            "or events. Nothing was changed."
        )


def summary() -> SampleSummary:
    kinds = list(StockItem.objects.values_list("kind", flat=True))
    return SampleSummary(
        ingredients=kinds.count(Kind.INGREDIENT),
        packaging=kinds.count(Kind.PACKAGING),
        suppliers=Supplier.objects.count(),
        products=Product.objects.count(),
        purchases=StockEntry.objects.filter(kind=EntryKind.RECEIPT).count(),
        recipes=Recipe.objects.count(),
        finished_units=kinds.count(Kind.FINISHED_UNIT),
        finished_goods=kinds.count(Kind.FINISHED_GOOD),
        events=Event.objects.count(),
        targets=EventProductionTarget.objects.count() + EventAssemblyTarget.objects.count(),
        recipients=Recipient.objects.count(),
        packages=Package.objects.count(),
        assignments=EventRecipientPackage.objects.count(),
        production_runs=ProductionRun.objects.count(),
        assembly_runs=AssemblyRun.objects.count(),
    )
