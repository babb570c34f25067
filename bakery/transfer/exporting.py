"""The whole bakery out: everything but the accounts, in constant memory."""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from bakery.core.transfer import writing
from bakery.core.transfer.head import head_of
from bakery.transfer.arrays import ARRAYS, FORMAT

security = logging.getLogger("bakery.security")


def export(stream: IO[str], *, tell: Callable[[int], None] | None = None) -> None:
    """Write the bakery, as it is at this moment, to `stream`; `tell` hears now and then how many rows went by."""
    arrays = ((array.name, writing.rows_of(array)) for array in ARRAYS)
    with writing.one_moment():
        for line in writing.lines(head_of(FORMAT), writing.counted(arrays, tell or _to_nobody)):
            stream.write(line)
    security.info("exported the whole bakery")


@contextmanager
def beside(path: Path) -> Iterator[IO[str]]:
    """A file that appears at `path` when it is complete, and not at all when it is not. Yours alone to read."""
    handle, unfinished = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(unfinished, path)
    except BaseException:
        os.unlink(unfinished)
        raise


def _to_nobody(rows: int) -> None:
    pass
