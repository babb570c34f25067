"""What things cost last, for estimates of what is not on the shelf."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from bakery.core.numbers import MONEY_PLACES, round_half_even
from inventory.models import BOUGHT, EntryKind, Lot, Product, StockItem, StockMovement

CENTS = 2


def standing_lots() -> QuerySet[Lot]:
    """Lots whose purchase or batch was not voided: a price typed by mistake is no price.

    Asked as "is not 1" rather than "does not exist": PostgreSQL takes the one for common, and walks to the newest
    lot that fits; it takes the other for rare, and weighs every lot there is (six times as long with 10,000).
    """
    voided = StockMovement.objects.filter(
        lot=OuterRef("pk"), quantity__gt=0, entry__reversed_by__isnull=False
    ).order_by()
    is_voided = Coalesce(Subquery(voided.values(one=Value(1))[:1]), 0)
    return Lot.objects.alias(is_voided=is_voided).exclude(is_voided=1)


def bought_lots() -> QuerySet[Lot]:
    """Lots that came from a shop, by a purchase that stands: a count that found more is none.

    Asked as "is not 0" for the reason `standing_lots` has.
    """
    receipts = StockMovement.objects.filter(
        lot=OuterRef("pk"), quantity__gt=0, entry__kind=EntryKind.RECEIPT, entry__reversed_by__isnull=True
    ).order_by()
    is_bought = Coalesce(Subquery(receipts.values(one=Value(1))[:1]), 0)
    return Lot.objects.alias(is_bought=is_bought).exclude(is_bought=0)


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


def priced_lots(lots: QuerySet[Lot]) -> QuerySet[Any]:
    """Those of the lots that bear a price; "not 0" for the reason `standing_lots` has."""
    return with_price(lots).exclude(paid=0)


def price_of(lot: Any) -> Fraction:
    """What one stock unit of a lot `with_price` cost."""
    return Fraction(lot.paid) / Fraction(lot.paid_for)


def total_of(lot: Any) -> Decimal:
    """What all of a lot `with_price` cost, on receipt or as put right since (4 places).

    Of a correction only the share of what was left is kept. Several totals have that share: whole cents are what
    somebody typed, where they are among them.
    """
    total = price_of(lot) * Fraction(lot.quantity)
    in_cents = round_half_even(total, CENTS)
    share = Fraction(in_cents) * Fraction(lot.paid_for) / Fraction(lot.quantity)
    has_the_share = round_half_even(share, MONEY_PLACES) == lot.paid
    return round_half_even(in_cents if has_the_share else total, MONEY_PLACES)


@dataclass(frozen=True, slots=True)
class LastPrices:
    """What one stock unit of each item and of each product cost last; what never had a price is left out."""

    items: Mapping[int, Fraction]
    products: Mapping[int, Fraction]


def last_prices(item_ids: Iterable[int]) -> Mapping[int, Fraction]:
    """What one stock unit of each item cost last: the newest purchase or batch that bears a price.

    What never had a price is left out; opening stock of an ingredient is no purchase.
    """
    return last_prices_of(item_ids, ()).items


def last_prices_of(item_ids: Iterable[int], product_ids: Iterable[int]) -> LastPrices:
    """The same for items and for products of them: one query for all."""
    items, products = set(item_ids), set(product_ids)
    bears_one = Q(product__isnull=False) | ~Q(item__kind__in=BOUGHT)
    of_items = _newest(StockItem.objects.filter(pk__in=items), standing_lots().filter(bears_one), "item")
    of_products = _newest(Product.objects.filter(pk__in=products), standing_lots(), "product")
    # An item's newest lot may come beside an older one that is its product's newest: the last one stands.
    found = with_price(Lot.objects.filter(pk__in=of_items.union(of_products))).order_by("received_on", "id")
    prices = [(lot.item_id, lot.product_id, price_of(lot)) for lot in found]
    return LastPrices(
        {item_id: price for item_id, _, price in prices if item_id in items},
        {product_id: price for _, product_id, price in prices if product_id in products},
    )


def _newest(owners: QuerySet[Any], lots: QuerySet[Lot], key: str) -> QuerySet[Any, Any]:
    """The id of the newest lot of each owner that bears a price."""
    of_owner = priced_lots(lots.filter(**{key: OuterRef("pk")}))
    newest = of_owner.order_by("-received_on", "-id").values("pk")[:1]
    return owners.order_by().values(newest=Subquery(newest))
