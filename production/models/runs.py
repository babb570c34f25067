"""What was baked: the run, and a snapshot of what went into it."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from bakery.core.fields import FixedPointField
from bakery.core.formatting import plural
from bakery.core.numbers import MONEY_PLACES, QUANTITY_PLACES
from bakery.core.text import NAME_LENGTH, SLUG_LENGTH, UNIT_LENGTH
from inventory.models import Run, StockEntry
from production.models.recipes import FinishedUnit, Recipe


class ProductionRun(Run):
    """One bake. `stock_entry` is its line in the ledger; None for imported history."""

    recipe = models.ForeignKey(
        Recipe, on_delete=models.PROTECT, related_name="production_runs", db_index=False
    )
    finished_unit = models.ForeignKey(
        FinishedUnit, on_delete=models.PROTECT, related_name="production_runs", db_index=False
    )
    event = models.ForeignKey(
        "events.Event",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="production_runs",
        db_index=False,
    )
    num_batches = models.PositiveIntegerField("batches")
    expected_yield = models.PositiveIntegerField()
    actual_yield = models.PositiveIntegerField()
    yield_variance = models.IntegerField(help_text="Expected minus actual.")
    produced_at = models.DateTimeField(default=timezone.now)
    total_ingredient_cost = FixedPointField(places=MONEY_PLACES)
    per_unit_cost = FixedPointField(places=MONEY_PLACES)
    stock_entry = models.OneToOneField(
        StockEntry, on_delete=models.PROTECT, null=True, blank=True, related_name="production_run"
    )

    class Meta:
        ordering = ["-produced_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(num_batches__gt=0), name="production_run_batches"),
            models.CheckConstraint(condition=Q(expected_yield__gte=0), name="production_run_expected"),
            models.CheckConstraint(condition=Q(actual_yield__gte=0), name="production_run_actual"),
            models.CheckConstraint(condition=Q(total_ingredient_cost__gte=0), name="production_run_cost"),
            models.CheckConstraint(condition=Q(per_unit_cost__gte=0), name="production_run_unit_cost"),
        ]
        # The histories read their newest page from these, however many years there are. What begins with a
        # key serves as its index too, so that the key needs none of its own.
        indexes = [
            models.Index(fields=["produced_at", "id"], name="production_run_when"),
            # Most bakes are for no event: an index that held them too would look useless to SQLite.
            models.Index(
                fields=["event", "produced_at", "id"],
                condition=Q(event__isnull=False),
                name="production_run_event",
            ),
            models.Index(
                fields=["event", "recipe"], condition=Q(event__isnull=False), name="production_run_target"
            ),
            models.Index(fields=["recipe", "produced_at", "id"], name="production_run_recipe"),
            models.Index(fields=["finished_unit", "produced_at", "id"], name="production_run_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.recipe}, {self.produced_at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("production:run", args=[self.pk])

    @property
    def title(self) -> str:
        """What was baked, in a heading: "Lebkuchen, 2 batches"."""
        return f"{self.recipe}, {plural(self.num_batches, 'batch')}"

    @property
    def when(self) -> datetime:
        return self.produced_at


class ProductionConsumption(models.Model):
    """How much of one ingredient went in: a snapshot that survives renames. Written once."""

    production_run = models.ForeignKey(ProductionRun, on_delete=models.CASCADE, related_name="consumptions")
    ingredient_slug = models.CharField(max_length=SLUG_LENGTH)
    ingredient_name = models.CharField(max_length=NAME_LENGTH)
    quantity_consumed = FixedPointField(places=QUANTITY_PLACES)
    unit = models.CharField(max_length=UNIT_LENGTH)
    total_cost = FixedPointField(places=MONEY_PLACES)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["production_run", "ingredient_slug"], name="production_consumption_once"
            ),
            models.CheckConstraint(condition=Q(quantity_consumed__gt=0), name="production_consumption_used"),
            models.CheckConstraint(condition=Q(total_cost__gte=0), name="production_consumption_cost"),
        ]
        indexes = [models.Index(fields=["ingredient_slug"], name="production_consumption_slug")]

    def __str__(self) -> str:
        return f"{self.quantity_consumed} {self.unit} {self.ingredient_name}"
