"""What packages ask of the shelf: finished goods as they stand there, and the wrapping around them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from assembly.services.requirements import ComponentRequirement, Requirements, name_of
from bakery.core.errors import InvalidValueError
from bakery.core.numbers import MAX_QUANTITY, QUANTITY_PLACES, round_half_even
from events.models import PackageFinishedGood, PackagePackaging
from inventory import units
from inventory.errors import Unconvertible
from inventory.models import Kind


def contents_of(package_id: int, packages: int) -> Requirements:
    """What so many of one package need, each good and each product of packaging once: two queries."""
    lines = [
        ComponentRequirement(
            component_type=Kind.FINISHED_GOOD.value,
            component_id=line.finished_good_id,
            component_name=line.finished_good.name,
            quantity=rounded(line.finished_good.name, Fraction(line.quantity * packages)),
            unit=line.finished_good.stock_unit,
            item_id=line.finished_good_id,
            exact=Fraction(line.quantity),
        )
        for line in PackageFinishedGood.objects.filter(package=package_id).select_related("finished_good")
    ]
    unconvertible = []
    wrapping = PackagePackaging.objects.filter(package=package_id).select_related("product__ingredient")
    for line in wrapping:
        try:
            lines.append(wrapping_requirement(line, packages))
        except InvalidValueError as error:
            unconvertible.append(unconvertible_line(line, error))
    return Requirements(tuple(lines), tuple(unconvertible))


def wrapping_requirement(line: PackagePackaging, packages: int) -> ComponentRequirement:
    packaging = line.product.ingredient
    exact = units.convert(
        line.quantity, line.unit or packaging.stock_unit, packaging.stock_unit, **packaging.factors
    )
    return ComponentRequirement(
        component_type=Kind.PACKAGING.value,
        component_id=line.product_id,
        component_name=name_of(line.product),
        quantity=rounded(packaging.name, exact * packages),
        unit=packaging.stock_unit,
        item_id=packaging.pk,
        exact=exact,
        is_tracked=packaging.is_tracked,
    )


def rounded(name: str, total: Fraction) -> Decimal:
    if total >= MAX_QUANTITY:
        raise InvalidValueError(f"That is more {name} than can be counted.", field="quantity")
    return round_half_even(total, QUANTITY_PLACES)


def unconvertible_line(line: PackagePackaging, error: Exception) -> Unconvertible:
    packaging = line.product.ingredient
    unit = line.unit or packaging.stock_unit
    try:
        advice = units.advice(
            packaging.name, unit, packaging.stock_unit, **packaging.factors, where="the package"
        )
    except InvalidValueError:
        advice = ""
    return Unconvertible(
        packaging.slug,
        packaging.name,
        line.quantity,
        unit,
        packaging.stock_unit,
        advice or str(error),
        packaging.pk,
    )
