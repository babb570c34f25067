"""The shopping list as a member meets it."""

from __future__ import annotations

import pytest

from events.tests.factories import EventFactory

pytestmark = pytest.mark.django_db


def test_it(member_client):
    EventFactory()
    page = member_client.get("/shopping/").content.decode()
    assert "Nothing is on the list" in page
