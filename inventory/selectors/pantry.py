"""What the pantry shows: every item with what is on hand, a constant number of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils import timezone

from bakery.core.text import search_name
from inventory.models import Kind, Lot, Product, StockItem, StockMovement

SOON = timedelta(days=14)
"""What is to be used by within two weeks is shown as "use soon"."""

FILTERS = (
    ("", "All"),
    ("food", "Food"),
    ("packaging", "Packaging"),
    ("baked", "Baked"),
    ("boxes", "Boxes"),
    ("here", "On the shelf"),
    ("low", "Below level"),
    ("soon", "Use soon"),
    ("archived", "Archived"),
)

ORDERS: dict[str, tuple[Any, ...]] = {
    "": ("name", "id"),
    "value": (F("worth").desc(nulls_last=True), "name", "id"),
    "use_by": (F("use_by").asc(nulls_last=True), "name", "id"),
}

KIND_OF = {
    "food": Kind.INGREDIENT,
    "packaging": Kind.PACKAGING,
    "baked": Kind.FINISHED_UNIT,
    "boxes": Kind.FINISHED_GOOD,
}


def shelf() -> QuerySet[Any]:
    """Stock items with `there`, `worth` and `use_by`: what their open lots hold, None when nothing."""
    open_lots = _open_lots(OuterRef("pk")).values("item")
    return StockItem.objects.select_related("ingredient__category").annotate(
        there=Subquery(open_lots.annotate(sum=Sum("quantity_remaining")).values("sum")),
        worth=Subquery(open_lots.annotate(sum=Sum("value_remaining")).values("sum")),
        use_by=Subquery(open_lots.annotate(first=Min("expires_on")).values("first")),
    )


def _open_lots(of: OuterRef) -> QuerySet[Lot]:
    return Lot.objects.filter(item=of, quantity_remaining__gt=0).order_by()


def find_items(text: str = "", which: str = "", sort: str = "") -> QuerySet[Any]:
    """Items that match, by name, brand, product or barcode, accent-insensitively.

    `which` is of FILTERS, `sort` of ORDERS; anything else means all of them, by name.
    """
    items = shelf().filter(is_archived=which == "archived")
    if which in KIND_OF:
        items = items.filter(kind=KIND_OF[which])
    elif which == "here":
        items = items.filter(there__isnull=False)
    elif which == "low":
        items = below_level(items)
    elif which == "soon":
        items = items.filter(use_by__lte=timezone.localdate() + SOON)
    words = search_name(text).split()
    sold_as = _product_names() if words else {}
    for word in words:
        sold = [item_id for item_id, names in sold_as.items() if word in names]
        items = items.filter(Q(search_name__contains=word) | Q(pk__in=sold))
    return items.order_by(*ORDERS.get(sort, ORDERS[""]))


def _product_names() -> dict[int, str]:
    """Brand, name and barcode of every product by its item: no database folds accents as people type them."""
    names: dict[int, str] = defaultdict(str)
    for item_id, *parts in Product.objects.values_list("ingredient_id", "brand", "name", "gtin"):
        names[item_id] += search_name(" ".join(parts)) + "\n"
    return names


def below_level(items: QuerySet[Any]) -> QuerySet[Any]:
    """Those of which less is there than their level asks for."""
    return items.filter(Q(reorder_level__gt=F("there")) | Q(there__isnull=True, reorder_level__gt=Decimal(0)))


@dataclass(frozen=True, slots=True)
class Shelved:
    """One row of the pantry."""

    item: StockItem
    lots: int
    oldest: Lot | None

    @property
    def there(self) -> Decimal:
        return self.item.there or Decimal(0)  # type: ignore[attr-defined]

    @property
    def worth(self) -> Decimal:
        return self.item.worth or Decimal(0)  # type: ignore[attr-defined]

    @property
    def use_by(self) -> date | None:
        return self.item.use_by  # type: ignore[attr-defined]

    @property
    def is_low(self) -> bool:
        return self.item.reorder_level is not None and self.there < self.item.reorder_level

    @property
    def is_expired(self) -> bool:
        return self.use_by is not None and self.use_by < timezone.localdate()

    @property
    def is_use_soon(self) -> bool:
        return self.use_by is not None and self.use_by <= timezone.localdate() + SOON

    @property
    def category(self) -> str:
        ingredient = getattr(self.item, "ingredient", None)
        return ingredient.category.name if ingredient else self.item.get_kind_display()


def rows(items: Iterable[StockItem]) -> list[Shelved]:
    """Items of `shelf()` with their number of open lots and the oldest one: one query, a row for each item."""
    wanted = list(items)
    first = _open_lots(OuterRef("pk")).order_by("received_on", "id").values("pk")[:1]
    oldest = StockItem.objects.filter(pk__in=[item.pk for item in wanted]).values(oldest=Subquery(first))
    number = _open_lots(OuterRef("item")).values("item").annotate(number=Count("pk")).values("number")
    found = {
        lot.item_id: lot for lot in Lot.objects.filter(pk__in=oldest).annotate(open_lots=Subquery(number))
    }
    return [
        Shelved(item, found[item.pk].open_lots, found[item.pk])
        if item.pk in found
        else Shelved(item, 0, None)
        for item in wanted
    ]


@dataclass(frozen=True, slots=True)
class Totals:
    items: int
    worth: Decimal
    oldest: date | None


def totals() -> Totals:
    """How many items there are on the shelf, what they are worth, and since when the oldest has been there."""
    found = Lot.objects.filter(quantity_remaining__gt=0).aggregate(
        items=Count("item", distinct=True),
        worth=Sum("value_remaining", default=Decimal(0)),
        oldest=Min("received_on"),
    )
    return Totals(**found)


def filters() -> list[tuple[str, str]]:
    """FILTERS as (name, label), with how many items wait behind those that ask for something to be done."""
    active = shelf().filter(is_archived=False)
    waiting = {
        "low": below_level(active).count(),
        "soon": active.filter(use_by__lte=timezone.localdate() + SOON).count(),
    }
    return [
        (name, f"{waiting[name]} {label.lower()}" if waiting.get(name) else label) for name, label in FILTERS
    ]


def running_low(limit: int) -> Sequence[Shelved]:
    """What is to be used soon, the first day first, and then what is below its level."""
    active = shelf().filter(is_archived=False)
    soon = active.filter(use_by__lte=timezone.localdate() + SOON).order_by("use_by", "name")[:limit]
    found = list(soon)
    known = [item.pk for item in found]
    found += below_level(active).exclude(pk__in=known).order_by("name")[: max(0, limit - len(found))]
    return rows(found)


def journal(item: StockItem) -> QuerySet[StockMovement, int]:
    """The ids of all that ever happened to an item, what was written last first; `written` reads a page of it.

    Ids alone come from the index: sorting the lines themselves would take longer with every year.
    """
    return StockMovement.objects.filter(lot__item=item).order_by("-id").values_list("pk", flat=True)


def written(movement_ids: Iterable[int]) -> list[StockMovement]:
    """These lines of the journal, in this order, with their entries and lots."""
    lines = StockMovement.objects.select_related("entry__reversed_by", "lot").in_bulk(list(movement_ids))
    return [lines[pk] for pk in movement_ids]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened to a lot, with what was left of it after."""

    movement: StockMovement
    left: Decimal


def history(lot: Lot) -> list[Step]:
    """Everything that ever happened to a lot, oldest first."""
    movements = lot.movements.select_related("entry__reversed_by").order_by("id")
    left = Decimal(0)
    return [Step(movement, left := left + movement.quantity) for movement in movements]
