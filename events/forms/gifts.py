"""Who is given something, and what a package holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.forms import BaseInlineFormSet, inlineformset_factory

from assembly.models import FinishedGood
from assembly.services.requirements import name_of
from bakery.core.forms import AmountField, Choices, CountField, OneField, SeveralField
from bakery.core.numbers import RECIPE_PLACES, step
from events.models import Package, PackageFinishedGood, PackagePackaging, Recipient
from inventory import units
from inventory.models import Allergen, Kind, Product

EMPTY_LINES = 2
"""Lines still to be filled in below those there are."""

MOST_LINES = 50
"""Lines that one form takes: the number of them is typed too, and each costs time to show."""


class RecipientForm(forms.ModelForm):
    avoids = SeveralField(
        Allergen.objects.all(), required=False, label="Avoids eating", widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Recipient
        fields = ["name", "household", "avoids", "address", "notes"]
        widgets = {
            "address": forms.Textarea(attrs={"rows": 3}),
            "notes": forms.Textarea(attrs={"rows": 2}),
        }


class PackageForm(forms.ModelForm):
    class Meta:
        model = Package
        fields = ["name", "description"]
        widgets = {"description": forms.Textarea(attrs={"rows": 2})}
        error_messages = {"name": {"unique": "There is already a package of this name. Choose another one."}}


class LinesFormSet(BaseInlineFormSet):
    """Lines of a package; all of them offer the same choices, which are read once."""

    default_error_messages = {
        "too_many_forms": "A package has at most %(num)d lines of a kind. Nothing was saved."
    }
    chosen_by = ""
    said = ""

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        self.choices = choices
        super().__init__(*args, **kwargs)

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        chosen: Any = form.fields[self.chosen_by]
        chosen.choices = self.choices
        chosen.widget.attrs["data-picker"] = ""
        for field in form.fields.values():
            if field.label:
                field.widget.attrs["aria-label"] = f"{field.label}, line {(index or 0) + 1}"

    def get_unique_error_message(self, unique_check: Sequence[str]) -> str:
        return f"{self.said} stands there twice. Put it on one line."


class GoodsFormSet(LinesFormSet):
    chosen_by = "finished_good"
    said = "The same box or bag"


class WrappingFormSet(LinesFormSet):
    chosen_by = "product"
    said = "The same packaging"


class GoodLineForm(forms.ModelForm):
    finished_good = OneField(FinishedGood.objects.all(), label="Box or bag")
    quantity = CountField(label="Quantity", things="Boxes and bags", initial=1)

    class Meta:
        model = PackageFinishedGood
        fields = ["finished_good", "quantity"]


class WrappingLineForm(forms.ModelForm):
    quantity = AmountField(
        parse=units.parse_quantity,
        decimal_places=RECIPE_PLACES,
        min_value=step(RECIPE_PLACES),
        label="Quantity",
    )

    class Meta:
        model = PackagePackaging
        fields = ["product", "quantity", "unit"]
        labels = {"product": "Packaging"}
        help_texts = {"unit": ""}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit: Any = self.fields["unit"]
        unit.choices = [("", "as it is kept"), *units.choices()]


GoodLines = inlineformset_factory(
    Package,
    PackageFinishedGood,
    form=GoodLineForm,
    formset=GoodsFormSet,
    extra=EMPTY_LINES,
    max_num=MOST_LINES,
    absolute_max=MOST_LINES,
)
WrappingLines = inlineformset_factory(
    Package,
    PackagePackaging,
    form=WrappingLineForm,
    formset=WrappingFormSet,
    extra=EMPTY_LINES,
    max_num=MOST_LINES,
    absolute_max=MOST_LINES,
)


def good_choices() -> list[tuple[Any, str]]:
    """Boxes and bags to put into a package: one statement. Archived ones at the end, for lines that hold them."""
    goods = FinishedGood.objects.order_by("is_archived", "name").values_list("pk", "name", "is_archived")
    return [("", "Choose a box or bag")] + [
        (pk, f"{name} (archived)" if archived else name) for pk, name, archived in goods
    ]


def wrapping_choices() -> list[tuple[Any, str]]:
    """Products of packaging to wrap with: one statement."""
    products = Product.objects.filter(ingredient__kind=Kind.PACKAGING).select_related("ingredient")
    return [("", "Choose packaging")] + [
        (product.pk, f"{name_of(product)} (archived)" if product.is_archived else name_of(product))
        for product in products.order_by("is_archived", "ingredient__name", "brand", "id")
    ]
