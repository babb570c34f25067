"""How amounts, money and days are said to people: on pages, in sentences, on printed lists.

Everything here returns a plain `str` (templates escape it), rounded half to even for the eye only. What a
machine reads (`value=`, `data-*`, CSV) and what must be traceable goes through `exact`. Numbers are English,
without separators for thousands and never with an exponent.

The household's currency and display come from `current_style()`. The middleware wraps each request, and the
base of the commands each run, in `with using(household):`; outside of that the defaults hold.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Protocol

from django.utils import dateformat, timezone

from bakery.core.measures import UNITS, US_UNITS, Family
from bakery.core.numbers import MONEY_PLACES, round_half_even, step

Number = Decimal | Fraction | int


class HasStyle(Protocol):
    """What a household must know to be used here; `bakery.core.models.Household` does."""

    currency: str
    display: str


@dataclass(frozen=True, slots=True)
class Style:
    """The currency (ISO 4217) and the display ("metric" or "us") that pages and sentences use."""

    currency: str = "USD"
    display: str = "metric"


DEFAULT_STYLE = Style()
_style: ContextVar[Style] = ContextVar("style", default=DEFAULT_STYLE)


def current_style() -> Style:
    """The style of the household that this request or command works for."""
    return _style.get()


@contextmanager
def using(household: HasStyle) -> Iterator[None]:
    """Use the household's style inside the block."""
    token = _style.set(Style(household.currency, household.display))
    try:
        yield
    finally:
        _style.reset(token)


# Money

SYMBOLS = {
    "USD": "$", "CAD": "$", "AUD": "$", "NZD": "$", "MXN": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "CNY": "¥",
    "INR": "₹", "KRW": "₩", "ILS": "₪", "UAH": "₴", "TRY": "₺", "PHP": "₱", "BRL": "R$", "ZAR": "R",
}  # fmt: skip
WITHOUT_CENTS = frozenset({"JPY", "KRW", "ISK", "VND", "CLP"})


def money(amount: Number) -> str:
    """An amount as a price tag says it: "$9.41". What would round to nothing is "under $0.01", not 0."""
    rounded = payable(amount)
    if amount and not rounded:
        return f"under {_with_currency(step(_places()))}" if amount > 0 else money4(amount)
    return _with_currency(rounded)


def payable(amount: Number) -> Decimal:
    """As much of an amount as there are coins for: 9.41 of 9.4127, and nothing of a hundredth of a cent."""
    return round_half_even(amount, _places())


def _places() -> int:
    return 0 if current_style().currency in WITHOUT_CENTS else 2


def money4(amount: Number) -> str:
    """An amount as the ledger keeps it, to the hundredth of a cent: "$0.1623"."""
    return _with_currency(round_half_even(amount, MONEY_PLACES))


def _with_currency(amount: Decimal) -> str:
    code = current_style().currency
    sign = "-" if amount < 0 else ""
    return f"{sign}{SYMBOLS.get(code, f'{code} ')}{abs(amount):f}"


# Amounts

_BIGGER = {"g": ("kg", 1000), "ml": ("l", 1000), "cm": ("m", 100)}
_BASE = {Family.MASS: "g", Family.VOLUME: "ml", Family.LENGTH: "cm"}
_SPOKEN_IN_FRACTIONS = frozenset({"tsp", "tbsp", "cup", "pt", "qt", "gal", "each", "dozen"})
_GLYPHS = {
    Fraction(0): "", Fraction(1, 8): "⅛", Fraction(1, 4): "¼", Fraction(1, 3): "⅓", Fraction(3, 8): "⅜",
    Fraction(1, 2): "½", Fraction(5, 8): "⅝", Fraction(2, 3): "⅔", Fraction(3, 4): "¾", Fraction(7, 8): "⅞",
    Fraction(1): "",
}  # fmt: skip
_TYPED = Fraction(1, 250)  # 0.33 and 0.333333 were meant as a third, 0.38 was not meant as ⅜
_MEASURED = Fraction(1, 50)  # the share a spoon or a cup may be off when grams are said in them
_US_UNITS_FROM = {
    "g": (("lb", Fraction(1)), ("oz", Fraction(0))),
    "ml": (("gal", Fraction(1)), ("cup", Fraction(1, 4)), ("tbsp", Fraction(1)), ("tsp", Fraction(0))),
    "cm": (("yd", Fraction(1)), ("in", Fraction(0))),
}
_NEARLY = Fraction(499, 500)  # 15.99 oz is said as a pound


def exact(number: Number) -> str:
    """All significant places and no exponent: "0.666667", "1000". For forms, files and what is traced."""
    text = f"{round_half_even(number, 6) if isinstance(number, Fraction) else Decimal(number):f}"
    return _without_zeros(text)


def quantity(amount: Number, unit: str) -> str:
    """What is on the shelf, as the household says it: "1.2 kg", "61 ml", "18", "1.5 m"; "2.65 lb" in the US.

    `amount` is in `unit`, usually a stock unit. Any other unit is kept and said as in a recipe.
    """
    if unit not in _BIGGER:
        return plain(amount, 2) if unit == "each" else as_written(amount, unit)
    return _us(amount, unit) if current_style().display == "us" else _metric(amount, unit)


def also(amount: Number, unit: str) -> str:
    """The same in the system the household does not use, said beside `quantity`: "14.1 lb"; "" for pieces."""
    if unit in _BIGGER and current_style().display == "us":
        return _metric(amount, unit) if amount else ""
    return as_written_also(amount, unit)


def as_written(amount: Number, unit: str) -> str:
    """An amount in the unit someone chose for it, a recipe line or a package: "1½ cups", "25 lb", "⅔ tsp"."""
    exactly = Fraction(amount)
    number = _with_glyph(exactly, _TYPED) if unit in _SPOKEN_IN_FRACTIONS else ""
    if not number:
        number = exact(amount) if exactly * 1000 % 1 == 0 else plain(exactly)
    return _labelled(number, exactly, unit)


def as_written_also(amount: Number, unit: str) -> str:
    """The same in the other system than that of `unit`: "473 ml" for 2 cups; "" for pieces."""
    if not amount or unit not in UNITS or UNITS[unit].family is Family.COUNT:
        return ""
    in_base = Fraction(amount) * UNITS[unit].factor
    base = _BASE[UNITS[unit].family]
    return _metric(in_base, base) if unit in US_UNITS else _us(in_base, base)


def told_apart(first: Number, second: Number, unit: str) -> tuple[str, str]:
    """Two different quantities as two different texts, exact where `quantity` would say the same twice."""
    texts = quantity(first, unit), quantity(second, unit)
    if texts[0] != texts[1] or first == second:
        return texts
    return _labelled(exact(first), Fraction(first), unit), _labelled(exact(second), Fraction(second), unit)


def plain(number: Number, places: int = 0) -> str:
    """A number for the eye, with the places its size makes worth reading, or `places` where that is more."""
    exactly = Fraction(number)
    return _without_zeros(f"{round_half_even(exactly, max(places, _worth_reading(exactly))):f}")


def _worth_reading(number: Fraction) -> int:
    """How many decimals matter: 0 from 100 up, 1 from 10 up, else 2, and enough for two digits below 0.1."""
    size = abs(number)
    if size >= 100 or not size:
        return 0
    if size >= 10:
        return 1
    return next((places for places in range(2, 15) if size * 10 ** (places - 1) >= 1), 15)


def _without_zeros(text: str) -> str:
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def _labelled(number: str, amount: Fraction, unit: str) -> str:
    if unit in ("each", ""):
        return number
    return f"{number} {'cups' if unit == 'cup' and not 0 < abs(amount) <= 1 else unit}"


def _with_glyph(amount: Fraction, tolerance: Fraction) -> str:
    """ "1½" where a fraction that cooks use is within `tolerance` of the amount, else ""."""
    whole, rest = divmod(abs(amount), 1)
    nearest = min(_GLYPHS, key=lambda fraction: abs(fraction - rest))
    if abs(nearest - rest) > tolerance or whole + nearest == 0:
        return ""
    whole += nearest == 1
    return f"{'-' if amount < 0 else ''}{whole or ''}{_GLYPHS[nearest]}"


def _metric(amount: Number, unit: str) -> str:
    bigger, size = _BIGGER[unit]
    exactly = Fraction(amount)
    if abs(round_half_even(exactly, _worth_reading(exactly))) < size:
        return f"{plain(exactly)} {unit}"
    return f"{plain(exactly / size, 2)} {bigger}"


def _us(amount: Number, unit: str) -> str:
    """Stock units in pounds and ounces, yards and inches, or the largest measure that holds them well."""
    for symbol, at_least in _US_UNITS_FROM[unit]:
        converted = Fraction(amount) / UNITS[symbol].factor
        if abs(converted) >= at_least * _NEARLY:
            break
    number = _with_glyph(converted, abs(converted) * _MEASURED) if symbol in _SPOKEN_IN_FRACTIONS else ""
    if not number and symbol == "cup":
        symbol, converted = "fl oz", converted * 8
    return _labelled(number or plain(converted), converted, symbol)


# Words


def plural(count: Number, noun: str) -> str:
    """A number with its noun: "1 batch", "58 cookies", "½ batch". An odd plural is told: "person,people"."""
    return f"{as_written(count, 'each')} {noun_for(count, noun)}"


def noun_for(count: Number, noun: str) -> str:
    """The noun alone, as the number asks for it: "batches" for 2."""
    one, _, several = noun.partition(",")
    if 0 < abs(Fraction(count)) <= 1 or not one:
        return one
    if several:
        return several
    if one.endswith(("ss", "x", "z", "ch", "sh")):
        return f"{one}es"
    if one.endswith("s"):  # somebody's label is "cookies" already
        return one
    if one.endswith(("loaf", "half")):
        return f"{one[:-1]}ves"
    if one.endswith("y") and one[-2:-1] not in tuple("aeiou"):
        return f"{one[:-1]}ies"
    return f"{one}s"


def percent(share: Number | float) -> str:
    """Whole percents, where 100% means all of it and 0% nothing: 99.7 is "99%", 0.2 is "under 1%"."""
    exactly = Fraction(share)
    if 0 < exactly < 1:
        return "under 1%"
    return f"{99 if 99 < exactly < 100 else round(exactly)}%"


# Days, in the time zone that is active


def day(when: date) -> str:
    """ "18 Nov", or "20 Sep 2025" when that is not this year."""
    local = _local(when)
    return _written(local, "j M" if local.year == timezone.localdate().year else "j M Y")


def weekday(when: date) -> str:
    """ "Sun 29 Nov", with the year when it is not this one."""
    return f"{_written(_local(when), 'D')} {day(when)}"


def day_long(when: date) -> str:
    """ "Sunday 29 November 2026"."""
    return _written(_local(when), "l j F Y")


def moment(when: datetime) -> str:
    """ "Wed 18 Nov 2026, 16:40"."""
    return _written(_local(when), "D j M Y, H:i")


def away(when: date) -> str:
    """How far off a day is: "today", "tomorrow", "in 9 days", "3 days ago", "14 months ago"."""
    local = _local(when)
    days = ((local.date() if isinstance(local, datetime) else local) - timezone.localdate()).days
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}
    if days in near:
        return near[days]
    length = plural(abs(days), "day") if abs(days) <= 60 else plural(abs(days) * 12 // 365, "month")
    return f"in {length}" if days > 0 else f"{length} ago"


def _local(when: date) -> date:
    """`when`, or the household's time of it when it is a moment in time."""
    return timezone.localtime(when) if isinstance(when, datetime) and timezone.is_aware(when) else when


def _written(when: date, form: str) -> str:
    return str(dateformat.format(when, form))
