"""Reading the sample's files: TOML with exact decimals, and amounts as a baker writes them."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from inventory.units import parse_quantity, parse_unit

DATA = Path(__file__).parent / "data"


class Amount(NamedTuple):
    """A quantity (6 places) and its unit."""

    quantity: Decimal
    unit: str


def read(name: str) -> dict[str, Any]:
    """The tables of one file; numbers with a point come as exact decimals."""
    with (DATA / name).open("rb") as file:
        return tomllib.load(file, parse_float=Decimal)


def read_recipes() -> list[dict[str, Any]]:
    """The recipes of all files, in the order they are written."""
    paths = sorted((DATA / "recipes").glob("*.toml"))
    return [recipe for path in paths for recipe in read(f"recipes/{path.name}")["recipe"]]


def amount(text: str) -> Amount:
    """ "1 1/2 tsp" -> (1.500000, "tsp"); "16 fl oz" -> (16.000000, "fl oz")."""
    numbers = [word for word in text.split() if word[0].isdigit()]
    unit = text.removeprefix(" ".join(numbers))
    return Amount(parse_quantity(" ".join(numbers)), parse_unit(unit))
