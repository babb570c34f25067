"""Walks through all addresses: strangers stay outside, GET never breaks, every page carries its policy."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, path, reverse

from proof.addresses import a_bit_of_everything, examples

pytestmark = pytest.mark.django_db

# What a stranger may see: the ways in. Everything else asks them to log in.
OPEN_TO_STRANGERS = {"login", "welcome", "set_password", "admin:login"}


def addresses(patterns=None, namespace="") -> Iterator[tuple[str, URLPattern]]:
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            inside = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from addresses(pattern.url_patterns, inside)
        else:
            yield f"{namespace}{pattern.name}", pattern


def example(name: str, pattern: URLPattern) -> str:
    """An address of this name, made up where it holds a number or a name."""
    values = {
        "int": 1,
        "slug": "flour",
        "str": "x",
        "path": "x",
        "uuid": "8a0f6d3e-2f0b-4b5e-9a63-0d7a6f0c1b2d",
    }
    kinds = {key: type(kind).__name__.lower() for key, kind in pattern.pattern.converters.items()}
    arguments = {
        key: next(value for kind, value in values.items() if converter.startswith(kind))
        for key, converter in kinds.items()
    }
    return reverse(name, kwargs=arguments)


ALL = {name: pattern for name, pattern in addresses() if pattern.name and "(?P" not in str(pattern.pattern)}


def test_the_walk_finds_the_addresses_there_are():
    assert {"today", "login", "members", "admin:index"} <= ALL.keys()


@pytest.mark.parametrize("name", sorted(ALL))
def test_a_stranger_is_asked_to_log_in(client, member, name):
    address = example(name, ALL[name])
    for response in (client.get(address), client.post(address)):
        if name in OPEN_TO_STRANGERS:
            assert response.status_code in {200, 302, 404, 405}
        else:
            assert response.status_code == 302, name
            assert response.url.startswith((reverse("login"), reverse("admin:login"))), name


@pytest.fixture(scope="class")
def address_of(django_db_setup, django_db_blocker) -> Iterator[dict[str, str]]:
    """Every address by its name, each of something that is there; it is gone after the class."""
    with django_db_blocker.unblock(), transaction.atomic():
        a_bit_of_everything()
        User.objects.create_user("edith")
        yield examples()
        transaction.set_rollback(True)


@pytest.mark.parametrize("name", sorted(name for name in ALL if not name.startswith("admin:")))
class TestInABakeryWithABitOfEverything:
    """Where every address leads to something: a page that is missing says nothing about the page."""

    def test_an_address_answers_an_admin_writes_nothing_and_carries_the_policy(
        self, address_of, owner_client, name
    ):
        with CaptureQueriesContext(connection) as statements:
            response = owner_client.get(address_of[name])
        assert written(statements) == []
        # The way in for the first of all is closed once there is somebody.
        assert response.status_code in ({404} if name == "welcome" else {200, 302, 405})
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]
        if response.headers.get("Content-Type", "").startswith("text/html"):
            assert "HX-Request" in response.headers["Vary"]
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["X-Frame-Options"] == "DENY"

    def test_nothing_is_written_without_the_csrf_token(self, address_of, owner, name):
        client = Client(enforce_csrf_checks=True)
        client.force_login(owner)
        with CaptureQueriesContext(connection) as statements:
            response = client.post(address_of[name])
        assert response.status_code in {403, 405}
        assert written(statements) == []


def written(statements: CaptureQueriesContext) -> list[str]:
    return [query["sql"] for query in statements if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]


def test_setup_is_for_admins_only(member_client, owner):
    refused = member_client.get(reverse("admin:index"), follow=True)
    assert refused.status_code == 403
    assert "Only admins of the household can open Setup." in refused.content.decode()
    owner_client = Client()
    owner_client.force_login(owner)
    page = owner_client.get(reverse("admin:index")).content.decode()
    assert "Bakehouse setup" in page


def test_every_model_in_setup_opens(owner_client):
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
        assert owner_client.get(reverse(name)).status_code == 200


def test_people_are_not_deleted_in_setup(owner_client, member):
    assert owner_client.get(reverse("admin:auth_user_change", args=[member.pk])).status_code == 200
    assert (
        owner_client.post(reverse("admin:auth_user_delete", args=[member.pk]), {"post": "yes"}).status_code
        == 403
    )


def test_setup_has_one_login_and_one_password_page(client, owner_client):
    assert Client().get(reverse("admin:login")).url.startswith(reverse("login"))
    assert owner_client.get(reverse("admin:password_change")).url == reverse("password_change")


def test_the_navigation_leads_nowhere_dead(owner_client):
    page = owner_client.get(reverse("members"))
    for entry in page.context["navigation"]:
        assert owner_client.get(entry.url).status_code in {200, 302}


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("events:events", "Events"),
        ("events:recipients", "Events"),
        ("events:add_package", "Events"),
        ("events:shopping_add", "Shopping"),
        ("production:history", "Bake"),
        ("members", None),
    ],
)
def test_the_navigation_says_where_we_are(owner_client, name, place):
    page = owner_client.get(reverse(name))
    assert [entry.label for entry in page.context["navigation"] if entry.is_current] == [place] * bool(place)


class TestErrorPages:
    def test_a_missing_page_says_so_and_leads_back(self, member_client):
        response = member_client.get("/no/such/shelf/")
        assert response.status_code == 404
        assert "Nothing here" in response.content.decode()
        assert "Content-Security-Policy" in response.headers

    def test_a_bad_host_is_a_bad_request(self, client):
        response = client.get("/", headers={"Host": "evil.example"})
        assert response.status_code == 400
        assert "That could not be read" in response.content.decode()

    def test_an_outdated_page_is_told_apart(self, member):
        client = Client(enforce_csrf_checks=True)
        client.force_login(member)
        response = client.post(reverse("password_change"))
        assert response.status_code == 403
        assert "That page was out of date" in response.content.decode()

    @pytest.mark.urls(__name__)
    def test_what_broke_is_said_without_asking_the_database(self, client, django_assert_num_queries):
        client.raise_request_exception = False
        with django_assert_num_queries(1):  # the household, before it broke
            response = client.get("/broken/")
        assert response.status_code == 500
        assert "Something broke" in response.content.decode()
        assert "Content-Security-Policy" in response.headers


@login_not_required
def broken(request):
    raise RuntimeError("the oven is cold")


urlpatterns = [path("broken/", broken)]


def test_the_settings_hold_no_default_secret():
    assert "insecure" not in settings.SECRET_KEY
