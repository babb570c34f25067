"""Changing the shelf: purchases, adjustments, and putting either right."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bakery.core.errors import BakeryError
from bakery.core.formatting import quantity
from bakery.core.forms import ReasonForm, new_key, refuse, sent
from bakery.core.htmx import Request, render_page, wants_fragment
from bakery.core.numbers import checked_money
from bakery.core.ways import next_page
from inventory import services
from inventory.forms import AdjustForm, CostForm, ItemForm, LotForm, NewItemForm, ReceiveForm, today
from inventory.models import EntryKind, Ingredient, Lot, Product, StockEntry, StockItem
from inventory.pages import entry_addresses
from inventory.prices import unit_price
from inventory.selectors import pantry as selectors
from inventory.selectors.prices import bought_lots, total_of, with_price
from inventory.services import receiving

READ_OR_WRITE = ["GET", "HEAD", "POST"]


@never_cache
@require_http_methods(READ_OR_WRITE)
def receive(request: Request) -> HttpResponse:
    item = _asked_for(request)
    if item is None:
        choose = ItemForm(request.POST or None)
        context = {"choose": choose, "next": next_page(request)}
        return render(request, "inventory/receive.html", context, status=422 if choose.errors else 200)
    if request.method != "POST" and wants_fragment(request):
        return render_page(request, "inventory/receive.html", {"price": _typed_price(request, item)}, "price")
    form = ReceiveForm(request.POST or None, item=item, initial=_purchase_of(item, request))
    if request.method == "POST" and form.is_valid():
        try:
            lot = _receive(request, form.cleaned_data)
        except BakeryError as error:
            refuse(form, error)
        else:
            bought = quantity(lot.quantity, item.stock_unit)
            price = unit_price(lot.value, lot.quantity, item.stock_unit)
            messages.success(request, f"{bought} of {item} is on the shelf, at {price}.")
            if "another" in request.POST:
                return redirect(reverse("inventory:receive", query={"next": next_page(request)}))
            return redirect(next_page(request) or item)
    context = {"form": form, "item": item, "next": next_page(request)}
    return render(request, "inventory/receive.html", context, status=422 if form.errors else 200)


def _asked_for(request: Request) -> Ingredient | None:
    """The ingredient the address names, by itself or by one of its products."""
    item, product = (_number(request.POST.get(name) or request.GET.get(name)) for name in ("item", "product"))
    of_product = Q(pk__in=Product.objects.filter(pk=product).values("ingredient"))
    return Ingredient.objects.filter(Q(pk=item) if item else of_product).first()


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else 0


@never_cache
@require_http_methods(READ_OR_WRITE)
def new_item(request: Request) -> HttpResponse:
    """Something bought for the first time: named here, so that the purchase need not wait for the setup."""
    form = NewItemForm(sent(request), initial={"name": request.GET.get("name", "")})
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            item = form.save()
        messages.success(request, f"{item} is in the pantry now. Enter what was bought.")
        return redirect(reverse("inventory:receive", query={"item": item.pk, "next": next_page(request)}))
    context = {"form": form, "next": next_page(request)}
    return render(request, "inventory/new_item.html", context, status=422 if form.errors else 200)


def _typed_price(request: Request, item: Ingredient) -> str:
    """What one unit of the purchase being typed costs; empty while that cannot be said."""
    form = ReceiveForm(request.GET, item=item)
    form.is_valid()
    typed = form.cleaned_data
    if form.errors.keys() - {"uuid", "received_on"} or typed.get("total_cost") is None:
        return ""
    try:
        amount = receiving.bought(
            typed["product"], typed.get("packages"), typed.get("quantity"), typed.get("unit") or None
        )
        return unit_price(checked_money(typed["total_cost"]), amount, item.stock_unit)
    except BakeryError:
        return ""


@transaction.atomic
def _receive(request: Request, typed: dict[str, Any]) -> Lot:
    """Keep a product typed in place together with its first purchase, or neither."""
    product = typed["product"]
    if product.pk is None:
        # Somebody else may have typed the same product since the form was checked.
        product, _ = Product.objects.get_or_create(
            ingredient=product.ingredient,
            brand=product.brand,
            name=product.name,
            package_quantity=product.package_quantity,
            package_unit=product.package_unit,
        )
    return services.receive_lot(
        product_id=product.pk,
        packages=typed["packages"],
        quantity=typed["quantity"],
        unit=typed["unit"] or None,
        total_cost=typed["total_cost"],
        received_on=typed["received_on"],
        supplier_id=typed["supplier"].pk if typed["supplier"] else None,
        expires_on=typed["expires_on"],
        location=typed["location"],
        note=typed["note"],
        recorded_by=request.user,
        uuid=typed["uuid"],
    )


def _purchase_of(item: Ingredient, request: Request) -> dict[str, Any]:
    """What is likely: the product asked for, the preferred one, or the last bought."""
    last = bought_lots().filter(item=item).order_by("-received_on", "-id").first()
    preferred = item.products.filter(is_preferred=True, is_archived=False).first()
    product = request.GET.get("product") or (preferred.pk if preferred else last.product_id if last else None)
    return {
        "uuid": new_key(),
        "product": product,
        "proposed": product or "",
        "quantity": request.GET.get("quantity", ""),
        "unit": request.GET.get("unit", ""),
        "received_on": today(),
        "supplier": last.supplier_id if last else None,
    }


@never_cache
@require_http_methods(READ_OR_WRITE)
def adjust(request: Request, item_id: int) -> HttpResponse:
    item = get_object_or_404(StockItem.objects.select_related("ingredient"), pk=item_id)
    form = AdjustForm(
        request.POST or None, item=item, initial={"uuid": new_key(), "lot": request.GET.get("lot")}
    )
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        adding = typed["direction"] == AdjustForm.ADD
        try:
            entry = services.adjust_stock(
                item_id=item.pk,
                quantity=typed["quantity"] if adding else -typed["quantity"],
                unit=typed["unit"] or None,
                reason=typed["reason"],
                note=typed["note"],
                lot_id=typed["lot"].pk if typed["lot"] else None,
                product_id=typed["product"].pk if typed.get("product") else None,
                total_cost=typed["total_cost"],
                recorded_by=request.user,
                uuid=typed["uuid"],
            )
        except BakeryError as error:
            refuse(form, error)
        else:
            messages.success(request, f"{entry.summary}.")
            return redirect(item)
    context = {"form": form, "item": item, "shelved": selectors.rows([selectors.shelf().get(pk=item.pk)])[0]}
    return render(request, "inventory/adjust.html", context, status=422 if form.errors else 200)


@require_safe
def lot(request: Request, lot_id: int) -> HttpResponse:
    found = get_lot(lot_id)
    history = selectors.history(found)
    total_cost = total_of(found)
    context = {
        "lot": found,
        "history": history,
        "total_cost": total_cost,
        "price": unit_price(total_cost, found.quantity, found.item.stock_unit),
        "can_void": bool(history)
        and history[0].movement.entry.kind == EntryKind.RECEIPT
        and found.quantity_remaining == found.quantity,
    }
    return render(request, "inventory/lot.html", context)


def get_lot(lot_id: int) -> Lot:
    """The lot with all it belongs to, and with its price as it was put right last."""
    lots = Lot.objects.select_related("item", "product__ingredient", "supplier")
    return get_object_or_404(with_price(lots), pk=lot_id)


@never_cache
@require_http_methods(READ_OR_WRITE)
def correct_cost(request: Request, lot_id: int) -> HttpResponse:
    found = get_lot(lot_id)
    form = CostForm(request.POST or None, initial={"uuid": new_key(), "total_cost": total_of(found)})
    said = "What is left takes its share of the new price. What was used already keeps what it cost."
    return _correct(
        request,
        form,
        found,
        title="Correct the price",
        said=said,
        change=lambda typed: services.correct_lot_cost(lot_id=lot_id, recorded_by=request.user, **typed),
    )


@never_cache
@require_http_methods(READ_OR_WRITE)
def void_receipt(request: Request, lot_id: int) -> HttpResponse:
    found = get_lot(lot_id)
    form = ReasonForm(request.POST or None, initial={"uuid": new_key()})
    return _correct(
        request,
        form,
        found,
        title="Void this purchase",
        said="It is taken off the shelf as if it had never been bought, and stays in the journal.",
        change=lambda typed: services.void_receipt(lot_id=lot_id, recorded_by=request.user, **typed),
    )


@never_cache
@require_http_methods(READ_OR_WRITE)
def edit_lot(request: Request, lot_id: int) -> HttpResponse:
    found = get_lot(lot_id)
    form = LotForm(request.POST or None, instance=found)

    def change(typed: dict[str, Any]) -> Any:
        supplier = typed.pop("supplier")
        supplier_id = supplier.pk if supplier else None
        return services.edit_lot(lot_id=lot_id, supplier_id=supplier_id, recorded_by=request.user, **typed)

    said = "The amount is never edited: count the shelf, or void the purchase and enter it again."
    return _correct(request, form, get_lot(lot_id), title="Edit this lot", said=said, change=change)


@never_cache
@require_http_methods(READ_OR_WRITE)
def void_entry(request: Request, entry_id: int) -> HttpResponse:
    found = get_object_or_404(StockEntry, pk=entry_id)
    form = ReasonForm(request.POST or None, initial={"uuid": new_key()})
    return _correct(
        request,
        form,
        found,
        title="Void this adjustment",
        said=f"“{found.summary}” is taken back, lot by lot, and stays in the journal.",
        change=lambda typed: services.void_adjustment(entry_id=entry_id, recorded_by=request.user, **typed),
    )


def _correct(request: Request, form: Any, about: Any, *, title: str, said: str, change: Any) -> HttpResponse:
    """The page of one correction: a form, its service, and back to what was corrected."""
    if request.method == "POST" and form.is_valid():
        try:
            change(dict(form.cleaned_data))
        except BakeryError as error:
            refuse(form, error)
        else:
            messages.success(request, f"{title}: done.")
            return redirect(about)
    context = {"form": form, "about": about, "title": title, "said": said}
    return render(request, "inventory/correct.html", context, status=422 if form.errors else 200)


@require_safe
def entry(request: Request, entry_id: int) -> HttpResponse:
    found = get_object_or_404(StockEntry.objects.select_related("reverses", "reversed_by"), pk=entry_id)
    context = {
        "entry": found,
        "own_page": entry_addresses([found])[found.pk],
        "movements": found.movements.select_related("lot__item", "lot__product__ingredient").order_by("id"),
        "can_void": found.kind in (EntryKind.ADJUSTMENT, EntryKind.OPENING)
        and not hasattr(found, "reversed_by"),
        "can_trace": found.kind in (EntryKind.PRODUCTION, EntryKind.ASSEMBLY, EntryKind.FULFILMENT),
    }
    return render(request, "inventory/entry.html", context)
