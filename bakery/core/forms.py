"""What forms on several floors share: the key of a form, the event, a reason, the details of a run.

Events live floors up: forms take them as choices (`inventory.selectors.events.event_choices`).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from bakery.core.days import is_kept, why_not_kept
from bakery.core.errors import AlreadyRecordedError, BakeryError
from bakery.core.formatting import as_written, exact
from bakery.core.numbers import MAX_COUNT
from bakery.core.text import NAME_LENGTH

Choices = Sequence[tuple[str, str]]
LONGEST_NUMBER = 18

FOLLOWED = {
    "hx-get": "",
    "hx-include": "closest form",
    "hx-trigger": "input changed delay:250ms, change",
    "hx-target": "#plan",
    "hx-swap": "outerHTML",
    "hx-sync": "#plan:replace",  # not on the form: a panel that is being asked for must not swallow the submit
}
"""Attributes of a field: typing there asks the page again what it would take."""


def new_key() -> str:
    """A fresh key for a form page: what was sent under it once is recorded once."""
    return str(uuid.uuid4())


class KeyField(forms.UUIDField):
    """The hidden key of a form page."""

    def __init__(self, **kwargs: Any) -> None:
        damaged = "The key of this page is damaged. Nothing was changed. Open the page again."
        super().__init__(
            widget=forms.HiddenInput, error_messages={"invalid": damaged, "required": damaged}, **kwargs
        )


class AmountField(forms.Field):
    """An amount as bakers type it ("250", "2,5", "1 1/2"); `parse` reads it or raises a BakeryError.

    `shows_fractions`: a stored 1.5 comes back as "1½". Off for money, and for what nobody sees.
    """

    def __init__(
        self,
        *,
        parse: Callable[..., Decimal],
        decimal_places: int,
        max_digits: int = 18,
        min_value: Decimal | None = None,
        shows_fractions: bool = True,
        **options: Any,
    ) -> None:
        self.parse = parse
        self.places = decimal_places
        self.shows_fractions = shows_fractions
        options.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "size": 10}))
        super().__init__(**options)
        if min_value is not None:
            self.validators.append(MinValueValidator(min_value, f"Enter at least {exact(min_value)}."))

    def to_python(self, value: Any) -> Decimal | None:
        if value in self.empty_values or not str(value).strip():
            return None
        try:
            return self.parse(str(value), places=self.places)
        except BakeryError as error:
            raise ValidationError(str(error), code="invalid") from None

    def prepare_value(self, value: Any) -> Any:
        """A stored amount as it was typed: "1½" only where that reads back as the very same number."""
        if not isinstance(value, Decimal):
            return value
        said = as_written(value, "each") if self.shows_fractions else exact(value)
        try:
            return said if self.parse(said, places=self.places) == value else exact(value)
        except BakeryError:
            return exact(value)


class CountField(forms.IntegerField):
    """How many, a whole number from `min_value` on; `things` says what is counted, as a sentence begins.

    Typed as text: a number field of the browser drops the comma it does not expect, and "1,5" would be 15.
    """

    def __init__(self, *, min_value: int = 1, things: str = "These", **kwargs: Any) -> None:
        whole = ", ".join(str(number) for number in range(min_value, min_value + 3))
        super().__init__(
            min_value=min_value,
            max_value=MAX_COUNT,
            widget=forms.TextInput(attrs={"inputmode": "numeric"}),
            error_messages={
                "invalid": f"{things} are counted whole: {whole}.",
                "min_value": f"Enter at least {min_value}. {things} are counted whole: {whole}.",
                "max_value": f"{things} are counted up to {MAX_COUNT} at once. Enter less.",
            },
            **kwargs,
        )


def sent(request: HttpRequest) -> QueryDict | None:
    """What was sent; an empty form that was sent is refused too, not shown as if it were new."""
    return request.POST if request.method == "POST" else None


def refuse_year(when: date) -> None:
    """Refuse a day or a moment whose year is not kept: 26 was meant as 2026."""
    if not is_kept(when):
        raise ValidationError(why_not_kept(when), code="year")


def day_field(**kwargs: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(widget=widget, validators=[refuse_year], **kwargs)


class StockItemForm(forms.ModelForm):
    """Something whose kind follows from its model and is no field: names are unique within it all the same."""

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() - {"kind"}  # type: ignore[misc]


def refuse(form: Any, error: BakeryError) -> None:
    """Say what is wrong beside its field, else above the form, and lead to the entries in the way.

    A key that stands for something else already gives way to a fresh one.
    """
    field = getattr(error, "field", "")
    form.add_error(field if field in form.fields and field != "uuid" else None, error.message)
    form.in_the_way = getattr(error, "entries", ())
    if isinstance(error, AlreadyRecordedError):
        form.in_the_way = (error.entry,)
        form.data = form.data.copy()
        form.data["uuid"] = new_key()


class OneField(forms.ModelChoiceField):
    """One record, by its number. One no database can hold is no choice, not a failure (on SQLite it was)."""

    def clean(self, value: Any) -> Any:
        refuse_huge(self, [value])
        return super().clean(value)


class SeveralField(forms.ModelMultipleChoiceField):
    """Several records, by their numbers."""

    def clean(self, value: Any) -> Any:
        refuse_huge(self, value or ())
        return super().clean(value)


def refuse_huge(field: forms.Field, values: Iterable[Any]) -> None:
    for each in values:
        if len(str(each)) > LONGEST_NUMBER:
            raise ValidationError(
                field.error_messages["invalid_choice"], code="invalid_choice", params={"value": each}
            )


class EventField(forms.TypedChoiceField):
    """The id of an event, or None: none was chosen. The form gives it its choices."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(coerce=int, empty_value=None, required=False, **kwargs)


class PastMomentField(forms.DateTimeField):
    """When something was done: a time that is not still to come, or None for now."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False,
            widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
            input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
            help_text="Empty means now.",
            validators=[refuse_year],
            **kwargs,
        )

    def clean(self, value: Any) -> Any:
        moment = super().clean(value)
        if moment is not None and moment > timezone.now():
            raise forms.ValidationError("That is still to come. Enter when it was done, or leave it empty.")
        return moment


class ReasonForm(forms.Form):
    uuid = KeyField()
    reason = forms.CharField(
        max_length=NAME_LENGTH, label="Why", error_messages={"required": "Say why, in a word or two."}
    )


class VoidForm(ReasonForm):
    """Why a bake or an assembly was a mistake."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].widget.attrs["placeholder"] = "recorded twice"


class RunForm(forms.Form):
    """What everything that is recorded as done has: its key, its event, its notes."""

    uuid = KeyField()
    event = EventField(label="For event")
    notes = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, events: Choices | Callable[[], Choices], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # As a function they are read when they are needed, once: who bakes for nobody in particular needs none.
        choices = cache(events) if callable(events) else events
        self.fields["event"].choices = choices  # type: ignore[attr-defined]


class DetailsForm(RunForm):
    """What may be put right of a bake or an assembly."""

    uuid = None  # type: ignore[assignment]


class HistoryForm(forms.Form):
    """Filters of a history; they live in the address. A subclass adds what it is a history of."""

    is_filter = True
    JUST_FOR_US = "none"

    event = forms.ChoiceField(required=False)
    start_date = day_field(label="From", required=False)
    end_date = day_field(label="To", required=False)
    hide_voided = forms.BooleanField(label="Leave out voided ones", required=False)

    def __init__(self, *args: Any, events: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        (_, for_nobody), *named = events
        every = [("", "All events"), (self.JUST_FOR_US, for_nobody), *named]
        self.fields["event"].choices = every  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        start, end = cleaned.get("start_date"), cleaned.get("end_date")
        if start and end and start > end:
            self.add_error("end_date", "The last day is before the first one.")
        return cleaned

    def filters(self) -> dict[str, Any]:
        """What the history services take; nothing where a filter cannot be."""
        if not self.is_valid():
            return {}
        typed = self.cleaned_data
        standalone_only = typed["event"] == self.JUST_FOR_US
        return {
            "event_id": int(typed["event"]) if typed["event"] and not standalone_only else None,
            "standalone_only": standalone_only,
            "start_date": typed["start_date"],
            "end_date": typed["end_date"],
            "include_voided": not typed["hide_voided"],
        }
