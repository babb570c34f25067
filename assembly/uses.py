"""What compositions need of a stock item, told to the pantry below."""

from __future__ import annotations

from django.db.models import Q

from assembly.models import Composition
from inventory.models import Kind, StockItem
from inventory.uses import Usage


def lines_asking_for(item: StockItem) -> list[Usage]:
    """The lines of boxes that hold something baked, another box, or a product of packaging; food is in none."""
    if item.kind == Kind.INGREDIENT:
        return []
    lines = Composition.objects.filter(
        Q(component_unit=item.pk) | Q(component_good=item.pk) | Q(packaging_product__ingredient=item.pk)
    )
    return [
        Usage(
            line.finished_good.name,
            line.quantity,
            line.unit or item.stock_unit,
            line.finished_good.get_absolute_url(),
        )
        for line in lines.select_related("finished_good").order_by("finished_good__name", "position", "id")
    ]
