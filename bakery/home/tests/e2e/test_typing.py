"""Pages that follow what is typed must not take it away."""

import time

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from bakery.core.models import Household
from production.models import ProductionRun
from production.tests.factories import FinishedUnitFactory, recipe_of


@pytest.fixture
def cookies(transactional_db):
    Household.objects.create(pk=1, name="Number 9")
    return FinishedUnitFactory(recipe=recipe_of(), items_per_batch=30)


def test_a_slow_answer_keeps_the_yield_that_is_being_typed(page, cookies):
    answered = []

    def slowly(route):
        if route.request.headers.get("hx-request"):
            time.sleep(0.4)
            answered.append(route.request.url)
        route.continue_()

    page.route("**/production/record/**", slowly)
    page.goto(f"{reverse('production:record')}?recipe={cookies.recipe_id}")
    actual = page.get_by_label("Actual yield")
    page.get_by_label("Batches").fill("2")
    expect(page.get_by_text("all 60 came out")).to_be_visible()
    answered.clear()
    # Leaving Batches asks once more, and the answer comes when 58 is typed already.
    actual.fill("58")
    page.wait_for_timeout(2000)
    assert answered
    expect(actual).to_have_value("58")
    assert not ProductionRun.objects.exists()
