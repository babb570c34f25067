"""Years written in bulk: as many as asked, with right books, and baked on from."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F

from bakery.sample.years import INGREDIENTS, PER_RECIPE, PIECES
from inventory.books import check_books
from inventory.models import Lot, StockEntry, StockMovement
from inventory.tests.factories import IngredientFactory
from production.models import FinishedUnit, ProductionRun
from production.services import get_production_history, record_batch_production, void_production_run

pytestmark = pytest.mark.django_db


@pytest.fixture
def years():
    call_command("generate_history", "--bakes", "150", "--years", "2", verbosity=0)


def test_the_books_are_right_and_every_lot_was_used_oldest_first(years):
    assert check_books().is_right
    assert ProductionRun.objects.count() == 150
    assert StockMovement.objects.filter(entry__kind="production").count() == 150 * (PER_RECIPE + 1)
    for run in get_production_history(limit=150):
        assert run.total_ingredient_cost == sum(row.total_cost for row in run.consumptions.all())
        assert run.stock_entry.uuid == run.uuid
    open_lots = Lot.objects.filter(item__kind="ingredient", quantity_remaining__gt=0)
    assert open_lots.filter(quantity_remaining__lt=F("quantity")).count() <= INGREDIENTS


def test_the_household_bakes_on_after_them(years):
    unit = FinishedUnit.objects.first()
    run = record_batch_production(
        recipe_id=unit.recipe_id, finished_unit_id=unit.pk, num_batches=1, actual_yield=PIECES
    )
    assert run.pk > 150
    void_production_run(production_run_id=run.pk, reason="A trial")
    assert check_books().is_right


def test_a_bakery_in_use_is_left_alone():
    IngredientFactory()
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("generate_history", "--bakes", "1")
    assert not StockEntry.objects.exists()
