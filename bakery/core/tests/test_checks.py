"""What `manage.py check` says about the machine underneath."""

from pathlib import Path

import pytest

from bakery.core import checks

SQLITE = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "/srv/x"}}
MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
server:/export /srv/shared\\040disk nfs4 rw 0 0
tmpfs /srv/shared\\040disk/fast tmpfs rw 0 0
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/var/lib/bakery.sqlite3", "ext4"),
        ("/srv/shared disk/bakery.sqlite3", "nfs4"),
        ("/srv/shared disk/fast/bakery.sqlite3", "tmpfs"),
        ("/srv/shared disk of ours", "ext4"),
    ],
)
def test_the_nearest_mount_says_which_kind_of_disk_it_is(tmp_path, path, kind):
    (tmp_path / "mounts").write_text(MOUNTS)
    assert checks.file_system_of(Path(path), tmp_path / "mounts") == kind


def test_a_machine_without_a_list_of_mounts_is_believed(tmp_path):
    assert checks.file_system_of(Path("/"), tmp_path / "none") == ""


def test_a_database_on_a_network_disk_is_refused(monkeypatch):
    monkeypatch.setattr("django.conf.settings.DATABASES", SQLITE)
    monkeypatch.setattr(checks, "file_system_of", lambda path: "nfs4")
    (error,) = checks.check_disk()
    assert error.is_serious()
    assert "network disk (nfs4)" in error.msg


def test_an_older_sqlite_is_mentioned_and_no_obstacle(monkeypatch):
    monkeypatch.setattr("django.conf.settings.DATABASES", SQLITE)
    monkeypatch.setattr("sqlite3.sqlite_version_info", (3, 40, 1))
    (message,) = checks.check_sqlite_version()
    assert not message.is_serious()
    monkeypatch.setattr("sqlite3.sqlite_version_info", (3, 51, 3))
    assert checks.check_sqlite_version() == []
