"""P1: how quick the real server is, over HTTP."""

import pytest

from proof.sizes import IS_FULL, size
from proof.web import speed, too_slow

pytestmark = pytest.mark.usefixtures("collected")


@pytest.mark.alone
def test_bakes_over_http_are_quick_and_nobody_waits(database, reached):
    found = database.perform(speed, seconds=size(1, 4), times=size(1, 6))
    assert found["strange"] == found["faults"] == []
    assert found["writes_a_second"] > 0
    if IS_FULL:  # a machine that runs all tests at once says nothing about speed
        assert too_slow(found) == []
    reached(
        "P1 bakes over HTTP",
        "100 a second, p99 < 500 ms; calm: write < 150 ms, read < 100 ms",
        f"{found['writes_a_second']:.0f} a second, p99 {found['p99_hurried'] * 1000:.0f} ms; "
        f"write {found['p99_write'] * 1000:.0f} ms, read {found['p99_read'] * 1000:.0f} ms",
    )


def test_a_server_that_is_too_slow_is_noticed():
    slow = {"writes_a_second": 99, "p99_hurried": 0.5, "p99_write": 0.15, "p99_read": 0.1, "longest": 5}
    assert [said.split()[0] for said in too_slow(slow)] == ["99.000", "0.500", "0.150", "0.100", "5.000"]
    quick = {"writes_a_second": 100, "p99_hurried": 0.4, "p99_write": 0.1, "p99_read": 0.09, "longest": 4}
    assert too_slow(quick) == []
