"""Setup of recipes, with their lines and what they make. Runs can be looked at, never changed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from bakery.core import formatting
from bakery.core.admin import (
    AmountField,
    HistoryAdmin,
    HistoryInline,
    LinesFormSet,
    LinesInline,
    NamedAdmin,
    SetupAdmin,
)
from bakery.core.fields import FixedPointField
from bakery.core.forms import StockItemForm
from bakery.core.numbers import MAX_COUNT
from inventory.units import parse_quantity
from production import services
from production.models import (
    FinishedUnit,
    ProductionConsumption,
    ProductionRun,
    Recipe,
    RecipeCategory,
    RecipeComponent,
    RecipeIngredient,
)

TYPED_AMOUNTS: dict[Any, Any] = {FixedPointField: {"form_class": AmountField, "parse": parse_quantity}}


class IngredientLineInline(LinesInline):
    model = RecipeIngredient
    formfield_overrides = TYPED_AMOUNTS
    verbose_name = "ingredient"
    fields = ("quantity", "unit", "ingredient", "note", "position")
    autocomplete_fields = ("ingredient",)
    extra = 3

    def get_queryset(self, request: HttpRequest) -> QuerySet[RecipeIngredient]:
        return super().get_queryset(request).select_related("ingredient")


class ComponentFormSet(LinesFormSet):
    def get_unique_error_message(self, unique_check: Any) -> str:
        return "The same recipe stands on two lines. Put its batches together on one."


class ComponentInline(LinesInline):
    """Recipes inside the recipe.

    Two new lines cannot close a circle together: both start at this recipe, and a circle passes it once. So
    it is enough that each line looks for a way back by itself.
    """

    model = RecipeComponent
    formset = ComponentFormSet
    formfield_overrides = TYPED_AMOUNTS
    fk_name = "recipe"
    verbose_name = "recipe inside"
    verbose_name_plural = "recipes inside"
    fields = ("batches", "component", "note", "position")
    autocomplete_fields = ("component",)
    extra = 1

    def get_queryset(self, request: HttpRequest) -> QuerySet[RecipeComponent]:
        return super().get_queryset(request).select_related("component")


class FinishedUnitForm(StockItemForm):
    items_per_batch = forms.IntegerField(
        label="Pieces per batch",
        min_value=1,
        max_value=MAX_COUNT,
        widget=forms.NumberInput(attrs={"aria-label": "Pieces per batch"}),
    )


class FinishedUnitInline(LinesInline):
    """Here a piece is archived; its own page deletes it, or says what it is used by."""

    model = FinishedUnit
    form = FinishedUnitForm
    fk_name = "recipe"
    verbose_name = "kind of piece"
    verbose_name_plural = "what it makes"
    fields = ("name", "items_per_batch", "item_label", "is_archived")
    can_delete = False
    show_change_link = True
    extra = 1


@admin.register(Recipe)
class RecipeAdmin(SetupAdmin):
    list_display = ("name", "category", "makes", "is_archived")
    list_filter = ("is_archived", "category")
    list_select_related = ("category",)
    search_fields = ("search_name",)
    ordering = ("name",)
    readonly_fields = ("slug", "cost_per_batch")
    inlines = (IngredientLineInline, ComponentInline, FinishedUnitInline)
    lines_as_a_whole = RecipeComponent  # else two could close a circle together
    fieldsets = (
        (None, {"fields": ("name", "category", "source", "slug", "is_archived", "cost_per_batch")}),
        ("How it is done", {"fields": ("instructions", ("prep_minutes", "bake_minutes"))}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Recipe]:
        return super().get_queryset(request).prefetch_related("finished_units")

    @admin.display(description="makes")
    def makes(self, recipe: Recipe) -> str:
        """What one batch gives: "24 × Lebkuchen"."""
        return ", ".join(f"{unit.items_per_batch} × {unit.name}" for unit in recipe.finished_units.all())

    @admin.display(description="one batch costs")
    def cost_per_batch(self, recipe: Recipe) -> str:
        """From the oldest lots on the shelf, the rest at the last price; what has no price is named."""
        if not recipe.pk:
            return "Known once it is saved."
        estimate = services.check_can_produce(recipe.pk, 1)
        said = [f"{formatting.money4(estimate.estimated_cost)}, from the shelf and the last prices paid"]
        if estimate.unpriced:
            said.append(f"without {', '.join(estimate.unpriced)}: no price is known")
        if estimate.unconvertible:
            said.append("without lines that cannot be converted")
        return "; ".join(said)


@admin.register(FinishedUnit)
class FinishedUnitAdmin(SetupAdmin):
    form = FinishedUnitForm
    formfield_overrides = TYPED_AMOUNTS
    list_display = ("name", "recipe", "items_per_batch", "item_label", "is_archived")
    list_filter = ("is_archived", "recipe__category")
    list_select_related = ("recipe",)
    search_fields = ("search_name", "recipe__search_name")
    ordering = ("name",)
    autocomplete_fields = ("recipe",)
    fields = ("name", "recipe", "items_per_batch", "item_label", "reorder_level", "slug", "is_archived")
    readonly_fields = ("slug",)


admin.site.register(RecipeCategory, NamedAdmin)


class ConsumptionInline(HistoryInline):
    model = ProductionConsumption
    fields = ("ingredient_name", "quantity_consumed", "unit", "total_cost")


@admin.register(ProductionRun)
class ProductionRunAdmin(HistoryAdmin):
    list_display = (
        "recipe",
        "produced_at",
        "num_batches",
        "actual_yield",
        "per_unit_cost",
        "event",
        "voided_at",
    )
    list_filter = ("produced_at", ("voided_at", admin.EmptyFieldListFilter))
    list_select_related = ("recipe", "finished_unit", "event")
    search_fields = ("recipe__search_name", "finished_unit__search_name")
    ordering = ("-produced_at", "-id")
    inlines = (ConsumptionInline,)
    fields = (
        "recipe",
        "finished_unit",
        "event",
        "num_batches",
        ("expected_yield", "actual_yield", "yield_variance"),
        "produced_at",
        ("total_ingredient_cost", "per_unit_cost"),
        "notes",
        "stock_entry",
        "recorded_by_name",
        ("voided_at", "void_reason"),
    )
