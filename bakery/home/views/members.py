"""Who belongs to the household, and what they may do."""

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bakery.core.errors import BakeryError, NotFoundError
from bakery.core.htmx import Request
from bakery.core.permissions import admin_required
from bakery.core.visitors import is_this_machine
from bakery.home import members as people
from bakery.home.forms import InviteForm

CHANGES = {
    "activate": lambda user_id, by: people.set_active(user_id=user_id, is_active=True, by=by),
    "deactivate": lambda user_id, by: people.set_active(user_id=user_id, is_active=False, by=by),
    "make_admin": lambda user_id, by: people.set_admin(user_id=user_id, is_admin=True, by=by),
    "make_member": lambda user_id, by: people.set_admin(user_id=user_id, is_admin=False, by=by),
}


@admin_required
@require_safe
def members(request: Request) -> HttpResponse:
    everybody = User.objects.order_by("-is_active", "username")
    return render(request, "home/members.html", {"members": everybody})


@admin_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: Request) -> HttpResponse:
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        member = people.invite_member(
            username=form.cleaned_data["username"],
            name=form.cleaned_data["first_name"],
            is_admin=form.cleaned_data["is_superuser"],
            by=request.user,
        )
        return _show_link(request, member)
    return render(request, "home/invite.html", {"form": form}, status=422 if form.errors else 200)


@admin_required
@never_cache
@require_POST
def new_link(request: Request, user_id: int) -> HttpResponse:
    """Make a new link for somebody who lost theirs, or forgot the password."""
    try:
        return _show_link(request, people.get_member(user_id))
    except NotFoundError as error:
        raise Http404 from error


@admin_required
@require_POST
def change(request: Request, user_id: int) -> HttpResponse:
    wanted = CHANGES.get(request.POST.get("change", ""))
    if wanted is None:
        raise Http404
    try:
        member = wanted(user_id, request.user)
    except NotFoundError as error:
        raise Http404 from error
    except BakeryError as error:
        everybody = User.objects.order_by("-is_active", "username")
        return render(request, "home/members.html", {"members": everybody, "error": error}, status=422)
    messages.success(request, f"{member.get_username()}: changed.")
    return redirect("members")


def _show_link(request: Request, member: User) -> HttpResponse:
    # Shown once, in the answer itself: a link that opens an account is not kept anywhere.
    context = {
        "member": member,
        "link": request.build_absolute_uri(people.invitation_path(member)),
        "is_local_address": is_this_machine(request),
    }
    return render(request, "home/member_link.html", context)
