"""Today: what can be baked, what runs low, what happened last."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from bakery.core.htmx import Request
from bakery.home.selectors import latest_entries
from inventory.selectors.pantry import running_low
from production.book import bakeable
from production.models import Recipe

RECIPES_SHOWN = 8
ITEMS_SHOWN = 10


@require_safe
def today(request: Request) -> HttpResponse:
    if request.household._state.adding and request.user.is_superuser:
        return redirect("welcome_household")
    recipes = [each for each in bakeable(Recipe.objects.filter(is_archived=False)) if each.units]
    now = [each for each in recipes if each.batches]
    context = {
        "today": timezone.localdate(),
        "recipe_count": len(recipes),
        "bakeable_count": len(now),
        "short_count": len(recipes) - len(now),
        "bakeable": now[:RECIPES_SHOWN],
        "attention": running_low(ITEMS_SHOWN),
        "latest": latest_entries(),
    }
    return render(request, "home/today.html", context)
