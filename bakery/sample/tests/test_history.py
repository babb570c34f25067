"""A long past written in bulk keeps the books right, and leaves the shelf of today as it was."""

import pytest
from django.core.management import CommandError, call_command

from bakery.sample import load
from bakery.sample.history import round_half_even
from inventory.books import check_books
from inventory.models import Lot, StockMovement
from production.models import ProductionRun

pytestmark = pytest.mark.django_db


def test_a_past_has_right_books_and_changes_nothing_of_today(capsys):
    load()
    there = sorted(Lot.objects.filter(quantity_remaining__gt=0).values_list("pk", "quantity_remaining"))
    bakes = ProductionRun.objects.count()
    call_command("generate_history", runs=70, each=5)
    assert "70 bakes" in capsys.readouterr().out
    assert ProductionRun.objects.count() == bakes + 70
    assert StockMovement.objects.count() > 70 * 7
    assert check_books().breaches == ()
    now = sorted(Lot.objects.filter(quantity_remaining__gt=0).values_list("pk", "quantity_remaining"))
    assert now == there


def test_an_empty_bakery_has_no_past():
    with pytest.raises(CommandError, match="Load the sample first"):
        call_command("generate_history", runs=1)


@pytest.mark.parametrize(("halves", "rounded"), [(4, 2), (5, 2), (6, 3), (7, 4), (8, 4)])
def test_halves_go_to_the_even_side(halves, rounded):
    assert round_half_even(halves, 2) == rounded
