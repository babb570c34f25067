"""The first visit: an owner, a name for the bakery, and a start."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from bakery.core.models import Household
from inventory.models import StockEntry
from production.models import Recipe

pytestmark = pytest.mark.django_db

OWNER = {
    "username": "odile",
    "first_name": "Odile",
    "password1": "cardamom-and-clove",
    "password2": "cardamom-and-clove",
}
BAKERY = {"name": "Number 9", "currency": "eur", "time_zone": "Europe/Berlin", "display": "metric"}


def test_without_an_account_every_way_leads_to_the_first_visit(client):
    response = client.get("/", follow=True)
    assert response.redirect_chain[-1][0] == reverse("welcome")
    assert "who owns this bakehouse" in response.content.decode()


def test_the_owner_is_an_admin_and_goes_on_to_name_the_bakery(client):
    response = client.post(reverse("welcome"), OWNER)
    assert response.url == reverse("welcome_household")
    owner = User.objects.get()
    assert (owner.username, owner.first_name, owner.is_staff, owner.is_superuser) == (
        "odile",
        "Odile",
        True,
        True,
    )
    response = client.post(response.url, BAKERY)
    assert response.url == reverse("welcome_start")
    household = Household.current()
    assert (household.name, household.currency, household.time_zone) == ("Number 9", "EUR", "Europe/Berlin")
    assert "Start empty" in client.get(response.url).content.decode()
    assert client.post(response.url, {"empty": ""}).url == reverse("today")
    assert "Number 9" in client.get("/").content.decode()


def test_a_weak_password_is_refused_and_the_form_stays(client):
    response = client.post(reverse("welcome"), OWNER | {"password1": "honey", "password2": "honey"})
    assert response.status_code == 422
    assert "at least 12 characters" in response.content.decode()
    assert not User.objects.exists()


@pytest.mark.parametrize("address", ["192.168.1.20", "10.0.0.7", "", "2001:db8::1"])
def test_another_machine_cannot_become_the_owner(client, address):
    response = client.post(reverse("welcome"), OWNER, REMOTE_ADDR=address)
    assert response.status_code == 403
    assert "made on the machine that Bakehouse runs on" in response.content.decode()
    assert not User.objects.exists()


@pytest.mark.parametrize("header", ["HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_VIA"])
def test_a_proxy_on_this_machine_does_not_make_a_stranger_the_owner(client, header):
    response = client.post(reverse("welcome"), OWNER, REMOTE_ADDR="127.0.0.1", **{header: "127.0.0.1"})
    assert response.status_code == 403
    assert not User.objects.exists()


def test_once_there_is_an_account_the_page_is_gone(client, member):
    assert client.get(reverse("welcome")).status_code == 404
    assert client.post(reverse("welcome"), OWNER).status_code == 404
    assert User.objects.get() == member


def test_an_owner_made_on_the_command_line_still_names_the_bakery(owner_client):
    assert owner_client.get("/").url == reverse("welcome_household")


def test_the_sample_bakery_moves_in_once(owner_client, owner):
    owner_client.post(reverse("welcome_household"), BAKERY)
    response = owner_client.post(reverse("welcome_start"), {"sample": ""}, follow=True)
    assert "The sample bakery has moved in." in response.content.decode()
    assert Recipe.objects.count() >= 12
    assert set(StockEntry.objects.values_list("recorded_by", flat=True)) == {owner.pk}
    entries = StockEntry.objects.count()
    assert owner_client.post(reverse("welcome_start"), {"sample": ""}).url == reverse("today")
    assert StockEntry.objects.count() == entries


@pytest.mark.parametrize("step", ["welcome_household", "welcome_start", "household"])
def test_only_admins_decide_about_the_household(member_client, step):
    assert member_client.get(reverse(step)).status_code == 403
    assert member_client.post(reverse(step), BAKERY).status_code == 403
    assert not Household.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("currency", "euro", "at most 3 characters"),
        ("currency", "€", "three letters"),
        ("time_zone", "Berlin", "Select a valid choice"),
        ("name", "", "required"),
    ],
)
def test_what_a_household_cannot_be_is_refused(owner_client, field, value, sentence):
    response = owner_client.post(reverse("household"), BAKERY | {field: value})
    assert response.status_code == 422
    assert sentence in response.content.decode()


def test_an_admin_changes_the_household_later(owner_client):
    owner_client.post(reverse("household"), BAKERY)
    response = owner_client.post(reverse("household"), BAKERY | {"display": "us"}, follow=True)
    assert "The household is saved." in response.content.decode()
    assert Household.objects.get().display == "us"
