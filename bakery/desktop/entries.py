"""What the desktop application's file holds, in the shape it is written here. Units stay as they are spelled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from bakery.desktop.rows import LONG, Row

ProductKey = tuple[str, str, str, Decimal | None, str]
"""Ingredient, brand, name, package quantity and unit: what tells two products of the file apart."""


@dataclass(frozen=True, slots=True)
class SupplierEntry:
    number: int | None
    slug: str
    name: str
    url: str
    address: str
    notes: str
    is_archived: bool

    @classmethod
    def read(cls, row: Row) -> SupplierEntry:
        place = " ".join(filter(None, (row.text("state"), row.text("zip_code"))))
        lines = (row.prose("street_address"), ", ".join(filter(None, (row.text("city"), place))))
        row.value("supplier_type")
        return cls(
            number=row.whole("id"),
            slug=row.text("slug"),
            name=row.name("name"),
            url=row.text("website_url"),
            address="\n".join(filter(None, lines)),
            notes=row.prose("notes"),
            is_archived=row.flag("is_active") is False,
        )

    @property
    def stands_for_none(self) -> bool:
        """The supplier that the desktop application puts where it knows none."""
        return self.name.casefold() == "unknown"


@dataclass(frozen=True, slots=True)
class Density:
    """So much volume weighs so much, as it was measured."""

    volume: Decimal | None
    volume_unit: str
    weight: Decimal | None
    weight_unit: str

    @classmethod
    def read(cls, row: Row) -> Density | None:
        found = cls(
            row.number("density_volume_value"),
            row.text("density_volume_unit"),
            row.number("density_weight_value"),
            row.text("density_weight_unit"),
        )
        return found if found.volume is not None or found.weight is not None else None


@dataclass(frozen=True, slots=True)
class IngredientEntry:
    path: str
    slug: str
    name: str
    category: str
    level: int | None
    parent: str
    is_packaging: bool
    density: Density | None
    allergens: tuple[str, ...]

    @classmethod
    def read(cls, row: Row) -> IngredientEntry:
        return cls(
            path=row.path,
            slug=row.name("slug"),
            name=row.name("display_name"),
            category=row.text("category"),
            level=row.whole("hierarchy_level"),
            parent=row.text("parent_slug"),
            is_packaging=bool(row.flag("is_packaging")),
            density=Density.read(row),
            allergens=tuple(row.texts("allergens")),
        )


@dataclass(frozen=True, slots=True)
class ProductEntry:
    path: str
    ingredient: str
    brand: str
    name: str
    quantity: Decimal | None
    unit: str
    gtin: str
    supplier: int | None
    is_preferred: bool
    is_archived: bool

    @classmethod
    def read(cls, row: Row) -> ProductEntry:
        return cls(
            path=row.path,
            ingredient=row.name("ingredient_slug"),
            brand=row.text("brand"),
            name=row.text("product_name"),
            quantity=row.number("package_unit_quantity"),
            unit=row.text("package_unit"),
            gtin=row.text("gtin") or row.text("upc_code"),
            supplier=row.whole("preferred_supplier_id"),
            is_preferred=bool(row.flag("preferred") or row.flag("is_preferred")),
            is_archived=bool(row.flag("is_hidden")),
        )

    @property
    def key(self) -> ProductKey:
        return (self.ingredient, self.brand, self.name, self.quantity, self.unit)


@dataclass(frozen=True, slots=True)
class LotEntry:
    """What remains of a purchase, in the package's unit; `price` is of a whole package."""

    path: str
    product: ProductKey
    quantity: Decimal | None
    received_on: date | None
    expires_on: date | None
    location: str
    note: str
    purchase: int | None

    @classmethod
    def read(cls, row: Row) -> LotEntry:
        return cls(
            path=row.path,
            product=(
                row.name("ingredient_slug"),
                row.text("product_brand"),
                row.text("product_name"),
                row.number("package_unit_quantity"),
                row.text("package_unit"),
            ),
            quantity=row.number("quantity"),
            received_on=row.day("purchase_date"),
            expires_on=row.day("expiration_date"),
            location=row.text("location"),
            note=row.prose("notes"),
            purchase=row.whole("purchase_id"),
        )


@dataclass(frozen=True, slots=True)
class PurchaseEntry:
    """A purchase of the past. Only its price and supplier come over, with the lot that is left of it."""

    path: str
    number: int | None
    price: Decimal | None
    supplier: int | None

    @classmethod
    def read(cls, row: Row) -> PurchaseEntry:
        price = row.number("unit_price")
        return cls(
            path=row.path,
            number=row.whole("id"),
            price=price if price is not None else row.number("unit_cost"),
            supplier=row.whole("supplier_id"),
        )


@dataclass(frozen=True, slots=True)
class LineEntry:
    ingredient: str
    quantity: Decimal | None
    unit: str
    note: str
    path: str

    @classmethod
    def read(cls, row: Row) -> LineEntry:
        return cls(
            ingredient=row.name("ingredient_slug"),
            quantity=row.number("quantity"),
            unit=row.text("unit"),
            note=row.text("notes", limit=LONG),
            path=row.path,
        )


@dataclass(frozen=True, slots=True)
class ComponentEntry:
    recipe: str
    batches: Decimal | None
    note: str
    path: str

    @classmethod
    def read(cls, row: Row) -> ComponentEntry:
        return cls(row.name("recipe_name"), row.number("quantity"), row.text("notes", limit=LONG), row.path)


@dataclass(frozen=True, slots=True)
class RecipeEntry:
    path: str
    slug: str
    name: str
    category: str
    source: str
    text: str
    prep_minutes: int | None
    bake_minutes: int | None
    lines: tuple[LineEntry, ...]
    components: tuple[ComponentEntry, ...]
    units: tuple[UnitEntry, ...]

    @classmethod
    def read(cls, row: Row) -> RecipeEntry:
        prep = row.whole("prep_time_minutes")
        estimated = row.whole("estimated_time_minutes")
        name = row.name("name")
        said = [row.prose(each) for each in ("description", "instructions", "notes")]
        if row.flag("is_production_ready") is False:
            said.append("Not marked as ready in the desktop application.")
        if variant := row.text("variant_name"):
            said.append(f"Variant: {variant}.")
        lines = [*row.rows("ingredients"), *row.rows("base_ingredients")]
        return cls(
            path=row.path,
            slug=row.text("slug"),
            name=name,
            category=row.text("category"),
            source=row.text("source"),
            text="\n\n".join(filter(None, said)),
            prep_minutes=prep if prep is not None else estimated,
            bake_minutes=row.whole("cook_time_minutes"),
            lines=tuple(map(LineEntry.read, lines)),
            components=tuple(map(ComponentEntry.read, row.rows("components"))),
            units=tuple(UnitEntry.within(each, name) for each in row.rows("finished_units")),
        )


@dataclass(frozen=True, slots=True)
class UnitEntry:
    """What a recipe makes: so many pieces a batch, or a share of a batch in per cent."""

    path: str
    slug: str
    name: str
    recipe: str
    per_batch: Decimal | None
    percentage: Decimal | None
    label: str
    on_hand: int
    is_archived: bool

    @classmethod
    def read(cls, row: Row) -> UnitEntry:
        row.value("category"), row.value("yield_mode")
        return cls(
            path=row.path,
            slug=row.name("slug"),
            name=row.name("display_name"),
            recipe=row.name("recipe_name"),
            per_batch=row.number("items_per_batch"),
            percentage=row.number("batch_percentage"),
            label=row.text("item_unit") or row.text("portion_description"),
            on_hand=row.whole("inventory_count") or 0,
            is_archived=bool(row.flag("is_archived")),
        )

    @classmethod
    def within(cls, row: Row, recipe: str) -> UnitEntry:
        """The same, written inside its recipe under other names."""
        is_share = row.text("yield_mode") == "batch_portion"
        quantity = row.number("unit_yield_quantity")
        return cls(
            path=row.path,
            slug=row.name("slug"),
            name=row.name("name"),
            recipe=recipe,
            per_batch=None if is_share else quantity,
            percentage=quantity if is_share else None,
            label=row.text("unit_yield_unit"),
            on_hand=0,
            is_archived=False,
        )


@dataclass(frozen=True, slots=True)
class RunEntry:
    """A bake or an assembly of the past: history, without stock and without costs."""

    path: str
    event: str
    made: str
    count: int | None
    came_out: int | None
    happened_at: datetime | None
    notes: str
    cost: Decimal | None

    @classmethod
    def read_bake(cls, row: Row) -> RunEntry:
        """A row of `production_runs`, or of the older `production_records`."""
        count = row.whole("num_batches")
        return cls(
            path=row.path,
            event=row.text("event_name"),
            made=row.name("recipe_name"),
            count=count if count is not None else row.whole("batches"),
            came_out=row.whole("actual_yield"),
            happened_at=row.moment("produced_at"),
            notes=row.prose("notes"),
            cost=row.number("actual_cost") or row.number("total_ingredient_cost"),
        )

    @classmethod
    def read_assembly(cls, row: Row) -> RunEntry:
        return cls(
            path=row.path,
            event=row.text("event_name"),
            made=row.name("finished_good_slug"),
            count=row.whole("quantity_assembled"),
            came_out=None,
            happened_at=row.moment("assembled_at"),
            notes=row.prose("notes"),
            cost=row.number("total_component_cost"),
        )
