from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def backups(settings, tmp_path) -> Path:
    """A folder of data of the test's own, and in it the one for backups."""
    settings.DATA_DIR = tmp_path
    return tmp_path / "backups"
