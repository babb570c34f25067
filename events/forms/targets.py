"""What is to be made for an event, and a bake recorded with one tap."""

from __future__ import annotations

from typing import Any

from django import forms

from assembly.models import FinishedGood
from bakery.core.forms import Choices, CountField, KeyField, OneField
from production.models import Recipe


class ProductionTargetForm(forms.Form):
    recipe = forms.ModelChoiceField(Recipe.objects.all())
    target_batches = CountField(label="Batches", things="Batches")
    notes = forms.CharField(required=False, widget=forms.TextInput)

    def __init__(self, *args: Any, choices: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "recipe", choices)


class AssemblyTargetForm(forms.Form):
    finished_good = OneField(FinishedGood.objects.all(), label="Box or bag")
    target_quantity = CountField(label="How many", things="Boxes and bags")
    notes = forms.CharField(required=False, widget=forms.TextInput)

    def __init__(self, *args: Any, choices: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "finished_good", choices)


class RecordForm(forms.Form):
    """One tap on a target's row."""

    uuid = KeyField()
    batches = CountField(things="Batches")


def offer(form: forms.Form, name: str, choices: Choices) -> None:
    """Give the field the choices that were read for it; without any it is hidden: the row says what it is of."""
    field: Any = form.fields[name]
    if choices:
        field.choices = choices
        field.widget.attrs["data-picker"] = ""
    else:
        field.widget = forms.HiddenInput()


def recipe_choices() -> list[tuple[Any, str]]:
    """Recipes that make something, one statement."""
    makes = Recipe.objects.filter(is_archived=False, finished_units__is_archived=False).distinct()
    return [("", "Choose a recipe"), *makes.order_by("name").values_list("pk", "name")]


def finished_good_choices() -> list[tuple[Any, str]]:
    """Boxes and bags, one statement."""
    goods = FinishedGood.objects.filter(is_archived=False).order_by("name")
    return [("", "Choose a box or bag"), *goods.values_list("pk", "name")]
