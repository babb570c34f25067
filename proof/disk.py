"""No room left, or no leave to write: all or nothing is there, the page says so, and then it works again (R13)."""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.db import OperationalError, connection
from django.test import Client

from inventory.models import StockEntry
from proof.checker import faults
from proof.contests import without_atomic
from proof.stage import cookies_of, full_shelf


class Full(Exception):
    """Stands for psycopg's DiskFull."""

    sqlstate = "53100"


class FullAt:
    """Refuses the statement of this number, as a server without room would."""

    def __init__(self, number: int) -> None:
        self.left, self.is_hit = number, False

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(("INSERT", "UPDATE")):
            self.left -= 1
            if self.left == 0:
                self.is_hit = True
                raise OperationalError("could not extend file: no space left on device") from Full()
        return execute(sql, params, many, context)


def fill(steps: int, is_torn: bool = False) -> dict[str, Any]:
    """Bake over a page while there is room for a little less each time. `is_torn` takes the transactions away."""
    browser, cookie = kitchen()
    refused, strange, applied = 0, [], 0
    for step in range(steps):
        with without_atomic() if is_torn else contextlib.nullcontext(), no_room(step):
            response = send(browser, cookie)
            if response.status_code == 302:
                applied += 1
            elif is_said(response):
                refused += 1
            else:
                strange.append(f"step {step}: {response.status_code}")
            if browser.get("/production/").status_code != 200:
                strange.append(f"step {step}: nothing can be read any more")
    after = send(browser, cookie).status_code
    return {
        "refused": refused,
        "applied": applied,
        "there": StockEntry.objects.filter(kind="production").count(),
        "after": after,
        "strange": strange,
        "faults": faults(in_order=True),
    }


def shut(places: list[str]) -> dict[str, Any]:
    """Bake while something in the data folder may only be read, and then while it may be written again."""
    browser, cookie = kitchen()
    folder = Path(connection.settings_dict["NAME"]).parent
    strange, after = [], []
    for place in places:
        with mere_owner(), read_only(folder / place):
            response = send(browser, cookie)
            if not is_said(response):
                strange.append(f"{place}: baking was answered {response.status_code}")
            response = browser.get("/production/")
            if response.status_code != 200 and not is_said(response):
                strange.append(f"{place}: looking was answered {response.status_code}")
        after.append(send(browser, cookie).status_code)
    return {
        "after": after,
        "there": StockEntry.objects.filter(kind="production").count(),
        "strange": strange,
        "faults": faults(in_order=True),
    }


def kitchen() -> tuple[Client, Any]:
    """Somebody at a browser, and what they may bake."""
    (cookie,) = cookies_of(full_shelf(items=4, lots=200, grams="500"), count=1)
    browser = Client(raise_request_exception=False, SERVER_NAME="127.0.0.1")
    browser.force_login(User.objects.create_superuser("odile"))
    return browser, cookie


def is_said(response: Any) -> bool:
    text = response.content.decode()
    return response.status_code == 507 and "The disk is full" in text and "Nothing was saved" in text


def send(browser: Client, cookie: Any) -> Any:
    return browser.post(
        "/production/record/",
        {
            "uuid": str(uuid.uuid4()),
            "recipe": cookie.recipe_id,
            "finished_unit": cookie.pk,
            "num_batches": 1,
            "actual_yield": 9,
            "notes": "crumbs " * 2000,
        },
    )


class no_room:
    """A disk that is full after a while: no more pages in SQLite's file, no more bytes in its log, or a refusal."""

    def __init__(self, step: int) -> None:
        self.step = step

    def __enter__(self) -> None:
        self.undo: list[Any] = []
        if connection.vendor == "postgresql":
            wrapper = connection.execute_wrapper(FullAt(self.step % 8 + 1))
            wrapper.__enter__()
            self.undo.append(lambda: wrapper.__exit__(None, None, None))
        elif self.step % 2:
            pages = value("PRAGMA page_count")
            value(f"PRAGMA max_page_count = {pages + self.step // 2 % 16}")
            self.undo.append(lambda: value("PRAGMA max_page_count = 1073741823"))
        else:
            log = f"{connection.settings_dict['NAME']}-wal"
            before = resource.getrlimit(resource.RLIMIT_FSIZE)
            size = os.path.getsize(log) if os.path.exists(log) else 0
            resource.setrlimit(resource.RLIMIT_FSIZE, (size + 4096 * (self.step % 40), before[1]))
            self.undo.append(lambda: resource.setrlimit(resource.RLIMIT_FSIZE, before))

    def __exit__(self, *error: object) -> None:
        for undo in self.undo:
            undo()


@contextlib.contextmanager
def read_only(place: Path) -> Iterator[None]:
    """Nobody may write to a file or a folder; what is open is closed before and after."""
    mode = place.stat().st_mode
    connection.close()
    place.chmod(mode & 0o555)
    try:
        yield
    finally:
        connection.close()
        place.chmod(mode)


@contextlib.contextmanager
def mere_owner() -> Iterator[None]:
    """What a file's mode forbids is forbidden to us as well: root, who may run this, has leave to ignore it."""
    library = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)  # the third version of the call, about this thread
    sets = (ctypes.c_uint32 * 6)()  # effective, permitted and inheritable, twice 32 of them
    override = 1 << 1
    assert library.capget(header, sets) == 0
    before = sets[0]
    sets[0] = before & ~override
    assert library.capset(header, sets) == 0
    try:
        yield
    finally:
        sets[0] = before
        assert library.capset(header, sets) == 0


def value(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.fetchone()[0])
