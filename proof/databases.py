"""Databases of their own, with the tables in them, for proofs that kill processes and fill disks."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SERVER = {"PGHOST": "127.0.0.1", "PGPORT": "5432", "PGUSER": "postgres"}


@dataclass
class Database:
    """A database that a process of its own works on: `perform` runs a function of this package there."""

    kind: str
    url: str
    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    def variables(self) -> dict[str, str]:
        ours = {name: value for name, value in os.environ.items() if not name.startswith("BAKERY_")}
        return ours | self.environment | {"DATABASE_URL": self.url, "BAKERY_DATA_DIR": str(self.folder)}

    def perform(self, work: Callable[..., Any], **arguments: Any) -> Any:
        """Run `work` in a fresh process that knows this database alone; what it returns went through JSON."""
        done = subprocess.run(
            [sys.executable, "-m", "proof.perform", work.__module__, work.__qualname__],
            input=json.dumps(arguments),
            env=self.variables(),
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise AssertionError(f"{work.__qualname__} ended with {done.returncode}:\n{done.stderr[-4000:]}")
        return json.loads(done.stdout.splitlines()[-1])

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            env=self.variables(),
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )


def postgresql_answers() -> bool:
    return psql("SELECT 1").returncode == 0


def psql(statement: str, database: str = "postgres") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["psql", "--no-psqlrc", "-Atc", statement],
        env=os.environ | SERVER | {"PGDATABASE": database},
        capture_output=True,
        text=True,
        check=False,
    )


class Shop:
    """Makes databases of one kind, each a copy of one that was migrated once."""

    def __init__(self, kind: str, folder: Path) -> None:
        self.kind, self.folder, self.count = kind, folder, 0
        self.names: list[str] = []
        self.template = self._new(f"proof_{secrets.token_hex(4)}")
        if kind == "postgresql":
            self._created(self.template, "")
        done = self.template.manage("migrate", "--verbosity", "0")
        assert done.returncode == 0, done.stderr

    def database(self) -> Database:
        self.count += 1
        made = self._new(f"{self._name(self.template)}_{self.count}")
        if self.kind == "sqlite":
            shutil.copy(self.template.folder / "bakery.sqlite3", made.folder / "bakery.sqlite3")
        else:
            self._created(made, f"TEMPLATE {self._name(self.template)}")
        return made

    def close(self) -> None:
        for name in reversed(self.names):
            psql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _new(self, name: str) -> Database:
        folder = self.folder / name
        folder.mkdir()
        file = folder / "bakery.sqlite3"
        url = f"sqlite:///{file}" if self.kind == "sqlite" else f"postgres://postgres@127.0.0.1:5432/{name}"
        return Database(self.kind, url, folder)

    def _name(self, database: Database) -> str:
        return database.folder.name

    def _created(self, database: Database, options: str) -> None:
        name = self._name(database)
        done = psql(f"CREATE DATABASE {name} {options}")
        assert done.returncode == 0, done.stderr
        self.names.append(name)
        # PostgreSQL looks for a deadlock after a second: where they are provoked by the hundred, that is long.
        psql(f"ALTER DATABASE {name} SET deadlock_timeout = '100ms'")
