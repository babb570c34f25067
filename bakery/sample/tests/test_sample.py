"""The sample bakery in the database: what a new household finds on its first day."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models import Count, F, Q, Sum
from django.utils import timezone

from assembly.models import AssemblyRun, FinishedGood
from assembly.services import max_quantities
from events.models import Event, EventProductionTarget, EventRecipientPackage, FulfillmentStatus, Recipient
from events.services import get_event_overall_progress, get_production_progress
from inventory.books import check_books
from inventory.models import Ingredient, Lot, Product, StockEntry, StockItem, StockMovement
from production.models import FinishedUnit, ProductionRun, Recipe, RecipeIngredient
from production.services import check_can_produce, max_batches

pytestmark = pytest.mark.django_db


def on_the_shelf():
    return StockItem.objects.annotate(on_hand=Sum("lots__quantity_remaining", default=Decimal(0)))


def test_the_summary_counts_what_is_there(summary):
    assert summary.ingredients == Ingredient.objects.filter(kind="ingredient").count() >= 45
    assert summary.packaging == Ingredient.objects.filter(kind="packaging").count()
    assert summary.recipes == Recipe.objects.count() >= 12
    assert summary.products == Product.objects.count()
    assert summary.production_runs == ProductionRun.objects.count() >= 4
    assert summary.events == 3


def test_every_recipe_can_be_baked_at_least_twice(summary):
    batches = max_batches(list(Recipe.objects.values_list("pk", flat=True)))

    assert len(batches) == summary.recipes
    assert {pk: count for pk, count in batches.items() if count < 2} == {}


def test_no_recipe_asks_for_what_cannot_be_converted_or_has_no_price(summary):
    for recipe in Recipe.objects.all():
        availability = check_can_produce(recipe.pk, 2)
        assert availability.can_produce
        assert not availability.unconvertible
        assert not availability.unpriced


def test_every_recipe_has_a_finished_unit(summary):
    assert not Recipe.objects.filter(finished_units__isnull=True).exists()


def test_a_row_breaks_no_rule_of_its_form(summary):
    for model in (Ingredient, Product, Recipe, RecipeIngredient, FinishedUnit):
        for row in model.objects.all():
            row.full_clean()


def test_a_cup_of_flour_weighs_exactly_what_the_table_says(summary):
    assert Ingredient.objects.get(name="Flour, all-purpose").grams_per_ml == Decimal("0.507210")


def test_most_ingredients_have_several_lots_of_different_days(summary):
    several = (
        Ingredient.objects.filter(kind="ingredient")
        .annotate(days=Count("lots__received_on", distinct=True))
        .filter(days__gte=2)
    )

    assert several.count() >= 30


def test_prices_of_one_product_differ_from_lot_to_lot(summary):
    prices = Counter()
    for product_id in (
        Lot.objects.filter(product__isnull=False).values_list("product_id", flat=True).distinct()
    ):
        prices[len({lot.value / lot.quantity for lot in Lot.objects.filter(product_id=product_id)}) > 1] += 1

    assert prices[True] >= 10


def test_the_past_bakes_took_from_more_than_one_lot_of_an_item(summary):
    crossing = (
        StockMovement.objects.filter(entry__kind="production", quantity__lt=0)
        .values("entry", "lot__item")
        .annotate(lots=Count("lot"))
        .filter(lots__gte=2)
    )

    assert crossing.count() >= 3


def test_two_batches_of_lebkuchen_today_cross_lots_again(summary):
    requirements = check_can_produce(Recipe.objects.get(name="Lebkuchen").pk, 2).requirements
    crossing = 0
    for requirement in requirements:
        oldest = Lot.objects.filter(item_id=requirement.ingredient_id, quantity_remaining__gt=0).first()
        crossing += oldest is not None and oldest.quantity_remaining < requirement.quantity

    assert crossing >= 2


def test_nothing_was_used_before_it_was_bought(summary):
    too_early = StockMovement.objects.filter(
        quantity__lt=0, entry__occurred_at__date__lt=F("lot__received_on")
    )

    assert not too_early.exists()


def test_some_food_must_be_used_within_ten_days_and_none_is_forgotten(summary):
    today = timezone.localdate()
    open_lots = Lot.objects.filter(quantity_remaining__gt=0, expires_on__isnull=False)

    assert open_lots.filter(expires_on__range=(today, today + timedelta(days=10))).count() >= 3
    assert not open_lots.filter(expires_on__lt=today).exists()


def test_some_ingredients_and_some_packaging_are_below_their_level(summary):
    low = Counter(on_the_shelf().filter(on_hand__lt=F("reorder_level")).values_list("kind", flat=True))

    assert low["ingredient"] >= 3
    assert low["packaging"] >= 2


def test_water_is_untracked_and_all_other_food_is_on_the_shelf(summary):
    assert [item.name for item in Ingredient.objects.filter(is_tracked=False)] == ["Water"]
    bare = on_the_shelf().filter(on_hand=0, ingredient__is_tracked=True, kind="ingredient")
    assert not bare.exists()


def test_ribbon_bought_by_the_yard_lies_there_in_centimetres(summary):
    lot = Lot.objects.filter(product__package_unit="yd", product__package_quantity=25).first()

    assert lot is not None
    assert lot.quantity == Decimal("2286.000")


def test_the_history_has_a_short_yield_an_over_yield_and_a_void(summary):
    runs = ProductionRun.objects.counting()

    assert runs.filter(yield_variance__gt=0).exists()
    assert runs.filter(yield_variance__lt=0).exists()
    assert ProductionRun.objects.filter(voided_at__isnull=False).count() == 1
    assert runs.filter(event__isnull=True).exists()
    assert runs.filter(event__isnull=False).exists()


def test_the_books_agree_with_the_shelf(summary):
    lots = Lot.objects.annotate(moved=Sum("movements__quantity"), worth=Sum("movements__value"))

    assert not lots.exclude(Q(quantity_remaining=F("moved")) & Q(value_remaining=F("worth"))).exists()
    production = StockEntry.objects.filter(kind="production").annotate(worth=Sum("movements__value"))
    assert {entry.worth for entry in production} == {Decimal(0)}


def test_one_event_is_past_and_two_are_ahead(summary):
    today = timezone.localdate()
    assert Event.objects.filter(event_date__lt=today).count() == 1
    assert Event.objects.filter(event_date__gt=today).count() == 2


def test_there_are_at_least_four_goods_and_a_hamper_of_bags(summary):
    hamper = FinishedGood.objects.get(name="Family Hamper")

    assert summary.finished_goods >= 4
    assert set(
        hamper.compositions.filter(component_good__isnull=False).values_list(
            "component_good__name", flat=True
        )
    ) == {
        "Spice Cookie Bag",
        "Biscotti Bag",
        "Caramel Pouch",
    }


def test_some_boxes_stand_on_the_shelf_and_every_packaging_lies_there(summary):
    assert on_the_shelf().filter(kind="finished_good", on_hand__gt=0).count() >= 4
    assert not on_the_shelf().filter(kind="packaging", on_hand=0).exists()


def test_something_can_be_assembled_right_now_and_something_cannot(summary):
    quantities = max_quantities(list(FinishedGood.objects.values_list("pk", flat=True)))

    assert sum(quantity >= 1 for quantity in quantities.values()) >= 2
    assert 0 in quantities.values()


def test_a_box_costs_what_its_own_cookies_cost(summary):
    entries = StockEntry.objects.filter(kind="assembly").annotate(worth=Sum("movements__value"))

    assert {entry.worth for entry in entries} == {Decimal(0)}
    assert not AssemblyRun.objects.filter(total_component_cost=0).exists()


def test_packages_stand_in_every_state_and_the_past_event_is_over(summary):
    statuses = Counter(EventRecipientPackage.objects.values_list("fulfillment_status", flat=True))
    past = Event.objects.get(event_date__lt=timezone.localdate())

    assert min(statuses[status] for status in FulfillmentStatus.values) >= 3
    assert get_event_overall_progress(past.pk).is_complete


def test_targets_ahead_are_partly_done_and_were_priced_when_they_were_set(summary):
    ahead = Event.objects.filter(event_date__gt=timezone.localdate())
    states = {line.state for event in ahead for line in get_production_progress(event.pk)}

    assert {"in_progress", "not_started"} <= states
    assert not EventProductionTarget.objects.filter(planned_cost__isnull=True).exists()


def test_somebody_avoids_something(summary):
    assert Recipient.objects.filter(avoids__isnull=False).exists()
    assert not Recipient.objects.filter(household="").exists()


def test_what_was_packed_long_ago_is_dated_then(summary):
    long_ago = timezone.now() - timedelta(days=30)
    delivered = EventRecipientPackage.objects.filter(delivered_at__lt=long_ago)

    assert delivered.count() == 7
    assert all(each.stock_entry.occurred_at == each.ready_at for each in delivered)


def test_the_books_are_right(summary):
    report = check_books()

    assert report.is_right
    assert report.totals.packed > 0
