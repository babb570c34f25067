"""Processes that are ended in the middle: at any moment (R3), and at every single statement (R4)."""

from __future__ import annotations

import contextlib
import hashlib
import os
import random
import signal
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

from django.db import DatabaseError, connection

from bakery.core.sqlite3 import base as sqlite3
from proof.checker import faults, lost
from proof.contests import without_atomic
from proof.services import Action, household, writing_services
from proof.stage import bake, cookies_of, full_shelf

# R3: at any moment ------------------------------------------------------------------------------------------------


def kill_writers(rounds: int, writers: int, is_lying: bool = False) -> dict[str, Any]:
    """Bake in processes that are killed after a moment. `is_lying` acknowledges what it never records."""
    cookies = cookies_of(full_shelf(items=6, lots=300, grams="2000"))
    sqlite3.LARGEST_LOG = 0  # every commit moves the log: they are killed in the middle of that too
    record: Callable[..., Any] = (lambda cookie, key: None) if is_lying else bake
    with tempfile.NamedTemporaryFile() as acknowledged:
        for turn in range(rounds):
            connection.close()
            begun = Begun()
            people = [
                writer(cookies, acknowledged.name, record, turn * writers + n, begun) for n in range(writers)
            ]
            begun.wait(writers)
            await_more(acknowledged.name)
            time.sleep(random.Random(turn).uniform(0, 0.05))
            for person in people:
                os.kill(person, signal.SIGKILL)
            for person in people:
                os.waitpid(person, 0)
        keys = acknowledged.read().decode().split()
    return {
        "kills": rounds * writers,
        "acknowledged": len(keys),
        "lost": list(lost(keys)),
        "faults": faults(in_order=True),
    }


def await_more(file: str, patience: float = 10) -> None:
    """Wait until somebody has written something into the file, however busy the machine is."""
    before, deadline = os.path.getsize(file), time.monotonic() + patience
    while os.path.getsize(file) == before and time.monotonic() < deadline:
        time.sleep(0.001)


class Begun:
    """Where processes say that they have begun."""

    def __init__(self) -> None:
        self.reader, self.pen = os.pipe()

    def say(self) -> None:
        os.write(self.pen, b".")

    def wait(self, count: int) -> None:
        for _ in range(count):
            os.read(self.reader, 1)
        os.close(self.reader)
        os.close(self.pen)


def writer(cookies: list[Any], file: str, record: Callable[..., Any], seed: int, begun: Begun) -> int:
    """Start a process that bakes until it is killed, and writes down each bake it was told is recorded."""
    child = os.fork()
    if child:
        return child
    chance = random.Random(seed)
    with contextlib.suppress(BaseException):
        handle = os.open(file, os.O_WRONLY | os.O_APPEND)
        connection.ensure_connection()
        begun.say()
        while True:
            key = str(uuid.uuid4())
            record(chance.choice(cookies), key)
            os.write(handle, f"{key}\n".encode())
    os._exit(1)


# R4: at every statement -----------------------------------------------------------------------------------------


def end_everywhere(points: int, is_torn: bool = False) -> dict[str, Any]:
    """Do everything a household does, ended at up to `points` of its statements, before it is done in full.

    `is_torn` takes the transactions away: the checker has to notice.
    """
    actions = household().actions
    stack = contextlib.ExitStack()
    if is_torn:
        stack.enter_context(without_atomic())
        actions = {"record_batch_production": actions["record_batch_production"]}
    found = [end_at_statements(name, action, points) for name, action in actions.items()]
    return {
        "services": len(found),
        "kills": sum(each["kills"] for each in found),
        "failures": sum(each["failures"] for each in found),
        "torn": [sentence for each in found for sentence in each["torn"]],
        "faults": faults(),
    }


def end_at_statements(name: str, action: Action, points: int) -> dict[str, Any]:
    torn, kills, failures = [], 0, 0
    before, statements = state(), counted(action)
    for number in chosen(statements, points):
        kills += 1
        if (has_committed := killed_at(action, number)) is None:
            torn.append(f"{name}: came to its end before statement {number}")
        if not has_committed and state() != before:
            torn.append(f"{name}: something stayed after a kill at statement {number}")
        if has_committed and state() == before:
            torn.append(f"{name}: committed, and nothing is there")
        if state() != before:
            return {"torn": torn, "kills": kills, "failures": failures}
        failures += 1
        failed_at(action, number)
        if state() != before:
            torn.append(f"{name}: something stayed after a failure at statement {number}")
            return {"torn": torn, "kills": kills, "failures": failures}
    action()
    if state() == before:
        torn.append(f"{name}: did nothing at all")
    return {"torn": torn, "kills": kills, "failures": failures}


def chosen(statements: int, points: int) -> list[int]:
    """Numbers of statements, first and last among them; all of them where there are few."""
    if statements <= points:
        return list(range(statements))
    return sorted({round(part * (statements - 1) / (points - 1)) for part in range(points)})


ours: Any = connection


class At:
    """Calls `end` when the statement of this number, counted from 0, is about to run; commits count too."""

    def __init__(self, number: int, end: Callable[[], object]) -> None:
        self.number, self.end = number, end
        self.count, self.commits = 0, 0

    def pass_by(self) -> None:
        if self.count == self.number:
            self.end()
        self.count += 1

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.pass_by()
        return execute(sql, params, many, context)

    @contextlib.contextmanager
    def watching(self) -> Iterator[None]:
        """Count what goes to the database until the first commit is through."""
        commit = ours._commit

        def counted_commit() -> None:
            self.pass_by()
            commit()
            self.commits += 1

        ours._commit = counted_commit
        try:
            with connection.execute_wrapper(self):
                yield
        finally:
            ours._commit = commit


class Undone(Exception):
    """Ends a rehearsal."""


def counted(action: Action) -> int:
    """How many statements an action sends until its commit, that one included; nothing of it stays."""

    def rehearse() -> int:
        at = At(-1, lambda: None)

        def refuse() -> None:
            at.pass_by()
            ours._rollback()
            raise Undone

        commit = ours._commit
        ours._commit = refuse
        try:
            with contextlib.suppress(Undone), connection.execute_wrapper(at):
                action()
        finally:
            ours._commit = commit
        return at.count

    return in_a_child(rehearse)


def killed_at(action: Action, number: int) -> bool | None:
    """Kill a process that does it at that statement; whether it had committed. None: it ended by itself."""
    reader, pen = os.pipe()

    def die() -> int:
        at = At(number, lambda: None)

        def end() -> None:
            os.write(pen, b"1" if at.commits else b"0")
            os.kill(os.getpid(), signal.SIGKILL)

        at.end = end
        with at.watching():
            action()
        return 0

    in_a_child(die)
    os.close(pen)
    said = os.read(reader, 1)
    os.close(reader)
    return said == b"1" if said else None


def failed_at(action: Action, number: int) -> None:
    """Do it with a database that refuses that statement, as a full disk or a lost connection would."""

    def refuse() -> None:
        raise DatabaseError("the power went out")

    at = At(number, refuse)

    def fail() -> int:
        with contextlib.suppress(DatabaseError), at.watching():
            action()
        return 0

    in_a_child(fail)


def in_a_child(work: Callable[[], int]) -> int:
    """Run `work` in a process of its own and return its number; 0 when that process was killed."""
    connection.close()
    reader, pen = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.write(pen, str(work()).encode())
        finally:
            os._exit(0)
    os.close(pen)
    os.waitpid(child, 0)
    answer = os.read(reader, 20)
    os.close(reader)
    return int(answer or 0)


def state() -> str:
    """One word for all rows of all tables."""
    digest = hashlib.sha256()
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            digest.update(repr(sorted(map(repr, cursor.fetchall()))).encode())
    return digest.hexdigest()


def not_covered() -> list[str]:
    """Services that write and that no action here does."""
    return sorted(writing_services() - household().covered())
