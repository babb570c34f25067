"""What can go wrong when boxes are put together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from bakery.core.errors import BakeryError, NotFoundError
from bakery.core.formatting import quantity, told_apart


@dataclass(frozen=True, slots=True)
class MissingComponent:
    """A component of which the shelf holds too little: amounts in `unit`, its stock unit.

    `component_id` is the product's for packaging, else the finished unit's or good's.
    """

    component_type: str
    component_id: int
    component_name: str
    needed: Decimal
    available: Decimal
    unit: str

    @property
    def short(self) -> Decimal:
        return self.needed - self.available

    @property
    def lacking(self) -> str:
        """What is missing, in words: "3 × Lebkuchen", "46 cm of Ribbon"."""
        amount = quantity(self.short, self.unit)
        return (
            f"{amount} × {self.component_name}"
            if self.unit == "each"
            else f"{amount} of {self.component_name}"
        )

    def sentence(self) -> str:
        needed, available = told_apart(self.needed, self.available, self.unit)
        return f"Not enough {self.component_name}: needs {needed}, there is {available}"


class FinishedGoodNotFoundError(NotFoundError):
    def __init__(self, finished_good_id: object) -> None:
        super().__init__(
            f"There is no box or bag with the number {finished_good_id}. Choose one from the list."
        )
        self.finished_good_id = finished_good_id


class AssemblyRunNotFoundError(NotFoundError):
    def __init__(self, assembly_run_id: object) -> None:
        super().__init__(f"There is no assembly with the number {assembly_run_id}.")
        self.assembly_run_id = assembly_run_id


class EmptyCompositionError(BakeryError):
    def __init__(self, name: str, *, finished_good_id: int) -> None:
        super().__init__(
            f"Nothing says what goes into {name}. An admin adds its components in the setup. "
            "Nothing was recorded."
        )
        self.finished_good_id = finished_good_id


class InsufficientComponentsError(BakeryError):
    """The shelf holds too little of one or more components. Nothing was changed; `missing` lists them all."""

    def __init__(self, missing: Sequence[MissingComponent]) -> None:
        self.missing = tuple(missing)
        super().__init__(". ".join(each.sentence() for each in self.missing) + ".")


class InsufficientFinishedUnitError(InsufficientComponentsError):
    """Something baked is short, and perhaps more."""


class InsufficientFinishedGoodError(InsufficientComponentsError):
    """An inner box or bag is short, and perhaps packaging."""


class InsufficientPackagingError(InsufficientComponentsError):
    """Only packaging is short."""
