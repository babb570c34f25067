"""The root of the error tree: every error carries its data and a sentence fit for the baker.

Each app's own errors live in `<app>.errors` and descend from these.
"""

from __future__ import annotations

from typing import Any


class BakeryError(Exception):
    """Something the baker asked for cannot be done; `message` says what, and what to do.

    `str(error)` is the same, but for an error whose text the contract of the services fixes.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotFoundError(BakeryError):
    """What was asked for does not exist (any more)."""


class EventNotFoundError(NotFoundError):
    """No such event. It stands on the ground floor because lower floors than `events` raise it."""

    def __init__(self, event_id: Any) -> None:
        super().__init__(f"There is no event with the number {event_id}. Choose another one, or none.")
        self.event_id = event_id


class InvalidValueError(BakeryError, ValueError):
    """A value that can never be right, whatever is on the shelf. `field` names the argument."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class AlreadyRecordedError(BakeryError):
    """The same key was used before for something else: Back, then another bake.

    `entry` is what the key stands for (a `StockEntry`), so that a page can link to it.
    """

    def __init__(self, entry: Any) -> None:
        super().__init__(
            f"This form was already used to record “{entry.summary}”. Nothing new was recorded. "
            "Look at what you typed and send it again if it is meant as another one."
        )
        self.entry = entry
