"""Fields that the forms of several apps share: they know how people write amounts."""

from __future__ import annotations

from typing import Any

from django import forms

from bakery.core.forms import AmountField
from inventory import units


def amount_field(*, places: int = 6, **options: Any) -> AmountField:
    """An amount as people write it: 250, 2.5, 2,5, 1/2, 1½. What is known already is shown in digits."""
    attributes = {"inputmode": "decimal", "autocomplete": "off", "maxlength": 40}
    options.setdefault("widget", forms.TextInput(attrs=attributes))
    return AmountField(parse=units.parse_quantity, decimal_places=places, shows_fractions=False, **options)
