"""R3: what somebody was told is recorded is recorded, whoever is killed when."""

from proof.kills import kill_writers
from proof.sizes import size


def test_killed_writers_lose_nothing_and_leave_nothing_half(database, reached):
    rounds = size(15, 1000 if database.kind == "sqlite" else 500)
    found = database.perform(kill_writers, rounds=rounds, writers=4)
    assert found["lost"] == found["faults"] == []
    assert found["acknowledged"] >= rounds
    reached(
        "R3 SIGKILL of writers",
        f"{rounds * 4} kills: 0 acknowledged lost, 0 torn, integrity ok",
        f"{found['kills']} kills, {found['acknowledged']} acknowledged, 0 lost, 0 torn",
    )


def test_a_writer_that_lies_is_noticed(database):
    found = database.perform(kill_writers, rounds=1, writers=2, is_lying=True)
    assert found["lost"] != []
