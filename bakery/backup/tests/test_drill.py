"""The drill of docs/operating.md, as it is written there, and what goes wrong in it."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from bakery.backup import BackupError, make_backup, restore, verifying
from inventory.models import Lot
from inventory.services import adjust_stock
from inventory.tests.factories import IngredientFactory, bought
from inventory.triggers import unlocked

pytestmark = pytest.mark.django_db(transaction=True)

ONLY_SQLITE = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="about the file of SQLite")
QUICKLY = pytest.mark.skipif(
    "connection.vendor != 'sqlite'", reason="the same on both, and PostgreSQL takes seconds to open a copy"
)


def said(*arguments: str, **options: object) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out, stderr=out, **options)
    return out.getvalue()


def everything() -> dict[str, list[tuple[object, ...]]]:
    return {
        model._meta.label: sorted(model._base_manager.values_list(), key=repr)
        for model in apps.get_models()
        if model._meta.managed
    }


def triggers() -> int:
    table = (
        "sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else ("pg_trigger WHERE NOT tgisinternal")
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM {table}")
        return cursor.fetchone()[0]


def wipe() -> None:
    """Nothing is left: no file, or no table."""
    if connection.vendor == "sqlite":
        connection.close()
        for file in Path(connection.settings_dict["NAME"]).parent.glob(
            f"{Path(connection.settings_dict['NAME']).name}*"
        ):
            file.unlink()
    else:
        with connection.cursor() as cursor:
            tables = ", ".join(map(connection.ops.quote_name, connection.introspection.table_names()))
            cursor.execute(f"DROP TABLE {tables} CASCADE")
        connection.close()


@pytest.fixture
def kitchen():
    flour = IngredientFactory(name="Flour")
    bought(flour, "1000", "3.21")
    adjust_stock(item_id=flour.pk, quantity=-333, reason="spilt")
    return flour


def test_backup_wipe_restore_and_every_row_is_as_it_was(kitchen, backups):
    before = everything()
    assert "found right" in said("backup")
    (file,) = backups.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    wipe()
    assert "The books are right." in said("restore", str(file), yes=True)
    assert everything() == before
    assert triggers() == 4
    assert list(backups.iterdir()) == [file]  # there was nothing to keep


def test_what_was_there_before_a_restore_is_kept(kitchen, backups):
    first = make_backup("by hand")
    adjust_stock(item_id=kitchen.pk, quantity=-7, reason="spilt")
    after = everything()
    output = said("restore", str(first.path), yes=True)
    assert Lot.objects.get().quantity_remaining == 667
    (kept,) = (file for file in backups.iterdir() if "before-restore" in file.name)
    assert str(kept) in output
    restore(kept)
    assert everything() == after


def test_what_is_not_committed_is_not_in_a_backup(kitchen):
    with transaction.atomic():
        adjust_stock(item_id=kitchen.pk, quantity=-7, reason="spilt")
        backup = make_backup("meanwhile")
    assert Lot.objects.get().quantity_remaining == 660
    restore(backup.path)
    assert Lot.objects.get().quantity_remaining == 667


def test_two_backups_of_one_second_have_two_names(kitchen, backups):
    first, second = make_backup("nightly"), make_backup("nightly")
    assert first.path != second.path
    assert {first.path, second.path} == set(backups.iterdir())


def test_books_that_are_wrong_make_no_backup(kitchen, backups):
    Lot.objects.update(quantity_remaining=1)
    with pytest.raises(BackupError, match="The copy is not right, so it was thrown away: Rule 1"):
        make_backup("nightly")
    assert list(backups.iterdir()) == []


def test_a_file_that_is_no_backup_is_refused(kitchen, tmp_path):
    file = tmp_path / "letter.txt"
    file.write_text("Dear grandmother")
    for path, sentence in ((file, "is not a backup of Bakehouse"), (tmp_path / "none", "cannot be read")):
        with pytest.raises(CommandError, match=sentence):
            call_command("restore", str(path), yes=True)
    assert Lot.objects.get().quantity_remaining == 667


def test_a_backup_of_the_other_database_is_refused_with_the_way_to_go(kitchen, tmp_path):
    file = tmp_path / "other"
    file.write_bytes(b"PGDMP" if connection.vendor == "sqlite" else b"SQLite format 3\0")
    with pytest.raises(BackupError, match="another kind of database .*manage.py import"):
        restore(file)


def test_a_backup_of_a_newer_bakehouse_is_refused(kitchen):
    future = MigrationRecorder(connection)
    future.record_applied("inventory", "9999_from_the_future")
    file = make_backup("by hand").path
    future.record_unapplied("inventory", "9999_from_the_future")
    with pytest.raises(BackupError, match=r"newer version of Bakehouse \(inventory.9999_from_the_future\)"):
        restore(file)


def test_wrong_books_are_not_restored(kitchen, monkeypatch, backups):
    monkeypatch.setattr("bakery.backup.making.faults_of", lambda name: [])
    Lot.objects.update(quantity_remaining=1)
    file = make_backup("by hand").path
    Lot.objects.update(quantity_remaining=667)
    with pytest.raises(BackupError, match="The backup is not right: Rule 1"):
        restore(file)
    assert Lot.objects.get().quantity_remaining == 667
    assert list(backups.iterdir()) == [file]


@ONLY_SQLITE
def test_a_damaged_file_is_not_restored(kitchen):
    file = make_backup("by hand").path
    damaged = bytearray(file.read_bytes())
    damaged[20_000:200_000] = b"\xff" * 180_000
    file.write_bytes(damaged)
    with pytest.raises(BackupError, match="Nothing was changed|could not be copied"):
        restore(file)
    assert Lot.objects.get().quantity_remaining == 667


def test_a_bakery_whose_books_are_wrong_can_be_restored_and_is_kept_as_it_was(kitchen):
    file = make_backup("by hand").path
    Lot.objects.update(quantity_remaining=1)
    kept = restore(file)
    assert Lot.objects.get().quantity_remaining == 667
    assert "before-restore" in kept.name


@ONLY_SQLITE
def test_a_database_that_is_none_any_more_is_put_aside(kitchen):
    file = make_backup("by hand").path
    connection.close()
    Path(connection.settings_dict["NAME"]).write_bytes(b"gone" * 4096)
    kept = restore(file)
    assert Lot.objects.get().quantity_remaining == 667
    assert kept.read_bytes().startswith(b"gonegone")


@ONLY_SQLITE
def test_a_reference_that_leads_nowhere_is_found(kitchen):
    with connection.constraint_checks_disabled(), unlocked(), connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_keys = OFF")
        cursor.execute("DELETE FROM inventory_lot")
    assert any("points at a row of inventory_lot" in fault for fault in verifying.faults())


@ONLY_SQLITE
def test_a_full_disk_leaves_no_half_backup(kitchen, backups, monkeypatch):
    def full(*arguments, **options):
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr("bakery.backup.sqlite.sqlite3.connect", full)
    with pytest.raises(BackupError, match="disk is full"):
        make_backup("nightly")
    assert list(backups.iterdir()) == []


def test_an_older_backup_is_migrated_before_it_is_looked_at(kitchen):
    call_command("migrate", "axes", "0008", verbosity=0, skip_backup=True)
    file = make_backup("before-migrate").path
    call_command("migrate", verbosity=0, skip_backup=True)
    now = everything()
    restore(file)
    assert verifying.is_current()
    assert everything()["inventory.StockMovement"] == now["inventory.StockMovement"]


def test_migrate_keeps_a_copy_of_a_bakery_before_it_changes_anything(kitchen, backups):
    assert said("migrate", verbosity=0) == ""
    assert not backups.exists()
    call_command("migrate", "axes", "0008", verbosity=0, skip_backup=True)
    assert "before-migrate" in said("migrate", verbosity=0)
    assert len(list(backups.iterdir())) == 1


def test_an_empty_bakery_is_migrated_without_a_backup(backups):
    call_command("migrate", "axes", "0008", verbosity=0, skip_backup=True)
    assert said("migrate", verbosity=0) == ""
    assert not backups.exists()


def test_without_a_terminal_restore_wants_yes(kitchen):
    file = make_backup("by hand").path
    with pytest.raises(CommandError, match="say --yes"):
        call_command("restore", str(file))


@pytest.mark.parametrize(("typed", "is_restored"), [("restore", True), ("yes", False)])
def test_on_a_terminal_restore_wants_the_word(kitchen, monkeypatch, typed, is_restored):
    file = make_backup("by hand").path
    adjust_stock(item_id=kitchen.pk, quantity=-7, reason="spilt")
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda prompt: typed)
    try:
        said("restore", str(file))
    except CommandError as error:
        assert str(error) == "Nothing was changed."
    assert (Lot.objects.get().quantity_remaining == 667) is is_restored


def test_the_night_looks_at_everything_and_keeps_a_copy(kitchen, backups):
    output = said("maintain")
    assert output.splitlines()[-1] == "All is well."
    assert "books: right" in output
    assert len(list(backups.iterdir())) == 1


@QUICKLY
def test_the_night_says_what_is_wrong_and_deletes_no_older_backup(kitchen, backups):
    make_backup("nightly")
    old = backups / "bakehouse-2020-01-01-000000-nightly.sqlite3"
    shutil.copy(next(backups.iterdir()), old)
    Lot.objects.update(quantity_remaining=1)
    out = StringIO()
    with pytest.raises(CommandError, match="2 faults: see above"):
        call_command("maintain", stdout=out, keep="1d")
    assert "Rule 1" in out.getvalue()
    assert old.exists()
    Lot.objects.update(quantity_remaining=667)
    call_command("maintain", stdout=out, keep="1d")
    assert not old.exists()


@QUICKLY
def test_backups_are_thinned_out_only_when_asked(kitchen, backups):
    make_backup("nightly")
    old = backups / "bakehouse-2020-01-01-000000-nightly.sqlite3"
    shutil.copy(next(backups.iterdir()), old)
    assert "deleted" not in said("backup")
    assert old.exists()
    assert "1 older backup deleted" in said("backup", keep="1d")
    with pytest.raises(CommandError, match="write 7d,4w,12m"):
        call_command("backup", keep="forever")


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="about the tools of PostgreSQL")
class TestPostgreSQL:
    def test_a_missing_tool_is_named(self, kitchen, monkeypatch, backups):
        monkeypatch.setenv("PATH", "")
        with pytest.raises(BackupError, match="pg_dump is not installed"):
            make_backup("nightly")
        assert list(backups.iterdir()) == []

    def test_a_role_that_may_make_no_database_gets_a_dump_and_is_told(self, kitchen, monkeypatch):
        from contextlib import contextmanager

        @contextmanager
        def refused():
            yield None

        monkeypatch.setattr("bakery.backup.postgresql.scratch", refused)
        assert "not opened" in said("backup")
        with pytest.raises(BackupError, match="CREATEDB"):
            restore(make_backup("nightly").path)

    def test_no_scratch_database_is_left(self, kitchen):
        make_backup("nightly")
        names = subprocess.run(
            ["psql", "-h", "127.0.0.1", "-U", "postgres", "-Atc", "SELECT datname FROM pg_database"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split()
        assert [name for name in names if name.startswith(f"{connection.settings_dict['NAME']}_copy_")] == []
