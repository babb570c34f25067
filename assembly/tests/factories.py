"""Minimal boxes. The numbers that matter stand in the tests."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import factory
from factory.django import DjangoModelFactory

from assembly.models import Composition, FinishedGood
from inventory.models import Lot, Product
from inventory.services import adjust_stock
from production.models import FinishedUnit


class FinishedGoodFactory(DjangoModelFactory):
    class Meta:
        model = FinishedGood

    name = factory.Sequence(lambda n: f"Box {n}")
    stock_unit = "each"


def good_of(*lines: tuple[Any, ...], name: str = "") -> FinishedGood:
    """A good of these (component, quantity[, unit]) lines, each validated as the forms would."""
    good = FinishedGoodFactory(**({"name": name} if name else {}))
    for component, quantity, *unit in lines:
        add_line(good, component, quantity, *unit)
    return good


def add_line(good: FinishedGood, component: Any, quantity: str, unit: str = "") -> Composition:
    field = {FinishedUnit: "component_unit", FinishedGood: "component_good", Product: "packaging_product"}
    line = Composition(
        finished_good=good, quantity=Decimal(quantity), unit=unit, **{field[type(component)]: component}
    )
    line.full_clean()
    line.save()
    return line


def on_shelf(item: Any, quantity: str, cost: str) -> Lot:
    """A lot of pieces that stand for so much in all, as if they were counted and found."""
    entry = adjust_stock(
        item_id=item.pk, quantity=Decimal(quantity), reason="found", total_cost=Decimal(cost)
    )
    return entry.movements.get().lot
