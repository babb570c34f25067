"""How the file says amounts: units, what a cup weighs, and in what each ingredient is best kept."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction

from bakery.core.errors import InvalidValueError
from bakery.core.measures import UNITS, Family
from bakery.core.numbers import RECIPE_PLACES, round_half_even
from bakery.desktop.entries import Density, IngredientEntry
from inventory.units import parse_unit

LIGHTEST, HEAVIEST = Decimal("0.02"), Decimal(5)
"""Grams of a millilitre between which a density can be right: puffed rice and icing sugar, not lead."""

_FLUID = re.compile(r"(?i)\b(liquid|liquor|drink|beverage|juice)s?\b")
"""Names of groups that are poured."""

_STOCK_UNIT = {Family.MASS: "g", Family.VOLUME: "ml", Family.COUNT: "each"}


def known_unit(text: str) -> str:
    """The symbol of a unit as the file spells it; "" for one that Bakehouse does not know."""
    try:
        return parse_unit(text)
    except InvalidValueError:
        return ""


def grams_per_ml(density: Density) -> Decimal | None:
    """What a millilitre weighs, 6 places; None where the four fields do not say it."""
    volume, weight = known_unit(density.volume_unit), known_unit(density.weight_unit)
    if not (density.volume and density.weight and volume and weight):
        return None
    if UNITS[volume].family is not Family.VOLUME or UNITS[weight].family is not Family.MASS:
        return None
    grams = Fraction(density.weight) * UNITS[weight].factor
    millilitres = Fraction(density.volume) * UNITS[volume].factor
    if grams <= 0 or millilitres <= 0 or grams > millilitres * 1000:
        return None
    return round_half_even(grams / millilitres, RECIPE_PLACES) or None


class Habits:
    """In which unit each ingredient is kept: as it is bought, else as recipes measure it, else as its like."""

    def __init__(
        self,
        packages: Iterable[tuple[str, str]],
        lines: Iterable[tuple[str, str]],
        groups: Mapping[str, str],
    ) -> None:
        """`packages` and `lines` are (ingredient, unit); `groups` says which ingredients are alike."""
        self._bought: dict[str, list[Family]] = defaultdict(list)
        self._measured: dict[str, list[Family]] = defaultdict(list)
        self._alike: dict[str, Counter[Family]] = defaultdict(Counter)
        self._groups = groups
        self._fluid = {slug for slug, group in groups.items() if _FLUID.search(group)}
        for slug, unit in packages:
            if family := _family(unit):
                self._bought[slug].append(family)
                self._alike[groups.get(slug, "")][family] += 1
        for slug, unit in lines:
            if family := _family(unit):
                self._measured[slug].append(family)

    def stock_unit(self, entry: IngredientEntry, density: Decimal | None) -> str:
        """The unit that lets the most packages, then the most recipe lines be counted; pieces where a recipe counts."""
        bought, measured = self._bought[entry.slug], self._measured[entry.slug]
        if Family.COUNT in measured and not bought:
            return _STOCK_UNIT[Family.COUNT]  # lemons are lemons, also where a recipe wants a cup of juice
        alike = self._alike[self._groups.get(entry.slug, "")]

        def fits(family: Family, others: list[Family]) -> int:
            weighed = density and family is not Family.COUNT
            return sum(other is family or bool(weighed and other is not Family.COUNT) for other in others)

        best = max(
            _STOCK_UNIT,
            key=lambda family: (
                fits(family, bought),
                bought.count(family),
                fits(family, measured),
                alike[family] if family is not Family.COUNT else 0,
                family is Family.VOLUME and entry.slug in self._fluid,
                family is Family.MASS,
            ),
        )
        return _STOCK_UNIT[best]


def _family(unit: str) -> Family | None:
    symbol = known_unit(unit)
    family = UNITS[symbol].family if symbol else None
    return family if family in _STOCK_UNIT else None


_SINGULAR = {
    "cookies": "cookie", "brownies": "brownie", "blondies": "blondie", "pies": "pie", "loaves": "loaf",
    "halves": "half", "knives": "knife",
}  # fmt: skip


def singular(label: str) -> str:
    """One of "cookies": "cookie". What is no plural, or an unusual one, stays as it is."""
    word = label.strip()
    if word.casefold() in _SINGULAR:
        return _SINGULAR[word.casefold()]
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "sses", "xes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 2:
        return word[:-1]
    return word
