from __future__ import annotations

import pytest
from django.db import transaction

from bakery.sample import load


@pytest.fixture(scope="module")
def summary(django_db_setup, django_db_blocker):
    """The sample bakery, loaded once for a whole module; gone after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield load()
        transaction.set_rollback(True)
