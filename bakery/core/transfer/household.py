"""The household in a file: one row."""

from bakery.core.models import Household
from bakery.core.transfer.arrays import Array

ARRAYS = (
    Array(
        "household",
        Household,
        ("uuid", "name", "currency", "time_zone", "display"),
        keys=((),),
        constant={"id": 1},
        is_catalogue=True,
        is_seeded=True,
    ),
)
