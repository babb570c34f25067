"""What compositions need of packaging, told to the pantry below."""

from __future__ import annotations

from assembly.models import Composition
from bakery.core.formatting import as_written
from inventory import units
from inventory.models import Ingredient


def lines_without_conversion(ingredient: Ingredient) -> list[str]:
    """The lines of boxes that do not convert to the unit `ingredient` is kept in."""
    lines = Composition.objects.filter(packaging_product__ingredient=ingredient.pk).exclude(unit="")
    return [
        f"{line.finished_good} ({as_written(line.quantity, line.unit)})"
        for line in lines.select_related("finished_good").order_by("finished_good__name", "position", "id")
        if not units.can_convert(line.unit, ingredient.stock_unit, **ingredient.factors)
    ]
