"""R11: everybody does something else, and nobody waits for somebody who waits for them."""

import pytest

from proof.contests import mixed_work
from proof.sizes import size


def test_mixed_work_never_deadlocks(database, reached):
    operations = size(240, 10_000 if database.kind == "postgresql" else 2_000)
    found = database.perform(mixed_work, writers=16, operations=operations)
    assert found["errors"] == found["faults"] == []
    assert found["deadlocks"] == 0
    assert found["done"] + found["refused"] == operations // 16 * 16
    reached(
        "R11 deadlocks",
        f"0 in {operations} mixed operations of 16 writers",
        f"{found['deadlocks']}; {found['done']} done, {found['refused']} refused in a sentence",
    )


def test_locks_taken_as_they_come_do_deadlock(database, reached):
    if database.kind != "postgresql":
        pytest.skip("SQLite has one lock for all")
    found = database.perform(mixed_work, writers=8, operations=size(24, 80), in_any_order=True)
    assert found["deadlocks"] > 0
    assert found["faults"] == []
    reached("R11 locks in any order", "is caught", f"{found['deadlocks']} deadlocks, 0 lots wrong")
