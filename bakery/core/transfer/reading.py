"""Reading a file that anybody may have written, one row at a time where it is laid out so.

Our own files have one row per line and are read line by line, however long they are. Any other layout is read
whole, up to `bounded_json.MAX_BYTES`. What JSON may hold is bounded there too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

from bakery.core import bounded_json
from bakery.core.bounded_json import MAX_BYTES, MAX_LINE_BYTES, JsonError
from bakery.core.transfer.problems import UnreadableFileError

Row = Any
Rows = Iterable[tuple[int, Row]]

_ARRAY = re.compile(rb'"([a-z_]{1,60})": \[\n')
_ENDS = (b"]\n", b"],\n")


@dataclass(frozen=True)
class Document:
    """A file: what its head says, the names of its arrays, and their rows in order."""

    head: Mapping[str, Any]
    names: Sequence[str]
    rows: Iterator[tuple[str, int, Row]]

    def arrays(self) -> Iterator[tuple[str, Rows]]:
        """Each array that has rows; its rows must be taken before the next array is asked for."""
        for name, rows in groupby(self.rows, key=lambda found: found[0]):
            yield name, ((number, row) for _, number, row in rows)


@contextmanager
def opened(path: Path, order: Sequence[str]) -> Iterator[Document]:
    """The document in the file `path`, its arrays in `order`. Raises UnreadableFileError."""
    if not path.is_file():
        raise UnreadableFileError(f"There is no file {path}. Nothing was changed.")
    try:
        stream = path.open("rb")
    except OSError as error:
        _refuse(f"{error.strerror}.")
    with stream:
        names = _laid_out_by_line(stream, order)
        stream.seek(0)
        if names is None:
            yield _whole(stream, order)
        else:
            yield Document(_head(stream.readline()), names, _rows(stream))


# one row per line ------------------------------------------------------------------------------------------


def _laid_out_by_line(stream: BinaryIO, order: Sequence[str]) -> list[str] | None:
    """The names of the arrays, if every line is a row, or the beginning or the end of an array in `order`."""
    lines = iter(lambda: stream.readline(MAX_LINE_BYTES), b"")
    if not next(lines, b"").endswith(b'",\n'):
        return None
    names: list[str] = []
    places = {name: place for place, name in enumerate(order)}
    latest, inside, ended = -1, False, False
    for line in lines:
        if ended or not line.endswith(b"\n"):
            return None
        if inside:
            if not line.startswith(b"{"):
                if line not in _ENDS:
                    return None
                inside = False
        elif line == b"}\n":
            ended = True
        else:
            begin = _ARRAY.fullmatch(line)
            name = begin[1].decode() if begin else ""
            if places.get(name, -1) <= latest:
                return None
            names.append(name)
            latest, inside = places[name], True
    return names if ended else None


def _head(line: bytes) -> Mapping[str, Any]:
    head = _line(line.rstrip(b",\n") + b"}", 1)
    if not isinstance(head, dict):
        _refuse("Line 1 is not the head of an export.")
    return head


def _rows(stream: BinaryIO) -> Iterator[tuple[str, int, Row]]:
    """The rows between the first line, which is read, and the last. The layout is known to be ours."""
    name, index, number = "", -1, 1
    follows = True
    while line := stream.readline(MAX_LINE_BYTES):
        number += 1
        begin = line[:1]
        if begin == b"{":
            if not follows:
                _refuse(f"Line {number} needs a comma before it.")
            index += 1
            follows = line.endswith(b"},\n")
            yield name, index, _line(line[:-2] if follows else line, number)
        elif begin == b'"':
            if not follows:
                _refuse(f"Line {number} needs a comma before it.")
            found = _ARRAY.fullmatch(line)
            name, index = (found[1].decode() if found else ""), -1
            follows = True
        else:
            if follows and (begin == b"}" or index >= 0):
                _refuse(f"Line {number} follows a comma that leads nowhere.")
            follows = line == b"],\n"


# any other layout ----------------------------------------------------------------------------------------------


def _whole(stream: BinaryIO, order: Sequence[str]) -> Document:
    content = stream.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        _refuse(
            f"It does not have one row per line, and such files are read up to {MAX_BYTES >> 20} MiB only."
        )
    try:
        found = bounded_json.loads(content)
    except JsonError as error:
        _refuse(str(error))
    if not isinstance(found, dict):
        _refuse("It holds no object with arrays.")
    return document_of(found, order)


def document_of(found: Mapping[str, Any], order: Sequence[str]) -> Document:
    """The document in an object that is read already; its arrays are taken in `order`."""
    head = {name: value for name, value in found.items() if not isinstance(value, list)}
    arrays = {name: value for name, value in found.items() if isinstance(value, list)}
    known = [name for name in order if name in arrays]
    names = [*known, *(name for name in arrays if name not in known)]
    return Document(
        head, names, ((name, number, row) for name in names for number, row in enumerate(arrays[name]))
    )


def _line(line: bytes, number: int) -> Any:
    try:
        return bounded_json.loads_line(line, number)
    except JsonError as error:
        _refuse(str(error))


def _refuse(reason: str) -> NoReturn:
    raise UnreadableFileError(f"The file cannot be read. {reason} Nothing was changed.")
