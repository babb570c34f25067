"""What happens around every request."""

import sqlite3
from datetime import datetime
from pathlib import Path

import pytest
from django.db import OperationalError, connection
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


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL looks after its own log.")
@pytest.mark.django_db(transaction=True)
class TestCheckpoint:
    @pytest.fixture
    def log(self):
        middleware.checkpoint()  # migrations have filled it
        Household.objects.create(pk=1, name="Number 9")
        return Path(f"{connection.settings_dict['NAME']}-wal")

    def test_a_small_log_is_left_alone(self, log):
        middleware.CheckpointMiddleware(answer())(RequestFactory().get("/"))
        assert log.stat().st_size > 0

    def test_a_large_log_is_emptied_when_the_request_is_done(self, log, monkeypatch):
        monkeypatch.setattr(middleware, "LARGEST_LOG", 0)
        middleware.CheckpointMiddleware(answer())(RequestFactory().get("/"))
        assert log.stat().st_size == 0
        assert Household.objects.get().name == "Number 9"

    def test_somebody_reading_puts_it_off_without_holding_up_the_page(self, log, caplog):
        reader = sqlite3.connect(connection.settings_dict["NAME"])
        try:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM core_household").fetchone()
            Household.objects.update(name="Number 10")
            assert middleware.checkpoint() is False
        finally:
            reader.close()
        assert "somebody was reading" in caplog.text
        assert middleware.checkpoint() is True

    def test_a_full_disk_does_not_take_back_an_answer(self, log, monkeypatch, caplog):
        def full(execute, sql, params, many, context):
            if "wal_checkpoint" in sql:
                raise OperationalError("database or disk is full")
            return execute(sql, params, many, context)

        monkeypatch.setattr(middleware, "LARGEST_LOG", 0)
        with connection.execute_wrapper(full):
            response = middleware.CheckpointMiddleware(answer())(RequestFactory().get("/"))
        assert response.status_code == 200
        assert "disk is full" in caplog.text
        assert middleware.checkpoint() is True

    def test_the_patience_of_writers_is_as_before(self, log):
        middleware.checkpoint()
        with connection.cursor() as cursor:
            assert cursor.execute("PRAGMA busy_timeout").fetchone() == (20_000,)


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
