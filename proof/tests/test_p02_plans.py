"""P2: the hottest reads use their index, however long the past is."""

import pytest

from proof.plans import HOT, plans, without_its_index
from proof.sizes import size

pytestmark = pytest.mark.usefixtures("collected")


def test_the_hottest_reads_use_their_index(database, reached):
    found = database.perform(plans, runs=size(300, 20_000))
    assert without_its_index(found) == []
    reached("P2 plans", "the ten hottest reads use their index", f"{len(found)} of {len(HOT)}")


def test_a_read_without_its_index_is_noticed():
    lines = {name: [f"USING INDEX {index}"] for name, index in HOT.items()}
    assert without_its_index(lines | {"bake": ["SCAN inventory_lot"]}) == ["bake"]
