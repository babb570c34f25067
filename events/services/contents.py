"""What packages ask of the shelf: finished goods as they stand there, and the wrapping around them."""

from __future__ import annotations

from assembly.services.requirements import Requirements, required
from events.models import PackageFinishedGood, PackagePackaging


def contents_of(package_id: int, packages: int) -> Requirements:
    """What so many of one package need, each good and each product of packaging once: two queries."""
    goods = PackageFinishedGood.objects.filter(package=package_id).select_related("finished_good")
    wrapping = PackagePackaging.objects.filter(package=package_id).select_related("product__ingredient")
    return Requirements.of(
        [
            *(required(line.finished_good, line.quantity, "", packages) for line in goods),
            *(
                required(line.product, line.quantity, line.unit, packages, where="the package")
                for line in wrapping
            ),
        ]
    )
