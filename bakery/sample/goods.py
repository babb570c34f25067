"""Finished goods and what is in them."""

from __future__ import annotations

from typing import Any

from assembly.models import Composition, FinishedGood
from bakery.sample.files import amount, read
from bakery.sample.kitchen import Kitchen, saved


def load_goods(kitchen: Kitchen) -> None:
    rows = read("goods.toml")["good"]
    for row in rows:
        kitchen.goods[row["name"]] = saved(
            FinishedGood(
                name=row["name"],
                description=row["description"],
                instructions=row["instructions"],
                stock_unit="each",
            )
        )
    for row in rows:
        load_composition(kitchen, row)


def load_composition(kitchen: Kitchen, row: dict[str, Any]) -> None:
    lines: list[dict[str, Any]] = []
    for quantity, name in row.get("pieces", []):
        lines.append({"component_unit": kitchen.units[name], "quantity": quantity})
    for quantity, name in row.get("goods", []):
        lines.append({"component_good": kitchen.goods[name], "quantity": quantity})
    for text, item, package in row["packaging"]:
        needed = amount(text)
        product = kitchen.products[item, package]
        lines.append({"packaging_product": product, "quantity": needed.quantity, "unit": needed.unit})
    for position, line in enumerate(lines, start=1):
        saved(Composition(finished_good=kitchen.goods[row["name"]], position=position, **line))
