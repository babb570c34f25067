"""The shopping list as a member meets it."""

from __future__ import annotations

import csv
import io
import uuid
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assembly.tests.factories import good_of
from events.models import EventProductionTarget, ShoppingItem
from events.services import add_shopping_item, tick_shopping_item, tick_shopping_line
from events.tests.factories import EventFactory, assigned, package_of
from inventory.models import Lot
from inventory.services import correct_lot_cost, receive_lot
from inventory.tests.factories import (
    IngredientFactory,
    PackagingFactory,
    ProductFactory,
    SupplierFactory,
    bought,
)
from production.models import RecipeIngredient
from production.tests.factories import FinishedUnitFactory, recipe_of

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
LIST = "/shopping/"


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda *_: date(2026, 11, 21))


@pytest.fixture
def flour():
    return IngredientFactory(name="Flour")


@pytest.fixture
def bag(flour):
    """A bag of 1 kg from the wholesale club for 1.80; 200 g of it are left of an earlier one."""
    product = ProductFactory(ingredient=flour, brand="Mill", package_quantity=Decimal(1), package_unit="kg")
    club = SupplierFactory(name="Wholesale club")
    receive_lot(
        product_id=product.pk,
        quantity=200,
        unit="g",
        total_cost=Decimal("0.36"),
        supplier_id=club.pk,
        received_on=date(2026, 1, 2),
    )
    return product


@pytest.fixture
def stollen(flour):
    recipe = recipe_of((flour, "500", "g"))
    recipe.name = "Stollen"
    recipe.save()
    return recipe


@pytest.fixture
def christmas(stollen):
    """It needs 1,500 g of flour."""
    event = EventFactory(name="Christmas 2026", event_date=date(2026, 12, 24))
    EventProductionTarget.objects.create(event=event, recipe=stollen, target_batches=3)
    return event


def text(response):
    return response.content.decode()


def table(response):
    content = response.content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content, newline="")))


# Looking


def test_the_list_shows_what_to_buy_where_for_what_and_for_how_much(member_client, christmas, bag):
    page = text(member_client.get(LIST))
    for shown in (
        f'For <a href="{christmas.get_absolute_url()}">Christmas 2026</a>, less',
        "Wholesale club",
        "2 × ",
        "Mill, 1 kg",
        "Stollen 1.5 kg",
        "1.3 kg",
        "200 g",
        "$3.60",
    ):
        assert shown in page, shown


def test_events_ahead_are_chosen_unless_the_address_says_otherwise(member_client, stollen, christmas):
    past = EventFactory(name="Summer fair", event_date=date(2026, 7, 1))
    later = EventFactory(name="Easter 2027", event_date=date(2027, 3, 28))
    page = member_client.get(LIST).context["page"]
    assert page.shopping.events == (christmas, later)
    page = member_client.get(f"{LIST}?event={past.slug}&event={later.slug}").context["page"]
    assert page.shopping.events == (past, later)
    assert member_client.get(f"{LIST}?event=").context["page"].shopping.events == ()
    assert member_client.get(f"{LIST}?event=none-such").status_code == 404


def test_food_and_packaging_stand_apart_and_what_has_no_shop_comes_last(member_client, christmas, bag):
    tag = ProductFactory(
        ingredient=PackagingFactory(name="Tag"), preferred_supplier=SupplierFactory(name="Bow & Box")
    )
    salt = IngredientFactory(name="Salt")
    EventProductionTarget.objects.create(
        event=christmas, recipe=recipe_of((salt, "5", "g")), target_batches=1
    )
    assigned(christmas, package_of((tag, "1")))
    page = member_client.get(LIST).context["page"]
    assert [shop.title for shop in page.shops] == [
        "Wholesale club",
        "No shop noted",
        "Packaging, Bow &amp; Box".replace("&amp;", "&"),
    ]


def test_what_needs_a_hand_says_so_with_the_way_on(owner_client, christmas, stollen):
    citron = IngredientFactory(name="Candied citron")
    lemon = IngredientFactory(name="Lemon", stock_unit="each")
    RecipeIngredient.objects.create(recipe=stollen, ingredient=citron, quantity=Decimal(50), unit="g")
    RecipeIngredient.objects.create(recipe=stollen, ingredient=lemon, quantity=Decimal(1), unit="cup")
    page = text(owner_client.get(LIST))
    assert "No product is preferred or was bought before, so no package is known." in page
    assert f'/pantry/receive/?item={citron.pk}&amp;next=%2Fshopping%2F">Candied citron</a>' in page
    assert "no product chosen" in page
    assert reverse("admin:inventory_ingredient_change", args=[lemon.pk]) in page


def test_what_has_no_price_is_not_in_the_sum_and_says_so(member_client, christmas, flour):
    ProductFactory(ingredient=flour, brand="Mill", package_quantity=Decimal(1), package_unit="kg")
    page = text(member_client.get(LIST))
    assert "Not in the sum, because nothing was ever paid for it: Flour." in page
    assert "not known" in page


def test_what_is_there_in_full_is_folded_away(member_client, christmas, flour):
    bought(flour, "9000", "9")
    page = text(member_client.get(LIST))
    assert "1 line with enough on the shelf" in page
    assert "Nothing the events need is missing." in page


def test_an_empty_list_names_the_next_step(member_client):
    page = text(member_client.get(LIST))
    assert "Nothing is on the list." in page
    EventFactory(event_date=date(2026, 12, 24))
    assert "targets or packages" in text(member_client.get(LIST))


def test_choosing_events_swaps_the_list_alone(member_client, christmas):
    page = text(member_client.get(f"{LIST}?event={christmas.slug}", headers=HTMX))
    assert "<html" not in page
    assert 'id="shopping-list"' in page


def test_the_page_is_not_kept_by_the_browser(member_client):
    assert "no-store" in member_client.get(LIST).headers["Cache-Control"]


# Ticking


@pytest.fixture
def tick(member_client):
    def tick(line, ticked="1", **options):
        return member_client.post(
            reverse("events:shopping_tick"), {"line": line, "ticked": ticked, "next": LIST}, **options
        )

    return tick


def test_a_line_is_ticked_and_offers_to_bring_it_home(tick, christmas, flour, bag):
    page = text(tick(f"item-{flour.pk}", headers=HTMX))
    assert 'aria-pressed="true"' in page
    assert 'name="packages" inputmode="decimal" value="2"' in page
    assert 'value="3.60"' in page
    assert "Ticked off." in page
    assert "<html" not in page
    page = text(tick(f"item-{flour.pk}", "0", headers=HTMX))
    assert 'aria-pressed="true"' not in page


def test_without_script_ticking_leads_back_to_the_list(tick, christmas, flour):
    assert tick(f"item-{flour.pk}").url == LIST
    assert ShoppingItem.objects.get().ingredient == flour


def test_what_was_put_on_by_hand_is_ticked_too(tick):
    item = add_shopping_item(text="Candles")
    tick(f"hand-{item.pk}")
    item.refresh_from_db()
    assert item.ticked_by_name == "mira"


def test_a_line_that_is_gone_is_said_on_the_list(tick):
    answer = tick("hand-4711", headers=HTMX)
    assert answer.status_code == 422
    assert "no longer on the shopping list" in text(answer)
    assert tick("hand-4711").status_code == 302


@pytest.mark.parametrize("line", ["", "flour", "item-", "item-x", "cake-1", "item-" + "9" * 30])
def test_a_line_that_cannot_be_is_not_found(tick, line):
    assert tick(line).status_code == 404


@pytest.mark.parametrize("address", ["tick/", "items/1/remove/"])
def test_ticking_and_removing_are_no_gets(member_client, address):
    assert member_client.get(LIST + address).status_code == 405


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example/", "no-page", "1e9", "½"])
def test_nobody_is_led_elsewhere(member_client, flour, address):
    answer = member_client.post(
        reverse("events:shopping_tick"), {"line": f"item-{flour.pk}", "ticked": "1", "next": address}
    )
    assert answer.url == LIST


# By hand


def typed(**changes):
    return {
        "uuid": str(uuid.uuid4()),
        "what": "",
        "text": "",
        "quantity": "",
        "unit": "",
        "event": "",
    } | changes


def test_something_is_put_on_the_list(member_client, flour, christmas):
    answer = member_client.post(
        reverse("events:shopping_add"),
        typed(what=f"item-{flour.pk}", quantity="2,5", unit="kg", event=christmas.pk, next=LIST),
        follow=True,
    )
    assert answer.redirect_chain == [(LIST, 302)]
    assert "Flour is on the shopping list." in text(answer)
    item = ShoppingItem.objects.get()
    assert (item.ingredient, item.quantity, item.unit, item.event) == (
        flour,
        Decimal("2.500"),
        "kg",
        christmas,
    )


def test_a_double_submission_is_one_line(member_client):
    form = typed(text="Candles")
    for _ in range(2):
        member_client.post(reverse("events:shopping_add"), form)
    assert ShoppingItem.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({}, "Say what to buy"),
        ({"text": "Rice", "quantity": "a lot"}, "a lot"),
        ({"text": "Rice", "uuid": "x"}, "damaged"),
        ({"text": "Rice", "event": "4711"}, "not one of the available choices"),
        ({"what": "item-4711"}, "not one of the available choices"),
    ],
)
def test_what_cannot_be_is_refused_and_stays_in_the_form(member_client, changes, sentence):
    answer = member_client.post(reverse("events:shopping_add"), typed(**changes))
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert changes.get("text", "") in text(answer)
    assert not ShoppingItem.objects.exists()


def test_a_unit_that_does_not_fit_is_refused_beside_its_field(member_client, flour):
    answer = member_client.post(
        reverse("events:shopping_add"), typed(what=f"item-{flour.pk}", quantity="1", unit="cup")
    )
    assert answer.status_code == 422
    assert answer.context["add"].errors["unit"]


def test_a_link_from_where_something_is_short_fills_the_form(member_client, flour):
    page = member_client.get(f"{reverse('events:shopping_add')}?ingredient={flour.pk}&quantity=250&unit=g")
    form = page.context["add"]
    assert (form["what"].value(), form["quantity"].value(), form["unit"].value()) == (
        f"item-{flour.pk}",
        "250",
        "g",
    )


def test_what_is_short_for_a_bake_or_a_box_leads_to_the_list(member_client, stollen, flour):
    cookie = FinishedUnitFactory(recipe=stollen)
    tag = ProductFactory(ingredient=PackagingFactory())
    box = good_of((cookie, "1"), (tag, "2"))
    add = reverse("events:shopping_add")
    page = text(member_client.get(f"/production/record/?recipe={stollen.pk}&num_batches=2"))
    assert f"{add}?ingredient={flour.pk}&amp;quantity=1000&amp;unit=g" in page
    page = text(member_client.get(f"/assembly/record/?good={box.pk}&quantity=3"))
    assert f"{add}?product={tag.pk}&amp;quantity=6&amp;unit=each" in page
    assert f"{add}?ingredient={flour.pk}" in text(member_client.get(stollen.get_absolute_url()))
    assert f"{add}?ingredient={flour.pk}" in text(member_client.get(flour.get_absolute_url()))


def test_it_is_taken_off_again(member_client):
    item = add_shopping_item(text="Candles")
    address = reverse("events:shopping_remove", args=[item.pk])
    assert "Candles" not in text(member_client.post(address, headers=HTMX))
    assert "off the list already" in text(member_client.post(address, headers=HTMX))
    assert member_client.post(address).url == LIST


# Bringing it home


@pytest.fixture
def item(flour):
    return tick_shopping_line(ingredient_id=flour.pk)


def purchase(bag, **changes):
    return {
        "uuid": str(uuid.uuid4()),
        "product": bag.pk,
        "packages": "2",
        "total_cost": "3.60",
        "next": LIST,
    } | changes


def test_one_tap_brings_a_ticked_line_home(member_client, member, christmas, bag, item):
    address = reverse("events:shopping_buy", args=[item.pk])
    form = purchase(bag, supplier=bag.lots.get().supplier_id)
    answer = member_client.post(address, form, follow=True)
    assert "2 kg of Flour is on the shelf." in text(answer)
    assert "bought" in text(answer)
    lot = Lot.objects.latest("pk")
    assert (lot.quantity, lot.value, lot.supplier.name, lot.received_on) == (
        2000,
        Decimal("3.6000"),
        "Wholesale club",
        date(2026, 11, 21),
    )
    assert lot.movements.get().entry.recorded_by == member
    member_client.post(address, form)
    assert Lot.objects.count() == 2


def test_a_price_put_right_is_the_price_on_the_list(member_client, christmas, bag, flour, item):
    by_hand = add_shopping_item(product_id=bag.pk, quantity=1)
    for line in (item, by_hand):
        form = purchase(bag, packages="4", total_cost="20")
        member_client.post(reverse("events:shopping_buy", args=[line.pk]), form)
        lot = Lot.objects.latest("pk")
        correct_lot_cost(lot_id=lot.pk, total_cost="2.22", reason="Misread")
    page = text(member_client.get(LIST))
    assert (page.count("$2.22"), page.count("$20.00")) == (2, 0)


def test_bought_lines_take_one_statement_however_many_they_are(member_client, django_assert_num_queries):
    def one_more():
        item = IngredientFactory()
        line = add_shopping_item(ingredient_id=item.pk, quantity=1)
        member_client.post(
            reverse("events:shopping_buy", args=[line.pk]), purchase(ProductFactory(ingredient=item))
        )
        member_client.get(LIST)  # which reads the message of the purchase

    one_more()
    with django_assert_num_queries(9):
        member_client.get(LIST)
    one_more()
    one_more()
    with django_assert_num_queries(9):
        member_client.get(LIST)
    assert Lot.objects.count() == 3


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"packages": ""}, "required"),
        ({"packages": "0"}, "more than 0"),
        ({"total_cost": "free"}, "free"),
        ({"received_on": "2999-01-01"}, "still to come"),
        ({"product": "4711"}, "not one of the available choices"),
    ],
)
def test_a_purchase_that_cannot_be_is_refused_and_stays_in_the_form(
    member_client, bag, item, changes, sentence
):
    answer = member_client.post(
        reverse("events:shopping_buy", args=[item.pk]), purchase(bag, location="Cellar", **changes)
    )
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert "Cellar" in text(answer)
    assert Lot.objects.count() == 1


def test_a_used_form_gets_a_fresh_key(member_client, bag, item, flour):
    form = purchase(bag)
    member_client.post(reverse("events:shopping_buy", args=[item.pk]), form)
    again = tick_shopping_line(ingredient_id=flour.pk)
    answer = member_client.post(reverse("events:shopping_buy", args=[again.pk]), {**form, "packages": "3"})
    assert answer.status_code == 422
    assert form["uuid"] not in text(answer)


def test_the_form_of_a_line_is_filled_in_from_the_list(member_client, bag, item):
    page = text(
        member_client.get(
            f"{reverse('events:shopping_buy', args=[item.pk])}?product={bag.pk}&packages=2&total_cost=3.60"
        )
    )
    assert f'<option value="{bag.pk}" selected>' in page
    assert 'value="3.60"' in page


def test_an_ingredient_without_a_product_leads_to_the_purchase_of_one(member_client, item, flour):
    page = text(member_client.get(reverse("events:shopping_buy", args=[item.pk])))
    assert f"/pantry/receive/?item={flour.pk}" in page


def test_plain_words_are_bought_as_anything_is(member_client):
    item = add_shopping_item(text="Candles")
    answer = member_client.get(reverse("events:shopping_buy", args=[item.pk]))
    assert answer.url == f"{reverse('inventory:receive')}?next=%2Fshopping%2F"


def test_a_line_that_is_gone_cannot_be_bought(member_client):
    assert member_client.get(reverse("events:shopping_buy", args=[4711])).status_code == 404


# The file


def test_the_file_bears_the_name_of_the_event_and_opens_in_a_spreadsheet(member_client, christmas, bag):
    add_shopping_item(text="=HYPERLINK(evil)", event_id=christmas.pk)
    answer = member_client.get(f"{reverse('events:shopping_csv')}?event={christmas.slug}")
    assert answer["Content-Disposition"] == 'attachment; filename="christmas-2026-shopping-list.csv"'
    assert answer.content.startswith(b"\xef\xbb\xbf")
    flour_row, words = table(answer)
    assert flour_row == {
        "Shop": "Wholesale club",
        "Kind": "Food",
        "Item": "Flour",
        "Product": "Mill, 1 kg",
        "Packages": "2",
        "To buy": "1300",
        "Unit": "g",
        "Needed": "1500",
        "On hand": "200",
        "Expected price": "3.6",
        "For": "Christmas 2026: Stollen",
        "Ticked": "",
    }
    assert (words["Item"], words["Kind"]) == ("'=HYPERLINK(evil)", "By hand")


def test_the_file_of_several_events_has_a_name_of_its_own(member_client, christmas):
    EventFactory(event_date=date(2026, 12, 1))
    answer = member_client.get(reverse("events:shopping_csv"))
    assert answer["Content-Disposition"] == 'attachment; filename="shopping-list.csv"'


# Statements


def test_the_page_takes_the_same_statements_however_long_the_list_is(member_client, christmas):
    supplier = SupplierFactory()

    def one_more():
        item = IngredientFactory()
        product = ProductFactory(ingredient=item, preferred_supplier=supplier)
        bought(item, "1", "1", product=product)
        unit = FinishedUnitFactory(recipe=recipe_of((item, "100", "g")))
        wrap = ProductFactory(ingredient=PackagingFactory())
        for event in (EventFactory(event_date=date(2026, 12, 24)), christmas):
            assigned(event, package_of((good_of((unit, "2"), (wrap, "1")), 1), (wrap, "1")), 2)
        tick_shopping_line(ingredient_id=item.pk)
        tick_shopping_item(item_id=add_shopping_item(product_id=product.pk, quantity=3).pk)
        add_shopping_item(ingredient_id=item.pk, quantity=3, event_id=christmas.pk)

    def statements(address):
        with CaptureQueriesContext(connection) as captured:
            assert member_client.get(address).status_code == 200
        return len(captured)

    tab = reverse("events:shopping_for", args=[christmas.slug])
    one_more()
    assert (statements(LIST), statements(tab)) == (15, 15)
    one_more()
    one_more()
    assert (statements(LIST), statements(tab)) == (15, 15)


def test_the_tab_of_an_event_shows_its_list_and_ticks_in_place(member_client, christmas, bag, flour):
    EventFactory(event_date=date(2026, 12, 1))
    tab = reverse("events:shopping_for", args=[christmas.slug])
    page = text(member_client.get(tab))
    assert "Mill, 1 kg" in page
    assert f"{reverse('events:shopping_tick')}?event={christmas.slug}" in page
    form = {"line": f"item-{flour.pk}", "ticked": "1", "next": tab}
    address = f"{reverse('events:shopping_tick')}?event={christmas.slug}"
    answer = member_client.post(address, form, headers=HTMX)
    assert answer.context["page"].shopping.events == (christmas,)
    assert f'name="next" value="{tab}"' in text(answer)
    assert member_client.post(address, form).url == tab
