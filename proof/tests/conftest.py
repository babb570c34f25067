"""Databases for the proofs, and the table of what was reached."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pytest
from django.conf import settings

from proof.databases import Database, Shop, postgresql_answers
from proof.sizes import IS_FULL

OURS = "sqlite" if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3") else "postgresql"
KINDS = ["sqlite", "postgresql"] if IS_FULL else [OURS]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Order a full proof for two workers, who begin with a half each: what takes longest first, one for either."""
    if not IS_FULL:
        return
    longest = [item for item in items if "ten_years" in item.name]
    alone = [item for item in items if item.get_closest_marker("alone")]
    others = [item for item in items if item not in longest and item not in alone]
    others.sort(key=lambda item: "shop" in item.fixturenames)  # files first, that the end is many short ones
    half = (len(items) + 1) // 2
    items[:] = [*longest[:1], *others]
    items[half:half] = longest[1:]
    items += alone


@pytest.fixture(scope="session", params=KINDS)
def shop(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    if request.param == "postgresql" and not postgresql_answers():
        pytest.skip("NO POSTGRESQL on 127.0.0.1: half of this proof is missing.")
    folder: Path = tmp_path_factory.mktemp(request.param)
    shop = Shop(request.param, folder)
    yield shop
    shop.close()


def shared(folders: pytest.TempPathFactory) -> Path:
    """The folder that all workers of a run share."""
    ours = folders.getbasetemp()
    return ours.parent if "PYTEST_XDIST_WORKER" in os.environ else ours


@pytest.fixture(scope="session")
def collected(shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The static files as a real server wants them; two who collect them at once are in each other's way."""
    with open(shared(tmp_path_factory) / "collecting", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = shop.template.manage("collectstatic", "--noinput", "--verbosity", "0")
    assert done.returncode == 0, done.stderr


@pytest.fixture
def database(shop: Shop) -> Database:
    """A fresh database on its own: SQLite in a file, and in a full proof PostgreSQL as well."""
    return shop.database()


@dataclass
class Machine:
    """Two cores for all proofs of a run: they share them, and who measures time has them alone."""

    gate: IO[str]
    room: IO[str]

    def enter(self, lock: int) -> None:
        if IS_FULL:
            # Who waits for the room stands in the gate: nobody slips in before them.
            fcntl.flock(self.gate, fcntl.LOCK_EX)
            fcntl.flock(self.room, lock)
            fcntl.flock(self.gate, fcntl.LOCK_UN)

    @contextmanager
    def to_itself(self) -> Iterator[None]:
        """For a part of a test that shares it otherwise."""
        fcntl.flock(self.room, fcntl.LOCK_UN)
        self.enter(fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self.room, fcntl.LOCK_SH)


@pytest.fixture(autouse=True)
def machine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """In a full proof a test marked `alone` has the machine to itself; the others run side by side."""
    folder = shared(tmp_path_factory)
    is_alone = request.node.get_closest_marker("alone") is not None
    with open(folder / "gate", "w") as gate, open(folder / "room", "w") as room:
        machine = Machine(gate, room)
        machine.enter(fcntl.LOCK_EX if is_alone else fcntl.LOCK_SH)
        yield machine


@pytest.fixture
def reached(request: pytest.FixtureRequest) -> Callable[[str, str, str], None]:
    """Return a function that puts a line into the table: the goal, what was asked, what was reached."""

    def reached(goal: str, asked: str, figure: str) -> None:
        kinds = [kind for kind in KINDS if kind in request.node.name]
        request.node.user_properties.append(("proof", [goal, kinds[0] if kinds else "", asked, figure]))

    return reached
