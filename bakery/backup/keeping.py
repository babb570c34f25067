"""How long copies are kept: one a day, one a week, one a month, so far back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bakery.backup.errors import BackupError

# bakehouse-2026-12-01-031500-nightly.sqlite3, in the clock of UTC, so that names sort by age.
STAMP = "%Y-%m-%d-%H%M%S"
NAME = re.compile(r"bakehouse-(\d{4}-\d\d-\d\d-\d{6})-[a-z0-9-]+\.(sqlite3|dump)")

# Whatever is this young stays: what was there before a restore is missed within a day or two.
YOUNG = timedelta(days=2)

PERIODS: dict[str, Callable[[datetime], object]] = {
    "d": lambda moment: moment.date(),
    "w": lambda moment: moment.isocalendar()[:2],
    "m": lambda moment: (moment.year, moment.month),
}


@dataclass(frozen=True, slots=True)
class Keep:
    """The newest copy of each of so many days, weeks and months that have one."""

    days: int = 7
    weeks: int = 4
    months: int = 12

    @classmethod
    def parse(cls, text: str) -> Keep:
        """Read `7d,4w,12m`; what is not named is not kept for its own sake. Raises BackupError."""
        counts = {"d": 0, "w": 0, "m": 0}
        for part in text.split(","):
            found = re.fullmatch(r"\s*([1-9]\d{0,3})([dwm])\s*", part)
            if found is None:
                raise BackupError(f"“{text}” does not say how long to keep backups: write 7d,4w,12m.")
            counts[found[2]] = int(found[1])
        return cls(counts["d"], counts["w"], counts["m"])

    def chosen(self, moments: Iterable[datetime], *, now: datetime) -> set[datetime]:
        """Which of the copies made at these moments stay; the newest always does."""
        newest_first = sorted(moments, reverse=True)
        stay = {moment for moment in newest_first if now - moment < YOUNG} | set(newest_first[:1])
        for letter, count in zip("dwm", (self.days, self.weeks, self.months), strict=True):
            newest: dict[object, datetime] = {}
            for moment in newest_first:
                newest.setdefault(PERIODS[letter](moment), moment)
            stay.update(sorted(newest.values(), reverse=True)[:count])
        return stay


def made_at(path: Path) -> datetime | None:
    """When a copy was made, by its name; None for a file that is none of ours."""
    found = NAME.fullmatch(path.name)
    return datetime.strptime(found[1], STAMP) if found else None


def thin_out(folder: Path, keep: Keep, *, now: datetime) -> list[Path]:
    """Delete the copies that are not to be kept and return them. Other files are never touched."""
    moments = {path: moment for path in folder.iterdir() if (moment := made_at(path)) is not None}
    stay = keep.chosen(moments.values(), now=now)
    gone = sorted(path for path, moment in moments.items() if moment not in stay)
    for path in gone:
        path.unlink()
    return gone
