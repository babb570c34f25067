"""Who gets what at an event, and what happens to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join

from bakery.core.forms import Choices, CountField, KeyField, PastMomentField, SeveralField
from bakery.core.text import NAME_LENGTH
from events.models import Event, Package, Recipient
from events.services.assignments import ON_DELIVERY


class AssignForm(forms.Form):
    """One package for several recipients at once."""

    recipients = SeveralField(
        Recipient.objects.all(), error_messages={"required": "Choose at least one recipient."}
    )
    package = forms.ModelChoiceField(Package.objects.all())
    quantity = CountField(label="How many each", things="Packages", initial=1)
    notes = forms.CharField(required=False, widget=forms.TextInput)

    def __init__(self, *args: Any, recipients: Choices, packages: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["recipients"].choices = recipients
        fields["package"].choices = packages
        for name in ("recipients", "package"):
            fields[name].widget.attrs["data-picker"] = ""


class EditAssignmentForm(forms.Form):
    """What may change of a package; once it is packed, only the notes.

    `outcome` are the lines that tell how the packing and the delivery went: shown beside the notes, for they stay.
    """

    package = forms.ModelChoiceField(Package.objects.all(), required=False)
    quantity = CountField(things="Packages", required=False)
    notes = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(
        self,
        *args: Any,
        packages: Choices,
        is_packed: bool = False,
        outcome: Sequence[str] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        if is_packed:
            fields["notes"].help_text = _stays(outcome)
            del fields["package"], fields["quantity"]
            return
        fields["package"].choices = packages
        for name in ("package", "quantity"):
            fields[name].required = True
        fields["quantity"].widget.attrs["autofocus"] = True


def _stays(outcome: Sequence[str]) -> str:
    """What stands below the notes of a packed package and stays, and how to put right what was said of a delivery."""
    if not outcome:
        return ""
    lines = format_html_join("", "{}<br>", ((line,) for line in outcome))
    put_right = (
        f" A line that begins with “{ON_DELIVERY.strip()}” takes the place of the one there is."
        if any(line.startswith(ON_DELIVERY) for line in outcome)
        else ""
    )
    return format_html("{}This stays until it is unpacked.{}", lines, put_right)


class DeliverForm(forms.Form):
    uuid = KeyField()
    delivered_to = forms.CharField(
        label="Handed to",
        max_length=NAME_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"autofocus": True, "placeholder": "a neighbor"}),
    )
    delivered_at = PastMomentField(label="When")
    note = forms.CharField(label="Note", required=False, widget=forms.TextInput)


class CopyForm(forms.Form):
    from_event = forms.ModelChoiceField(Event.objects.all(), label="From")

    def __init__(self, *args: Any, events: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["from_event"].choices = events  # type: ignore[attr-defined]


def recipient_choices() -> list[tuple[Any, str]]:
    """Everybody on the list with their household: one statement."""
    people = Recipient.objects.filter(is_archived=False).order_by("search_name")
    return [
        (pk, f"{name}, {household}" if household else name)
        for pk, name, household in people.values_list("pk", "name", "household")
    ]


def package_choices(held: Package | None = None) -> list[tuple[Any, str]]:
    """Packages that are given, and `held` even where it is archived: one statement."""
    found = list(Package.objects.filter(is_archived=False).order_by("name").values_list("pk", "name"))
    if held is not None and held.is_archived:
        found.append((held.pk, held.name))
    return [("", "Choose a package"), *found]


def other_event_choices(event: Event) -> list[tuple[Any, str]]:
    """Events that have packages to copy, the latest first: one statement."""
    others = Event.objects.exclude(pk=event.pk).filter(assignments__isnull=False).distinct()
    return [
        (pk, f"{name} · {day.day} {day:%b %Y}")
        for pk, name, day in others.order_by("-event_date", "name").values_list("pk", "name", "event_date")
    ]
