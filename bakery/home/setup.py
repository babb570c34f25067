"""Setup: Django's admin for reference data, open to admins of the household only."""

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect


class SetupSite(admin.AdminSite):
    site_header = "Bakehouse setup"
    site_title = "Bakehouse setup"
    index_title = "What the bakehouse works with"
    site_url = "/"

    def has_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)

    def login(self, request: HttpRequest, extra_context: object = None) -> HttpResponse:
        """Send strangers to the one login page; a member who comes here is refused."""
        if request.user.is_authenticated:
            raise PermissionDenied("Only admins of the household can open Setup.")
        return redirect_to_login(request.GET.get("next", "/"))

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: object = None
    ) -> HttpResponseBase:
        return redirect("password_change")
