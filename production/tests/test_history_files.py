"""The history of bakes as a file: out, and in as history that moves no stock."""

import json
from copy import deepcopy
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from bakery.core.errors import InvalidValueError
from events.models import Event
from inventory.models import Lot, StockEntry
from inventory.services import on_hand
from inventory.tests.factories import IngredientFactory, bought
from production import services
from production.models import ProductionRun
from production.tests.factories import FinishedUnitFactory, recipe_of

pytestmark = pytest.mark.django_db

CSV = "/production/history.csv"
JSON = "/production/history.json"


@pytest.fixture
def run():
    flour = IngredientFactory(name="Flour")
    bought(flour, "1000", "10", on=date(2026, 1, 1))
    cookie = FinishedUnitFactory(name="Star", items_per_batch=10, recipe=recipe_of((flour, "100", "g")))
    return baked(cookie, produced_at=datetime(2026, 2, 1, 12, tzinfo=UTC), notes="=A little dark")


def baked(cookie, **changes) -> ProductionRun:
    asked = {
        "recipe_id": cookie.recipe_id,
        "finished_unit_id": cookie.pk,
        "num_batches": 1,
        "actual_yield": 8,
    }
    return services.record_batch_production(**{**asked, **changes})


def another(document: dict, **changes) -> dict:
    """The document of one run as if it came from elsewhere, under a key of its own."""
    document = deepcopy(document)
    document["production_runs"][0] |= {"uuid": "6f1c44e5-95ce-4ab5-a1c8-0a4a0a27b0a2"} | changes
    return document


def test_a_bake_goes_out_with_what_went_in(run):
    document = services.export_production_history()
    assert (document["format"], document["version"]) == ("bakehouse-production-history", 1)
    assert document["production_runs"] == [
        {
            "uuid": str(run.uuid),
            "recipe": run.recipe.slug,
            "finished_unit": "star",
            "event_name": None,
            "num_batches": 1,
            "expected_yield": 10,
            "actual_yield": 8,
            "yield_variance": 2,
            "produced_at": "2026-02-01T12:00:00+00:00",
            "notes": "=A little dark",
            "total_ingredient_cost": "1.0000",
            "per_unit_cost": "0.1250",
            "recorded_by_name": "",
            "voided_at": None,
            "void_reason": "",
            "edited_at": None,
            "edited_by_name": "",
            "consumptions": [
                {
                    "ingredient_slug": "flour",
                    "ingredient_name": "Flour",
                    "quantity_consumed": "100.000",
                    "unit": "g",
                    "total_cost": "1.0000",
                }
            ],
        }
    ]


def test_a_known_bake_is_skipped_and_a_foreign_one_becomes_history_that_moves_no_stock(run):
    document = services.export_production_history()
    before = (Lot.objects.count(), StockEntry.objects.count(), on_hand(item_ids=[run.finished_unit_id]))
    assert services.import_production_history(document) == services.ImportResult(0, 1, ())
    assert services.import_production_history(another(document)) == services.ImportResult(1, 0, ())
    assert services.import_production_history(another(document)) == services.ImportResult(0, 1, ())
    taken = ProductionRun.objects.order_by("pk").last()
    assert (taken.stock_entry, taken.event, taken.total_ingredient_cost) == (None, None, Decimal(1))
    assert [row.ingredient_slug for row in taken.consumptions.all()] == ["flour"]
    assert before == (
        Lot.objects.count(),
        StockEntry.objects.count(),
        on_hand(item_ids=[run.finished_unit_id]),
    )


def test_a_bake_finds_its_event_by_name(run):
    event = Event.objects.create(name="Advent Market", event_date=date(2026, 12, 1))
    document = another(services.export_production_history(), event_name="Advent Market")
    services.import_production_history(document)
    assert ProductionRun.objects.order_by("pk").last().event == event


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"recipe": "lebkuchen"}, "production_runs[0].recipe: no recipe 'lebkuchen'."),
        ({"event_name": "Easter"}, "production_runs[0].event_name: no event 'Easter'."),
        ({"yield_variance": 3}, "production_runs[0].yield_variance: it is not the expected yield minus the actual one."),
        ({"num_batches": 1.5}, "production_runs[0].num_batches: '1.5' is not a whole number from 0 to 2147483647."),
        ({"colour": "dark"}, "production_runs[0]: version 1 has no field 'colour' here."),
        ({"total_ingredient_cost": 0.1}, "production_runs[0].total_ingredient_cost: '0.1' is not a number with at most 4 decimals, like \"1.5\"."),
        ({"notes": "\ud800"}, "production_runs[0].notes: '\\ud800' holds half a character (a lone surrogate)."),
        ({"consumptions": [7]}, "production_runs[0].consumptions[0]: '7' should be an object with the fields of a row."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_path_and_nothing_is_taken(run, changes, said):
    result = services.import_production_history(another(services.export_production_history(), **changes))
    assert [str(error) for error in result.errors] == [said]
    assert (result.imported, ProductionRun.objects.count()) == (0, 1)


def test_costs_that_do_not_add_up_are_not_taken(run):
    changed = another(services.export_production_history(), total_ingredient_cost="2.0000")
    (error,) = services.import_production_history(changed).errors
    assert "the bake says it cost" in error.sentence
    assert ProductionRun.objects.count() == 1


@pytest.mark.parametrize(
    "document",
    [
        None,
        [],
        {},
        {"format": "bakehouse", "version": 1},
        {"format": "bakehouse-production-history", "version": 2},
        {"format": "bakehouse-production-history", "version": 1, "production_runs": 5},
    ],
)
def test_another_document_is_refused_in_a_sentence(document):
    with pytest.raises(InvalidValueError, match="Nothing was changed"):
        services.import_production_history(document)


def test_the_files_keep_the_filters_of_the_page(member_client, run):
    baked(run.finished_unit, num_batches=2, actual_yield=20, produced_at=datetime(2026, 3, 1, 12, tzinfo=UTC))
    page = member_client.get("/production/history/?start_date=2026-02-15&page=1").content.decode()
    assert f'href="{CSV}?start_date=2026-02-15"' in page
    assert f'href="{JSON}?start_date=2026-02-15"' in page
    found = json.loads(member_client.get(f"{JSON}?start_date=2026-02-15").content)
    assert [row["num_batches"] for row in found["production_runs"]] == [2]
    lines = member_client.get(f"{CSV}?end_date=2026-02-15").content.decode("utf-8-sig").splitlines()
    assert lines == [
        "Baked,Recipe,Makes,Event,Batches,Expected,Yield,Cost,Each,Recorded by,Voided,Why,Notes",
        f"2026-02-01 12:00,{run.recipe},Star,,1,10,8,1,0.125,,,,'=A little dark",
    ]


def test_a_file_asks_the_database_as_often_for_one_bake_as_for_three(
    member_client, run, django_assert_num_queries
):
    for _ in range(2):
        with django_assert_num_queries(5):
            member_client.get(CSV)
        with django_assert_num_queries(6):
            member_client.get(JSON)
        baked(run.finished_unit), baked(run.finished_unit)


@pytest.mark.parametrize("address", [CSV, JSON])
def test_filters_that_cannot_be_are_shown_on_the_page(member_client, address):
    response = member_client.get(f"{address}?start_date=2026-03-01&end_date=2026-02-01")
    assert response.status_code == 422
    assert "The last day is before the first one." in response.content.decode()
