"""Finished goods, what they are put together from, and assembly runs."""

from assembly.models.goods import Composition, FinishedGood
from assembly.models.runs import (
    AssemblyFinishedGoodConsumption,
    AssemblyFinishedUnitConsumption,
    AssemblyPackagingConsumption,
    AssemblyRun,
)

__all__ = [
    "AssemblyFinishedGoodConsumption",
    "AssemblyFinishedUnitConsumption",
    "AssemblyPackagingConsumption",
    "AssemblyRun",
    "Composition",
    "FinishedGood",
]
