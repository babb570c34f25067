"""The page on which an assembly is recorded, with and without htmx."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from assembly.models import AssemblyRun
from assembly.tests.factories import FinishedGoodFactory, good_of, on_shelf
from events.models import Event
from inventory.tests.factories import IngredientFactory, PackagingFactory, ProductFactory, bought
from production.tests.factories import FinishedUnitFactory, recipe_of

pytestmark = pytest.mark.django_db

RECORD = "/assembly/record/"
HTMX = {"HX-Request": "true"}
BOTH = pytest.mark.parametrize(
    "headers", [{}, {"HX-Request": "true", "HX-Boosted": "true"}], ids=["plain", "htmx"]
)


@pytest.fixture
def star():
    return FinishedUnitFactory(name="Star", items_per_batch=10)


@pytest.fixture
def bag(star):
    """Three stars a bag; seven are there, from two lots."""
    on_shelf(star, "4", "4")
    on_shelf(star, "3", "6")
    return good_of((star, "3"), name="Bag")


@pytest.fixture
def advent():
    return Event.objects.create(name="Advent", event_date=timezone.localdate())


def typed(good, **changes: str) -> dict[str, str]:
    form = {
        "uuid": str(uuid4()),
        "finished_good": str(good.pk),
        "quantity": "2",
        "event": "",
        "assembled_at": "",
        "notes": "With a red ribbon",
    }
    return form | changes


class TestPlan:
    def test_without_a_box_it_asks_for_one(self, member_client):
        page = member_client.get(RECORD)
        assert "Choose a box or bag" in page.content.decode()
        assert "no-store" in page.headers["Cache-Control"]

    def test_an_address_fills_the_form(self, member_client, bag, advent):
        asked = {"good": bag.pk, "quantity": "2", "event": advent.pk}
        form = member_client.get(RECORD, asked).context["form"]
        assert (form["finished_good"].value(), form["quantity"].value()) == (bag.pk, 2)
        assert form["event"].value() == str(advent.pk)

    def test_it_shows_the_lots_oldest_first_and_what_they_cost(self, member_client, bag):
        page = member_client.get(RECORD, typed(bag), headers=HTMX)
        [draw] = page.context["plan"].availability.draws
        assert [(lot.quantity, lot.value) for lot in draw.lots] == [(4, 4), (2, 4)]
        text = page.content.decode()
        assert "<html" not in text
        assert "about $8.00 · $4.00 each" in text
        assert " disabled" not in text

    def test_what_is_short_closes_the_button_and_sets_to_what_is_possible(self, member_client, bag):
        part = member_client.get(RECORD, typed(bag, quantity="4"), headers=HTMX).content.decode()
        assert " disabled" in part
        assert "5 × Star missing." in part
        assert "2 can be recorded now." in part
        set_to = member_client.get(RECORD, typed(bag, quantity="4", set_to="2"), headers=HTMX)
        assert set_to.context["form"]["quantity"].value() == "2"
        assert " disabled" not in set_to.content.decode()

    def test_each_shortage_has_its_way_on_and_the_event_goes_along(self, member_client, star, advent):
        tin = ProductFactory(ingredient=PackagingFactory())
        inner = good_of((star, "1"), name="Inner")
        box = good_of((star, "3"), (inner, "2"), (tin, "1"))
        asked = {"good": box.pk, "quantity": "2", "event": advent.pk}
        page = member_client.get(RECORD, asked).content.decode()
        assert f"/production/record/?unit={star.pk}&amp;pieces=6&amp;event={advent.pk}" in page
        assert f"/assembly/record/?good={inner.pk}&amp;quantity=4&amp;event={advent.pk}" in page
        back = f"/assembly/record/%3Fgood%3D{box.pk}%26quantity%3D2%26event%3D{advent.pk}"
        assert f"/pantry/receive/?product={tin.pk}&amp;quantity=2&amp;unit=each&amp;next={back}" in page

    def test_the_way_to_the_oven_asks_for_as_many_batches_as_are_missing(self, member_client, star, advent):
        bake = {"unit": star.pk, "pieces": "11", "event": advent.pk}
        form = member_client.get("/production/record/", bake).context["form"]
        assert (form["recipe"].value(), form["num_batches"].value()) == (star.recipe_id, 2)
        assert form["event"].value() == str(advent.pk)

    def test_the_way_to_the_shop_is_filled_in_and_leads_back(self, member_client):
        tin = ProductFactory(ingredient=PackagingFactory())
        asked = {"product": tin.pk, "quantity": "2", "unit": "each", "next": "/assembly/"}
        page = member_client.get(reverse("inventory:receive"), asked)
        assert page.context["item"].pk == tin.ingredient_id
        assert (page.context["form"]["quantity"].value(), page.context["next"]) == ("2", "/assembly/")

    def test_nothing_in_it_leads_an_admin_to_the_setup(self, client, member, owner):
        empty = FinishedGoodFactory(name="Air")
        setup = reverse("admin:assembly_finishedgood_change", args=[empty.pk])
        client.force_login(owner)
        assert setup in client.get(RECORD, {"good": empty.pk}).content.decode()
        client.force_login(member)
        page = client.get(RECORD, {"good": empty.pk}).content.decode()
        assert setup not in page
        assert "An admin adds its components in the setup." in page

    def test_only_what_nobody_is_typing_in_is_swapped(self, member_client, bag):
        part = member_client.get(RECORD, typed(bag), headers=HTMX).content.decode()
        for name in ("quantity", "notes", "assembled_at"):
            assert f'name="{name}"' not in part

    def test_half_typed_numbers_ask_for_nothing(self, member_client, bag):
        for quantity in ("", "0", "-1", "x", "9" * 30, "²"):
            page = member_client.get(RECORD, typed(bag, quantity=quantity), headers=HTMX)
            assert page.status_code == 200

    def test_without_script_looking_keeps_everything_typed_and_records_nothing(
        self, member_client, bag, advent
    ):
        form = typed(bag, quantity="3", event=str(advent.pk), assembled_at="2026-03-01T16:40", show="1")
        page = member_client.post(RECORD, form)
        assert page.status_code == 200
        kept = page.context["form"]
        for name in ("uuid", "quantity", "event", "assembled_at", "notes"):
            assert str(kept[name].value()) == form[name]
        assert "2 × Star missing." in page.content.decode()
        assert " disabled" not in page.content.decode()
        assert not AssemblyRun.objects.exists()

    @pytest.mark.parametrize("rows", [1, 3])
    def test_the_number_of_queries_does_not_grow(self, member_client, django_assert_num_queries, rows):
        parts = []
        for _ in range(rows):
            star, tin = FinishedUnitFactory(), ProductFactory(ingredient=PackagingFactory())
            inner = FinishedGoodFactory()
            bought(tin.ingredient, "9", "1", product=tin)
            for item in (star, inner):
                on_shelf(item, "1", "1")
                on_shelf(item, "2", "1")
            parts += [(star, "2"), (inner, "2"), (tin, "2")]
            Event.objects.create(name=str(uuid4()), event_date=timezone.localdate())
        box = good_of(*parts)
        with django_assert_num_queries(11):
            member_client.get(RECORD, {"good": box.pk})
        with django_assert_num_queries(12):  # something is short: and the last prices
            member_client.get(RECORD, {"good": box.pk, "quantity": "9"})
        with django_assert_num_queries(6):
            member_client.get(RECORD)


class TestRecord:
    @BOTH
    def test_an_assembly_is_recorded(self, member_client, member, bag, advent, headers):
        response = member_client.post(RECORD, typed(bag, event=str(advent.pk)), headers=headers)
        run = AssemblyRun.objects.get()
        assert (response.status_code, response.url) == (302, f"/assembly/runs/{run.pk}/")
        assert (run.quantity_assembled, run.total_component_cost, run.per_unit_cost) == (2, 8, 4)
        assert (run.event, run.notes, run.recorded_by) == (advent, "With a red ribbon", member)

    def test_it_may_be_back_dated(self, member_client, bag):
        member_client.post(RECORD, typed(bag, assembled_at="2026-03-01T16:40"))
        done = timezone.localtime(AssemblyRun.objects.get().assembled_at)
        assert f"{done:%Y-%m-%d %H:%M}" == "2026-03-01 16:40"

    @BOTH
    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        [
            ({"quantity": "0"}, "Enter at least 1. Boxes and bags are counted whole: 1, 2, 3."),
            ({"quantity": "1.5"}, "Boxes and bags are counted whole: 1, 2, 3."),
            ({"quantity": "1000001"}, "Boxes and bags are counted up to 1000000 at once"),
            ({"quantity": ""}, "required"),
            ({"finished_good": "999"}, "not one of the available choices"),
            ({"event": "999"}, "not one of the available choices"),
            ({"assembled_at": "2999-01-01T00:00"}, "still to come"),
            ({"assembled_at": "soon"}, "valid date/time"),
            ({"uuid": "x"}, "Open the page again"),
        ],
        ids=str,
    )
    def test_what_cannot_be_is_refused_and_nothing_is_lost(
        self, member_client, bag, headers, wrong, sentence
    ):
        response = member_client.post(RECORD, typed(bag, **wrong), headers=headers)
        text = response.content.decode()
        assert response.status_code == 422
        assert sentence in text
        assert "With a red ribbon" in text
        assert not AssemblyRun.objects.exists()

    @BOTH
    def test_a_short_shelf_is_refused_with_the_list_under_the_same_key(self, member_client, bag, headers):
        form = typed(bag, quantity="4")
        response = member_client.post(RECORD, form, headers=headers)
        text = response.content.decode()
        assert response.status_code == 422
        assert "Not enough Star: needs 12, there is 7" in text
        assert form["uuid"] in text
        assert "Set to 2" in text
        assert not AssemblyRun.objects.exists()

    def test_an_empty_box_is_refused_with_a_sentence(self, member_client):
        response = member_client.post(RECORD, typed(FinishedGoodFactory(name="Air")))
        assert response.status_code == 422
        assert "Nothing says what goes into Air." in response.content.decode()

    def test_a_line_that_cannot_be_converted_is_refused_with_what_to_do(self, member_client, star):
        on_shelf(star, "9", "9")
        ribbon = ProductFactory(ingredient=PackagingFactory(name="Ribbon", stock_unit="cm"))
        box = good_of((star, "1"), (ribbon, "0.5", "yd"))
        box.compositions.filter(packaging_product=ribbon).update(
            unit="cup"
        )  # imported: no form would save it
        response = member_client.post(RECORD, typed(box, quantity="1"))
        assert response.status_code == 422
        assert "Ribbon is measured by length" in response.content.decode()

    def test_sending_twice_gives_one_assembly(self, member_client, bag):
        form = typed(bag, quantity="1")
        first, second = member_client.post(RECORD, form), member_client.post(RECORD, form)
        assert first.url == second.url
        assert AssemblyRun.objects.count() == 1

    def test_another_one_under_a_used_key_gets_a_fresh_one_and_a_link_to_the_first(self, member_client, bag):
        form = typed(bag, quantity="1")
        first = member_client.post(RECORD, form)
        response = member_client.post(RECORD, form | {"quantity": "2"})
        text = response.content.decode()
        assert response.status_code == 422
        assert first.url in text
        assert form["uuid"] not in text
        assert AssemblyRun.objects.count() == 1

    def test_a_stranger_records_nothing(self, client, bag):
        assert client.post(RECORD, typed(bag)).url.startswith(reverse("login"))
        assert not AssemblyRun.objects.exists()

    def test_an_archived_box_is_not_offered(self, member_client, bag):
        bag.is_archived = True
        bag.save(update_fields=["is_archived"])
        assert member_client.post(RECORD, typed(bag)).status_code == 422


def test_untracked_packaging_is_shown_and_never_short(member_client, star):
    on_shelf(star, "1", "1")
    paper = ProductFactory(ingredient=PackagingFactory(name="Old newspaper", is_tracked=False), brand="")
    box = good_of((star, "1"), (paper, "2"))
    page = member_client.get(RECORD, {"good": box.pk}).content.decode()
    assert "not counted" in page
    member_client.post(RECORD, typed(box, quantity="1"))
    assert AssemblyRun.objects.get().total_component_cost == Decimal(1)


def test_a_recipe_is_baked_for_the_box_that_lacks_it(member_client, star):
    """The whole way round: the box lacks stars, the link bakes them, and then the box can be recorded."""
    flour = IngredientFactory()
    bought(flour, "1000", "10")
    star = FinishedUnitFactory(recipe=recipe_of((flour, "100", "g")), name="Moon", items_per_batch=10)
    box = good_of((star, "3"))
    page = member_client.get(RECORD, {"good": box.pk}).content.decode()
    link = f"/production/record/?unit={star.pk}&pieces=3&event="
    assert link.replace("&", "&amp;") in page
    form = member_client.get(link).context["form"]
    baked = {name: form[name].value() or "" for name in form.fields}
    assert member_client.post("/production/record/", baked).status_code == 302
    assert member_client.post(RECORD, typed(box, quantity="1")).status_code == 302
