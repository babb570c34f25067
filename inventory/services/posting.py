"""The one engine behind every write to the shelf.

Order of a write: insert the entry (the idempotency key), lock the items in id order, read the queues in the next
statement, allocate, write lots and movements. Where the entry says an amount, the items are locked and read before
it, because what they are counted in may change until then. SQLite takes its write lock as the transaction begins.
Never lock and read in one statement: on PostgreSQL that reads what was there before the other session's commit.
"""

from __future__ import annotations

import hashlib
import json
import random
import time
import uuid as uuids
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from django.contrib.auth.models import User
from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone

from bakery.core.days import is_kept
from bakery.core.errors import AlreadyRecordedError, InvalidValueError
from bakery.core.models import name_of
from inventory import fifo, queues
from inventory.models import EntryKind, Lot, StockEntry, StockItem

Result = TypeVar("Result")

# How often a write is tried, and what makes it worth another: two waited for each other (deadlock, or the
# order of transactions), and PostgreSQL let the other one go first; or something this write points at was
# deleted before its commit. The next try finds it gone and says so in a sentence.
TRIES = 3
GIVEN_WAY = {"40P01", "40001", "23503"}


@dataclass(frozen=True, slots=True)
class Need:
    """What an operation wants off the shelf: stock units (3 places) of an item, or of one product of it."""

    item_id: int
    quantity: Decimal
    product_id: int | None = None


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and under which key. A key that nobody chose is a new one."""

    recorded_by: User | None
    uuid: uuids.UUID
    fingerprint: str

    @property
    def name(self) -> str:
        return name_of(self.recorded_by)


def caller(
    kind: str, recorded_by: Any, uuid: uuids.UUID | str | None, arguments: Mapping[str, Any]
) -> Caller:
    """Bind a key to what was asked under it. Raises InvalidValueError for a key that is no uuid."""
    try:
        key = uuids.UUID(str(uuid)) if uuid is not None else uuids.uuid4()
    except ValueError:
        raise InvalidValueError(
            "The key of this form is damaged. Open the page again.", field="uuid"
        ) from None
    return Caller(recorded_by, key, fingerprint(kind, arguments))


def fingerprint(kind: str, arguments: Mapping[str, Any]) -> str:
    """sha256 of the normalised arguments: 2, Decimal("2") and Decimal("2.000") are the same."""
    said = {name: _normal(value) for name, value in sorted(arguments.items())}
    return hashlib.sha256(json.dumps([kind, said]).encode()).hexdigest()


def _normal(value: Any) -> Any:
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return _digits(Decimal(value))
    if isinstance(value, datetime) and is_kept(value):
        return value.astimezone(timezone.get_default_timezone()).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return value.strip()
    return value if value is None or isinstance(value, bool) else str(value)


def _digits(number: Decimal) -> str:
    """The same text for 2, 2.0 and 20E-1, without arithmetic: 1E+999999999 may be among the arguments."""
    sign, digits, exponent = number.as_tuple()
    if not isinstance(exponent, int):  # NaN and infinity: refused by the checks that follow
        return str(number)
    text = "".join(map(str, digits)).lstrip("0")
    stripped = text.rstrip("0")
    return f"{'-' if sign else ''}{stripped}E{exponent + len(text) - len(stripped)}" if stripped else "0"


def once(asker: Caller, write: Callable[[], Result], replay: Callable[[StockEntry], Result]) -> Result:
    """Run `write` in one transaction, or give the first result when the key was used for the same thing.

    The `try` stands outside the atomic block: caught inside, the transaction would be broken. Raises
    AlreadyRecordedError when the key stands for something else.
    """
    try:
        return insistently(write)
    except IntegrityError:
        first = StockEntry.objects.filter(uuid=asker.uuid).first()
        if first is None:
            raise
        if first.fingerprint != asker.fingerprint:
            raise AlreadyRecordedError(first) from None
        return replay(first)


def insistently(write: Callable[[], Result]) -> Result:
    """Run `write` in one transaction, and once more where PostgreSQL ended it for the sake of another one.

    It has written nothing then, and the key is the same, so nobody needs to know. Inside a transaction of the
    caller there is nothing to repeat: it is the whole of it that was ended.
    """
    tries = 1 if transaction.get_connection().in_atomic_block else TRIES
    for last in range(tries):
        try:
            with transaction.atomic():
                return write()
        except (OperationalError, IntegrityError) as error:
            if last == tries - 1 or getattr(error.__cause__, "sqlstate", "") not in GIVEN_WAY:
                raise
        time.sleep(random.randint(10, 50) * 4**last / 1000)
    raise AssertionError("the last try returned or raised")


def open_entry(
    asker: Caller,
    kind: EntryKind,
    summary: str,
    *,
    occurred_at: datetime | None = None,
    reason: str = "",
    note: str = "",
    reverses: StockEntry | None = None,
) -> StockEntry:
    """Insert the entry: the first statement that writes, in every operation."""
    return StockEntry.objects.create(
        uuid=asker.uuid,
        fingerprint=asker.fingerprint,
        kind=kind,
        summary=summary[:500],
        occurred_at=occurred_at or timezone.now(),
        recorded_by=asker.recorded_by,
        recorded_by_name=asker.name,
        reason=reason,
        note=note,
        reverses=reverses,
    )


def lock_items(item_ids: Iterable[int]) -> None:
    """Lock the stock items, in id order, in one statement. SQLite holds its write lock already."""
    rows = StockItem.objects.select_for_update().filter(pk__in=set(item_ids)).order_by("pk")
    list(rows.values_list("pk", flat=True))


def allocate(needs: Sequence[Need]) -> dict[Need, fifo.Allocation]:
    """How the shelf serves `needs`, oldest lots first. Reads only; the preview and the commit both use it.

    No two needs may draw on the same lots (an item as a whole and one product of it).
    """
    heads = queues.heads([(need.item_id, need.product_id, need.quantity) for need in needs])
    return {
        need: fifo.allocate(need.quantity, heads.get((need.item_id, need.product_id), ())) for need in needs
    }


def put(**fields: Any) -> Lot:
    """A new lot with everything still in it. Its movement is written with the others by `post`."""
    return Lot.objects.create(
        quantity_remaining=fields["quantity"], value_remaining=fields["value"], **fields
    )


def post(entry: StockEntry, *, takes: Iterable[fifo.Take] = (), made: Iterable[Lot] = ()) -> None:
    """Write what leaves the lots and what the new lots hold, each as one movement of `entry`."""
    takes = list(takes)
    queues.write_remaining((take.lot_id, take.quantity_left, take.value_left) for take in takes)
    record(
        entry,
        [(lot.pk, lot.quantity, lot.value) for lot in made]
        + [(take.lot_id, -take.quantity, -take.value) for take in takes],
    )


def record(entry: StockEntry, changes: Iterable[tuple[int, Decimal, Decimal]]) -> None:
    """Append (lot, quantity, value) movements to `entry`."""
    queues.append_movements(entry.pk, changes)
