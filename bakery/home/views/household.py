"""What the household decided about itself, and may decide again."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bakery.core.htmx import Request
from bakery.core.permissions import admin_required
from bakery.home.forms import HouseholdForm


@never_cache
@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def household(request: Request) -> HttpResponse:
    form = HouseholdForm(request.POST or None, instance=request.household)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "The household is saved.")
        return redirect("household")
    return render(request, "home/household.html", {"form": form}, status=422 if form.errors else 200)
