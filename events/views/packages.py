"""What recipients are handed: packages, what is in them and what they cost."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bakery.core.forms import sent
from bakery.core.htmx import Request, render_page
from events import catalogue
from events.forms.gifts import GoodLines, PackageForm, WrappingLines, good_choices, wrapping_choices
from events.models import Package
from events.selectors import people

PER_PAGE = 60
READ_OR_WRITE = ["GET", "HEAD", "POST"]


@require_safe
def packages(request: Request) -> HttpResponse:
    asked, archived = request.GET.get("q", ""), request.GET.get("archived") == "1"
    found = people.packages_matching(asked, archived=archived)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "q": asked,
        "archived": archived,
        "page": page,
        "rows": catalogue.filled(page.object_list),
    }
    return render_page(request, "events/package_list.html", context, fragment="list")


@require_safe
def package(request: Request, package_id: int) -> HttpResponse:
    found = get_object_or_404(Package, pk=package_id)
    filled, allergens = catalogue.filled_and_told(found)
    context = {
        "package": found,
        "filled": filled,
        "allergens": allergens,
        "page": Paginator(people.who_gets(found), PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "events/package.html", context)


@never_cache
@require_http_methods(READ_OR_WRITE)
def add(request: Request) -> HttpResponse:
    return _edit(request, None)


@never_cache
@require_http_methods(READ_OR_WRITE)
def edit(request: Request, package_id: int) -> HttpResponse:
    return _edit(request, get_object_or_404(Package, pk=package_id))


def _edit(request: Request, found: Package | None) -> HttpResponse:
    form = PackageForm(sent(request), instance=found)
    lines = {"instance": form.instance, "form_kwargs": {"use_required_attribute": False}}
    goods = GoodLines(sent(request), prefix="goods", choices=good_choices(), **lines)
    wrapping = WrappingLines(sent(request), prefix="wrapping", choices=wrapping_choices(), **lines)
    # Each of the three says what is wrong with it: none is skipped because another one was refused.
    if request.method == "POST" and all([form.is_valid(), goods.is_valid(), wrapping.is_valid()]):
        with transaction.atomic():
            saved = form.save()
            goods.save()
            wrapping.save()
        messages.success(request, f"{saved}: saved.")
        return redirect("events:edit_package", saved.pk) if "more" in request.POST else redirect(saved)
    context = {"form": form, "goods": goods, "wrapping": wrapping, "package_id": found.pk if found else None}
    return render(
        request, "events/package_edit.html", context, status=422 if request.method == "POST" else 200
    )


@require_POST
def archive(request: Request, package_id: int) -> HttpResponse:
    found = get_object_or_404(Package, pk=package_id)
    found.is_archived = request.POST.get("archived") == "1"
    found.save(update_fields=["is_archived", "updated_at"])
    messages.success(request, f"{found}: {'archived' if found.is_archived else 'back on the list'}.")
    return redirect(found)
