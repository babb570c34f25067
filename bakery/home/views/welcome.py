"""The first visit: an owner, a name for the bakery, and something in the pantry, or nothing."""

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from bakery import sample
from bakery.core.errors import BakeryError
from bakery.core.htmx import Request
from bakery.core.permissions import admin_required
from bakery.core.visitors import is_this_machine
from bakery.home import members
from bakery.home.forms import HouseholdForm, OwnerForm
from inventory.models import StockItem


@login_not_required
@sensitive_post_parameters("password1", "password2")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def create_owner(request: Request) -> HttpResponse:
    """Make the first account: on this machine only, and never again."""
    if User.objects.exists():
        raise Http404
    if not is_this_machine(request):
        raise PermissionDenied(
            "The first account is made on the machine that Bakehouse runs on: open its address there,"
            " or run “manage.py createsuperuser”."
        )
    form = OwnerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            owner = members.create_owner(form.save(commit=False))
        except BakeryError as error:
            form.add_error(None, str(error))
        else:
            login(request, owner, backend="django.contrib.auth.backends.ModelBackend")
            return redirect("welcome_household")
    return render(request, "home/welcome.html", {"form": form}, status=422 if form.errors else 200)


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def name_household(request: Request) -> HttpResponse:
    form = HouseholdForm(request.POST or None, instance=request.household)
    if request.method == "POST" and form.is_valid():
        form.save()
        return redirect("welcome_start")
    is_new = request.household._state.adding
    form.fields["time_zone"].widget.attrs["data-own-zone"] = is_new and request.method != "POST"
    return render(request, "home/welcome_household.html", {"form": form}, status=422 if form.errors else 200)


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: Request) -> HttpResponse:
    """Start with the sample bakery, or empty; there is nothing to choose once something is in the pantry."""
    if StockItem.objects.exists():
        return redirect("today")
    if request.method != "POST":
        return render(request, "home/welcome_start.html")
    if "sample" in request.POST:
        try:
            sample.load(recorded_by=request.user)
        except BakeryError as error:
            return render(request, "home/welcome_start.html", {"error": error}, status=422)
        messages.success(request, "The sample bakery has moved in. Bake something.")
    return redirect("today")
