"""Pages of lists that are counted only so far."""

import pytest
from django.contrib.auth.models import User

from bakery.core import pages
from bakery.core.pages import page_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(monkeypatch):
    monkeypatch.setattr(pages, "COUNTED", 4)
    User.objects.bulk_create(User(username=f"{number:02}") for number in range(10))
    return User.objects.order_by("username").values_list("username", flat=True)


def test_a_short_list_is_counted(people):
    page = page_of(people.filter(username__lt="04"), 3, None)
    assert list(page) == ["00", "01", "02"]
    assert (page.paginator.is_counted, page.paginator.num_pages) == (True, 2)


def test_of_a_long_one_every_page_is_found_and_leads_on(people):
    found, number = [], 1
    while True:
        page = page_of(people, 3, str(number))
        assert page.number == number
        found += page
        if not page.has_next():
            break
        assert not page.paginator.is_counted
        number = page.next_page_number()
    assert found == list(people)


def test_no_more_than_that_is_counted(people, django_assert_num_queries):
    with django_assert_num_queries(2) as asked:
        assert page_of(people, 3, "1").paginator.count == 5
    assert "LIMIT 5" in asked[0]["sql"]


@pytest.mark.parametrize(
    ("asked", "shown"), [(None, 1), ("", 1), ("x", 1), ("-1", 4), ("99", 4), ("9" * 40, 4)]
)
def test_what_is_no_page_leads_to_one_that_is(people, monkeypatch, asked, shown):
    monkeypatch.setattr(pages, "COUNTED", 100)
    assert page_of(people, 3, asked).number == shown
