"""R13: a full disk is said in a sentence, costs nothing, and is forgotten once there is room."""

import pytest

from proof.disk import fill
from proof.sizes import size

pytestmark = pytest.mark.usefixtures("collected")


def test_a_full_disk_leaves_nothing_half_and_passes(database, reached):
    found = database.perform(fill, steps=size(16, 400))
    assert found["strange"] == found["faults"] == []
    assert found["refused"] > 3 and found["applied"] > 0
    assert found["there"] == found["applied"] + 1
    assert found["after"] == 302
    reached(
        "R13 disk full",
        "507 in a sentence, 0 torn, works again",
        f"{found['refused']} refused, {found['applied']} written, 0 torn, then {found['after']}",
    )
