"""Kitchen units: what they are called, how they convert, and how people type amounts.

Pure arithmetic without the ORM. Factors are exact `Fraction`s; a result is rounded at most once, half to
even, at the very end. Every quantity on the shelf is kept in one of four stock units: g, ml, each, cm.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import overload

from bakery.core.errors import InvalidValueError
from bakery.core.measures import FAMILY_LABELS, STOCK_UNITS, UNITS, Family, Unit
from bakery.core.numbers import MAX_QUANTITY, RECIPE_PLACES, checked_decimal, round_half_even

__all__ = [
    "STOCK_UNITS",
    "UNITS",
    "ConversionError",
    "Family",
    "Unit",
    "advice",
    "can_convert",
    "choices",
    "convert",
    "grams_per_ml_of_cup",
    "parse_quantity",
    "parse_unit",
    "unit_named",
]

Number = Decimal | Fraction | int

# T and t are the only spellings where case decides, so they stand apart from the rest.
_CASED = {"T": "tbsp", "t": "tsp"}
_SPELLINGS = {
    spelling.casefold(): unit.symbol
    for unit in UNITS.values()
    for spelling in (unit.symbol, unit.name, unit.plural, *unit.spellings)
}
_SOME = "g, kg, oz, lb, ml, l, tsp, tbsp, cup, fl oz, each, dozen, cm or in"
_MAX_TYPED = 50


class ConversionError(InvalidValueError):
    """Two units that do not meet.

    `missing` names the factors that would let them ("grams_per_each", "grams_per_ml", in this order);
    it is empty where nothing helps, because a length only converts to a length.
    """

    def __init__(self, from_unit: str, to_unit: str, missing: tuple[str, ...]) -> None:
        source, target = UNITS[from_unit].plural, UNITS[to_unit].plural
        super().__init__(
            f"To turn {source} into {target}, enter {_what_to_enter(missing)}."
            if missing
            else f"{source.capitalize()} cannot be turned into {target}."
        )
        self.from_unit = from_unit
        self.to_unit = to_unit
        self.missing = missing


def choices(*families: Family) -> list[tuple[str, list[tuple[str, str]]]]:
    """Grouped choices for a form field, of all families or of those named."""
    return [
        (
            FAMILY_LABELS[family],
            [(unit.symbol, unit.symbol) for unit in UNITS.values() if unit.family is family],
        )
        for family in families or Family
    ]


def parse_unit(text: str) -> str:
    """The symbol of the unit that was typed: "Tbsp." -> "tbsp", "cups" -> "cup", "T" -> "tbsp".

    Upper and lower case, dots, dashes and the plural do not matter, except that T and t are not the same.
    Raises InvalidValueError, naming what was typed and some units that are known.
    """
    words = " ".join(re.sub(r"[.\-_]", " ", text[: _MAX_TYPED + 1]).split())
    symbol = _CASED.get(words) or _SPELLINGS.get(words.casefold())
    if symbol is not None and len(text) <= _MAX_TYPED:
        return symbol
    if not words:
        raise InvalidValueError(f"Say which unit: {_SOME}.", field="unit")
    raise InvalidValueError(f"“{_quoted(text)}” is not a unit Bakehouse knows. Use {_SOME}.", field="unit")


def unit_named(spelling: str) -> Unit:
    """The unit of a stored symbol, or of any usual spelling; raises InvalidValueError as parse_unit does."""
    return UNITS.get(spelling) or UNITS[parse_unit(spelling)]


@overload
def convert(
    quantity: Number,
    from_unit: str,
    to_unit: str,
    *,
    grams_per_ml: Number | None = None,
    grams_per_each: Number | None = None,
    places: None = None,
) -> Fraction: ...
@overload
def convert(
    quantity: Number,
    from_unit: str,
    to_unit: str,
    *,
    grams_per_ml: Number | None = None,
    grams_per_each: Number | None = None,
    places: int,
) -> Decimal: ...
def convert(
    quantity: Number,
    from_unit: str,
    to_unit: str,
    *,
    grams_per_ml: Number | None = None,
    grams_per_each: Number | None = None,
    places: int | None = None,
) -> Fraction | Decimal:
    """`quantity` of `from_unit`, in `to_unit`: exact without `places`, else rounded once, half to even.

    Mass and volume meet through `grams_per_ml`, mass and count through `grams_per_each`, volume and count
    through both. Raises ConversionError where they do not meet, InvalidValueError for an unknown unit or a
    number that is not exact. The result is not held against MAX_QUANTITY: one gallon is many millilitres.
    """
    source, target = unit_named(from_unit), unit_named(to_unit)
    over, under = _whole_ratio(quantity)
    ratio_over, ratio_under = _ratio(source.symbol, target.symbol)
    over, under = over * ratio_over, under * ratio_under
    if source.family is not target.family:
        missing = _missing(source, target, grams_per_ml, grams_per_each)
        if missing is None or missing:
            raise ConversionError(source.symbol, target.symbol, missing or ())
        weights = {Family.MASS: 1, Family.VOLUME: grams_per_ml, Family.COUNT: grams_per_each}
        source_over, source_under = _whole_ratio(weights[source.family])
        target_over, target_under = _whole_ratio(weights[target.family])
        over, under = over * source_over * target_under, under * source_under * target_over
    result = Fraction(over, under)
    return result if places is None else round_half_even(result, places)


def grams_per_ml_of_cup(grams: Number) -> Decimal:
    """What a millilitre weighs of something a cup of which weighs so many grams: 6 places, half to even."""
    return round_half_even(Fraction(grams) / UNITS["cup"].factor, RECIPE_PLACES)


def can_convert(
    from_unit: str,
    to_unit: str,
    *,
    grams_per_ml: Number | None = None,
    grams_per_each: Number | None = None,
) -> bool:
    """Whether `convert` would find a way between two units that Bakehouse knows."""
    source, target = unit_named(from_unit), unit_named(to_unit)
    return source.family is target.family or _missing(source, target, grams_per_ml, grams_per_each) == ()


@cache
def _ratio(from_symbol: str, to_symbol: str) -> tuple[int, int]:
    return (UNITS[from_symbol].factor / UNITS[to_symbol].factor).as_integer_ratio()


def _missing(
    source: Unit, target: Unit, grams_per_ml: Number | None, grams_per_each: Number | None
) -> tuple[str, ...] | None:
    """The factors that are missing between two families; None where no factor helps."""
    families = {source.family, target.family}
    if Family.LENGTH in families:
        return None
    factors = (
        ("grams_per_each", Family.COUNT, grams_per_each),
        ("grams_per_ml", Family.VOLUME, grams_per_ml),
    )
    return tuple(name for name, family, grams in factors if family in families and not (grams and grams > 0))


def _whole_ratio(number: object) -> tuple[int, int]:
    """An exact number as two whole ones; its size is looked at first: 1E+999999999 would fill memory."""
    if isinstance(number, Decimal):
        if number.is_finite() and (not number or -30 <= number.adjusted() <= 30):
            return number.as_integer_ratio()
    elif isinstance(number, int | Fraction) and not isinstance(number, bool):
        return number.as_integer_ratio()
    raise InvalidValueError(
        "An amount must be an exact number of a size found in a kitchen.", field="quantity"
    )


def advice(
    name: str,
    from_unit: str,
    to_unit: str,
    grams_per_ml: Number | None = None,
    grams_per_each: Number | None = None,
    *,
    where: str = "the recipe",
) -> str:
    """What to add so that a line in `from_unit` fits the item `name`, kept in `to_unit`; "" if it fits.

    "Lemons are counted, the recipe measures them in cups: enter what one lemon weighs and what a cup
    weighs." `where` is who asks for that unit: "the recipe", "the package", "the composition".
    """
    source, target = unit_named(from_unit), unit_named(to_unit)
    if can_convert(source.symbol, target.symbol, grams_per_ml=grams_per_ml, grams_per_each=grams_per_each):
        return ""
    several = _is_plural(name)
    kept = {
        Family.MASS: "weighed",
        Family.VOLUME: "measured by volume",
        Family.COUNT: "counted",
        Family.LENGTH: "measured by length",
    }[target.family]
    verb = {Family.MASS: "weighs", Family.COUNT: "counts"}.get(source.family, "measures")
    them = "them" if several else "it"
    start = f"{name} {'are' if several else 'is'} {kept}, {where} {verb} {them} in {source.plural}"
    missing = _missing(source, target, grams_per_ml, grams_per_each)
    if missing:
        return f"{start}: enter {_what_to_enter(missing, _one_of(name))}."
    usable = [unit.symbol for unit in UNITS.values() if unit.family is target.family]
    return f"{start}, and these never meet: use {', '.join(usable[:-1])} or {usable[-1]}."


def _what_to_enter(missing: tuple[str, ...], one_of_them: str = "one piece") -> str:
    asked = {"grams_per_each": f"what {one_of_them} weighs", "grams_per_ml": "what a cup weighs"}
    return " and ".join(asked[factor] for factor in missing)


def _is_plural(name: str) -> bool:
    """Whether `name` ("Lemons, organic") reads as several; a guess good enough for is and are."""
    noun = name.partition(",")[0].strip().casefold()
    return noun.endswith("s") and not noun.endswith(("ss", "us", "is", "molasses"))


# "Berries" and "cookies", "leaves" and "olives": these endings hide the singular.
_IRREGULAR = ("ies", "ves", "oes", "ches", "shes", "sses", "xes", "zes")


def _one_of(name: str) -> str:
    """ "one lemon" of "Lemons", where dropping the s is sure to be right, else "one piece"."""
    noun = name.partition(",")[0].strip()
    if not _is_plural(name) or noun.casefold().endswith(_IRREGULAR):
        return "one piece"
    return f"one {noun[:1].lower()}{noun[1:-1]}"


_VULGAR = {
    character: " " + unicodedata.normalize("NFKC", character).replace("\N{FRACTION SLASH}", "/")
    for character in "¼½¾⅐⅑⅒⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"
}
_TYPED = str.maketrans(_VULGAR | {"\N{FRACTION SLASH}": "/", "\N{MINUS SIGN}": "-"})
_DECIMAL = re.compile(r"[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+")
_FRACTION = re.compile(r"(?:([0-9]{1,9})[ -])?([0-9]{1,9}) ?/ ?([0-9]{1,9})")
PLAIN_NUMBERS = "250, 2.5 or 1 1/2, without separators for thousands and without the unit"
_AMBIGUOUS = re.compile(r"([1-9][0-9]{0,2}),([0-9]{3})")


def parse_quantity(
    text: str, *, places: int = RECIPE_PLACES, signed: bool = False, like: str = PLAIN_NUMBERS
) -> Decimal:
    """The amount that was typed: "250", "2.5", "2,5", "1/2", "1 1/2" or "1½".

    A fraction is rounded half to even to `places`; a decimal with more places than that is refused.
    Raises InvalidValueError with a sentence, also for anything from MAX_QUANTITY up, and for what is
    negative unless `signed`. `like` says how to write it where more than a number is understood.
    """
    typed = " ".join(text[: _MAX_TYPED + 1].translate(_TYPED).split())
    if not typed:
        raise InvalidValueError("Enter an amount, like 250, 2.5 or 1 1/2.", field="quantity")
    unsigned = typed[1:].lstrip() if typed[0] in "+-" else typed
    if len(text) > _MAX_TYPED:
        raise _not_an_amount(text, like)
    if match := _AMBIGUOUS.fullmatch(unsigned):
        whole, rest = match.groups()
        raise InvalidValueError(
            f"“{_quoted(text)}” can be read in two ways: type {whole}{rest} or {whole}.{rest}.",
            field="quantity",
        )
    if match := _FRACTION.fullmatch(unsigned):
        number = _fraction(text, *match.groups(), places=places)
    elif _DECIMAL.fullmatch(unsigned):
        number = Decimal(unsigned.replace(",", "."))
    else:
        raise _not_an_amount(text, like)
    amount = checked_decimal(number, places=places, below=MAX_QUANTITY, name="The amount")
    if not amount or not typed.startswith("-"):
        return amount
    if not signed:
        raise InvalidValueError("The amount cannot be negative.", field="quantity")
    return -amount


def _fraction(text: str, whole: str | None, over: str, under: str, *, places: int) -> Decimal:
    if int(under) == 0:
        raise InvalidValueError(f"“{_quoted(text)}” divides by nothing.", field="quantity")
    exact = int(whole or 0) + Fraction(int(over), int(under))
    number = round_half_even(exact, places)
    if exact and not number:
        raise InvalidValueError(f"“{_quoted(text)}” is too little to be kept.", field="quantity")
    return number


def _not_an_amount(text: str, like: str) -> InvalidValueError:
    return InvalidValueError(
        f"“{_quoted(text)}” is not an amount Bakehouse can read. Write it like {like}.", field="quantity"
    )


def _quoted(text: str) -> str:
    """What was typed, short and printable enough to stand in a sentence."""
    shown = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text[:40])
    return shown.strip() + ("…" if len(text) > 40 else "")
