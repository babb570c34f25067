"""Packages as they are made at a desk, as only a browser can prove it."""

import pytest
from playwright.sync_api import expect

from events.models import Package
from events.tests.factories import package_of

pytestmark = pytest.mark.django_db(transaction=True)


def test_enter_in_the_name_of_a_package_saves_it_and_adds_no_lines(page):
    package = package_of(name="Pair of bags")
    page.goto(f"/packages/{package.pk}/edit/")
    page.get_by_label("Name").fill("Three bags")
    page.get_by_label("Name").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Three bags")
    assert Package.objects.get().name == "Three bags"
