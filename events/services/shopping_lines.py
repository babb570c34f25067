"""The lines of a shopping list: one need, the shelf, the offer of a shop and a tick, put together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from assembly.services.requirements import name_of
from bakery.core.numbers import QUANTITY_PLACES, round_half_even
from events import planning
from events.models import Event, ShoppingItem
from inventory import units
from inventory.models import Product, Supplier
from inventory.selectors.prices import total_of
from inventory.selectors.purchases import Offer, Offers, OnHand
from production.services.requirements import Requirements

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Source:
    """Who wants how much: a recipe, a box or a package of an event, in the unit of the line (3 places)."""

    event: Event
    name: str
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class ShoppingLine:
    """One ingredient, or one product of packaging: quantities in `unit`, its stock unit (3 places).

    `packages` are whole ones, None where no product is known; `estimated_cost` (4 places) is None where
    nothing was ever paid for it. `tick` is the mark that it lies in the cart.
    """

    ingredient_slug: str
    name: str
    is_packaging: bool
    product: Product | None
    supplier: Supplier | None
    needed: Decimal
    on_hand: Decimal
    to_buy: Decimal
    unit: str
    packages: int | None
    estimated_cost: Decimal | None
    sources: tuple[Source, ...]
    item_id: int
    tick: ShoppingItem | None = None

    @property
    def key(self) -> str:
        """Names the line in forms and addresses: the ingredient, or the product of packaging."""
        return f"product-{self.product.pk}" if self.is_packaging and self.product else f"item-{self.item_id}"

    @property
    def by_event(self) -> list[tuple[Event, list[Source]]]:
        """The sources, event by event."""
        grouped: dict[int, tuple[Event, list[Source]]] = {}
        for source in self.sources:
            grouped.setdefault(source.event.pk, (source.event, []))[1].append(source)
        return list(grouped.values())

    @property
    def is_ticked(self) -> bool:
        return self.tick is not None and self.tick.lot_id is None

    @property
    def is_bought(self) -> bool:
        """Whether it came home today from this list, and enough of it."""
        return self.tick is not None and self.tick.lot_id is not None and not self.to_buy

    @property
    def paid(self) -> Decimal | None:
        """What it cost in all, as put right since (4 places); None where it was not bought."""
        return _paid_for(self.tick)


@dataclass(frozen=True, slots=True)
class HandLine:
    """What somebody put on the list, with what to buy where it names an ingredient or a product."""

    item: ShoppingItem
    product: Product | None
    supplier: Supplier | None
    packages: int | None
    estimated_cost: Decimal | None

    @property
    def key(self) -> str:
        return f"hand-{self.item.pk}"

    @property
    def unit(self) -> str:
        """The unit of its amount: as somebody wrote it, else the stock unit; "" for plain words."""
        stock = self.item.product.ingredient if self.item.product else self.item.ingredient
        return self.item.unit or (stock.stock_unit if stock else "")

    @property
    def paid(self) -> Decimal | None:
        """What it cost in all, as put right since (4 places); None where it was not bought."""
        return _paid_for(self.item)


def _paid_for(item: ShoppingItem | None) -> Decimal | None:
    return total_of(item.lot) if item is not None and item.lot is not None else None


@dataclass(frozen=True, slots=True)
class Asked:
    """What a line is made of, before anybody looks at the shelf."""

    amount: Fraction
    sources: tuple[tuple[Event, str, Fraction], ...]


def food_lines(
    asked: Mapping[int, Asked],
    recipes: Mapping[int, Requirements],
    there: OnHand,
    offers: Offers,
    items: Sequence[ShoppingItem],
) -> list[ShoppingLine]:
    known = {line.ingredient_id: line for each in recipes.values() for line in each.lines}
    ticks = {item.ingredient_id: item for item in items if not item.is_by_hand and item.product_id is None}
    lines = [
        _line(
            slug=known[item_id].ingredient_slug,
            name=known[item_id].ingredient_name,
            unit=known[item_id].unit,
            item_id=item_id,
            wanted=wanted,
            on_hand=there.item(item_id),
            offer=offers.item(item_id),
            tick=_current(ticks.get(item_id), offers.recorded_at.get(item_id)),
        )
        for item_id, wanted in asked.items()
    ]
    return sorted(lines, key=lambda line: (line.name.casefold(), line.item_id))


def packaging_lines(
    asked: Mapping[int, Asked],
    products: Mapping[int, Product],
    there: OnHand,
    offers: Offers,
    items: Sequence[ShoppingItem],
) -> list[ShoppingLine]:
    ticks = {item.product_id: item for item in items if not item.is_by_hand and item.product_id}
    lines = []
    for product_id, wanted in asked.items():
        packaging = products[product_id].ingredient
        lines.append(
            _line(
                slug=packaging.slug,
                name=name_of(products[product_id]),
                unit=packaging.stock_unit,
                item_id=packaging.pk,
                wanted=wanted,
                on_hand=there.product(product_id),
                offer=offers.product(product_id),
                tick=_current(ticks.get(product_id), offers.product_recorded_at.get(product_id)),
                is_packaging=True,
            )
        )
    return sorted(lines, key=lambda line: (line.name.casefold(), line.key))


def _line(
    *,
    slug: str,
    name: str,
    unit: str,
    item_id: int,
    wanted: Asked,
    on_hand: Decimal,
    offer: Offer,
    tick: ShoppingItem | None,
    is_packaging: bool = False,
) -> ShoppingLine:
    missing = planning.to_buy(wanted.amount, on_hand)
    return ShoppingLine(
        ingredient_slug=slug,
        name=name,
        is_packaging=is_packaging,
        product=offer.product,
        supplier=offer.supplier,
        needed=round_half_even(wanted.amount, QUANTITY_PLACES),
        on_hand=on_hand,
        to_buy=missing,
        unit=unit,
        packages=offer.packages(missing),
        estimated_cost=offer.cost(missing) if missing else NOTHING,
        sources=tuple(
            Source(event, name, round_half_even(amount, QUANTITY_PLACES))
            for event, name, amount in wanted.sources
        ),
        item_id=item_id,
        tick=tick,
    )


def item_of(item: ShoppingItem) -> int | None:
    """The stock item a line of the list is about; None for plain words."""
    return item.product.ingredient_id if item.product else item.ingredient_id


def _current(tick: ShoppingItem | None, bought_at: datetime | None) -> ShoppingItem | None:
    """The tick while it means something: once the thing was bought some other way, it is over."""
    if tick is None or tick.lot_id is not None or tick.ticked_at is None:
        return tick
    return None if bought_at is not None and bought_at > tick.ticked_at else tick


def hand_line(item: ShoppingItem, offers: Offers) -> HandLine:
    offer = offers.product(item.product_id) if item.product_id else offers.item(item.ingredient_id or 0)
    stock = item.product.ingredient if item.product else item.ingredient
    amount = None
    if stock is not None and item.quantity is not None:
        amount = stock_amount(stock, item.quantity, item.unit)
    return HandLine(
        item=item,
        product=offer.product,
        supplier=offer.supplier,
        packages=offer.packages(amount) if amount else None,
        estimated_cost=offer.cost(amount) if amount else None,
    )


def stock_amount(stock: Any, quantity: Decimal, unit: str) -> Decimal | None:
    """`quantity` of `unit` in stock units (3 places); None where it does not convert."""
    unit = unit or stock.stock_unit
    if not units.can_convert(unit, stock.stock_unit, **stock.factors):
        return None
    return units.convert(quantity, unit, stock.stock_unit, **stock.factors, places=QUANTITY_PLACES)
