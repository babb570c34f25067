"""Products, and the lots that are left of what was bought."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.utils import timezone

from bakery.core.errors import BakeryError
from bakery.core.formatting import as_written, exact, money
from bakery.core.numbers import MONEY_PLACES, QUANTITY_PLACES, round_half_even
from bakery.desktop.entries import LotEntry, ProductEntry, ProductKey
from bakery.desktop.measures import known_unit
from bakery.desktop.moving import Move, uuid_of
from bakery.desktop.pantry import supplier_named
from bakery.desktop.prices import Match, PriceKey
from bakery.desktop.report import Topic
from inventory.models import Lot, Product, StockEntry
from inventory.services import receive_lot

NOTHING = Decimal(0)


def take_products(move: Move) -> None:
    """Products with their barcodes and preferred suppliers."""
    barcodes: set[str] = set()
    for entry in move.document.products:
        ingredient = move.ingredients.get(entry.ingredient)
        unit = known_unit(entry.unit)
        if ingredient is None or not entry.quantity or not unit:
            move.stays(
                f"Product {said(entry)} ({entry.path}): its package “{package(entry)}” cannot be read."
            )
            continue
        product = Product(
            ingredient=ingredient,
            brand=entry.brand,
            name=entry.name,
            package_quantity=round_half_even(entry.quantity, QUANTITY_PLACES),
            package_unit=unit,
            gtin=barcode(move, entry, barcodes),
            preferred_supplier=move.suppliers.get(entry.supplier) if entry.supplier is not None else None,
            is_preferred=entry.is_preferred and not preferred_already(ingredient),
            is_archived=entry.is_archived,
        )
        same = {
            "ingredient": ingredient,
            "brand": product.brand,
            "name": product.name,
            "package_quantity": product.package_quantity,
            "package_unit": unit,
        }
        kept = move.keep("product", product, *entry.key, same=same, path=entry.path)
        if kept is not None:
            move.products.setdefault(entry.key, kept)


def said(entry: ProductEntry) -> str:
    named = " ".join(filter(None, (entry.brand, entry.name)))
    return f"“{named or entry.ingredient}”"


def package(entry: ProductEntry) -> str:
    return f"{exact(entry.quantity or NOTHING)} {entry.unit}".strip()


def preferred_already(ingredient: Any) -> bool:
    return Product.objects.filter(ingredient=ingredient, is_preferred=True).exists()


def barcode(move: Move, entry: ProductEntry, taken: set[str]) -> str:
    """The barcode, or "" where it is none or another product bears it."""
    code = entry.gtin
    if not code:
        return ""
    fault = ""
    if not (code.isascii() and code.isdigit() and 8 <= len(code) <= 14):
        fault = "is no barcode"
    elif (
        code in taken
        or Product.objects.filter(gtin=code).exclude(uuid=uuid_of("product", *entry.key)).exists()
    ):
        fault = "is the barcode of another product too"
    if fault:
        move.report.hand(Topic.LOOK, f"Product {said(entry)}: “{code}” {fault} and was left out.")
        return ""
    taken.add(code)
    return code


@dataclass(frozen=True, slots=True)
class Pending:
    """A lot that is about to be received."""

    key: UUID
    entry: LotEntry
    product: Any
    quantity: Decimal
    match: Match | None


def take_lots(move: Move) -> None:
    """Receive what is left of each purchase, by item in the order of ids, so that locks are taken in one order."""
    pending = sorted(_pending(move), key=lambda each: each.product.ingredient_id)
    for each in pending:
        _receive(move, each)
    for row in move.prices.unused:
        if row.price is not None:
            move.report.hand(Topic.UNUSED_PRICE, f"{row.title} (line {row.line}).")


def _pending(move: Move) -> list[Pending]:
    found = []
    counted: dict[UUID, int] = {}
    matches = move.prices.join([_price_key(move, entry) for entry in move.document.lots])
    for entry, match in zip(move.document.lots, matches, strict=True):
        alike = uuid_of("lot", *entry.product, entry.received_on)
        counted[alike] = counted.get(alike, 0) + 1
        key = uuid_of("lot", alike, counted[alike])
        product = _product_of(move, entry)
        if product is None:
            move.stays(f"Lot {entry.path}: its product was not taken over.")
        elif entry.quantity is None or entry.quantity < 0:
            move.stays(f"Lot {entry.path}, {product}: it says no amount that can be on a shelf.")
        elif entry.quantity == 0:
            move.report.unplaced["inventory_items that are used up"] += 1
        else:
            found.append(Pending(key, entry, product, entry.quantity, match))
    return found


def _price_key(move: Move, entry: LotEntry) -> PriceKey:
    slug, brand, name, quantity, unit = entry.product
    return (move.names[slug], brand, name, (quantity, unit))


def _product_of(move: Move, entry: LotEntry) -> Any:
    """The product of these names and package; where the lot names no package, the first of these names."""
    if entry.product in move.products:
        return move.products[entry.product]
    alike = [product for key, product in move.products.items() if _same_names(key, entry.product)]
    return alike[0] if alike and entry.product[3] is None else None


def _same_names(one: ProductKey, other: ProductKey) -> bool:
    return one[:3] == other[:3]


def _receive(move: Move, each: Pending) -> None:
    entry, product = each.entry, each.product
    here = StockEntry.objects.filter(uuid=each.key).first()
    if here is not None:
        move.report.known["lot"] += 1
        lot = here.movements.select_related("lot").get().lot
        if lot.quantity_remaining and not lot.value_remaining:
            _say_unpriced(move, each, lot)
        return
    price, supplier = _price_of(move, each)
    share = Fraction(each.quantity) / Fraction(product.package_quantity)
    try:
        lot = receive_lot(
            product_id=product.pk,
            quantity=each.quantity,
            unit=known_unit(entry.product[4]) or product.package_unit,
            total_cost=round_half_even(Fraction(price or NOTHING) * share, MONEY_PLACES),
            received_on=entry.received_on or timezone.localdate(),
            supplier_id=supplier.pk if supplier else None,
            expires_on=entry.expires_on,
            location=move.clipped(entry.location, str(product)),
            note=entry.note,
            uuid=each.key,
        )
    except BakeryError as error:
        move.stays(f"Lot {entry.path}, {product}: {error}")
        return
    move.report.created["lot"] += 1
    if price is None:
        _say_unpriced(move, each, lot)
    elif each.match is not None and not each.match.named:
        row = each.match.row
        move.report.hand(
            Topic.MATCHED,
            f"{product.ingredient}: {product} took the price of “{row.product}” (line {row.line}).",
            lot,
        )


def _say_unpriced(move: Move, each: Pending, lot: Lot) -> None:
    said = f"{each.product.ingredient}: {each.product}{_elsewhere(move, each.entry)}."
    move.report.hand(Topic.PRICE, said, lot)


def _elsewhere(move: Move, entry: LotEntry) -> str:
    """What the price list says of the same product in another package."""
    for row in move.prices.of_other_package(_price_key(move, entry)):
        return f"; the list has {as_written(row.package[0] or 1, row.package[1])} of it for {money(row.price or NOTHING)}"
    return ""


def _price_of(move: Move, each: Pending) -> tuple[Decimal | None, Any]:
    """What a package cost and who sold it: as the lot's purchase says, else as the price list does."""
    bought = move.purchases.get(each.entry.purchase)
    row = each.match.row if each.match else None
    price = bought.price if bought else None
    supplier = move.suppliers.get(bought.supplier) if bought and bought.supplier is not None else None
    if row is not None:
        price = price if price is not None else row.price
        supplier = supplier or supplier_named(move, row.supplier)
    return price, supplier
