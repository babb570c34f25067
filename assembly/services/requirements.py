"""What a finished good asks of the shelf, and whether the shelf has it.

An inner good is taken from the shelf as it stands: a hamper takes bags, not the cookies in them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import BigIntegerField, F
from django.db.models.expressions import RawSQL

from assembly.errors import FinishedGoodNotFoundError, MissingComponent
from assembly.models import Composition, FinishedGood
from bakery.core.errors import InvalidValueError
from bakery.core.formatting import exact as exact_text
from bakery.core.numbers import MAX_QUANTITY, MONEY_PLACES, QUANTITY_PLACES, checked_count, round_half_even
from inventory import units
from inventory.errors import Unconvertible
from inventory.fifo import most_within
from inventory.models import Kind, Product
from inventory.models.items import product_name
from inventory.selectors import purchases
from inventory.selectors.prices import last_prices_of
from inventory.services import posting
from inventory.services.consuming import LotDraw, describe

NOTHING = Decimal(0)
PACKAGING = Kind.PACKAGING.value
PIECES = {"component_unit": Kind.FINISHED_UNIT.value, "component_good": Kind.FINISHED_GOOD.value}
TYPES = (*PIECES.values(), PACKAGING)
"""The order in which components are listed and their shortages told."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a line asks for, as much of it as counting needs; `component` where the model was loaded."""

    component_type: str
    component_id: int
    component_name: str
    item_id: int
    slug: str
    item_name: str
    stock_unit: str
    is_tracked: bool = True
    factors: Mapping[str, Any] = field(default_factory=dict)
    component: Any = None


@dataclass(frozen=True, slots=True)
class ComponentRequirement:
    """How much of one component is needed, in `unit`, its stock unit (3 places, half to even, rounded once).

    `component_id` is the product's for packaging, else the finished unit's or good's; `item_id` always
    names the stock item. `exact` is what one piece of the good needs. `component` is the unit, good or product,
    where it was loaded.
    """

    component_type: str
    component_id: int
    component_name: str
    quantity: Decimal
    unit: str
    item_id: int
    exact: Fraction
    is_tracked: bool = True
    component: Any = None

    @property
    def product_id(self) -> int | None:
        return self.component_id if self.component_type == Kind.PACKAGING else None

    @property
    def need(self) -> posting.Need:
        return posting.Need(self.item_id, self.quantity, self.product_id)


@dataclass(frozen=True, slots=True)
class Requirements:
    """Everything so many of one good or package need: the lines that convert, and those that do not."""

    lines: tuple[ComponentRequirement, ...]
    unconvertible: tuple[Unconvertible, ...]

    @classmethod
    def of(cls, parts: Iterable[ComponentRequirement | Unconvertible]) -> Requirements:
        """All parts together: baked things first, then goods, then packaging."""
        found = list(parts)
        lines = [part for part in found if isinstance(part, ComponentRequirement)]
        return cls(
            tuple(sorted(lines, key=lambda line: TYPES.index(line.component_type))),
            tuple(part for part in found if isinstance(part, Unconvertible)),
        )

    @property
    def tracked(self) -> list[ComponentRequirement]:
        return [line for line in self.lines if line.is_tracked]

    @property
    def is_empty(self) -> bool:
        return not (self.lines or self.unconvertible)


@dataclass(frozen=True, slots=True)
class ComponentDraw:
    """Which lots would serve one requirement, and what that costs (4 places)."""

    requirement: ComponentRequirement
    lots: tuple[LotDraw, ...]
    on_hand: Decimal
    short: Decimal
    cost: Decimal


@dataclass(frozen=True, slots=True)
class AssemblyAvailability:
    """Whether so many can be assembled now. `estimated_cost` is FIFO over the shelf, the rest at the last
    price; what has no price is named in `unpriced` and not in the sum. `possible` is how many the shelf
    allows. A good without components cannot be assembled.
    """

    can_assemble: bool
    missing: tuple[MissingComponent, ...]
    requirements: tuple[ComponentRequirement, ...]
    unconvertible: tuple[Unconvertible, ...]
    estimated_cost: Decimal
    unpriced: tuple[str, ...]
    draws: tuple[ComponentDraw, ...]
    possible: int


# All levels in one statement. UNION, not UNION ALL: a circle (imported, by hand) ends the walk.
INSIDE = """
WITH RECURSIVE inside(good) AS (
    VALUES {roots}
    UNION
    SELECT line.component_good_id FROM inside JOIN assembly_composition line ON line.finished_good_id = inside.good
    WHERE line.component_good_id IS NOT NULL
)
SELECT good FROM inside
"""


def requirements_inside(good_ids: Sequence[int]) -> dict[int, Requirements]:
    """What one of each of these goods needs, and one of every good inside them at any depth: one query.

    Each requirement carries its `component`, a baked thing with its recipe.
    """
    if not good_ids:
        return {}
    roots = ", ".join(["(CAST(%s AS BIGINT))"] * len(good_ids))
    inside = RawSQL(INSIDE.format(roots=roots), list(good_ids), output_field=BigIntegerField())
    parts: dict[int, list[ComponentRequirement | Unconvertible]] = {pk: [] for pk in good_ids}
    lines = Composition.objects.filter(finished_good__in=inside).order_by("position", "id")
    for line in lines.select_related(
        "component_unit__recipe", "component_good", "packaging_product__ingredient"
    ).annotate(of=F("finished_good__name")):
        component = line.packaging_product or line.component
        part = required(component, line.quantity, line.unit, 1, where=composition_of(line.of))
        parts.setdefault(line.finished_good_id, []).append(part)
    return {pk: Requirements.of(each) for pk, each in parts.items()}


# Rows, not models: a line joins seven tables, and most of their columns are of no use here.
LINE = (
    "finished_good_id",
    "finished_good__name",
    "quantity",
    "unit",
    *(f"{kind}__{column}" for kind in PIECES for column in ("pk", "slug", "name")),
    *(
        f"packaging_product__{column}"
        for column in ("pk", "brand", "name", "package_quantity", "package_unit")
    ),
    *(
        f"packaging_product__ingredient__{column}"
        for column in ("pk", "slug", "name", "stock_unit", "is_tracked", "grams_per_ml", "grams_per_each")
    ),
)


def requirements_of(wanted: Mapping[int, int]) -> dict[int, Requirements]:
    """What each good needs for its number of pieces: one query for all of them."""
    parts: dict[int, list[ComponentRequirement | Unconvertible]] = {pk: [] for pk in wanted}
    lines = Composition.objects.filter(finished_good__in=wanted).order_by("position", "id")
    for good_id, of, quantity, unit, *columns in lines.values_list(*LINE):
        part = _required(_asked_by(columns), quantity, unit, wanted[good_id], where=composition_of(of))
        parts[good_id].append(part)
    return {pk: Requirements.of(each) for pk, each in parts.items()}


def _asked_by(columns: Sequence[Any]) -> Asked:
    """What the line asks for: the columns of LINE after its quantity and unit."""
    for number, kind in enumerate(PIECES.values()):
        pk, slug, name = columns[3 * number : 3 * number + 3]
        if pk is not None:
            return Asked(kind, pk, name, pk, slug, name, "each")
    product_id, brand, name, quantity, unit, pk, slug, item_name, stock_unit, tracked, *grams = columns[6:]
    package = product_name(brand, name, quantity, unit, of=item_name)
    factors = dict(zip(("grams_per_ml", "grams_per_each"), grams, strict=True))
    said = _told_apart(item_name, package)
    return Asked(PACKAGING, product_id, said, pk, slug, item_name, stock_unit, tracked, factors)


def composition_of(good: str) -> str:
    """Where a line stands, as a sentence says it: a shopping list has lines of many boxes."""
    return f"the composition of “{good}”"


def required(
    component: Any, quantity: Decimal | int, unit: str, pieces: int, *, where: str
) -> ComponentRequirement | Unconvertible:
    """What `pieces` times `quantity` of a unit, a good or a product of packaging ask of the shelf.

    `unit` "" is the stock unit. Where it does not convert, the result says what to add; `where` is who asks.
    So it does where one piece takes more than can be counted: one wrong line stops no list. Raises
    InvalidValueError where only the pieces are too many.
    """
    return _required(_asked_of(component), quantity, unit, pieces, where=where)


def _asked_of(component: Any) -> Asked:
    if isinstance(component, Product):
        item, kind, name = component.ingredient, PACKAGING, name_of(component)
    else:
        item, kind, name = component, component.default_kind.value, component.name
    return Asked(
        kind,
        component.pk,
        name,
        item.pk,
        item.slug,
        item.name,
        item.stock_unit,
        getattr(item, "is_tracked", True),
        getattr(item, "factors", {}),
        component,
    )


def _required(
    asked: Asked, quantity: Decimal | int, unit: str, pieces: int, *, where: str
) -> ComponentRequirement | Unconvertible:
    unit = unit or asked.stock_unit
    try:
        exact = Fraction(units.convert(quantity, unit, asked.stock_unit, **asked.factors))
        if asked.component_type != PACKAGING and exact.denominator != 1:  # imported: no form would save it
            raise InvalidValueError(
                f"{asked.item_name} is counted in whole pieces, and {where} asks for {exact_text(quantity)}. "
                "Enter a whole number there."
            )
    except InvalidValueError as error:
        advice = _advice(asked, unit, where) or str(error)
        return Unconvertible(
            asked.slug, asked.item_name, Decimal(quantity), unit, asked.stock_unit, advice, asked.item_id
        )
    if exact >= MAX_QUANTITY:
        advice = f"That is more {asked.item_name} than can be counted: ask for less of it in {where}."
        return Unconvertible(asked.slug, asked.item_name, Decimal(quantity), unit, asked.stock_unit, advice)
    total = exact * pieces
    if total >= MAX_QUANTITY:
        raise InvalidValueError(f"That is more {asked.item_name} than can be counted.", field="quantity")
    return ComponentRequirement(
        component_type=asked.component_type,
        component_id=asked.component_id,
        component_name=asked.component_name,
        quantity=round_half_even(total, QUANTITY_PLACES),
        unit=asked.stock_unit,
        item_id=asked.item_id,
        exact=exact,
        is_tracked=asked.is_tracked,
        component=asked.component,
    )


def _advice(asked: Asked, unit: str, where: str) -> str:
    try:
        return units.advice(asked.item_name, unit, asked.stock_unit, **asked.factors, where=where)
    except InvalidValueError:
        return ""


def name_of(product: Product) -> str:
    """What the packaging is and which package of it, so that two brands can be told apart."""
    return _told_apart(product.ingredient.name, str(product))


def _told_apart(packaging: str, package: str) -> str:
    return package if packaging in package else f"{packaging} ({package})"


def check_can_assemble(finished_good_id: int, quantity: int) -> AssemblyAvailability:
    """Whether so many can be assembled now, from which lots, and for about how much. Writes nothing.

    Raises FinishedGoodNotFoundError, InvalidValueError.
    """
    checked_count(quantity, "The quantity")
    found = requirements_of({finished_good_id: quantity})[finished_good_id]
    if found.is_empty and not FinishedGood.objects.filter(pk=finished_good_id).exists():  # else it is there
        raise FinishedGoodNotFoundError(finished_good_id)
    allocations = posting.allocate([line.need for line in found.tracked])
    missing = missing_of(found, allocations)
    there = shelf_of(found.tracked)
    prices = prices_of(found.tracked) if missing else {}
    described = {
        draw.lot_id: draw for draw in describe([take for each in allocations.values() for take in each.takes])
    }
    draws, unpriced, estimated = [], [], NOTHING
    for line in found.lines:
        if not line.is_tracked:
            draws.append(ComponentDraw(line, (), NOTHING, NOTHING, NOTHING))
            continue
        allocation = allocations[line.need]
        short = NOTHING if allocation.satisfied else allocation.short
        estimated += allocation.value
        price = prices.get(line.need)
        if allocation.is_unpriced or (short and price is None):
            unpriced.append(line.component_name)
        if short and price is not None:
            estimated += round_half_even(price * Fraction(short), MONEY_PLACES)
        lots = tuple(described[take.lot_id] for take in allocation.takes)
        draws.append(ComponentDraw(line, lots, there[line.need], short, allocation.value))
    return AssemblyAvailability(
        can_assemble=not (missing or found.unconvertible or found.is_empty),
        missing=tuple(missing),
        requirements=found.lines,
        unconvertible=found.unconvertible,
        estimated_cost=estimated,
        unpriced=tuple(unpriced),
        draws=tuple(draws),
        possible=possible_of(found, there),
    )


def missing_of(found: Requirements, allocations: Mapping[posting.Need, Any]) -> list[MissingComponent]:
    """Every component of which the shelf holds too little: baked things first, then goods, then packaging."""
    return [
        MissingComponent(
            line.component_type,
            line.component_id,
            line.component_name,
            line.quantity,
            allocations[line.need].taken,
            line.unit,
        )
        for line in found.tracked
        if not allocations[line.need].satisfied
    ]


def shelf_of(lines: Sequence[ComponentRequirement]) -> dict[posting.Need, Decimal]:
    """How much of each component is there, in its stock unit: one query; of packaging only that product."""
    there = purchases.shelf_of(line.item_id for line in lines)
    return {
        line.need: there.product(line.product_id) if line.product_id else there.item(line.item_id)
        for line in lines
    }


def prices_of(lines: Sequence[ComponentRequirement]) -> dict[posting.Need, Fraction]:
    """What one stock unit of each component cost last: one query; what never had a price is left out."""
    last = last_prices_of(
        (line.item_id for line in lines if line.product_id is None),
        (line.product_id for line in lines if line.product_id is not None),
    )
    found = {
        line.need: last.products.get(line.product_id) if line.product_id else last.items.get(line.item_id)
        for line in lines
    }
    return {need: price for need, price in found.items() if price is not None}


def max_quantities(finished_good_ids: Iterable[int]) -> dict[int, int]:
    """How many of each good the shelf allows now, each for itself: two queries for all.

    A good without components, or with a line that cannot be converted, allows 0.
    """
    found = requirements_of(dict.fromkeys(finished_good_ids, 1))
    there = shelf_of([line for each in found.values() for line in each.tracked])
    return {pk: possible_of(each, there) for pk, each in found.items()}


def possible_of(found: Requirements, there: Mapping[posting.Need, Decimal]) -> int:
    """How many the shelf allows; `found` is what one takes, or any number of them."""
    if found.unconvertible:
        return 0
    return most_within((line.exact, there[line.need]) for line in found.tracked)
