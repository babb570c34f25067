"""One URL, two answers: the server chooses, by who asks."""

import pytest
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from bakery.core.htmx import render_page


@pytest.fixture(autouse=True)
def templates(settings, tmp_path):
    (tmp_path / "shelf.html").write_text(
        "{% load partials %}<html>{% partialdef row inline %}<p>{{ left }} g</p>{% endpartialdef %}</html>"
    )
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [tmp_path]}]


def answer(fragment="row", status=200, **headers):
    request = RequestFactory().get("/", headers=headers)
    request.htmx = HtmxDetails(request)
    return render_page(request, "shelf.html", {"left": 5}, fragment, status)


def test_a_browser_gets_the_page():
    assert answer().content == b"<html><p>5 g</p></html>"


def test_htmx_gets_the_fragment_with_the_status():
    response = answer(status=422, hx_request="true")
    assert (response.content, response.status_code) == (b"<p>5 g</p>", 422)


@pytest.mark.parametrize("header", ["hx_boosted", "hx_history_restore_request"])
def test_htmx_on_its_way_to_a_page_gets_the_page(header):
    assert answer(hx_request="true", **{header: "true"}).content.startswith(b"<html>")


def test_a_page_without_fragments_is_always_whole():
    assert answer(fragment="", hx_request="true").content.startswith(b"<html>")
