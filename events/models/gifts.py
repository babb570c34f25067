"""Who gets what: recipients, packages, and which package goes to whom."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from assembly.models import FinishedGood
from bakery.core.fields import FixedPointField, SearchNameField
from bakery.core.models import Record
from bakery.core.numbers import MAX_COUNT, RECIPE_PLACES, step
from bakery.core.text import NAME_LENGTH, UNIT_LENGTH
from events.models.occasions import Event
from inventory import units
from inventory.models import Allergen, Kind, Product, StockEntry


class Recipient(Record):
    """Somebody who is given something, and what they avoid eating."""

    name = models.CharField(max_length=NAME_LENGTH)
    search_name = SearchNameField()
    household = models.CharField(max_length=NAME_LENGTH, blank=True, help_text="Whose door: “the Ahlgrens”.")
    address = models.TextField(blank=True)
    notes = models.TextField(blank=True)
    avoids = models.ManyToManyField(Allergen, blank=True, related_name="avoided_by")
    is_archived = models.BooleanField("archived", default=False)

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("events:recipient", args=[self.pk])


class Package(Record):
    """What one recipient is handed: finished goods, and the wrapping around them."""

    name = models.CharField(max_length=NAME_LENGTH, unique=True)
    description = models.TextField(blank=True)
    is_archived = models.BooleanField("archived", default=False)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("events:package", args=[self.pk])


class PackageFinishedGood(Record):
    """So many of one finished good in a package."""

    package = models.ForeignKey(Package, on_delete=models.CASCADE, related_name="goods")
    finished_good = models.ForeignKey(
        FinishedGood, on_delete=models.PROTECT, related_name="in_packages", verbose_name="box or bag"
    )
    quantity = models.PositiveIntegerField(default=1, validators=[MinValueValidator(1)])

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["package", "finished_good"],
                name="events_package_good_once",
                violation_error_message="This is in the package already. Change the quantity instead.",
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="events_package_good_quantity"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.finished_good}"

    def clean(self) -> None:
        super().clean()
        if self.quantity is not None and self.quantity > MAX_COUNT:
            raise ValidationError({"quantity": f"Enter at most {MAX_COUNT} pieces."})


class PackagePackaging(Record):
    """Wrapping of a package: an amount of one product of packaging, in `unit` or the unit it is kept in."""

    offers: ClassVar[dict[str, Any]] = {"product": {"ingredient__kind": Kind.PACKAGING}}

    package = models.ForeignKey(Package, on_delete=models.CASCADE, related_name="wrapping")
    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, related_name="in_packages", verbose_name="packaging"
    )
    quantity = FixedPointField(places=RECIPE_PLACES, validators=[MinValueValidator(step(RECIPE_PLACES))])
    unit = models.CharField(
        max_length=UNIT_LENGTH,
        blank=True,
        choices=units.choices(),
        help_text="0.5 yd of ribbon. Empty means the unit it is kept in.",
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["package", "product"],
                name="events_package_wrap_once",
                violation_error_message="This wraps the package already. Change the quantity instead.",
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="events_package_wrap_quantity"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity.normalize():f} {self.unit} {self.product}".replace("  ", " ")

    def clean(self) -> None:
        super().clean()
        if not self.product_id:
            return
        self.product.refuse_as_packaging(self.unit, field="product", where="the package")
        self.product.ingredient.refuse_uncountable(self.quantity, self.unit)


class FulfillmentStatus(models.TextChoices):
    PENDING = "pending", "Pending"
    READY = "ready", "Ready"
    DELIVERED = "delivered", "Delivered"


class EventRecipientPackage(Record):
    """One package, or several alike, for one recipient at one event.

    `stock_entry` is what packing it took off the shelf; None until it is packed.
    """

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="assignments")
    recipient = models.ForeignKey(Recipient, on_delete=models.PROTECT, related_name="assignments")
    package = models.ForeignKey(Package, on_delete=models.PROTECT, related_name="assignments")
    quantity = models.PositiveIntegerField(default=1, validators=[MinValueValidator(1)])
    fulfillment_status = models.CharField(
        "status", max_length=10, choices=FulfillmentStatus.choices, default=FulfillmentStatus.PENDING
    )
    ready_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    delivered_to = models.CharField(max_length=NAME_LENGTH, blank=True)
    notes = models.TextField(blank=True)
    stock_entry = models.OneToOneField(
        StockEntry, on_delete=models.PROTECT, null=True, blank=True, related_name="assignment"
    )

    class Meta:
        ordering = ["recipient__name", "package__name", "id"]
        verbose_name = "assignment"
        constraints = [
            models.UniqueConstraint(
                fields=["event", "recipient", "package"],
                name="events_assignment_once",
                violation_error_message=(
                    "This recipient gets this package at this event already. Change the quantity instead."
                ),
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="events_assignment_quantity"),
            models.CheckConstraint(
                condition=Q(fulfillment_status__in=FulfillmentStatus.values), name="events_assignment_status"
            ),
            models.CheckConstraint(
                condition=~Q(fulfillment_status=FulfillmentStatus.PENDING) | Q(stock_entry__isnull=True),
                name="events_assignment_unpacked",
            ),
        ]
        indexes = [
            models.Index(fields=["event", "fulfillment_status"], name="events_assignment_by_status"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.package} for {self.recipient}"

    def get_absolute_url(self) -> str:
        """Its row among the packages of the event, on whichever page of them."""
        packages = reverse("events:packages_of", args=[self.event.slug], query={"row": self.pk})
        return f"{packages}#assignment-{self.pk}"

    @property
    def is_packed(self) -> bool:
        return self.fulfillment_status != FulfillmentStatus.PENDING
