"""Today: what to bake, what runs low, what happened last."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from bakery.core.htmx import Request


@require_safe
def today(request: Request) -> HttpResponse:
    if request.household._state.adding and request.user.is_superuser:
        return redirect("welcome_household")
    return render(request, "home/today.html", {"today": timezone.localdate()})
