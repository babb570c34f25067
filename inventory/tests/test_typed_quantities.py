from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from bakery.core.errors import InvalidValueError
from bakery.core.formatting import exact
from bakery.core.forms import AmountField
from bakery.core.numbers import MAX_QUANTITY
from inventory.form_fields import amount_field
from inventory.units import parse_quantity


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("250", "250"),
        (" 250 ", "250"),
        ("2.5", "2.5"),
        ("2,5", "2.5"),
        ("1.500", "1.5"),
        ("0,125", "0.125"),
        ("12,50", "12.5"),
        ("1234,567", "1234.567"),
        (".5", "0.5"),
        (",5", "0.5"),
        ("3.", "3"),
        ("+3", "3"),
        ("0", "0"),
        ("-0", "0"),
        ("1/2", "0.5"),
        ("1 / 2", "0.5"),
        ("1⁄2", "0.5"),
        ("1 1/2", "1.5"),
        ("1-1/2", "1.5"),
        ("1\N{NO-BREAK SPACE}1/2", "1.5"),
        ("½", "0.5"),
        ("1½", "1.5"),
        ("1 ½", "1.5"),
        ("⅓", "0.333333"),
        ("2/3", "0.666667"),
        ("12⅞", "12.875"),
        ("999999999.999999", "999999999.999999"),
    ],
)
def test_amounts_are_read_as_people_type_them(typed: str, expected: str):
    assert parse_quantity(typed) == Decimal(expected)


def test_a_fraction_is_rounded_to_the_places_asked_for():
    assert parse_quantity("2/3", places=3) == Decimal("0.667")


def test_a_negative_amount_is_read_only_where_one_makes_sense():
    assert parse_quantity("-1 1/2", signed=True) == Decimal("-1.5")
    assert parse_quantity("\N{MINUS SIGN}3", signed=True) == Decimal(-3)
    with pytest.raises(InvalidValueError, match="cannot be negative"):
        parse_quantity("-3")


@pytest.mark.parametrize(("typed", "ways"), [("1,000", "1000 or 1.000"), ("12,345", "12345 or 12.345")])
def test_a_comma_that_can_be_read_in_two_ways_is_not_guessed(typed: str, ways: str):
    with pytest.raises(InvalidValueError) as caught:
        parse_quantity(typed)
    assert str(caught.value) == f"“{typed}” can be read in two ways: type {ways}."


@pytest.mark.parametrize(
    "typed",
    ["1e3", "1E+999999999", "NaN", "inf", "Infinity", "1,000.50", "1.000,5", "1,000,000", "1'000", "1 000",
     "2 cups", "1/", "/2", "1/2/3", "1/2 1/2", "½½", "1½½", "--1", "+-1", "10²", "٣", "0x10", "1_000", ".", ",",
     "9" * 400, "\0", "<b>"],
)  # fmt: skip
def test_anything_else_is_refused_with_a_sentence_that_shows_how(typed: str):
    with pytest.raises(
        InvalidValueError, match="is not an amount Bakehouse can read. Write it like 250, 2.5"
    ):
        parse_quantity(typed, signed=True)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Enter an amount, like 250, 2.5 or 1 1/2."),
        ("1/0", "“1/0” divides by nothing."),
        ("1/9999999", "“1/9999999” is too little to be kept."),
        ("1000000000", "The amount is too large: it must stay below 1000000000."),
        ("999999999 9/9", "The amount is too large: it must stay below 1000000000."),
        ("0.1234567", "The amount has too many decimals: at most 6 are kept."),
    ],
)
def test_what_cannot_be_kept_says_why(typed: str, sentence: str):
    with pytest.raises(InvalidValueError) as caught:
        parse_quantity(typed)
    assert str(caught.value) == sentence


@given(st.decimals(0, 999999999, places=6))
def test_what_is_written_out_is_read_back(amount: Decimal):
    assert parse_quantity(f"{amount:f}") == amount


@given(st.integers(0, 999), st.integers(0, 99), st.integers(1, 99))
def test_fractions_are_exact_to_the_sixth_place(whole: int, over: int, under: int):
    exact = whole + Fraction(over, under)
    assert abs(Fraction(parse_quantity(f"{whole} {over}/{under}")) - exact) <= Fraction(1, 2 * 10**6)


@given(
    st.sampled_from([6, 3]), st.integers(1, 10**7) | st.sampled_from([330_000, 333_333, 1_660_000, 374_999])
)
def test_what_a_form_shows_of_an_amount_is_that_amount_when_it_is_sent_back(places: int, number: int):
    field = AmountField(parse=parse_quantity, decimal_places=places)
    stored = Decimal(number).scaleb(-places)
    assert field.clean(field.prepare_value(stored)) == stored


@given(st.sampled_from([6, 4, 3]), st.integers(0, 10**7))
def test_a_form_of_the_pantry_shows_digits_and_takes_them_back(places: int, number: int):
    field = amount_field(places=places)
    stored = Decimal(number).scaleb(-places)
    assert field.prepare_value(stored) == exact(stored)
    assert field.clean(field.prepare_value(stored)) == stored


@pytest.mark.parametrize("typed", ["", "  ", None])
def test_a_form_of_the_pantry_takes_blanks_for_nothing(typed):
    assert amount_field(required=False).clean(typed) is None
    with pytest.raises(ValidationError, match="required"):
        amount_field().clean(typed)


@given(st.text(max_size=80) | st.text("0123456789.,/ -+eE½⅓", max_size=12))
def test_whatever_is_typed_is_an_amount_or_a_sentence(text: str):
    try:
        assert 0 <= parse_quantity(text) < MAX_QUANTITY
    except InvalidValueError as error:
        assert str(error).isprintable()
