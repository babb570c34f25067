"""What things cost last, for estimates of what is not on the shelf."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from inventory.models import BOUGHT, Lot, Product, StockItem, StockMovement


def standing_lots() -> QuerySet[Lot]:
    """Lots whose purchase or batch was not voided: a price typed by mistake is no price."""
    voided = StockMovement.objects.filter(
        lot=OuterRef("pk"), quantity__gt=0, entry__reversed_by__isnull=False
    )
    return Lot.objects.filter(~Exists(voided))


def with_price(lots: QuerySet[Lot]) -> QuerySet[Any]:
    """The lots with what was paid (`paid`) for how much (`paid_for`): on receipt, or as put right since.

    A correction moves money alone, as much as is due to what is left: its lot as it stood then has the price.
    """
    corrections = StockMovement.objects.filter(lot=OuterRef("pk"), quantity=0).order_by("-pk")
    until_then = StockMovement.objects.filter(lot=OuterRef("lot"), pk__lte=OuterRef("pk")).order_by()

    def then(column: str) -> Coalesce:
        added_up = until_then.values("lot").annotate(sum=Sum(column)).values("sum")
        return Coalesce(Subquery(corrections.values(then=Subquery(added_up))[:1]), column)

    return lots.annotate(paid=then("value"), paid_for=then("quantity"))


def price_of(lot: Any) -> Fraction:
    """What one stock unit of a lot `with_price` cost."""
    return Fraction(lot.paid) / Fraction(lot.paid_for)


def last_prices(item_ids: Iterable[int]) -> dict[int, Fraction]:
    """What one stock unit of each item cost last: the newest purchase or batch that bears a price.

    What never had a price is left out; opening stock of an ingredient is no purchase.
    """
    bears_one = Q(product__isnull=False) | ~Q(item__kind__in=BOUGHT)
    return _newest(StockItem.objects.all(), "item_id", item_ids, standing_lots().filter(bears_one))


def last_product_prices(product_ids: Iterable[int]) -> dict[int, Fraction]:
    """What one stock unit of each product cost last; what never had a price is left out."""
    return _newest(Product.objects.all(), "product_id", product_ids, standing_lots())


def _newest(owners: QuerySet[Any], key: str, ids: Iterable[int], lots: QuerySet[Lot]) -> dict[int, Fraction]:
    wanted = set(ids)
    if not wanted:
        return {}
    priced = with_price(lots).filter(**{key: OuterRef("pk")}, paid__gt=0)
    newest = priced.order_by("-received_on", "-id").values("pk")[:1]
    found = owners.filter(pk__in=wanted).order_by().values(newest=Subquery(newest))
    return {getattr(lot, key): price_of(lot) for lot in with_price(Lot.objects.filter(pk__in=found))}
