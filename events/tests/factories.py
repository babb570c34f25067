"""Minimal events and packages. The numbers that matter stand in the tests."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import factory
from factory.django import DjangoModelFactory

from assembly.models import FinishedGood
from events.models import (
    Event,
    EventRecipientPackage,
    Package,
    PackageFinishedGood,
    PackagePackaging,
    Recipient,
)


class EventFactory(DjangoModelFactory):
    class Meta:
        model = Event

    name = factory.Sequence(lambda n: f"Event {n}")
    event_date = date(2026, 12, 24)


class RecipientFactory(DjangoModelFactory):
    class Meta:
        model = Recipient

    name = factory.Sequence(lambda n: f"Recipient {n}")


class PackageFactory(DjangoModelFactory):
    class Meta:
        model = Package

    name = factory.Sequence(lambda n: f"Package {n}")


def package_of(*lines: tuple[Any, ...], name: str = "") -> Package:
    """A package of these (good, count) and (product, quantity[, unit]) lines, validated as the forms would."""
    package = PackageFactory(**({"name": name} if name else {}))
    for thing, quantity, *unit in lines:
        if isinstance(thing, FinishedGood):
            line: Any = PackageFinishedGood(package=package, finished_good=thing, quantity=quantity)
        else:
            line = PackagePackaging(
                package=package, product=thing, quantity=Decimal(quantity), unit=unit[0] if unit else ""
            )
        line.full_clean()
        line.save()
    return package


def assigned(event: Event, package: Package, quantity: int = 1, **fields: Any) -> EventRecipientPackage:
    """So many of a package for a recipient of their own, waiting to be packed."""
    recipient = fields.pop("recipient", None) or RecipientFactory()
    return EventRecipientPackage.objects.create(
        event=event, recipient=recipient, package=package, quantity=quantity, **fields
    )
