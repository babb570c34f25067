"""S3, S4: who may open what, and that nothing changes by looking or by a form from elsewhere."""

from __future__ import annotations

import pytest
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import path, reverse

from bakery.urls import urlpatterns as real
from inventory.models import StockItem
from proof.addresses import ADMIN, MEMBER, OPEN, a_bit_of_everything, examples, permission_of, undeclared

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def bakery(django_db_setup, django_db_blocker):
    """The sample bakery and its people, for the whole module; gone after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        a_bit_of_everything()
        User.objects.create_superuser("odile")
        User.objects.create_user("mira")
        yield
        transaction.set_rollback(True)


def visitor(name: str = "", **options) -> Client:
    client = Client(**options)
    if name:
        client.force_login(User.objects.get(username=name))
    return client


PEOPLE = {"a stranger": "", "a member": "mira", "an admin": "odile"}


def found_out(who: str, address: str, method: str) -> str:
    """How an address treats somebody: "in", "login" or "refused"."""
    with transaction.atomic():
        response = getattr(visitor(PEOPLE[who]), method)(address)
        transaction.set_rollback(True)
    if response.status_code == 302 and response.url.startswith(reverse("login")):
        return "login"
    return "refused" if response.status_code == 403 else "in"


def expected(who: str, permission: str) -> str:
    if permission == OPEN:
        return "in"
    if who == "a stranger":
        return "login"
    return "refused" if (who, permission) == ("a member", ADMIN) else "in"


def wrong_doors(doors: dict[str, str]) -> list[str]:
    """Where somebody is treated otherwise than declared; "welcome" closes itself once there is an owner, and
    whoever goes out by "logout" comes to the login page."""
    return [
        f"{who} at {name} by {method}: {treated}, expected {wanted}"
        for name, address in doors.items()
        if name not in {"welcome", "logout"}
        for who in PEOPLE
        for method in ("get", "post")
        if (wanted := expected(who, permission_of(name))) != (treated := found_out(who, address, method))
    ]


def test_every_view_declares_who_may_open_it(bakery):
    assert undeclared() == []


def test_everybody_is_treated_as_declared(bakery, reached):
    assert wrong_doors(examples()) == []
    count = len(examples())
    reached(
        "S3 permissions",
        "every address × stranger, member, admin as declared",
        f"{count} addresses × 3 people × 2 methods, 0 otherwise",
    )


def test_looking_changes_nothing(bakery, reached):
    client = visitor("odile")
    for name, address in examples().items():
        if name in {"logout", "welcome"}:
            continue
        with CaptureQueriesContext(connection) as statements:
            assert client.get(address).status_code in {200, 302, 405}, name
        assert written(statements) == [], name
    reached("S4 GET", "changes 0 rows on every address", f"0 on {len(examples())}")


def written(statements: CaptureQueriesContext) -> list[str]:
    return [query["sql"] for query in statements if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]


def test_a_form_from_elsewhere_is_refused(bakery, reached):
    client = visitor("odile", enforce_csrf_checks=True)
    taken = [
        name for name, address in examples().items() if client.post(address).status_code not in {403, 405}
    ]
    assert taken == []
    reached("S4 forms from elsewhere", "refused by every address", f"{len(examples())} of {len(examples())}")


# Planted faults ----------------------------------------------------------------------------------------------


def nobody_decided(request):
    return HttpResponse(
        StockItem.objects.create(name="Written by looking", kind="ingredient", stock_unit="g").name
    )


@login_not_required
def wide_open(request):
    return HttpResponse()


urlpatterns = [
    path("new/", nobody_decided, name="nobody_decided"),
    path("books/", nobody_decided, name="books"),
    *real,
    path("pantry/open/", wide_open, name="today"),
]


@pytest.mark.urls(__name__)
def test_a_view_that_nobody_declared_fails(bakery):
    assert undeclared() == ["nobody_decided"]


@pytest.mark.urls(__name__)
def test_a_door_that_is_wider_than_declared_is_noticed(bakery, monkeypatch):
    monkeypatch.setitem(examples.__globals__["PERMISSIONS"], "nobody_decided", MEMBER)
    wrong = wrong_doors({name: examples()[name] for name in ("books", "today")})
    assert "a member at books by get: in, expected refused" in wrong
    assert "a stranger at today by get: in, expected login" in wrong


@pytest.mark.urls(__name__)
def test_a_page_that_writes_by_being_looked_at_is_noticed(bakery):
    client = visitor("odile")
    with transaction.atomic(), CaptureQueriesContext(connection) as statements:
        client.get("/new/")
        transaction.set_rollback(True)
    assert written(statements) != []
