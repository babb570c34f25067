"""What bakes and assemblies have in common: who recorded them, the notes, and whether they still count."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models

from bakery.core.models import Editable
from bakery.core.text import NAME_LENGTH
from bakery.core.transfer.writing import row_of


class RunManager(models.Manager[Any]):
    def counting(self) -> models.QuerySet[Any]:
        """Runs that count: not voided."""
        return self.filter(voided_at__isnull=True)


class Run(Editable):
    """Something made here at once. `stock_entry` (of the child) is its line in the ledger."""

    notes = models.TextField(blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    recorded_by_name = models.CharField(max_length=NAME_LENGTH, blank=True)
    voided_at = models.DateTimeField(null=True, blank=True)
    void_reason = models.CharField(max_length=NAME_LENGTH, blank=True)

    objects: ClassVar[RunManager] = RunManager()

    class Meta:
        abstract = True

    @property
    def is_voided(self) -> bool:
        return self.voided_at is not None

    def to_dict(self) -> dict[str, Any]:
        """The row a file has of this run, with what went in, and the id of its event."""
        return {**row_of(self), "event_id": getattr(self, "event_id", None)}
