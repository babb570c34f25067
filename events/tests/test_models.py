"""Names and addresses of what events are made of, and the database as the second wall."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from assembly.tests.factories import FinishedGoodFactory, on_shelf
from events import services
from events.models import (
    Event,
    EventAssemblyTarget,
    EventProductionTarget,
    EventRecipientPackage,
    PackageFinishedGood,
    PackagePackaging,
)
from events.tests.factories import EventFactory, PackageFactory, RecipientFactory, assigned, package_of
from inventory.tests.factories import IngredientFactory, PackagingFactory, ProductFactory
from production.tests.factories import RecipeFactory

pytestmark = pytest.mark.django_db


def refused(action):
    with pytest.raises(IntegrityError), transaction.atomic():
        action()
    return True


def test_they_say_their_names_and_where_they_are_shown():
    event, anna = EventFactory(name="Christmas 2026"), RecipientFactory(name="Anna")
    tin = PackageFactory(name="Tin")
    given = assigned(event, tin, 2, recipient=anna)
    baking = EventProductionTarget(event=event, recipe=RecipeFactory(name="Lebkuchen"), target_batches=3)
    boxes = EventAssemblyTarget(event=event, finished_good=FinishedGoodFactory(name="Bag"), target_quantity=9)
    assert [str(each) for each in (event, anna, tin, given, baking, boxes)] == [
        "Christmas 2026",
        "Anna",
        "Tin",
        "2 × Tin for Anna",
        "3 × Lebkuchen for Christmas 2026",
        "9 × Bag for Christmas 2026",
    ]
    assert [each.get_absolute_url() for each in (event, anna, tin, given)] == [
        "/events/christmas-2026/",
        f"/recipients/{anna.pk}/",
        f"/packages/{tin.pk}/",
        f"/events/christmas-2026/packages/?row={given.pk}#assignment-{given.pk}",
    ]


def test_the_address_of_an_event_survives_a_new_name():
    event = EventFactory(name="Christmas 2026")
    event.name = "Yule 2026"
    event.save()
    assert (event.slug, EventFactory(name="Christmas, 2026").slug) == ("christmas-2026", "christmas-2026-2")


def test_a_package_is_given_to_one_person_once_at_an_event():
    given = assigned(EventFactory(), PackageFactory())
    again = EventRecipientPackage(event=given.event, recipient=given.recipient, package=given.package)
    with pytest.raises(ValidationError, match="Change the quantity instead"):
        again.full_clean()
    assert refused(again.save)


def test_a_package_names_each_good_and_each_wrapping_once():
    bag, ribbon = FinishedGoodFactory(), ProductFactory(ingredient=PackagingFactory())
    package = package_of((bag, 1), (ribbon, "1"))
    assert refused(lambda: PackageFinishedGood.objects.create(package=package, finished_good=bag))
    assert refused(lambda: PackagePackaging.objects.create(package=package, product=ribbon, quantity=1))


def test_an_event_has_one_target_for_each_recipe_and_good():
    event, recipe, bag = EventFactory(), RecipeFactory(), FinishedGoodFactory()
    EventProductionTarget.objects.create(event=event, recipe=recipe, target_batches=1)
    EventAssemblyTarget.objects.create(event=event, finished_good=bag, target_quantity=1)
    assert refused(lambda: EventProductionTarget.objects.create(event=event, recipe=recipe, target_batches=1))
    assert refused(
        lambda: EventAssemblyTarget.objects.create(event=event, finished_good=bag, target_quantity=1)
    )


def test_the_database_holds_no_empty_quantity_and_no_unknown_status():
    event, package, bag = EventFactory(), PackageFactory(), FinishedGoodFactory()
    ribbon = ProductFactory(ingredient=PackagingFactory())
    for action in (
        lambda: assigned(event, package, 0),
        lambda: assigned(event, package, fulfillment_status="shipped"),
        lambda: PackageFinishedGood.objects.create(package=package, finished_good=bag, quantity=0),
        lambda: PackagePackaging.objects.create(package=package, product=ribbon, quantity=Decimal(0)),
        lambda: EventProductionTarget.objects.create(event=event, recipe=RecipeFactory(), target_batches=0),
        lambda: EventProductionTarget.objects.create(
            event=event, recipe=RecipeFactory(), target_batches=1, planned_cost=-1
        ),
        lambda: EventAssemblyTarget.objects.create(event=event, finished_good=bag, target_quantity=0),
    ):
        assert refused(action)


def test_what_waits_has_no_entry():
    bag = FinishedGoodFactory()
    on_shelf(bag, "1", "1")
    packed = services.update_fulfillment_status(assigned(EventFactory(), package_of((bag, 1))).pk, "ready")
    assert refused(
        lambda: EventRecipientPackage.objects.filter(pk=packed.pk).update(fulfillment_status="pending")
    )


def test_events_of_one_name_are_refused():
    EventFactory(name="Christmas 2026")
    assert refused(lambda: EventFactory(name="Christmas 2026"))
    assert Event.objects.count() == 1


def test_food_is_no_wrapping_and_wrapping_must_convert():
    package = PackageFactory()
    flour = ProductFactory(ingredient=IngredientFactory(name="Flour"))
    with pytest.raises(ValidationError, match="is food, not packaging"):
        PackagePackaging(package=package, product=flour, quantity=Decimal(1)).full_clean()
    ribbon = ProductFactory(ingredient=PackagingFactory(name="Ribbon", stock_unit="cm"))
    with pytest.raises(ValidationError, match="Ribbon is measured by length, the package weighs it in grams"):
        PackagePackaging(package=package, product=ribbon, quantity=Decimal(1), unit="g").full_clean()
    with pytest.raises(ValidationError, match="This field cannot be null"):
        PackagePackaging(package=package, quantity=Decimal(1)).full_clean()
