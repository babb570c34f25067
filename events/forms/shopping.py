"""What people type about the shopping list."""

from __future__ import annotations

from typing import Any

from django import forms

from assembly.services.requirements import name_of
from bakery.core.forms import Choices, EventField, KeyField, day_field
from bakery.core.text import NAME_LENGTH
from inventory import units
from inventory.form_fields import amount_field
from inventory.models import Ingredient, Kind, Product, Supplier

ITEM, PRODUCT, BY_HAND = "item", "product", "hand"


def key_of(text: str | None) -> tuple[str, int]:
    """The kind and the number in "item-5", "product-7" or "hand-3"; ("", 0) for anything else."""
    kind, _, number = (text or "").partition("-")
    if kind not in (ITEM, PRODUCT, BY_HAND) or not (number.isascii() and number.isdigit()):
        return "", 0
    return (kind, int(number)) if len(number) < 19 else ("", 0)


class AddItemForm(forms.Form):
    """Something to buy: picked from the pantry, or in plain words."""

    uuid = KeyField()
    what = forms.ChoiceField(label="From the pantry", required=False)
    text = forms.CharField(label="or in plain words", max_length=NAME_LENGTH, required=False)
    quantity = amount_field(places=3, label="How much", required=False)
    unit = forms.ChoiceField(label="Unit", required=False)
    event = EventField(label="For event")

    def __init__(self, *args: Any, events: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["what"].choices = what_can_be_bought(self["what"].value())
        fields["what"].widget.attrs["data-picker"] = ""
        fields["unit"].choices = [("", "as it is kept"), *units.choices()]
        fields["event"].choices = events

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if not self.errors and not typed.get("what") and not typed.get("text"):
            self.add_error("what", "Say what to buy: choose it, or write it in plain words.")
        return typed


def what_can_be_bought(asked: str | None = None) -> list[Any]:
    """Ingredients and packaging as grouped choices, and the one product that was asked for: a link from
    where packaging is short names the product.
    """
    groups: dict[str, list[tuple[str, str]]] = {Kind.INGREDIENT: [], Kind.PACKAGING: []}
    items = Ingredient.objects.filter(is_archived=False, is_tracked=True).order_by("name")
    for pk, kind, name in items.values_list("pk", "kind", "name"):
        groups[kind].append((f"{ITEM}-{pk}", name))
    kind, number = key_of(asked)
    if kind == PRODUCT:
        for product in Product.objects.filter(pk=number).select_related("ingredient"):
            groups[Kind.PACKAGING].insert(0, (f"{PRODUCT}-{product.pk}", name_of(product)))
    return [
        ("", "Choose an ingredient or packaging"),
        ("Food", groups[Kind.INGREDIENT]),
        ("Packaging", groups[Kind.PACKAGING]),
    ]


class BuyForm(forms.Form):
    """What a line of the list became in the shop."""

    uuid = KeyField()
    product = forms.ModelChoiceField(Product.objects.none(), empty_label="Choose the product")
    packages = amount_field(label="Packages")
    total_cost = amount_field(places=4, label="Paid in all")
    received_on = day_field(label="Bought on", required=False)
    supplier = forms.ModelChoiceField(
        Supplier.objects.filter(is_archived=False), required=False, empty_label="Not noted"
    )
    expires_on = day_field(label="Use by", required=False)
    location = forms.CharField(max_length=NAME_LENGTH, required=False, label="Shelf")

    def __init__(self, *args: Any, products: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        product: Any = self.fields["product"]
        product.queryset = products
