"""Which backups stay: one a day, a week, a month, so far back."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bakery.backup.errors import BackupError
from bakery.backup.keeping import Keep, made_at, thin_out

NOW = datetime(2026, 12, 1, 12)


def nightly(count: int) -> list[datetime]:
    return [datetime(2026, 12, 1, 3, 15) - timedelta(days=number) for number in range(count)]


def file_of(folder, moment, reason="nightly"):
    path = folder / f"bakehouse-{moment:%Y-%m-%d-%H%M%S}-{reason}.sqlite3"
    path.write_bytes(b"")
    return path


@pytest.mark.parametrize(
    ("text", "keep"), [("7d,4w,12m", Keep(7, 4, 12)), ("3d", Keep(3, 0, 0)), (" 1m , 2d ", Keep(2, 0, 1))]
)
def test_how_long_to_keep_is_read(text, keep):
    assert Keep.parse(text) == keep


@pytest.mark.parametrize("text", ["", "7", "d7", "0d", "7d,,4w", "7y", "-1d"])
def test_what_does_not_say_how_long_is_refused(text):
    with pytest.raises(BackupError, match="write 7d,4w,12m"):
        Keep.parse(text)


def test_after_two_years_a_week_a_month_and_a_year_are_left():
    stay = Keep.parse("7d,4w,12m").chosen(nightly(730), now=NOW)
    assert sorted(stay, reverse=True) == [
        *nightly(7),
        # the newest of the two weeks before that; the seven days reach into two
        datetime(2026, 11, 22, 3, 15),
        datetime(2026, 11, 15, 3, 15),
        datetime(2026, 10, 31, 3, 15),
        datetime(2026, 9, 30, 3, 15),
        datetime(2026, 8, 31, 3, 15),
        datetime(2026, 7, 31, 3, 15),
        datetime(2026, 6, 30, 3, 15),
        datetime(2026, 5, 31, 3, 15),
        datetime(2026, 4, 30, 3, 15),
        datetime(2026, 3, 31, 3, 15),
        datetime(2026, 2, 28, 3, 15),
        datetime(2026, 1, 31, 3, 15),
    ]


def test_a_machine_that_was_off_for_a_year_loses_nothing_old():
    old = [moment - timedelta(days=365) for moment in nightly(7)]
    assert Keep.parse("7d").chosen(old, now=NOW) == set(old)


def test_the_newest_always_stays_and_so_does_what_is_younger_than_two_days():
    moments = [NOW - timedelta(hours=number) for number in range(1, 60)]
    stay = Keep.parse("1d").chosen(moments, now=NOW)
    assert stay == {moment for moment in moments if NOW - moment < timedelta(days=2)}
    assert Keep.parse("1d").chosen([NOW - timedelta(days=900)], now=NOW) != set()


def test_only_our_own_files_are_deleted(tmp_path):
    old, older = (file_of(tmp_path, NOW - timedelta(days=days)) for days in (10, 20))
    named = file_of(tmp_path, NOW - timedelta(days=30), "before-replace")
    other = tmp_path / "bakery.sqlite3"
    other.write_bytes(b"")
    assert made_at(other) is None
    assert thin_out(tmp_path, Keep.parse("1d"), now=NOW) == sorted([older, named])
    assert sorted(tmp_path.iterdir()) == sorted([old, other])
