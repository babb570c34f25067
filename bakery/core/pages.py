"""Pages of what grows for years."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from bakery.core.numbers import typed_count

COUNTED = 10_000
"""A list is counted so far, and no further: counting all of it would take longer every year."""


def page_of(found: QuerySet[Any, Any], per_page: int, asked: str | None) -> Page:
    """The page that was asked for, however far back, else the first; it knows whether there is another one.

    How many there are it says only while `page.paginator.is_counted`.
    """
    paginator: Any = Paginator(found, per_page)
    limit = max(COUNTED, typed_count(asked) * per_page) + 1
    paginator.count = found.order_by()[:limit].count()
    paginator.is_counted = paginator.count < limit
    page: Page = paginator.get_page(asked)
    few: Any = page.object_list
    page.object_list = few_of(found, few)
    return page


def few_of(found: QuerySet[Any, Any], few: QuerySet[Any, Any]) -> list[Any]:
    """A slice of what was found, read in two steps of one statement.

    The few are found first, by their index, and what they name is joined to them alone: SQLite's planner would rather
    join all there are and sort them.
    """
    return list(found.filter(pk__in=few.values("pk")))
