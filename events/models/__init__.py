"""Occasions, what is made for them, and who gets it."""

from events.models.gifts import (
    EventRecipientPackage,
    FulfillmentStatus,
    Package,
    PackageFinishedGood,
    PackagePackaging,
    Recipient,
)
from events.models.occasions import Event
from events.models.shopping import ShoppingItem
from events.models.targets import EventAssemblyTarget, EventProductionTarget

__all__ = [
    "Event",
    "EventAssemblyTarget",
    "EventProductionTarget",
    "EventRecipientPackage",
    "FulfillmentStatus",
    "Package",
    "PackageFinishedGood",
    "PackagePackaging",
    "Recipient",
    "ShoppingItem",
]
