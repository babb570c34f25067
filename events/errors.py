"""What can go wrong around events, each with its data and a sentence for the baker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bakery.core.errors import BakeryError, InvalidValueError, NotFoundError
from bakery.core.formatting import plural


class RecipientNotFoundError(NotFoundError):
    def __init__(self, recipient_id: object) -> None:
        super().__init__(f"There is no recipient with the number {recipient_id}. Choose one from the list.")
        self.recipient_id = recipient_id


class PackageNotFoundError(NotFoundError):
    def __init__(self, package_id: object) -> None:
        super().__init__(f"There is no package with the number {package_id}. Choose one from the list.")
        self.package_id = package_id


class AssignmentNotFoundError(NotFoundError):
    def __init__(self, event_recipient_package_id: object) -> None:
        super().__init__(
            f"There is no package for anybody with the number {event_recipient_package_id}. "
            "Somebody may have removed it: open the event again."
        )
        self.event_recipient_package_id = event_recipient_package_id


class InvalidStatusTransitionError(InvalidValueError):
    """A step that packages do not take: pending -> ready -> delivered, one at a time.

    Its text is for whoever calls the service; a baker who was overtaken by somebody else reads `message`.
    """

    WHERE_IT_IS: Mapping[str, str] = {
        "pending": "is not packed yet. Nothing was changed. Pack it first.",
        "ready": "is packed already. Nothing was changed. Deliver it, or put it back with “Packed by mistake”.",
        "delivered": "is delivered already. Nothing was changed. “Packed by mistake” puts all of it back.",
    }

    def __init__(self, current: str, wanted: str, allowed: Sequence[str], *, assignment: Any) -> None:
        super().__init__(
            f"Invalid transition: {current} -> {wanted}. Allowed: {', '.join(allowed) or 'none'}",
            field="fulfillment_status",
        )
        self.message = f"{assignment} {self.WHERE_IT_IS[current]}"
        self.current = current
        self.wanted = wanted
        self.allowed = tuple(allowed)


class ProductionExceedsPlannedError(BakeryError):
    """More was baked than the target asks for. Carried as a warning, never raised: the bake is recorded."""

    def __init__(self, recipe_id: int, planned: int, would_produce: int, *, recipe_name: str = "") -> None:
        super().__init__(
            f"That makes {plural(would_produce, 'batch')}{f' of {recipe_name}' if recipe_name else ''}, "
            f"{would_produce - planned} more than the {planned} planned."
        )
        self.recipe_id = recipe_id
        self.planned = planned
        self.would_produce = would_produce


class PackedError(BakeryError):
    """What is packed stays as it is: its contents left the shelf. Nothing was changed."""

    def __init__(self, assignment: Any) -> None:
        super().__init__(
            f"{assignment} is packed already, so it stays as it is. Nothing was changed. "
            "If it should not be, choose “Packed by mistake” first."
        )
        self.assignment = assignment


class EventInUseError(BakeryError):
    """An event that was baked, assembled or packed for. `uses` are those records. Nothing was changed."""

    def __init__(self, event: Any, *, bakes: Sequence[Any], assemblies: Sequence[Any], packed: Sequence[Any]):
        counted = ((bakes, "bake"), (assemblies, "assembly"), (packed, "packed package"))
        said = ", ".join(plural(len(users), noun) for users, noun in counted if users)
        super().__init__(
            f"{event} cannot be deleted, because this points at it: {said}. Nothing was deleted. "
            "Give the bakes and assemblies another event, and say of the packages “Packed by mistake”, "
            "if they are not of it."
        )
        self.event = event
        self.bakes = tuple(bakes)
        self.assemblies = tuple(assemblies)
        self.packed = tuple(packed)

    @property
    def uses(self) -> tuple[Any, ...]:
        return (*self.bakes, *self.assemblies, *self.packed)


class ShoppingItemNotFoundError(NotFoundError):
    def __init__(self, item_id: object) -> None:
        super().__init__("That line is no longer on the shopping list. Look at the list again.")
        self.item_id = item_id


class AlreadyBoughtError(BakeryError):
    """A line of the shopping list became a purchase before."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} was bought already and is on the shelf. Nothing was changed. "
            "If that purchase was a mistake, void it in the pantry."
        )
