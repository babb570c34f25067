"""R1, R2: people who bake at once from one shelf, and what happens without each of the walls."""

import pytest

from proof.contests import bake_together
from proof.sizes import size


def test_many_writers_never_oversell_and_nobody_is_refused(database, reached):
    writers, operations = size(8, 32), size(160, 10_000)
    found = database.perform(bake_together, writers=writers, operations=operations)
    assert found["errors"] == []
    assert found["faults"] == []
    assert found["done"] == operations // writers * writers
    reached(
        "R1 writers at once",
        f"{writers} writers, {operations} bakes: 0 errors, 0 lots wrong, FIFO kept",
        f"0 / 0 / 0, {found['done'] / found['seconds']:.0f} bakes a second, p99 {found['p99'] * 1000:.0f} ms",
    )


WALLS = {"sqlite": ["no atomic", "deferred"], "postgresql": ["no lock", "no atomic"]}


@pytest.mark.parametrize("wall", [0, 1])
def test_a_wall_taken_away_is_noticed(database, reached, wall):
    sabotage = WALLS[database.kind][wall]
    found = database.perform(bake_together, writers=8, operations=160, sabotage=sabotage)
    assert found["errors"] or found["faults"]
    reached(
        f"R2 without: {sabotage}",
        "is caught",
        f"caught: {len(found['errors'])} errors, {len(found['faults'])} faults",
    )
