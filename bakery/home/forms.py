"""The forms of the first visit, the household and its members."""

import re
import zoneinfo
from typing import Any

from django import forms
from django.contrib.auth.forms import UserCreationForm
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from bakery.core.formatting import SYMBOLS
from bakery.core.forms import day_field
from bakery.core.models import Household

REGIONS = frozenset(
    [
        "Africa",
        "America",
        "Antarctica",
        "Arctic",
        "Asia",
        "Atlantic",
        "Australia",
        "Europe",
        "Indian",
        "Pacific",
    ]
)


def time_zones() -> list[str]:
    """Return the zones named after a place, and UTC; the others are old names and tricks."""
    names = zoneinfo.available_timezones()
    return sorted(name for name in names if name.partition("/")[0] in REGIONS) + ["UTC"]


class OwnerForm(UserCreationForm):
    """The first account: who owns the bakehouse, and how they come in."""

    class Meta(UserCreationForm.Meta):
        model = User
        fields = ("username", "first_name")
        labels = {"username": "Login name", "first_name": "Your name"}
        help_texts = {"username": "What you type to log in. Letters, digits and @ . + - _"}


class LoginNameForm(forms.ModelForm):
    """An account whose login name nobody can mix up with another's."""

    def clean_username(self) -> str:
        """Refuse what differs from another login name only by case."""
        username: str = self.cleaned_data["username"]
        if username == self.instance.username:
            return username
        # Compared here: SQLite knows upper and lower case of a to z only.
        others = User.objects.exclude(pk=self.instance.pk).values_list("username", flat=True)
        for taken in others:
            if taken != username and taken.casefold() == username.casefold():
                raise ValidationError(
                    f"“{taken}” is a login name already, and “{username}” differs from it only in capital "
                    "letters. Nothing was changed. Choose another one."
                )
        return username


class InviteForm(LoginNameForm):
    """Somebody who is to come in; they set their password themselves."""

    class Meta:
        model = User
        fields = ("username", "first_name", "is_superuser")
        labels = {"username": "Login name", "first_name": "Name", "is_superuser": "Is an admin"}
        help_texts = {
            "username": "What they type to log in. Letters, digits and @ . + - _",
            "is_superuser": "Admins set up the household and invite people.",
        }
        error_messages = {"username": {"unique": "Somebody has that login name already."}}


class CurrencyInput(forms.TextInput):
    """Three letters, with the usual ones offered."""

    template_name = "home/currency_input.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"]["list"] = "currencies"
        context["widget"]["currencies"] = SYMBOLS
        return context


class HouseholdForm(forms.ModelForm):
    time_zone = forms.ChoiceField(
        choices=lambda: [(name, name.replace("_", " ")) for name in time_zones()],
        help_text="Decides which day a bake belongs to.",
        widget=forms.Select(attrs={"data-picker": True}),
    )

    class Meta:
        model = Household
        fields = ("name", "currency", "time_zone", "display")
        labels = {"name": "Name of the bakery", "display": "Amounts in"}
        widgets = {"currency": CurrencyInput, "display": forms.RadioSelect}

    def clean_currency(self) -> str:
        currency: str = self.cleaned_data["currency"].upper()
        if not re.fullmatch("[A-Z]{3}", currency):
            raise ValidationError("Write the three letters of the currency, like EUR or USD.")
        return currency


class BoardForm(forms.Form):
    """Which events Today shows; it lives in the address."""

    is_filter = True

    show = forms.CharField(required=False, widget=forms.HiddenInput)
    start = day_field(label="From", required=False)
    end = day_field(label="To", required=False)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        start, end = typed.get("start"), typed.get("end")
        if start and end and start > end:
            self.add_error("end", "The last day is before the first one.")
        return typed
