"""`export` and `import` as somebody types them: files, words, exit statuses."""

import importlib
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import OperationalError

from bakery import sample
from bakery.backup import Backup
from bakery.core.transfer import writing
from bakery.transfer.tests.files import exported
from inventory.models import Supplier
from inventory.tests.factories import SupplierFactory

pytestmark = pytest.mark.django_db


def run(*arguments: object, **options: object) -> str:
    out = io.StringIO()
    call_command(*map(str, arguments), stdout=out, **options)
    return out.getvalue()


def refused(*arguments: object, **options: object) -> tuple[int, str, str]:
    """The exit status, the last sentence, and the problems before it."""
    problems = io.StringIO()
    with pytest.raises(CommandError) as error:
        call_command(*map(str, arguments), stdout=io.StringIO(), stderr=problems, **options)
    return error.value.returncode, str(error.value), problems.getvalue()


@pytest.fixture
def whole(tmp_path) -> Path:
    SupplierFactory(name="Mill")
    path = tmp_path / "bakery.json"
    run("export", path)
    return path


class TestExport:
    def test_standard_output_and_a_file_hold_the_same_readable_by_its_owner_alone(self, whole):
        printed = run("export")
        assert printed.splitlines()[1:] == whole.read_text().splitlines()[1:]
        assert run("export", "-").splitlines()[1:] == printed.splitlines()[1:]
        assert json.loads(printed)["suppliers"][0]["name"] == "Mill"
        assert whole.stat().st_mode & 0o777 == 0o600

    def test_one_that_is_interrupted_leaves_what_was_there_and_no_half_file(self, whole, monkeypatch):
        before = whole.read_text()

        def interrupted(*arguments):
            yield "half"
            raise KeyboardInterrupt

        monkeypatch.setattr(writing, "lines", interrupted)
        with pytest.raises(KeyboardInterrupt):
            run("export", whole)
        assert whole.read_text() == before
        assert list(whole.parent.iterdir()) == [whole]

    def test_a_folder_that_is_not_there_is_named(self, tmp_path):
        code, said, _ = refused("export", tmp_path / "none" / "bakery.json")
        assert (code, said) == (
            1,
            f"{tmp_path}/none/bakery.json cannot be written: No such file or directory. There is no half file.",
        )

    def test_every_row_is_a_line(self, whole):
        sample.load()
        lines = run("export").splitlines()
        rows = [line.removesuffix(",") for line in lines if line.startswith("{")][1:]
        assert all(isinstance(json.loads(row), dict) for row in rows)
        document = json.loads("\n".join(lines))
        assert len(rows) == sum(len(each) for each in document.values() if isinstance(each, list))


class TestImport:
    def test_it_says_what_became_of_each_kind(self, whole):
        SupplierFactory(name="Market")
        assert "suppliers                           0        0        1" in run("import", whole)

    def test_a_trial_writes_nothing_and_says_so(self, whole):
        Supplier.objects.all().delete()
        assert "Nothing was written: this was a trial." in run("import", whole, "--dry-run")
        assert not Supplier.objects.exists()

    def test_problems_are_listed_and_the_status_is_1(self, whole):
        whole.write_text(whole.read_text().replace('"Mill"', '""'))
        Supplier.objects.all().delete()
        assert refused("import", whole) == (
            1,
            "1 problem. Nothing was changed.",
            "suppliers[0].name: it is empty.\n",
        )

    def test_what_is_no_export_of_ours_gives_2_in_one_sentence(self, tmp_path):
        path = tmp_path / "other.json"
        path.write_text('{"format": "cookbook"}')
        assert refused("import", path) == (
            2,
            "This is not an export of Bakehouse: it says its format is 'cookbook'. Nothing was changed.",
            "",
        )
        assert refused("import", tmp_path)[:2] == (2, f"There is no file {tmp_path}. Nothing was changed.")

    def test_a_database_that_is_busy_for_too_long_is_said_so(self, whole, monkeypatch):
        def busy() -> None:
            raise OperationalError("database is locked")

        monkeypatch.setattr("bakery.transfer.importing.is_unused", busy)
        assert refused("import", whole)[:2] == (
            1,
            "The database did not take it (database is locked). Nothing was changed.",
        )


class TestReplace:
    @pytest.fixture(autouse=True)
    def copies(self, monkeypatch) -> list[str]:
        """The reasons for which a copy was made, which is tested where copies are made."""
        reasons: list[str] = []

        def make_backup(reason: str, **options: object) -> object:
            reasons.append(reason)
            return Backup(Path("the-copy"), 5, True, ())

        command = importlib.import_module("bakery.home.management.commands.import")
        monkeypatch.setattr(command, "make_backup", make_backup)
        return reasons

    def test_it_keeps_a_copy_before_it_empties(self, whole, copies):
        before = exported()
        SupplierFactory(name="Market")
        assert "Before this there was the-copy" in run("import", whole, "--replace", "--yes")
        assert copies == ["before-replace"]
        assert exported() == before

    @pytest.mark.parametrize(("typed", "count"), [("replace", 1), ("yes", 2), ("", 2)])
    def test_at_a_terminal_it_asks_for_a_word(self, whole, copies, monkeypatch, typed, count):
        SupplierFactory(name="Market")
        monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
        monkeypatch.setattr("builtins.input", lambda prompt: typed)
        if count == 1:
            run("import", whole, "--replace")
        else:
            assert refused("import", whole, "--replace")[:2] == (1, "Nothing was changed.")
        assert (Supplier.objects.count(), len(copies)) == (count, 2 - count)

    def test_where_nobody_can_be_asked_it_wants_a_yes(self, whole, copies, monkeypatch):
        monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
        code, said, _ = refused("import", whole, "--replace")
        assert (code, said) == (1, "Replacing empties the bakery: say --yes. Nothing was changed.")
        assert copies == []

    def test_a_trial_neither_asks_nor_copies(self, whole, copies):
        assert "this was a trial" in run("import", whole, "--replace", "--dry-run")
        assert copies == []

    def test_a_file_that_cannot_be_read_is_refused_before_anything_is_copied(self, whole, copies):
        whole.write_text("{")
        assert refused("import", whole, "--replace", "--yes")[0] == 2
        assert copies == []


def test_the_commands_work_from_a_shell(tmp_path):
    """In a process of their own, with a database of their own: the drill of the operator's guide."""
    (tmp_path / "data").mkdir()
    variables = {
        **{name: value for name, value in os.environ.items() if not name.startswith("BAKERY_")},
        "BAKERY_DATA_DIR": str(tmp_path / "data"),
        "DATABASE_URL": "",
    }

    def manage(*arguments: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "manage.py", *map(str, arguments)]
        return subprocess.run(
            command, cwd=settings.BASE_DIR, env=variables, capture_output=True, text=True, timeout=60
        )

    file = tmp_path / "bakery.json"
    assert manage("migrate", "--verbosity", "0").returncode == 0
    assert manage("load_sample").returncode == 0
    assert manage("export", file).returncode == 0
    replaced = manage("import", file, "--replace", "--yes")
    assert (replaced.returncode, "Before this there was" in replaced.stdout) == (0, True), replaced.stderr
    printed = manage("export").stdout
    assert printed.splitlines()[1:] == file.read_text().splitlines()[1:]
    file.write_text("[" * 1000)
    assert (manage("import", file).returncode, manage("import", tmp_path).returncode) == (2, 2)
