"""What people put on the shopping list, and what they ticked off."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from bakery.core.fields import FixedPointField
from bakery.core.models import Record
from bakery.core.numbers import QUANTITY_PLACES
from bakery.core.text import NAME_LENGTH, UNIT_LENGTH
from events.models.occasions import Event
from inventory import units
from inventory.models import Ingredient, Lot, Product


class ShoppingItem(Record):
    """A line put on the list by hand (`text`, or an ingredient or product), or the tick on a computed line.

    `event` None is the list of the house; `lot` is the purchase a ticked line became.
    """

    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, null=True, blank=True, related_name="shopping_items"
    )
    ingredient = models.ForeignKey(
        Ingredient, on_delete=models.CASCADE, null=True, blank=True, related_name="shopping_items"
    )
    product = models.ForeignKey(
        Product, on_delete=models.CASCADE, null=True, blank=True, related_name="shopping_items"
    )
    text = models.CharField(max_length=NAME_LENGTH, blank=True)
    quantity = FixedPointField(places=QUANTITY_PLACES, null=True, blank=True)
    unit = models.CharField(max_length=UNIT_LENGTH, blank=True, choices=units.choices())
    is_by_hand = models.BooleanField(default=True, editable=False)
    ticked_at = models.DateTimeField(null=True, blank=True)
    ticked_by_name = models.CharField(max_length=NAME_LENGTH, blank=True)
    lot = models.OneToOneField(
        Lot, on_delete=models.PROTECT, null=True, blank=True, related_name="shopping_item"
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text="") | Q(ingredient__isnull=False) | Q(product__isnull=False),
                name="events_shopping_says_what",
                violation_error_message="Say what to buy.",
            ),
            models.CheckConstraint(
                condition=Q(quantity__isnull=True) | Q(quantity__gt=0), name="events_shopping_quantity"
            ),
        ]

    def __str__(self) -> str:
        return self.text or str(self.product or self.ingredient)
