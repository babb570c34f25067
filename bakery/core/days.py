"""Which days and moments Bakehouse keeps: the same in forms, in services and in files."""

from __future__ import annotations

from datetime import date

from bakery.core.errors import InvalidValueError

FIRST_YEAR, LAST_YEAR = 1000, 9000
"""Within these, a moment can be shown in any time zone: files may hold both, people type what lies between."""


def is_kept(when: date) -> bool:
    """Whether a day or a moment may be typed: a year inside the bounds, so that its file can be read back in
    any time zone.
    """
    return FIRST_YEAR < when.year < LAST_YEAR


def why_not_kept(when: date) -> str:
    return (
        f"The year {when.year} cannot be kept. Enter one between {FIRST_YEAR} and {LAST_YEAR}, with all its "
        "digits, like 2026."
    )


def check_year(when: date | None, *, field: str) -> None:
    """Raises InvalidValueError for a day or a moment of a year that is not kept."""
    if when is not None and not is_kept(when):
        raise InvalidValueError(why_not_kept(when), field=field)
