"""Exact numbers: rounding, bounds and the checks that come before any arithmetic."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal, InvalidOperation
from fractions import Fraction
from functools import cache

from bakery.core.errors import InvalidValueError

QUANTITY_PLACES = 3
"""Decimal places of a quantity on the shelf, in its stock unit (g, ml, each, cm)."""

RECIPE_PLACES = 6
"""Decimal places of what a recipe asks for: 2/3 cup times 12 must be 8 cups."""

MONEY_PLACES = 4
"""Decimal places of money: hundredths of a cent."""

MAX_QUANTITY = Decimal(10) ** 9
"""Quantities stay below this many units, so that sums of a whole history fit a BIGINT."""

MAX_MONEY = Decimal(10) ** 9
"""Amounts of money stay below this, for the same reason."""

MAX_COUNT = 10**6
"""Batches, pieces and boxes counted at once stay at or below this."""

EXACT = Context(prec=60, rounding=ROUND_HALF_EVEN)


@cache
def step(places: int) -> Decimal:
    """The smallest number with so many places: 0.001 for 3."""
    return Decimal(1).scaleb(-places)


def round_half_even(value: Decimal | Fraction | int, places: int) -> Decimal:
    """`value` with exactly `places` decimals, half to even; raises InvalidValueError when not finite."""
    if isinstance(value, Fraction):
        scaled = round(value * 10**places)  # Fraction rounds half to even
        return Decimal(scaled).scaleb(-places, context=EXACT)
    try:
        return Decimal(value).quantize(step(places), context=EXACT)
    except InvalidOperation:
        raise InvalidValueError("That is not a number Bakehouse can count with.") from None


def checked_decimal(
    value: object, *, places: int, below: Decimal, name: str, positive: bool = False, signed: bool = False
) -> Decimal:
    """`value` as an exact Decimal with at most `places` decimals and an amount under `below`.

    Raises InvalidValueError for floats, booleans, NaN, too many places, negative numbers unless `signed`,
    and zero when `positive`. The size is looked at before any arithmetic: 1E+999999999 would fill memory.
    """
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        raise InvalidValueError(f"{name} must be an exact number, not {type(value).__name__}.", field=name)
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise InvalidValueError(f"{name} must be a number; “{value}” is not one.", field=name) from None
    if not number.is_finite():
        raise InvalidValueError(f"{name} must be a number; “{value}” is not one.", field=name)
    if number.adjusted() > 30 or abs(number) >= below:
        raise InvalidValueError(f"{name} is too large: it must stay below {below}.", field=name)
    if number and number.adjusted() < -30:
        raise InvalidValueError(f"{name} has too many decimals: at most {places} are kept.", field=name)
    rounded = number.quantize(step(places), context=EXACT)
    if rounded != number:
        raise InvalidValueError(f"{name} has too many decimals: at most {places} are kept.", field=name)
    if number < 0 and not signed:
        raise InvalidValueError(f"{name} cannot be negative.", field=name)
    if positive and number <= 0:
        raise InvalidValueError(f"{name} must be more than 0.", field=name)
    return rounded


def checked_quantity(value: object, name: str = "The quantity", **options: bool) -> Decimal:
    """A quantity in recipe precision (6 places), below MAX_QUANTITY; raises InvalidValueError."""
    return checked_decimal(value, places=RECIPE_PLACES, below=MAX_QUANTITY, name=name, **options)


def checked_money(value: object, name: str = "The price", **options: bool) -> Decimal:
    """An amount of money with at most 4 places, below MAX_MONEY; raises InvalidValueError."""
    return checked_decimal(value, places=MONEY_PLACES, below=MAX_MONEY, name=name, **options)


def checked_count(value: object, name: str, *, minimum: int = 1) -> int:
    """A whole number from `minimum` to MAX_COUNT; raises InvalidValueError."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise InvalidValueError(f"{name} must be a whole number.", field=name)
    if value < minimum:
        raise InvalidValueError(f"{name} must be at least {minimum}; {value} is not.", field=name)
    if value > MAX_COUNT:
        raise InvalidValueError(f"{name} must be at most {MAX_COUNT}.", field=name)
    return value


def typed_count(text: str | None) -> int:
    """A whole number as it stands in an address or half typed in a form; 0 where it is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0
