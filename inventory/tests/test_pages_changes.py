"""The pages that change the shelf: purchases, adjustments, corrections and voids."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from django.utils import timezone

from bakery.core.models import name_of
from inventory.models import (
    EntryKind,
    Ingredient,
    IngredientCategory,
    Kind,
    Lot,
    Product,
    StockEntry,
    StockItem,
)
from inventory.services import adjust_stock, count_stock, edit_lot, void_receipt
from inventory.tests.factories import (
    IngredientCategoryFactory,
    IngredientFactory,
    PackagingFactory,
    ProductFactory,
    SupplierFactory,
    bought,
)

pytestmark = pytest.mark.django_db

RECEIVE = "/pantry/receive/"
BOTH = pytest.mark.parametrize(
    "headers", [{}, {"HX-Request": "true", "HX-Boosted": "true"}], ids=["plain", "htmx"]
)


@pytest.fixture
def flour(db):
    return IngredientFactory(name="Flour")


@pytest.fixture
def bag(flour):
    return ProductFactory(ingredient=flour, brand="Mill", package_quantity=Decimal(1), package_unit="kg")


def purchase(product: Product | None = None, item: StockItem | None = None, **typed: str) -> dict[str, str]:
    return {
        "uuid": str(uuid4()),
        "item": str(item.pk if item else product.ingredient_id),
        "product": str(product.pk) if product else "",
        "packages": "2",
        "total_cost": "3.50",
        "received_on": "2026-03-01",
        **typed,
    }


NEW = "/pantry/items/new/"


class TestSomethingNew:
    @BOTH
    def test_it_is_named_and_its_purchase_comes_next(self, member_client, headers):
        typed = {"name": "Tonka beans", "sort": "ingredient", "new_category": "Spices", "stock_unit": "g"}
        response = member_client.post(NEW, {**typed, "next": "/pantry/"}, headers=headers)
        beans = Ingredient.objects.get()
        assert (beans.name, beans.kind, beans.category.name, beans.stock_unit, beans.slug) == (
            "Tonka beans",
            Kind.INGREDIENT,
            "Spices",
            "g",
            "tonka-beans",
        )
        assert response.status_code == 302
        assert response.url == f"{RECEIVE}?item={beans.pk}&next=%2Fpantry%2F"

    def test_a_category_typed_again_is_the_one_there_is(self, member_client):
        spices = IngredientCategoryFactory(name="Spices")
        typed = {"name": "Ribbon", "sort": "packaging", "new_category": "spices", "stock_unit": "cm"}
        member_client.post(NEW, typed)
        ribbon = Ingredient.objects.get()
        assert (ribbon.category, ribbon.is_packaging) == (spices, True)

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ({"name": "", "new_category": "Spices"}, "This field is required."),
            ({"name": "Mace"}, "Choose a category, or name a new one."),
            (
                {"name": "Flour", "new_category": "Spices"},
                "There is already one of this name. Choose another name.",
            ),
        ],
    )
    def test_what_cannot_be_is_refused_and_nothing_typed_is_lost(self, member_client, flour, typed, said):
        response = member_client.post(NEW, {"sort": "ingredient", "stock_unit": "each", **typed})
        page = response.content.decode()
        assert response.status_code == 422
        assert said in page
        assert '<option value="each" selected>' in page
        assert list(IngredientCategory.objects.all()) == [flour.category]


class TestReceive:
    def test_first_the_item_is_chosen(self, member_client, flour):
        PackagingFactory(name="Box")
        IngredientFactory(name="Water", is_tracked=False)
        page = member_client.get(RECEIVE).content.decode()
        assert "Flour" in page
        assert "Box" in page
        assert "Water" not in page

    def test_the_likely_purchase_stands_there(self, member_client, flour, bag):
        ProductFactory(ingredient=flour, brand="Aardvark")
        lot = bought(flour, "1000", "2", product=bag)
        lot.supplier = SupplierFactory()
        lot.save(update_fields=["supplier"])
        page = member_client.get(RECEIVE, {"item": flour.pk})
        initial = page.context["form"].initial
        assert (initial["product"], initial["supplier"]) == (bag.pk, lot.supplier_id)
        assert initial["received_on"] == timezone.localdate().isoformat()
        assert "no-store" in page.headers["Cache-Control"]

    def test_what_was_counted_or_voided_is_not_proposed(self, member_client, flour, bag):
        sack, shop = ProductFactory(ingredient=flour), SupplierFactory()
        lot = bought(flour, "1000", "2", on=date(2026, 1, 1), product=bag)
        edit_lot(lot_id=lot.pk, supplier_id=shop.pk)
        void_receipt(lot_id=bought(flour, "9", "2", product=sack).pk, reason="Never came")
        count_stock(item_id=flour.pk, product_id=sack.pk, seen=0, counted=5)
        initial = member_client.get(RECEIVE, {"item": flour.pk}).context["form"].initial
        assert (initial["product"], initial["supplier"]) == (bag.pk, shop.pk)

    def test_what_the_list_asks_for_stands_there(self, member_client, flour, bag):
        asked = {"item": flour.pk, "product": bag.pk, "quantity": "2.5", "unit": "kg", "next": "/pantry/"}
        page = member_client.get(RECEIVE, asked).content.decode()
        assert 'value="2.5"' in page
        assert '<option value="kg" selected>' in page
        assert 'name="next" value="/pantry/"' in page

    def test_a_product_alone_says_what_is_bought(self, member_client, flour, bag):
        page = member_client.get(RECEIVE, {"product": bag.pk})
        assert page.context["item"] == flour

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ({"packages": "2", "total_cost": "3.50"}, "That is $1.75 per kg."),
            ({"quantity": "5", "unit": "kg", "total_cost": "7"}, "That is $1.40 per kg."),
            ({"packages": "2"}, ""),
            ({"packages": "2", "total_cost": "three"}, ""),
            ({"packages": "2", "quantity": "3", "total_cost": "3.50"}, ""),
            ({"packages": "2", "total_cost": "9999999999999"}, ""),
            ({"packages": "2", "total_cost": "5", "package_quantity": "2.5", "package_unit": "kg"}, ""),
        ],
    )
    def test_the_price_of_a_unit_follows_what_is_typed(self, member_client, bag, typed, said):
        asked = {"item": bag.ingredient_id, "product": bag.pk, **typed}
        part = member_client.get(RECEIVE, asked, headers={"HX-Request": "true"}).content.decode()
        assert part.strip() == f'<p class="muted wide" id="price">{said}</p>'

    @BOTH
    def test_packages_go_on_the_shelf(self, member_client, bag, headers):
        supplier = SupplierFactory()
        typed = purchase(
            bag, supplier=str(supplier.pk), expires_on="2026-09-01", location="Cellar", note="On offer"
        )
        response = member_client.post(RECEIVE, typed, headers=headers)
        assert response.status_code == 302
        lot = Lot.objects.get()
        assert (lot.quantity, lot.value, lot.received_on) == (Decimal(2000), Decimal("3.5"), date(2026, 3, 1))
        assert (lot.supplier, lot.expires_on) == (supplier, date(2026, 9, 1))
        assert (lot.location, lot.note) == ("Cellar", "On offer")

    def test_an_amount_goes_on_the_shelf_and_its_price_is_said(self, member_client, bag):
        typed = purchase(bag, packages="", quantity="1½", unit="kg", total_cost="3,00")
        response = member_client.post(RECEIVE, typed)
        assert Lot.objects.get().quantity == 1500
        [said] = [str(each) for each in get_messages(response.wsgi_request)]
        assert said == "1.5 kg of Flour is on the shelf, at $2.00 per kg."

    def test_the_next_purchase_can_follow_at_once(self, member_client, bag):
        response = member_client.post(RECEIVE, purchase(bag, another="1", next="/pantry/"))
        assert response.url == "/pantry/receive/?next=%2Fpantry%2F"

    def test_it_leads_back_to_where_it_was_asked_for(self, member_client, bag):
        assert member_client.post(RECEIVE, purchase(bag, next="/pantry/?show=low")).url == "/pantry/?show=low"
        assert member_client.post(RECEIVE, purchase(bag, next="https://evil.example/")).url == (
            f"/pantry/items/{bag.ingredient_id}/"
        )

    def test_a_new_product_is_made_in_place(self, member_client, flour):
        typed = purchase(None, flour, brand="Mill", product_name="Type 405", package_quantity="2.5")
        assert member_client.post(RECEIVE, typed | {"package_unit": "kg"}).status_code == 302
        product = Product.objects.get()
        assert (product.brand, product.name, product.package_quantity) == ("Mill", "Type 405", Decimal("2.5"))
        assert Lot.objects.get().quantity == 5000

    NEW_ONE = {"brand": "Aldi", "product_name": "Type 550", "package_quantity": "2.5", "package_unit": "kg"}

    def test_another_product_typed_beside_the_one_proposed_is_the_one_bought(self, member_client, flour, bag):
        bought(flour, "1000", "2", product=bag)
        form = member_client.get(RECEIVE, {"item": flour.pk}).context["form"]
        assert str(bag.pk) in str(form["proposed"])
        typed = purchase(bag, proposed=str(form["proposed"].value()), **self.NEW_ONE)
        assert member_client.post(RECEIVE, typed).status_code == 302
        lot = Lot.objects.latest("id")
        assert (lot.product.brand, lot.product.name, lot.quantity) == ("Aldi", "Type 550", Decimal(5000))

    @pytest.mark.parametrize("typed", [NEW_ONE, {"brand": "Aldi"}, {"package_unit": "kg"}])
    @pytest.mark.parametrize("proposed", ["", "7777"])
    def test_a_product_chosen_and_another_typed_is_refused(self, member_client, bag, proposed, typed):
        response = member_client.post(RECEIVE, purchase(bag, proposed=proposed, **typed))
        page = response.content.decode()
        assert response.status_code == 422
        assert f"{bag} is chosen, and another product is typed below." in page
        assert '<details class="quiet wide" open>' in page
        assert not Lot.objects.exists()

    def test_another_product_half_typed_is_not_dropped(self, member_client, bag):
        typed = purchase(bag, proposed=str(bag.pk), brand="Aldi")
        response = member_client.post(RECEIVE, typed)
        page = response.content.decode()
        assert response.status_code == 422
        assert f"{bag} was proposed, and another product is begun below. Enter how much" in page
        assert "or empty what is typed below." in page
        assert 'value="Aldi"' in page
        assert not Lot.objects.exists()
        assert member_client.post(RECEIVE, typed | {"brand": ""}).status_code == 302
        assert Lot.objects.get().product == bag

    @pytest.mark.parametrize("brand", ["x" * 201, "Mill\0"])
    def test_a_brand_that_cannot_be_kept_is_refused(self, member_client, flour, brand):
        typed = purchase(None, flour, brand=brand, package_quantity="1", package_unit="kg")
        assert member_client.post(RECEIVE, typed).status_code == 422
        assert member_client.get(RECEIVE, typed, headers={"HX-Request": "true"}).status_code == 200
        assert not Product.objects.exists()

    def test_a_product_typed_again_is_the_one_there_is(self, member_client, flour, bag):
        typed = purchase(None, flour, brand="Mill", package_quantity="1", package_unit="kg")
        member_client.post(RECEIVE, typed)
        assert Lot.objects.get().product == bag

    def test_no_product_is_left_behind_by_a_purchase_that_fails(self, member_client, flour):
        typed = purchase(None, flour, brand="Mill", package_quantity="1", package_unit="kg")
        tomorrow = timezone.localdate() + timedelta(days=1)
        assert member_client.post(RECEIVE, typed | {"received_on": tomorrow.isoformat()}).status_code == 422
        assert not Product.objects.exists()

    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        [
            ({"packages": ""}, "one of the two"),
            ({"quantity": "2"}, "one of the two"),
            ({"packages": "some"}, "is not an amount"),
            ({"total_cost": ""}, "required"),
            ({"total_cost": "-1"}, "cannot be negative"),
            ({"received_on": "2999-01-01"}, "still to come"),
            ({"received_on": "0026-03-01"}, "The year 26 cannot be kept"),
            ({"expires_on": "9999-12-31"}, "The year 9999 cannot be kept"),
            ({"expires_on": "2026-02-01"}, "expired before it was bought"),
            ({"packages": "", "quantity": "1", "unit": "each"}, "what one piece weighs"),
            ({"product": ""}, "Choose a product"),
            ({"product": "999"}, "Select a valid choice"),
            ({"product": "", "package_quantity": "1", "package_unit": "cup"}, "what a cup"),
        ],
    )
    def test_what_is_wrong_is_said_and_nothing_typed_is_lost(self, member_client, bag, wrong, sentence):
        typed = purchase(bag, note="From the market") | wrong
        response = member_client.post(RECEIVE, typed)
        text = response.content.decode()
        assert response.status_code == 422
        assert sentence in text
        assert "From the market" in text
        assert typed["uuid"] in text
        assert not Lot.objects.exists()

    def test_an_unknown_item_is_asked_for_again(self, member_client, bag):
        response = member_client.post(RECEIVE, purchase(bag) | {"item": "999"})
        assert response.status_code == 422
        assert "Select a valid choice" in response.content.decode()

    @BOTH
    def test_a_purchase_sent_twice_is_bought_once(self, member_client, bag, headers):
        typed = purchase(bag)
        for _ in range(2):
            assert member_client.post(RECEIVE, typed, headers=headers).status_code == 302
        assert Lot.objects.count() == 1

    def test_another_purchase_under_the_same_key_gets_a_fresh_one_and_the_way_to_the_first(
        self, member_client, bag
    ):
        typed = purchase(bag)
        member_client.post(RECEIVE, typed)
        response = member_client.post(RECEIVE, typed | {"packages": "7"})
        text = response.content.decode()
        assert response.status_code == 422
        assert typed["uuid"] not in text
        assert StockEntry.objects.get().get_absolute_url() in text
        assert 'value="7"' in text


class TestAdjust:
    @staticmethod
    def typed(**typed: str) -> dict[str, str]:
        return {"uuid": str(uuid4()), "direction": "remove", "quantity": "100", "reason": "Spilled", **typed}

    @BOTH
    def test_less_is_taken_oldest_first(self, member_client, flour, headers):
        old, new = bought(flour, "150", "1", date(2026, 1, 1)), bought(flour, "500", "1", date(2026, 2, 1))
        address = f"/pantry/items/{flour.pk}/adjust/"
        response = member_client.post(address, self.typed(quantity="0.2", unit="kg"), headers=headers)
        assert response.status_code == 302
        for lot, left in ((old, 0), (new, 450)):
            lot.refresh_from_db()
            assert lot.quantity_remaining == left

    def test_one_lot_can_be_chosen(self, member_client, flour):
        bought(flour, "150", "1")
        lot = bought(flour, "500", "1")
        member_client.post(f"/pantry/items/{flour.pk}/adjust/", self.typed(lot=str(lot.pk)))
        lot.refresh_from_db()
        assert lot.quantity_remaining == 400

    def test_more_becomes_a_lot_with_its_worth(self, member_client, flour):
        typed = self.typed(direction="add", reason="Opening stock", total_cost="1.2345")
        member_client.post(f"/pantry/items/{flour.pk}/adjust/", typed)
        lot = Lot.objects.get()
        assert (lot.quantity, lot.value) == (Decimal(100), Decimal("1.2345"))
        assert StockEntry.objects.get().kind == EntryKind.OPENING

    def test_more_of_a_chosen_lot_is_refused_and_not_booked_beside_it(self, member_client, flour):
        lot = bought(flour, "500", "1")
        typed = self.typed(direction="add", lot=str(lot.pk), note="By the cat")
        response = member_client.post(f"/pantry/items/{flour.pk}/adjust/", typed)
        assert response.status_code == 422
        page = response.content.decode()
        assert "A lot never grows" in page
        assert "By the cat" in page
        assert Lot.objects.count() == 1
        assert "Choose “No lot”." in page
        assert '<option value="">No lot: the oldest first</option>' in page
        assert member_client.post(f"/pantry/items/{flour.pk}/adjust/", typed | {"lot": ""}).status_code == 302
        assert Lot.objects.count() == 2

    def test_a_lot_of_another_product_than_the_chosen_one_is_refused(self, member_client):
        ribbon = PackagingFactory(stock_unit="cm")
        red, gold = ProductFactory(ingredient=ribbon), ProductFactory(ingredient=ribbon)
        lot = bought(ribbon, "500", "1", product=red)
        typed = self.typed(lot=str(lot.pk), product=str(gold.pk))
        response = member_client.post(f"/pantry/items/{ribbon.pk}/adjust/", typed)
        assert response.status_code == 422
        assert f"That lot is not of {gold}." in response.content.decode()
        lot.refresh_from_db()
        assert lot.quantity_remaining == 500

    def test_packaging_names_its_product(self, member_client):
        box = PackagingFactory()
        product = ProductFactory(ingredient=box)
        address = f"/pantry/items/{box.pk}/adjust/"
        typed = self.typed(direction="add", quantity="3")
        assert member_client.post(address, typed).status_code == 422
        assert member_client.post(address, typed | {"product": str(product.pk)}).status_code == 302
        assert Lot.objects.get().product == product

    def test_what_was_baked_is_adjusted_in_pieces(self, member_client):
        cookie = StockItem.objects.create(name="Cookie", kind=Kind.FINISHED_UNIT, stock_unit="each")
        adjust_stock(item_id=cookie.pk, quantity=10, reason="Opening stock")
        address = f"/pantry/items/{cookie.pk}/adjust/"
        assert member_client.get(address).status_code == 200
        assert member_client.post(address, self.typed(quantity="0.5")).status_code == 422
        assert member_client.post(address, self.typed(quantity="4")).status_code == 302

    @BOTH
    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        [
            ({"quantity": "9999"}, "There is only 500 g of Flour"),
            ({"quantity": "lots"}, "is not an amount"),
            ({"quantity": "0"}, "0"),
            ({"reason": ""}, "Say why"),
            ({"unit": "each"}, "what one piece weighs"),
            ({"total_cost": "2"}, "takes its own cost with it"),
            ({"direction": "sideways"}, "Select a valid choice"),
        ],
    )
    def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
        self, member_client, flour, wrong, sentence, headers
    ):
        lot = bought(flour, "500", "1")
        typed = self.typed(note="By the cat") | wrong
        response = member_client.post(f"/pantry/items/{flour.pk}/adjust/", typed, headers=headers)
        text = response.content.decode()
        assert response.status_code == 422
        assert sentence in text
        assert "By the cat" in text
        lot.refresh_from_db()
        assert lot.quantity_remaining == 500

    def test_an_unknown_item_is_not_found(self, member_client):
        assert member_client.get("/pantry/items/1/adjust/").status_code == 404
        assert member_client.post("/pantry/items/1/adjust/").status_code == 404


class TestLot:
    def test_it_shows_what_happened_and_what_was_left_after(self, member_client, flour):
        lot = bought(flour, "1000", "2")
        adjust_stock(item_id=flour.pk, quantity=-250, reason="Spilled")
        page = member_client.get(f"/pantry/lots/{lot.pk}/")
        assert [row.left for row in page.context["history"]] == [Decimal(1000), Decimal(750)]
        assert "Bought 1 kg of Flour" in page.content.decode()

    def test_a_used_lot_offers_no_correction_that_would_be_refused(self, member_client, flour):
        lot = bought(flour, "1000", "2")
        address = f"/pantry/lots/{lot.pk}/"
        page = member_client.get(address).content.decode()
        assert f"{address}void/" in page
        assert f"{address}cost/" in page
        adjust_stock(item_id=flour.pk, quantity=-1000, reason="Spilled")
        page = member_client.get(address).content.decode()
        assert f"{address}void/" not in page
        assert f"{address}cost/" not in page

    @pytest.mark.parametrize("rows", [1, 3])
    def test_the_number_of_queries_does_not_grow(self, member_client, django_assert_num_queries, flour, rows):
        lot = bought(flour, "1000", "2")
        for _ in range(rows):
            adjust_stock(item_id=flour.pk, quantity=-1, reason="Spilled")
        with django_assert_num_queries(5):
            member_client.get(f"/pantry/lots/{lot.pk}/")

    @BOTH
    def test_a_price_is_put_right(self, member_client, flour, headers):
        lot = bought(flour, "1000", "2")
        typed = {"uuid": str(uuid4()), "total_cost": "3", "reason": "Misread"}
        response = member_client.post(f"/pantry/lots/{lot.pk}/cost/", typed, headers=headers)
        assert response.status_code == 302
        lot.refresh_from_db()
        assert lot.value_remaining == 3

    def test_a_price_put_right_is_the_price_from_then_on(self, member_client, flour):
        lot = bought(flour, "3000", "2")
        adjust_stock(item_id=flour.pk, quantity=-2000, reason="Spilled")
        cost = f"/pantry/lots/{lot.pk}/cost/"
        member_client.post(cost, {"uuid": str(uuid4()), "total_cost": "10", "reason": "Misread"})
        adjust_stock(item_id=flour.pk, quantity=-500, reason="Spilled")
        page = member_client.get(f"/pantry/lots/{lot.pk}/").content.decode()
        assert "<h2>$10.0000 <span" in page
        assert "$3.33 per kg" in page
        again = member_client.get(cost).context["form"]["total_cost"].value()
        assert again == "10"
        response = member_client.post(cost, {"uuid": str(uuid4()), "total_cost": again, "reason": "Looked"})
        assert "That is what it costs already" in response.content.decode()

    @BOTH
    def test_the_same_price_again_is_refused(self, member_client, flour, headers):
        lot = bought(flour, "1000", "2")
        typed = {"uuid": str(uuid4()), "total_cost": "2", "reason": "Misread"}
        response = member_client.post(f"/pantry/lots/{lot.pk}/cost/", typed, headers=headers)
        assert response.status_code == 422
        assert "That is what it costs already" in response.content.decode()
        assert 'value="Misread"' in response.content.decode()

    @BOTH
    def test_dates_shelf_supplier_and_note_are_edited(self, member, member_client, flour, headers):
        lot = bought(flour, "1000", "2")
        supplier = SupplierFactory()
        typed = {
            "received_on": "2025-12-24",
            "expires_on": "2026-12-24",
            "location": "Attic",
            "supplier": str(supplier.pk),
            "note": "Gift",
        }
        assert member_client.post(f"/pantry/lots/{lot.pk}/edit/", typed, headers=headers).status_code == 302
        lot.refresh_from_db()
        assert (lot.received_on, lot.expires_on) == (date(2025, 12, 24), date(2026, 12, 24))
        assert (lot.location, lot.supplier, lot.note) == ("Attic", supplier, "Gift")
        assert lot.quantity == 1000
        assert lot.edited_by_name == name_of(member) != ""

    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        [
            ({"expires_on": "2020-01-01"}, "expired before it was received"),
            ({"received_on": "2999-01-01"}, "still to come"),
            ({"received_on": "0026-01-01"}, "The year 26 cannot be kept"),
            ({"expires_on": "9999-12-31"}, "The year 9999 cannot be kept"),
            ({"received_on": ""}, "required"),
        ],
    )
    def test_a_wrong_date_is_refused(self, member_client, flour, wrong, sentence):
        lot = bought(flour, "1000", "2")
        typed = {"received_on": "2026-01-01", "location": "Attic"} | wrong
        response = member_client.post(f"/pantry/lots/{lot.pk}/edit/", typed)
        assert response.status_code == 422
        assert sentence in response.content.decode()
        assert "Attic" in response.content.decode()
        lot.refresh_from_db()
        assert (lot.location, lot.received_on) == ("", date(2026, 1, 1))

    def test_what_was_made_here_keeps_its_day(self, member_client):
        cookie = StockItem.objects.create(name="Cookie", kind=Kind.FINISHED_UNIT, stock_unit="each")
        adjust_stock(item_id=cookie.pk, quantity=10, reason="Opening stock")
        lot = Lot.objects.get()
        address = f"/pantry/lots/{lot.pk}/edit/"
        assert 'name="received_on"' not in member_client.get(address).content.decode()
        assert member_client.post(address, {"location": "Tin"}).status_code == 302
        lot.refresh_from_db()
        assert lot.location == "Tin"

    @BOTH
    def test_a_purchase_is_voided(self, member_client, flour, headers):
        lot = bought(flour, "1000", "2")
        typed = {"uuid": str(uuid4()), "reason": "Never came"}
        response = member_client.post(f"/pantry/lots/{lot.pk}/void/", typed, headers=headers)
        assert response.status_code == 302
        lot.refresh_from_db()
        assert lot.quantity_remaining == 0
        assert StockEntry.objects.get(kind=EntryKind.REVERSAL).reason == "Never came"

    def test_a_used_purchase_names_what_is_in_the_way(self, member_client, flour):
        lot = bought(flour, "1000", "2")
        entry = adjust_stock(item_id=flour.pk, quantity=-1, reason="Spilled")
        typed = {"uuid": str(uuid4()), "reason": "Never came"}
        response = member_client.post(f"/pantry/lots/{lot.pk}/void/", typed)
        assert response.status_code == 422
        assert f'href="{entry.get_absolute_url()}"' in response.content.decode()


class TestEntry:
    @pytest.fixture
    def entry(self, flour):
        bought(flour, "1000", "2")
        return adjust_stock(item_id=flour.pk, quantity=-250, reason="Spilled", note="By the cat")

    def test_it_says_who_what_and_why(self, member_client, entry):
        text = member_client.get(f"/pantry/entries/{entry.pk}/").content.decode()
        for part in (entry.summary, "Spilled", "By the cat", "-250 g"):
            assert part in text.replace("−", "-")

    @BOTH
    def test_an_adjustment_is_voided(self, member_client, flour, entry, headers):
        address = f"/pantry/entries/{entry.pk}/"
        typed = {"uuid": str(uuid4()), "reason": "Wrong item"}
        assert member_client.post(f"{address}void/", typed, headers=headers).status_code == 302
        assert flour.lots.get().quantity_remaining == 1000
        text = member_client.get(address).content.decode()
        assert "Wrong item" in text
        assert f"{address}void/" not in text

    def test_a_purchase_is_not_voided_as_an_adjustment(self, member_client, flour):
        bought(flour, "1000", "2")
        entry = StockEntry.objects.get()
        typed = {"uuid": str(uuid4()), "reason": "Wrong"}
        response = member_client.post(f"/pantry/entries/{entry.pk}/void/", typed)
        assert response.status_code == 422
        assert "Only adjustments" in response.content.decode()

    @pytest.mark.parametrize("rows", [1, 3])
    def test_the_number_of_queries_does_not_grow(self, member_client, django_assert_num_queries, flour, rows):
        for _ in range(rows):
            bought(flour, "10", "1")
        entry = adjust_stock(item_id=flour.pk, quantity=-10 * rows, reason="Spilled")
        with django_assert_num_queries(5):
            member_client.get(f"/pantry/entries/{entry.pk}/")


WRITING = ["lots/{}/cost/", "lots/{}/edit/", "lots/{}/void/", "entries/{}/void/"]


@pytest.mark.parametrize("address", WRITING)
class TestEveryCorrection:
    def test_of_something_unknown_is_not_found(self, member_client, address):
        assert member_client.get(f"/pantry/{address.format(999)}").status_code == 404
        assert member_client.post(f"/pantry/{address.format(999)}").status_code == 404

    def test_writes_nothing_when_it_is_looked_at(self, member_client, flour, address):
        lot = bought(flour, "10", "1")
        entry = adjust_stock(item_id=flour.pk, quantity=-1, reason="Eaten")
        of = entry.pk if address.startswith("entries") else lot.pk
        page = member_client.get(f"/pantry/{address.format(of)}", {"reason": "Why", "total_cost": "9"})
        assert page.status_code == 200
        assert StockEntry.objects.count() == 2
        assert 'hx-sync="this:drop"' in page.content.decode()
        assert "no-store" in page.headers["Cache-Control"]

    def test_is_for_members(self, client, flour, address):
        lot = bought(flour, "10", "1")
        assert client.post(f"/pantry/{address.format(lot.pk)}").status_code == 302
        assert StockEntry.objects.count() == 1


@pytest.mark.parametrize("address", ["lots/{}/cost/", "lots/{}/void/", "entries/{}/void/"])
def test_a_correction_asks_for_a_reason(member_client, flour, address):
    lot = bought(flour, "10", "1")
    entry = adjust_stock(item_id=flour.pk, quantity=-1, reason="Eaten")
    of = entry.pk if address.startswith("entries") else lot.pk
    response = member_client.post(f"/pantry/{address.format(of)}", {"uuid": str(uuid4())})
    assert response.status_code == 422
    assert "Say why" in response.content.decode()
