"""What bakes and assemblies share: when, for which event, at what cost a piece, and how they are voided."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.apps import apps
from django.db.models import QuerySet
from django.utils import timezone

from bakery.core.days import check_year
from bakery.core.errors import EventNotFoundError, InvalidValueError
from bakery.core.formatting import moment
from bakery.core.numbers import MONEY_PLACES, round_half_even
from bakery.core.pages import few_of
from inventory.models import StockEntry
from inventory.services import posting
from inventory.services.reversing import checked_reason, reverse_once


def per_piece(cost: Decimal, pieces: Decimal | int) -> Decimal:
    """Money per piece, 4 places, half to even; 0 when there are none."""
    return round_half_even(Fraction(cost) / Fraction(pieces), MONEY_PLACES) if pieces else Decimal(0)


def past_moment(value: datetime | None, *, field: str) -> datetime:
    """`value`, or now; raises InvalidValueError for the future, a time without a zone, a year not kept."""
    now = timezone.now()
    if value is None:
        return now
    if timezone.is_naive(value):
        raise InvalidValueError("The time needs a time zone.", field=field)
    check_year(value, field=field)
    if value > now:
        raise InvalidValueError(
            f"{moment(value)} is still to come. Enter when it was done, not when it will be.", field=field
        )
    return value


def start_of(day: date) -> datetime:
    """When `day` begins in the household's zone."""
    return timezone.make_aware(datetime.combine(day, time.min))


def of_the_time(
    runs: QuerySet[Any],
    when: str,
    *,
    event_id: int | None = None,
    standalone_only: bool = False,
    start_date: date | None = None,
    end_date: date | None = None,
    include_voided: bool = True,
) -> QuerySet[Any]:
    """The runs of a time, newest first by the field `when`; `standalone_only` leaves those of no event.

    Dates are inclusive, in the household's zone, and filtered as a range. Raises InvalidValueError for dates
    swapped, and for years that are not kept.
    """
    check_year(start_date, field="start_date")
    check_year(end_date, field="end_date")
    if start_date and end_date and start_date > end_date:
        raise InvalidValueError("The first day is after the last one. Swap the dates.", field="start_date")
    if event_id is not None:
        runs = runs.filter(event=event_id)
    if standalone_only:
        runs = runs.filter(event__isnull=True)
    if start_date is not None:
        runs = runs.filter(**{f"{when}__gte": start_of(start_date)})
    if end_date is not None:
        runs = runs.filter(**{f"{when}__lt": start_of(end_date + timedelta(days=1))})
    if not include_voided:
        runs = runs.filter(voided_at__isnull=True)
    return runs.order_by(f"-{when}", "-id")


def part_of(runs: QuerySet[Any], limit: int, offset: int) -> list[Any]:
    """So many runs after the first `offset`; raises InvalidValueError for a negative limit or offset."""
    if limit < 0 or offset < 0:
        raise InvalidValueError("Limit and offset cannot be negative.", field="limit")
    return few_of(runs, runs[offset : offset + limit]) if limit else []


def get_event(event_id: int | None) -> Any:
    """The event of that id; None for none. Events live floors up: only their data is touched here."""
    if event_id is None:
        return None
    event = apps.get_model("events", "Event").objects.filter(pk=event_id).first()
    if event is None:
        raise EventNotFoundError(event_id)
    return event


def void_run(run: Any, *, reason: str, asker: posting.Caller) -> None:
    """Mark a bake or an assembly as voided and reverse its entry; a second void changes nothing.

    Raises InvalidValueError without a reason, InUseError while anything it made is used.
    """
    if run.is_voided:
        return
    reason = checked_reason(reason)

    def mark(reversal: StockEntry | None = None) -> None:
        now = timezone.now()
        type(run).objects.filter(pk=run.pk, voided_at__isnull=True).update(
            voided_at=now, void_reason=reason, updated_at=now
        )

    if run.stock_entry is None:
        mark()  # imported history: it never moved any stock
    else:
        reverse_once(run.stock_entry, reason=reason, asker=asker, also=mark)
    run.refresh_from_db(fields=["voided_at", "void_reason", "updated_at"])
