"""What is wrong with a file: where, and in a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bakery.core.errors import InvalidValueError

MOST_PROBLEMS = 500
"""Enough to put a file right with; after that the rest of it is not looked at."""

SHOWN = 80


class UnreadableFileError(InvalidValueError):
    """Not a file of ours, or one that nobody should read to its end. Nothing was changed."""


class TooManyProblemsError(Exception):
    """Stops the reading, once MOST_PROBLEMS are found."""


class RefusedError(ValueError):
    """One value that cannot be taken; `str(error)` says why."""


@dataclass(frozen=True, slots=True)
class Problem:
    """`path` in the file ("production_runs[3].recipe") and what is wrong there."""

    path: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.path}: {self.sentence}"


class Problems:
    """All that is wrong with a file, in its order."""

    def __init__(self) -> None:
        self._found: list[Problem] = []

    def add(self, path: str, sentence: str) -> None:
        self._found.append(Problem(path, sentence))
        if len(self._found) >= MOST_PROBLEMS:
            raise TooManyProblemsError

    def __bool__(self) -> bool:
        return bool(self._found)

    def __len__(self) -> int:
        return len(self._found)

    def __iter__(self) -> Iterator[Problem]:
        return iter(self._found)


def quoted(value: object) -> str:
    """`value` as a sentence can show it: short, on one line, and writable to any terminal or page."""
    if isinstance(value, list | tuple | dict):
        return "an object" if isinstance(value, dict) else "a list"
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**SHOWN:
        return "a very long number"
    text = str(value)[: SHOWN + 1].encode("utf-8", "backslashreplace").decode()
    text = "".join(letter if letter.isprintable() else "�" for letter in text)
    return f"'{text[:SHOWN]}…'" if len(text) > SHOWN else f"'{text}'"
