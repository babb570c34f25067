from __future__ import annotations

import pytest
from django.core.management import call_command

from bakery.desktop.tests.rows import GIFTS, ingredient, recipe
from events.models import (
    Event,
)
from inventory.books import check_books
from inventory.models import (
    Ingredient,
)

pytestmark = pytest.mark.django_db


def test_several_files_are_one_export(export, capsys):
    first = export("ingredients.json", ingredients=[ingredient()])
    second = export("recipes.json", recipes=[recipe(lines=[("flour", 1, "cup")])])
    call_command("import_bake_tracker", first, second)
    said = capsys.readouterr().out
    assert said.startswith("From ingredients.json, recipes.json (format 4.2, exported 2026-01-07):\n")
    assert "      1 recipe line\n" in said
    assert said.endswith("The books are right.\n")


def test_a_trial_says_the_same_and_writes_nothing(export, capsys):
    path = export(**GIFTS)
    call_command("import_bake_tracker", path, "--dry-run")
    said = capsys.readouterr().out
    assert "      2 recipients\n" in said
    assert said.endswith("This was a trial: nothing was written.\n")
    assert "/setup/" not in said
    assert not Ingredient.objects.exists()
    assert not Event.objects.exists()


def test_unknown_sections_and_fields_are_counted(take):
    report = take(ingredients=[ingredient(colour="white")], spaceships=[{}, {}], _meta={"tool": 1})
    assert report.unplaced == {"ingredients.colour": 1, "spaceships": 2, "_meta": 1}
    assert "  _meta 1, ingredients.colour 1, spaceships 2" in list(report.sentences())


def test_nothing_stays_when_the_books_would_not_be_right(export, monkeypatch, capsys):
    from bakery.desktop import loading
    from inventory.books import BooksReport, Breach

    totals = check_books().totals
    monkeypatch.setattr(
        loading, "check_books", lambda: BooksReport((Breach(1, "lot 5", "is wrong."),), totals)
    )
    with pytest.raises(
        Exception, match="The books would not be right: lot 5: is wrong. Nothing was written."
    ):
        call_command("import_bake_tracker", export(ingredients=[ingredient()]))
    assert not Ingredient.objects.exists()
