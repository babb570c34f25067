"""P2, R7: ten busy years later pages and services are as quick, by an index, and not a mill is lost."""

import pytest

from proof.pace import crowded, measured, over, scan_everything, slower
from proof.sizes import IS_FULL, full_only, size

pytestmark = pytest.mark.usefixtures("collected")


def test_after_ten_years_everything_is_as_quick_as_on_the_first_day(shop, reached):
    runs = size(300, 200_000)
    first = shop.database().perform(measured, runs=0, times=size(1, 4))
    later = shop.database().perform(measured, runs=runs, times=size(1, 4))
    assert later["breaches"] == 0
    assert float(later["books"]) == 0
    reached(
        "R7 conservation",
        "exact over 1,000,000 movements",
        f"{later['rows']} movements, the sum of differences is {later['books']}",
    )
    more = {name for name, count in later["statements"].items() if count > first["statements"][name]}
    assert more == set()
    if IS_FULL:  # a few milliseconds say nothing on a machine that runs all tests at once
        assert later["scans"] == []
        assert slower(first["pages"], later["pages"], 1.5) == []
        assert slower(first["services"], later["services"], 1.5) == []
        assert over(later["pages"], 0.15) == []
    slowest = max(later["pages"], key=later["pages"].get)
    reached(
        "P2 growth",
        "pages and services within 1.5 of an empty past, no table read from end to end",
        f"{later['runs']} bakes: {len(later['pages'])} pages and {len(later['services'])} services, "
        f"slowest {slowest} {later['pages'][slowest] * 1000:.0f} ms",
    )


@full_only
@pytest.mark.alone
def test_every_page_is_quick_with_ten_thousand_lots_on_the_shelf(database, reached):
    took = database.perform(crowded, lots=10_000, times=4)
    assert over(took, 0.15) == []
    slowest = max(took, key=took.get)
    reached(
        "P2 a full shelf",
        "every page under 150 ms with 10,000 open lots",
        f"{len(took)} pages, slowest {slowest} {took[slowest] * 1000:.0f} ms",
    )


def test_what_is_slow_is_noticed():
    assert over({"a": 0.14, "b": 0.16}, 0.15) == ["b: 160.0 ms"]


def test_what_became_slower_is_noticed():
    assert slower({"a": 0.01, "b": 0.01}, {"a": 0.012, "b": 0.03}, 1.5) == ["b: 10.0 ms, later 30.0 ms"]


def test_a_statement_without_an_index_is_noticed(database):
    assert database.perform(scan_everything) is True
