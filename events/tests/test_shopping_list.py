"""The shopping list, rule by rule."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from assembly.services import record_assembly
from assembly.tests.factories import good_of, on_shelf
from bakery.core.errors import EventNotFoundError
from events.models import EventAssemblyTarget, EventProductionTarget, FulfillmentStatus
from events.services import get_shopping_list, shopping_list_for
from events.tests.factories import EventFactory, assigned, package_of
from inventory.models import Ingredient
from inventory.services import adjust_stock, receive_lot, void_receipt
from inventory.tests.factories import (
    IngredientFactory,
    PackagingFactory,
    ProductFactory,
    SupplierFactory,
    bought,
)
from production.models import RecipeIngredient
from production.services import record_batch_production
from production.tests.factories import FinishedUnitFactory, RecipeComponentFactory, recipe_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return EventFactory(name="Christmas 2026")


@pytest.fixture
def flour():
    return IngredientFactory(name="Flour")


@pytest.fixture
def cookie(flour):
    """30 cookies take 300 g of flour."""
    return FinishedUnitFactory(name="Lebkuchen", recipe=recipe_of((flour, "300", "g")), items_per_batch=30)


@pytest.fixture
def bag(cookie):
    return good_of((cookie, "6"), name="Bag")


def aim(event, recipe, batches):
    return EventProductionTarget.objects.create(event=event, recipe=recipe, target_batches=batches)


def aim_for(event, good, quantity):
    return EventAssemblyTarget.objects.create(event=event, finished_good=good, target_quantity=quantity)


def line_of(item, *events):
    [line] = [
        line
        for line in get_shopping_list([event.pk for event in events]).lines
        if line.ingredient_slug == item.slug
    ]
    return line


def amounts(item, *events):
    line = line_of(item, *events)
    return line.needed, line.on_hand, line.to_buy


# How much is needed


def test_a_target_asks_for_the_part_of_it_that_is_open(event, cookie, flour):
    aim(event, cookie.recipe, 3)
    bought(flour, "300", "3")
    record_batch_production(
        recipe_id=cookie.recipe_id,
        finished_unit_id=cookie.pk,
        num_batches=1,
        actual_yield=30,
        event_id=event.pk,
    )
    assert amounts(flour, event) == (600, 0, 600)


def test_only_this_events_bakes_that_came_out_and_stand_count(event, cookie, flour):
    aim(event, cookie.recipe, 3)
    bought(flour, "900", "3")
    for pieces, event_id in ((30, None), (0, event.pk)):
        record_batch_production(
            recipe_id=cookie.recipe_id,
            finished_unit_id=cookie.pk,
            num_batches=1,
            actual_yield=pieces,
            event_id=event_id,
        )
    assert amounts(flour, event) == (900, 300, 600)


def test_a_target_that_is_reached_leaves_nothing_to_buy_whatever_packages_ask(event, cookie, bag, flour):
    aim(event, cookie.recipe, 1)
    bought(flour, "300", "3")
    record_batch_production(
        recipe_id=cookie.recipe_id,
        finished_unit_id=cookie.pk,
        num_batches=1,
        actual_yield=30,
        event_id=event.pk,
    )
    assigned(event, package_of((bag, 9)))
    assert amounts(flour, event) == (0, 0, 0)


def test_a_target_stands_above_boxes_and_packages(event, cookie, bag, flour):
    aim(event, cookie.recipe, 1)
    aim_for(event, bag, 40)
    assigned(event, package_of((bag, 30)))
    assert amounts(flour, event) == (300, 0, 300)


def test_without_a_target_of_its_own_the_open_boxes_ask_in_whole_batches(event, cookie, bag, flour):
    aim_for(event, bag, 10)
    on_shelf(cookie, "13", "1")
    record_assembly(finished_good_id=bag.pk, quantity=2, event_id=event.pk)
    # 8 bags are open: 48 cookies, 1 is there, 47 are two batches.
    assert amounts(flour, event) == (600, 0, 600)


def test_without_targets_the_packages_ask_beyond_boxes_and_cookies_on_the_shelf(event, cookie, bag, flour):
    assigned(event, package_of((bag, 2)), 5)
    on_shelf(bag, "4", "1")
    on_shelf(cookie, "6", "1")
    # 10 bags, 4 are there; 36 cookies, 6 are there; 30 are one batch.
    assert amounts(flour, event) == (300, 0, 300)


def test_packed_packages_ask_for_nothing(event, cookie, bag):
    assigned(event, package_of((bag, 1)), fulfillment_status=FulfillmentStatus.READY)
    assert get_shopping_list([event.pk]).lines == ()


def test_a_box_with_a_target_and_a_box_of_packages_are_both_bought_for(event, cookie, bag, flour):
    tin = good_of((cookie, "10"), name="Tin")
    aim_for(event, bag, 5)
    assigned(event, package_of((tin, 1)), 6)
    # 30 cookies in bags, 60 in tins.
    assert amounts(flour, event) == (900, 0, 900)


def test_boxes_inside_boxes_and_recipes_inside_recipes_are_followed_down(event, cookie, bag, flour):
    spice = IngredientFactory(name="Spice")
    RecipeComponentFactory(
        recipe=cookie.recipe, component=recipe_of((spice, "12", "g")), batches=Decimal("0.5")
    )
    hamper = good_of((bag, "5"), name="Hamper")
    assigned(event, package_of((hamper, 1)), 2)
    assert amounts(spice, event) == (12, 0, 12)
    assert amounts(flour, event) == (600, 0, 600)


def test_the_shelf_is_counted_once_in_order_of_date(cookie, bag, flour):
    christmas = EventFactory(event_date=date(2026, 12, 24))
    market = EventFactory(event_date=date(2026, 11, 29))
    for each in (christmas, market):
        assigned(each, package_of((bag, 1)), 5)
    on_shelf(cookie, "30", "1")
    bought(flour, "100", "1")
    # 30 cookies each: those on the shelf go to the market, Christmas has to be baked.
    assert amounts(flour, market) == (0, 100, 0)
    assert amounts(flour, christmas) == (0, 100, 0)
    assert amounts(flour, christmas, market) == (300, 100, 200)
    assert shopping_list_for([christmas, market]).events == (market, christmas)
    [source] = shopping_list_for([christmas, market]).lines[0].sources
    assert (source.event, source.name, source.quantity) == (christmas, cookie.recipe.name, 300)


def test_each_source_says_which_event_and_recipe_wants_how_much(cookie, flour):
    christmas = EventFactory(event_date=date(2026, 12, 24))
    market = EventFactory(event_date=date(2026, 11, 29))
    stollen = recipe_of((flour, "1", "kg"))
    aim(christmas, cookie.recipe, 2)
    aim(christmas, stollen, 1)
    aim(market, cookie.recipe, 1)
    line = line_of(flour, christmas, market)
    cookies = cookie.recipe.name
    assert [(source.event, source.name, source.quantity) for source in line.sources] == [
        (market, cookies, 300),
        *sorted([(christmas, cookies, 600), (christmas, stollen.name, 1000)], key=lambda row: row[1]),
    ]
    assert line.needed == 1900


def test_an_event_chosen_twice_counts_once(event, cookie, flour):
    aim(event, cookie.recipe, 1)
    assert amounts(flour, event, event) == (300, 0, 300)


def test_what_is_needed_is_rounded_once(event):
    sugar = IngredientFactory(name="Sugar", grams_per_ml=Decimal("0.845351"))
    recipe = recipe_of((sugar, "0.333333", "cup"), (sugar, "0.333333", "cup"), (sugar, "0.333334", "cup"))
    aim(event, recipe, 1)
    assert line_of(sugar, event).needed == Decimal("200.000")


def test_less_than_dust_short_is_nothing_to_buy(event, cookie, flour):
    aim(event, cookie.recipe, 1)
    bought(flour, "299.996", "1")
    assert line_of(flour, event).to_buy == 0


def test_what_is_there_in_full_stands_on_the_list_with_nothing_to_buy(event, cookie, flour):
    aim(event, cookie.recipe, 1)
    bought(flour, "1000", "1")
    line = line_of(flour, event)
    assert (line.needed, line.on_hand, line.to_buy) == (300, 1000, 0)
    assert (line.packages, line.estimated_cost) == (0, 0)


def test_water_is_never_on_the_list(event):
    water = IngredientFactory(name="Water", is_tracked=False)
    aim(event, recipe_of((water, "300", "g")), 1)
    assert get_shopping_list([event.pk]).lines == ()


def test_what_cannot_be_converted_is_named_and_the_rest_stands(event, cookie, flour):
    lemon = IngredientFactory(name="Lemon", stock_unit="each")
    RecipeIngredient.objects.create(
        recipe=cookie.recipe, ingredient=lemon, quantity=Decimal(1), unit="cup"
    )  # as an import might leave it
    aim(event, cookie.recipe, 1)
    shopping = get_shopping_list([event.pk])
    assert [line.ingredient_slug for line in shopping.unconvertible] == [lemon.slug]
    assert "weighs" in shopping.unconvertible[0].advice
    assert [line.ingredient_slug for line in shopping.lines] == [flour.slug]


# Packaging


def test_packaging_has_a_line_for_each_product(event, cookie):
    sheet = PackagingFactory(name="Tissue paper")
    red, white = (ProductFactory(ingredient=sheet, brand=brand) for brand in ("Red", "White"))
    aim_for(event, good_of((cookie, "1"), (red, "2"), name="Red bag"), 4)
    assigned(event, package_of((good_of((cookie, "1"), (white, "1"), name="White bag"), 1)), 3)
    bought(sheet, "5", "1", product=red)
    lines = [line for line in get_shopping_list([event.pk]).lines if line.is_packaging]
    assert [(line.product, line.needed, line.on_hand, line.to_buy) for line in lines] == [
        (red, 8, 5, 3),
        (white, 3, 0, 3),
    ]
    assert [(source.name, source.quantity) for source in lines[0].sources] == [("Red bag", 8)]


def test_wrapping_of_packages_that_wait_is_always_needed(event, cookie, bag):
    tag = ProductFactory(ingredient=PackagingFactory(name="Tag"))
    aim_for(event, bag, 1)
    on_shelf(bag, "9", "1")
    assigned(event, package_of((bag, 1), (tag, "2"), name="Small thanks"), 3)
    assigned(event, package_of((tag, "1")), 5, fulfillment_status=FulfillmentStatus.READY)
    line = line_of(tag.ingredient, event)
    assert (line.needed, [(source.name, source.quantity) for source in line.sources]) == (
        6,
        [("Small thanks", 6)],
    )


def test_packaging_that_is_not_tracked_is_never_on_the_list(event, cookie):
    string = ProductFactory(ingredient=PackagingFactory(name="String", is_tracked=False))
    aim_for(event, good_of((cookie, "1"), (string, "1")), 4)
    assigned(event, package_of((string, "2")))
    assert [line.name for line in get_shopping_list([event.pk]).lines] == ["Flour"]


def test_ribbon_is_measured_in_what_it_is_kept_in(event, cookie):
    ribbon = ProductFactory(
        ingredient=PackagingFactory(name="Ribbon", stock_unit="cm"),
        package_quantity=Decimal(10),
        package_unit="yd",
    )
    aim_for(event, good_of((cookie, "1"), (ribbon, "0.5", "yd")), 30)
    line = line_of(ribbon.ingredient, event)
    assert (line.needed, line.unit, line.packages) == (Decimal("1371.600"), "cm", 2)


# What to buy


def test_the_preferred_product_is_bought_in_whole_packages(event, cookie, flour):
    mill = ProductFactory(
        ingredient=flour, brand="Mill", package_quantity=Decimal(1), package_unit="kg", is_preferred=True
    )
    bought(flour, "1", "1", product=ProductFactory(ingredient=flour, brand="Other"))
    aim(event, cookie.recipe, 7)
    line = line_of(flour, event)
    # 2,100 g, 1 g is there: 2,099 g are 3 bags of 1 kg.
    assert (line.product, line.to_buy, line.packages) == (mill, 2099, 3)


def test_else_the_last_bought(event, cookie, flour):
    first, second = ProductFactory(ingredient=flour), ProductFactory(ingredient=flour)
    bought(flour, "1", "1", on=date(2026, 3, 1), product=first)
    bought(flour, "1", "1", on=date(2026, 2, 1), product=second)
    aim(event, cookie.recipe, 1)
    assert line_of(flour, event).product == first


def test_else_the_only_one(event, cookie, flour):
    ProductFactory(ingredient=flour, is_archived=True)
    only = ProductFactory(ingredient=flour)
    aim(event, cookie.recipe, 1)
    assert line_of(flour, event).product == only


def test_else_none_and_the_line_says_so(event, cookie, flour):
    ProductFactory(ingredient=flour)
    ProductFactory(ingredient=flour)
    aim(event, cookie.recipe, 1)
    line = line_of(flour, event)
    assert (line.product, line.packages, line.estimated_cost) == (None, None, None)
    assert get_shopping_list([event.pk]).unpriced == ("Flour",)


def test_an_archived_product_is_not_offered_though_it_was_bought(event, cookie, flour):
    gone = ProductFactory(ingredient=flour, brand="Gone")
    bought(flour, "100", "2", product=gone)
    gone.is_archived = True
    gone.save()
    aim(event, cookie.recipe, 1)
    line = line_of(flour, event)
    # Nothing to choose from; the price of the ingredient is known all the same: 200 g at 0.02.
    assert (line.product, line.packages, line.estimated_cost) == (None, None, Decimal("4.0000"))


def test_a_purchase_that_was_void_is_no_purchase(event, cookie, flour):
    right, wrong = (
        ProductFactory(ingredient=flour, package_quantity=Decimal(100), package_unit="g") for _ in range(2)
    )
    bought(flour, "100", "1", on=date(2026, 1, 1), product=right)
    void_receipt(lot_id=bought(flour, "100", "99", on=date(2026, 2, 1), product=wrong).pk, reason="mistyped")
    aim(event, cookie.recipe, 1)
    line = line_of(flour, event)
    assert (line.product, line.packages, line.estimated_cost) == (right, 2, Decimal("2.0000"))


def test_the_price_is_that_of_the_products_last_purchase(event, cookie, flour):
    bag = ProductFactory(ingredient=flour, package_quantity=Decimal(1), package_unit="kg", is_preferred=True)
    bought(flour, "2000", "3.00", on=date(2026, 1, 1), product=bag)
    bought(flour, "1000", "1.80", on=date(2026, 2, 1), product=bag)
    bought(flour, "1000", "9.00", on=date(2026, 3, 1), product=ProductFactory(ingredient=flour))
    aim(event, cookie.recipe, 15)
    # 4,500 g, 4,000 g are there: one bag at 1.80.
    line = line_of(flour, event)
    assert (line.to_buy, line.packages, line.estimated_cost) == (500, 1, Decimal("1.8000"))


def test_else_that_of_the_ingredient(event, cookie, flour):
    bag = ProductFactory(ingredient=flour, package_quantity=Decimal(1), package_unit="kg", is_preferred=True)
    bought(flour, "100", "0.20", product=ProductFactory(ingredient=flour))
    aim(event, cookie.recipe, 1)
    line = line_of(flour, event)
    assert (line.product, line.to_buy, line.estimated_cost) == (bag, 200, Decimal("2.0000"))


def test_what_was_given_for_nothing_sets_no_price(event, cookie, flour):
    bag = ProductFactory(ingredient=flour)
    bought(flour, "100", "1", on=date(2026, 1, 1), product=bag)
    bought(flour, "100", "0", on=date(2026, 2, 1), product=bag)
    aim(event, cookie.recipe, 1)
    assert line_of(flour, event).estimated_cost == Decimal("1.0000")


def test_it_is_bought_where_the_product_is_preferred_else_where_it_was_bought_last(event, cookie, flour):
    club, corner = SupplierFactory(name="Club"), SupplierFactory(name="Corner shop")
    bag = ProductFactory(ingredient=flour)
    receive_lot(product_id=bag.pk, packages=1, total_cost=1, supplier_id=corner.pk)
    aim(event, cookie.recipe, 1)
    assert line_of(flour, event).supplier == corner
    bag.preferred_supplier = club
    bag.save()
    assert line_of(flour, event).supplier == club


def test_the_total_adds_up_what_has_a_price(event, flour):
    sugar, salt = IngredientFactory(name="Sugar"), IngredientFactory(name="Salt")
    for item, cost in ((flour, "2"), (sugar, "3")):
        bought(item, "100", cost)
        adjust_stock(item_id=item.pk, quantity=-100, reason="spilt")
    aim(event, recipe_of((flour, "100", "g"), (sugar, "100", "g"), (salt, "1", "g")), 1)
    shopping = get_shopping_list([event.pk])
    assert (shopping.estimated_total, shopping.unpriced) == (Decimal("5.0000"), ("Salt",))


def test_an_unknown_event_is_refused(event):
    with pytest.raises(EventNotFoundError):
        get_shopping_list([event.pk, 4711])


def test_without_events_there_is_only_what_was_put_on_it_by_hand():
    assert get_shopping_list([]).lines == ()


def test_the_number_of_statements_does_not_depend_on_how_much_there_is(flour, django_assert_num_queries):
    events = []

    def one_more():
        event = EventFactory()
        unit = FinishedUnitFactory(recipe=recipe_of((IngredientFactory(), "3", "g"), (flour, "2", "g")))
        wrap = ProductFactory(ingredient=PackagingFactory())
        inner = good_of((unit, "2"), (wrap, "1"))
        assigned(event, package_of((good_of((inner, "2"), (unit, "1")), 1), (wrap, "1")), 2)
        aim(event, recipe_of((flour, "1", "kg")), 2)
        aim_for(event, inner, 30)
        bought(flour, "10", "1")
        events.append(event.pk)

    one_more()
    with django_assert_num_queries(11):
        get_shopping_list(events)
    one_more()
    one_more()
    with django_assert_num_queries(11):
        assert len(get_shopping_list(events).lines) == 7
    assert Ingredient.objects.count() == 7
