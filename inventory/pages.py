"""Which page of a floor above a thing of the shelf has: the run behind an entry, the recipe book's cookie.

The floors above register here, because no arrow points up.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from inventory.models import StockEntry, StockItem

Pages = Callable[[Collection[int]], dict[int, str]]
"""Of the ids asked for, the address of each that has a page: one query."""

_entry_pages: dict[str, Pages] = {}
_item_pages: dict[str, Pages] = {}


def register_entry_pages(kind: str, pages: Pages) -> None:
    _entry_pages[kind] = pages


def register_item_pages(kind: str, pages: Pages) -> None:
    _item_pages[kind] = pages


def entry_addresses(entries: Iterable[StockEntry]) -> dict[int, str]:
    """Where each entry is shown best, else its line in the ledger: one query for each kind among them."""
    return _addresses(_entry_pages, entries)


def item_addresses(items: Iterable[StockItem]) -> dict[int, str]:
    """Where each item is shown best, else in the pantry: one query for each kind among them."""
    return _addresses(_item_pages, items)


def _addresses(known: dict[str, Pages], things: Iterable[StockEntry | StockItem]) -> dict[int, str]:
    by_kind: dict[str, dict[int, StockEntry | StockItem]] = {}
    for thing in things:
        by_kind.setdefault(thing.kind, {})[thing.pk] = thing
    found: dict[int, str] = {}
    for kind, of_kind in by_kind.items():
        pages = known[kind](of_kind) if kind in known else {}
        found |= {pk: pages.get(pk) or thing.get_absolute_url() for pk, thing in of_kind.items()}
    return found
