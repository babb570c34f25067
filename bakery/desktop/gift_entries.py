"""The second half of the file: what is put together, wrapped, and given to whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bakery.desktop.rows import LONG, Row


@dataclass(frozen=True, slots=True)
class MaterialEntry:
    slug: str
    name: str
    category: str

    @classmethod
    def read(cls, row: Row) -> MaterialEntry:
        row.flag("is_packaging_material")
        name = row.name("display_name")
        return cls(slug=row.text("slug") or name, name=name, category=row.text("category"))


@dataclass(frozen=True, slots=True)
class MaterialProductEntry:
    path: str
    material: str
    name: str
    brand: str
    quantity: Decimal | None
    unit: str
    counted_in: str
    supplier: str

    @classmethod
    def read(cls, row: Row) -> MaterialProductEntry:
        row.prose("notes")  # says the size of the package once more, in a sentence
        return cls(
            path=row.path,
            material=row.text("material_slug") or row.name("material"),
            name=row.text("display_name") or row.name("name"),
            brand=row.text("brand"),
            quantity=row.number("package_quantity"),
            unit=row.text("package_unit"),
            counted_in=row.text("default_unit") or "each",
            supplier=row.text("supplier"),
        )


@dataclass(frozen=True, slots=True)
class GoodEntry:
    path: str
    slug: str
    name: str
    description: str
    instructions: str
    on_hand: int

    @classmethod
    def read(cls, row: Row) -> GoodEntry:
        row.value("assembly_type")
        described = (row.prose("description"), row.prose("notes"))
        return cls(
            path=row.path,
            slug=row.name("slug"),
            name=row.name("display_name"),
            description="\n\n".join(filter(None, described)),
            instructions=row.prose("packaging_instructions"),
            on_hand=row.whole("inventory_count") or 0,
        )


@dataclass(frozen=True, slots=True)
class PartEntry:
    """So much of one thing in a finished good, or around a package."""

    path: str
    good: str
    package: str
    unit: str
    inner_good: str
    packaging: str
    packaging_brand: str
    quantity: Decimal | None
    position: int
    note: str

    @classmethod
    def read(cls, row: Row) -> PartEntry:
        row.value("packaging_product_id")  # a number of the desktop's own; ingredient and brand say which
        return cls(
            path=row.path,
            good=row.text("finished_good_slug"),
            package=row.text("package_name"),
            unit=row.text("finished_unit_slug"),
            inner_good=row.text("finished_good_component_slug"),
            packaging=row.text("packaging_ingredient_slug"),
            packaging_brand=row.text("packaging_product_brand"),
            quantity=row.number("component_quantity"),
            position=row.whole("sort_order") or 0,
            note=row.text("notes", limit=LONG),
        )


@dataclass(frozen=True, slots=True)
class PackageEntry:
    path: str
    name: str
    description: str

    @classmethod
    def read(cls, row: Row) -> PackageEntry:
        described = (row.prose("description"), row.prose("notes"))
        return cls(row.path, row.name("name"), "\n\n".join(filter(None, described)))


@dataclass(frozen=True, slots=True)
class PackedGoodEntry:
    path: str
    package: str
    good: str
    quantity: int | None

    @classmethod
    def read(cls, row: Row) -> PackedGoodEntry:
        return cls(row.path, row.name("package_name"), row.name("finished_good_slug"), row.whole("quantity"))


@dataclass(frozen=True, slots=True)
class RecipientEntry:
    path: str
    name: str
    household: str
    address: str
    notes: str

    @classmethod
    def read(cls, row: Row) -> RecipientEntry:
        return cls(
            path=row.path,
            name=row.name("name"),
            household=row.text("household_name"),
            address=row.prose("address"),
            notes=row.prose("notes"),
        )


@dataclass(frozen=True, slots=True)
class EventEntry:
    path: str
    name: str
    day: date
    notes: str

    @classmethod
    def read(cls, row: Row) -> EventEntry:
        day = row.day("event_date")
        if day is None:
            raise row.refuse("event_date", "is missing")
        row.value("year")
        return cls(row.path, row.name("name"), day, row.prose("notes"))


@dataclass(frozen=True, slots=True)
class AssignmentEntry:
    path: str
    event: str
    recipient: str
    package: str
    quantity: int | None
    status: str
    delivered_to: str
    notes: str

    @classmethod
    def read(cls, row: Row) -> AssignmentEntry:
        older = row.text("status")
        return cls(
            path=row.path,
            event=row.name("event_name"),
            recipient=row.name("recipient_name"),
            package=row.name("package_name"),
            quantity=row.whole("quantity"),
            status=row.text("fulfillment_status") or older,
            delivered_to=row.text("delivered_to"),
            notes=row.prose("notes"),
        )


@dataclass(frozen=True, slots=True)
class TargetEntry:
    """So many batches of a recipe, or of a finished good, for an event."""

    path: str
    event: str
    made: str
    count: int | None
    notes: str

    @classmethod
    def read_bake(cls, row: Row) -> TargetEntry:
        return cls(
            row.path,
            row.name("event_name"),
            row.name("recipe_name"),
            row.whole("target_batches"),
            row.prose("notes"),
        )

    @classmethod
    def read_assembly(cls, row: Row) -> TargetEntry:
        return cls(
            row.path,
            row.name("event_name"),
            row.name("finished_good_slug"),
            row.whole("target_quantity"),
            row.prose("notes"),
        )
