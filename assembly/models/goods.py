"""Boxes, bags and hampers, and what one of them holds."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from bakery.core.fields import FixedPointField
from bakery.core.models import Record
from bakery.core.numbers import MAX_COUNT, RECIPE_PLACES, step
from bakery.core.text import NAME_LENGTH, UNIT_LENGTH
from inventory import units
from inventory.models import Kind, Product, StockItem
from production import graph
from production.models import FinishedUnit

ONE_COMPONENT = "Choose exactly one: something baked, another box or bag, or packaging."


class FinishedGood(StockItem):
    """What is given away: a bag of cookies, a gift box, a hamper of bags."""

    default_kind = Kind.FINISHED_GOOD

    description = models.TextField(blank=True)
    instructions = models.TextField(blank=True)

    def get_absolute_url(self) -> str:
        return reverse("assembly:good", args=[self.slug])

    def clean(self) -> None:
        self.stock_unit = "each"
        super().clean()


class Composition(Record):
    """One line of a finished good: how much of one unit, one other good or one product of packaging."""

    offers: ClassVar[dict[str, Any]] = {"packaging_product": {"ingredient__kind": Kind.PACKAGING}}

    finished_good = models.ForeignKey(FinishedGood, on_delete=models.CASCADE, related_name="compositions")
    component_unit = models.ForeignKey(
        FinishedUnit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="compositions",
        verbose_name="baked",
    )
    component_good = models.ForeignKey(
        FinishedGood,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="used_in",
        verbose_name="box or bag",
    )
    packaging_product = models.ForeignKey(
        Product,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="compositions",
        verbose_name="packaging",
    )
    quantity = FixedPointField(places=RECIPE_PLACES, validators=[MinValueValidator(step(RECIPE_PLACES))])
    unit = models.CharField(
        max_length=UNIT_LENGTH,
        blank=True,
        choices=units.choices(),
        help_text="For packaging: 0.5 yd of ribbon. Empty means the unit it is kept in.",
    )
    note = models.CharField(max_length=NAME_LENGTH, blank=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(
                        component_unit__isnull=False,
                        component_good__isnull=True,
                        packaging_product__isnull=True,
                    )
                    | Q(
                        component_unit__isnull=True,
                        component_good__isnull=False,
                        packaging_product__isnull=True,
                    )
                    | Q(
                        component_unit__isnull=True,
                        component_good__isnull=True,
                        packaging_product__isnull=False,
                    )
                ),
                name="assembly_line_exactly_one",
                violation_error_message=ONE_COMPONENT,
            ),
            *(
                models.UniqueConstraint(
                    fields=["finished_good", component],
                    name=f"assembly_line_{name}_once",
                    violation_error_message="This is already a part of it. Change the quantity instead.",
                )
                for component, name in (
                    ("component_unit", "unit"),
                    ("component_good", "good"),
                    ("packaging_product", "product"),
                )
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="assembly_line_quantity"),
            models.CheckConstraint(
                condition=Q(unit="") | Q(packaging_product__isnull=False),
                name="assembly_line_unit_packaging",
                violation_error_message="Pieces are counted: only packaging has a unit.",
            ),
            models.CheckConstraint(
                condition=~Q(finished_good=F("component_good")),
                name="assembly_line_not_self",
                violation_error_message="It cannot be a part of itself.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity.normalize():f} {self.unit} {self.component}".replace("  ", " ")

    @property
    def component(self) -> FinishedUnit | FinishedGood | Product | None:
        return self.component_unit or self.component_good or self.packaging_product

    def clean(self) -> None:
        super().clean()
        chosen = [self.component_unit_id, self.component_good_id, self.packaging_product_id]
        if sum(each is not None for each in chosen) != 1:
            raise ValidationError(ONE_COMPONENT)
        if self.packaging_product is not None:
            self.packaging_product.refuse_as_packaging(
                self.unit, field="packaging_product", where="the composition"
            )
            self.packaging_product.ingredient.refuse_uncountable(self.quantity, self.unit)
            return
        if self.quantity is not None and self.quantity != int(self.quantity):
            raise ValidationError({"quantity": f"{self.component} is counted in whole pieces."})
        if self.quantity is not None and self.quantity > MAX_COUNT:
            raise ValidationError({"quantity": f"Enter at most {MAX_COUNT} pieces."})
        if self.unit:
            raise ValidationError({"unit": "Pieces are counted: only packaging has a unit."})
        if self.component_good_id and self.finished_good_id:
            self._refuse_circle(self.component_good_id)

    def _refuse_circle(self, inner: int) -> None:
        edges = (
            (outer, inner)
            for pk, outer, inner in Composition.objects.filter(component_good__isnull=False).values_list(
                "pk", "finished_good_id", "component_good_id"
            )
            if pk != self.pk
        )
        path = graph.cycle_with(edges, self.finished_good_id, inner)
        if path:
            names = dict(FinishedGood.objects.filter(pk__in=path).values_list("pk", "name"))
            said = " → ".join(names[step_id] for step_id in path)
            raise ValidationError(
                {"component_good": f"That would go round in a circle: {said}. Nothing was changed."}
            )
