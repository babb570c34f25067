"""The ledger: lots, what happened to them, and by how much each changed. Appended to, never edited."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from bakery.core.fields import FixedPointField
from bakery.core.models import Editable, Record
from bakery.core.numbers import MONEY_PLACES, QUANTITY_PLACES
from bakery.core.text import NAME_LENGTH
from inventory.models.items import Product, StockItem, Supplier


class Lot(Editable):
    """What was bought or made at once: a quantity and the money it stands for, and what is left of both."""

    item = models.ForeignKey(StockItem, on_delete=models.PROTECT, related_name="lots", db_index=False)
    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, null=True, blank=True, related_name="lots", db_index=False
    )
    supplier = models.ForeignKey(
        Supplier, on_delete=models.PROTECT, null=True, blank=True, related_name="lots"
    )
    received_on = models.DateField("received")
    quantity = FixedPointField(places=QUANTITY_PLACES)
    value = FixedPointField(places=MONEY_PLACES)
    quantity_remaining = FixedPointField("remaining", places=QUANTITY_PLACES)
    value_remaining = FixedPointField(places=MONEY_PLACES)
    expires_on = models.DateField("use by", null=True, blank=True)
    location = models.CharField("shelf", max_length=NAME_LENGTH, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["received_on", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="inventory_lot_quantity"),
            models.CheckConstraint(condition=Q(value__gte=0), name="inventory_lot_value"),
            models.CheckConstraint(
                condition=Q(quantity_remaining__gte=0) & Q(quantity_remaining__lte=F("quantity")),
                name="inventory_lot_remaining",
            ),
            models.CheckConstraint(condition=Q(value_remaining__gte=0), name="inventory_lot_value_left"),
            models.CheckConstraint(
                condition=Q(quantity_remaining__gt=0) | Q(value_remaining=0), name="inventory_lot_empty"
            ),
        ]
        indexes = [
            models.Index(
                fields=["item", "received_on", "id"],
                condition=Q(quantity_remaining__gt=0),
                name="inventory_lot_queue",
            ),
            models.Index(
                fields=["product", "received_on", "id"],
                condition=Q(quantity_remaining__gt=0),
                name="inventory_lot_product_queue",
            ),
            # What was bought last, and for how much: without them every lot there ever was is read.
            models.Index(fields=["item", "-received_on", "-id"], name="inventory_lot_newest"),
            models.Index(fields=["product", "-received_on", "-id"], name="inventory_lot_newest_product"),
        ]

    def __str__(self) -> str:
        return f"{self.product or self.item}, {self.received_on:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("inventory:lot", args=[self.pk])

    @property
    def is_used_up(self) -> bool:
        return not self.quantity_remaining


class EntryKind(models.TextChoices):
    RECEIPT = "receipt", "purchase"
    OPENING = "opening", "opening stock"
    PRODUCTION = "production", "bake"
    ASSEMBLY = "assembly", "assembly"
    FULFILMENT = "fulfilment", "packing"
    ADJUSTMENT = "adjustment", "adjustment"
    COST_CORRECTION = "cost_correction", "price correction"
    REVERSAL = "reversal", "void"


class AppendOnlyError(RuntimeError):
    """A line of the ledger was about to be changed or deleted: a fault in the program, never the baker's."""


class AppendOnly(models.Model):
    """A row that is written once. The database refuses changes too (see inventory.triggers)."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnlyError(f"{self._meta.verbose_name} {self.pk} is history and stays as it is.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise AppendOnlyError(f"{self._meta.verbose_name} {self.pk} is history and is never deleted.")


class StockEntry(AppendOnly, Record):
    """One thing that happened, under the key (`uuid`) its caller chose for it."""

    fingerprint = models.CharField(max_length=64, editable=False)
    kind = models.CharField(max_length=20, choices=EntryKind.choices)
    occurred_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    recorded_by_name = models.CharField(max_length=NAME_LENGTH, blank=True)
    summary = models.CharField(max_length=500)
    reason = models.CharField(max_length=NAME_LENGTH, blank=True)
    note = models.TextField(blank=True)
    reverses = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="reversed_by"
    )

    class Meta:
        ordering = ["-occurred_at", "-id"]
        verbose_name = "ledger entry"
        verbose_name_plural = "ledger entries"
        indexes = [
            models.Index(fields=["occurred_at", "id"], name="inventory_entry_when"),
            # Hardly any entry reverses another. To SQLite's planner the index of the constraint, full of
            # NULLs, looks useless, and it would look for the reversal of each entry in the whole table.
            models.Index(
                fields=["reverses"], condition=Q(reverses__isnull=False), name="inventory_entry_reversal"
            ),
        ]

    def __str__(self) -> str:
        return self.summary

    def get_absolute_url(self) -> str:
        return reverse("inventory:entry", args=[self.pk])


class StockMovement(AppendOnly):
    """By how much one entry changed one lot: signed stock units (3 places), signed money (4 places)."""

    entry = models.ForeignKey(StockEntry, on_delete=models.PROTECT, related_name="movements")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="movements")
    quantity = FixedPointField(places=QUANTITY_PLACES)
    value = FixedPointField(places=MONEY_PLACES)

    class Meta:
        ordering = ["id"]
        verbose_name = "ledger movement"
        constraints = [
            models.UniqueConstraint(fields=["entry", "lot"], name="inventory_movement_once"),
            models.CheckConstraint(
                condition=~Q(quantity=0) | ~Q(value=0), name="inventory_movement_not_zero"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of lot {self.lot_id}"
