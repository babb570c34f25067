"""Ten years of a busy household: as quick as in its first weeks, because indexes answer, not whole tables."""

import pytest

from proof.growth import HOT, furnish, measure, plans, slower
from proof.sizes import IS_FULL, size

RUNS = size(800, 200_000)
LONGER = 1.5


@pytest.fixture
def grown(database):
    database.perform(furnish, runs=RUNS)
    return database


def test_the_hottest_reads_use_their_index(grown, reached):
    found = grown.perform(plans)
    missing = {name: plan for name, plan in found.items() if not any(HOT[name] in line for line in plan)}
    assert missing == {}
    reached("P2 plans", "the ten hottest reads use their index", f"{len(found)} of {len(HOT)}")


def test_pages_and_services_take_no_longer_after_ten_years(grown, shop, reached):
    young = shop.database()
    young.perform(furnish, runs=0)
    before, after = young.perform(measure, rounds=size(1, 7)), grown.perform(measure, rounds=size(1, 7))
    more = {name for name in before if after[name]["statements"] > before[name]["statements"]}
    assert more == set()
    worst = slower(before, after)
    if IS_FULL:
        assert [each for each in worst if each[0] > LONGER] == []
    reached(
        "P2 growth",
        f"{RUNS:,} bakes: no more statements, at most {LONGER} times as long",
        f"{len(before)} pages and services, the worst {worst[0][0]:.2f} ({worst[0][1]})",
    )


def test_a_page_that_grows_is_seen():
    small, large = {"page: a": {"ms": 20.0}}, {"page: a": {"ms": 45.0}}
    assert slower(small, large) == [(2.25, "page: a")]
