"""From the embedded database to a server and back: the documented way, and nothing is lost on it."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import ConnectionHandler, connection, connections, transaction

from bakery import sample
from bakery.environment import Environment
from bakery.transfer.arrays import ARRAYS
from bakery.transfer.importing import empty
from bakery.transfer.tests.files import exported
from bakery.transfer.tests.random_bakery import RandomBakery
from inventory.models import Ingredient, Lot
from proof.sizes import size

pytestmark = pytest.mark.django_db

SERVER = os.environ.get("POSTGRESQL", "postgres://postgres@127.0.0.1:5432/postgres")
IN_CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}

Elsewhere = Callable[[], AbstractContextManager[None]]


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory, django_db_setup, django_db_blocker) -> Iterator[Elsewhere]:
    """Return a function: inside its block the bakery is an empty one, in the other kind of database."""
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        with server_database(f"bakehouse_elsewhere_{os.getpid()}") as url:
            yield moved_to(url, django_db_blocker)
    else:
        file = tmp_path_factory.mktemp("elsewhere") / "bakery.sqlite3"
        yield moved_to(f"sqlite:///{file}", django_db_blocker)


@contextmanager
def server_database(name: str) -> Iterator[str]:
    import psycopg

    try:
        server = psycopg.connect(SERVER, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError as error:
        if IN_CI:
            raise
        pytest.skip(f"There is no PostgreSQL to move to: {error}")
    with server:
        server.execute(f'CREATE DATABASE "{name}"')
        try:
            yield urlsplit(SERVER)._replace(path=f"/{name}").geturl()
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def moved_to(url: str, blocker) -> Elsewhere:
    variables = {**os.environ, "DATABASE_URL": url, "BAKERY_DATA_DIR": str(settings.DATA_DIR)}
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(command, cwd=settings.BASE_DIR, env=variables, check=True)
    database = Environment({"DATABASE_URL": url}).database("DATABASE_URL", default=settings.DATA_DIR)

    @contextmanager
    def elsewhere() -> Iterator[None]:
        here = connections["default"]
        connections["default"] = ConnectionHandler({"default": database})["default"]
        try:
            with blocker.unblock():
                empty(ARRAYS)
                yield
        finally:
            connections["default"].close()
            connections["default"] = here

    return elsewhere


def test_the_sample_moves_to_another_database_and_back(take, elsewhere):
    sample.load()
    there_and_back(take, elsewhere)


def test_random_bakeries_move_to_another_database_and_back(take, elsewhere, reached):
    bakeries = size(2, 15)
    for seed in range(bakeries):
        with transaction.atomic():
            RandomBakery(seed).fill()
            there_and_back(take, elsewhere)
            transaction.set_rollback(True)
    reached("R10 move", f"{bakeries} bakeries to the other database and back: not a byte differs", "0 bytes")


def there_and_back(take, elsewhere: Elsewhere) -> None:
    vendor, before = connection.vendor, exported()
    with elsewhere():
        assert connection.vendor != vendor
        assert take(before).problems == ()
        there = exported()
    assert there == before
    empty(ARRAYS)
    assert take(there).problems == ()
    assert exported() == before


def test_what_is_recorded_after_the_move_gets_an_id_of_its_own(take, elsewhere):
    RandomBakery(1).fill()
    before = exported()
    with elsewhere():
        take(before)
        lots, newcomer = Lot.objects.count(), RandomBakery(99)
        newcomer.buy(newcomer.any(Ingredient, is_tracked=True))
        assert Lot.objects.count() == lots + 1
