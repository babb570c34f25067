"""A failure at any statement leaves no trace: who gets what is planned, packed and put back as a whole."""

from __future__ import annotations

import pytest

from assembly.tests.factories import FinishedGoodFactory, on_shelf
from events import services
from events.models import EventProductionTarget
from events.tests.factories import EventFactory, PackageFactory, RecipientFactory, assigned, package_of
from inventory.books import check_books
from inventory.tests.factories import IngredientFactory, PackagingFactory, ProductFactory, bought
from inventory.tests.test_rollback import assert_whole_or_nothing
from production.tests.factories import FinishedUnitFactory, recipe_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def household():
    flour, bag = IngredientFactory(), FinishedGoodFactory()
    ribbon = ProductFactory(ingredient=PackagingFactory())
    bought(flour, "500", "5"), bought(ribbon.ingredient, "3", "1", product=ribbon)
    on_shelf(bag, "1", "2"), on_shelf(bag, "3", "7")
    cookie = FinishedUnitFactory(recipe=recipe_of((flour, "100", "g")))
    event, package = EventFactory(), package_of((bag, 2), (ribbon, "1"))
    waiting = assigned(event, package)
    short = assigned(event, package, 5)
    packed = assigned(event, package)
    services.update_fulfillment_status(packed.pk, "ready")
    planned = EventFactory()
    assigned(planned, PackageFactory())
    EventProductionTarget.objects.create(event=planned, recipe=cookie.recipe, target_batches=1)

    recipients = [RecipientFactory().pk for _ in range(2)]

    def status(assignment, new, **options):
        return lambda: services.update_fulfillment_status(assignment.pk, new, **options)

    return {
        "set a baking target": lambda: services.set_production_target(
            event_id=event.pk, recipe_id=cookie.recipe_id, target_batches=2
        ),
        "bake by one tap": lambda: services.record_production(
            event_id=event.pk, recipe_id=cookie.recipe_id, batches=1
        ),
        "assign": lambda: services.assign_package(
            event_id=planned.pk, recipient_ids=recipients, package_id=package.pk
        ),
        "pack": status(waiting, "ready"),
        "pack short": status(short, "ready", allow_short=True),
        "void a packing": lambda: services.void_packing(packed.pk, reason="wrong"),
        "copy": lambda: services.copy_assignments(from_event_id=event.pk, to_event_id=planned.pk),
        "delete an event": lambda: services.delete_event(event_id=planned.pk),
    }


@pytest.mark.parametrize(
    "action",
    [
        "set a baking target",
        "bake by one tap",
        "assign",
        "pack",
        "pack short",
        "void a packing",
        "copy",
        "delete an event",
    ],
)
def test_a_failure_at_any_statement_leaves_no_trace(household, action):
    assert_whole_or_nothing(household[action])
    assert check_books().breaches == ()
