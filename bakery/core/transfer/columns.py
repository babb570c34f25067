"""One field of a row: how its value is written, and how it is read back and checked as its form would."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol

from django.db import models

from bakery.core.bounded_json import MAX_STRING
from bakery.core.days import FIRST_YEAR, LAST_YEAR
from bakery.core.fields import FixedPointField
from bakery.core.transfer.problems import RefusedError, quoted

if TYPE_CHECKING:
    from bakery.core.transfer.arrays import Name, To

MOST_NAMED = 1000
"""Rows that one row may name in a list."""


class Names(Protocol):
    def find(self, name: Name, written: str) -> int:
        """The id of the row that a file calls `written`; raises RefusedError when there is none."""


Read = Callable[[Any, Names], Any]
Write = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Column:
    """`name` in the file, `attribute` of the model, `source` to ask the database for."""

    name: str
    attribute: str
    source: Any
    read: Read
    write: Write | None
    is_required: bool
    to: Name | None = None
    is_list: bool = False

    def value_of(self, row: Any) -> Any:
        """What the file says of one row in memory."""
        if self.to is not None and self.is_list:
            return sorted(self.to.of(each) or "" for each in getattr(row, self.attribute).all())
        if self.to is not None:
            related = row._meta.get_field(self.attribute.removesuffix("_id")).name
            return self.to.of(getattr(row, related))
        value = getattr(row, self.attribute)
        return value if self.write is None or value is None else self.write(value)


def columns_of(model: type[models.Model], fields: Iterable[str | To]) -> tuple[Column, ...]:
    return tuple(
        _plain(model._meta.get_field(each)) if isinstance(each, str) else _reference(model, each)
        for each in fields
    )


def _reference(model: type[models.Model], to: To) -> Column:
    found: Any = model._meta.get_field(to.field)
    is_list = bool(found.many_to_many)
    return Column(
        name=to.called or to.field,
        attribute=to.field if is_list else found.attname,
        source=None if is_list else to.name.source(f"{to.field}__"),
        read=_list_of(to.name) if is_list else _nullable(found, _named(to.name)),
        write=str if to.name.fields == ("uuid",) else None,
        is_required=not (is_list or found.null),
        to=to.name,
        is_list=is_list,
    )


def _plain(found: Any) -> Column:
    read, write = _of_field(found)
    can_be_left_out = found.null or found.has_default() or (found.blank and found.empty_strings_allowed)
    return Column(
        name=found.name,
        attribute=found.attname,
        source=found.name,
        read=_nullable(found, read),
        write=write,
        is_required=not can_be_left_out,
    )


def _of_field(found: Any) -> tuple[Read, Write | None]:
    if isinstance(found, FixedPointField):
        return _exact(found), _fixed
    if isinstance(found, models.UUIDField):
        return _uuid, str
    if isinstance(found, models.DateTimeField):
        return _moment, _utc
    if isinstance(found, models.DateField):
        return _day, date.isoformat
    if isinstance(found, models.BooleanField):
        return _switch, None
    if isinstance(found, models.IntegerField):
        return _whole(0 if isinstance(found, models.PositiveIntegerField) else -(2**31)), None
    if isinstance(found, models.CharField | models.TextField):
        return _text(found), None
    raise TypeError(f"{found} has no way into a file yet.")


# writing ------------------------------------------------------------------------------------------------------


def _fixed(number: Decimal) -> str:
    return format(number, "f")


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


# reading ------------------------------------------------------------------------------------------------------


def _nullable(found: Any, read: Read) -> Read:
    if not found.null:
        return read
    return lambda value, names: None if value is None else read(value, names)


def _named(name: Name) -> Read:
    def read(value: Any, names: Names) -> int:
        if not isinstance(value, str):
            raise RefusedError(f"{quoted(value)} should be the {name.fields[-1]} of a {name.noun}, as text.")
        return names.find(name, value)

    return read


def _list_of(name: Name) -> Read:
    one = _named(name)

    def read(value: Any, names: Names) -> list[int]:
        if not isinstance(value, list) or len(value) > MOST_NAMED:
            raise RefusedError(f"{quoted(value)} should be a list of at most {MOST_NAMED} names.")
        found = [one(each, names) for each in value]
        if len(set(found)) != len(found):
            raise RefusedError("the same is in the list twice.")
        return found

    return read


def _exact(found: FixedPointField) -> Read:
    whole_digits = 18 - found.places
    written = re.compile(rf"-?[0-9]{{1,{whole_digits}}}(\.[0-9]{{1,{found.places}}})?", re.ASCII)

    def read(value: Any, names: Names) -> Decimal:
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            # Its size is looked at first: writing 1E+999999999 out would fill memory.
            number = Decimal(value)
            value = format(number, "f") if number.is_finite() and abs(number.adjusted()) < 30 else "too long"
        if not isinstance(value, str) or not written.fullmatch(value):
            raise RefusedError(
                f'{quoted(value)} is not a number with at most {found.places} decimals, like "1.5".'
            )
        return Decimal(value)

    return read


def _uuid(value: Any, names: Names) -> uuid.UUID:
    if isinstance(value, str) and len(value) == 36:
        try:
            return uuid.UUID(value)
        except ValueError:
            pass
    raise RefusedError(f"{quoted(value)} is not a uuid.")


def _moment(value: Any, names: Names) -> datetime:
    if isinstance(value, str) and len(value) <= 40:
        try:
            moment = datetime.fromisoformat(value)
            if moment.tzinfo is not None and FIRST_YEAR <= moment.year <= LAST_YEAR:
                return moment.astimezone(UTC)
        except (ValueError, OverflowError):
            pass
    raise RefusedError(f"{quoted(value)} is not a moment with its time zone, like 2026-12-24T18:00:00+00:00.")


def _day(value: Any, names: Names) -> date:
    if isinstance(value, str) and len(value) == 10:
        try:
            day = date.fromisoformat(value)
            if FIRST_YEAR <= day.year <= LAST_YEAR:
                return day
        except ValueError:
            pass
    raise RefusedError(f"{quoted(value)} is not a day like 2026-12-24.")


def _switch(value: Any, names: Names) -> bool:
    if isinstance(value, bool):
        return value
    raise RefusedError(f"{quoted(value)} should be true or false.")


def _whole(least: int) -> Read:
    most = 2**31 - 1

    def read(value: Any, names: Names) -> int:
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        raise RefusedError(f"{quoted(value)} is not a whole number from {least} to {most}.")

    return read


def _text(found: Any) -> Read:
    longest = found.max_length or MAX_STRING
    choices: Mapping[str, Any] = dict(found.flatchoices)
    may_be_empty = found.blank

    def read(value: Any, names: Names) -> str:
        if not isinstance(value, str):
            raise RefusedError(f"{quoted(value)} should be text.")
        if not value:
            if may_be_empty:
                return value
            raise RefusedError("it is empty.")
        if len(value) > longest:
            raise RefusedError(f"it has {len(value)} characters; at most {longest} are kept.")
        if choices and value not in choices:
            raise RefusedError(f"{quoted(value)} is not one of {', '.join(choices)}.")
        return _writable(value)

    return read


def _writable(text: str) -> str:
    if "\x00" in text:
        raise RefusedError(f"{quoted(text)} holds a NUL character.")
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise RefusedError(f"{quoted(text)} holds half a character (a lone surrogate).") from None
    return text
