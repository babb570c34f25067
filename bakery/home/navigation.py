"""The way around: which entries the navigation shows, and which of them is where we are."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse


@dataclass(frozen=True)
class Entry:
    label: str
    url: str
    is_current: bool


ENTRIES = (
    ("Today", "today"),
    ("Events", "events:events", "events:recipients", "events:packages"),
    ("Bake", "production:bake"),
    ("Assemble", "assembly:assemble"),
    ("Pantry", "inventory:pantry"),
    ("Recipes", "production:recipes"),
    ("Shopping", "events:shopping"),
)
"""What an entry is called, where it leads, and which other pages, with all below them, belong to it."""


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the entries of the navigation that lead somewhere."""
    entries = []
    for label, *names in ENTRIES:
        try:
            url, *others = (reverse(name) for name in names)
        except NoReverseMatch:
            continue
        is_current = request.path == url or any(
            each != "/" and request.path.startswith(each) for each in (url, *others)
        )
        entries.append(Entry(label, url, is_current))
    return {"navigation": entries}
