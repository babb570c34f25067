"""Reads the environment that Bakehouse is started in.

Whatever is unknown or malformed stops the start with a sentence: a typing error in
`BAKERY_HOSTS` must not quietly become the default.
"""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key

PREFIX = "BAKERY_"
KNOWN_NAMES = frozenset(
    {
        "BAKERY_DATA_DIR",
        "BAKERY_DEBUG",
        "BAKERY_HOSTS",
        "BAKERY_HTTPS",
        "BAKERY_PROXIES",
        "BAKERY_SECRET_KEY",
    }
)
SHORTEST_SECRET_KEY = 50

SQLITE_OPTIONS = {
    # A deferred transaction that turns into a write fails at once with "database is locked",
    # whatever the timeout; one that begins as a write waits its turn.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    # FULL loses nothing in a power cut. The log is moved into the database by bakery.core.sqlite3, while
    # nobody can write, and cut to 1 MiB when it begins anew. Who waits does so there too, not inside SQLite.
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0;"
    "PRAGMA journal_size_limit=1048576; PRAGMA busy_timeout=0",
}
POSTGRESQL_TIMEOUTS = "-c lock_timeout=5s -c statement_timeout=30s -c idle_in_transaction_session_timeout=60s"


class Environment:
    """The variables that Bakehouse reads, checked and with their types."""

    def __init__(self, variables: Mapping[str, str] = os.environ) -> None:
        self.variables = variables
        unknown = sorted(name for name in variables if name.startswith(PREFIX) and name not in KNOWN_NAMES)
        if unknown:
            raise ImproperlyConfigured(
                f"{unknown[0]} is not a setting of Bakehouse. It knows {', '.join(sorted(KNOWN_NAMES))}."
            )

    def text(self, name: str, default: str = "") -> str:
        return self.variables.get(name, "").strip() or default

    def switch(self, name: str, *, default: bool) -> bool:
        """Return whether a switch is on; it is written 1, true, yes, on, or the opposite."""
        value = self.text(name).lower()
        if not value:
            return default
        if value in {"1", "true", "yes", "on"}:
            return True
        if value in {"0", "false", "no", "off"}:
            return False
        raise ImproperlyConfigured(f"{name} is {value!r}: write 1 for on or 0 for off.")

    def count(self, name: str, *, default: int) -> int:
        """Return a whole number that is not negative."""
        value = self.text(name)
        if not value:
            return default
        if not (value.isascii() and value.isdigit()):
            raise ImproperlyConfigured(f"{name} is {value!r}: write a whole number such as 0 or 1.")
        return int(value)

    def hosts(self, name: str, *, default: list[str]) -> list[str]:
        """Return the host names of a list separated by commas, without scheme and port."""
        hosts = [host.strip() for host in self.text(name).split(",") if host.strip()]
        for host in hosts:
            if "/" in host or (":" in host and not host.startswith("[")):
                raise ImproperlyConfigured(
                    f"{name} has {host!r}: write names alone, such as kitchen.local,192.168.1.20"
                    " - without http:// and without a port."
                )
            if host == "*":
                raise ImproperlyConfigured(
                    f"{name} is '*', which would let any website pose as Bakehouse:"
                    " write the names it is opened under."
                )
        return hosts or default

    def folder(self, name: str, *, default: Path) -> Path:
        """Return a folder, made with access for its owner alone where it does not exist yet."""
        path = Path(self.text(name, str(default))).expanduser().absolute()
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise ImproperlyConfigured(
                f"{name} is {str(path)!r}, and that folder cannot be made: {error.strerror}."
            ) from error
        return path

    def secret_key(self, name: str, *, file: Path) -> str:
        """Return the secret key given, else the one in the file, which is made when missing."""
        key = self.text(name) or _key_in_file(file)
        if len(key) < SHORTEST_SECRET_KEY:
            source = name if self.text(name) else f"The secret key in {file}"
            raise ImproperlyConfigured(
                f"{source} is too short: at least {SHORTEST_SECRET_KEY} characters keep the logins safe."
            )
        return key

    def database(self, name: str, *, default: Path) -> dict[str, Any]:
        """Return Django's description of the database a URL names, by default a SQLite file.

        Understood are `sqlite:///relative/path`, `sqlite:////absolute/path` and
        `postgres://user:password@host:5432/name` (also `postgresql://`).
        """
        url = self.text(name)
        if not url:
            return _sqlite(default)
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise ImproperlyConfigured(f"{name} cannot be read: {error}.") from error
        if parts.scheme == "sqlite" and not parts.netloc and len(parts.path) > 1:
            return _sqlite(Path(unquote(parts.path[1:])).absolute())
        if parts.scheme in {"postgres", "postgresql"} and len(parts.path) > 1:
            return {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": unquote(parts.path[1:]),
                "USER": unquote(parts.username or ""),
                "PASSWORD": unquote(parts.password or ""),
                "HOST": unquote(parts.hostname or ""),
                "PORT": str(port or ""),
                "CONN_MAX_AGE": 60,
                "CONN_HEALTH_CHECKS": True,
                "OPTIONS": {**dict(parse_qsl(parts.query)), "options": POSTGRESQL_TIMEOUTS},
            }
        raise ImproperlyConfigured(
            f"{name} must look like sqlite:////folder/bakery.sqlite3"
            " or postgres://user:password@host:5432/bakehouse."
        )


def _sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "bakery.core.sqlite3",
        "NAME": path,
        "CONN_MAX_AGE": 60,
        "OPTIONS": SQLITE_OPTIONS,
        # A file also in tests: memory knows neither the write-ahead log nor a second connection.
        "TEST": {"NAME": path.with_name(f"test_{path.name}")},
    }


def _key_in_file(file: Path) -> str:
    if not file.exists():
        # mkstemp makes files with mode 0600; linking the finished file lets two processes
        # that start together agree on one key.
        handle, unfinished = tempfile.mkstemp(dir=file.parent)
        with os.fdopen(handle, "w", encoding="ascii") as stream:
            stream.write(get_random_secret_key())
        try:
            os.link(unfinished, file)
        except FileExistsError:
            pass
        finally:
            os.unlink(unfinished)
    return file.read_text(encoding="ascii").strip()
