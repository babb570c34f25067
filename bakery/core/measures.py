"""The units of a kitchen: their names and their exact size.

They stand on the ground floor because amounts are shown on every floor; converting between them, and
reading what people type, is `inventory.units`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType


class Family(StrEnum):
    """What a unit measures. Units of one family always convert into each other."""

    MASS = "mass"
    VOLUME = "volume"
    COUNT = "count"
    LENGTH = "length"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as it is stored (`symbol`) and said (`name`, `plural`); one of it is `factor` stock units."""

    symbol: str
    family: Family
    factor: Fraction
    name: str
    plural: str
    spellings: tuple[str, ...]


def _unit(symbol: str, family: Family, factor: str, name: str, plural: str, spellings: str = "") -> Unit:
    others = tuple(filter(None, (spelling.strip() for spelling in spellings.split(","))))
    return Unit(symbol, family, Fraction(factor), name, plural, others)


_TABLE = (
    _unit("g", Family.MASS, "1", "gram", "grams", "gr, grs, gm, gms, gramme, grammes"),
    _unit("kg", Family.MASS, "1000", "kilogram", "kilograms", "kgs, kilo, kilos, kilogramme, kilogrammes"),
    _unit("mg", Family.MASS, "0.001", "milligram", "milligrams", "mgs, milligramme, milligrammes"),
    _unit("oz", Family.MASS, "28.349523125", "ounce", "ounces", "ozs"),
    _unit("lb", Family.MASS, "453.59237", "pound", "pounds", "lbs, #"),
    _unit("ml", Family.VOLUME, "1", "millilitre", "millilitres", "mls, milliliter, milliliters, cc"),
    _unit("cl", Family.VOLUME, "10", "centilitre", "centilitres", "cls, centiliter, centiliters"),
    _unit("dl", Family.VOLUME, "100", "decilitre", "decilitres", "dls, deciliter, deciliters"),
    _unit("l", Family.VOLUME, "1000", "litre", "litres", "ltr, ltrs, liter, liters"),
    _unit("tsp", Family.VOLUME, "4.92892159375", "teaspoon", "teaspoons", "tsps"),
    _unit("tbsp", Family.VOLUME, "14.78676478125", "tablespoon", "tablespoons", "tbsps, tbs, tb, tbl, tblsp"),
    _unit(
        "fl oz", Family.VOLUME, "29.5735295625", "fluid ounce", "fluid ounces", "floz, fl ounce, fl ounces"
    ),
    _unit("cup", Family.VOLUME, "236.5882365", "cup", "cups", "c"),
    _unit("pt", Family.VOLUME, "473.176473", "pint", "pints", "pts"),
    _unit("qt", Family.VOLUME, "946.352946", "quart", "quarts", "qts"),
    _unit("gal", Family.VOLUME, "3785.411784", "gallon", "gallons", "gals"),
    _unit("each", Family.COUNT, "1", "piece", "pieces", "ea, pc, pcs, ct, cts, count, counts, unit, units"),
    _unit("dozen", Family.COUNT, "12", "dozen", "dozens", "doz, dz"),
    _unit("cm", Family.LENGTH, "1", "centimetre", "centimetres", "cms, centimeter, centimeters"),
    _unit("mm", Family.LENGTH, "0.1", "millimetre", "millimetres", "mms, millimeter, millimeters"),
    _unit("m", Family.LENGTH, "100", "metre", "metres", "meter, meters"),
    _unit("in", Family.LENGTH, "2.54", "inch", "inches", 'ins, ", ″, linear inch, linear inches'),
    _unit("ft", Family.LENGTH, "30.48", "foot", "feet", "', ′, linear foot, linear feet"),
    _unit("yd", Family.LENGTH, "91.44", "yard", "yards", "yds, linear yard, linear yards"),
)

UNITS: Mapping[str, Unit] = MappingProxyType({unit.symbol: unit for unit in _TABLE})
"""Every unit, by the symbol that is stored."""

STOCK_UNITS: Mapping[str, str] = MappingProxyType(
    {"g": "g (weighed)", "ml": "ml (measured)", "each": "each (counted)", "cm": "cm (by length)"}
)
"""The units quantities on the shelf are kept in, with what a form calls them."""

US_UNITS = frozenset({"oz", "lb", "tsp", "tbsp", "fl oz", "cup", "pt", "qt", "gal", "in", "ft", "yd"})
"""The US customary ones; the others are metric, or count."""

FAMILY_LABELS: Mapping[Family, str] = MappingProxyType(
    {Family.MASS: "Weight", Family.VOLUME: "Volume", Family.COUNT: "Pieces", Family.LENGTH: "Length"}
)
