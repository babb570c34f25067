"""How much is tried: a little on every change, all of it before a release."""

import os

import pytest

IS_FULL = os.environ.get("PROOF", "quick") == "full"


def size(quick: int, full: int) -> int:
    return full if IS_FULL else quick


full_only = pytest.mark.skipif(not IS_FULL, reason="takes too long for every change: a part of `make prove`")
