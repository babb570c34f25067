"""One row of the desktop application's file: read by name and kind, refused in a sentence that says where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from bakery.core.errors import BakeryError
from bakery.core.numbers import MAX_QUANTITY, RECIPE_PLACES, round_half_even
from bakery.core.text import NAME_LENGTH

LONG = 20_000
"""Notes and instructions stay below so many letters."""

BOOKKEEPING = frozenset({"id", "uuid", "created_at", "updated_at", "previous_slug", "last_modified"})
"""What the desktop application wrote for itself; nothing is lost without it."""


class DesktopFileError(BakeryError):
    """The file cannot be taken over, and nothing was written.

    `is_foreign`: it is no file of the desktop application, or of another version, or cannot be read.
    """

    def __init__(self, sentence: str, *, is_foreign: bool = False) -> None:
        super().__init__(f"{sentence} Nothing was written.")
        self.is_foreign = is_foreign


class Row:
    """A row at its `path` ("products[3]"). What nobody asks for is counted as having no place here."""

    def __init__(self, path: str, values: Mapping[str, Any]) -> None:
        self.path = path
        self._values = values
        self._asked: set[str] = set()

    def refuse(self, name: str, fault: str) -> DesktopFileError:
        return DesktopFileError(f"{self.path}.{name} {fault}.")

    def value(self, name: str) -> Any:
        self._asked.add(name)
        return self._values.get(name)

    def text(self, name: str, *, limit: int = NAME_LENGTH) -> str:
        """A line of text, "" where there is none."""
        return " ".join(self.prose(name, limit=limit).split())

    def prose(self, name: str, *, limit: int = LONG) -> str:
        """Text that may have several lines, "" where there is none."""
        value = self.value(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise self.refuse(name, "is no text")
        if len(value) > limit:
            raise self.refuse(name, f"is longer than {limit} letters")
        return value.strip()

    def name(self, name: str) -> str:
        """A line of text that must be there."""
        text = self.text(name)
        if not text:
            raise self.refuse(name, "is missing")
        return text

    def number(self, name: str) -> Decimal | None:
        """An amount with at most 6 places; the file has floats, so that more places are rounded, half even."""
        value: Any = self.value(name)
        if value is None or value == "":
            return None
        if isinstance(value, str):
            value = self._spelled(name, value)
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            raise self.refuse(name, "is no number")
        if not -MAX_QUANTITY < value < MAX_QUANTITY:
            raise self.refuse(name, f"is too large: it must stay below {MAX_QUANTITY:f}")
        return round_half_even(value, RECIPE_PLACES)

    def _spelled(self, name: str, text: str) -> Decimal:
        """Money is written as text. Its length is looked at before any arithmetic."""
        digits = text.strip().removeprefix("-").replace(".", "", 1)
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 30):
            raise self.refuse(name, "is no number")
        return Decimal(text.strip())

    def whole(self, name: str) -> int | None:
        number = self.number(name)
        if number is None:
            return None
        if number != int(number):
            raise self.refuse(name, "is no whole number")
        return int(number)

    def flag(self, name: str) -> bool | None:
        value = self.value(name)
        if value is not None and not isinstance(value, bool):
            raise self.refuse(name, "is neither true nor false")
        return value

    def moment(self, name: str) -> datetime | None:
        """A moment; without a zone it is meant in UTC, as the desktop application writes it."""
        text = self.text(name, limit=50)
        if not text:
            return None
        try:
            moment = datetime.fromisoformat(text.removesuffix("Z"))
        except ValueError:
            raise self.refuse(name, "is no date") from None
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

    def day(self, name: str) -> date | None:
        moment = self.moment(name)
        return moment.date() if moment else None

    def rows(self, name: str) -> list[Row]:
        return rows_of(self.value(name), f"{self.path}.{name}")

    def texts(self, name: str) -> list[str]:
        """A list of short texts, or one text with commas."""
        value = self.value(name)
        found = value.split(",") if isinstance(value, str) else [] if value is None else value
        if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
            raise self.refuse(name, "is no list of texts")
        return [each.strip() for each in found if each.strip()]

    def unplaced(self, section: str) -> Counter[str]:
        """The fields with something in them that nobody asked for."""
        return Counter(
            f"{section}.{name}"
            for name, value in self._values.items()
            if name not in self._asked and name not in BOOKKEEPING and value not in (None, "", [], {}, False)
        )


def rows_of(value: Any, path: str) -> list[Row]:
    """The rows of a list of objects; refuses anything else."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise DesktopFileError(f"{path} is no list.")
    for number, each in enumerate(value):
        if not isinstance(each, dict):
            raise DesktopFileError(f"{path}[{number}] is no row with fields.")
    return [Row(f"{path}[{number}]", each) for number, each in enumerate(value)]
