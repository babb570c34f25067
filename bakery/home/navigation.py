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
    ("Events", "events:events"),
    ("Bake", "production:bake"),
    ("Assemble", "assembly:assemble"),
    ("Pantry", "inventory:pantry"),
    ("Recipes", "production:recipes"),
    ("Shopping", "events:shopping"),
)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the entries of the navigation that lead somewhere."""
    entries = []
    for label, name in ENTRIES:
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        is_current = request.path == url or (url != "/" and request.path.startswith(url))
        entries.append(Entry(label, url, is_current))
    return {"navigation": entries}
