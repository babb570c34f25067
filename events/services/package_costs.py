"""What a package costs about: what its boxes and bags cost last, or would cost by their recipes, and wrapping."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from assembly.services.requirements import ComponentRequirement, Requirements, requirements_inside
from bakery.core.numbers import MONEY_PLACES, round_half_even
from events.services.contents import contents_of
from inventory.errors import Unconvertible
from inventory.models import Kind
from inventory.selectors.prices import last_prices_of
from production.book import estimates
from production.services.requirements import requirements_of

NOTHING = Fraction(0)


@dataclass(frozen=True, slots=True)
class PackageCost:
    """What one package costs about, 4 places; what never had a price is named and not in the sum."""

    cost: Decimal
    unpriced: tuple[str, ...]
    unconvertible: tuple[Unconvertible, ...]
    is_empty: bool


@dataclass(frozen=True, slots=True)
class Prices:
    """What one stock unit cost last (by item, by product), and a piece by its recipe where nothing was baked."""

    items: Mapping[int, Fraction]
    products: Mapping[int, Fraction]
    pieces: Mapping[int, tuple[Fraction, tuple[str, ...]]]
    inside: Mapping[int, Requirements]

    def of(
        self, line: ComponentRequirement, above: frozenset[int] = frozenset()
    ) -> tuple[Fraction, set[str]]:
        """What one stock unit costs, and the names of what it is without. A circle (imported) ends the walk."""
        known = self.products.get(line.component_id) if line.product_id else self.items.get(line.item_id)
        if known is not None or not line.is_tracked:
            return known if known and line.is_tracked else NOTHING, set()
        if line.component_type == Kind.FINISHED_UNIT:
            by_recipe, never_bought = self.pieces[line.component_id]
            return by_recipe, set(never_bought)
        contents = self.inside.get(line.component_id)
        if line.product_id or contents is None or contents.is_empty or line.component_id in above:
            return NOTHING, {line.component_name}
        cost, unpriced = self.of_all(contents, above | {line.component_id})
        return cost, unpriced | {each.ingredient_name for each in contents.unconvertible}

    def of_all(
        self, contents: Requirements, above: frozenset[int] = frozenset()
    ) -> tuple[Fraction, set[str]]:
        """What the contents of one cost, and the names of what that is without."""
        cost, unpriced = NOTHING, set()
        for line in contents.lines:
            each, names = self.of(line, above)
            cost += each * line.exact
            unpriced |= names
        return cost, unpriced


def get_package_costs(package_ids: Iterable[int]) -> dict[int, PackageCost]:
    """What one of each package costs about: at most seven statements for all of them."""
    found = contents_of(dict.fromkeys(package_ids, 1))
    prices = prices_for([line for each in found.values() for line in each.lines])
    return {package_id: cost_of(each, prices) for package_id, each in found.items()}


def cost_of(contents: Requirements, prices: Prices) -> PackageCost:
    cost, unpriced = prices.of_all(contents)
    return PackageCost(
        round_half_even(cost, MONEY_PLACES),
        tuple(sorted(unpriced)),
        contents.unconvertible,
        contents.is_empty,
    )


def prices_for(lines: Sequence[ComponentRequirement]) -> Prices:
    """The prices of everything in these lines, at any depth."""
    goods = sorted({line.component_id for line in lines if line.component_type == Kind.FINISHED_GOOD})
    inside = requirements_inside(goods)
    everything = [*lines, *(line for each in inside.values() for line in each.lines)]
    last = last_prices_of(
        (line.item_id for line in everything if not line.product_id),
        (line.product_id for line in everything if line.product_id),
    )
    units = {
        line.component_id: line.component
        for line in everything
        if line.component_type == Kind.FINISHED_UNIT and line.item_id not in last.items
    }
    batches = estimates(requirements_of(dict.fromkeys((unit.recipe_id for unit in units.values()), 1)))
    return Prices(
        items=last.items,
        products=last.products,
        pieces={
            pk: (Fraction(batches[unit.recipe_id][0]) / unit.items_per_batch, batches[unit.recipe_id][1])
            for pk, unit in units.items()
        },
        inside=inside,
    )
