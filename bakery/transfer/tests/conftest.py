import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from bakery.transfer.importing import Outcome, import_file
from proof.tests.conftest import machine, reached

__all__ = ["machine", "reached"]


@pytest.fixture
def take(tmp_path: Path):
    """Return a function that imports a text or bytes as a file would be."""

    def take(content: str | bytes, **options: object) -> Outcome:
        path = tmp_path / "bakery.json"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return import_file(path, **options)

    return take


@pytest.fixture(scope="module")
def bakery_of_its_own(tmp_path_factory) -> dict[str, str]:
    """The environment of an empty bakery in a process of its own."""
    folder = tmp_path_factory.mktemp("data")
    variables = {name: value for name, value in os.environ.items() if not name.startswith("BAKERY_")} | {
        "BAKERY_DATA_DIR": str(folder),
        "DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "bakery.settings",
        "PYTHONPATH": str(settings.BASE_DIR),
    }
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "-v0"],
        cwd=settings.BASE_DIR,
        env=variables,
        check=True,
    )
    return variables
