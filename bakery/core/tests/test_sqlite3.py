"""Who waits for SQLite's write lock waits in short naps, and not for ever."""

import sqlite3
from contextlib import closing

import pytest
from django.db import OperationalError, connection, transaction

from bakery.core.sqlite3 import base

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's lock"),
]


@pytest.fixture
def other():
    """Somebody else, who is writing."""
    with closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield other


@pytest.fixture
def naps(monkeypatch):
    naps = []
    monkeypatch.setattr(base.time, "sleep", naps.append)
    return naps


def patience():
    return connection.connection.execute("PRAGMA busy_timeout").fetchone()[0]


def test_whoever_has_waited_long_looks_as_often_as_whoever_came_last(other, naps, monkeypatch):
    monkeypatch.setattr(
        base.time, "sleep", lambda nap: naps.append(nap) or (len(naps) == 200 and other.rollback())
    )
    with transaction.atomic():
        pass
    assert len(naps) == 200
    assert all(0 <= nap <= 0.003 for nap in naps)
    assert patience() == 20_000


def test_who_waits_longer_than_the_timeout_is_refused_and_can_write_later(other, naps, monkeypatch):
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 0)
    with pytest.raises(OperationalError, match="database is locked"), transaction.atomic():
        raise AssertionError("the lock was not free")
    monkeypatch.undo()
    other.rollback()
    with transaction.atomic():
        pass
    assert patience() == 20_000


def test_what_is_not_a_matter_of_waiting_is_said_at_once(naps):
    def fail(*statement):
        raise OperationalError("disk I/O error")

    raises = pytest.raises(OperationalError, match="disk")
    with connection.execute_wrapper(fail), raises, transaction.atomic():
        raise AssertionError("there is no such disk")
    assert naps == []
