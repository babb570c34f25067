"""Reading a file that anybody may have written: JSON within bounds, one row at a time where it is laid out so.

Our own files have one row per line and are read line by line, however long they are. Any other layout is read
whole, up to MOST_WHOLE. Bounds come before work: size before parsing, digits before numbers.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

from bakery.core.transfer.problems import UnreadableFileError, quoted

MOST_WHOLE = 20 * 1024 * 1024
"""Bytes of a file that does not have one row per line."""

LONGEST_LINE = 16 * 1024 * 1024
"""Bytes of one row: the longest notes a form takes, with every character escaped."""

MOST_VALUES = 1_000_000
"""Values in a file that is read whole, and in a row: small ones need many times their size in memory."""

MOST_DEPTH = 32
MOST_DIGITS = 30
MOST_EXPONENT = 12

Row = Any
Rows = Iterable[tuple[int, Row]]

_ARRAY = re.compile(rb'"([a-z_]{1,60})": \[\n')
_ENDS = (b"]\n", b"],\n")
_EXPONENT = re.compile(r"[eE]([+-]?[0-9]+)$")
_TWICE = object()


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
        raise UnreadableFileError(f"There is no file {path}.")
    with path.open("rb") as stream:
        names = _laid_out_by_line(stream, order)
        stream.seek(0)
        if names is None:
            yield _whole(stream, order)
        else:
            yield Document(_head(stream.readline()), names, _rows(stream))


# one row per line ------------------------------------------------------------------------------------------


def _laid_out_by_line(stream: BinaryIO, order: Sequence[str]) -> list[str] | None:
    """The names of the arrays, if every line is a row, or the beginning or the end of an array in `order`."""
    lines = iter(lambda: stream.readline(LONGEST_LINE), b"")
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
    head = parsed(line.rstrip(b",\n") + b"}", "line 1")
    if not isinstance(head, dict):
        _refuse("line 1 is not the head of an export")
    return head


def _rows(stream: BinaryIO) -> Iterator[tuple[str, int, Row]]:
    """The rows between the first line, which is read, and the last. The layout is known to be ours."""
    name, index, number = "", -1, 1
    follows = True
    while line := stream.readline(LONGEST_LINE):
        number += 1
        begin = line[:1]
        if begin == b"{":
            if not follows:
                _refuse(f"line {number} needs a comma before it")
            index += 1
            follows = line.endswith(b"},\n")
            yield name, index, parsed(line[:-2] if follows else line, f"line {number}")
        elif begin == b'"':
            if not follows:
                _refuse(f"line {number} needs a comma before it")
            found = _ARRAY.fullmatch(line)
            name, index = (found[1].decode() if found else ""), -1
            follows = True
        else:
            if follows and (begin == b"}" or index >= 0):
                _refuse(f"line {number} follows a comma that leads nowhere")
            follows = line == b"],\n"


# any other layout ----------------------------------------------------------------------------------------------


def _whole(stream: BinaryIO, order: Sequence[str]) -> Document:
    content = stream.read(MOST_WHOLE + 1)
    if len(content) > MOST_WHOLE:
        _refuse(
            f"it does not have one row per line, and such files are read up to {MOST_WHOLE >> 20} MiB only"
        )
    found = parsed(content, "it")
    if not isinstance(found, dict):
        _refuse("it holds no object with arrays")
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


# values -------------------------------------------------------------------------------------------------------


def parsed(content: bytes, where: str) -> Any:
    """The value that `content` holds. Raises UnreadableFileError, saying `where`, for what JSON does not know.

    That is also NaN, numbers of more than MOST_DIGITS digits, a name twice in one object, text that is not
    UTF-8, and more than MOST_DEPTH levels.
    """
    values = content.count(b",") + content.count(b"[") + content.count(b"{")
    if values > MOST_VALUES:
        _refuse(f"{where} holds more than {MOST_VALUES} values")
    try:
        value = _decoder.decode(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        _refuse(f"{where} is not text in UTF-8")
    except RecursionError:
        _refuse(f"{where} is nested deeper than {MOST_DEPTH} levels")
    except json.JSONDecodeError as error:
        _refuse(f"{where} is not JSON ({error.msg.lower()} at character {error.pos + 1})")
    except UnreadableFileError as error:
        _refuse(f"{where} holds {error}")
    if content.count(b"[") + content.count(b"{") > MOST_DEPTH and _is_too_deep(value):
        _refuse(f"{where} is nested deeper than {MOST_DEPTH} levels")
    return value


def _is_too_deep(value: Any) -> bool:
    level = [value]
    for _ in range(MOST_DEPTH):
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
    return bool(level)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        for name, _ in pairs:
            if made.pop(name, _TWICE) is _TWICE:
                raise UnreadableFileError(f"the name {quoted(name)} twice")
    return made


def _whole_number(text: str) -> int:
    if len(text) > MOST_DIGITS + 1:
        raise UnreadableFileError(f"a number of more than {MOST_DIGITS} digits")
    return int(text)


def _number(text: str) -> Decimal:
    exponent = _EXPONENT.search(text) if len(text) <= MOST_DIGITS + 8 else None
    if len(text) > MOST_DIGITS + 8 or (exponent and abs(int(exponent[1])) > MOST_EXPONENT):
        raise UnreadableFileError(f"the number {quoted(text)}, which is too large or too small to count with")
    return Decimal(text)


def _no_number(text: str) -> NoReturn:
    raise UnreadableFileError(f"{text}, which is not a number")


_decoder = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_whole_number, parse_float=_number, parse_constant=_no_number
)


def _refuse(reason: str) -> NoReturn:
    raise UnreadableFileError(f"The file cannot be read: {reason}. Nothing was changed.")
