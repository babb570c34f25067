"""Ten busy years later: every page and every service as quick as on the first day, and by which index (P2)."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from factory.django import DjangoModelFactory

from bakery.sample.history import generate
from inventory.books import check_books
from inventory.models import Ingredient, StockMovement
from production.models import ProductionRun
from proof.addresses import a_bit_of_everything, pages
from proof.databases import Database
from proof.services import household
from proof.stage import stock

Times = dict[str, dict[str, float]]
"""Seconds by name, of the pages and of the services."""

# What reads the whole ledger because that is what it is for.
WHOLE = {"books", "production:history_csv", "production:history_json", "inventory:lots_csv"}

LARGE: tuple[str, ...] = (
    "inventory_lot",
    "inventory_stockentry",
    "inventory_stockmovement",
    "production_productionrun",
)
LARGE += ("production_productionconsumption",)

NOISE = 0.002  # seconds: what a machine with other things to do adds by chance


def opened(runs: int) -> dict[str, Any]:
    """Open the sample bakery with so many bakes behind it, and ask what does not depend on the clock."""
    a_bit_of_everything()
    if runs:
        written(runs)
    settle()
    books = check_books()
    browser, shown = visitor(), shown_pages()
    found = {
        "books": str(books.totals.came_in - books.totals.accounted_for),
        "breaches": len(books.breaches),
        "statements": statements(browser, shown),
        "scans": scans(browser, shown) if runs else [],
        "runs": ProductionRun.objects.count(),
        "rows": StockMovement.objects.count(),
    }
    settle()  # the work above was a day's, and `maintain` follows in the night
    return found


def measured(turn: int, times: int) -> Times:
    """How long every page and every service takes in a bakery that was `opened`."""
    number_from(turn * 10_000)
    browser = visitor()
    return {
        "pages": {name: best(opening(browser, address), times) for name, address in shown_pages().items()},
        "services": services(times),
    }


def in_turn(first: Database, later: Database, rounds: int, times: int) -> tuple[Times, Times]:
    """Measure both, now one and now the other: a slow minute of the machine is not the fault of one of them.

    Further rounds, up to so many, only while something looks slow: the shortest time of all rounds counts.
    """
    was: Times = {"pages": {}, "services": {}}
    now: Times = {"pages": {}, "services": {}}
    for turn in range(1, rounds + 1):
        for known, database in ((was, first), (now, later)):
            for what, took in database.perform(measured, turn=turn, times=times).items():
                known[what] |= {name: min(each, known[what].get(name, each)) for name, each in took.items()}
        if not too_slow(was, now):
            break
    return was, now


def too_slow(was: Times, now: Times) -> list[str]:
    """What became slower by more than half, and the pages that nobody likes to wait for."""
    became_slower = [each for what in was for each in slower(was[what], now[what], 1.5)]
    return became_slower + over(now["pages"], 0.15)


def number_from(start: int) -> None:
    """Let what factories make in this process have other names than what they made in an earlier one."""
    factories = DjangoModelFactory.__subclasses__()
    for each in factories:
        factories += each.__subclasses__()
        each.reset_sequence(start, force=True)


def visitor() -> Client:
    browser = Client(SERVER_NAME="127.0.0.1")
    user, _ = User.objects.get_or_create(username="odile", defaults={"is_superuser": True, "is_staff": True})
    browser.force_login(user)
    return browser


def shown_pages() -> dict[str, str]:
    return {name: address for name, address in pages().items() if name not in WHOLE}


def crowded(lots: int, times: int) -> dict[str, float]:
    """How long every page takes with so many lots waiting on the shelf, alike of every ingredient."""
    a_bit_of_everything()
    items = list(Ingredient.objects.filter(is_tracked=True))
    for item in items:
        stock(item, lots // len(items), Decimal(1000))
    settle()
    browser = visitor()
    return {name: best(opening(browser, address), times) for name, address in pages().items()}


def written(runs: int) -> None:
    """Write a past of so many bakes. PostgreSQL need not look each of millions of references up: SQLite does."""
    if connection.vendor != "postgresql":
        generate(runs)
        return
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        generate(runs)
        cursor.execute("SET session_replication_role = origin")


def opening(browser: Client, address: str) -> Callable[[], object]:
    return lambda: browser.get(address)


def settle() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET statement_timeout = 0")
            cursor.execute("VACUUM ANALYZE")
        else:
            cursor.execute("PRAGMA optimize = 0x10002")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def best(action: Callable[[], object], times: int) -> float:
    """The shortest of a few tries: the others were disturbed."""
    return min(seconds(action) for _ in range(times))


def seconds(action: Callable[[], object]) -> float:
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def services(times: int) -> dict[str, float]:
    """Each service on a few households of its own; files that hold the whole bakery are not among them."""
    found: dict[str, list[float]] = {}
    for _ in range(times):
        for name, action in household(files=False).actions.items():
            found.setdefault(name, []).append(seconds(action))
    return {name: min(all_times) for name, all_times in found.items()}


def slower(first: dict[str, float], later: dict[str, float], limit: float) -> list[str]:
    """What takes more than `limit` times as long as on the first day."""
    return [
        f"{name}: {first[name] * 1000:.1f} ms, later {took * 1000:.1f} ms"
        for name, took in sorted(later.items())
        if took > first[name] * limit + NOISE
    ]


def over(took: dict[str, float], seconds: float) -> list[str]:
    """What takes that long or longer."""
    return [f"{name}: {each * 1000:.1f} ms" for name, each in sorted(took.items()) if each >= seconds]


def statements(browser: Client, shown: dict[str, str]) -> dict[str, int]:
    found = {}
    for name, address in shown.items():
        with CaptureQueriesContext(connection) as queries:
            browser.get(address)
        found[name] = len(queries)
    return found


def scans(browser: Client, shown: dict[str, str]) -> list[str]:
    """The statements of pages and services that read a large table from one end to the other."""
    found: dict[str, str] = {}
    work = {name: opening(browser, address) for name, address in shown.items()}
    for name, action in {**work, **household(files=False).actions}.items():
        recorder = Plans()
        with connection.execute_wrapper(recorder):
            action()
        for sql in recorder.scanning:
            found.setdefault(sql, name)
    return [f"{name}: {sql[:400]}" for sql, name in found.items()]


class Plans:
    """Asks for the plan of every statement that passes, with its parameters, and notes what reads all of a table."""

    def __init__(self) -> None:
        self.scanning: list[str] = []
        self.is_asking = False

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not self.is_asking and not many and sql.lstrip().startswith(("SELECT", "WITH", "UPDATE")):
            self.is_asking = True
            try:
                if self.reads_all(sql, params):
                    self.scanning.append(sql)
            finally:
                self.is_asking = False
        return execute(sql, params, many, context)

    def reads_all(self, sql: str, params: Any) -> bool:
        explain = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
        with connection.cursor() as cursor:
            cursor.execute(explain + sql, params)
            plan = "\n".join(str(row[-1]) for row in cursor.fetchall())
        # Where there is an end to it, a scan that follows an index may stop early: so the newest are found first.
        patterns = SCANS if "LIMIT" in sql else SCANS_WITHOUT_END
        return bool(re.search(patterns[connection.vendor], plan))


TABLES = "|".join(LARGE)
SCANS = {
    "sqlite": rf"SCAN ({TABLES})(?! USING (COVERING )?INDEX)",
    "postgresql": rf"Seq Scan on ({TABLES})\b",
}
PARTIAL = (
    "inventory_lot_queue|inventory_lot_product_queue|inventory_entry_reversal"  # what is open, what reverses
)
SCANS_WITHOUT_END = SCANS | {"sqlite": rf"SCAN ({TABLES})\b(?! USING (COVERING )?INDEX ({PARTIAL})\b)"}


def scan_everything() -> bool:
    """A planted fault: a statement for which there is no index."""
    a_bit_of_everything()
    generate(300)
    settle()
    recorder = Plans()
    with connection.execute_wrapper(recorder):
        list(StockMovement.objects.filter(value=12345)[:5])
    return bool(recorder.scanning)
