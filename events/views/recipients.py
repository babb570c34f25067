"""Who is given something, and what they got."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bakery.core.csv import csv_response
from bakery.core.forms import sent
from bakery.core.htmx import Request, render_page
from bakery.core.transfer.history import dated
from events.forms.gifts import RecipientForm
from events.models import Recipient
from events.selectors import people

PER_PAGE = 60
CSV_HEADER = ("Recipient", "Household", "Address", "Avoids", "Got something last", "Notes")
READ_OR_WRITE = ["GET", "HEAD", "POST"]


@require_safe
def recipients(request: Request) -> HttpResponse:
    asked, archived = request.GET.get("q", ""), request.GET.get("archived") == "1"
    found = people.recipients_matching(asked, archived=archived)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {"q": asked, "archived": archived, "page": page}
    return render_page(request, "events/recipients.html", context, fragment="list")


@require_safe
def recipients_csv(request: Request) -> HttpResponse:
    """The list of the page with addresses and notes, for letters and labels."""
    found = people.recipients_matching(request.GET.get("q", ""), archived=request.GET.get("archived") == "1")
    rows = (
        (
            *(each.name, each.household, each.address, ", ".join(str(one) for one in each.avoids.all())),
            *(each.last_given, each.notes),
        )
        for each in found
    )
    return csv_response(dated("recipients", "csv"), CSV_HEADER, rows)


@require_safe
def recipient(request: Request, recipient_id: int) -> HttpResponse:
    found = get_object_or_404(Recipient.objects.prefetch_related("avoids"), pk=recipient_id)
    page = Paginator(people.given_to(found), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "events/recipient.html", {"recipient": found, "page": page})


@never_cache
@require_http_methods(READ_OR_WRITE)
def add(request: Request) -> HttpResponse:
    return _edit(request, None)


@never_cache
@require_http_methods(READ_OR_WRITE)
def edit(request: Request, recipient_id: int) -> HttpResponse:
    return _edit(request, get_object_or_404(Recipient, pk=recipient_id))


def _edit(request: Request, found: Recipient | None) -> HttpResponse:
    form = RecipientForm(sent(request), instance=found)
    if request.method == "POST" and form.is_valid():
        saved = form.save()
        if "another" in request.POST:
            messages.success(request, f"{saved} is noted. Now the next one.")
            return redirect("events:add_recipient")
        messages.success(request, f"{saved}: saved.")
        return redirect(saved)
    context = {"form": form, "recipient_id": found.pk if found else None}
    return render(request, "events/recipient_edit.html", context, status=422 if form.errors else 200)


@require_POST
def archive(request: Request, recipient_id: int) -> HttpResponse:
    found = get_object_or_404(Recipient, pk=recipient_id)
    found.is_archived = request.POST.get("archived") == "1"
    found.save(update_fields=["is_archived", "updated_at"])
    messages.success(request, f"{found}: {'archived' if found.is_archived else 'back on the list'}.")
    return redirect(found)
