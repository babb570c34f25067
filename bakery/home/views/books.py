"""The books: where all the money came from, where it is, and the proof that the two agree."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bakery.core.htmx import Request
from bakery.core.permissions import admin_required
from inventory.books import check_books


@admin_required
@require_safe
def books(request: Request) -> HttpResponse:
    return render(request, "home/books.html", {"report": check_books()})
