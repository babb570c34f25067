from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from bakery.core import formatting
from bakery.core.formatting import Style, current_style, using
from bakery.core.measures import UNITS

D = Decimal
US = SimpleNamespace(currency="USD", display="us")


def household(currency: str = "USD", display: str = "metric") -> SimpleNamespace:
    return SimpleNamespace(currency=currency, display=display)


def test_the_style_holds_inside_its_block_and_no_longer():
    with using(household("EUR", "us")):
        assert current_style() == Style("EUR", "us")
        with using(household("GBP")):
            assert current_style() == Style("GBP", "metric")
        assert current_style() == Style("EUR", "us")
    assert current_style() == Style("USD", "metric")


def test_the_style_is_put_back_when_the_block_fails():
    with pytest.raises(RuntimeError), using(US):
        raise RuntimeError
    assert current_style() == Style()


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        ("9.4127", "$9.41"),
        ("0", "$0.00"),
        ("12", "$12.00"),
        ("1234567.8", "$1234567.80"),
        ("-3.2", "-$3.20"),
        ("0.125", "$0.12"),
        ("0.135", "$0.14"),
        ("0.01", "$0.01"),
        ("0.0051", "$0.01"),
        ("0.005", "under $0.01"),
        ("0.0001", "under $0.01"),
        ("-0.0030", "-$0.0030"),
    ],
)
def test_money_has_two_places_and_is_never_nothing_when_it_is_something(amount: str, shown: str):
    assert formatting.money(D(amount)) == shown


@pytest.mark.parametrize(
    ("currency", "shown"),
    [("EUR", "€9.41"), ("GBP", "£9.41"), ("CHF", "CHF 9.41"), ("SEK", "SEK 9.41"), ("JPY", "¥9")],
)
def test_money_is_shown_in_the_currency_of_the_household(currency: str, shown: str):
    with using(household(currency)):
        assert formatting.money(D("9.4127")) == shown


def test_a_currency_without_cents_has_no_cents():
    with using(household("JPY")):
        assert formatting.money(D("0.4")) == "under ¥1"
        assert formatting.money4(D("0.4")) == "¥0.4000"


def test_the_ledger_shows_hundredths_of_a_cent():
    assert formatting.money4(D("0.1623")) == "$0.1623"
    assert formatting.money4(D("-22.08")) == "-$22.0800"
    assert formatting.money4(D("1E+3")) == "$1000.0000"


@pytest.mark.parametrize(
    ("amount", "unit", "shown"),
    [
        ("1200", "g", "1.2 kg"),
        ("6400.000", "g", "6.4 kg"),
        ("1840", "g", "1.84 kg"),
        ("12340", "g", "12.34 kg"),
        ("999.6", "g", "1 kg"),
        ("996", "g", "996 g"),
        ("340", "g", "340 g"),
        ("250.4", "g", "250 g"),
        ("12.5", "g", "12.5 g"),
        ("2.25", "g", "2.25 g"),
        ("0.4", "g", "0.4 g"),
        ("0.004", "g", "0.004 g"),
        ("0", "g", "0 g"),
        ("1E+3", "g", "1 kg"),
        ("1000000", "g", "1000 kg"),
        ("-250", "g", "-250 g"),
        ("-1500", "g", "-1.5 kg"),
        ("61", "ml", "61 ml"),
        ("1500", "ml", "1.5 l"),
        ("150", "cm", "1.5 m"),
        ("45.72", "cm", "45.7 cm"),
        ("18", "each", "18"),
        ("18.000", "each", "18"),
        ("120.5", "each", "120.5"),
        ("0.333", "each", "0.33"),
        ("0.004", "each", "0.004"),
        ("0", "each", "0"),
        ("0.666667", "cup", "⅔ cup"),
        ("1.5", "kg", "1.5 kg"),
        ("2", "bag", "2 bag"),
    ],
)
def test_quantities_are_said_as_people_say_them(amount: str, unit: str, shown: str):
    assert formatting.quantity(D(amount), unit) == shown


@pytest.mark.parametrize(
    ("amount", "unit", "shown"),
    [
        ("6400", "g", "14.1 lb"),
        ("340", "g", "12 oz"),
        ("453.59237", "g", "1 lb"),
        ("453", "g", "1 lb"),
        ("440", "g", "15.5 oz"),
        ("2", "g", "0.071 oz"),
        ("5", "ml", "1 tsp"),
        ("2.5", "ml", "½ tsp"),
        ("1", "ml", "0.2 tsp"),
        ("15", "ml", "1 tbsp"),
        ("20", "ml", "1⅓ tbsp"),
        ("118.3", "ml", "½ cup"),
        ("100", "ml", "3.38 fl oz"),
        ("473.2", "ml", "2 cups"),
        ("1000", "ml", "4¼ cups"),
        ("3785", "ml", "1 gal"),
        ("50", "cm", "19.7 in"),
        ("300", "cm", "3.28 yd"),
    ],
)
def test_the_other_system_is_said_beside_it(amount: str, unit: str, shown: str):
    assert formatting.also(D(amount), unit) == shown
    with using(US):
        assert formatting.quantity(D(amount), unit) == shown


def test_in_a_us_household_the_metric_amount_stands_beside():
    with using(US):
        assert formatting.quantity(D(6400), "g") == "14.1 lb"
        assert formatting.also(D(6400), "g") == "6.4 kg"
        assert formatting.quantity(D(18), "each") == "18"


@pytest.mark.parametrize("unit", ["each", "dozen", "bag", ""])
def test_nothing_stands_beside_what_is_counted(unit: str):
    for style in (household(), US):
        with using(style):
            assert formatting.also(D(6), unit) == ""


@pytest.mark.parametrize("unit", ["g", "cup"])
def test_nothing_stands_beside_nothing(unit: str):
    for style in (household(), US):
        with using(style):
            assert formatting.also(D(0), unit) == ""


@pytest.mark.parametrize(
    ("amount", "unit", "shown"),
    [
        ("0.333333", "cup", "⅓ cup"),
        ("0.33", "cup", "⅓ cup"),
        ("0.5", "tsp", "½ tsp"),
        ("0.125", "tsp", "⅛ tsp"),
        ("1.5", "cup", "1½ cups"),
        ("2.999998", "cup", "3 cups"),
        ("1", "cup", "1 cup"),
        ("0", "cup", "0 cups"),
        ("8.000004", "cup", "8 cups"),
        ("2.75", "tbsp", "2¾ tbsp"),
        ("0.38", "cup", "0.38 cup"),
        ("1.2", "cup", "1.2 cups"),
        ("0.0417", "cup", "0.042 cup"),
        ("1.428571", "cup", "1.43 cups"),
        ("1.5", "each", "1½"),
        ("0.5", "dozen", "½ dozen"),
        ("-0.5", "cup", "-½ cup"),
        ("1500", "g", "1500 g"),
        ("1.125", "lb", "1.125 lb"),
        ("0.666667", "kg", "0.67 kg"),
        ("25", "lb", "25 lb"),
        ("4", "fl oz", "4 fl oz"),
        ("1E+3", "ml", "1000 ml"),
    ],
)
def test_what_someone_wrote_keeps_its_unit_and_spoons_have_fractions(amount: str, unit: str, shown: str):
    for style in (household(), US):
        with using(style):
            assert formatting.as_written(D(amount), unit) == shown


@pytest.mark.parametrize(
    ("amount", "unit", "shown"),
    [
        ("2", "cup", "473 ml"),
        ("1", "tsp", "4.93 ml"),
        ("25", "lb", "11.34 kg"),
        ("8", "oz", "227 g"),
        ("0.5", "yd", "45.7 cm"),
        ("250", "g", "8.82 oz"),
        ("1", "kg", "2.2 lb"),
        ("1", "l", "4¼ cups"),
        ("3", "each", ""),
    ],
)
def test_what_someone_wrote_has_the_other_system_beside_it(amount: str, unit: str, shown: str):
    assert formatting.as_written_also(D(amount), unit) == shown


def test_a_shortage_never_says_the_same_twice():
    assert formatting.told_apart(D(2200), D(2000), "g") == ("2.2 kg", "2 kg")
    assert formatting.told_apart(D(2204), D("2200.5"), "g") == ("2204 g", "2200.5 g")
    assert formatting.told_apart(D(5), D(5), "g") == ("5 g", "5 g")


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (D("0.666667"), "0.666667"),
        (D("1E+3"), "1000"),
        (D("9.4100"), "9.41"),
        (D("-0.0000"), "0"),
        (100, "100"),
        (Fraction(1, 3), "0.333333"),
        (D("123456789.123456789123456789123456789"), "123456789.123456789123456789123456789"),
    ],
)
def test_exact_shows_all_that_is_there(number, shown: str):
    assert formatting.exact(number) == shown


@pytest.mark.parametrize(
    ("count", "noun", "shown"),
    [
        (1, "batch", "1 batch"),
        (2, "batch", "2 batches"),
        (0, "cookie", "0 cookies"),
        (58, "cookie", "58 cookies"),
        (D("0.5"), "batch", "½ batch"),
        (D("1.5"), "batch", "1½ batches"),
        (2, "box", "2 boxes"),
        (2, "glass", "2 glasses"),
        (2, "berry", "2 berries"),
        (2, "tray", "2 trays"),
        (2, "cookies", "2 cookies"),
        (2, "loaf", "2 loaves"),
        (2, "person,people", "2 people"),
        (1, "person,people", "1 person"),
    ],
)
def test_nouns_follow_their_number(count, noun: str, shown: str):
    assert formatting.plural(count, noun) == shown


@pytest.mark.parametrize(
    ("share", "shown"),
    [(0, "0%"), (50.0, "50%"), (D("33.333"), "33%"), (125.0, "125%"), (100, "100%"), (99.7, "99%"), (0.2, "under 1%"),
     (D("-12.6"), "-13%")],
)  # fmt: skip
def test_percents_are_whole_and_do_not_call_it_done_too_early(share, shown: str):
    assert formatting.percent(share) == shown


@pytest.fixture
def on_20_november(monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda: date(2026, 11, 20))


@pytest.mark.usefixtures("on_20_november")
def test_days_are_written_with_the_year_only_when_it_is_another_one():
    assert formatting.day(date(2026, 11, 18)) == "18 Nov"
    assert formatting.day(date(2025, 9, 3)) == "3 Sep 2025"
    assert formatting.weekday(date(2026, 11, 29)) == "Sun 29 Nov"
    assert formatting.weekday(date(2027, 1, 3)) == "Sun 3 Jan 2027"
    assert formatting.day_long(date(2026, 11, 29)) == "Sunday 29 November 2026"


@pytest.mark.usefixtures("on_20_november")
@pytest.mark.parametrize(
    ("days", "shown"),
    [
        (0, "today"),
        (1, "tomorrow"),
        (-1, "yesterday"),
        (9, "in 9 days"),
        (-3, "3 days ago"),
        (60, "in 60 days"),
        (61, "in 2 months"),
        (-430, "14 months ago"),
    ],
)
def test_how_far_off_a_day_is(days: int, shown: str):
    assert formatting.away(date(2026, 11, 20) + timedelta(days=days)) == shown


@pytest.mark.usefixtures("on_20_november")
def test_moments_are_told_in_the_time_of_the_household():
    late = datetime(2026, 11, 18, 23, 40, tzinfo=UTC)
    with timezone.override("Europe/Berlin"):
        assert formatting.moment(late) == "Thu 19 Nov 2026, 00:40"
        assert formatting.day(late) == "19 Nov"
        assert formatting.away(late) == "yesterday"


def render(source: str, **context: object) -> str:
    return Template("{% load bakery %}" + source).render(Context(context))


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("{{ n|money }}", "$1200.00"),
        ("{{ n|money4 }}", "$1200.0000"),
        ("{{ n|exact }}", "1200"),
        ("{{ n|quantity:unit }}", "1.2 kg"),
        ("{{ n|also:unit }}", "2.65 lb"),
        ("{{ n|as_written:unit }}", "1200 g"),
        ("{{ n|as_written_also:unit }}", "2.65 lb"),
        ('{{ n|plural:"batch" }}', "1200 batches"),
        ('{{ n|noun_for:"batch" }}', "batches"),
        ("{{ n|percent }}", "1200%"),
        ("{{ when|day }}", "3 Sep 1999"),
        ("{{ when|weekday }}", "Fri 3 Sep 1999"),
        ("{{ when|day_long }}", "Friday 3 September 1999"),
        ("{{ when|moment }}", "Fri 3 Sep 1999, 08:05"),
    ],
)
def test_every_filter_works_in_a_template(source: str, shown: str):
    assert render(source, n=D("1200.000"), unit="g", when=datetime(1999, 9, 3, 8, 5, tzinfo=UTC)) == shown
    assert render(source, n=None, unit="g", when=None) == ""
    assert render(source, unit="g") == ""


def test_what_people_typed_is_escaped():
    shown = render("{{ n|quantity:unit }} {{ n|plural:noun }}", n=D(2), unit="<b>", noun="<i>")
    assert shown == "2 &lt;b&gt; 2 &lt;i&gt;s"


amounts = st.decimals("0.001", 10**8, places=3) | st.decimals("0.000001", 100, places=6)


@given(amounts, st.sampled_from([*UNITS, "bag"]), st.sampled_from([household(), US]), st.booleans())
def test_whatever_the_amount_it_is_short_has_no_exponent_and_is_not_nothing(amount, unit, style, negative):
    amount = -amount if negative else amount
    with using(style):
        for shown in (formatting.quantity(amount, unit), formatting.as_written(amount, unit)):
            number = shown.removesuffix(unit).removesuffix("cups").strip()
            assert re.match(r"-?(\d+(\.\d+)?|\d*[⅛¼⅓⅜½⅝⅔¾⅞])( |$)", shown), shown
            assert shown.startswith("-") == negative
            assert re.search(r"[1-9⅛¼⅓⅜½⅝⅔¾⅞]", number), shown
            assert not re.search(r"\.\d*0( |$)", shown)


@given(amounts, st.sampled_from(["g", "ml", "cm"]))
def test_what_is_shown_is_within_one_in_twenty(amount, unit):
    said, label = formatting.quantity(amount, unit).split()
    shown = Fraction(said) * UNITS[label].factor
    assert abs(shown - Fraction(amount)) <= Fraction(amount) / 20
