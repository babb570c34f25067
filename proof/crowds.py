"""Many processes at once, on one database."""

from __future__ import annotations

import multiprocessing
import time
import traceback
from collections.abc import Callable
from typing import Any

from django.db import connections

fork = multiprocessing.get_context("fork")


def at_once(count: int, work: Callable[[int], Any]) -> list[Any]:
    """Run work(0), work(1), ... in so many processes that begin together; returns what each returned.

    What a process raised comes back as its traceback, so that nothing is lost.
    """
    connections.close_all()
    start = fork.Barrier(count)
    answers = fork.SimpleQueue()

    def run(number: int) -> None:
        try:
            start.wait(60)
            answer = work(number)
        except Exception:
            answer = traceback.format_exc(limit=-3)
        connections.close_all()
        answers.put((number, answer))

    people = [fork.Process(target=run, args=(number,)) for number in range(count)]
    for person in people:
        person.start()
    found = dict(answers.get() for _ in people)
    for person in people:
        person.join()
    return [found[number] for number in range(count)]


def timed(action: Callable[[], Any]) -> float:
    """How many seconds `action` takes."""
    began = time.perf_counter()
    action()
    return time.perf_counter() - began
