"""S1, S2, A1: every page in a real browser: its policy is kept, no name runs, and everybody can read it."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.contrib.auth.models import User
from django.test import Client

from inventory.models import Allergen
from proof.addresses import a_bit_of_everything, pages
from proof.payloads import BROKEN_OUT, PAYLOADS, plant
from proof.sizes import full_only, size

pytestmark = pytest.mark.django_db(transaction=True)

LISTEN = """
window.refused = [];
addEventListener("securitypolicyviolation", event => refused.push(`${event.violatedDirective} ${event.blockedURI}`));
"""
LOOKS = [("light", 390), ("dark", 390), ("light", 1024), ("dark", 1024)]
FILES = ("_csv", "_json")


@pytest.fixture
def odile():
    for name in import_module("inventory.migrations.0002_allergens").ALLERGENS:
        Allergen.objects.get_or_create(name=name)  # emptying the database after a test takes them too
    a_bit_of_everything()
    return User.objects.create_superuser("odile")


def opened(open_browser, user):
    context = open_browser(user, viewport={"width": 1024, "height": 844}, reduced_motion="reduce")
    context.add_init_script(LISTEN)
    page = context.new_page()
    page.set_default_timeout(30_000)
    return page


def shown() -> dict[str, str]:
    """The pages a browser shows; what only takes a form has no page of its own."""
    client = Client()
    client.force_login(User.objects.get(username="odile"))
    found = {name: address for name, address in pages().items() if not name.endswith(FILES)}
    return {name: address for name, address in found.items() if client.get(address).status_code == 200}


def test_every_page_keeps_the_policy(open_browser, odile, reached):
    page, refused, dialogs, errors = opened(open_browser, odile), [], [], []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.on("pageerror", lambda error: errors.append(str(error)))
    looked = 0
    for name, address in sorted(shown().items())[:: size(4, 1)]:
        response = page.goto(address)
        assert response.status == 200, (name, response.status)
        assert "default-src 'none'" in response.headers["content-security-policy"], name
        assert "unsafe" not in response.headers["content-security-policy"], name
        refused += [f"{name}: {each}" for each in page.evaluate("refused")]
        looked += 1
    assert (refused, dialogs, errors) == ([], [], [])
    page.evaluate("document.body.append(Object.assign(document.createElement('script'), {text: '1'}))")
    page.wait_for_function("refused.length > 0")  # the planted one is noticed
    reached("S1 content security policy", "0 violations in Chromium on every page", f"0 on {looked} pages")


def test_no_name_runs_on_any_page(open_browser, odile, reached):
    page, found, dialogs = opened(open_browser, odile), [], []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    looked = texts = 0
    for turn in range(size(1, 4)):
        texts = plant(turn * 10)
        for name, address in sorted(shown().items())[turn % 6 :: size(6, 1)]:
            page.goto(address)
            found += [f"{name}: {each}" for each in page.evaluate(BROKEN_OUT)]
            looked += 1
    assert (found, dialogs) == ([], [])
    page.evaluate("document.body.innerHTML = '<img src=x onerror=window.broken=1>'")
    assert page.evaluate(BROKEN_OUT) != []  # the planted one is noticed
    reached(
        "S2 names that would run",
        "40 payloads in every text field: 0 dialogs, 0 broken out",
        f"{len(PAYLOADS)} payloads, {texts} fields, {looked} pages: 0 / 0",
    )


@full_only  # the quick part of it: bakery/home/tests/e2e/test_house.py
def test_everybody_can_read_every_page(open_browser, odile, accessibility_problems, reached):
    page, problems, looked = opened(open_browser, odile), [], 0
    for name, address in sorted(shown().items()):
        page.goto(address)
        for look, width in LOOKS:
            page.emulate_media(color_scheme=look)
            page.set_viewport_size({"width": width, "height": 844})
            problems += [f"{name} {look} {width}: {each}" for each in accessibility_problems(page)]
            wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            problems += [f"{name} at {width}: {wide} pixels too wide"] if wide > 0 else []
            looked += 1
    assert problems == []
    page.evaluate("document.querySelector('h1').innerHTML = '<img src=x>'")
    assert accessibility_problems(page) != []  # the planted one is noticed
    reached(
        "A1 WCAG 2.2 AA",
        "0 violations on every page, light and dark, 390 and 1024 pixels",
        f"0 on {looked} views",
    )
