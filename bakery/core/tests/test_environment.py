"""The environment is read strictly: what is unknown or malformed stops the start with a sentence."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from bakery.environment import Environment


def test_an_unknown_setting_stops_the_start_and_names_the_known_ones():
    with pytest.raises(ImproperlyConfigured, match="BAKERY_HOST is not a setting.*BAKERY_HOSTS"):
        Environment({"BAKERY_HOST": "kitchen.local"})


@pytest.mark.parametrize(
    ("written", "meant"), [("1", True), ("on", True), ("NO", False), ("0", False), ("", False)]
)
def test_a_switch_is_written_as_people_write_it(written, meant):
    assert Environment({"BAKERY_DEBUG": written}).switch("BAKERY_DEBUG", default=False) is meant


def test_a_switch_that_is_neither_on_nor_off_is_refused():
    with pytest.raises(ImproperlyConfigured, match="BAKERY_HTTPS is 'maybe': write 1 for on or 0 for off"):
        Environment({"BAKERY_HTTPS": "maybe"}).switch("BAKERY_HTTPS", default=False)


@pytest.mark.parametrize("written", ["-1", "one", "1.5", "²"])
def test_a_count_is_a_whole_number(written):
    with pytest.raises(ImproperlyConfigured, match="BAKERY_PROXIES"):
        Environment({"BAKERY_PROXIES": written}).count("BAKERY_PROXIES", default=0)


def test_hosts_are_names_separated_by_commas():
    environment = Environment({"BAKERY_HOSTS": "kitchen.local, 192.168.1.20,[::1]"})
    assert environment.hosts("BAKERY_HOSTS", default=[]) == ["kitchen.local", "192.168.1.20", "[::1]"]


@pytest.mark.parametrize("written", ["http://kitchen.local", "kitchen.local:8000", "*"])
def test_a_host_that_is_more_or_less_than_a_name_is_refused(written):
    with pytest.raises(ImproperlyConfigured, match="BAKERY_HOSTS"):
        Environment({"BAKERY_HOSTS": written}).hosts("BAKERY_HOSTS", default=[])


def test_a_folder_is_made_for_its_owner_alone(tmp_path):
    folder = Environment({"BAKERY_DATA_DIR": str(tmp_path / "data")}).folder(
        "BAKERY_DATA_DIR", default=tmp_path
    )
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_folder_that_cannot_be_made_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ImproperlyConfigured, match="cannot be made"):
        Environment({"BAKERY_DATA_DIR": str(tmp_path / "file/data")}).folder(
            "BAKERY_DATA_DIR", default=tmp_path
        )


def test_the_secret_key_is_made_once_and_read_by_its_owner_alone(tmp_path):
    file = tmp_path / "secret_key"
    made = Environment({}).secret_key("BAKERY_SECRET_KEY", file=file)
    assert len(made) >= 50
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert Environment({}).secret_key("BAKERY_SECRET_KEY", file=file) == made
    assert list(tmp_path.iterdir()) == [file]


def test_two_that_start_together_agree_on_one_key(tmp_path, monkeypatch):
    file = tmp_path / "secret_key"
    theirs = "t" * 50

    def they_are_faster(unfinished, finished):
        finished.write_text(theirs)
        raise FileExistsError

    monkeypatch.setattr(os, "link", they_are_faster)
    assert Environment({}).secret_key("BAKERY_SECRET_KEY", file=file) == theirs
    assert list(tmp_path.iterdir()) == [file]


def test_a_short_secret_key_is_refused(tmp_path):
    with pytest.raises(ImproperlyConfigured, match="BAKERY_SECRET_KEY is too short"):
        Environment({"BAKERY_SECRET_KEY": "cinnamon"}).secret_key("BAKERY_SECRET_KEY", file=tmp_path / "key")


def test_the_database_is_a_sqlite_file_unless_said_otherwise(tmp_path):
    database = Environment({}).database("DATABASE_URL", default=tmp_path / "bakery.sqlite3")
    assert (database["ENGINE"], database["NAME"]) == (
        "bakery.core.sqlite3",
        tmp_path / "bakery.sqlite3",
    )
    assert database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_a_url_names_a_sqlite_file():
    database = Environment({"DATABASE_URL": "sqlite:////srv/bake%20house.db"}).database(
        "DATABASE_URL", default=Path("x")
    )
    assert database["NAME"] == Path("/srv/bake house.db")


def test_a_url_names_a_postgresql_database():
    url = "postgres://baker:p%40ss@db.local:5433/bakehouse?sslmode=require"
    database = Environment({"DATABASE_URL": url}).database("DATABASE_URL", default=Path("x"))
    parts = [database[key] for key in ("USER", "PASSWORD", "HOST", "PORT", "NAME")]
    assert parts == ["baker", "p@ss", "db.local", "5433", "bakehouse"]
    assert database["OPTIONS"]["sslmode"] == "require"
    assert "lock_timeout=5s" in database["OPTIONS"]["options"]


@pytest.mark.parametrize(
    "url", ["mysql://localhost/x", "postgres://localhost", "sqlite://", "postgres://h:port/x"]
)
def test_a_url_of_another_kind_is_refused(url):
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL"):
        Environment({"DATABASE_URL": url}).database("DATABASE_URL", default=Path("x"))


def test_the_settings_stop_at_a_typing_error(tmp_path):
    environment = os.environ | {"BAKERY_DATA_DIR": str(tmp_path), "BAKERY_HTTP": "1"}
    start = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert start.returncode != 0
    assert "BAKERY_HTTP is not a setting of Bakehouse." in start.stderr


@pytest.mark.parametrize("https", ["0", "1"])
def test_with_https_nothing_is_left_to_warn_about(tmp_path, https):
    environment = {"PATH": os.environ["PATH"], "BAKERY_DATA_DIR": str(tmp_path), "BAKERY_HTTPS": https}
    check = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (check.returncode == 0) is (https == "1"), check.stderr
