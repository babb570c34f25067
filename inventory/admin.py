"""Setup of the pantry: what is bought and where. Lots and ledger can be looked at, never changed."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from bakery.core import formatting
from bakery.core.admin import AmountField, HistoryAdmin, HistoryInline, NamedAdmin, SetupAdmin
from bakery.core.fields import FixedPointField
from bakery.core.forms import StockItemForm
from bakery.core.numbers import QUANTITY_PLACES, round_half_even, step, typed_count
from inventory.models import (
    Allergen,
    Ingredient,
    IngredientCategory,
    Kind,
    Lot,
    Product,
    StockEntry,
    StockMovement,
    Supplier,
)
from inventory.services.posting import lock_items
from inventory.units import UNITS, grams_per_ml_of_cup, parse_quantity

ML_PER_CUP = UNITS["cup"].factor
TYPED_AMOUNTS: dict[Any, Any] = {FixedPointField: {"form_class": AmountField, "parse": parse_quantity}}


def weight_field(label: str) -> AmountField:
    return AmountField(
        parse=parse_quantity,
        decimal_places=QUANTITY_PLACES,
        required=False,
        label=label,
        min_value=step(QUANTITY_PLACES),
        help_text="In grams. Empty where nobody knows.",
    )


class IngredientForm(StockItemForm):
    """Asks what a cup and a piece weigh, as tables and kitchen scales say it."""

    sort = forms.ChoiceField(
        label="Kind",
        choices=[(Kind.INGREDIENT.value, "Ingredient: is baked"), (Kind.PACKAGING.value, "Packaging")],
        initial=Kind.INGREDIENT.value,
    )
    cup_weighs = weight_field("One cup weighs")
    piece_weighs = weight_field("One piece weighs")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ingredient = self.instance
        if ingredient.pk:
            # Recipes and boxes rely on the kind, so it is chosen once.
            self.fields["sort"].disabled = True
            self.initial["sort"] = ingredient.kind
        if ingredient.grams_per_ml is not None:
            a_cup = Fraction(ingredient.grams_per_ml) * ML_PER_CUP
            self.initial["cup_weighs"] = round_half_even(a_cup, QUANTITY_PLACES)
        self.initial["piece_weighs"] = ingredient.grams_per_each

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        ingredient = self.instance
        ingredient.kind = cleaned.get("sort") or ingredient.kind
        if "cup_weighs" in self.changed_data and "cup_weighs" in cleaned:
            cup = cleaned["cup_weighs"]
            ingredient.grams_per_ml = None if cup is None else grams_per_ml_of_cup(cup)
        if "piece_weighs" in cleaned:
            ingredient.grams_per_each = cleaned["piece_weighs"]
        return cleaned


class LockedItemAdmin(SetupAdmin):
    """What purchases lean on: changed under the lock they take, else a unit that is frozen by the first lot could
    change between the check and the lot.
    """

    locked = "pk"
    """Where the stock item of a record is."""

    def lock(self, object_id: str | None) -> None:
        super().lock(object_id)
        if object_id is not None:
            records = self.model._default_manager.filter(pk=typed_count(unquote(object_id)))
            lock_items(records.values_list(self.locked, flat=True))


@admin.register(Ingredient)
class IngredientAdmin(LockedItemAdmin):
    form = IngredientForm
    list_display = ("name", "kind", "category", "stock_unit", "is_tracked", "is_archived")
    list_filter = ("is_archived", "kind", "category", "is_tracked", "allergens")
    list_select_related = ("category",)
    search_fields = ("search_name",)
    ordering = ("name",)
    formfield_overrides = {
        **TYPED_AMOUNTS,
        models.ManyToManyField: {"widget": forms.CheckboxSelectMultiple},
    }
    readonly_fields = ("slug",)
    fieldsets = (
        (None, {"fields": ("name", "sort", "category", "stock_unit", "slug")}),
        ("What it weighs", {"fields": ("cup_weighs", "piece_weighs")}),
        ("In the pantry", {"fields": ("reorder_level", "is_tracked", "is_archived")}),
        ("Allergens", {"fields": ("allergens",)}),
    )


class ProductForm(forms.ModelForm):
    def _get_validation_exclusions(self) -> set[str]:
        # A product that becomes the preferred one takes over from the former: see ProductAdmin.save_model.
        return super()._get_validation_exclusions() | {"is_preferred"}  # type: ignore[misc]


@admin.register(Product)
class ProductAdmin(LockedItemAdmin):
    form = ProductForm
    locked = "ingredient"
    formfield_overrides = TYPED_AMOUNTS
    list_display = (
        "ingredient",
        "brand",
        "name",
        "package",
        "preferred_supplier",
        "is_preferred",
        "is_archived",
    )
    list_display_links = ("ingredient", "brand", "name")
    list_filter = ("is_archived", "is_preferred", "preferred_supplier")
    list_select_related = ("ingredient", "preferred_supplier")
    search_fields = ("ingredient__name", "brand", "name", "gtin")
    ordering = ("ingredient__name", "brand", "name", "id")
    autocomplete_fields = ("ingredient", "preferred_supplier")
    fields = (
        "ingredient",
        "brand",
        "name",
        "package_quantity",
        "package_unit",
        "gtin",
        "preferred_supplier",
        "is_preferred",
        "is_archived",
    )

    @admin.display(ordering="package_quantity")
    def package(self, product: Product) -> str:
        return formatting.as_written(product.package_quantity, product.package_unit)

    def save_model(self, request: HttpRequest, obj: Product, form: forms.ModelForm, change: bool) -> None:
        if obj.is_preferred:
            # First the former one steps back: at no moment are two products of an ingredient preferred. The
            # ingredient is locked, so that of two admins who choose at once the later one wins.
            lock_items([obj.ingredient_id])
            rivals = Product.objects.filter(ingredient=obj.ingredient, is_preferred=True).exclude(pk=obj.pk)
            rivals.update(is_preferred=False, updated_at=timezone.now())
        super().save_model(request, obj, form, change)


@admin.register(Supplier)
class SupplierAdmin(SetupAdmin):
    list_display = ("name", "url", "is_archived")
    list_filter = ("is_archived",)
    search_fields = ("name",)
    fields = ("name", "url", "address", "notes", "is_archived")


admin.site.register([Allergen, IngredientCategory], NamedAdmin)


class MovementInline(HistoryInline):
    model = StockMovement
    fields = ("entry", "lot", "quantity", "value")

    def get_queryset(self, request: HttpRequest) -> QuerySet[StockMovement]:
        return super().get_queryset(request).select_related("entry", "lot__item", "lot__product__ingredient")


@admin.register(Lot)
class LotAdmin(HistoryAdmin):
    list_display = (
        "item",
        "product",
        "received_on",
        "received",
        "remaining",
        "value_remaining",
        "expires_on",
    )
    list_filter = ("item__kind", "received_on")
    list_select_related = ("item", "product__ingredient", "supplier")
    search_fields = ("item__search_name", "location")
    ordering = ("-received_on", "-id")
    inlines = (MovementInline,)
    fields = (
        "item",
        "product",
        "supplier",
        "received_on",
        "quantity",
        "value",
        "quantity_remaining",
        "value_remaining",
        "expires_on",
        "location",
        "note",
    )

    @admin.display(description="quantity", ordering="quantity")
    def received(self, lot: Lot) -> str:
        return formatting.quantity(lot.quantity, lot.item.stock_unit)

    @admin.display(description="remaining", ordering="quantity_remaining")
    def remaining(self, lot: Lot) -> str:
        return formatting.quantity(lot.quantity_remaining, lot.item.stock_unit)


@admin.register(StockEntry)
class StockEntryAdmin(HistoryAdmin):
    list_display = ("summary", "kind", "occurred_at", "recorded_by_name", "reason")
    list_filter = ("kind", "occurred_at")
    search_fields = ("summary", "reason", "recorded_by_name")
    inlines = (MovementInline,)
    fields = (
        "summary",
        "kind",
        "occurred_at",
        "recorded_by_name",
        "reason",
        "note",
        "reverses",
        "uuid",
        "created_at",
    )
    readonly_fields = fields


@admin.register(StockMovement)
class StockMovementAdmin(HistoryAdmin):
    list_display = ("entry", "lot", "quantity", "value")
    list_filter = ("entry__kind",)
    list_select_related = ("entry", "lot__item", "lot__product__ingredient")
    search_fields = ("lot__item__search_name",)
    ordering = ("-id",)
    fields = ("entry", "lot", "quantity", "value")
