"""The shopping list: looking at it, ticking, adding by hand, and turning lines into purchases."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bakery.core.csv import csv_response
from bakery.core.errors import BakeryError
from bakery.core.formatting import quantity
from bakery.core.forms import new_key, refuse, sent
from bakery.core.htmx import Request, render_page, wants_fragment
from bakery.core.ways import next_page
from events import services
from events.forms.shopping import BY_HAND, ITEM, PRODUCT, AddItemForm, BuyForm, key_of
from events.models import ShoppingItem
from events.views.shopping_page import HEADER, csv_rows, page_for
from inventory.models import Product
from inventory.selectors.events import choices_of, event_choices

READ_OR_WRITE = ["GET", "HEAD", "POST"]


@never_cache
@require_safe
def shopping(request: Request) -> HttpResponse:
    page, offered = page_for(request)
    follows = wants_fragment(request)
    context = {"page": page, "offered": offered, "follows": follows}
    if not follows:
        context["add"] = _add_form(
            request, choices_of((each.pk, each.name, each.event_date) for each in offered)
        )
    return render_page(request, "events/shopping.html", context, fragment="found")


@require_safe
def shopping_csv(request: Request) -> HttpResponse:
    page, _ = page_for(request)
    return csv_response(page.filename, HEADER, csv_rows(page))


@require_POST
def tick(request: Request) -> HttpResponse:
    """Tick or untick one line: `line` says which, `ticked` is 1 or 0."""
    kind, number = key_of(request.POST.get("line"))
    ticked = request.POST.get("ticked") == "1"
    try:
        if kind == ITEM:
            services.tick_shopping_line(ingredient_id=number, ticked=ticked, ticked_by=request.user)
        elif kind == PRODUCT:
            services.tick_shopping_line(product_id=number, ticked=ticked, ticked_by=request.user)
        elif kind == BY_HAND:
            services.tick_shopping_item(item_id=number, ticked=ticked, ticked_by=request.user)
        else:
            raise Http404
    except BakeryError as error:
        return _answer(request, str(error), status=422)
    return _answer(request, "Ticked off." if ticked else "Back on the list.")


@require_POST
def remove(request: Request, item_id: int) -> HttpResponse:
    removed = services.remove_shopping_item(item_id=item_id)
    return _answer(request, "Taken off the list." if removed else "That was off the list already.")


def _answer(request: Request, said: str, status: int = 200) -> HttpResponse:
    """The list as it is now to htmx, else back to where it was changed."""
    if wants_fragment(request):
        page, _ = page_for(request)
        context = {"page": page} | ({"status": said} if status == 200 else {"problem": said})
        return render(request, "events/shopping_answer.html", context, status=status)
    if status != 200:
        messages.error(request, said)
    return redirect(_next(request))


def _next(request: Request) -> str:
    return next_page(request) or reverse("events:shopping")


def _add_form(request: Request, events: list[tuple[str, str]]) -> AddItemForm:
    """The form to add something, with what the address asks for, for one of these events or none."""
    asked = request.GET
    kind = ITEM if asked.get("ingredient") else PRODUCT
    number = asked.get("ingredient") or asked.get("product") or ""
    return AddItemForm(
        events=events,
        initial={
            "uuid": new_key(),
            "what": f"{kind}-{number}" if number else "",
            "text": asked.get("text", ""),
            "quantity": asked.get("quantity", ""),
            "unit": asked.get("unit", ""),
            "event": asked.get("for", ""),
        },
    )


@never_cache
@require_http_methods(READ_OR_WRITE)
def add(request: Request) -> HttpResponse:
    """Put something on the list. Links from where something is short bring what and how much."""
    if request.method != "POST":
        return render(
            request,
            "events/shopping_add.html",
            {"add": _add_form(request, event_choices()), "next": _next(request)},
        )
    form = AddItemForm(request.POST, events=event_choices())
    if form.is_valid():
        typed = form.cleaned_data
        kind, number = key_of(typed["what"])
        try:
            item = services.add_shopping_item(
                text=typed["text"],
                ingredient_id=number if kind == ITEM else None,
                product_id=number if kind == PRODUCT else None,
                quantity=typed["quantity"],
                unit=typed["unit"],
                event_id=typed["event"],
                uuid=typed["uuid"],
            )
        except BakeryError as error:
            refuse(form, error)
        else:
            messages.success(request, f"{item} is on the shopping list.")
            return redirect(_next(request))
    context = {"add": form, "next": _next(request)}
    return render(request, "events/shopping_add.html", context, status=422)


@never_cache
@require_http_methods(READ_OR_WRITE)
def buy(request: Request, item_id: int) -> HttpResponse:
    """Turn a line into a purchase: the list sends it filled in, one tap is enough."""
    item = get_object_or_404(
        ShoppingItem.objects.select_related("ingredient", "product__ingredient", "lot"), pk=item_id
    )
    stock = item.product.ingredient if item.product else item.ingredient
    if stock is None:
        return redirect(reverse("inventory:receive", query={"next": _next(request)}))
    products = Product.objects.filter(ingredient=stock, is_archived=False).select_related("ingredient")
    if item.product is not None:
        products = Product.objects.filter(pk=item.product.pk).select_related("ingredient")
    form = BuyForm(sent(request), products=products, initial=_expected(request))
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            lot = services.buy_shopping_item(
                item_id=item.pk,
                product_id=typed["product"].pk,
                packages=typed["packages"],
                total_cost=typed["total_cost"],
                received_on=typed["received_on"],
                supplier_id=typed["supplier"].pk if typed["supplier"] else None,
                expires_on=typed["expires_on"],
                location=typed["location"],
                recorded_by=request.user,
                uuid=typed["uuid"],
            )
        except BakeryError as error:
            refuse(form, error)
        else:
            messages.success(
                request, f"{quantity(lot.quantity, stock.stock_unit)} of {stock} is on the shelf."
            )
            return redirect(_next(request))
    context = {"form": form, "item": item, "stock": stock, "products": products, "next": _next(request)}
    return render(request, "events/shopping_buy.html", context, status=422 if form.errors else 200)


def _expected(request: Request) -> dict[str, Any]:
    names = ("product", "packages", "total_cost", "supplier")
    return {"uuid": new_key(), **{name: request.GET.get(name, "") for name in names}}
