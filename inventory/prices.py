"""What something costs by the kilo, the litre, the metre or the piece, as shops say it."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from bakery.core.formatting import current_style, money
from bakery.core.numbers import MONEY_PLACES, round_half_even
from inventory import units

METRIC = {"g": "kg", "ml": "l", "cm": "m", "each": "each"}
US = {"g": "lb", "ml": "fl oz", "cm": "yd", "each": "each"}


def unit_price(value: Decimal, quantity: Decimal, stock_unit: str) -> str:
    """`value` paid for `quantity` stock units, as "$2.00 per kg" (2 places); "" where there is no quantity."""
    if not quantity:
        return ""
    unit = (US if current_style().display == "us" else METRIC)[stock_unit]
    of_one = Fraction(value) / Fraction(quantity) * Fraction(units.convert(1, unit, stock_unit))
    price = money(round_half_even(of_one, MONEY_PLACES))
    return f"{price} each" if unit == "each" else f"{price} per {unit}"
