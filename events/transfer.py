"""What events, recipients, packages, targets and lists look like in a file."""

from __future__ import annotations

from assembly.transfer import GOOD
from bakery.core.transfer.arrays import Array, Name, To
from events.models import (
    Event,
    EventAssemblyTarget,
    EventProductionTarget,
    EventRecipientPackage,
    Package,
    PackageFinishedGood,
    PackagePackaging,
    Recipient,
    ShoppingItem,
)
from inventory.transfer import ALLERGEN, ENTRY, INGREDIENT, LOT, PRODUCT
from production.transfer import RECIPE

EVENT = Name("events.Event", ("slug",), "event")
RECIPIENT = Name("events.Recipient", ("uuid",), "recipient")
PACKAGE = Name("events.Package", ("name",), "package")

CATALOGUE = (
    Array(
        "events",
        Event,
        ("uuid", "name", "slug", "event_date", "notes"),
        keys=(("slug",), ("name",)),
        is_catalogue=True,
    ),
    Array(
        "recipients",
        Recipient,
        ("uuid", "name", "household", "address", "notes", To("avoids", ALLERGEN), "is_archived"),
        is_catalogue=True,
    ),
    Array(
        "packages",
        Package,
        ("uuid", "name", "description", "is_archived"),
        keys=(("name",),),
        is_catalogue=True,
    ),
    Array(
        "package_finished_goods",
        PackageFinishedGood,
        ("uuid", To("package", PACKAGE), To("finished_good", GOOD), "quantity"),
        keys=(("package", "finished_good"),),
        part_of="package",
        is_catalogue=True,
    ),
    Array(
        "package_packagings",
        PackagePackaging,
        ("uuid", To("package", PACKAGE), To("product", PRODUCT), "quantity", "unit"),
        keys=(("package", "product"),),
        part_of="package",
        is_catalogue=True,
    ),
    Array(
        "event_production_targets",
        EventProductionTarget,
        (
            "uuid",
            To("event", EVENT),
            To("recipe", RECIPE),
            "target_batches",
            "planned_cost",
            "notes",
            "is_suggested",
        ),
        keys=(("event", "recipe"),),
        is_catalogue=True,
    ),
    Array(
        "event_assembly_targets",
        EventAssemblyTarget,
        ("uuid", To("event", EVENT), To("finished_good", GOOD), "target_quantity", "notes", "is_suggested"),
        keys=(("event", "finished_good"),),
        is_catalogue=True,
    ),
)

# These point at the ledger: what was packed, and what a line of the list became.
HISTORY = (
    Array(
        "event_recipient_packages",
        EventRecipientPackage,
        (
            *("uuid", To("event", EVENT), To("recipient", RECIPIENT), To("package", PACKAGE), "quantity"),
            *("fulfillment_status", "ready_at", "delivered_at", "delivered_to", "notes"),
            To("stock_entry", ENTRY),
        ),
        keys=(("event", "recipient", "package"),),
    ),
    Array(
        "shopping_items",
        ShoppingItem,
        (
            *("uuid", To("event", EVENT), To("ingredient", INGREDIENT), To("product", PRODUCT), "text"),
            *("quantity", "unit", "is_by_hand", "ticked_at", "ticked_by_name", To("lot", LOT)),
        ),
    ),
)
