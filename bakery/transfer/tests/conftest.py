from pathlib import Path

import pytest

from bakery.transfer.importing import Outcome, import_file
from proof.tests.conftest import reached

__all__ = ["reached"]


@pytest.fixture
def take(tmp_path: Path):
    """Return a function that imports a text or bytes as a file would be."""

    def take(content: str | bytes, **options: object) -> Outcome:
        path = tmp_path / "bakery.json"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return import_file(path, **options)

    return take
