"""Coming in: login and passwords, which are Django's own with our pages around them."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator


# Overriding dispatch loses the mark that Django's own carries.
@method_decorator(login_not_required, name="dispatch")
class LoginView(auth.LoginView):
    redirect_authenticated_user = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not User.objects.exists():
            return redirect("welcome")
        return super().dispatch(request, *args, **kwargs)


class PasswordChangeView(auth.PasswordChangeView):
    success_url = reverse_lazy("today")

    def form_valid(self, form: Any) -> HttpResponse:
        messages.success(self.request, "Your password is changed.")
        return super().form_valid(form)


class SetPasswordView(auth.PasswordResetConfirmView):
    """The end of a link that an admin handed over: sets a password and comes in."""

    template_name = "registration/set_password.html"
    post_reset_login = True
    post_reset_login_backend = "django.contrib.auth.backends.ModelBackend"
    success_url = reverse_lazy("today")

    def get_user(self, uidb64: str) -> User | None:
        user = super().get_user(uidb64)
        return user if user is not None and user.is_active else None

    def form_valid(self, form: SetPasswordForm) -> HttpResponse:
        messages.success(self.request, "Welcome. Your password is set.")
        return super().form_valid(form)
