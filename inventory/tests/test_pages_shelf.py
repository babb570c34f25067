"""The pages that show the shelf, and the walk along it to count."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from inventory.models import Kind, Product, StockEntry, StockItem
from inventory.services import adjust_stock
from inventory.tests.factories import IngredientFactory, PackagingFactory, ProductFactory, bought
from inventory.views import shelf
from production.tests.factories import recipe_of

pytestmark = pytest.mark.django_db

PANTRY = "/pantry/"
COUNT = "/pantry/count/"
HTMX = {"HX-Request": "true"}


def names(client, **filters) -> list[str]:
    return [row.item.name for row in client.get(PANTRY, filters).context["rows"]]


class TestPantry:
    def test_a_row_says_what_is_there_and_what_it_is_worth(self, member_client):
        flour = IngredientFactory(name="Flour", category__name="Flours")
        bought(flour, "1000", "2.00")
        bought(flour, "500", "1.50")
        page = member_client.get(PANTRY)
        [row] = page.context["rows"]
        assert (row.there, row.worth, row.lots) == (Decimal(1500), Decimal("3.5"), 2)
        assert row.oldest.quantity_remaining == 1000
        assert "Flours" in page.content.decode()
        assert "1.5 kg" in page.content.decode()

    @pytest.mark.parametrize(
        "typed", ["creme", "CRÈME", "maison", "tradition", "4006381333931", "creme maison", "cre\0me"]
    )
    def test_an_item_is_found_by_its_name_brand_product_or_barcode_without_accents(
        self, member_client, typed
    ):
        cream = IngredientFactory(name="Crème fraîche")
        ProductFactory(ingredient=cream, brand="Maïson", name="Tradîtion", gtin="4006381333931")
        IngredientFactory(name="Sugar")
        assert names(member_client, q=typed) == ["Crème fraîche"]

    def test_a_filter_shows_one_kind(self, member_client):
        IngredientFactory(name="Flour")
        PackagingFactory(name="Box")
        StockItem.objects.create(name="Cookie", kind=Kind.FINISHED_UNIT, stock_unit="each")
        StockItem.objects.create(name="Tin", kind=Kind.FINISHED_GOOD, stock_unit="each")
        assert names(member_client) == ["Box", "Cookie", "Flour", "Tin"]
        assert names(member_client, show="food") == ["Flour"]
        assert names(member_client, show="packaging") == ["Box"]
        assert names(member_client, show="baked") == ["Cookie"]
        assert names(member_client, show="boxes") == ["Tin"]

    def test_what_is_there_can_be_shown_alone_and_the_rest_says_none(self, member_client):
        bought(IngredientFactory(name="Flour"), "1000", "2.00")
        IngredientFactory(name="Sugar")
        assert names(member_client, show="here") == ["Flour"]
        text = member_client.get(PANTRY).content.decode()
        assert text.count('<span class="muted">none</span>') == 1
        assert "$0.00" not in text

    def test_what_is_below_its_level_is_found_also_when_none_is_left(self, member_client):
        IngredientFactory(name="Yeast", reorder_level=Decimal(10))
        salt = IngredientFactory(name="Salt", reorder_level=Decimal(100))
        bought(salt, "99", "1")
        enough = IngredientFactory(name="Sugar", reorder_level=Decimal(100))
        bought(enough, "100", "1")
        assert names(member_client, show="low") == ["Salt", "Yeast"]

    def test_what_expires_within_two_weeks_is_to_be_used_soon(self, member_client):
        today = timezone.localdate()
        for name, days in (("Milk", 14), ("Honey", 15), ("Cream", -1)):
            lot = bought(IngredientFactory(name=name), "10", "1")
            lot.expires_on = today + timedelta(days=days)
            lot.save(update_fields=["expires_on"])
        assert names(member_client, show="soon") == ["Cream", "Milk"]
        assert "expired" in member_client.get(PANTRY, {"q": "cream"}).content.decode()

    def test_archived_items_are_shown_apart(self, member_client):
        IngredientFactory(name="Margarine", is_archived=True)
        assert names(member_client) == []
        assert names(member_client, show="archived") == ["Margarine"]

    def test_the_dearest_comes_first_where_that_is_asked(self, member_client):
        bought(IngredientFactory(name="Anise"), "10", "1")
        bought(IngredientFactory(name="Vanilla"), "10", "30")
        IngredientFactory(name="Mace")
        assert names(member_client, sort="value") == ["Vanilla", "Anise", "Mace"]
        assert names(member_client, sort="nonsense") == ["Anise", "Mace", "Vanilla"]

    def test_the_first_to_expire_comes_first_where_that_is_asked(self, member_client):
        today = timezone.localdate()
        for name, days in (("Anise", 90), ("Milk", 3)):
            lot = bought(IngredientFactory(name=name), "10", "1")
            lot.expires_on = today + timedelta(days=days)
            lot.save(update_fields=["expires_on"])
        IngredientFactory(name="Mace")
        assert names(member_client, sort="use_by") == ["Milk", "Anise", "Mace"]

    def test_a_filter_keeps_the_search_and_the_sorting(self, member_client):
        page = member_client.get(PANTRY, {"q": "a&b", "show": "food", "sort": "value"}).content.decode()
        assert "q=a%26b&amp;show=low&amp;sort=value" in page

    def test_the_totals_count_what_is_there(self, member_client):
        bought(IngredientFactory(), "10", "1.25", on=date(2026, 8, 12))
        bought(IngredientFactory(), "10", "2.50", on=date(2026, 9, 1))
        IngredientFactory()
        page = member_client.get(PANTRY).content.decode()
        assert "2 items on the shelf, worth" in page
        assert "3.75" in page
        assert "The oldest has been there since 12 Aug" in page

    def test_an_empty_pantry_names_the_next_step(self, owner_client):
        assert reverse("admin:inventory_ingredient_add") in owner_client.get(PANTRY).content.decode()

    def test_htmx_gets_the_list_alone(self, member_client):
        IngredientFactory(name="Flour")
        part = member_client.get(PANTRY, headers=HTMX).content.decode()
        assert "Flour" in part
        assert "<html" not in part

    @pytest.mark.parametrize("rows", [1, 3])
    def test_the_number_of_queries_does_not_grow(self, member_client, django_assert_num_queries, rows):
        for _ in range(rows):
            item = IngredientFactory(reorder_level=Decimal(1000))
            bought(item, "10", "1")
            bought(item, "20", "1")
        with django_assert_num_queries(9):
            member_client.get(PANTRY)


class TestItem:
    def test_it_shows_its_lots_and_its_journal(self, member_client):
        flour = IngredientFactory(name="Flour")
        bought(flour, "1000", "2")
        adjust_stock(item_id=flour.pk, quantity=-250, reason="Spilled")
        page = member_client.get(f"/pantry/items/{flour.pk}/")
        text = page.content.decode()
        assert "750 g" in text
        assert "Took away 250 g of Flour: Spilled" in text
        assert [movement.quantity for movement in page.context["journal"]] == [Decimal(-250), Decimal(1000)]

    def test_what_is_used_up_stays_in_sight(self, member_client):
        flour = IngredientFactory()
        lot = bought(flour, "10", "2")
        adjust_stock(item_id=flour.pk, quantity=-10, reason="Eaten")
        page = member_client.get(f"/pantry/items/{flour.pk}/")
        assert list(page.context["used_lots"]) == [lot]
        assert "used up" in page.content.decode()

    def test_of_many_lots_the_oldest_are_shown(self, member_client, monkeypatch):
        monkeypatch.setattr(shelf, "LOTS_ON_A_PAGE", 2)
        flour = IngredientFactory()
        lots = [bought(flour, "10", "2") for _ in range(5)]
        page = member_client.get(f"/pantry/items/{flour.pk}/")
        assert page.context["open_lots"] == lots[:2]
        assert f'3 newer lots in the <a href="/pantry/items/{flour.pk}/lots.csv">' in page.content.decode()
        assert (
            "newer lots" not in member_client.get(f"/pantry/items/{IngredientFactory().pk}/").content.decode()
        )

    def test_its_products_lead_to_a_purchase(self, member_client):
        flour = IngredientFactory()
        product = ProductFactory(ingredient=flour, brand="Mill & Co")
        page = member_client.get(f"/pantry/items/{flour.pk}/").content.decode()
        assert "Mill &amp; Co" in page
        assert f"?item={flour.pk}&amp;product={product.pk}" in page

    def test_an_unknown_item_is_not_found(self, member_client):
        assert member_client.get("/pantry/items/1/").status_code == 404

    @pytest.mark.parametrize("rows", [1, 3])
    def test_the_number_of_queries_does_not_grow(self, member_client, django_assert_num_queries, rows):
        flour = IngredientFactory()
        for _ in range(rows):
            bought(flour, "10", "1", product=ProductFactory(ingredient=flour))
            adjust_stock(item_id=flour.pk, quantity=-10, reason="Eaten")
            bought(flour, "10", "1", product=ProductFactory(ingredient=flour))
        with django_assert_num_queries(12):
            member_client.get(f"/pantry/items/{flour.pk}/")

    def test_it_names_what_asks_for_it(self, member_client):
        flour = IngredientFactory(name="Flour")
        recipe = recipe_of((flour, "250", "g"))
        page = member_client.get(f"/pantry/items/{flour.pk}/").content.decode()
        assert f'<a href="{recipe.get_absolute_url()}">{recipe}</a></td><td class="num">250 g</td>' in page
        assert "needs" not in page

    def test_it_says_what_to_enter_for_a_line_that_cannot_be_counted(self, member_client):
        flour = IngredientFactory(name="Flour")
        recipe = recipe_of((flour, "2", "cup"))
        response = member_client.get(f"/pantry/items/{flour.pk}/")
        assert response.context["needs"] == [
            f"Flour is weighed, {recipe} measures it in cups: enter what a cup weighs."
        ]
        assert "An admin enters it in the setup." in response.content.decode()

    def test_it_is_archived_and_brought_back(self, member_client):
        flour = IngredientFactory()
        address = f"/pantry/items/{flour.pk}/archive/"
        for archived in ("1", "0"):
            member_client.post(address, {"archived": archived})
            flour.refresh_from_db()
            assert flour.is_archived is (archived == "1")

    def test_archiving_is_never_a_get(self, member_client):
        flour = IngredientFactory()
        assert member_client.get(f"/pantry/items/{flour.pk}/archive/").status_code == 405
        assert member_client.post("/pantry/items/999/archive/").status_code == 404


class TestCount:
    @pytest.fixture
    def lot(self, db):
        return bought(IngredientFactory(name="Sugar"), "1000", "2")

    @staticmethod
    def typed(lot, counted: str, seen: str = "1000") -> dict[str, str]:
        return {"lot": str(lot.pk), "counted": counted, "seen": seen, "uuid": str(uuid4())}

    def test_every_open_lot_has_a_row(self, member_client, lot):
        page = member_client.get(COUNT)
        assert [row.lot for row in page.context["rows"]] == [lot]
        assert 'hx-sync="this:drop"' in page.content.decode()
        assert "no-store" in page.headers["Cache-Control"]

    @pytest.mark.parametrize(
        ("counted", "left"), [("600", "600"), ("40 %", "400"), ("1/2", "0.5"), ("0", "0")]
    )
    def test_what_was_counted_is_booked(self, member_client, lot, counted, left):
        response = member_client.post(COUNT, self.typed(lot, counted))
        assert response.status_code == 302
        lot.refresh_from_db()
        assert lot.quantity_remaining == Decimal(left)

    @pytest.mark.parametrize(
        ("typed", "left"),
        [("8 oz", "226.796"), ("1/2 lb", "226.796"), ("½lb", "226.796"), ("0.2 KG", "200"), ("0 oz", "0")],
    )
    def test_a_unit_may_be_typed_behind_the_amount(self, member_client, typed, left):
        flour = bought(IngredientFactory(name="Flour"), "1000", "2")
        seen = {"uuid": uuid4(), "lot": flour.pk, "seen": "1000"}
        assert member_client.post(COUNT, seen | {"counted": typed}).status_code == 302
        flour.refresh_from_db()
        assert flour.quantity_remaining == Decimal(left)

    def test_a_unit_that_does_not_fit_is_refused_with_what_to_enter(self, member_client):
        flour = bought(IngredientFactory(name="Flour"), "1000", "2")
        seen = {"uuid": uuid4(), "lot": flour.pk, "seen": "1000"}
        page = member_client.post(COUNT, seen | {"counted": "2 cups"})
        assert page.status_code == 422
        assert "enter what a cup weighs" in page.content.decode()
        assert (
            "is not a unit Bakehouse knows"
            in member_client.post(COUNT, seen | {"counted": "2 sacks"}).content.decode()
        )

    def test_what_is_no_amount_is_refused_with_all_that_would_be(self, member_client, lot):
        page = member_client.post(COUNT, self.typed(lot, "half full")).content.decode()
        assert "Write it like 250, 2.5, 1 1/2, “8 oz” or “40 %”" in page
        assert "without the unit" not in page

    def test_the_row_comes_back_with_before_and_after(self, member_client, lot):
        part = member_client.post(COUNT, self.typed(lot, "40 %"), headers=HTMX).content.decode()
        assert '<span class="pill ok">Sugar: 1 kg before, 400 g now.</span>' in part
        assert '<p id="status" hx-swap-oob="innerHTML">Sugar: 1 kg before, 400 g now.</p>' in part
        assert f'id="lot-{lot.pk}"' in part
        assert "<html" not in part

    def test_a_plain_count_says_before_and_after_too(self, member_client, lot):
        response = member_client.post(COUNT, self.typed(lot, "40 %"))
        assert [str(said) for said in get_messages(response.wsgi_request)] == [
            "Sugar: 1 kg before, 400 g now."
        ]

    def test_more_than_the_books_say_is_a_lot_of_its_own(self, member_client, lot):
        member_client.post(COUNT, self.typed(lot, "1200"))
        assert sum(each.quantity_remaining for each in lot.item.lots.all()) == 1200

    def test_what_was_found_more_shows_at_once_in_a_row_of_its_own(self, member_client, lot):
        part = member_client.post(COUNT, self.typed(lot, "1200"), headers=HTMX)
        found = lot.item.lots.get(quantity=200)
        text = part.content.decode()
        assert [row.lot for row in part.context["rows"]] == [lot, found]
        assert text.index(f'id="lot-{lot.pk}"') < text.index(f'id="lot-{found.pk}"')
        assert "The 200 g more is a lot of its own now, at no cost." in text
        assert reverse("inventory:correct_cost", args=[found.pk]) in text

    def test_a_plain_count_says_where_what_was_found_more_went(self, member_client, lot):
        response = member_client.post(COUNT, self.typed(lot, "1200"))
        assert [str(said) for said in get_messages(response.wsgi_request)] == [
            "Sugar: 1 kg before, 1.2 kg now. The 200 g more is a lot of its own now, at no cost."
        ]

    @pytest.mark.parametrize("again", ["1200", "1.2 kg"])
    def test_the_same_surplus_is_not_added_again(self, member_client, lot, again):
        member_client.post(COUNT, self.typed(lot, "1200"), headers=HTMX)
        response = member_client.post(COUNT, self.typed(lot, again), headers=HTMX)
        assert response.status_code == 422
        assert "was counted here already" in response.content.decode()
        assert sum(each.quantity_remaining for each in lot.item.lots.all()) == 1200

    def test_the_books_speak_in_the_unit_the_field_takes(self, member_client, lot):
        text = member_client.get(COUNT).content.decode()
        assert '<strong>1000 g</strong> <span class="muted">(1 kg)</span>' in text

    @pytest.mark.parametrize("counted", ["much", "1,000"])
    def test_a_refusal_is_no_success(self, member_client, lot, counted):
        part = member_client.post(COUNT, self.typed(lot, counted), headers=HTMX).content.decode()
        assert '<p id="status" hx-swap-oob="innerHTML"><span class="refused">' in part

    @pytest.mark.parametrize("counted", ["", "much", "-1", "120 %", "% %", "1,000"])
    @pytest.mark.parametrize("headers", [{}, HTMX])
    def test_what_cannot_be_read_is_refused_and_kept(self, member_client, lot, counted, headers):
        response = member_client.post(COUNT, self.typed(lot, counted), headers=headers)
        assert response.status_code == 422
        assert f'value="{counted}"' in response.content.decode() or not counted
        lot.refresh_from_db()
        assert lot.quantity_remaining == 1000

    @pytest.mark.parametrize("headers", [{}, HTMX])
    def test_a_shelf_that_changed_is_shown_with_its_new_figure(self, member_client, lot, headers):
        adjust_stock(item_id=lot.item_id, quantity=-100, reason="Baked")
        response = member_client.post(COUNT, self.typed(lot, "950"), headers=headers)
        text = response.content.decode()
        assert response.status_code == 422
        assert "changed while you were counting" in text
        assert 'name="seen" value="900' in text
        assert 'value="950"' in text

    def test_a_count_sent_twice_is_booked_once(self, member_client, lot):
        typed = self.typed(lot, "600")
        before = StockEntry.objects.count()
        member_client.post(COUNT, typed)
        assert member_client.post(COUNT, typed).status_code == 302
        assert StockEntry.objects.count() == before + 1

    @pytest.mark.parametrize("lot_id", ["", "x", "999", "9" * 30])
    def test_an_unknown_lot_is_not_found(self, member_client, lot_id):
        assert member_client.post(COUNT, {"lot": lot_id}).status_code == 404

    @pytest.mark.parametrize("rows", [1, 3])
    def test_the_number_of_queries_does_not_grow(self, member_client, django_assert_num_queries, rows):
        for _ in range(rows):
            bought(IngredientFactory(), "10", "1")
        assert Product.objects.count() == rows
        with django_assert_num_queries(5):
            member_client.get(COUNT)
