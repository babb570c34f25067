"""P2: every page asks the database for at most a dozen things, counted over all addresses there are."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from bakery.urls import urlpatterns as real
from inventory.models import StockItem
from proof.addresses import a_bit_of_everything, pages
from proof.pace import statements

pytestmark = pytest.mark.django_db

LIMIT = 12
"""Three of them are for the household, the session and who it is."""

# What takes more, how many, and why it may. Whatever becomes less is to be taken off, or the figure put right.
MORE = {
    "today": 22,  # several pages in one: every event, what to bake, what runs low, what happened last
    "books": 15,  # one for each rule the whole ledger is held against
    "events:shopping": 15,  # targets, packages, wrapping, boxes, recipes, shelf, prices, ticks: each is a table
    "events:shopping_for": 15,  # the same for one event
    "events:shopping_csv": 14,  # the same without the form to add something
    "assembly:run": 15,  # three kinds of components, what is behind them, where it went, and the page of each
    "assembly:good": 13,  # a box, what the next one takes and costs, its lots, who asks for it, its history
}


@pytest.fixture(scope="module")
def bakery(django_db_setup, django_db_blocker):
    """The sample bakery and an admin, for the whole module; gone after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        a_bit_of_everything()
        User.objects.create_superuser("odile")
        yield
        transaction.set_rollback(True)


def over_the_limit() -> dict[str, int]:
    """What takes more than LIMIT, by the name of its address."""
    browser = Client()
    browser.force_login(User.objects.get())
    return {name: taken for name, taken in statements(browser, pages()).items() if taken > LIMIT}


def test_a_page_takes_at_most_twelve_statements(bakery, reached):
    assert over_the_limit() == MORE
    reached(
        "P2 statements",
        f"at most {LIMIT} for a page",
        f"{len(pages()) - len(MORE)} of {len(pages())} pages; {len(MORE)} with a reason, at most {max(MORE.values())}",
    )


# The planted fault --------------------------------------------------------------------------------------------


def asks_in_a_loop(request):
    return HttpResponse(str([item.lots.count() for item in StockItem.objects.all()]))


urlpatterns = [*real, path("loop/", asks_in_a_loop, name="loop")]


@pytest.mark.urls(__name__)
def test_a_view_that_asks_in_a_loop_is_noticed(bakery):
    found = over_the_limit()
    assert found.pop("loop") == 4 + StockItem.objects.count()
    assert found == MORE
