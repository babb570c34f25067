"""P1: how quick the real server is, over HTTP."""

import pytest

from proof.sizes import IS_FULL, size
from proof.web import speed

pytestmark = pytest.mark.usefixtures("collected")


@pytest.mark.alone
def test_bakes_over_http_are_quick_and_nobody_waits(database, reached):
    found = database.perform(speed, seconds=size(1, 10))
    assert found["strange"] == found["faults"] == []
    assert found["writes_a_second"] > 0
    if IS_FULL:  # a machine that runs all tests at once says nothing about speed
        assert found["writes_a_second"] >= 100
        assert found["p99_hurried"] < 0.5
        assert found["p99_write"] < 0.15 and found["p99_read"] < 0.1
    reached(
        "P1 bakes over HTTP",
        "100 a second, p99 < 500 ms; calm: write < 150 ms, read < 100 ms",
        f"{found['writes_a_second']:.0f} a second, p99 {found['p99_hurried'] * 1000:.0f} ms; "
        f"write {found['p99_write'] * 1000:.0f} ms, read {found['p99_read'] * 1000:.0f} ms",
    )
