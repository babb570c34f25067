"""Recipients and packages as the lists show them, and what somebody was given."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from bakery.core.text import search_name
from events.models import EventRecipientPackage, FulfillmentStatus, Package, Recipient

DELIVERED = Q(assignments__fulfillment_status=FulfillmentStatus.DELIVERED)


def recipients_matching(text: str, *, archived: bool = False) -> QuerySet[Any]:
    """Recipients by name or household, without accents, with when each was given something last."""
    found = Recipient.objects.filter(is_archived=archived)
    words = search_name(text).split()
    if words:
        # No database folds the household's accents as people type them: there are few enough to look at.
        households = dict(Recipient.objects.exclude(household="").values_list("pk", "household"))
        for word in words:
            living_there = [pk for pk, name in households.items() if word in search_name(name)]
            found = found.filter(Q(search_name__contains=word) | Q(pk__in=living_there))
    return (
        found.annotate(last_given=Max("assignments__delivered_at", filter=DELIVERED))
        .prefetch_related("avoids")
        .order_by("search_name", "id")
    )


def packages_matching(text: str, *, archived: bool = False) -> QuerySet[Any]:
    """Packages by name, without accents, with how many recipients each is planned for or went to."""
    found = Package.objects.filter(is_archived=archived)
    words = search_name(text).split()
    if words:
        names = dict(Package.objects.values_list("pk", "name"))
        found = found.filter(
            pk__in=[pk for pk, name in names.items() if all(word in search_name(name) for word in words)]
        )
    return found.annotate(given=Count("assignments")).order_by("name")


def given_to(recipient: Recipient) -> QuerySet[EventRecipientPackage]:
    """What somebody was or is to be given, the latest event first."""
    return recipient.assignments.select_related("event", "package").order_by(
        "-event__event_date", "package__name", "-id"
    )


def who_gets(package: Package) -> QuerySet[EventRecipientPackage]:
    """Who was or is to be given a package, the latest event first."""
    return package.assignments.select_related("event", "recipient").order_by(
        "-event__event_date", "recipient__name", "-id"
    )
