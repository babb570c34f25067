"""Coming in: login and passwords, which are Django's own with our pages around them."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator

from bakery.core.unsent import Unsent, kept_in


# Overriding dispatch loses the mark that Django's own carries.
@method_decorator(login_not_required, name="dispatch")
class LoginView(auth.LoginView):
    redirect_authenticated_user = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not User.objects.exists():
            return redirect("welcome")
        if request.user.is_authenticated and (unsent := kept_in(request)):
            return self.send_again(unsent)
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(unsent=kept_in(self.request), **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        answer = super().form_valid(form)
        unsent = kept_in(self.request)
        return self.send_again(unsent) if unsent else answer

    def send_again(self, unsent: Unsent) -> HttpResponse:
        """What was typed before the login was gone, with a button that sends it: nothing writes by itself."""
        return render(self.request, "registration/unsent.html", {"unsent": unsent})


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
