"""Copying a PostgreSQL database with its own tools, pg_dump, pg_restore and psql."""

from __future__ import annotations

import os
import secrets
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connection

from bakery.backup.errors import BackupError

SUFFIX = "dump"
MAGIC = b"PGDMP"

# Takes away everything of ours, also tables that a dump of an older version knows nothing of.
EMPTIED = """
DO $$
DECLARE each text;
BEGIN
    FOR each IN SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE 'DROP TABLE public.' || each || ' CASCADE';
    END LOOP;
    DROP FUNCTION IF EXISTS ledger_refuse();
END $$
"""


def copy(source: str, target: Path) -> None:
    """Dump a database, as it is at one moment, to a file in PostgreSQL's own format."""
    run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}", database=source)


def put_in_place(source: Path, target: str) -> None:
    """Make the database `target` hold what a dump holds, in one transaction: the old or the new, never half."""
    script = source.with_name(f"{source.name}.sql")
    script.touch(mode=0o600)
    try:
        run("pg_restore", "--no-owner", "--no-privileges", f"--file={script}", str(source))
        at_once = ["--quiet", "--no-psqlrc", "--single-transaction", "--set=ON_ERROR_STOP=1"]
        run("psql", *at_once, f"--command={EMPTIED}", f"--file={script}", database=target)
    finally:
        script.unlink()


@contextmanager
def scratch() -> Iterator[str | None]:
    """An empty database beside ours for as long as the block runs, or None where our role may not make one."""
    name = f"{connection.settings_dict['NAME']}_copy_{secrets.token_hex(4)}"
    try:
        with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
            cursor.execute(f"CREATE DATABASE {connection.ops.quote_name(name)}")
    except DatabaseError:
        yield None
        return
    try:
        yield name
    finally:
        with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
            cursor.execute(f"DROP DATABASE {connection.ops.quote_name(name)} WITH (FORCE)")


def run(program: str, *arguments: str, database: str = "") -> None:
    """Run one of PostgreSQL's programs against a database of our server. Passwords go by the environment."""
    settings = connection.settings_dict
    environment = os.environ | {"PGOPTIONS": "-c statement_timeout=0"}
    words = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    environment |= {name: str(settings[ours]) for name, ours in words.items() if settings[ours]}
    if database:
        environment["PGDATABASE"] = database
    try:
        done: Any = subprocess.run(
            [program, *arguments], env=environment, capture_output=True, text=True, check=False
        )
    except FileNotFoundError as error:
        raise BackupError(f"{program} is not installed. On Debian: apt install postgresql-client.") from error
    if done.returncode:
        raise BackupError(f"{program} failed: {done.stderr.strip()[:500]}")
