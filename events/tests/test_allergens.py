"""A warning where a package contains what its recipient avoids, through all levels."""

from __future__ import annotations

from decimal import Decimal

import pytest

from assembly.tests.factories import good_of
from events.catalogue import filled_and_told
from events.models import Package
from events.selectors.allergens import avoided_in
from events.tests.factories import EventFactory, RecipientFactory, assigned, package_of
from inventory.models import Allergen
from inventory.tests.factories import IngredientFactory, PackagingFactory, ProductFactory
from production.models import RecipeComponent
from production.tests.factories import FinishedUnitFactory, RecipeComponentFactory, recipe_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def milk():
    return Allergen.objects.get(name="Milk")


@pytest.fixture
def nuts():
    return Allergen.objects.create(name="Almond")


def ingredient(name, *allergens):
    made = IngredientFactory(name=name)
    made.allergens.set(allergens)
    return made


def boxed(*recipes):
    """A package with a hamper with a bag with one cookie of each recipe."""
    cookies = [FinishedUnitFactory(recipe=recipe) for recipe in recipes]
    bag = good_of(*((cookie, "1") for cookie in cookies))
    return package_of((good_of((bag, "2")), 1))


def avoiding(package, *allergens):
    recipient = RecipientFactory()
    recipient.avoids.set(allergens)
    return assigned(EventFactory(), package, recipient=recipient)


def test_an_allergen_is_found_through_boxes_in_boxes_and_recipes_in_recipes(milk, nuts):
    butter = ingredient("Butter", milk)
    cookie = recipe_of((ingredient("Marzipan", nuts), "1", "g"))
    icing, cream = recipe_of(), recipe_of((butter, "1", "g"))
    RecipeComponentFactory(recipe=cookie, component=icing)
    RecipeComponentFactory(recipe=icing, component=cream, batches=Decimal("0.5"))
    assignment = avoiding(boxed(cookie), milk)
    [found] = avoided_in([assignment])[assignment.pk]
    assert (found.allergen_id, found.allergen, found.ingredients) == (milk.pk, "Milk", ("Butter",))
    assert str(found) == "Milk (Butter)"


def test_nobody_is_warned_of_what_they_eat_or_of_what_is_not_in_it(milk, nuts):
    package = boxed(recipe_of((ingredient("Butter", milk), "1", "g")))
    others = [avoiding(package), avoiding(package, nuts)]
    assert avoided_in(others) == {each.pk: [] for each in others}


def test_every_ingredient_that_brings_it_in_is_named_once(milk):
    butter = ingredient("Butter", milk)
    first = recipe_of((butter, "1", "g"), (ingredient("Cream", milk), "1", "g"), (butter, "2", "g"))
    package = boxed(first, recipe_of((butter, "1", "g")))
    assert [str(each) for each in filled_and_told(package)[1]] == ["Milk (Butter; Cream)"]


def test_wrapping_contains_nothing_to_avoid(milk):
    string = PackagingFactory()
    string.allergens.add(milk)  # nonsense, but possible in the setup
    package = package_of((ProductFactory(ingredient=string), "1"))
    assert filled_and_told(package)[1] == []


def test_recipes_that_go_round_in_a_circle_end_the_walk(milk):
    outer, inner = recipe_of(), recipe_of((ingredient("Butter", milk), "1", "g"))
    RecipeComponent.objects.create(recipe=outer, component=inner, batches=1)
    RecipeComponent.objects.create(recipe=inner, component=outer, batches=1)
    package = boxed(outer)
    assert [each.allergen for each in filled_and_told(package)[1]] == ["Milk"]


def test_one_assignment_takes_as_many_statements_as_three(milk, django_assert_num_queries):
    butter = ingredient("Butter", milk)
    assignments = [avoiding(boxed(recipe_of((butter, "1", "g"))), milk) for _ in range(3)]
    with django_assert_num_queries(5):
        avoided_in(assignments[:1])
    with django_assert_num_queries(5):
        found = avoided_in(assignments)
    assert [len(each) for each in found.values()] == [1, 1, 1]


def test_where_nobody_avoids_anything_one_statement_says_so(milk, django_assert_num_queries):
    package = boxed(recipe_of((ingredient("Butter", milk), "1", "g")))
    assignment = avoiding(package)
    with django_assert_num_queries(1):
        assert avoided_in([assignment]) == {assignment.pk: []}
    with django_assert_num_queries(0):
        assert avoided_in([]) == {}
    assert Package.objects.count() == 1
