"""What the pages of the boxes show: reads only, a constant number of statements each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from assembly.models import AssemblyRun, FinishedGood
from bakery.core.text import search_name
from inventory.selectors.made import LotUse, pieces_on_hand


def finished_goods() -> QuerySet[FinishedGood]:
    """Finished goods with `on_hand`, the pieces on the shelf."""
    return FinishedGood.objects.annotate(on_hand=pieces_on_hand()).order_by("name")


def goods_matching(text: str) -> QuerySet[FinishedGood]:
    """Finished goods that are offered, by name, accent-insensitively."""
    goods = finished_goods().filter(is_archived=False)
    for word in search_name(text).split():
        goods = goods.filter(search_name__contains=word)
    return goods


@dataclass(frozen=True, slots=True)
class WentIn:
    """One component of a run, and the lots that served it; amounts in `unit`."""

    name: str
    address: str
    quantity: Decimal
    unit: str
    cost: Decimal
    lots: tuple[LotUse, ...]


def what_went_in(run: AssemblyRun, taken: Iterable[LotUse]) -> list[WentIn]:
    """What a run took: baked things, then boxes, then packaging, each with the lots that served it."""
    lots: dict[tuple[int, int | None], list[LotUse]] = defaultdict(list)
    for use in taken:
        lots[use.lot.item_id, use.lot.product_id].append(use)
    rows: list[tuple[Any, Any, str, int | None]] = [
        *((row, row.finished_unit, "each", None) for row in run.finished_unit_consumptions.all()),
        *((row, row.finished_good, "each", None) for row in run.finished_good_consumptions.all()),
        *(
            (row, row.product.ingredient, row.unit, row.product_id)
            for row in run.packaging_consumptions.all()
        ),
    ]
    return [
        WentIn(
            item.name,
            item.get_absolute_url(),
            row.quantity_consumed,
            unit,
            row.total_cost,
            tuple(lots[item.pk, product_id]),
        )
        for row, item, unit, product_id in rows
    ]
