"""What was put together: the run, and a snapshot of what went into it."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from assembly.models.goods import FinishedGood
from bakery.core.fields import FixedPointField
from bakery.core.numbers import MONEY_PLACES, QUANTITY_PLACES
from bakery.core.text import UNIT_LENGTH
from inventory.models import Product, Run, StockEntry
from production.models import FinishedUnit


class AssemblyRun(Run):
    """Some of one good, put together at once. `stock_entry` is None for imported history."""

    finished_good = models.ForeignKey(
        FinishedGood, on_delete=models.PROTECT, related_name="assembly_runs", db_index=False
    )
    event = models.ForeignKey(
        "events.Event",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="assembly_runs",
        db_index=False,
    )
    quantity_assembled = models.PositiveIntegerField("assembled")
    assembled_at = models.DateTimeField(default=timezone.now)
    total_component_cost = FixedPointField(places=MONEY_PLACES)
    per_unit_cost = FixedPointField(places=MONEY_PLACES)
    stock_entry = models.OneToOneField(
        StockEntry, on_delete=models.PROTECT, null=True, blank=True, related_name="assembly_run"
    )

    class Meta:
        ordering = ["-assembled_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(quantity_assembled__gt=0), name="assembly_run_quantity"),
            models.CheckConstraint(condition=Q(total_component_cost__gte=0), name="assembly_run_cost"),
            models.CheckConstraint(condition=Q(per_unit_cost__gte=0), name="assembly_run_unit_cost"),
        ]
        indexes = [
            models.Index(fields=["assembled_at", "id"], name="assembly_run_when"),
            models.Index(
                fields=["event", "assembled_at", "id"],
                condition=Q(event__isnull=False),
                name="assembly_run_event",
            ),
            models.Index(
                fields=["event", "finished_good"],
                condition=Q(event__isnull=False),
                name="assembly_run_target",
            ),
            models.Index(fields=["finished_good", "assembled_at", "id"], name="assembly_run_good"),
        ]

    def __str__(self) -> str:
        return f"{self.finished_good}, {self.assembled_at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("assembly:run", args=[self.pk])

    @property
    def title(self) -> str:
        """What was put together, in a heading: "4 × Cookie tin"."""
        return f"{self.quantity_assembled} × {self.finished_good}"

    @property
    def when(self) -> datetime:
        return self.assembled_at


class AssemblyFinishedUnitConsumption(models.Model):
    """How many of one baked thing went in, and what they cost. Written once."""

    assembly_run = models.ForeignKey(
        AssemblyRun, on_delete=models.CASCADE, related_name="finished_unit_consumptions"
    )
    finished_unit = models.ForeignKey(FinishedUnit, on_delete=models.PROTECT, related_name="consumptions")
    quantity_consumed = FixedPointField(places=QUANTITY_PLACES)
    unit_cost_at_consumption = FixedPointField(places=MONEY_PLACES)
    total_cost = FixedPointField(places=MONEY_PLACES)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["assembly_run", "finished_unit"], name="assembly_used_unit_once"),
            models.CheckConstraint(condition=Q(quantity_consumed__gt=0), name="assembly_used_unit"),
            models.CheckConstraint(
                condition=Q(total_cost__gte=0, unit_cost_at_consumption__gte=0),
                name="assembly_used_unit_cost",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity_consumed:.0f} {self.finished_unit}"


class AssemblyFinishedGoodConsumption(models.Model):
    """How many of one inner good went in, and what they cost. Written once."""

    assembly_run = models.ForeignKey(
        AssemblyRun, on_delete=models.CASCADE, related_name="finished_good_consumptions"
    )
    finished_good = models.ForeignKey(FinishedGood, on_delete=models.PROTECT, related_name="consumptions")
    quantity_consumed = FixedPointField(places=QUANTITY_PLACES)
    unit_cost_at_consumption = FixedPointField(places=MONEY_PLACES)
    total_cost = FixedPointField(places=MONEY_PLACES)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["assembly_run", "finished_good"], name="assembly_used_good_once"),
            models.CheckConstraint(condition=Q(quantity_consumed__gt=0), name="assembly_used_good"),
            models.CheckConstraint(
                condition=Q(total_cost__gte=0, unit_cost_at_consumption__gte=0),
                name="assembly_used_good_cost",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity_consumed:.0f} {self.finished_good}"


class AssemblyPackagingConsumption(models.Model):
    """How much of one product of packaging went in, in `unit`, and what it cost. Written once."""

    assembly_run = models.ForeignKey(
        AssemblyRun, on_delete=models.CASCADE, related_name="packaging_consumptions"
    )
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="assembly_consumptions")
    quantity_consumed = FixedPointField(places=QUANTITY_PLACES)
    unit = models.CharField(max_length=UNIT_LENGTH)
    total_cost = FixedPointField(places=MONEY_PLACES)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["assembly_run", "product"], name="assembly_used_packaging_once"),
            models.CheckConstraint(condition=Q(quantity_consumed__gt=0), name="assembly_used_packaging"),
            models.CheckConstraint(condition=Q(total_cost__gte=0), name="assembly_used_packaging_cost"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity_consumed} {self.unit} {self.product}"
