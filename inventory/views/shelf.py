"""Looking at the shelf, and walking along it with a phone to count."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bakery.core.errors import BakeryError
from bakery.core.formatting import as_written, quantity
from bakery.core.forms import new_key
from bakery.core.htmx import Request, render_page, wants_fragment
from bakery.core.pages import page_of
from inventory import services
from inventory.forms import CountForm
from inventory.models import Lot, Product, StockEntry, StockItem
from inventory.pages import item_addresses
from inventory.selectors import pantry as selectors
from inventory.uses import uses_of

ITEMS_PER_PAGE = 60
ENTRIES_PER_PAGE = 20
LOTS_ON_A_PAGE = 60


@require_safe
def pantry(request: Request) -> HttpResponse:
    asked, which, sort = (request.GET.get(name, "") for name in ("q", "show", "sort"))
    page = Paginator(selectors.find_items(asked, which, sort), ITEMS_PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "q": asked,
        "show": which,
        "sort": sort,
        "filters": selectors.filters(),
        "page": page,
        "rows": selectors.rows(page.object_list),
        "totals": selectors.totals(),
    }
    return render_page(request, "inventory/pantry.html", context, fragment="list")


@require_safe
def item(request: Request, item_id: int) -> HttpResponse:
    found = get_object_or_404(selectors.shelf(), pk=item_id)
    lots = found.lots.select_related("item", "product__ingredient", "supplier")
    (shelved,) = selectors.rows([found])
    open_lots = list(lots.filter(quantity_remaining__gt=0)[:LOTS_ON_A_PAGE])
    used_in = uses_of(found)
    page = page_of(selectors.journal(found), ENTRIES_PER_PAGE, request.GET.get("page"))
    ingredient = getattr(found, "ingredient", None)
    context = {
        "used_in": used_in,
        "needs": [
            usage.advice(ingredient) for usage in used_in if ingredient and not usage.converts_to(ingredient)
        ],
        "shelved": shelved,
        "item": found,
        "own_page": item_addresses([found])[item_id] if found.is_made_here else "",
        "open_lots": open_lots,
        "more_lots": max(0, shelved.lots - len(open_lots)),  # somebody may take or bring one meanwhile
        "products": Product.objects.filter(ingredient=item_id, is_archived=False).select_related(
            "ingredient"
        ),
        "used_lots": lots.filter(quantity_remaining=0).order_by("-received_on", "-id")[:10],
        "page": page,
        "journal": selectors.written(list(page)),
    }
    return render(request, "inventory/item.html", context)


@require_POST
def archive(request: Request, item_id: int) -> HttpResponse:
    found = get_object_or_404(StockItem, pk=item_id)
    found.is_archived = request.POST.get("archived") == "1"
    found.save(update_fields=["is_archived", "updated_at"])
    messages.success(request, f"{found}: {'archived' if found.is_archived else 'back in the pantry'}.")
    return redirect(found)


@dataclass(frozen=True, slots=True)
class Countable:
    """One row of the walk: a lot, with the form to count it.

    `said` is what became of the count, `found` that more was there than the books say, and `is_found` marks the
    lot which that is.
    """

    lot: Lot
    form: CountForm
    said: str = ""
    found: str = ""
    is_found: bool = False

    @property
    def otherwise(self) -> str:
        """What the books say as the other pages say it, where that is not in the unit the field takes."""
        unit = self.lot.item.stock_unit
        there = quantity(self.lot.quantity_remaining, unit)
        return "" if there == as_written(self.lot.quantity_remaining, unit) else there

    @property
    def is_refused(self) -> bool:
        return bool(self.form.errors)

    @property
    def answer(self) -> str:
        """What became of the count, for those who hear the page."""
        return f"{self.said} {self.found}".strip() or " ".join(
            str(each) for each in self.form["counted"].errors
        )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def count(request: Request) -> HttpResponse:
    """Every open lot with a field beside it; each row is a form of its own."""
    if request.method == "POST":
        return _count_lot(request)
    asked, which = request.GET.get("q", ""), request.GET.get("show", "")
    items = selectors.find_items(asked, which)
    lots = (
        Lot.objects.filter(item__in=items.values("pk"), quantity_remaining__gt=0)
        .select_related("item", "product__ingredient")
        .order_by("item__name", "item_id", "received_on", "id")
    )
    page = Paginator(lots, ITEMS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "q": asked,
        "show": which,
        "filters": selectors.FILTERS[:5],
        "page": page,
        "rows": [Countable(lot, fresh_form(lot)) for lot in page],
    }
    return render_page(request, "inventory/count.html", context, fragment="list")


def fresh_form(lot: Lot) -> CountForm:
    return CountForm(initial={"uuid": new_key(), "seen": lot.quantity_remaining}, auto_id=f"id_%s_{lot.pk}")


def _count_lot(request: Request) -> HttpResponse:
    lot = get_lot(request.POST.get("lot"))
    form = CountForm(request.POST, lot=lot, auto_id=f"id_%s_{lot.pk}")
    if form.is_valid():
        typed = form.cleaned_data
        try:
            entry = services.count_stock(
                item_id=lot.item_id,
                counted=typed["counted"],
                seen=typed["seen"],
                lot_id=lot.pk,
                recorded_by=request.user,
                uuid=typed["uuid"],
            )
        except BakeryError as error:
            form.add_error("counted", str(error))
            # The next try is against what is there now, under a key of its own.
            lot.refresh_from_db()
            again = request.POST.copy()
            again["seen"], again["uuid"] = str(lot.quantity_remaining), new_key()
            form.data = again
            return _counted(request, [Countable(lot, form)], status=422)
        before = quantity(typed["seen"], lot.item.stock_unit)
        after = quantity(typed["counted"], lot.item.stock_unit)
        said = (
            f"{lot.item}: {before} before, {after} now."
            if entry
            else f"{lot.item}: {before}, as the books say."
        )
        more = _found(entry, lot)
        found = " ".join(
            f"The {quantity(each.quantity, lot.item.stock_unit)} more is a lot of its own now, at no cost."
            for each in more
        )
        lot.refresh_from_db()
        return _counted(
            request,
            [
                Countable(lot, fresh_form(lot), said, found),
                *(Countable(each, fresh_form(each), is_found=True) for each in more),
            ],
        )
    return _counted(request, [Countable(lot, form)], status=422)


def _found(entry: StockEntry | None, lot: Lot) -> list[Lot]:
    """The lot that holds what the count of `lot` found more than the books said, as it is now, if it did."""
    if entry is None:
        return []
    made = Lot.objects.filter(movements__entry=entry).exclude(pk=lot.pk)
    return list(made.select_related("item", "product__ingredient"))


def get_lot(typed: str | None) -> Lot:
    if not (typed and typed.isascii() and typed.isdigit() and len(typed) < 19):
        raise Http404
    return get_object_or_404(Lot.objects.select_related("item", "product__ingredient"), pk=int(typed))


def _counted(request: Request, rows: list[Countable], status: int = 200) -> HttpResponse:
    """The row that was counted, first, and below it the lot of what was found more."""
    context: dict[str, Any] = {"row": rows[0], "rows": rows, "filters": selectors.FILTERS[:5], "one": True}
    if wants_fragment(request):
        return render_page(request, "inventory/count.html", context, fragment="answer", status=status)
    if status == 200:
        messages.success(request, rows[0].answer)
        return redirect("inventory:count")
    return render(request, "inventory/count.html", context, status=status)
