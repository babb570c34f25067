"""Who waits for SQLite's lock waits in short naps, in nobody's way and not for ever; and the log stays small."""

import shutil
import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import OperationalError, connection, transaction

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

    def test_a_single_statement_waits_too(self, writer, monkeypatch):
        monkeypatch.setattr(base.time, "sleep", lambda seconds: writer.rollback())
        assert Household.objects.update(name="Number 9") == 0

    def test_many_rows_at_once_wait_whole(self, writer, monkeypatch):
        monkeypatch.setattr(base.time, "sleep", lambda seconds: writer.rollback())
        rows = ((f"INSERT {number}",) for number in range(3))
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO django_migrations (app, name, applied) VALUES ('x', %s, 'now')", rows
            )
            cursor.execute("DELETE FROM django_migrations WHERE app = 'x'")
            assert cursor.rowcount == 3

    def test_who_waits_longer_than_the_timeout_is_refused(self, writer, monkeypatch):
        clock = SimpleNamespace(monotonic=iter([100, 119, 121]).__next__, sleep=lambda seconds: None)
        monkeypatch.setattr(base, "time", clock)
        with pytest.raises(OperationalError, match="database is locked"), transaction.atomic():
            raise AssertionError("the lock was not free")
        monkeypatch.undo()
        writer.rollback()
        with transaction.atomic():
            pass

    def test_what_is_not_a_matter_of_waiting_is_said_at_once(self, monkeypatch):
        monkeypatch.setattr(base.time, "sleep", lambda seconds: pytest.fail("there is nothing to wait for"))
        with connection.cursor() as cursor, pytest.raises(OperationalError, match="syntax error"):
            cursor.execute("BEGIN SOME OTHER DAY")

    def test_inside_a_transaction_that_only_reads_nobody_waits_to_write(self, other, monkeypatch):
        """It never could: what it has read is out of date once the other one is done."""
        monkeypatch.setattr(base.time, "sleep", lambda seconds: pytest.fail("waiting would not help"))
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            cursor.execute("SELECT count(*) FROM core_household")
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(OperationalError, match="database is locked"):
                cursor.execute("DELETE FROM core_household")
            cursor.execute("ROLLBACK")

    def test_nobody_who_waits_holds_up_who_puts_their_things_away(self, monkeypatch):
        """The garbage collector of whoever has the lock may close what belongs to whoever waits for it."""
        left_lying, waits, answer = [], threading.Event(), []
        nap = base.time.sleep
        monkeypatch.setattr(base.time, "sleep", lambda seconds: (waits.set(), nap(seconds)))

        def write_too():
            left_lying.append(connection.cursor().execute("SELECT 1 UNION SELECT 2"))
            with transaction.atomic():
                answer.append("written")
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
    def log(self, other):
        connection.ensure_connection()
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # migrations have filled it
        return Path(f"{connection.settings_dict['NAME']}-wal")

    @pytest.fixture
    def moved(self, monkeypatch):
        """What came of each attempt to empty the log; every commit makes one."""
        monkeypatch.setattr(base, "LARGEST_LOG", 0)
        moved = []
        empty_log = base.DatabaseWrapper.empty_log
        monkeypatch.setattr(base.DatabaseWrapper, "empty_log", lambda self: moved.append(empty_log(self)))
        return moved

    @transaction.atomic
    def write(self, name="Number 9"):
        Household.objects.update_or_create(pk=1, defaults={"name": name})

    def in_the_file_itself(self, tmp_path):
        """What stands in the database without its log."""
        copy = shutil.copy(connection.settings_dict["NAME"], tmp_path / "copy.sqlite3")
        with closing(sqlite3.connect(copy)) as copied:
            return copied.execute("SELECT name FROM core_household").fetchall()

    def test_a_small_log_is_left_alone(self, log, tmp_path):
        self.write()
        assert 0 < log.stat().st_size < base.LARGEST_LOG
        assert self.in_the_file_itself(tmp_path) == []

    def test_a_large_log_is_moved_by_the_commit_and_begins_anew(self, log, moved, tmp_path):
        self.write()
        size = log.stat().st_size
        assert moved == [True]
        assert self.in_the_file_itself(tmp_path) == [("Number 9",)]
        self.write("Number 10")
        assert log.stat().st_size == size

    def test_what_was_a_very_long_log_is_cut(self, log):
        with transaction.atomic():
            Household.objects.create(pk=1, name="Number 9", currency="EUR", time_zone="x" * 2_000_000)
        assert log.stat().st_size > 2_000_000
        self.write()
        assert log.stat().st_size == base.LARGEST_LOG

    def test_it_is_not_moved_while_somebody_writes(self, log, other, tmp_path):
        self.write()
        other.execute("BEGIN IMMEDIATE")
        assert connection.empty_log() is False
        assert self.in_the_file_itself(tmp_path) == []
        other.rollback()
        assert connection.empty_log() is True

    def test_somebody_reading_puts_it_off_without_holding_up_the_commit(self, log, other, moved):
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM core_household").fetchone()
        began = time.monotonic()
        self.write()
        assert moved == [False]
        assert time.monotonic() - began < 5  # a wait would take 20
        other.rollback()
        self.write("Number 10")
        assert moved == [False, True]

    def test_a_full_disk_does_not_take_back_what_is_committed(self, log, moved, monkeypatch, caplog):
        def full(*arguments, **options):
            raise sqlite3.DatabaseError("database or disk is full")

        connection.ensure_connection()
        monkeypatch.setattr(base.sqlite3, "connect", full)
        self.write()
        assert moved == [False]
        assert "disk is full" in caplog.text
        assert Household.objects.get().name == "Number 9"
