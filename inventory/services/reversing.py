"""Voids: an entry that puts back exactly what another one took, and takes back what it made."""

from __future__ import annotations

from collections.abc import Callable

from django.db import IntegrityError

from bakery.core.errors import AlreadyRecordedError, InvalidValueError
from bakery.core.text import NAME_LENGTH
from inventory import queues
from inventory.errors import InUseError
from inventory.models import EntryKind, Lot, StockEntry
from inventory.services import posting


def checked_reason(reason: str) -> str:
    """`reason` trimmed; raises InvalidValueError when it is empty or too long."""
    reason = (reason or "").strip()
    if not reason:
        raise InvalidValueError("Say why, in a word or two. Nothing was changed.", field="reason")
    if len(reason) > NAME_LENGTH:
        raise InvalidValueError(f"The reason is too long: at most {NAME_LENGTH} letters.", field="reason")
    return reason


def reverse_once(
    entry: StockEntry,
    *,
    reason: str,
    asker: posting.Caller,
    also: Callable[[StockEntry], None] = lambda reversal: None,
) -> StockEntry:
    """Void `entry` by a reversal; a second void returns the first reversal.

    `also` runs in the same transaction (to mark a run as voided). Raises InvalidValueError without a reason,
    InUseError while anything that `entry` made is used, AlreadyRecordedError for a key of something else.
    """
    reason = checked_reason(reason)

    def write() -> StockEntry:
        reversal = posting.open_entry(
            asker, EntryKind.REVERSAL, f"Voided: {entry.summary}", reason=reason, reverses=entry
        )
        _put_back(entry, reversal)
        also(reversal)
        return reversal

    done = StockEntry.objects.filter(reverses=entry).first()
    if done is not None:
        return done
    try:
        return posting.insistently(write)
    except IntegrityError:
        # A void is keyed by what it reverses: somebody else was first.
        done = StockEntry.objects.filter(reverses=entry).first()
        if done is not None:
            return done
        other = StockEntry.objects.filter(uuid=asker.uuid).first()
        if other is None:
            raise
        raise AlreadyRecordedError(other) from None


def _put_back(entry: StockEntry, reversal: StockEntry) -> None:
    movements = list(entry.movements.values_list("lot_id", "lot__item_id", "quantity", "value"))
    posting.lock_items(item_id for _, item_id, _, _ in movements)
    lots = Lot.objects.in_bulk([lot_id for lot_id, _, _, _ in movements])
    left, changes, used = [], [], []
    for lot_id, _, quantity, value in movements:
        lot = lots[lot_id]
        if quantity > 0:
            if lot.quantity_remaining != lot.quantity:
                used.append(lot_id)
            # What the lot holds now, price corrections included.
            left.append((lot_id, lot.quantity_remaining * 0, lot.value_remaining * 0))
            changes.append((lot_id, -lot.quantity_remaining, -lot.value_remaining))
        else:
            left.append((lot_id, lot.quantity_remaining - quantity, lot.value_remaining - value))
            changes.append((lot_id, -quantity, -value))
    if used:
        raise InUseError(f"“{entry.summary}”", users_of(used))
    queues.write_remaining(left)
    posting.record(reversal, changes)


def users_of(lot_ids: list[int]) -> list[StockEntry]:
    """The entries that took something from these lots and still stand, oldest first."""
    return list(
        StockEntry.objects.filter(
            movements__lot__in=lot_ids,
            movements__quantity__lt=0,
            reverses__isnull=True,
            reversed_by__isnull=True,
        )
        .distinct()
        .order_by("occurred_at", "id")
    )
