"""What to buy, where, and for about how much: learnt from the purchases there were."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import OuterRef, Subquery, Sum

from bakery.core.numbers import MONEY_PLACES, round_half_even
from inventory import units
from inventory.models import Lot, Product, Supplier
from inventory.selectors.prices import bought_lots, price_of, priced_lots, standing_lots, with_price


@dataclass(frozen=True, slots=True)
class Offer:
    """One product as it would be bought: how much is in a package (stock units), where, and what one stock
    unit cost last. `package` is None where its unit does not convert, `price` where nothing was ever paid.
    """

    product: Product | None
    package: Fraction | None
    supplier: Supplier | None
    price: Fraction | None

    def packages(self, amount: Decimal) -> int | None:
        """How many whole packages hold `amount` stock units; None where no package is known."""
        return None if self.package is None else -(-Fraction(amount) // self.package)

    def cost(self, amount: Decimal) -> Decimal | None:
        """What that costs about, in whole packages where they are known (4 places); None without a price."""
        if self.price is None:
            return None
        packages = self.packages(amount)
        bought = Fraction(amount) if packages is None or self.package is None else packages * self.package
        return round_half_even(bought * self.price, MONEY_PLACES)


UNKNOWN = Offer(None, None, None, None)


@dataclass(frozen=True, slots=True)
class Offers:
    """The offer to take for each ingredient, the one of each product, and when each ingredient was last
    put on the shelf from a shop.
    """

    of_item: dict[int, Offer]
    of_product: dict[int, Offer]
    recorded_at: dict[int, datetime]
    product_recorded_at: dict[int, datetime]

    def item(self, item_id: int) -> Offer:
        return self.of_item.get(item_id, UNKNOWN)

    def product(self, product_id: int) -> Offer:
        return self.of_product.get(product_id, UNKNOWN)


def offers_for(item_ids: Iterable[int]) -> Offers:
    """What to buy of these ingredients and packagings: two queries for all.

    The preferred product, else the last bought, else the only one, else none; archived ones are not offered.
    The price is that of the product's last purchase, or of what was put on the shelf as worth something, else of
    the ingredient's.
    """
    bought = bought_lots().filter(product=OuterRef("pk")).order_by("-received_on", "-id")
    standing = standing_lots().filter(product=OuterRef("pk")).order_by("-received_on", "-id")
    products: dict[int, list[Product]] = defaultdict(list)
    for product in (
        Product.objects.filter(ingredient__in=set(item_ids))
        .select_related("ingredient", "preferred_supplier")
        .annotate(
            last_lot=Subquery(bought.values("pk")[:1]),
            priced_lot=Subquery(priced_lots(standing).values("pk")[:1]),
        )
    ):
        products[product.ingredient_id].append(product)
    wanted = {pk for each in products.values() for product in each for pk in _lots_of(product) if pk}
    lots = with_price(Lot.objects.select_related("supplier")).in_bulk(wanted)
    result = Offers({}, {}, {}, {})
    for item_id, sold_as in products.items():
        _offer_item(item_id, sold_as, lots, result)
    return result


def _lots_of(product: Product) -> tuple[int | None, int | None]:
    return product.last_lot, product.priced_lot  # type: ignore[attr-defined]


def _offer_item(item_id: int, sold_as: Sequence[Product], lots: dict[int, Lot], result: Offers) -> None:
    last, priced = {}, {}
    for product in sold_as:
        last_lot, priced_lot = _lots_of(product)
        if last_lot in lots:
            last[product.pk] = lots[last_lot]
        if priced_lot in lots:
            priced[product.pk] = lots[priced_lot]
    newest = max(priced.values(), key=_when, default=None)
    if last:
        result.recorded_at[item_id] = max(lot.created_at for lot in last.values())
    result.product_recorded_at.update({pk: lot.created_at for pk, lot in last.items()})
    for product in sold_as:
        bought = priced.get(product.pk, newest)
        result.of_product[product.pk] = Offer(
            product,
            _package(product),
            _supplier(product, last.get(product.pk)),
            None if bought is None else price_of(bought),
        )
    chosen = _chosen([product for product in sold_as if not product.is_archived], last)
    if chosen is not None:
        result.of_item[item_id] = result.of_product[chosen.pk]
    elif newest is not None:
        result.of_item[item_id] = Offer(None, None, None, price_of(newest))


def _when(lot: Lot) -> tuple[Any, int]:
    return lot.received_on, lot.pk


def _chosen(offered: Sequence[Product], last: dict[int, Lot]) -> Product | None:
    for product in offered:
        if product.is_preferred:
            return product
    bought = [product for product in offered if product.pk in last]
    if bought:
        return max(bought, key=lambda product: _when(last[product.pk]))
    return offered[0] if len(offered) == 1 else None


def _package(product: Product) -> Fraction | None:
    item = product.ingredient
    if not units.can_convert(product.package_unit, item.stock_unit, **item.factors):
        return None
    size = units.convert(product.package_quantity, product.package_unit, item.stock_unit, **item.factors)
    return Fraction(size) or None


def _supplier(product: Product, last: Lot | None) -> Supplier | None:
    for supplier in (product.preferred_supplier, last.supplier if last else None):
        if supplier is not None and not supplier.is_archived:
            return supplier
    return None


@dataclass(frozen=True, slots=True)
class OnHand:
    """What is on the shelf in stock units: of each item in all, and of each product of it."""

    of_item: dict[int, Decimal]
    of_product: dict[int, Decimal]

    def item(self, item_id: int) -> Decimal:
        return self.of_item.get(item_id, Decimal(0))

    def product(self, product_id: int) -> Decimal:
        return self.of_product.get(product_id, Decimal(0))


def shelf_of(item_ids: Iterable[int]) -> OnHand:
    """How much there is of these items and of each of their products: one query."""
    rows = (
        Lot.objects.filter(item__in=set(item_ids), quantity_remaining__gt=0)
        .order_by()
        .values_list("item_id", "product_id")
        .annotate(there=Sum("quantity_remaining"))
    )
    there = OnHand(defaultdict(Decimal), defaultdict(Decimal))
    for item_id, product_id, quantity in rows:
        there.of_item[item_id] += quantity
        if product_id is not None:
            there.of_product[product_id] += quantity
    return there
