"""Fields that the forms of several apps share: they know how people write amounts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from bakery.core.errors import BakeryError
from inventory import units


class AmountField(forms.CharField):
    """An amount as people write it: 250, 2.5, 2,5, 1/2, 1½."""

    def __init__(self, *, places: int = 6, signed: bool = False, **kwargs: Any) -> None:
        self.places = places
        self.signed = signed
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(max_length=40, **kwargs)

    def clean(self, value: Any) -> Decimal | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return units.parse_quantity(text, places=self.places, signed=self.signed)
        except BakeryError as error:
            raise forms.ValidationError(str(error)) from error
