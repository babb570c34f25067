"""What happens around every request."""

from datetime import datetime

import pytest
from django.http import HttpResponse
from django.test import RequestFactory, override_settings
from django.utils import timezone

from bakery.core import middleware
from bakery.core.formatting import money
from bakery.core.models import Household
from bakery.core.visitors import client_address


def answer(text="", **options):
    return lambda request: HttpResponse(text, **options)


def test_pages_depend_on_who_asks_and_files_do_not():
    request = RequestFactory().get("/")
    page = middleware.VaryOnHtmxMiddleware(answer())(request)
    file = middleware.VaryOnHtmxMiddleware(answer(content_type="text/csv"))(request)
    assert (page.headers.get("Vary"), file.headers.get("Vary")) == ("HX-Request", None)


def test_the_policy_allows_nothing_inline_and_nothing_from_elsewhere():
    response = middleware.ContentSecurityPolicyMiddleware(answer())(RequestFactory().get("/"))
    policy = response.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "unsafe" not in policy
    assert "http" not in policy


@pytest.mark.django_db
def test_a_request_sees_the_clock_and_the_currency_of_the_household():
    Household.objects.create(pk=1, name="Number 9", currency="EUR", time_zone="Pacific/Auckland")

    def view(request):
        noon = timezone.localtime(datetime(2026, 12, 1, 12, tzinfo=timezone.get_default_timezone()))
        return HttpResponse(f"{request.household.name} {noon:%d.%m. %H:%M} {money(1)}")

    response = middleware.HouseholdMiddleware(view)(RequestFactory().get("/"))
    assert response.content.decode() == "Number 9 02.12. 01:00 €1.00"
    assert timezone.get_current_timezone_name() == "UTC"
    assert money(1) == "$1.00"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "", "10.0.0.1"),
        (0, "203.0.113.9", "10.0.0.1"),
        (1, "198.51.100.7, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.7, 203.0.113.9", "198.51.100.7"),
        (2, "203.0.113.9", "10.0.0.1"),
    ],
)
def test_only_our_own_proxies_are_believed(proxies, forwarded, address):
    headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", **headers)
    with override_settings(PROXIES=proxies):
        assert client_address(request) == address
