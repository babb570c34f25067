"""What the shopping list shows, on its own page and in the tab of an event."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import Http404
from django.utils import timezone

from bakery.core.csv import Cell
from bakery.core.forms import new_key
from bakery.core.htmx import Request
from bakery.core.numbers import round_half_even
from events.models import Event
from events.services import HandLine, ShoppingLine, ShoppingList, shopping_list_for

NOWHERE = "No shop noted"
HEADER = (
    "Shop", "Kind", "Item", "Product", "Packages", "To buy", "Unit", "Needed", "On hand", "Expected price",
    "For", "Ticked",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """A line with the key of the purchase it may become, and what that is expected to cost."""

    line: Any
    uuid: str

    @property
    def price(self) -> Decimal | None:
        cost = self.line.estimated_cost
        return None if cost is None else round_half_even(cost, 2)


@dataclass(frozen=True, slots=True)
class Shop:
    """What is to be bought in one shop, food and packaging apart, for about so much."""

    title: str
    rows: tuple[Row, ...]
    about: Decimal


@dataclass(frozen=True, slots=True)
class ShoppingPage:
    """A list sorted for somebody with a basket. `selection` is its address behind the question mark."""

    shopping: ShoppingList
    shops: tuple[Shop, ...]
    by_hand: tuple[Row, ...]
    enough: tuple[ShoppingLine, ...]
    without_product: tuple[ShoppingLine, ...]
    without_price: tuple[str, ...]
    selection: str
    next: str

    @property
    def is_for_several(self) -> bool:
        return len(self.shopping.events) > 1

    @property
    def filename(self) -> str:
        """christmas-2026-shopping-list.csv"""
        slugs = [event.slug for event in self.shopping.events]
        return f"{slugs[0]}-shopping-list.csv" if len(slugs) == 1 else "shopping-list.csv"


def chosen_events(request: Request) -> tuple[list[Event], list[Event]]:
    """The events that can be chosen, and those that are: as the address says, else all ahead.

    The form sends an empty `event` along, so that no event at all can be chosen too.
    """
    slugs = [slug for slug in request.GET.getlist("event") if slug]
    askable = [slug for slug in slugs if "\0" not in slug]  # PostgreSQL takes no zero byte
    offered = list(
        Event.objects.filter(Q(event_date__gte=timezone.localdate()) | Q(slug__in=askable)).order_by(
            "event_date", "pk"
        )
    )
    if "event" not in request.GET:
        return offered, offered
    chosen = [event for event in offered if event.slug in slugs]
    if len(chosen) != len(set(slugs)):
        raise Http404("There is no such event.")
    return offered, chosen


def shopping_page(events: Iterable[Event], *, selection: str = "", next: str = "") -> ShoppingPage:
    """The list for these events, by shop. `next` is where a page without JavaScript goes back to."""
    shopping = shopping_list_for(events)
    to_buy = [line for line in shopping.lines if line.to_buy or line.is_bought]
    return ShoppingPage(
        shopping=shopping,
        shops=_shops(to_buy),
        by_hand=tuple(Row(line, new_key()) for line in shopping.hand_lines),
        enough=tuple(
            line for line in shopping.lines if line.needed and not line.to_buy and not line.is_bought
        ),
        without_product=tuple(line for line in to_buy if line.product is None),
        without_price=tuple(
            line.name for line in to_buy if line.product is not None and line.estimated_cost is None
        ),
        selection=selection,
        next=next,
    )


def page_for(request: Request) -> tuple[ShoppingPage, list[Event]]:
    """The list of the events in the address, with the events that can be chosen."""
    offered, chosen = chosen_events(request)
    slugs = request.GET.getlist("event")
    selection = f"?{urlencode({'event': slugs}, doseq=True)}" if slugs else ""
    here = request.POST.get("next", "") if request.method == "POST" else request.get_full_path()
    return shopping_page(chosen, selection=selection, next=here), offered


def _shops(lines: Iterable[ShoppingLine]) -> tuple[Shop, ...]:
    """Food shop by shop, then packaging shop by shop; what has no shop comes last of each."""
    grouped: dict[tuple[bool, bool, str], list[ShoppingLine]] = {}
    for line in lines:
        name = line.supplier.name if line.supplier else ""
        grouped.setdefault((line.is_packaging, not name, name), []).append(line)
    return tuple(
        Shop(
            title=f"Packaging, {name or NOWHERE.lower()}" if is_packaging else name or NOWHERE,
            rows=tuple(Row(line, new_key()) for line in found),
            about=sum((line.estimated_cost or Decimal(0) for line in found), Decimal(0)),
        )
        for (is_packaging, _, name), found in sorted(grouped.items(), key=lambda group: group[0])
    )


def csv_rows(page: ShoppingPage) -> list[list[Cell]]:
    """What is to be bought, in the order of the page: one row per line."""
    rows = [_csv_line(shop.title, row.line) for shop in page.shops for row in shop.rows]
    return rows + [_csv_by_hand(row.line) for row in page.by_hand]


def _csv_line(shop: str, line: ShoppingLine) -> list[Cell]:
    return [
        shop,
        "Packaging" if line.is_packaging else "Food",
        line.name,
        str(line.product or ""),
        line.packages,
        line.to_buy,
        line.unit,
        line.needed,
        line.on_hand,
        line.estimated_cost,
        ", ".join(f"{source.event}: {source.name}" for source in line.sources),
        "yes" if line.is_ticked or line.is_bought else "",
    ]


def _csv_by_hand(line: HandLine) -> list[Cell]:
    item = line.item
    return [
        line.supplier.name if line.supplier else "",
        "By hand",
        str(item),
        str(line.product or ""),
        line.packages,
        item.quantity,
        item.unit,
        None,
        None,
        line.estimated_cost,
        str(item.event or ""),
        "yes" if item.ticked_at else "",
    ]
