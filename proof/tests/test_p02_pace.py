"""P2, R7: ten busy years later pages and services are as quick, by an index, and not a mill is lost."""

import pytest

from proof.pace import crowded, in_turn, opened, over, scan_everything, slower, too_slow
from proof.sizes import IS_FULL, full_only, size

pytestmark = pytest.mark.usefixtures("collected")


def test_after_ten_years_everything_is_as_quick_as_on_the_first_day(shop, machine, reached):
    first, later = shop.database(), shop.database()
    new, old = first.perform(opened, runs=0), later.perform(opened, runs=size(300, 200_000))
    assert old["breaches"] == 0
    assert float(old["books"]) == 0
    reached(
        "R7 conservation",
        "exact over 1,000,000 movements",
        f"{old['rows']} movements, the sum of differences is {old['books']}",
    )
    assert {name for name, count in old["statements"].items() if count > new["statements"][name]} == set()
    with machine.to_itself():
        was, now = in_turn(first, later, rounds=size(1, 4), times=size(1, 2))
    if IS_FULL:  # a few milliseconds say nothing on a machine that runs all tests at once
        assert old["scans"] == []
        assert too_slow(was, now) == []
    slowest = max(now["pages"], key=now["pages"].get)
    reached(
        "P2 growth",
        "pages and services within 1.5 of an empty past, no table read from end to end",
        f"{old['runs']} bakes: {len(now['pages'])} pages and {len(now['services'])} services, "
        f"slowest {slowest} {now['pages'][slowest] * 1000:.0f} ms",
    )


@full_only
@pytest.mark.alone
def test_every_page_is_quick_with_ten_thousand_lots_on_the_shelf(database, reached):
    took = database.perform(crowded, lots=10_000, times=2)
    assert over(took, 0.15) == []
    slowest = max(took, key=took.get)
    reached(
        "P2 a full shelf",
        "every page under 150 ms with 10,000 open lots",
        f"{len(took)} pages, slowest {slowest} {took[slowest] * 1000:.0f} ms",
    )


def test_what_is_slow_is_noticed():
    assert over({"a": 0.14, "b": 0.16}, 0.15) == ["b: 160.0 ms"]


def test_what_became_slower_or_is_slow_is_noticed():
    was = {"pages": {"a": 0.1, "b": 0.1}, "services": {"c": 0.01}}
    now = {"pages": {"a": 0.1, "b": 0.151}, "services": {"c": 0.03}}
    assert too_slow(was, now) == ["c: 10.0 ms, later 30.0 ms", "b: 151.0 ms"]
    assert too_slow(was, was) == []


def test_what_became_slower_is_noticed():
    assert slower({"a": 0.01, "b": 0.01}, {"a": 0.012, "b": 0.03}, 1.5) == ["b: 10.0 ms, later 30.0 ms"]


def test_a_statement_without_an_index_is_noticed(database):
    assert database.perform(scan_everything) is True
