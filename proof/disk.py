"""No room left: what is written is whole or not there, the page says so, and then it works again (R13)."""

from __future__ import annotations

import os
import resource
import uuid
from typing import Any

from django.contrib.auth.models import User
from django.db import OperationalError, connection
from django.test import Client

from inventory.models import StockEntry
from proof.checker import faults
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


def fill(steps: int) -> dict[str, Any]:
    """Bake over a page while there is room for a little less each time."""
    cookies = cookies_of(full_shelf(items=4, lots=200, grams="500"), count=1)
    user = User.objects.create_superuser("odile")
    browser = Client(raise_request_exception=False, SERVER_NAME="127.0.0.1")
    browser.force_login(user)
    refused, strange, applied = 0, [], 0
    for step in range(steps):
        with no_room(step):
            response = send(browser, cookies[0])
            status, text = response.status_code, response.content.decode()
            if status == 302:
                applied += 1
            elif status == 507 and "The disk is full" in text and "Nothing was saved" in text:
                refused += 1
            else:
                strange.append(f"step {step}: {status}")
            if browser.get("/production/").status_code != 200:
                strange.append(f"step {step}: nothing can be read any more")
    after = send(browser, cookies[0]).status_code
    return {
        "refused": refused,
        "applied": applied,
        "there": StockEntry.objects.filter(kind="production").count(),
        "after": after,
        "strange": strange,
        "faults": faults(in_order=True),
    }


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


def value(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.fetchone()[0])
