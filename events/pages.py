"""The page of a packing, told to the pantry below: where the package stands among those of its event."""

from __future__ import annotations

from collections.abc import Collection

from events.models import EventRecipientPackage


def packing_pages(entry_ids: Collection[int]) -> dict[int, str]:
    packed = EventRecipientPackage.objects.filter(stock_entry__in=entry_ids).select_related("event")
    return {
        each.stock_entry_id: each.get_absolute_url() for each in packed if each.stock_entry_id is not None
    }
