"""Setup of boxes, bags and hampers, with what goes into them. Assemblies can be looked at, never changed."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest

from assembly import services
from assembly.catalogue import assemblable
from assembly.models import (
    AssemblyFinishedGoodConsumption,
    AssemblyFinishedUnitConsumption,
    AssemblyPackagingConsumption,
    AssemblyRun,
    Composition,
    FinishedGood,
)
from assembly.selectors import finished_goods
from bakery.core import formatting
from bakery.core.admin import (
    AmountField,
    HistoryAdmin,
    HistoryInline,
    LinesFormSet,
    LinesInline,
    SetupAdmin,
)
from bakery.core.fields import FixedPointField
from bakery.core.forms import StockItemForm
from inventory.units import parse_quantity

TYPED_AMOUNTS: dict[Any, Any] = {FixedPointField: {"form_class": AmountField, "parse": parse_quantity}}


class CompositionFormSet(LinesFormSet):
    def get_unique_error_message(self, unique_check: Any) -> str:
        return "The same thing stands on two lines. Put its amounts together on one."


class CompositionInline(LinesInline):
    """What goes into one piece: a line is something baked, another box or bag, or packaging.

    As with recipes, two new lines cannot close a circle together, so each looks for a way back by itself.
    """

    model = Composition
    formset = CompositionFormSet
    formfield_overrides = TYPED_AMOUNTS
    fk_name = "finished_good"
    verbose_name = "component"
    verbose_name_plural = "what goes into one"
    fields = (
        "quantity",
        "unit",
        "component_unit",
        "component_good",
        "packaging_product",
        "note",
        "position",
    )
    autocomplete_fields = ("component_unit", "component_good", "packaging_product")
    extra = 3

    def get_queryset(self, request: HttpRequest) -> QuerySet[Composition]:
        return (
            super()
            .get_queryset(request)
            .select_related("component_unit", "component_good", "packaging_product__ingredient")
        )


class GoodsList(ChangeList):
    """The list of goods, with what the shelf allows of each: read for the whole page at once."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        known = {each.good.pk: each for each in assemblable(self.result_list)}
        for good in self.result_list:
            good.known = known[good.pk]  # type: ignore[attr-defined]


@admin.register(FinishedGood)
class FinishedGoodAdmin(SetupAdmin):
    form = StockItemForm
    formfield_overrides = TYPED_AMOUNTS
    list_display = ("name", "on_shelf", "can_assemble", "cost", "is_archived")
    list_filter = ("is_archived",)
    search_fields = ("search_name",)
    ordering = ("name",)
    readonly_fields = ("slug", "cost_of_one", "can_assemble_now")
    inlines = (CompositionInline,)
    lines_as_a_whole = Composition  # else two could close a circle together
    fieldsets = (
        (None, {"fields": ("name", "slug", "is_archived", "reorder_level")}),
        ("Now", {"fields": ("cost_of_one", "can_assemble_now")}),
        ("How it is done", {"fields": ("description", "instructions")}),
    )

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return GoodsList

    def get_queryset(self, request: HttpRequest) -> QuerySet[FinishedGood]:
        return finished_goods()

    @admin.display(description="on the shelf")
    def on_shelf(self, good: FinishedGood) -> int:
        return good.inventory_count

    @admin.display(description="can assemble")
    def can_assemble(self, good: Any) -> int:
        return good.known.possible

    @admin.display(description="one costs about")
    def cost(self, good: Any) -> str:
        known = good.known
        without = f" without {len(known.unpriced)} unpriced" if known.unpriced else ""
        return f"{formatting.money(known.cost)}{without}" if not known.is_empty else "nothing in it yet"

    @admin.display(description="one costs")
    def cost_of_one(self, good: FinishedGood) -> str:
        """From the oldest lots on the shelf, the rest at the last price; what has no price is named."""
        if not good.pk:
            return "Known once it is saved."
        estimate = services.check_can_assemble(good.pk, 1)
        said = [f"{formatting.money4(estimate.estimated_cost)}, from the shelf and the last prices paid"]
        if estimate.unpriced:
            said.append(f"without {', '.join(estimate.unpriced)}: no price is known")
        if estimate.unconvertible:
            said.append("without lines that cannot be converted")
        return "; ".join(said)

    @admin.display(description="can assemble")
    def can_assemble_now(self, good: FinishedGood) -> str:
        """How many the shelf allows, or what stops the first one."""
        if not good.pk:
            return "Known once it is saved."
        [now] = assemblable([good])
        if now.is_empty:
            return "None: nothing says yet what goes into it."
        said = [each.sentence() for each in now.missing] + [line.advice for line in now.unconvertible]
        return "; ".join(said) if said else str(now.possible)


class UnitsInline(HistoryInline):
    model = AssemblyFinishedUnitConsumption
    verbose_name_plural = "baked things that went in"
    fields = ("finished_unit", "quantity_consumed", "unit_cost_at_consumption", "total_cost")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("finished_unit")


class GoodsInline(HistoryInline):
    model = AssemblyFinishedGoodConsumption
    verbose_name_plural = "boxes and bags that went in"
    fields = ("finished_good", "quantity_consumed", "unit_cost_at_consumption", "total_cost")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("finished_good")


class PackagingInline(HistoryInline):
    model = AssemblyPackagingConsumption
    verbose_name_plural = "packaging that went in"
    fields = ("product", "quantity_consumed", "unit", "total_cost")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("product__ingredient")


@admin.register(AssemblyRun)
class AssemblyRunAdmin(HistoryAdmin):
    list_display = (
        "finished_good",
        "assembled_at",
        "quantity_assembled",
        "per_unit_cost",
        "event",
        "voided_at",
    )
    list_filter = ("assembled_at", ("voided_at", admin.EmptyFieldListFilter))
    list_select_related = ("finished_good", "event")
    search_fields = ("finished_good__search_name",)
    ordering = ("-assembled_at", "-id")
    inlines = (UnitsInline, GoodsInline, PackagingInline)
    fields = (
        "finished_good",
        "event",
        "quantity_assembled",
        "assembled_at",
        ("total_component_cost", "per_unit_cost"),
        "notes",
        "stock_entry",
        "recorded_by_name",
        ("voided_at", "void_reason"),
    )
