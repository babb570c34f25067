"""What goes out comes in again, to the last byte."""

import json
from datetime import date

import pytest
from django.apps import apps
from django.db import transaction
from django.utils import timezone

from assembly.models import AssemblyRun
from bakery import sample
from bakery.core.days import FIRST_YEAR, LAST_YEAR
from bakery.transfer.arrays import ARRAYS
from bakery.transfer.importing import empty
from bakery.transfer.tests.files import exported
from bakery.transfer.tests.random_bakery import RandomBakery
from events.models import Event
from inventory.books import check_books
from inventory.models import StockItem
from inventory.services import adjust_stock, edit_lot, void_adjustment
from inventory.tests.factories import IngredientFactory, bought
from production.models import ProductionRun
from proof.sizes import size

pytestmark = pytest.mark.django_db

# Stamps of creation, ids, accounts, and what follows from something else.
LEFT_OUT = {
    "id", "created_at", "updated_at", "recorded_by", "search_name", "stockitem_ptr",
    "FinishedUnit.kind", "FinishedGood.kind", "ProductionRun.stock_entry", "AssemblyRun.stock_entry",
}  # fmt: skip


def test_a_file_has_every_field_of_every_model():
    written = {}
    for array in ARRAYS:
        for described in (array, *array.parts):
            named = {each if isinstance(each, str) else each.field for each in described.fields}
            written[described.model] = named | {getattr(described, "owner", "")}
    ours = [
        model
        for app in ("core", "inventory", "production", "assembly", "events")
        for model in apps.get_app_config(app).get_models()
        if model is not StockItem
    ]
    assert set(written) == set(ours)
    for model in ours:
        fields = {field.name for field in (*model._meta.fields, *model._meta.many_to_many)}
        missing = {
            name for name in fields - written[model]
            if name not in LEFT_OUT and f"{model.__name__}.{name}" not in LEFT_OUT
        }  # fmt: skip
        assert missing == set(), model


def test_the_sample_bakery_comes_back_to_the_last_byte(take):
    sample.load()
    before = exported()
    empty(ARRAYS)
    outcome = take(before)
    assert outcome.problems == ()
    assert exported() == before
    assert check_books().is_right


def test_a_file_imported_twice_changes_nothing(take):
    sample.load()
    before = exported()
    outcome = take(before)
    assert exported() == before
    assert {count.created for count in outcome.counts.values()} == {0}
    take(before, updates=True)
    assert exported() == before
    take(before, replaces=True)
    assert exported() == before


def test_what_was_put_back_after_it_was_no_longer_tracked_comes_back(take):
    flour = IngredientFactory()
    bought(flour, "1000", "2")
    taken = adjust_stock(item_id=flour.pk, quantity=-1000, reason="Spilled")
    flour.is_tracked = False
    flour.full_clean()
    flour.save()
    void_adjustment(entry_id=taken.pk, reason="It was sugar")
    before = exported()
    assert take(before, updates=True).problems == ()
    empty(ARRAYS)
    assert take(before).problems == ()
    assert exported() == before


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12"])
def test_the_first_and_the_last_day_that_may_be_typed_come_back_from_any_zone(take, zone):
    with timezone.override(zone):
        flour = IngredientFactory()
        lot = bought(flour, "1000", "2", on=date(FIRST_YEAR + 1, 1, 1))
        edit_lot(lot_id=lot.pk, expires_on=date(LAST_YEAR - 1, 12, 31))
        Event(name="Late", event_date=date(LAST_YEAR - 1, 12, 31)).save()
        before = exported()
        empty(ARRAYS)
        assert take(before).problems == ()
        assert exported() == before


def test_a_run_as_a_dict_is_its_row_with_the_id_of_its_event():
    sample.load()
    document = json.loads(exported())
    for model, array, inside in [
        (ProductionRun, "production_runs", {"consumptions"}),
        (AssemblyRun, "assembly_runs", {"finished_unit_consumptions", "packaging_consumptions"}),
    ]:
        runs = list(model.objects.order_by("pk"))
        assert [run.to_dict() for run in runs] == [
            {**row, "event_id": run.event_id} for row, run in zip(document[array], runs, strict=True)
        ]
        assert all(runs[0].to_dict()[part] for part in inside)


def test_random_bakeries_come_back_to_the_last_byte(take, reached):
    bakeries = size(4, 100)
    for seed in range(bakeries):
        with transaction.atomic():
            there_and_back(take, seed)
            transaction.set_rollback(True)
    reached("R10 round trip", f"{bakeries} random bakeries out, in, out: not a byte differs", "0 bytes")


def there_and_back(take, seed: int) -> None:
    RandomBakery(seed).fill()
    before = exported()
    assert check_books().is_right, seed
    empty(ARRAYS)
    assert take(before).problems == (), seed
    assert exported() == before, seed
    again = take(before, updates=True)
    assert {count.created + count.updated for count in again.counts.values()} == {0}, seed
    assert exported() == before, seed
