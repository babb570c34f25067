"""The pantry and the lots of an item as tables to take along; the search and filters of the page hold here too."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from bakery.core.csv import Cell, csv_response
from bakery.core.htmx import Request
from bakery.core.transfer.history import dated
from inventory.models import StockItem
from inventory.selectors import pantry as selectors
from inventory.selectors.prices import total_of, with_price

PANTRY = (
    *("Item", "Kind", "Category", "On hand", "Unit", "Value", "Lots"),
    *("Oldest received", "Use by", "Low below"),
)
LOTS = (
    *("Item", "Product", "Supplier", "Received", "Quantity", "Left", "Unit", "Cost", "Value left"),
    *("Use by", "Shelf", "Note"),
)


@require_safe
def pantry_csv(request: Request) -> HttpResponse:
    asked, which, sort = (request.GET.get(name, "") for name in ("q", "show", "sort"))
    shelved = selectors.rows(selectors.find_items(asked, which, sort))
    return csv_response(dated("pantry", "csv"), PANTRY, (_item_cells(row) for row in shelved))


@require_safe
def lots_csv(request: Request, item_id: int) -> HttpResponse:
    """Every lot there ever was of an item, oldest first; what is used up has nothing left."""
    item = get_object_or_404(StockItem, pk=item_id)
    lots = item.lots.select_related("item", "product__ingredient", "supplier").order_by("received_on", "id")
    cells = (_lot_cells(lot) for lot in with_price(lots))
    return csv_response(dated(f"{item.slug}-lots", "csv"), LOTS, cells)


def _item_cells(row: selectors.Shelved) -> tuple[Cell, ...]:
    item = row.item
    return (
        *(item.name, item.get_kind_display(), row.category),
        *(row.there, item.stock_unit, row.worth, row.lots),
        *(row.oldest.received_on if row.oldest else None, row.use_by, item.reorder_level),
    )


def _lot_cells(lot: Any) -> tuple[Cell, ...]:
    return (
        *(lot.item.name, str(lot.product) if lot.product else None),
        *(lot.supplier.name if lot.supplier else None, lot.received_on),
        *(lot.quantity, lot.quantity_remaining, lot.item.stock_unit, total_of(lot), lot.value_remaining),
        *(lot.expires_on, lot.location, lot.note),
    )
