"""What packages need of a stock item, told to the pantry below."""

from __future__ import annotations

from decimal import Decimal

from events.models import PackageFinishedGood, PackagePackaging
from inventory.models import Kind, StockItem
from inventory.uses import Usage


def lines_asking_for(item: StockItem) -> list[Usage]:
    """The packages that hold a box or bag, or are wrapped in a product of packaging; all else is in a box."""
    if item.is_packaging:
        wrapping = PackagePackaging.objects.filter(product__ingredient=item.pk).select_related("package")
        return [
            Usage(
                line.package.name,
                line.quantity,
                line.unit or item.stock_unit,
                line.package.get_absolute_url(),
            )
            for line in wrapping.order_by("package__name", "id")
        ]
    if item.kind != Kind.FINISHED_GOOD:
        return []
    goods = PackageFinishedGood.objects.filter(finished_good=item.pk).select_related("package")
    return [
        Usage(line.package.name, Decimal(line.quantity), "each", line.package.get_absolute_url())
        for line in goods.order_by("package__name", "id")
    ]
