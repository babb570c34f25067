"""What happens around every request."""

import logging
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.contrib.auth import middleware as auth
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import MiddlewareNotUsed
from django.db import IntegrityError, OperationalError, connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect

from bakery.core.formatting import using
from bakery.core.htmx import Request
from bakery.core.models import Household

logger = logging.getLogger(__name__)

GetResponse = Callable[[HttpRequest], HttpResponseBase]
LARGEST_LOG = 1024 * 1024


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


class LoginRequiredMiddleware(auth.LoginRequiredMiddleware):
    """Asks strangers to log in, on a page of its own also where htmx asked for a part of one."""

    def handle_no_permission(  # type: ignore[override]
        self, request: Request, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        if not request.htmx:
            return super().handle_no_permission(request, view_func)
        page = request.htmx.current_url_abs_path or "/"
        login = redirect_to_login(page, self.get_login_url(view_func))
        return HttpResponseClientRedirect(login.url)


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


class CheckpointMiddleware:
    """Moves SQLite's write-ahead log into the database once it is large, when a request is done.

    `TRUNCATE` holds the lock of writers meanwhile, so that no commit can meet the reset of the
    log; automatic checkpoints, which can, are off in the settings.
    """

    def __init__(self, get_response: GetResponse) -> None:
        if connection.vendor != "sqlite":
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        log = Path(f"{connection.settings_dict['NAME']}-wal")
        # Only a test is still inside a transaction here.
        if log.exists() and log.stat().st_size > LARGEST_LOG and not connection.in_atomic_block:
            checkpoint()
        return response


def checkpoint() -> bool:
    """Write SQLite's log into the database and empty it; return False where somebody reading puts it off."""
    with connection.cursor() as cursor:
        # A long export may read for minutes: better to try again after the next request.
        cursor.execute("PRAGMA busy_timeout = 500")
        try:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            is_busy, *_ = cursor.fetchone()
        except OperationalError as error:
            # A full disk, say. The answer stands: what it says was saved is in the log, and safe there.
            logger.error("The database log could not be emptied: %s.", error)
            return False
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {connection.settings_dict['OPTIONS']['timeout'] * 1000}")
    if is_busy:
        logger.warning("The database log could not be emptied yet: somebody was reading.")
    return not is_busy
