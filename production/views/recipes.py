"""The recipe book."""

from __future__ import annotations

from decimal import Decimal

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from bakery.core.errors import BakeryError, InvalidValueError
from bakery.core.htmx import Request, render_page
from bakery.core.numbers import RECIPE_PLACES, round_half_even
from inventory import units
from production import book, selectors
from production.models import Recipe, RecipeCategory

RECIPES_PER_PAGE = 60


@require_safe
def recipes(request: Request) -> HttpResponse:
    asked = request.GET.get("q", "")
    archived = request.GET.get("archived") == "1"
    category = request.GET.get("category", "").replace("\0", "")  # PostgreSQL takes no zero byte
    found = selectors.recipes_matching(asked, archived=archived)
    if category:
        found = found.filter(category__name=category)
    page = Paginator(found, RECIPES_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "q": asked,
        "archived": archived,
        "category": category,
        "categories": RecipeCategory.objects.all(),
        "page": page,
        "cards": book.cards(page.object_list),
    }
    return render_page(request, "production/recipes.html", context, fragment="list")


@require_safe
def recipe(request: Request, slug: str) -> HttpResponse:
    found = get_object_or_404(Recipe.objects.select_related("category"), slug=slug)
    asked = request.GET.get("batches", "1")
    error = ""
    try:
        batches = units.parse_quantity(asked)
        if not 0 < batches <= 1000:
            raise InvalidValueError("Scale by more than 0 and at most 1000 batches.")
        page = book.page_of(found, batches)
    except BakeryError as refused:
        batches, error = Decimal(1), str(refused)
        page = book.page_of(found, batches)
    context = {
        "recipe": found,
        "edit_url": reverse("admin:production_recipe_change", args=[found.pk]),
        "asked": asked,
        "error": error,
        "batches": batches,
        "whole": round_half_even(batches, RECIPE_PLACES) == int(batches),
        **page,
    }
    return render(request, "production/recipe.html", context, status=422 if error else 200)
