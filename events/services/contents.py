"""What packages ask of the shelf: finished goods as they stand there, and the wrapping around them."""

from __future__ import annotations

from collections.abc import Mapping

from assembly.services.requirements import ComponentRequirement, Requirements, required
from events.models import Package, PackageFinishedGood, PackagePackaging
from inventory.errors import Unconvertible


def contents_of(wanted: Mapping[int, int]) -> dict[int, Requirements]:
    """What so many of each package need, each good and each product once: two queries for all of them."""
    parts: dict[int, list[ComponentRequirement | Unconvertible]] = {package: [] for package in wanted}
    goods = PackageFinishedGood.objects.filter(package__in=wanted).select_related("finished_good", "package")
    for line in goods.order_by("id"):
        parts[line.package_id].append(
            required(
                line.finished_good, line.quantity, "", wanted[line.package_id], where=inside(line.package)
            )
        )
    wrapping = PackagePackaging.objects.filter(package__in=wanted)
    wrapping = wrapping.select_related("product__ingredient", "package")
    for wrap in wrapping.order_by("id"):
        parts[wrap.package_id].append(
            required(
                wrap.product, wrap.quantity, wrap.unit, wanted[wrap.package_id], where=inside(wrap.package)
            )
        )
    return {package: Requirements.of(each) for package, each in parts.items()}


def inside(package: Package) -> str:
    """Where a line stands, as a sentence says it: a shopping list has lines of many packages."""
    return f"the package “{package.name}”"
