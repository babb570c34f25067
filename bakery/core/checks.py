"""What `manage.py check` says about the machine underneath."""

import sqlite3
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, register

RESET_BUG_FIXED = (3, 51, 3)
NETWORK_FILE_SYSTEMS = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "9p", "afs", "ceph"}
MOUNTS = Path("/proc/self/mounts")


@register(deploy=True)
def check_sqlite_version(**kwargs: Any) -> list[CheckMessage]:
    """Say so where SQLite has the error that `bakery.core.sqlite3` works around."""
    if not _uses_sqlite() or sqlite3.sqlite_version_info >= RESET_BUG_FIXED:
        return []
    return [
        Info(
            f"SQLite {sqlite3.sqlite_version} has the rare error in resetting its log that 3.51.3 put right.",
            hint="Bakehouse avoids it by emptying the log only while nobody can write.",
            id="bakery.I001",
        )
    ]


@register()
def check_disk(**kwargs: Any) -> list[CheckMessage]:
    """Refuse a SQLite file on a disk of another machine."""
    file_system = file_system_of(Path(settings.DATABASES["default"]["NAME"])) if _uses_sqlite() else ""
    if file_system not in NETWORK_FILE_SYSTEMS:
        return []
    return [
        Error(
            f"The database is on a network disk ({file_system}), where SQLite cannot keep it safe.",
            hint="Point BAKERY_DATA_DIR at a disk of this machine, or use PostgreSQL.",
            id="bakery.E001",
        )
    ]


def _uses_sqlite() -> bool:
    return str(settings.DATABASES["default"]["ENGINE"]).endswith("sqlite3")


def file_system_of(path: Path, mounts: Path = MOUNTS) -> str:
    """Return the kind of file system a path is on, or "" where the machine does not say."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    path = path.absolute()
    kind, longest = "", -1
    for line in lines:
        _device, mounted_on, file_system, *_rest = line.split(" ")
        folder = Path(mounted_on.replace("\\040", " "))
        if path.is_relative_to(folder) and len(folder.parts) >= longest:
            kind, longest = file_system, len(folder.parts)
    return kind
