"""One wrong number typed in the setup, or a barcode scanned into a quantity: it is named, and stops no list."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from assembly.models import Composition
from assembly.services import check_can_assemble, max_quantities
from assembly.tests.factories import FinishedGoodFactory, good_of
from bakery.core.errors import InvalidValueError
from events import services
from events.models import Package, PackageFinishedGood, PackagePackaging
from events.tests.factories import EventFactory, PackageFactory, assigned, package_of
from inventory.errors import UnconvertibleError
from inventory.tests.factories import IngredientFactory, PackagingFactory, ProductFactory, bought
from production.models import RecipeIngredient
from production.services import check_can_produce, record_batch_production
from production.tests.factories import FinishedUnitFactory, recipe_of

pytestmark = pytest.mark.django_db

BARCODE = 4_012_345_678_901


@pytest.fixture
def ribbon(db):
    return ProductFactory(ingredient=PackagingFactory(name="Ribbon", stock_unit="cm"))


@pytest.fixture
def cookie(db):
    """A cookie whose recipe asks for 1,000,000 kg, as it was saved before that was refused."""
    flour, sugar = IngredientFactory(name="Flour"), IngredientFactory(name="Sugar")
    bought(sugar, "1000", "2")
    recipe = recipe_of((flour, "1000000", "kg"), (sugar, "100", "g"))
    return FinishedUnitFactory(recipe=recipe, items_per_batch=10)


@pytest.fixture
def event(db):
    return EventFactory(name="Christmas")


class TestRefusedWhenSaved:
    def test_a_line_of_a_recipe(self):
        line = RecipeIngredient(
            recipe=recipe_of(),
            ingredient=IngredientFactory(name="Flour"),
            quantity=Decimal(1000000),
            unit="kg",
        )
        with pytest.raises(ValidationError, match="more Flour than can be counted"):
            line.full_clean()
        line.unit = "g"
        line.full_clean()

    def test_a_line_of_a_box(self, ribbon):
        line = Composition(
            finished_good=FinishedGoodFactory(),
            packaging_product=ribbon,
            quantity=Decimal(20000000),
            unit="m",
        )
        with pytest.raises(ValidationError, match="more Ribbon than can be counted"):
            line.full_clean()
        pieces = Composition(
            finished_good=FinishedGoodFactory(),
            component_good=FinishedGoodFactory(),
            quantity=Decimal(1000001),
        )
        with pytest.raises(ValidationError, match="at most 1000000"):
            pieces.full_clean()

    def test_a_line_of_a_package(self, ribbon):
        package, bag = PackageFactory(), FinishedGoodFactory()
        with pytest.raises(ValidationError, match="more Ribbon than can be counted"):
            PackagePackaging(
                package=package, product=ribbon, quantity=Decimal(20000000), unit="m"
            ).full_clean()
        with pytest.raises(ValidationError, match="at most 1000000"):
            PackageFinishedGood(package=package, finished_good=bag, quantity=1000001).full_clean()
        PackageFinishedGood(package=package, finished_good=bag, quantity=1000000).full_clean()

    def test_a_barcode_typed_as_a_quantity(self, member_client):
        bag = FinishedGoodFactory()
        typed = {
            "name": "For Ani",
            "goods-TOTAL_FORMS": "1",
            "goods-INITIAL_FORMS": "0",
            "goods-0-finished_good": str(bag.pk),
            "goods-0-quantity": str(BARCODE),
            "wrapping-TOTAL_FORMS": "0",
            "wrapping-INITIAL_FORMS": "0",
        }
        page = member_client.post("/packages/add/", typed)
        assert page.status_code == 422
        assert str(BARCODE) in page.content.decode()
        assert not Package.objects.exists()


class TestThereAllTheSame:
    def test_every_page_of_baking_answers_and_names_it(self, client, member, owner, cookie, event):
        client.force_login(member)
        services.set_production_target(event_id=event.pk, recipe_id=cookie.recipe_id, target_batches=2)
        slug = cookie.recipe.slug
        for address in ("/", "/recipes/", "/production/", f"/production/record/?unit={cookie.pk}"):
            assert client.get(address).status_code == 200, address
        for address in (f"/recipes/{slug}/", "/shopping/?event=christmas", "/events/christmas/shopping/"):
            page = client.get(address)
            assert page.status_code == 200, address
            said = f"One batch takes more Flour than can be counted: change the recipe “{cookie.recipe}”."
            assert said in page.content.decode(), address
        for address in ("costs/", "targets/", "targets/?suggest", ""):
            assert client.get(f"/events/christmas/{address}").status_code == 200, address
        client.force_login(owner)
        for address in ("recipe/", f"recipe/{cookie.recipe_id}/change/"):
            assert client.get(f"/setup/production/{address}").status_code == 200, address

    def test_what_can_be_counted_is_on_the_list(self, cookie, event):
        services.set_production_target(event_id=event.pk, recipe_id=cookie.recipe_id, target_batches=20)
        found = services.get_shopping_list([event.pk])
        assert [(line.name, line.to_buy) for line in found.lines] == [("Sugar", Decimal(1000))]
        [line] = found.unconvertible
        assert (line.ingredient_name, line.quantity, line.unit) == ("Flour", Decimal("1E9"), "g")

    def test_it_is_not_baked(self, cookie):
        with pytest.raises(UnconvertibleError, match="more Flour than can be counted"):
            record_batch_production(
                recipe_id=cookie.recipe_id, finished_unit_id=cookie.pk, num_batches=1, actual_yield=10
            )
        found = check_can_produce(cookie.recipe_id, 1)
        assert (found.can_produce, found.possible) == (False, 0)

    def test_too_many_batches_are_still_the_batches_fault(self):
        recipe = recipe_of((IngredientFactory(name="Flour"), "100000", "kg"))
        with pytest.raises(InvalidValueError, match="more Flour than can be counted"):
            check_can_produce(recipe.pk, 10)
        assert check_can_produce(recipe.pk, 9).unconvertible == ()

    def test_scaled_on_its_page_it_is_said(self, member_client):
        recipe = recipe_of((IngredientFactory(name="Flour"), "100000", "kg"))
        page = member_client.get(f"/recipes/{recipe.slug}/", {"batches": "10"})
        assert page.status_code == 422
        assert "more Flour than can be counted" in page.content.decode()

    def test_packages_are_listed_shown_and_changed(self, owner_client, ribbon, event):
        package = package_of((FinishedGoodFactory(name="Bag"), 2), name="For Ani")
        PackageFinishedGood.objects.update(quantity=2_000_000_000)
        PackagePackaging.objects.create(package=package, product=ribbon, quantity=Decimal(20000000), unit="m")
        assigned(event, package)
        pages = ["/packages/", f"/packages/{package.pk}/", f"/packages/{package.pk}/edit/"]
        pages += ["/events/christmas/packages/", "/events/christmas/shopping/", "/shopping/?event=christmas"]
        pages += ["/events/christmas/targets/?suggest", "/setup/events/package/"]
        pages += [f"/setup/events/package/{package.pk}/change/"]
        for address in pages:
            assert owner_client.get(address).status_code == 200, address
        text = owner_client.get(f"/packages/{package.pk}/").content.decode()
        for name in ("Bag", "Ribbon"):
            assert f"more {name} than can be counted: ask for less of it in the package “For Ani”" in text

    def test_a_plan_that_costs_more_than_can_be_counted_is_refused(self, member_client, event):
        gold = IngredientFactory(name="Gold leaf")
        bought(gold, "1", "999999999")
        recipe = FinishedUnitFactory(recipe=recipe_of((gold, "1000", "g"))).recipe
        typed = {"recipe": recipe.pk, "target_batches": "1000"}
        page = member_client.post("/events/christmas/targets/baking/", typed)
        assert page.status_code == 422
        assert f"1000 batches of {recipe} would cost more than can be counted" in page.content.decode()
        assert not event.production_targets.exists()

    def test_of_many_suggestions_the_one_that_costs_too_much_is_named(self, member_client, event):
        gold, flour = IngredientFactory(name="Gold leaf"), IngredientFactory(name="Flour")
        bought(gold, "1", "999999999")
        for number, ingredient in enumerate((flour, gold)):
            unit = FinishedUnitFactory(recipe=recipe_of((ingredient, "1000", "g")), items_per_batch=1)
            assigned(event, package_of((good_of((unit, "1000")), 1), name=f"Package {number}"))
        take = [f"{each.kind}-{each.object.pk}" for each in services.suggest_targets(event.pk)]
        page = member_client.post("/events/christmas/targets/suggested/", {"take": take})
        assert page.status_code == 422
        assert f"1000 batches of {unit.recipe} would cost more than can be counted" in page.content.decode()
        assert not event.assembly_targets.exists()

    def test_boxes_are_listed(self, owner_client, ribbon, event):
        box = good_of((ribbon, "1", "m"), name="Box")
        Composition.objects.update(quantity=Decimal(20000000))
        for address in ("/assembly/", f"/assembly/record/?good={box.pk}", "/setup/assembly/finishedgood/"):
            assert owner_client.get(address).status_code == 200, address
        assigned(event, package_of((box, 1)))
        for address in (f"/assembly/record/?good={box.pk}", "/events/christmas/shopping/"):
            text = owner_client.get(address).content.decode()
            assert "more Ribbon than can be counted: ask for less of it in the composition of “Box”" in text
        assert max_quantities([box.pk]) == {box.pk: 0}
        assert [line.ingredient_name for line in check_can_assemble(box.pk, 1).unconvertible] == ["Ribbon"]
