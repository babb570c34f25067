from __future__ import annotations

import itertools
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bakery.core.errors import InvalidValueError
from inventory.units import (
    STOCK_UNITS,
    UNITS,
    ConversionError,
    Family,
    advice,
    can_convert,
    choices,
    convert,
    parse_unit,
)

FACTORS = {
    "kg": ("1000", "g"),
    "mg": ("0.001", "g"),
    "oz": ("28.349523125", "g"),
    "lb": ("453.59237", "g"),
    "l": ("1000", "ml"),
    "dl": ("100", "ml"),
    "cl": ("10", "ml"),
    "tsp": ("4.92892159375", "ml"),
    "tbsp": ("14.78676478125", "ml"),
    "fl oz": ("29.5735295625", "ml"),
    "cup": ("236.5882365", "ml"),
    "pt": ("473.176473", "ml"),
    "qt": ("946.352946", "ml"),
    "gal": ("3785.411784", "ml"),
    "dozen": ("12", "each"),
    "m": ("100", "cm"),
    "mm": ("0.1", "cm"),
    "in": ("2.54", "cm"),
    "ft": ("30.48", "cm"),
    "yd": ("91.44", "cm"),
}


@pytest.mark.parametrize("unit", FACTORS)
def test_every_factor_is_exactly_the_one_of_the_contract(unit: str):
    factor, stock_unit = FACTORS[unit]
    assert convert(1, unit, stock_unit) == Fraction(factor)


def test_the_table_holds_these_units_and_no_others():
    assert set(UNITS) == set(FACTORS) | set(STOCK_UNITS)


@pytest.mark.parametrize(
    ("quantity", "from_unit", "to_unit", "expected"),
    [
        ("1", "cup", "tbsp", "16"),
        ("1", "tbsp", "tsp", "3"),
        ("1", "gal", "qt", "4"),
        ("1", "qt", "pt", "2"),
        ("1", "pt", "cup", "2"),
        ("1", "cup", "fl oz", "8"),
        ("1", "lb", "oz", "16"),
        ("1", "yd", "ft", "3"),
        ("1", "ft", "in", "12"),
        ("2.5", "dozen", "each", "30"),
        ("250", "g", "kg", "0.25"),
    ],
)
def test_what_every_cook_knows(quantity: str, from_unit: str, to_unit: str, expected: str):
    assert convert(Decimal(quantity), from_unit, to_unit) == Fraction(expected)


def test_two_thirds_of_a_cup_twelve_times_is_eight_cups():
    millilitres = convert(Decimal("0.666667") * 12, "cup", "ml", places=3)
    assert millilitres == Decimal("1892.707")
    assert convert(Fraction(2, 3) * 12, "cup", "ml", places=3) == convert(8, "cup", "ml", places=3)


@pytest.mark.parametrize(
    ("from_unit", "to_unit", "expected"),
    [("cup", "g", "120.660"), ("g", "cup", "0.008"), ("each", "g", "100"), ("g", "each", "0.01"),
     ("each", "cup", "0.829"), ("cup", "each", "1.207"), ("dozen", "lb", "2.646")],
)  # fmt: skip
def test_families_meet_through_weights(from_unit: str, to_unit: str, expected: str):
    result = convert(1, from_unit, to_unit, grams_per_ml=Decimal("0.51"), grams_per_each=100, places=3)
    assert result == Decimal(expected)


@pytest.mark.parametrize(("quantity", "expected"), [("1", "0.500"), ("3", "1.500"), ("0.001", "0.000"),
                                                    ("0.003", "0.002"), ("0.005", "0.002")])  # fmt: skip
def test_it_rounds_once_half_to_even(quantity: str, expected: str):
    assert str(convert(Decimal(quantity), "g", "ml", grams_per_ml=2, places=3)) == expected


def test_a_result_is_exact_without_places_and_has_the_places_asked_for():
    assert convert(1, "g", "lb") == Fraction(100000, 45359237)
    assert str(convert(1, "kg", "g", places=3)) == "1000.000"


def test_usual_spellings_are_understood_while_converting():
    assert convert(2, "Cups", "tbsp.") == 32


@pytest.mark.parametrize(
    ("from_unit", "to_unit", "weights", "missing"),
    [
        ("cup", "g", {}, ("grams_per_ml",)),
        ("g", "cup", {"grams_per_each": 5}, ("grams_per_ml",)),
        ("each", "g", {"grams_per_ml": 1}, ("grams_per_each",)),
        ("cup", "each", {}, ("grams_per_each", "grams_per_ml")),
        ("cup", "each", {"grams_per_each": 90}, ("grams_per_ml",)),
        ("cup", "g", {"grams_per_ml": Decimal(0)}, ("grams_per_ml",)),
        ("cm", "g", {"grams_per_each": 5, "grams_per_ml": 1}, ()),
        ("each", "m", {"grams_per_each": 5, "grams_per_ml": 1}, ()),
    ],
)
def test_what_does_not_meet_is_an_error_that_names_what_is_missing(from_unit, to_unit, weights, missing):
    assert can_convert(from_unit, to_unit, **weights) is False
    with pytest.raises(ConversionError) as caught:
        convert(1, from_unit, to_unit, **weights)
    assert (caught.value.from_unit, caught.value.to_unit, caught.value.missing) == (
        from_unit,
        to_unit,
        missing,
    )


def test_the_error_of_a_conversion_is_a_sentence():
    with pytest.raises(ConversionError, match="^To turn cups into grams, enter what a cup weighs.$"):
        convert(1, "cup", "g")
    with pytest.raises(ConversionError, match="^Yards cannot be turned into cups.$"):
        convert(1, "yd", "cup")


@pytest.mark.parametrize(
    "quantity",
    [
        1.5,
        True,
        "1",
        None,
        Decimal("NaN"),
        Decimal("Infinity"),
        Decimal("1E+999999999"),
        Decimal("1E-999999999"),
    ],
)
def test_what_is_not_an_exact_number_is_refused_before_any_arithmetic(quantity):
    with pytest.raises(InvalidValueError):
        convert(quantity, "kg", "g")


SPELLINGS = {
    "g": "g G gram grams Grams gr gm",
    "kg": "kg KG Kg kilo kilogram kilograms",
    "oz": "oz OZ oz. ounce ounces Ounces",
    "lb": "lb lbs LBS lb. lbs. pound pounds #",
    "ml": "ml mL ML milliliter millilitres cc",
    "l": "l L liter litres ltr",
    "tsp": "t tsp TSP tsp. Tsp teaspoon teaspoons tsps t.",
    "tbsp": "T tbsp TBSP tbsp. Tbsp tablespoon tablespoons Tbs tbs. TB T.",
    "cup": "c C cup cups Cups c.",
    "pt": "pt pint pints",
    "qt": "qt quart quarts qts.",
    "gal": "gal gallon gallons",
    "each": "each ea ea. ct count Count piece pieces pc pcs unit",
    "dozen": "dozen doz doz. dozens dz",
    "in": 'in in. inch inches " ″ linear_inches',
    "ft": "ft foot feet '",
    "yd": "yd yds yard yards",
    "m": "m meter metres",
}


@pytest.mark.parametrize(
    ("typed", "symbol"),
    [(typed, symbol) for symbol, spellings in SPELLINGS.items() for typed in spellings.split()],
)
def test_usual_spellings_are_understood(typed: str, symbol: str):
    assert parse_unit(typed) == symbol
    assert parse_unit(f"  {typed}\t") == symbol


@pytest.mark.parametrize("typed", ["fl oz", "fl. oz.", "FL OZ", "fl-oz", "fl.oz.", "floz", "fluid  ounces"])
def test_a_fluid_ounce_is_no_ounce(typed: str):
    assert parse_unit(typed) == "fl oz"


def test_a_capital_t_is_three_small_ones():
    assert convert(1, "T", "t") == 3


def test_every_symbol_and_name_leads_to_its_unit_and_to_no_other():
    spelled = [
        (spelling, unit.symbol)
        for unit in UNITS.values()
        for spelling in {unit.symbol, unit.name, unit.plural, *unit.spellings}
    ]
    assert len(spelled) == len({spelling.casefold() for spelling, _ in spelled})
    assert [parse_unit(spelling) for spelling, _ in spelled] == [symbol for _, symbol in spelled]


@pytest.mark.parametrize("typed", ["smidgen", "bag", "ts", "cupcup", "g g", "x" * 10_000, "\0", "<b>"])
def test_an_unknown_unit_is_refused_naming_it_and_some_known_ones(typed: str):
    with pytest.raises(InvalidValueError) as caught:
        parse_unit(typed)
    sentence = str(caught.value)
    assert sentence.startswith(f"“{typed[:40]}" if typed.isprintable() else "“�”")
    assert "is not a unit Bakehouse knows. Use g, kg," in sentence
    assert len(sentence) < 200


@pytest.mark.parametrize("typed", ["", "  ", "."])
def test_no_unit_at_all_is_asked_for(typed: str):
    with pytest.raises(InvalidValueError, match="^Say which unit: g, kg,"):
        parse_unit(typed)


def test_what_stands_far_behind_a_unit_is_not_cut_off_unseen():
    with pytest.raises(InvalidValueError):
        parse_unit("cup" + " " * 60 + "of something")


def test_choices_are_grouped_and_offer_every_unit_once():
    grouped = choices()
    assert [label for label, _ in grouped] == ["Weight", "Volume", "Pieces", "Length"]
    assert [symbol for _, group in grouped for symbol, _ in group] == list(UNITS)
    assert choices(Family.COUNT) == [("Pieces", [("each", "each"), ("dozen", "dozen")])]


LEMONS = (
    "Lemons are counted, the recipe measures them in cups: enter what one lemon weighs and what a cup weighs."
)
RIBBON = (
    "Satin ribbon is measured by length, the recipe weighs it in grams, and these never meet: "
    "use cm, mm, m, in, ft or yd."
)


@pytest.mark.parametrize(
    ("name", "from_unit", "to_unit", "weights", "sentence"),
    [
        (
            "Lemons", "cup", "each", (None, None),
            LEMONS,
        ),
        (
            "Flour, all-purpose", "cup", "g", (None, None),
            "Flour, all-purpose is weighed, the recipe measures it in cups: enter what a cup weighs.",
        ),
        (
            "Eggs", "oz", "each", (Decimal(1), None),
            "Eggs are counted, the recipe weighs them in ounces: enter what one egg weighs.",
        ),
        (
            "Cherries", "each", "g", (None, None),
            "Cherries are weighed, the recipe counts them in pieces: enter what one piece weighs.",
        ),
        (
            "Satin ribbon", "g", "cm", (Decimal(1), Decimal(1)),
            RIBBON,
        ),
        ("Eggs", "oz", "each", (None, Decimal(50)), ""),
        ("Flour", "lb", "g", (None, None), ""),
    ],
)  # fmt: skip
def test_advice_says_what_to_add(name, from_unit, to_unit, weights, sentence):
    assert advice(name, from_unit, to_unit, *weights) == sentence


def test_advice_names_who_asks():
    assert "the package measures it in litres" in advice("Milk", "l", "g", where="the package")


# Properties

symbols = st.sampled_from(sorted(UNITS))
amounts = st.decimals(0, 10**6, places=6)
weights = st.decimals("0.001", 5000, places=3)


@pytest.mark.parametrize(("first", "second"), list(itertools.product(UNITS, UNITS)))
def test_every_pair_converts_there_and_back_or_says_why_not(first: str, second: str):
    factors = {"grams_per_ml": Decimal("0.592"), "grams_per_each": Decimal("57.3")}
    lengths = [UNITS[unit].family is Family.LENGTH for unit in (first, second)]
    if any(lengths) and not all(lengths):
        with pytest.raises(ConversionError):
            convert(1, first, second, **factors)
    else:
        assert convert(convert(7, first, second, **factors), second, first, **factors) == 7


@given(amounts, symbols, symbols, symbols, weights, weights)
def test_the_way_taken_does_not_matter(amount, first, second, third, grams_per_ml, grams_per_each):
    factors = {"grams_per_ml": grams_per_ml, "grams_per_each": grams_per_each}
    if not (can_convert(first, second, **factors) and can_convert(second, third, **factors)):
        return
    by_the_second = convert(convert(amount, first, second, **factors), second, third, **factors)
    assert by_the_second == convert(amount, first, third, **factors)


@given(amounts, amounts, symbols, symbols)
def test_the_parts_add_up_to_the_whole(first_part, second_part, from_unit, to_unit):
    if can_convert(from_unit, to_unit):
        parts = convert(first_part, from_unit, to_unit) + convert(second_part, from_unit, to_unit)
        assert parts == convert(first_part + second_part, from_unit, to_unit)


@given(amounts, symbols, symbols, weights, st.integers(0, 6))
def test_rounding_is_never_off_by_more_than_half_a_step(amount, from_unit, to_unit, grams, places):
    factors = {"grams_per_ml": grams, "grams_per_each": grams}
    if can_convert(from_unit, to_unit, **factors):
        exact = convert(amount, from_unit, to_unit, **factors)
        rounded = convert(amount, from_unit, to_unit, **factors, places=places)
        assert abs(Fraction(rounded) - exact) <= Fraction(1, 2 * 10**places)
        assert rounded.as_tuple().exponent == -places


@given(symbols, symbols, st.none() | weights, st.none() | weights)
def test_asking_and_trying_agree(from_unit, to_unit, grams_per_ml, grams_per_each):
    factors = {"grams_per_ml": grams_per_ml, "grams_per_each": grams_per_each}
    possible = can_convert(from_unit, to_unit, **factors)
    assert possible == (advice("Butter", from_unit, to_unit, grams_per_ml, grams_per_each) == "")
    try:
        convert(1, from_unit, to_unit, **factors)
    except ConversionError:
        assert not possible
    else:
        assert possible


@given(st.text(max_size=80))
def test_whatever_is_typed_is_a_unit_or_a_sentence(text: str):
    try:
        assert parse_unit(text) in UNITS
    except InvalidValueError as error:
        assert str(error).isprintable()
