"""The files of others are the ones that VENDOR.txt names, every one of them, and unchanged."""

import hashlib
from pathlib import Path

import pytest
from django.conf import settings

FOLDERS = [settings.BASE_DIR / "static/vendor", Path(__file__).parent / "vendor"]


def named_sums(folder: Path) -> dict[str, str]:
    lines = (folder / "VENDOR.txt").read_text().splitlines()
    rows = [line.split() for line in lines]
    return {row[1]: row[0] for row in rows if len(row) == 2 and len(row[0]) == 64}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
def test_every_vendored_file_has_the_sum_it_was_published_with(folder):
    files = {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(("LICENSE", "VENDOR"))
    }
    assert files
    assert files == named_sums(folder)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
def test_every_vendored_library_comes_with_its_licence(folder):
    for library in folder.iterdir():
        if library.is_dir():
            assert list(library.glob("LICENSE*")), library
