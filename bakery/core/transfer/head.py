"""What a file says about itself before its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone

from bakery.core.transfer.arrays import Array
from bakery.core.transfer.problems import UnreadableFileError, quoted
from bakery.core.transfer.reading import Document

VERSION = 1

NAMES = ("format", "version", "exported_at")


def head_of(form: str) -> dict[str, Any]:
    """What every file of ours begins with."""
    return {"format": form, "version": VERSION, "exported_at": timezone.now().isoformat(timespec="seconds")}


def arrays_in(document: Document, forms: Mapping[str, Sequence[Array]]) -> list[Array]:
    """The arrays in a file of one of the `forms`. Raises UnreadableFileError for any other file."""
    form, version = document.head.get("format"), document.head.get("version")
    possible = forms.get(form) if isinstance(form, str) else None
    if possible is None:
        raise UnreadableFileError(
            f"This is not an export of Bakehouse: it says its format is {quoted(form)}. Nothing was changed."
        )
    if version != VERSION or isinstance(version, bool):
        raise UnreadableFileError(
            f"The file has version {quoted(version)}; this Bakehouse reads version {VERSION}. Nothing was changed."
        )
    known = [array.name for array in possible]
    for name in (*document.head, *document.names):
        if name in known and name not in document.names:
            raise UnreadableFileError(f"{quoted(name)} should be a list of rows. Nothing was changed.")
        if name not in known and name not in NAMES:
            raise UnreadableFileError(f"Version {VERSION} has no array {quoted(name)}. Nothing was changed.")
    return [array for array in possible if array.name in document.names]
