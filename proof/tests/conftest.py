"""Databases for the proofs, and the table of what was reached."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings

from proof.databases import Database, Shop, postgresql_answers
from proof.sizes import IS_FULL

OURS = "sqlite" if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3") else "postgresql"
KINDS = ["sqlite", "postgresql"] if IS_FULL else [OURS]


@pytest.fixture(scope="session", params=KINDS)
def shop(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    if request.param == "postgresql" and not postgresql_answers():
        pytest.skip("NO POSTGRESQL on 127.0.0.1: half of this proof is missing.")
    folder: Path = tmp_path_factory.mktemp(request.param)
    shop = Shop(request.param, folder)
    yield shop
    shop.close()


@pytest.fixture(scope="session")
def collected(shop: Shop) -> None:
    """The static files as a real server wants them."""
    done = shop.template.manage("collectstatic", "--noinput", "--verbosity", "0")
    assert done.returncode == 0, done.stderr


@pytest.fixture
def database(shop: Shop) -> Database:
    """A fresh database on its own: SQLite in a file, and in a full proof PostgreSQL as well."""
    return shop.database()


@pytest.fixture
def reached(request: pytest.FixtureRequest) -> Callable[[str, str, str], None]:
    """Return a function that puts a line into the table: the goal, what was asked, what was reached."""

    def reached(goal: str, asked: str, figure: str) -> None:
        kinds = [kind for kind in KINDS if kind in request.node.name]
        request.node.user_properties.append(("proof", [goal, kinds[0] if kinds else "", asked, figure]))

    return reached
