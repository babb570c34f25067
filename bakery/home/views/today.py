"""Today: where the events stand, what to bake next, what runs low, what happened last."""

from collections.abc import Sequence

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from bakery.core.htmx import Request
from bakery.home.forms import BoardForm
from bakery.home.selectors import just_for_us, latest_entries
from events.board import cards
from events.models import Event
from events.next_bakes import bake_next
from events.selectors.occasions import SHOWN, find_events
from events.selectors.progress import ProductionProgress, production_progress_of
from inventory.selectors.pantry import running_low
from production.book import bakeable
from production.models import Recipe

RECIPES_SHOWN = 8
ITEMS_SHOWN = 10
EVENTS_PER_PAGE = 50


@require_safe
def today(request: Request) -> HttpResponse:
    if request.household._state.adding and request.user.is_superuser:
        return redirect("welcome_household")
    form = BoardForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    start, end, show = asked.get("start"), asked.get("end"), asked.get("show") or ""
    page = Paginator(find_events(show, start=start, end=end), EVENTS_PER_PAGE).get_page(
        request.GET.get("page")
    )
    board = cards(page)
    is_ahead = show not in ("past", "all") and not (start or end)
    upcoming = bake_next(
        targets_ahead()
        if page.number > 1 or not is_ahead
        else [(card.event, card.production) for card in board]
    )
    context = {
        "today": timezone.localdate(),
        "form": form,
        "show": "dates" if start or end else show,
        "shown": SHOWN,
        "page": page,
        "ahead": page.paginator.count if is_ahead else None,
        "board": board,
        "upcoming": upcoming[:RECIPES_SHOWN],
        "more_to_bake": max(0, len(upcoming) - RECIPES_SHOWN),
        "attention": running_low(ITEMS_SHOWN),
        "just_for_us": just_for_us(),
        "latest": latest_entries(),
    }
    if not upcoming:
        context |= bake_now()
    return render(request, "home/today.html", context, status=422 if form.errors else 200)


def targets_ahead() -> list[tuple[Event, Sequence[ProductionProgress]]]:
    """The baking targets of the nearest events, whichever events are shown: three statements."""
    nearest = list(find_events()[:EVENTS_PER_PAGE])
    lines = production_progress_of(event.pk for event in nearest)
    return [(event, lines[event.pk]) for event in nearest]


def bake_now() -> dict[str, object]:
    """Where no event asks for anything: what the shelf allows, the most batches first."""
    recipes = [each for each in bakeable(Recipe.objects.filter(is_archived=False)) if each.units]
    now = [each for each in recipes if each.batches]
    return {
        "recipe_count": len(recipes),
        "bakeable_count": len(now),
        "short_count": len(recipes) - len(now),
        "bakeable": now[:RECIPES_SHOWN],
    }
