"""Setup of events, recipients and packages. Who got what can be looked at; it changes on the event's page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from bakery.core import formatting
from bakery.core.admin import AmountField, HistoryAdmin, LinesFormSet, LinesInline, SetupAdmin
from bakery.core.errors import BakeryError
from bakery.core.fields import FixedPointField
from events import services
from events.models import (
    Event,
    EventRecipientPackage,
    FulfillmentStatus,
    Package,
    PackageFinishedGood,
    PackagePackaging,
    Recipient,
)
from events.services.package_costs import PackageCost, get_package_costs
from inventory.units import parse_quantity

TYPED_AMOUNTS: dict[Any, Any] = {FixedPointField: {"form_class": AmountField, "parse": parse_quantity}}


@admin.register(Event)
class EventAdmin(SetupAdmin):
    """An event goes with what was only planned for it; what was made or packed for it keeps it."""

    list_display = ("name", "event_date")
    list_filter = ("event_date",)
    search_fields = ("name",)
    ordering = ("-event_date", "name")
    fields = ("name", "event_date", "notes", "slug")
    readonly_fields = ("slug",)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """One by one: each says first what goes with it."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def uses_of(self, record: models.Model) -> list[tuple[type[models.Model], Any]]:
        """What waits to be packed goes with the event, so it does not stand in the way."""
        pending = EventRecipientPackage.objects.filter(
            event=record.pk, fulfillment_status=FulfillmentStatus.PENDING
        )
        waiting = set(pending.values_list("pk", flat=True))
        return [
            (model, pk)
            for model, pk in super().uses_of(record)
            if model is not EventRecipientPackage or pk not in waiting
        ]

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[Any]]:
        """What the page before deleting counts."""
        [event] = objs
        found = services.get_event_deletion(event.pk)
        counted = {
            "baking targets": found.production_targets,
            "assembly targets": found.assembly_targets,
            "packages that wait": found.pending_assignments,
            "lines on the shopping list": found.shopping_items,
        }
        return [str(event)], {"events": 1} | {name: n for name, n in counted.items() if n}, set(), []

    def delete_model(self, request: HttpRequest, obj: Event) -> None:
        services.delete_event(event_id=obj.pk)

    def delete_view(  # type: ignore[override]
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        try:
            return super().delete_view(request, object_id, extra_context)
        except BakeryError as error:  # baked for while the page stood open
            messages.error(request, str(error))
            return redirect("admin:events_event_changelist")


@admin.register(Recipient)
class RecipientAdmin(SetupAdmin):
    list_display = ("name", "household", "avoided", "is_archived")
    list_filter = ("is_archived", "avoids")
    search_fields = ("search_name", "household")
    ordering = ("name", "id")
    formfield_overrides = {models.ManyToManyField: {"widget": forms.CheckboxSelectMultiple}}
    fields = ("name", "household", "address", "avoids", "notes", "is_archived")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Recipient]:
        return super().get_queryset(request).prefetch_related("avoids")

    @admin.display(description="avoids")
    def avoided(self, recipient: Recipient) -> str:
        return ", ".join(str(allergen) for allergen in recipient.avoids.all())


class OnceFormSet(LinesFormSet):
    def get_unique_error_message(self, unique_check: Any) -> str:
        return "The same thing stands on two lines. Put its amounts together on one."


class GoodsInline(LinesInline):
    model = PackageFinishedGood
    formset = OnceFormSet
    verbose_name = "box or bag"
    verbose_name_plural = "what goes into it"
    fields = ("quantity", "finished_good")
    autocomplete_fields = ("finished_good",)
    extra = 2

    def get_queryset(self, request: HttpRequest) -> QuerySet[PackageFinishedGood]:
        return super().get_queryset(request).select_related("finished_good")


class WrappingInline(LinesInline):
    model = PackagePackaging
    formset = OnceFormSet
    formfield_overrides = TYPED_AMOUNTS
    verbose_name = "wrapping"
    verbose_name_plural = "wrapping around it"
    fields = ("quantity", "unit", "product")
    autocomplete_fields = ("product",)
    extra = 1

    def get_queryset(self, request: HttpRequest) -> QuerySet[PackagePackaging]:
        return super().get_queryset(request).select_related("product__ingredient")


class PackageList(ChangeList):
    """The list of packages, with what each costs about: read for the whole page at once."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        costs = get_package_costs([package.pk for package in self.result_list])
        for package in self.result_list:
            package.known = costs[package.pk]  # type: ignore[attr-defined]


@admin.register(Package)
class PackageAdmin(SetupAdmin):
    list_display = ("name", "contents", "cost", "is_archived")
    list_filter = ("is_archived",)
    search_fields = ("name",)
    ordering = ("name",)
    readonly_fields = ("cost_of_one",)
    inlines = (GoodsInline, WrappingInline)
    fields = ("name", "description", "is_archived", "cost_of_one")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Package]:
        return super().get_queryset(request).prefetch_related("goods__finished_good")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return PackageList

    @admin.display(description="holds")
    def contents(self, package: Package) -> str:
        return ", ".join(str(line) for line in package.goods.all())

    @admin.display(description="costs about")
    def cost(self, package: Any) -> str:
        known: PackageCost = package.known
        unknown = len(known.unpriced) + len(known.unconvertible)
        without = f" without {unknown} unpriced" if unknown else ""
        return f"{formatting.money(known.cost)}{without}" if not known.is_empty else "nothing in it yet"

    @admin.display(description="costs about")
    def cost_of_one(self, package: Package) -> str:
        """At the last prices; what was never made yet at what its recipe would cost; what has none is named."""
        if not package.pk:
            return "Known once it is saved."
        known = get_package_costs([package.pk])[package.pk]
        said = [f"{formatting.money4(known.cost)}, at the last prices"]
        if known.unpriced:
            said.append(f"without {', '.join(known.unpriced)}: no price is known")
        if known.unconvertible:
            said.append("without lines that cannot be converted")
        return "; ".join(said)


@admin.register(EventRecipientPackage)
class AssignmentAdmin(HistoryAdmin):
    list_display = ("event", "recipient", "package", "quantity", "fulfillment_status", "delivered_at")
    list_filter = ("fulfillment_status", "event")
    list_select_related = ("event", "recipient", "package")
    search_fields = ("recipient__search_name", "package__name", "event__name")
    ordering = ("-event__event_date", "recipient__name", "id")
    fields = (
        ("event", "recipient"),
        ("package", "quantity"),
        "fulfillment_status",
        ("ready_at", "stock_entry"),
        ("delivered_at", "delivered_to"),
        "notes",
    )
