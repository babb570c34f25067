"""First in, first out: which open lots a need is served from, and the money that goes with them.

Pure arithmetic without the ORM. The preview and the commit call the same `allocate`, so what a page
promises is what is booked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from bakery.core.errors import InvalidValueError
from bakery.core.numbers import MAX_COUNT, MONEY_PLACES, QUANTITY_PLACES, round_half_even

DUST = Decimal("0.005")
"""Less than this of a stock unit (g, ml, each, cm) is nothing anyone could weigh or would look for."""

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class OpenLot:
    """A lot with something left: `quantity` in stock units (3 places), `value` in money (4 places)."""

    lot_id: int
    received_on: date
    quantity: Decimal
    value: Decimal


@dataclass(frozen=True, slots=True)
class Take:
    """What leaves one lot, and what stays in it."""

    lot_id: int
    quantity: Decimal
    value: Decimal
    quantity_left: Decimal
    value_left: Decimal


@dataclass(frozen=True, slots=True)
class Allocation:
    """How a need is served: `taken` and `value` add up the takes, `short` is what the shelf lacks.

    `taken` can be up to DUST more than was needed (a lot is never left with dust), and less by `short`.
    """

    takes: tuple[Take, ...]
    taken: Decimal
    value: Decimal
    short: Decimal
    satisfied: bool

    @property
    def is_unpriced(self) -> bool:
        """Whether some of it comes from a lot that stands for no money: given, or its price was never entered."""
        return any(not take.value and not take.value_left for take in self.takes)


def allocate(needed: Decimal, queue: Iterable[OpenLot]) -> Allocation:
    """Serve `needed` stock units from `queue`, in the order given (the caller's: received_on, id).

    The need is rounded once, half to even, to 3 places; a value is split half to even to 4 places.
    `queue` is read only as far as it is needed. Raises InvalidValueError for a negative need.
    """
    needed = round_half_even(needed, QUANTITY_PLACES)
    if needed < 0:
        raise InvalidValueError(f"What is taken from the shelf cannot be negative: {needed}.", field="needed")
    takes: list[Take] = []
    open_need = needed
    if needed > 0:
        for lot in queue:
            if lot.quantity <= 0:
                continue
            take = _take(lot, open_need)
            takes.append(take)
            open_need -= take.quantity
            if open_need <= 0:
                break
    short = max(open_need, NOTHING)
    return Allocation(
        takes=tuple(takes),
        taken=sum((take.quantity for take in takes), NOTHING),
        value=sum((take.value for take in takes), NOTHING),
        short=short,
        satisfied=short == 0 or (bool(takes) and short < DUST),
    )


def _take(lot: OpenLot, wanted: Decimal) -> Take:
    """Take `wanted` out of `lot`, or all of it where no more than dust would stay behind."""
    quantity_left = lot.quantity - wanted
    if quantity_left < DUST:
        return Take(lot.lot_id, lot.quantity, lot.value, NOTHING, NOTHING)
    share = Fraction(lot.value) * Fraction(wanted) / Fraction(lot.quantity)
    value = round_half_even(share, MONEY_PLACES)
    return Take(lot.lot_id, wanted, value, quantity_left, lot.value - value)


def times_within(each: Fraction, there: Decimal) -> int:
    """How often `there` satisfies a need of `each`, added up and rounded once (dust included)."""
    if not there:
        return 0
    times = int((Fraction(there) + Fraction(DUST)) / each)
    while times and round_half_even(each * times, QUANTITY_PLACES) - there >= DUST:
        times -= 1
    return min(times, MAX_COUNT)


def most_within(limits: Iterable[tuple[Fraction, Decimal]]) -> int:
    """How often what is there serves what one takes, for the scarcest of these pairs (one takes, there is).

    What one takes nothing of sets no limit; without any limit it is 0, because nothing is known.
    """
    return min((times_within(takes, there) for takes, there in limits if takes), default=0)
