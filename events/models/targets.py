"""What is to be made for an event.

A target that came from the packages (`is_suggested`) follows them when asked to; one set by hand stays as it is.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from assembly.models import FinishedGood
from bakery.core.fields import FixedPointField
from bakery.core.models import Record
from bakery.core.numbers import MONEY_PLACES
from events.models.occasions import Event
from production.models import Recipe


class EventProductionTarget(Record):
    """How many batches of a recipe an event needs.

    `planned_cost` is for the whole target, as estimated when it was set; None when nothing had a price.
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="production_targets")
    recipe = models.ForeignKey(Recipe, on_delete=models.PROTECT, related_name="event_targets")
    target_batches = models.PositiveIntegerField("batches")
    planned_cost = FixedPointField(places=MONEY_PLACES, null=True, blank=True)
    notes = models.TextField(blank=True)
    is_suggested = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ["recipe__name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "recipe"],
                name="events_bake_target_once",
                violation_error_message="This recipe has a target for the event already. Change that one.",
            ),
            models.CheckConstraint(condition=Q(target_batches__gt=0), name="events_bake_target_batches"),
            models.CheckConstraint(
                condition=Q(planned_cost__isnull=True) | Q(planned_cost__gte=0),
                name="events_bake_target_cost",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.target_batches} × {self.recipe} for {self.event}"


class EventAssemblyTarget(Record):
    """How many of a box or bag an event needs."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="assembly_targets")
    finished_good = models.ForeignKey(FinishedGood, on_delete=models.PROTECT, related_name="event_targets")
    target_quantity = models.PositiveIntegerField("quantity")
    notes = models.TextField(blank=True)
    is_suggested = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ["finished_good__name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "finished_good"],
                name="events_box_target_once",
                violation_error_message="It has a target for the event already. Change that one.",
            ),
            models.CheckConstraint(condition=Q(target_quantity__gt=0), name="events_box_target_quantity"),
        ]

    def __str__(self) -> str:
        return f"{self.target_quantity} × {self.finished_good} for {self.event}"
