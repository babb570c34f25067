"""R5: whatever happens to the server, a form that is sent until it is answered counts once."""

import pytest

from proof.sizes import size
from proof.web import kill_workers

pytestmark = pytest.mark.usefixtures("collected")


def test_every_bake_is_counted_once_while_workers_are_killed(database, reached):
    kills = size(5, 300 if database.kind == "sqlite" else 60)
    found = database.perform(kill_workers, kills=kills, clients=8)
    assert found["strange"] == found["faults"] == []
    assert (found["lost"], found["doubled"], found["unasked"]) == (0, 0, 0)
    assert found["retries"] > 0
    reached(
        "R5 workers killed under load",
        f"{kills} kills: every operation exactly once",
        f"{found['acknowledged']} bakes, {found['retries']} sent again, 0 lost, 0 doubled",
    )


def test_a_bake_counted_twice_is_noticed(database):
    found = database.perform(kill_workers, kills=1, clients=2, forgets_keys=True)
    assert found["doubled"] == 1
