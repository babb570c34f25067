"""What people type about the shelf. The services check it again under the lock."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone

from bakery.core.errors import BakeryError
from bakery.core.formatting import current_style
from bakery.core.forms import FOLLOWED, KeyField, OneField, ReasonForm, StockItemForm, day_field
from bakery.core.text import NAME_LENGTH
from inventory import units
from inventory.form_fields import amount_field
from inventory.models import Ingredient, IngredientCategory, Kind, Lot, Product, StockItem, Supplier
from inventory.services.checking import in_stock_units


def unit_choices(item: StockItem) -> list[Any]:
    """All units, first the one it is kept in: by its name, so that what was typed in grams stays grams even where
    an admin keeps it in millilitres by the time it is sent.
    """
    kept = item.stock_unit
    others = [
        (family, [(unit, said) for unit, said in named if unit != kept]) for family, named in units.choices()
    ]
    return [(kept, f"{kept} (as kept)"), *others]


class ItemForm(forms.Form):
    """Which ingredient or packaging a purchase is of."""

    item = OneField(
        Ingredient.objects.filter(is_archived=False, is_tracked=True).order_by("name"),
        label="What did you buy?",
        empty_label="Choose an ingredient or packaging",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].widget.attrs["data-picker"] = ""


class NewItemForm(StockItemForm):
    """An ingredient or packaging nobody bought before; what a cup of it weighs is entered in the setup."""

    sort = forms.ChoiceField(
        label="Is it baked, or packed in?",
        choices=[(Kind.INGREDIENT.value, "Ingredient: is baked"), (Kind.PACKAGING.value, "Packaging")],
    )
    category = OneField(IngredientCategory.objects.all(), required=False, empty_label="A new category")
    new_category = forms.CharField(max_length=NAME_LENGTH, required=False, label="Name of a new category")

    class Meta:
        model = Ingredient
        fields = ["name", "category", "stock_unit"]
        labels = {"stock_unit": "Kept in"}

    field_order = ["name", "sort", "category", "new_category", "stock_unit"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].widget.attrs["data-picker"] = ""

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        self.instance.kind = typed.get("sort", "")
        if not (typed.get("category") or typed.get("new_category")):
            self.add_error("category", "Choose a category, or name a new one.")
        return typed

    def save(self, commit: bool = True) -> Ingredient:
        if self.cleaned_data["category"] is None:
            named = self.cleaned_data["new_category"]
            known = IngredientCategory.objects.filter(name__iexact=named).first()
            self.instance.category = known or IngredientCategory.objects.create(name=named)
        return super().save(commit)


class ReceiveForm(forms.Form):
    """A purchase of one ingredient: a known product, or a new one typed in place.

    A product typed in place is what was bought where the chosen one is only what the page proposed
    (`proposed`): nobody chose it. Where somebody did, one of the two is refused.
    """

    PRICED = ("product", "package_quantity", "package_unit", "packages", "quantity", "unit", "total_cost")
    """Typing in one of these asks the page again what a unit costs."""

    ONE_OF_SEVERAL = ("package_quantity", "packages", "quantity")
    """Not required, and yet not optional: one of two ways to say it is needed."""

    IN_PLACE = ("brand", "product_name", "package_quantity", "package_unit")
    """What is typed of a product that is not among those to choose from."""

    uuid = KeyField()
    proposed = forms.CharField(required=False, widget=forms.HiddenInput)
    # Not required: another product may be typed in place.
    product = OneField(Product.objects.none(), required=False, empty_label="Another product")
    brand = forms.CharField(max_length=200, required=False)
    product_name = forms.CharField(max_length=200, required=False, label="Name on the package")
    package_quantity = amount_field(places=3, required=False, label="In one package")
    package_unit = forms.ChoiceField(required=False, label="Unit of the package")
    packages = amount_field(required=False, label="Packages")
    quantity = amount_field(required=False, label="or the amount")
    unit = forms.ChoiceField(required=False)
    total_cost = amount_field(places=4, label="Paid in all")
    received_on = day_field(label="Bought on")
    supplier = OneField(Supplier.objects.filter(is_archived=False), required=False, empty_label="Not noted")
    expires_on = day_field(label="Use by", required=False)
    location = forms.CharField(max_length=200, required=False, label="Shelf")
    note = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, item: Ingredient, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.item = item
        fields: dict[str, Any] = self.fields
        fields["product"].queryset = item.products.filter(is_archived=False).select_related("ingredient")
        fields["unit"].choices = unit_choices(item)
        fields["package_unit"].choices = [("", "Choose"), *units.choices()]
        for name in self.ONE_OF_SEVERAL:
            fields[name].is_one_of_several = True
        for name in self.PRICED:
            fields[name].widget.attrs |= {**FOLLOWED, "hx-target": "#price", "hx-sync": "#price:replace"}

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if (typed.get("packages") is None) == (typed.get("quantity") is None) and not (
            {"packages", "quantity"} & set(self.errors)
        ):
            self.add_error("packages", "Say how many packages it was, or the amount: one of the two.")
        set_aside = None
        if self.is_typed_in_place and typed.get("product"):
            set_aside = self.clean_choice(typed)
        if not typed.get("product") and "product" not in self.errors:
            self.clean_new_product(typed, set_aside)
        return typed

    @property
    def is_typed_in_place(self) -> bool:
        return any((self[name].value() or "").strip() for name in self.IN_PLACE)

    def clean_choice(self, typed: dict[str, Any]) -> Product:
        """Let what was typed in place go before what was only proposed: never drop it without a word.

        Returns the product it goes before.
        """
        chosen: Product = typed.pop("product")
        if str(chosen.pk) != typed.get("proposed"):
            self.add_error(
                "product",
                f"{chosen} is chosen, and another product is typed below. Choose “Another product”, or "
                "empty what is typed below.",
            )
        return chosen

    def clean_new_product(self, typed: dict[str, Any], set_aside: Product | None) -> None:
        """Make a product of what was typed in place; `set_aside` was proposed, and stands chosen on the page."""
        if any(name in self.errors for name in self.IN_PLACE):
            return
        if not typed.get("package_quantity") or not typed.get("package_unit"):
            self.add_error(
                "product",
                f"{set_aside} was proposed, and another product is begun below. Enter how much is in one "
                "package of it and the unit, or empty what is typed below."
                if set_aside
                else "Choose a product, or enter how much is in one package of another one.",
            )
            return
        product = Product(
            ingredient=self.item,
            brand=typed["brand"],
            name=typed["product_name"],
            package_quantity=typed["package_quantity"],
            package_unit=typed["package_unit"],
        )
        known = self.item.products.filter(
            brand=product.brand,
            name=product.name,
            package_quantity=product.package_quantity,
            package_unit=product.package_unit,
        ).first()
        if known is None:
            try:
                product.full_clean()
            except forms.ValidationError as error:
                self.add_error(
                    None, [message for messages in error.message_dict.values() for message in messages]
                )
                return
        typed["product"] = known or product


class AdjustForm(forms.Form):
    """More or less of something than the books say, and why."""

    ADD, REMOVE = "add", "remove"

    uuid = KeyField()
    direction = forms.ChoiceField(
        choices=[(REMOVE, "Take off the shelf"), (ADD, "Put on the shelf")],
        label="What happened",
        initial=REMOVE,
    )
    quantity = amount_field(label="How much")
    unit = forms.ChoiceField(required=False)
    reason = forms.CharField(
        max_length=200,
        widget=forms.TextInput(attrs={"list": "reasons"}),
        error_messages={"required": "Say why, in a word or two."},
    )
    product = OneField(Product.objects.none(), required=False, empty_label="Any, oldest first")
    lot = OneField(Lot.objects.none(), required=False, empty_label="No lot: the oldest first")
    total_cost = amount_field(
        places=4, required=False, label="Worth in all", help_text="Only for what is added."
    )
    note = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, item: StockItem, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["unit"].choices = unit_choices(item)
        if item.kind == Kind.PACKAGING:
            fields["product"].queryset = Product.objects.filter(ingredient=item.pk).select_related(
                "ingredient"
            )
            fields["product"].empty_label = "Choose the product"
        else:
            del fields["product"]
        fields["lot"].queryset = item.lots.filter(quantity_remaining__gt=0).select_related(
            "item", "product__ingredient"
        )


class CountForm(forms.Form):
    """One row of the walk along the shelf. `seen` is what the page showed."""

    LIKE = "250, 2.5, 1 1/2, “8 oz” or “40 %”, without separators for thousands"

    uuid = KeyField()
    seen = amount_field(places=3, widget=forms.HiddenInput)
    counted = forms.CharField(max_length=40, widget=forms.TextInput(attrs={"inputmode": "decimal"}))

    def __init__(self, *args: Any, lot: Lot | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lot = lot
        self.whole = lot.quantity if lot else None
        if current_style().display == "us":
            del self.fields["counted"].widget.attrs["inputmode"]  # letters, for “8 oz”

    def clean_counted(self) -> Decimal:
        """The amount, in the stock unit, or in one that is typed behind it: "8 oz", "½ lb".

        "40 %" is of what the lot held at first.
        """
        text = self.cleaned_data["counted"].strip()
        percent = re.fullmatch(r"(.+?)\s*%", text)
        typed = re.fullmatch(r"(.*[\d½¼¾⅓⅔⅛⅜⅝⅞])\s*([A-Za-z][A-Za-z .]*)", text)
        try:
            if typed and self.lot:
                amount = units.parse_quantity(typed[1], like=self.LIKE)
                return in_stock_units(self.lot.item, amount, typed[2], positive=False)
            number = units.parse_quantity(percent[1] if percent else text, like=self.LIKE)
        except BakeryError as error:
            raise forms.ValidationError(str(error)) from error
        if percent is None:
            return number
        if self.whole is None:
            raise forms.ValidationError(
                "A percentage is of one lot: count the lots one by one, or enter an amount."
            )
        if number > 100:
            raise forms.ValidationError("More than 100 % of a lot cannot be there.")
        return (self.whole * number / 100).quantize(Decimal("0.001"))


class CostForm(ReasonForm):
    total_cost = amount_field(places=4, label="It cost in all")
    field_order = ["uuid", "total_cost", "reason"]


class LotForm(forms.ModelForm):
    """Dates, shelf, supplier and note of a lot; its quantity is never edited."""

    received_on = day_field(label="Bought on")
    expires_on = day_field(label="Use by", required=False)

    class Meta:
        model = Lot
        fields = ["received_on", "expires_on", "location", "supplier", "note"]
        widgets = {"note": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.item.is_made_here:
            del self.fields["received_on"]


def today() -> str:
    return timezone.localdate().isoformat()
