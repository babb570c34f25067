"""R13: a disk that is full or may only be read is said in a sentence, costs nothing, and passes."""

import pytest

from proof.disk import fill, shut
from proof.sizes import size

pytestmark = pytest.mark.usefixtures("collected")


def test_a_full_disk_leaves_nothing_half_and_passes(database, reached):
    found = database.perform(fill, steps=size(16, 400))
    assert found["strange"] == found["faults"] == []
    assert found["refused"] > 3 and found["applied"] > 0
    assert found["there"] == found["applied"] + 1
    assert found["after"] == 302
    reached(
        "R13 disk full",
        "507 in a sentence, 0 torn, works again",
        f"{found['refused']} refused, {found['applied']} written, 0 torn, then {found['after']}",
    )


def test_a_bake_that_is_torn_by_a_full_disk_is_noticed(database):
    found = database.perform(fill, steps=16, is_torn=True)
    assert found["faults"] != []
    assert found["there"] != found["applied"] + 1


@pytest.fixture
def files(database):
    if database.kind != "sqlite":
        pytest.skip("The files of PostgreSQL are its own affair.")
    return database


def test_a_disk_that_may_only_be_read_is_said_and_passes(files, reached):
    places = ["bakery.sqlite3", "."]
    found = files.perform(shut, places=places)
    assert found["strange"] == found["faults"] == []
    assert found["after"] == [302] * len(places)
    assert found["there"] == len(places)
    reached("R13 read-only", "507 in a sentence, 0 written, works again", "file and folder: 507, then 302")


def test_a_bake_written_where_nothing_may_be_is_noticed(files):
    found = files.perform(shut, places=["secret_key"])
    assert found["strange"] == ["secret_key: baking was answered 302"]
