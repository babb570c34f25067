"""S7: a file, or a form without an end, is refused before it is read."""

import pytest

from proof.sizes import IS_FULL, full_only
from proof.uploads import send_parcels

pytestmark = pytest.mark.usefixtures("collected")

RECORD = "/production/record/"
DOORS = [RECORD, "/account/login/", "/setup/inventory/supplier/add/"] if IS_FULL else [RECORD]


def test_files_and_endless_forms_are_refused_and_cost_nothing(database, reached):
    found = database.perform(send_parcels, addresses=DOORS)
    assert found["wrong"] == found["faults"] == []
    reached(
        "S7 uploads, bombs, slips",
        "refused before parsing, memory < +50 MiB, nothing kept",
        f"{found['sent']} refused, +{found['grown']:.0f} MiB, 0 kept, the slowest after {found['slowest']:.1f} s",
    )


@full_only
def test_a_server_that_takes_everything_is_noticed(database):
    found = database.perform(send_parcels, addresses=[RECORD], DJANGO_SETTINGS_MODULE="proof.limitless")
    wrong = "\n".join(found["wrong"])
    for fault in (
        "a file of 60 MiB",
        "a file of a wicked name",
        "a text of 60 MiB",
        "twenty thousand fields",
    ):
        assert fault in wrong
    for fault in ("MiB more memory", "a worker wrote 60 MiB", "baked with it"):
        assert fault in wrong
