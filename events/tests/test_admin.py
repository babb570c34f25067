"""Setup of events."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from assembly.models import FinishedGood
from assembly.tests.factories import FinishedGoodFactory, on_shelf
from events.admin import EventAdmin
from events.models import (
    Event,
    EventProductionTarget,
    EventRecipientPackage,
    Package,
    PackageFinishedGood,
    PackagePackaging,
    Recipient,
    ShoppingItem,
)
from events.tests.factories import EventFactory, PackageFactory, RecipientFactory, assigned, package_of
from inventory.models import Allergen
from inventory.tests.factories import IngredientFactory, PackagingFactory, ProductFactory, bought
from inventory.tests.test_admin import address
from production import services
from production.tests.factories import FinishedUnitFactory, RecipeFactory, recipe_of
from production.tests.test_admin import inline, inline_errors

pytestmark = pytest.mark.django_db


def test_an_event_makes_its_own_address(owner_client):
    form = {"name": "Christmas 2026", "event_date": "2026-12-25", "notes": ""}
    assert owner_client.post(reverse("admin:events_event_add"), form).status_code == 302
    assert Event.objects.get().slug == "christmas-2026"


@pytest.mark.parametrize("day", ["9999-12-31", "0026-12-25"])
def test_a_year_that_no_file_could_bring_back_is_refused(owner_client, day):
    form = {"name": "Christmas", "event_date": day, "notes": ""}
    assert "cannot be kept" in owner_client.post(reverse("admin:events_event_add"), form).content.decode()
    assert not Event.objects.exists()


def test_the_list_costs_the_same_for_one_event_and_for_three(owner_client, django_assert_max_num_queries):
    Event.objects.create(name="One", event_date=datetime.date(2026, 12, 1))
    with django_assert_max_num_queries(15) as one:
        owner_client.get(reverse("admin:events_event_changelist"))
    for name in ("Two", "Three"):
        Event.objects.create(name=name, event_date=datetime.date(2026, 12, 1))
    with django_assert_max_num_queries(len(one)):
        owner_client.get(reverse("admin:events_event_changelist"))


def test_an_event_that_was_baked_for_is_not_deleted_and_names_the_bakes(owner_client):
    event = Event.objects.create(name="Advent Market", event_date=datetime.date(2026, 12, 1))
    flour = IngredientFactory()
    bought(flour, "1000", "2")
    recipe = recipe_of((flour, "100", "g"))
    run = services.record_batch_production(
        recipe_id=recipe.pk,
        finished_unit_id=FinishedUnitFactory(recipe=recipe).pk,
        num_batches=1,
        actual_yield=10,
        event_id=event.pk,
    )
    address = reverse("admin:events_event_delete", args=[event.pk])
    page = owner_client.get(address).content.decode()
    assert "Advent Market cannot be deleted, because this uses it:" in page
    assert reverse("admin:production_productionrun_change", args=[run.pk]) in page
    assert owner_client.post(address, {"post": "yes"}).status_code == 409
    assert Event.objects.exists()


def test_an_event_that_nothing_points_at_is_deleted(owner_client):
    event = Event.objects.create(name="Typo", event_date=datetime.date(2026, 12, 1))
    owner_client.post(reverse("admin:events_event_delete", args=[event.pk]), {"post": "yes"})
    assert not Event.objects.exists()


class TestDeletingEvents:
    def test_what_goes_with_it_is_counted_before_and_gone_after(self, owner_client):
        event = EventFactory(name="Advent Market")
        for _ in range(2):
            EventProductionTarget.objects.create(event=event, recipe=RecipeFactory(), target_batches=1)
        assigned(event, PackageFactory())
        ShoppingItem.objects.create(event=event, text="candles")
        page = owner_client.get(address(Event, "delete", event.pk)).content.decode()
        for said in ("Baking targets: 2", "Packages that wait: 1", "Lines on the shopping list: 1"):
            assert said in page
        assert "Assembly targets" not in page
        assert owner_client.post(address(Event, "delete", event.pk), {"post": "yes"}).status_code == 302
        assert not Event.objects.exists()
        assert not EventRecipientPackage.objects.exists()

    def test_only_packed_packages_stand_in_the_way_and_are_named(self, owner_client):
        event = EventFactory(name="Advent Market")
        assigned(event, PackageFactory(), recipient=RecipientFactory(name="Anna"))
        packed = assigned(
            event, PackageFactory(), recipient=RecipientFactory(name="Berta"), fulfillment_status="ready"
        )
        page = owner_client.get(address(Event, "delete", event.pk)).content.decode()
        assert "Advent Market cannot be deleted, because this uses it:" in page
        assert address(EventRecipientPackage, "change", packed.pk) in page
        assert "Berta" in page
        assert "Anna" not in page
        assert owner_client.post(address(Event, "delete", event.pk), {"post": "yes"}).status_code == 409
        assert EventRecipientPackage.objects.count() == 2

    def test_events_are_deleted_one_by_one(self, owner_client):
        EventFactory()
        page = owner_client.get(address(Event, "changelist")).content.decode()
        assert "delete_selected" not in page

    def test_an_event_baked_for_while_the_page_stood_open_stays_and_it_is_said(
        self, owner_client, monkeypatch
    ):
        event = EventFactory(name="Advent Market")
        packed = assigned(event, PackageFactory(), fulfillment_status="ready")
        monkeypatch.setattr(EventAdmin, "uses_of", lambda self, record: [])
        response = owner_client.post(address(Event, "delete", event.pk), {"post": "yes"}, follow=True)
        assert "this points at it: 1 packed package" in response.content.decode()
        assert EventRecipientPackage.objects.get() == packed


def package_form(*, goods=(), wrapping=(), name="Family box"):
    return {"name": name, **inline("goods", *goods), **inline("wrapping", *wrapping)}


class TestPackages:
    def test_a_package_is_set_up_with_what_goes_into_it_and_around_it(self, owner_client):
        bag = FinishedGoodFactory()
        ribbon = ProductFactory(ingredient=PackagingFactory(stock_unit="cm"))
        form = package_form(
            goods=[{"finished_good": bag.pk, "quantity": 2}],
            wrapping=[{"product": ribbon.pk, "quantity": "1/2", "unit": "yd"}],
        )
        assert owner_client.post(address(Package, "add"), form).status_code == 302
        package = Package.objects.get(name="Family box")
        assert [(line.finished_good, line.quantity) for line in package.goods.all()] == [(bag, 2)]
        assert [(line.product, line.quantity, line.unit) for line in package.wrapping.all()] == [
            (ribbon, Decimal("0.5"), "yd")
        ]

    def test_food_and_units_that_never_meet_and_doubles_are_refused_with_a_sentence(self, owner_client):
        bag, flour = FinishedGoodFactory(), ProductFactory(ingredient=IngredientFactory(name="Flour"))
        ribbon = ProductFactory(ingredient=PackagingFactory(name="Ribbon", stock_unit="cm"))
        for form, sentence in (
            ({"wrapping": [{"product": flour.pk, "quantity": "1"}]}, "is food, not packaging"),
            (
                {"wrapping": [{"product": ribbon.pk, "quantity": "1", "unit": "cup"}]},
                "Ribbon is measured by length, the package measures it in cups",
            ),
            ({"goods": [{"finished_good": bag.pk, "quantity": 1}] * 2}, "stands on two lines"),
            ({"goods": [{"finished_good": bag.pk, "quantity": 0}]}, "greater than or equal to 1"),
        ):
            assert sentence in inline_errors(owner_client.post(address(Package, "add"), package_form(**form)))
        assert not Package.objects.exists()

    def test_only_packaging_is_offered_as_wrapping(self, owner_client):
        ProductFactory(ingredient=IngredientFactory(name="Ribbon cane sugar"))
        ribbon = ProductFactory(ingredient=PackagingFactory(name="Ribbon"))
        asked = {
            "app_label": "events",
            "model_name": "packagepackaging",
            "field_name": "product",
            "term": "ribbon",
        }
        found = owner_client.get(reverse("admin:autocomplete"), asked).json()["results"]
        assert [each["id"] for each in found] == [str(ribbon.pk)]

    def test_what_it_costs_about_is_said_on_its_page_and_in_the_list(self, owner_client):
        bag = FinishedGoodFactory(name="Bag")
        on_shelf(bag, "2", "5")
        package = package_of((bag, 3), (FinishedGoodFactory(name="Tin"), 1))
        page = owner_client.get(address(Package, "change", package.pk)).content.decode()
        assert "$7.5000, at the last prices; without Tin: no price is known" in page
        page = owner_client.get(address(Package, "changelist")).content.decode()
        assert "$7.50 without 1 unpriced" in page
        assert "3 × Bag, 1 × Tin" in page

    def test_an_unsaved_one_has_no_cost_and_a_line_that_cannot_be_converted_is_said(self, owner_client):
        assert "Known once it is saved." in owner_client.get(address(Package, "add")).content.decode()
        ribbon = ProductFactory(ingredient=PackagingFactory(stock_unit="cm"))
        package = package_of((ribbon, "1"))
        package.wrapping.update(unit="cup")
        page = owner_client.get(address(Package, "change", package.pk)).content.decode()
        assert "without lines that cannot be converted" in page
        assert "$0.00 without 1 unpriced" in owner_client.get(address(Package, "changelist")).content.decode()

    @pytest.mark.parametrize("page", ["changelist", "change"])
    def test_its_pages_cost_the_same_with_one_line_and_with_four(
        self, owner_client, django_assert_max_num_queries, page
    ):
        def fill(package):
            PackageFinishedGood.objects.create(package=package, finished_good=FinishedGoodFactory())
            product = ProductFactory(ingredient=PackagingFactory())
            PackagePackaging.objects.create(package=package, product=product, quantity=1)

        package = PackageFactory()
        fill(package)
        where = address(Package, page, *([package.pk] if page == "change" else []))
        with django_assert_max_num_queries(20) as one:
            owner_client.get(where)
        for _ in range(3):
            fill(package if page == "change" else PackageFactory())
        with django_assert_max_num_queries(len(one)):
            owner_client.get(where)

    def test_a_package_somebody_gets_is_archived_instead(self, owner_client):
        package = PackageFactory(name="Family box")
        assigned(EventFactory(), package, recipient=RecipientFactory(name="Anna"))
        page = owner_client.get(address(Package, "delete", package.pk)).content.decode()
        assert "Family box cannot be deleted, because this uses it:" in page
        assert "1 × Family box for Anna" in page
        assert owner_client.post(address(Package, "delete", package.pk), {"post": "yes"}).status_code == 409
        owner_client.post(address(Package, "archive", package.pk))
        package.refresh_from_db()
        assert package.is_archived

    def test_a_box_in_a_package_names_the_package(self, owner_client):
        bag = FinishedGoodFactory()
        package = package_of((bag, 1), name="Family box")
        page = owner_client.get(address(FinishedGood, "delete", bag.pk)).content.decode()
        assert address(Package, "change", package.pk) in page

    def test_a_unit_the_wrapping_needs_cannot_be_taken_away(self):
        paper = PackagingFactory(name="Paper", stock_unit="g", grams_per_each=Decimal(5))
        package_of((ProductFactory(ingredient=paper, package_unit="g"), "2", "each"), name="Family box")
        paper.grams_per_each = None
        with pytest.raises(ValidationError, match="Family box"):
            paper.full_clean()


class TestRecipients:
    def test_a_recipient_says_what_they_avoid(self, owner_client):
        milk = Allergen.objects.get(name="Milk")
        form = {"name": "Änne", "household": "the Ahlgrens", "avoids": [milk.pk]}
        assert owner_client.post(address(Recipient, "add"), form).status_code == 302
        recipient = Recipient.objects.get()
        assert list(recipient.avoids.all()) == [milk]
        page = owner_client.get(address(Recipient, "changelist"), {"q": "anne"}).content.decode()
        assert "Änne" in page
        assert "Milk" in page

    def test_the_list_costs_the_same_for_one_and_for_three(self, owner_client, django_assert_max_num_queries):
        def add():
            RecipientFactory().avoids.set(Allergen.objects.all()[:2])

        add()
        with django_assert_max_num_queries(15) as one:
            owner_client.get(address(Recipient, "changelist"))
        add(), add()
        with django_assert_max_num_queries(len(one)):
            owner_client.get(address(Recipient, "changelist"))

    def test_a_recipient_who_got_something_is_archived_instead(self, owner_client):
        anna = RecipientFactory(name="Anna")
        package = assigned(EventFactory(), PackageFactory(name="Tin"), recipient=anna)
        page = owner_client.get(address(Recipient, "delete", anna.pk)).content.decode()
        assert "Archive Anna" in page
        assert address(EventRecipientPackage, "change", package.pk) in page


class TestAssignments:
    def test_who_got_what_can_be_looked_at_and_not_changed(self, owner_client):
        given = assigned(EventFactory(), PackageFactory(), fulfillment_status="ready")
        assert owner_client.get(address(EventRecipientPackage, "changelist")).status_code == 200
        where = address(EventRecipientPackage, "change", given.pk)
        assert owner_client.get(where).status_code == 200
        assert owner_client.post(where, {"quantity": 5}).status_code == 403
        assert owner_client.get(address(EventRecipientPackage, "add")).status_code == 403
