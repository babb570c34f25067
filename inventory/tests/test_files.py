"""The pantry and lots as tables: exact, with accents, and nothing in them that a spreadsheet would run."""

import csv
import io
from datetime import date

import pytest
from django.utils import timezone

from inventory.services import adjust_stock, correct_lot_cost
from inventory.tests.factories import IngredientFactory, ProductFactory, SupplierFactory, bought

pytestmark = pytest.mark.django_db

PANTRY = "/pantry.csv"


def table(response) -> list[list[str]]:
    assert response.status_code == 200
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response.content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"), newline="")))


@pytest.fixture
def cream():
    item = IngredientFactory(name="Crème fraîche", category__name="=1+1", stock_unit="g", reorder_level="250")
    product = ProductFactory(
        ingredient=item, brand="@Maïson", name="Épaisse", package_quantity="500", package_unit="g"
    )
    lot = bought(item, "1000", "4.50", product=product)
    lot.supplier, lot.location, lot.note = SupplierFactory(name="+Löwe"), "-cellar", "a;=cmd|'/c calc'!A1"
    lot.expires_on = date(2026, 2, 1)
    lot.save()
    return item


def test_the_pantry_goes_out_as_the_page_shows_it(member_client, cream):
    IngredientFactory(name="Sugar")
    response = member_client.get(PANTRY)
    assert response["Content-Disposition"] == f'attachment; filename="pantry-{timezone.localdate()}.csv"'
    header, first, second = table(response)
    assert dict(zip(header, first, strict=True)) == {
        "Item": "Crème fraîche",
        "Kind": "ingredient",
        "Category": "'=1+1",
        "On hand": "1000",
        "Unit": "g",
        "Value": "4.5",
        "Lots": "1",
        "Oldest received": "2026-01-01",
        "Use by": "2026-02-01",
        "Low below": "250",
    }
    assert (second[0], second[3]) == ("Sugar", "0")


def test_search_and_filter_hold_for_the_table_too(member_client, cream):
    IngredientFactory(name="Sugar")
    assert [row[0] for row in table(member_client.get(PANTRY, {"q": "creme"}))[1:]] == ["Crème fraîche"]
    assert [row[0] for row in table(member_client.get(PANTRY, {"show": "low"}))[1:]] == []
    page = member_client.get("/pantry/", {"q": "creme", "page": "1"}).content.decode()
    assert 'href="/pantry.csv?q=creme"' in page


def test_all_lots_of_an_item_go_out_oldest_first(member_client, cream):
    bought(cream, "1", "1", on=date(2025, 12, 24))
    response = member_client.get(f"/pantry/items/{cream.pk}/lots.csv")
    assert f"creme-fraiche-lots-{timezone.localdate()}.csv" in response["Content-Disposition"]
    header, old, new = table(response)
    assert old[3] == "2025-12-24"
    assert dict(zip(header, new, strict=True)) == {
        "Item": "Crème fraîche",
        "Product": "'@Maïson Épaisse, 500 g",
        "Supplier": "'+Löwe",
        "Received": "2026-01-01",
        "Quantity": "1000",
        "Left": "1000",
        "Unit": "g",
        "Cost": "4.5",
        "Value left": "4.5",
        "Use by": "2026-02-01",
        "Shelf": "'-cellar",
        "Note": "a;'=cmd|'/c calc'!A1",
    }
    assert (
        f'href="/pantry/items/{cream.pk}/lots.csv"'
        in member_client.get(f"/pantry/items/{cream.pk}/").content.decode()
    )
    assert member_client.get("/pantry/items/0/lots.csv").status_code == 404


def test_the_lots_show_a_price_as_it_was_put_right(member_client):
    item = IngredientFactory()
    lot = bought(item, "1000", "20", product=ProductFactory(ingredient=item))
    adjust_stock(item_id=item.pk, quantity=-500, reason="Spilled")
    correct_lot_cost(lot_id=lot.pk, total_cost="2", reason="Misread")
    header, row = table(member_client.get(f"/pantry/items/{item.pk}/lots.csv"))
    shown = dict(zip(header, row, strict=True))
    assert (shown["Cost"], shown["Value left"]) == ("2", "1")


@pytest.mark.parametrize("count", [1, 3])
def test_the_statements_do_not_grow_with_the_rows(member_client, django_assert_num_queries, count):
    item = IngredientFactory()
    for _ in range(count):
        bought(item, "1", "1", product=ProductFactory(ingredient=item))
        bought(IngredientFactory(), "1", "1")
    with django_assert_num_queries(5):
        member_client.get(PANTRY)
    with django_assert_num_queries(5):
        member_client.get(f"/pantry/items/{item.pk}/lots.csv")
