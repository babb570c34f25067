"""Setup of boxes: compositions checked when saved, cost and count shown, assemblies for the eye only."""

from decimal import Decimal

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from assembly.errors import EmptyCompositionError
from assembly.models import AssemblyRun, Composition, FinishedGood
from assembly.services import record_assembly
from assembly.tests.factories import FinishedGoodFactory, good_of, on_shelf
from inventory.models import Product
from inventory.tests.factories import IngredientFactory, PackagingFactory, ProductFactory, bought
from inventory.tests.test_admin import address, errors_of
from production.models import FinishedUnit
from production.tests.factories import FinishedUnitFactory
from production.tests.test_admin import inline, inline_errors

pytestmark = pytest.mark.django_db

PARTS = {FinishedUnit: "component_unit", FinishedGood: "component_good", Product: "packaging_product"}


def line(component, quantity="1", unit="", **more):
    return {PARTS[type(component)]: component.pk, "quantity": quantity, "unit": unit, "position": 0, **more}


def good_form(*lines, name="Gift box", **changes):
    stored = sum("finished_good" in row for row in lines)
    return {"name": name, **inline("compositions", *lines, stored=stored), **changes}


def save(client, good, *lines):
    return client.post(address(FinishedGood, "change", good.pk), good_form(*lines, name=good.name))


class TestGoods:
    def test_a_box_is_written_with_what_goes_into_it(self, owner_client):
        cookie, bag = FinishedUnitFactory(), FinishedGoodFactory()
        ribbon = ProductFactory(ingredient=PackagingFactory(stock_unit="cm"))
        form = good_form(line(cookie, "6"), line(bag, "2"), line(ribbon, "1/2", "yd"))
        assert owner_client.post(address(FinishedGood, "add"), form).status_code == 302
        box = FinishedGood.objects.get(name="Gift box")
        assert (box.kind, box.stock_unit, box.slug) == ("finished_good", "each", "gift-box")
        assert [(row.component, row.quantity, row.unit) for row in box.compositions.order_by("id")] == [
            (cookie, 6, ""),
            (bag, 2, ""),
            (ribbon, Decimal("0.5"), "yd"),
        ]

    def test_one_may_be_created_empty_and_says_so_until_something_goes_into_it(self, owner_client, client):
        assert owner_client.post(address(FinishedGood, "add"), good_form()).status_code == 302
        box = FinishedGood.objects.get()
        page = owner_client.get(address(FinishedGood, "change", box.pk)).content.decode()
        assert "None: nothing says yet what goes into it." in page
        with pytest.raises(EmptyCompositionError):
            record_assembly(finished_good_id=box.pk, quantity=1)

    def test_a_second_one_of_the_same_name_is_refused(self, owner_client):
        FinishedGoodFactory(name="Gift box")
        response = owner_client.post(address(FinishedGood, "add"), good_form())
        assert "There is already one of this name." in errors_of(response)

    def test_it_shows_what_one_costs_and_how_many_the_shelf_allows(self, owner_client):
        cookie = FinishedUnitFactory()
        on_shelf(cookie, "7", "3.5")
        box = good_of((cookie, "3"), name="Box")
        page = owner_client.get(address(FinishedGood, "change", box.pk)).content.decode()
        assert "$1.5000, from the shelf and the last prices paid" in page
        [row] = owner_client.get(address(FinishedGood, "changelist")).context["cl"].result_list
        assert (row.known.possible, row.known.cost) == (2, Decimal("1.5"))

    def test_what_stops_it_is_said(self, owner_client):
        box = good_of((FinishedUnitFactory(name="Star"), "3"))
        page = owner_client.get(address(FinishedGood, "change", box.pk)).content.decode()
        assert "Not enough Star: needs 3, there is 0" in page
        assert "without Star: no price is known" in page

    def test_what_was_changed_by_whom_stands_in_its_history(self, owner_client, owner):
        box = FinishedGoodFactory()
        save(owner_client, box, line(FinishedUnitFactory(name="Star"), "3"))
        assert LogEntry.objects.get().user == owner
        page = owner_client.get(address(FinishedGood, "history", box.pk)).content.decode()
        assert "Added composition" in page or "Added component" in page

    @pytest.mark.parametrize("page", ["changelist", "change"])
    def test_its_pages_cost_the_same_with_one_line_and_with_four(
        self, owner_client, django_assert_max_num_queries, page
    ):
        def fill(good):
            unit, inner = FinishedUnitFactory(), FinishedGoodFactory()
            product = ProductFactory(ingredient=PackagingFactory())
            bought(product.ingredient, "3", "1", product=product)
            for component in (unit, inner, product):
                Composition.objects.create(
                    finished_good=good, quantity=Decimal(1), **{PARTS[type(component)]: component}
                )

        box = FinishedGoodFactory()
        fill(box)
        where = address(FinishedGood, page, *([box.pk] if page == "change" else []))
        with django_assert_max_num_queries(22) as one:
            owner_client.get(where)
        for _ in range(3):
            fill(box)
        with django_assert_max_num_queries(len(one)):
            owner_client.get(where)


class TestLines:
    def test_each_is_exactly_one_thing(self, owner_client):
        both = line(FinishedUnitFactory(), "1") | line(FinishedGoodFactory(), "1")
        neither = {"quantity": "1", "unit": "", "position": 0}
        for wrong in (both, neither):
            response = owner_client.post(address(FinishedGood, "add"), good_form(wrong))
            assert "Choose exactly one" in inline_errors(response)
        assert not FinishedGood.objects.filter(name="Gift box").exists()

    @pytest.mark.parametrize("typed", ["0.5", "0", "-1", "NaN", "many", "9" * 30])
    def test_pieces_are_whole_and_more_than_none(self, owner_client, typed):
        form = good_form(line(FinishedUnitFactory(name="Star"), typed))
        assert "quantity" in inline_errors(owner_client.post(address(FinishedGood, "add"), form))

    def test_the_same_thing_stands_once(self, owner_client):
        star = FinishedUnitFactory()
        response = owner_client.post(
            address(FinishedGood, "add"), good_form(line(star, "1"), line(star, "2"))
        )
        assert "The same thing stands on two lines." in inline_errors(response)

    def test_packaging_that_cannot_be_converted_is_refused_with_what_to_do(self, owner_client):
        ribbon = ProductFactory(ingredient=PackagingFactory(name="Ribbon", stock_unit="cm"))
        response = owner_client.post(address(FinishedGood, "add"), good_form(line(ribbon, "1", "cup")))
        assert "Ribbon is measured by length" in inline_errors(response)

    def test_food_is_no_packaging(self, owner_client):
        flour = ProductFactory(ingredient=IngredientFactory(name="Flour"))
        response = owner_client.post(address(FinishedGood, "add"), good_form(line(flour, "1")))
        assert "is food, not packaging" in inline_errors(response)

    def test_a_circle_is_refused_naming_the_way(self, owner_client):
        bag = good_of(name="Bag")
        box = good_of((bag, "1"), name="Box")
        response = save(owner_client, bag, line(FinishedUnitFactory(), "1"), line(box, "1"))
        assert "Bag → Box → Bag" in inline_errors(response)
        assert not bag.compositions.exists()

    def test_a_line_is_changed_and_taken_out(self, owner_client):
        star, moon = FinishedUnitFactory(), FinishedUnitFactory()
        box = good_of((star, "1"), (moon, "1"))
        first, second = box.compositions.order_by("id")
        stored = {"finished_good": box.pk}
        response = save(
            owner_client,
            box,
            line(star, "4", id=first.pk, **stored),
            line(moon, "1", id=second.pk, DELETE="on", **stored),
        )
        assert response.status_code == 302
        assert [row.quantity for row in box.compositions.all()] == [4]


class TestChoosing:
    @staticmethod
    def found(client, field, term=""):
        asked = {"app_label": "assembly", "model_name": "composition", "field_name": field, "term": term}
        results = client.get(reverse("admin:autocomplete"), asked).json()["results"]
        return [result["text"] for result in results]

    def test_packaging_is_found_by_brand_or_name_without_accents_and_food_is_not_offered(self, owner_client):
        tin = PackagingFactory(name="Tin")
        ProductFactory(ingredient=tin, brand="Émile", name="Étoile")
        ProductFactory(ingredient=IngredientFactory(name="Flour"), brand="Émile", name="Étoile")
        ProductFactory(ingredient=tin, brand="Other", is_archived=True)
        assert self.found(owner_client, "packaging_product", "etoile emile tin") == ["Émile Étoile, 1"]
        assert self.found(owner_client, "packaging_product", "other") == []
        assert self.found(owner_client, "packaging_product") == ["Émile Étoile, 1"]

    def test_boxes_and_baked_things_are_found_without_accents(self, owner_client):
        FinishedGoodFactory(name="Boîte")
        FinishedUnitFactory(name="Crème brûlée")
        FinishedGoodFactory(name="Boîte ancienne", is_archived=True)
        assert self.found(owner_client, "component_good", "boite") == ["Boîte"]
        assert self.found(owner_client, "component_unit", "BRULEE") == ["Crème brûlée"]


class TestDeleting:
    def test_what_is_used_names_its_users_and_offers_the_archive(self, owner_client):
        star = FinishedUnitFactory(name="Star")
        bag = good_of((star, "1"), name="Bag")
        hamper = good_of((bag, "1"), name="Hamper")
        on_shelf(star, "1", "1")
        run = record_assembly(finished_good_id=bag.pk, quantity=1)
        page = owner_client.get(address(FinishedGood, "delete", bag.pk)).content.decode()
        assert f'<a href="{address(FinishedGood, "change", hamper.pk)}">Hamper</a>' in page
        assert address(AssemblyRun, "change", run.pk) in page
        assert address(FinishedGood, "archive", bag.pk) in page
        page = owner_client.get(address(FinishedUnit, "delete", star.pk)).content.decode()
        assert address(FinishedGood, "change", bag.pk) in page
        owner_client.post(address(FinishedGood, "archive", bag.pk))
        bag.refresh_from_db()
        assert bag.is_archived

    def test_one_that_nothing_uses_goes_with_its_lines(self, owner_client):
        box = good_of((FinishedUnitFactory(), "1"))
        owner_client.post(address(FinishedGood, "delete", box.pk), {"post": "yes"})
        assert not Composition.objects.exists()
        assert not FinishedGood.objects.exists()


class TestRuns:
    @pytest.fixture
    def run(self):
        star, tin = (
            FinishedUnitFactory(name="Star"),
            ProductFactory(ingredient=PackagingFactory(), name="Tin"),
        )
        inner = good_of((star, "1"), name="Bag")
        on_shelf(star, "9", "9")
        bought(tin.ingredient, "9", "9", product=tin)
        record_assembly(finished_good_id=inner.pk, quantity=3)
        box = good_of((star, "1"), (inner, "1"), (tin, "1"), name="Box")
        return record_assembly(finished_good_id=box.pk, quantity=2)

    def test_one_can_be_looked_at_with_what_went_in(self, owner_client, run):
        page = owner_client.get(address(AssemblyRun, "change", run.pk)).content.decode()
        for name in ("Star", "Bag", "Tin"):
            assert name in page
        assert 'name="_save"' not in page

    def test_it_is_never_added_to_changed_or_deleted(self, owner_client, run):
        assert owner_client.post(address(AssemblyRun, "add"), {}).status_code == 403
        assert owner_client.post(address(AssemblyRun, "change", run.pk), {"notes": "x"}).status_code == 403
        assert owner_client.post(address(AssemblyRun, "delete", run.pk), {"post": "yes"}).status_code == 403
        assert 'name="action"' not in owner_client.get(address(AssemblyRun, "changelist")).content.decode()
        assert AssemblyRun.objects.filter(pk=run.pk).exists()


def test_a_member_without_rights_is_kept_out(member_client):
    assert member_client.get(address(FinishedGood, "changelist")).status_code in (302, 403)
