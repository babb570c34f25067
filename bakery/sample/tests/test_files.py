from decimal import Decimal

import pytest

from bakery.sample.files import amount


@pytest.mark.parametrize(
    ("text", "quantity", "unit"),
    [
        ("250 g", "250", "g"),
        ("1 1/2 tsp", "1.5", "tsp"),
        ("16 fl oz", "16", "fl oz"),
        ("1/8 tsp", "0.125", "tsp"),
        ("0.5 yd", "0.5", "yd"),
    ],
)
def test_an_amount_is_a_quantity_and_a_unit(text, quantity, unit):
    assert amount(text) == (Decimal(quantity), unit)
