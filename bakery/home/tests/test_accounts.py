"""Coming in, being kept out, and links to set a password."""

import re
from html import unescape

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from events.models import Event

pytestmark = pytest.mark.django_db

LOGIN = {"username": "mira", "password": "marzipan-and-rum"}
NEW = "a-very-long-whisk"


def invitation(response) -> str:
    return re.search(r'value="http://testserver(/account/set-password/[^"]+)"', response.content.decode())[1]


def test_a_member_logs_in_and_goes_on_where_they_were(client, member):
    page = client.get(reverse("password_change"))
    assert page.url == "/account/login/?next=/account/password/"
    response = client.post(page.url, LOGIN | {"next": "/account/password/"})
    assert response.url == "/account/password/"


def test_next_never_leads_to_another_site(client, member):
    response = client.post(reverse("login"), LOGIN | {"next": "//evil.example"})
    assert response.url == "/"


def test_an_htmx_request_of_a_stranger_leaves_the_page_and_names_the_login(client, member):
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/pantry/?q=flour"}
    response = client.get(reverse("password_change"), headers=headers)
    assert (response.status_code, response.content) == (401, b"")
    assert response.headers["X-Login"] == "/account/login/?next=/pantry/%3Fq%3Dflour"


def kept(response) -> str:
    return unescape(re.search(r'name="unsent" value="([^"]+)"', response.content.decode())[1])


class TestSentWithoutLogin:
    TOKEN = {"csrfmiddlewaretoken": "as every form of ours has it"}
    TYPED = {"name": "Advent <b>market</b>", "event_date": "2026-12-06", "take": ["a", "b"]} | TOKEN

    @pytest.fixture
    def asked(self, client, member):
        """The answer to a form that was sent when the login was gone."""
        return client.post("/events/?new=1", self.TYPED)

    def test_what_was_typed_waits_for_the_login(self, client, asked):
        assert asked.status_code == 403
        assert "nothing was saved" in asked.content.decode()
        assert "no-store" in asked.headers["Cache-Control"]
        again = client.post(reverse("login"), LOGIN | {"unsent": kept(asked)})
        page = again.content.decode()
        assert '<form method="post" action="/events/?new=1"' in page
        for pair in (("name", "Advent &lt;b&gt;market&lt;/b&gt;"), ("take", "a"), ("take", "b")):
            assert '<input type="hidden" name="{}" value="{}">'.format(*pair) in page
        assert not Event.objects.exists()  # nobody pressed the button yet
        assert client.post("/events/?new=1", self.TYPED).status_code == 302
        assert Event.objects.get().name == self.TYPED["name"]

    def test_it_survives_a_wrong_password_and_a_login_elsewhere(self, client, asked, member):
        wrong = client.post(reverse("login"), LOGIN | {"password": "wrong", "unsent": kept(asked)})
        assert kept(wrong) == kept(asked)
        client.force_login(member)
        page = client.post(reverse("login"), LOGIN | {"unsent": kept(asked)}).content.decode()
        assert "Send what I typed" in page

    @pytest.mark.parametrize(
        "unsent", ["", "[", "[]", "5", '["/", 5]', '["//evil.example", []]', '["https://evil.example/", []]']
    )
    def test_anything_else_is_a_login_like_any_other(self, client, member, unsent):
        assert client.post(reverse("login"), LOGIN | {"unsent": unsent}).url == "/"

    def test_setup_keeps_it_too(self, client, owner):
        asked = client.post(reverse("admin:inventory_supplier_add"), {"name": "Mill"} | self.TOKEN)
        assert asked.status_code == 403
        assert "Mill" in kept(asked)

    def test_what_is_no_form_of_ours_goes_to_the_login(self, client, member):
        assert client.post("/events/", {"name": "Market"}).url == "/account/login/?next=/events/"

    def test_no_password_stands_in_a_page(self, client, member):
        asked = client.post(reverse("password_change"), {"old_password": "marzipan-and-rum"} | self.TOKEN)
        assert asked.url == "/account/login/?next=/account/password/"


def test_the_fifth_wrong_password_locks_that_name_on_that_device_only(client, member, owner):
    for _ in range(4):
        assert client.post(reverse("login"), LOGIN | {"password": "wrong"}).status_code == 200
    locked = client.post(reverse("login"), LOGIN | {"password": "wrong"})
    assert locked.status_code == 429
    assert "Too many tries" in locked.content.decode()
    assert client.post(reverse("login"), LOGIN).status_code == 429
    others = {"username": "odile", "password": "cardamom-and-clove"}
    assert client.post(reverse("login"), others).status_code == 302
    assert Client().post(reverse("login"), LOGIN, REMOTE_ADDR="192.168.1.9").status_code == 302


def test_unknown_and_wrong_get_the_same_answer(client, member):
    wrong = client.post(reverse("login"), LOGIN | {"password": "wrong"}).context["form"].errors
    unknown = client.post(reverse("login"), LOGIN | {"username": "nobody"}).context["form"].errors
    assert wrong == unknown


def test_logging_out_is_a_post(member_client):
    assert member_client.get(reverse("logout")).status_code == 405
    assert member_client.post(reverse("logout")).url == reverse("login")
    assert member_client.get("/").status_code == 302


def test_a_member_changes_their_password(member_client):
    fields = {"old_password": LOGIN["password"], "new_password1": NEW, "new_password2": NEW}
    assert member_client.post(reverse("password_change"), fields).url == "/"
    assert User.objects.get(username="mira").check_password(NEW)


def test_an_invited_member_sets_a_password_by_a_link_that_works_once(owner_client):
    response = owner_client.post(reverse("invite_member"), {"username": "theo", "first_name": "Theo"})
    link = invitation(response)
    assert "no-store" in response.headers["Cache-Control"]
    guest = Client()
    page = guest.get(link, follow=True)
    assert "You log in as theo" in page.content.decode()
    done = guest.post(page.redirect_chain[-1][0], {"new_password1": NEW, "new_password2": NEW})
    assert done.url == "/"
    theo = User.objects.get(username="theo")
    assert theo.check_password(NEW)
    assert (theo.is_staff, theo.is_superuser) == (False, False)
    assert guest.get("/").status_code == 200
    assert "This link is used up" in Client().get(link).content.decode()


def test_a_new_link_replaces_a_forgotten_password(owner_client, member):
    link = invitation(owner_client.post(reverse("member_link", args=[member.pk])))
    assert "Set your password" in Client().get(link, follow=True).content.decode()


def test_a_link_does_not_let_in_who_is_kept_out(owner_client, member):
    link = invitation(owner_client.post(reverse("member_link", args=[member.pk])))
    owner_client.post(reverse("change_member", args=[member.pk]), {"change": "deactivate"})
    assert "This link is used up" in Client().get(link, follow=True).content.decode()


def test_who_is_kept_out_is_out_at_once_and_keeps_their_name(owner_client, member):
    members_browser = Client()
    members_browser.force_login(member)
    owner_client.post(reverse("change_member", args=[member.pk]), {"change": "deactivate"})
    assert members_browser.get("/").status_code == 302
    assert "Kept out" in owner_client.get(reverse("members")).content.decode()
    owner_client.post(reverse("change_member", args=[member.pk]), {"change": "activate"})
    assert User.objects.get(pk=member.pk).is_active


def test_an_admin_makes_another_and_steps_down(owner_client, owner, member):
    owner_client.post(reverse("change_member", args=[member.pk]), {"change": "make_admin"})
    owner_client.post(reverse("change_member", args=[owner.pk]), {"change": "make_member"})
    assert list(User.objects.filter(is_superuser=True, is_staff=True)) == [member]
    assert owner_client.get(reverse("members")).status_code == 403


@pytest.mark.parametrize("change", ["deactivate", "make_member"])
def test_the_last_admin_stays(owner_client, owner, change):
    response = owner_client.post(reverse("change_member", args=[owner.pk]), {"change": change})
    assert response.status_code == 422
    assert "only admin" in response.content.decode()
    assert User.objects.get(pk=owner.pk).is_superuser


def test_a_login_name_is_given_once(owner_client, member):
    response = owner_client.post(reverse("invite_member"), {"username": "mira"})
    assert response.status_code == 422
    assert "Somebody has that login name already." in response.content.decode()


@pytest.mark.parametrize(("there", "asked"), [("mira", "MIRA"), ("zoë", "ZOË")])
def test_a_login_name_that_differs_only_by_case_is_refused(owner_client, member, there, asked):
    User.objects.filter(pk=member.pk).update(username=there)
    response = owner_client.post(reverse("invite_member"), {"username": asked})
    assert response.status_code == 422
    assert f"“{there}” is a login name already" in response.content.decode()
    assert not User.objects.filter(username=asked).exists()


def test_setup_renames_nobody_to_a_name_that_differs_only_by_case(owner_client, owner, member):
    setup = reverse("admin:auth_user_change", args=[owner.pk])
    page = owner_client.post(setup, {"username": "MIRA", "first_name": "Odile"})
    assert "“mira” is a login name already" in page.content.decode()
    # One's own name may change its case.
    assert owner_client.post(setup, {"username": "ODILE", "first_name": "Odile"}).status_code == 302
    assert User.objects.filter(username="ODILE").exists()


@pytest.mark.parametrize("name", ["change_member", "member_link"])
def test_changing_somebody_who_is_not_there_is_a_404(owner_client, name):
    assert owner_client.post(reverse(name, args=[999]), {"change": "deactivate"}).status_code == 404
    assert owner_client.get(reverse(name, args=[999])).status_code == 405


def test_an_unknown_change_is_a_404(owner_client, member):
    response = owner_client.post(reverse("change_member", args=[member.pk]), {"change": "promote"})
    assert response.status_code == 404


def test_a_member_may_not_touch_members(member_client, owner):
    assert member_client.get(reverse("members")).status_code == 403
    assert member_client.post(reverse("invite_member"), {"username": "eve"}).status_code == 403
    change = reverse("change_member", args=[owner.pk])
    assert member_client.post(change, {"change": "deactivate"}).status_code == 403
    assert member_client.post(reverse("member_link", args=[owner.pk])).status_code == 403
    assert User.objects.filter(is_superuser=True).get() == owner


def test_the_household_is_never_shown_from_a_cache(owner_client):
    page = owner_client.get(reverse("household"))
    assert page.status_code == 200
    assert "no-store" in page.headers["Cache-Control"]
