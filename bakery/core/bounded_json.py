"""Reading JSON that anybody may have written: bounded, exact, and with one sentence for what is wrong.

The standard parser reads NaN, turns 1e400 into infinity, keeps the last of two equal keys and lets
strings through that no database takes. Here all of that is refused. Numbers come as `int` or exact
`Decimal`, never as a float.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn

from bakery.core.errors import BakeryError

MAX_BYTES = 20 * 1024 * 1024
"""A whole document stays at or below this many bytes."""

MAX_LINE_BYTES = 16 * 1024 * 1024
"""A single row stays at or below this many bytes: the longest text, with every character escaped."""

MAX_VALUES = 250_000
"""Upper bound for the values of a whole document: small ones take fifty times their length in memory."""

MAX_DEPTH = 32
MAX_DIGITS = 30
MAX_EXPONENT = 12

MAX_STRING = 2_621_440
"""Characters of one text: as many as a form takes, so that all that was ever typed can be read again."""

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"|[\[\]{}]|[^\s"\[\]{}:,]+', re.DOTALL)
_KEY = re.compile(r"\s*:")
_SURROGATE = re.compile("[\ud800-\udfff]")


class JsonError(BakeryError):
    """What was read is not JSON that can be taken; `line` and `column` count from 1, 0 where unknown."""

    def __init__(self, what: str, *, line: int = 0, column: int = 0) -> None:
        place = f" (line {line}, column {column})" if column else f" (line {line})" if line else ""
        super().__init__(f"{what}{place}.")
        self.line = line
        self.column = column


class _Refused(Exception):
    """Raised inside the parser, which does not say where it stands: `kind` and `literal` find the place."""

    def __init__(self, what: str, kind: str, literal: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.kind = kind
        self.literal = literal


def load(path: Path | str, *, max_bytes: int = MAX_BYTES, max_values: int = MAX_VALUES) -> Any:
    """The document in the file at `path`; raises JsonError also where the file cannot be read."""
    try:
        with Path(path).open("rb") as file:
            data = file.read(max_bytes + 1)
    except IsADirectoryError:
        raise JsonError("That is a folder, not a file") from None
    except FileNotFoundError:
        raise JsonError("There is no such file") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name cannot be used"
        raise JsonError(f"The file cannot be read: {reason}") from None
    if len(data) > max_bytes:
        raise JsonError(f"The file is larger than {_size(max_bytes)}, which is the most that is read")
    return loads(data, max_values=max_values)


def loads(data: bytes | str, *, max_values: int = MAX_VALUES) -> Any:
    """The document in `data`, at most MAX_DEPTH deep; raises JsonError."""
    return _parsed(_decoded(data, 1), 1, max_values)


def loads_line(line: bytes | str, number: int = 1) -> Any:
    """The value in one line of a file, whose `number` the errors name; raises JsonError."""
    if len(line) > MAX_LINE_BYTES:
        raise JsonError(f"The line is longer than {_size(MAX_LINE_BYTES)}", line=number)
    return _parsed(_decoded(line, number), number, MAX_VALUES)


def _decoded(data: bytes | str, line: int) -> str:
    if isinstance(data, str):
        return data.removeprefix("\ufeff")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line += data.count(b"\n", 0, error.start)
        raise JsonError("The text is not UTF-8", line=line) from None


def _parsed(text: str, line: int, max_values: int) -> Any:
    if not text.strip():
        raise JsonError("There is nothing in it", line=line if line > 1 else 0)
    values = sum(map(text.count, ",[{"))
    if values > max_values:
        raise JsonError(f"It holds more than {max_values} values, which is the most that is read at once")
    try:
        document = _DECODER.decode(text)
        if values > MAX_DEPTH or len(text) > MAX_STRING or "\\u" in text or not text.isascii():
            _check_inside(document)
    except json.JSONDecodeError as error:
        raise JsonError(
            f"It is not JSON: {_plainly(error)}", line=line + error.lineno - 1, column=error.colno
        ) from None
    except RecursionError:
        _refuse(text, line, _Refused(_TOO_DEEP, "depth"))
    except _Refused as refused:
        _refuse(text, line, refused)
    return document


_TOO_DEEP = f"Lists and objects stand more than {MAX_DEPTH} deep in one another"


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                break
            seen.add(key)
        raise _Refused("A key stands twice in one object", "twice", key)
    return found


def _integer(literal: str) -> int:
    if len(literal.lstrip("-")) > MAX_DIGITS:
        raise _Refused(f"A number has more than {MAX_DIGITS} digits", "literal", literal)
    return int(literal)


def _decimal(literal: str) -> Decimal:
    if len(literal) <= MAX_DIGITS and "e" not in literal and "E" not in literal:
        return Decimal(literal)  # nearly all numbers, and files are full of them
    mantissa, _, exponent = literal.lower().partition("e")
    if len(mantissa.lstrip("-").replace(".", "")) > MAX_DIGITS:
        raise _Refused(f"A number has more than {MAX_DIGITS} digits", "literal", literal)
    if exponent and (len(exponent) > 8 or abs(int(exponent)) > MAX_EXPONENT):
        raise _Refused("A number is too large or too small to count with", "literal", literal)
    return Decimal(literal)


def _constant(literal: str) -> NoReturn:
    raise _Refused(f"{literal} is not a number that can be counted with", "literal", literal)


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_float=_decimal, parse_constant=_constant
)


def _check_inside(document: Any) -> None:
    """Walk the document level by level: how deep it goes, and what the strings hold."""
    level = [document]
    for depth in range(MAX_DEPTH + 1):
        inner: list[Any] = []
        for value in level:
            if isinstance(value, str):
                _check_string(value)
            elif isinstance(value, dict):
                for key in value:
                    _check_string(key)
                inner.extend(value.values())
            elif isinstance(value, list):
                inner.extend(value)
            else:
                continue
            if depth == MAX_DEPTH and isinstance(value, dict | list):
                raise _Refused(_TOO_DEEP, "depth")
        level = inner


def _check_string(text: str) -> None:
    if fault := _unfit(text):
        raise _Refused(fault, "string")


def _unfit(text: str) -> str:
    """Why no database takes this text; "" when it is fine."""
    if len(text) > MAX_STRING:
        return f"A text is longer than {MAX_STRING} characters"
    if "\0" in text:
        return "A text holds the character NUL, which no text may hold"
    if not text.isascii() and _SURROGATE.search(text):
        return "A text holds half a character (a lone surrogate)"
    return ""


def _refuse(text: str, line: int, refused: _Refused) -> NoReturn:
    start = _place(text, refused)
    before = text.count("\n", 0, start)
    column = start - text.rfind("\n", 0, start)
    raise JsonError(refused.what, line=line + before, column=column) from None


def _place(text: str, refused: _Refused) -> int:
    """Where the fault stands. The parser came past it, so everything before it is JSON."""
    seen: list[bool] = []  # per open list or object: whether the key that stands twice was met in it
    for match in _TOKEN.finditer(text):
        token = match[0]
        if token in "[{":
            seen.append(False)
            if refused.kind == "depth" and len(seen) > MAX_DEPTH:
                return match.start()
        elif token in "]}":
            if not seen:
                break  # beyond where the parser stopped
            seen.pop()
        elif token[0] != '"':
            # The parser stops where a number ends, even in the middle of a word.
            if refused.kind == "literal" and token.startswith(refused.literal):
                return match.start()
        elif refused.kind == "string":
            if _unfit(_text_of(token)):
                return match.start()
        elif refused.kind == "twice" and _text_of(token) == refused.literal and _KEY.match(text, match.end()):
            if seen[-1]:
                return match.start()
            seen[-1] = True
    return 0


def _text_of(token: str) -> str:
    return json.loads(token) if "\\" in token else token[1:-1]


def _plainly(error: json.JSONDecodeError) -> str:
    """The parser's remark as the rest of a sentence: "Expecting value" -> "expecting value"."""
    return error.msg[:1].lower() + error.msg[1:].removesuffix(" at").rstrip(": ")


def _size(number: int) -> str:
    return f"{number // 1024 // 1024} MiB"
