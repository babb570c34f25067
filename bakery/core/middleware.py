"""What happens around every request."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import middleware as auth
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import redirect_to_login
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers, patch_vary_headers

from bakery.core.formatting import using
from bakery.core.htmx import Request
from bakery.core.models import Household
from bakery.core.unsent import unsent_of

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class ContentSecurityPolicyMiddleware:
    """Sends the policy of `SECURE_CSP`. Django 6 brings its own middleware of that name."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.policy = "; ".join(
            f"{directive} {' '.join(sources)}" for directive, sources in settings.SECURE_CSP.items()
        )

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", self.policy)
        return response


class VaryOnHtmxMiddleware:
    """Marks pages as depending on who asks: one URL answers a page or, to htmx, a part of it.

    Without the mark the browser's Back button may show a bare part.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            patch_vary_headers(response, ["HX-Request"])
        return response


def is_a_stranger(request: HttpRequest) -> bool:
    return not request.user.is_authenticated


class LoginRequiredMiddleware(auth.LoginRequiredMiddleware):
    """Asks strangers to log in. What somebody typed whose login is gone is kept until they are back."""

    def process_view(  # type: ignore[override]
        self, request: Request, view_func: Callable[..., HttpResponseBase], *arguments: Any
    ) -> HttpResponseBase | None:
        # Django's Setup asks for a login by itself, and forgets what was sent.
        match = request.resolver_match
        is_setup = match is not None and match.app_name == "admin"
        if is_setup and request.method == "POST" and is_a_stranger(request) and unsent_of(request):
            return self.handle_no_permission(request, view_func)
        return super().process_view(request, view_func, *arguments)

    def handle_no_permission(  # type: ignore[override]
        self, request: Request, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        if request.htmx:
            # The page stays as it is, with all that was typed: app.js sends it whole, or goes to the login.
            page = request.htmx.current_url_abs_path or "/"
            login = redirect_to_login(page, self.get_login_url(view_func))
            return HttpResponse(status=401, headers={"X-Login": login.url})
        unsent = unsent_of(request)
        if unsent is None:
            return super().handle_no_permission(request, view_func)
        context = {"form": AuthenticationForm(request), "unsent": unsent}
        answer = render(request, "registration/login.html", context, status=403)
        add_never_cache_headers(answer)
        return answer


class HouseholdMiddleware:
    """Puts the household on the request, its clock on the wall and its currency on the labels."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponseBase:
        household = request.household = Household.current()
        with using(household), timezone.override(household.zone):
            return self.get_response(request)


class LostRaceMiddleware:
    """Asks a view once more when the database refused what its form had found in order.

    Somebody else took the name in the instant between: looked at again, the form sees them and says so. All of
    the first attempt is undone by then, and services record what comes under one key once.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        if not isinstance(exception, IntegrityError) or request.resolver_match is None:
            return None
        view, arguments, named = request.resolver_match
        answer: HttpResponseBase = view(request, *arguments, **named)
        return answer
