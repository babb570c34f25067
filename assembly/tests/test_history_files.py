"""The history of assemblies as a file: out, and in as history that moves no stock."""

import json
from copy import deepcopy
from datetime import UTC, datetime

import pytest

from assembly import services
from assembly.models import AssemblyRun
from assembly.tests.factories import FinishedGoodFactory, good_of, on_shelf
from inventory.models import Lot, StockEntry
from inventory.tests.factories import PackagingFactory, ProductFactory, bought
from production.tests.factories import FinishedUnitFactory

pytestmark = pytest.mark.django_db

CSV = "/assembly/history.csv"
JSON = "/assembly/history.json"


@pytest.fixture
def run():
    cookie, pouch = FinishedUnitFactory(name="Star"), FinishedGoodFactory(name="Pouch")
    ribbon = ProductFactory(ingredient=PackagingFactory(name="Ribbon", stock_unit="cm"))
    (
        on_shelf(cookie, "12", "3"),
        on_shelf(pouch, "2", "1"),
        bought(ribbon.ingredient, "100", "1", product=ribbon),
    )
    tin = good_of((cookie, "6"), (pouch, "1"), (ribbon, "0.5", "m"), name="Tin")
    return assembled(tin, assembled_at=datetime(2026, 2, 1, 12, tzinfo=UTC))


def assembled(good, quantity: int = 1, **changes) -> AssemblyRun:
    return services.record_assembly(finished_good_id=good.pk, quantity=quantity, **changes)


def test_an_assembly_goes_out_with_what_went_in(run):
    document = services.export_assembly_history()
    assert (document["format"], document["version"]) == ("bakehouse-assembly-history", 1)
    (row,) = document["assembly_runs"]
    product = str(run.packaging_consumptions.get().product.uuid)
    assert row == {
        "uuid": str(run.uuid),
        "finished_good": "tin",
        "event_name": None,
        "quantity_assembled": 1,
        "assembled_at": "2026-02-01T12:00:00+00:00",
        "notes": "",
        "total_component_cost": "2.5000",
        "per_unit_cost": "2.5000",
        "recorded_by_name": "",
        "voided_at": None,
        "void_reason": "",
        "edited_at": None,
        "edited_by_name": "",
        "finished_unit_consumptions": [
            {
                "finished_unit": "star",
                "quantity_consumed": "6.000",
                "unit_cost_at_consumption": "0.2500",
                "total_cost": "1.5000",
            }
        ],
        "finished_good_consumptions": [
            {
                "finished_good": "pouch",
                "quantity_consumed": "1.000",
                "unit_cost_at_consumption": "0.5000",
                "total_cost": "0.5000",
            }
        ],
        "packaging_consumptions": [
            {"product": product, "quantity_consumed": "50.000", "unit": "cm", "total_cost": "0.5000"}
        ],
    }


def test_a_known_assembly_is_skipped_and_a_foreign_one_moves_no_stock(run):
    document = services.export_assembly_history()
    before = (Lot.objects.count(), StockEntry.objects.count())
    assert services.import_assembly_history(document) == services.ImportResult(0, 1, ())
    foreign = deepcopy(document)
    foreign["assembly_runs"][0]["uuid"] = "6f1c44e5-95ce-4ab5-a1c8-0a4a0a27b0a2"
    assert services.import_assembly_history(foreign) == services.ImportResult(1, 0, ())
    taken = AssemblyRun.objects.order_by("pk").last()
    assert taken.stock_entry is None
    assert taken.to_dict() == foreign["assembly_runs"][0] | {"event_id": None}
    assert before == (Lot.objects.count(), StockEntry.objects.count())


def test_an_unknown_box_is_named_with_its_path(run):
    document = services.export_assembly_history()
    document["assembly_runs"][0] |= {"uuid": "6f1c44e5-95ce-4ab5-a1c8-0a4a0a27b0a2", "finished_good": "urn"}
    assert [str(error) for error in services.import_assembly_history(document).errors] == [
        "assembly_runs[0].finished_good: no finished good 'urn'."
    ]
    assert AssemblyRun.objects.count() == 1


def test_the_files_keep_the_filters_of_the_page(member_client, run):
    moon = FinishedUnitFactory(name="Moon")
    on_shelf(moon, "5", "1")
    assembled(good_of((moon, "1"), name="Cone"))
    address = f"?finished_good={run.finished_good_id}"
    page = member_client.get(f"/assembly/history/{address}").content.decode()
    assert f'href="{CSV}{address}"' in page
    assert f'href="{JSON}{address}"' in page
    found = json.loads(member_client.get(JSON + address).content)
    assert [row["finished_good"] for row in found["assembly_runs"]] == ["tin"]
    lines = member_client.get(CSV + address).content.decode("utf-8-sig").splitlines()
    assert lines == [
        "Assembled,Box or bag,Event,How many,Cost,Each,Recorded by,Voided,Why,Notes",
        "2026-02-01 12:00,Tin,,1,2.5,2.5,,,,",
    ]


def test_a_file_asks_the_database_as_often_for_one_assembly_as_for_three(
    member_client, run, django_assert_num_queries
):
    asks_once_and_again(member_client, django_assert_num_queries)
    moon = FinishedUnitFactory(name="Moon")
    on_shelf(moon, "5", "1")
    cone = good_of((moon, "1"), name="Cone")
    assembled(cone), assembled(cone)
    asks_once_and_again(member_client, django_assert_num_queries)


def asks_once_and_again(client, django_assert_num_queries) -> None:
    with django_assert_num_queries(5):
        client.get(CSV)
    with django_assert_num_queries(8):
        client.get(JSON)


def test_filters_that_cannot_be_are_shown_on_the_page(member_client):
    response = member_client.get(f"{JSON}?start_date=2026-03-01&end_date=2026-02-01")
    assert response.status_code == 422
    assert "The last day is before the first one." in response.content.decode()
