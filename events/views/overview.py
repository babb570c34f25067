"""Where an event stands, and what was done for it."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from assembly.services import find_assembly_runs
from bakery.core.forms import new_key
from bakery.core.htmx import Request
from bakery.core.pages import page_of
from events import overview as overviews
from events.forms.shopping import AddItemForm
from events.services.costs import get_event_costs
from events.views.page import get_event, show_tab
from events.views.shopping_page import shopping_page
from production.services import find_production_runs

RUNS_PER_PAGE = 40


@require_safe
def overview(request: Request, slug: str) -> HttpResponse:
    event = get_event(slug)
    return show_tab(request, event, "event", {"overview": overviews.overview_of(event)})


@never_cache
@require_safe
def shopping_tab(request: Request, slug: str) -> HttpResponse:
    event = get_event(slug)
    here = reverse("events:shopping_for", args=[slug])
    context = {
        "page": shopping_page([event], selection=f"?event={event.slug}", next=here),
        "add": AddItemForm(
            events=[("", "None, just for us"), (str(event.pk), event.name)],
            initial={"uuid": new_key(), "event": event.pk},
        ),
    }
    return show_tab(request, event, "shopping_for", context)


@require_safe
def costs(request: Request, slug: str) -> HttpResponse:
    event = get_event(slug)
    return show_tab(request, event, "costs", {"costs": get_event_costs(event.pk)})


@require_safe
def history(request: Request, slug: str) -> HttpResponse:
    """Bakes and assemblies of the event, newest first, voided ones marked."""
    event = get_event(slug)
    asked = request.GET.get("page")
    bakes = page_of(find_production_runs(event_id=event.pk), RUNS_PER_PAGE, asked)
    assemblies = page_of(find_assembly_runs(event_id=event.pk), RUNS_PER_PAGE, asked)
    longest = bakes if bakes.paginator.num_pages >= assemblies.paginator.num_pages else assemblies
    context = {"bakes": bakes, "assemblies": assemblies, "longest": longest}
    return show_tab(request, event, "history", context)
