"""Who waits for SQLite's lock waits in short naps, in nobody's way and not for ever; and the log stays small."""

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from django.db import OperationalError, connection, connections, transaction

from bakery.core.models import Household
from bakery.core.sqlite3 import base

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's lock and log"),
]


@pytest.fixture
def other():
    """Somebody else, with a connection of their own."""
    with closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as other:
        yield other


@pytest.fixture
def writer(other):
    other.execute("BEGIN IMMEDIATE")
    return other


def patience():
    return connection.connection.execute("PRAGMA busy_timeout").fetchone()[0]


class TestWaiting:
    def test_whoever_has_waited_long_looks_as_often_as_whoever_came_last(self, writer, monkeypatch):
        naps = []

        def nap(seconds):
            naps.append(seconds)
            if len(naps) == 200:
                writer.rollback()

        monkeypatch.setattr(base.time, "sleep", nap)
        with transaction.atomic():
            pass
        assert len(naps) == 200
        assert all(0 <= seconds <= 0.005 for seconds in naps)
        assert patience() == 20_000

    def test_who_waits_longer_than_the_timeout_is_refused_and_can_write_later(self, writer, monkeypatch):
        with monkeypatch.context() as hurry:
            hurry.setitem(connection.settings_dict["OPTIONS"], "timeout", 0)
            with pytest.raises(OperationalError, match="database is locked"), transaction.atomic():
                raise AssertionError("the lock was not free")
        writer.rollback()
        with transaction.atomic():
            pass
        assert patience() == 20_000

    def test_what_is_not_a_matter_of_waiting_is_said_at_once(self, monkeypatch):
        connection.ensure_connection()
        monkeypatch.setattr(connections["default"], "transaction_mode", "SOME OTHER DAY")
        monkeypatch.setattr(base.time, "sleep", lambda seconds: pytest.fail("there is nothing to wait for"))
        with pytest.raises(OperationalError, match="syntax error"), transaction.atomic():
            raise AssertionError("there is no such transaction")

    def test_nobody_who_waits_holds_up_who_puts_their_things_away(self, monkeypatch):
        """The garbage collector of whoever has the lock may close what belongs to whoever waits for it."""
        left_lying, waits, answer = [], threading.Event(), []
        nap = base.time.sleep
        monkeypatch.setattr(base.time, "sleep", lambda seconds: (waits.set(), nap(seconds)))
        monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 3)

        def write_too():
            left_lying.append(connection.cursor().execute("SELECT 1 UNION SELECT 2"))
            try:
                with transaction.atomic():
                    answer.append("written")
            except OperationalError as error:
                answer.append(str(error))
            connection.close()

        with transaction.atomic():
            somebody = threading.Thread(target=write_too)
            somebody.start()
            assert waits.wait(10)
            left_lying.pop().close()
            assert answer == []
        somebody.join()
        assert answer == ["written"]


class TestLog:
    @pytest.fixture
    def log(self):
        connection.ensure_connection()
        assert connection.empty_log()  # migrations have filled it
        return Path(f"{connection.settings_dict['NAME']}-wal")

    @transaction.atomic
    def write(self):
        Household.objects.update_or_create(pk=1, defaults={"name": "Number 9"})

    def test_a_small_log_is_left_alone(self, log):
        self.write()
        assert log.stat().st_size > 0

    def test_a_large_log_is_emptied_by_the_commit(self, log, monkeypatch):
        monkeypatch.setattr(base, "LARGEST_LOG", 0)
        self.write()
        assert log.stat().st_size == 0
        assert Household.objects.get().name == "Number 9"
        assert patience() == 20_000

    def test_somebody_reading_puts_it_off_without_holding_up_the_page(self, log, other, monkeypatch, caplog):
        monkeypatch.setattr(base, "LARGEST_LOG", 0)
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM core_household").fetchone()
        self.write()
        assert log.stat().st_size > 0
        assert "somebody was reading" in caplog.text
        other.rollback()
        self.write()
        assert log.stat().st_size == 0

    def test_a_full_disk_does_not_take_back_what_is_committed(self, log, monkeypatch, caplog):
        class Full:
            def __init__(self, connection):
                self.connection = connection

            def __getattr__(self, name):
                return getattr(self.connection, name)

            def execute(self, sql):
                if "wal_checkpoint" in sql:
                    raise sqlite3.OperationalError("database or disk is full")
                return self.connection.execute(sql)

        monkeypatch.setattr(base, "LARGEST_LOG", 0)
        wrapper = connections["default"]
        raw = wrapper.connection
        monkeypatch.setattr(wrapper, "connection", Full(raw))
        self.write()
        monkeypatch.setattr(wrapper, "connection", raw)
        assert "disk is full" in caplog.text
        assert Household.objects.get().name == "Number 9"
        assert connection.empty_log()
