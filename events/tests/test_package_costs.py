"""What a package costs about: from what was made last down to what was never made yet."""

from __future__ import annotations

from decimal import Decimal

import pytest

from assembly.models import Composition
from assembly.tests.factories import FinishedGoodFactory, good_of, on_shelf
from events.services.package_costs import get_package_costs
from events.tests.factories import package_of
from inventory.tests.factories import IngredientFactory, PackagingFactory, ProductFactory, bought
from production.tests.factories import FinishedUnitFactory, recipe_of

pytestmark = pytest.mark.django_db


def cost(package):
    return get_package_costs([package.pk])[package.pk]


@pytest.fixture
def ribbon():
    product = ProductFactory(ingredient=PackagingFactory(name="Ribbon", stock_unit="cm"), brand="Satin")
    bought(product.ingredient, "100", "2", product=product)
    return product


def test_boxes_cost_what_the_last_ones_cost_and_wrapping_what_was_paid_last(ribbon):
    bag = FinishedGoodFactory()
    on_shelf(bag, "2", "2"), on_shelf(bag, "2", "3")
    found = cost(package_of((bag, 2), (ribbon, "0.5", "m")))
    assert (found.cost, found.unpriced, found.is_empty) == (4, (), False)


def test_what_was_never_made_costs_what_its_parts_would_cost(ribbon):
    flour = IngredientFactory()
    bought(flour, "1000", "10")
    baked = FinishedUnitFactory()
    on_shelf(baked, "10", "5")
    unbaked = FinishedUnitFactory(recipe=recipe_of((flour, "100", "g")), items_per_batch=20)
    bag = good_of((baked, "4"), (unbaked, "6"), (ribbon, "25"))
    # 4 at 0.50, 6 at 1 for 20, 25 cm at 2 for 100: a bag is 2.80, the hamper has two.
    assert cost(package_of((good_of((bag, "2")), 1))).cost == Decimal("5.6")


def test_what_never_had_a_price_is_named_and_not_in_the_sum(ribbon):
    nuts = IngredientFactory(name="Almonds")
    cookie = FinishedUnitFactory(recipe=recipe_of((nuts, "1", "g")))
    empty = FinishedGoodFactory(name="Empty bag")
    other = ProductFactory(ingredient=PackagingFactory(name="Card"), brand="Gold")
    found = cost(package_of((good_of((cookie, "1")), 1), (empty, 1), (other, "1"), (ribbon, "50")))
    assert found.cost == 1
    assert found.unpriced == ("Almonds", "Card (Gold, 1)", "Empty bag")


def test_wrapping_that_nobody_counts_costs_nothing(ribbon):
    package = package_of((ribbon, "50"))
    ribbon.ingredient.is_tracked = False
    ribbon.ingredient.save()
    assert (cost(package).cost, cost(package).unpriced) == (0, ())


def test_a_line_that_cannot_be_converted_is_named(ribbon):
    package = package_of((ribbon, "50"))
    package.wrapping.update(unit="cup")
    assert [each.ingredient_name for each in cost(package).unconvertible] == ["Ribbon"]


def test_an_empty_package_says_so():
    assert cost(package_of()).is_empty


def test_boxes_that_go_round_in_a_circle_end_the_walk():
    outer = FinishedGoodFactory(name="Outer")
    inner = good_of((outer, "1"), name="Inner")
    Composition.objects.create(finished_good=outer, component_good=inner, quantity=1)
    assert cost(package_of((outer, 1))).unpriced == ("Outer",)


def test_one_package_takes_as_many_statements_as_three(ribbon, django_assert_num_queries):
    def package():
        flour = IngredientFactory()
        bought(flour, "1", "1")
        cookie = FinishedUnitFactory(recipe=recipe_of((flour, "1", "g")))
        return package_of((good_of((cookie, "1")), 1), (ribbon, "1")).pk

    packages = [package() for _ in range(3)]
    with django_assert_num_queries(7):
        get_package_costs(packages[:1])
    with django_assert_num_queries(7):
        get_package_costs(packages)
