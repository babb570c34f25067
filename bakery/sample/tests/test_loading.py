"""Loading the sample bakery: into an empty household, all of it or nothing."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from bakery.core.errors import BakeryError
from bakery.core.models import Household
from bakery.sample import load
from inventory.models import StockEntry, StockItem
from production.models import ProductionRun, Recipe

pytestmark = pytest.mark.django_db


def test_it_is_refused_where_there_is_already_an_ingredient():
    StockItem.objects.create(kind="ingredient", name="Sugar", stock_unit="g")

    with pytest.raises(BakeryError, match="empty bakery only"):
        load()

    assert StockItem.objects.count() == 1


def test_a_failure_half_way_leaves_nothing_behind(monkeypatch):
    def burn(kitchen):
        raise BakeryError("The oven is off.")

    monkeypatch.setattr("bakery.sample.loading.bakes", burn)

    with pytest.raises(BakeryError, match="The oven is off"):
        load()

    assert not StockItem.objects.exists()
    assert not Recipe.objects.exists()
    assert not StockEntry.objects.exists()


def test_who_loads_it_is_named_in_the_books(django_user_model):
    owner = django_user_model.objects.create_user("ana")

    load(recorded_by=owner)

    assert set(StockEntry.objects.values_list("recorded_by", flat=True)) == {owner.pk}


def test_days_are_counted_in_the_households_zone():
    Household.objects.create(pk=1, time_zone="Pacific/Kiritimati")

    call_command("load_sample", stdout=StringIO())

    zone = Household.current().zone
    last = ProductionRun.objects.first()
    assert last.produced_at.astimezone(zone).hour == 16


def test_the_command_says_what_it_brought_and_refuses_a_second_time():
    said = StringIO()
    call_command("load_sample", stdout=said)

    assert "63 ingredients" in said.getvalue()
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("load_sample", stdout=said)
