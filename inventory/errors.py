"""What can go wrong on the shelf, each with its data and a sentence for the baker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from bakery.core.errors import BakeryError, NotFoundError
from bakery.core.formatting import quantity, told_apart

if TYPE_CHECKING:
    from inventory.models import StockEntry


@dataclass(frozen=True, slots=True)
class MissingIngredient:
    """An ingredient of which the shelf holds too little: amounts in `unit`, its stock unit."""

    ingredient_slug: str
    ingredient_name: str
    needed: Decimal
    available: Decimal
    unit: str
    ingredient_id: int = 0

    @property
    def short(self) -> Decimal:
        return self.needed - self.available

    def sentence(self) -> str:
        needed, available = told_apart(self.needed, self.available, self.unit)
        return f"Not enough {self.ingredient_name}: needs {needed}, there is {available}"


@dataclass(frozen=True, slots=True)
class Unconvertible:
    """A line whose unit cannot be turned into the unit its ingredient is kept in."""

    ingredient_slug: str
    ingredient_name: str
    quantity: Decimal
    unit: str
    stock_unit: str
    advice: str
    ingredient_id: int = 0


class IngredientNotFoundError(NotFoundError):
    def __init__(self, slug: object) -> None:
        super().__init__(f"There is no ingredient “{slug}”. Look it up in the pantry.")
        self.slug = slug


class StockItemNotFoundError(NotFoundError):
    def __init__(self, item_id: object) -> None:
        super().__init__(f"There is nothing with the number {item_id} in the pantry.")
        self.item_id = item_id


class ProductNotFoundError(NotFoundError):
    def __init__(self, product_id: object) -> None:
        super().__init__(f"There is no product with the number {product_id}. Choose one from the list.")
        self.product_id = product_id


class SupplierNotFoundError(NotFoundError):
    def __init__(self, supplier_id: object) -> None:
        super().__init__(f"There is no supplier with the number {supplier_id}. Choose another one, or none.")
        self.supplier_id = supplier_id


class LotNotFoundError(NotFoundError):
    def __init__(self, lot_id: object) -> None:
        super().__init__(f"There is no lot with the number {lot_id}.")
        self.lot_id = lot_id


class EntryNotFoundError(NotFoundError):
    def __init__(self, entry_id: object) -> None:
        super().__init__(f"There is no ledger entry with the number {entry_id}.")
        self.entry_id = entry_id


class InsufficientInventoryError(BakeryError):
    """The shelf holds too little of one or more ingredients. Nothing was changed.

    `missing` lists every one of them; `ingredient_slug`, `needed` and `available` are those of the first.
    """

    def __init__(self, missing: Sequence[MissingIngredient]) -> None:
        self.missing = tuple(missing)
        super().__init__(". ".join(each.sentence() for each in self.missing) + ".")
        first = self.missing[0]
        self.ingredient_slug = first.ingredient_slug
        self.ingredient_name = first.ingredient_name
        self.needed = first.needed
        self.available = first.available


class UnconvertibleError(BakeryError):
    """Lines that cannot be turned into stock units; `lines` has them all, each with its advice."""

    def __init__(self, lines: Sequence[Unconvertible]) -> None:
        self.lines = tuple(lines)
        super().__init__(" ".join(each.advice for each in self.lines) + " Nothing was recorded.")


class StockChangedError(BakeryError):
    """The shelf changed since the page was shown: `seen` there, `now` here, in `unit`."""

    def __init__(self, name: str, seen: Decimal, now: Decimal, unit: str) -> None:
        was, there_is = told_apart(seen, now, unit)
        super().__init__(
            f"{name} changed while you were counting: the page showed {was}, now there is {there_is}. "
            "Nothing was changed. Look again and send your count once more."
        )
        self.seen = seen
        self.now = now
        self.unit = unit


class AlreadyCountedError(StockChangedError):
    """The same was counted before: what was found more then, in `unit`, is a lot of its own since."""

    def __init__(self, name: str, counted: Decimal, seen: Decimal, unit: str) -> None:
        there, here = told_apart(counted, seen, unit)
        BakeryError.__init__(
            self,
            f"{there} of {name} was counted here already: {here} of it is this lot, and the "
            f"{quantity(counted - seen, unit)} found more is a lot of its own since. Nothing was added again. "
            "Count each lot by itself.",
        )
        self.seen = seen
        self.now = counted
        self.unit = unit


class NotEnoughToRemoveError(BakeryError):
    """More was to be taken off the shelf by hand than there is."""

    def __init__(self, name: str, wanted: Decimal, available: Decimal, unit: str) -> None:
        super().__init__(
            f"There is only {quantity(available, unit)} of {name}, so {quantity(wanted, unit)} cannot be "
            "taken off the shelf. Nothing was changed."
        )
        self.wanted = wanted
        self.available = available


class CannotCorrectError(BakeryError):
    """A correction that the ledger does not allow; the sentence says why."""


class InUseError(BakeryError):
    """Something cannot be voided because of what was done with it since: `entries` are in the way."""

    def __init__(self, what: str, entries: Sequence[StockEntry]) -> None:
        self.entries = tuple(entries)
        users = "; ".join(entry.summary for entry in self.entries) or "what happened to it since"
        super().__init__(
            f"{what} cannot be voided, because it was used: {users}. Nothing was changed. Void that first."
        )
