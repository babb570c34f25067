"""Backups made while people bake, each opened and found right (R12)."""

from __future__ import annotations

import os
import signal
import time
from typing import Any

from django.db import connection

from bakery.backup import BackupError, make_backup, restore
from inventory.models import Lot, StockEntry
from proof.checker import faults
from proof.kills import Begun, writer
from proof.stage import bake, cookies_of, full_shelf


def back_up_while_baking(backups: int, writers: int) -> dict[str, Any]:
    """Make so many backups beside people who bake, and put the last one back."""
    cookies = cookies_of(full_shelf(items=6, lots=100, grams="20000"))
    connection.close()
    begun = Begun()
    people = [writer(cookies, os.devnull, bake, seed, begun) for seed in range(writers)]
    begun.wait(writers)
    seconds, counts, last = [], [], None
    try:
        for _ in range(backups):
            began = time.perf_counter()
            backup = make_backup("proof")
            seconds.append(time.perf_counter() - began)
            counts.append(StockEntry.objects.count())
            if last:
                last.unlink()
            last = backup.path
    finally:
        for person in people:
            os.kill(person, signal.SIGKILL)
            os.waitpid(person, 0)
    assert last is not None
    restore(last)
    return {
        "backups": len(seconds),
        "median": sorted(seconds)[len(seconds) // 2],
        "baked_meanwhile": counts[-1] - counts[0],
        "faults": faults(in_order=True),
    }


def back_up_wrong_books() -> str:
    """A backup of books that are wrong: what does it say?"""
    full_shelf(items=1, lots=1)
    Lot.objects.update(quantity_remaining=1)
    try:
        make_backup("proof")
    except BackupError as error:
        return str(error)
    return ""
