"""Recipients and packages on the screen: looked for, looked at, added, edited, archived."""

import csv
import io

import pytest
from django.utils import timezone

from assembly.tests.factories import good_of, on_shelf
from events import services
from events.models import Package, Recipient
from events.tests.factories import EventFactory, PackageFactory, RecipientFactory, assigned, package_of
from inventory.models import Allergen
from inventory.tests.factories import IngredientFactory, PackagingFactory, ProductFactory, bought
from production.tests.factories import FinishedUnitFactory, recipe_of

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def nuts(db):
    return Allergen.objects.get_or_create(name="Nuts")[0]


@pytest.fixture
def bag(nuts):
    almonds = IngredientFactory(name="Almonds")
    almonds.allergens.add(nuts)
    bought(almonds, "1000", "20")
    cookie = FinishedUnitFactory(recipe=recipe_of((almonds, "10", "g")), items_per_batch=10)
    bag = good_of((cookie, "2"), name="Bag")
    on_shelf(bag, "4", "6")
    return bag


@pytest.fixture
def ribbon(db):
    ribbon = PackagingFactory(name="Ribbon", stock_unit="cm")
    product = ProductFactory(ingredient=ribbon)
    bought(ribbon, "100", "10", product=product)
    return product


class TestRecipients:
    @pytest.mark.parametrize("typed", ["zoe", "Zoë", "BLANC", "zoe chateau"])
    def test_they_are_found_without_accents_by_name_or_household(self, member_client, typed):
        zoe = RecipientFactory(name="Zoë Blanc", household="Château")
        RecipientFactory(name="Ben")
        page = member_client.get("/recipients/", {"q": typed})
        assert list(page.context["page"]) == [zoe]

    def test_htmx_gets_the_list_alone(self, member_client):
        RecipientFactory(name="Ani")
        text = member_client.get("/recipients/", {"q": "a"}, headers=HTMX).content.decode()
        assert text.strip().startswith('<article id="list">')

    def test_an_empty_list_leads_to_the_first_one(self, member_client):
        assert "Add the first recipient" in member_client.get("/recipients/").content.decode()
        assert "Nobody fits." in member_client.get("/recipients/", {"q": "x\0"}).content.decode()

    def test_it_takes_as_many_statements_for_three_as_for_one(
        self, member_client, nuts, django_assert_num_queries
    ):
        RecipientFactory().avoids.add(nuts)
        with django_assert_num_queries(6):
            member_client.get("/recipients/")
        RecipientFactory().avoids.add(nuts)
        RecipientFactory().avoids.add(nuts)
        with django_assert_num_queries(6):
            member_client.get("/recipients/")

    def test_a_member_adds_one(self, member_client, nuts):
        form = {
            "name": "Ani",
            "household": "Petrosyan",
            "avoids": [nuts.pk],
            "address": "1 Lane",
            "notes": "",
        }
        answer = member_client.post("/recipients/add/", form)
        ani = Recipient.objects.get()
        assert (answer.status_code, answer.url) == (302, f"/recipients/{ani.pk}/")
        assert (ani.name, ani.household, list(ani.avoids.all())) == ("Ani", "Petrosyan", [nuts])

    def test_and_another_one_at_once(self, member_client):
        answer = member_client.post("/recipients/add/", {"name": "Ani", "another": "1"})
        assert answer.url == "/recipients/add/"

    def test_without_a_name_all_that_was_typed_stays(self, member_client, nuts):
        answer = member_client.post("/recipients/add/", {"address": "1 Lane", "avoids": [nuts.pk]})
        assert answer.status_code == 422
        text = answer.content.decode()
        assert "1 Lane" in text
        assert "checked" in text

    def test_one_is_edited(self, member_client):
        ani = RecipientFactory(name="Ani")
        answer = member_client.post(f"/recipients/{ani.pk}/edit/", {"name": "Ana"})
        assert answer.status_code == 302
        ani.refresh_from_db()
        assert (ani.name, ani.search_name) == ("Ana", "ana")
        assert member_client.post(f"/recipients/{ani.pk}/edit/", {"name": ""}).status_code == 422

    def test_one_is_archived_and_brought_back(self, member_client):
        ani = RecipientFactory(name="Ani")
        member_client.post(f"/recipients/{ani.pk}/archive/", {"archived": "1"})
        assert list(member_client.get("/recipients/").context["page"]) == []
        assert list(member_client.get("/recipients/?archived=1").context["page"]) == [ani]
        text = member_client.get(f"/recipients/{ani.pk}/").content.decode()
        assert "Bring back onto the list" in text
        member_client.post(f"/recipients/{ani.pk}/archive/", {"archived": "0"})
        assert list(member_client.get("/recipients/").context["page"]) == [ani]

    def test_the_page_shows_what_they_avoid_and_got_the_latest_first(self, member_client, bag, nuts):
        ani = RecipientFactory(name="Ani")
        ani.avoids.add(nuts)
        pair = package_of((bag, 1), name="Pair")
        last = EventFactory(name="Last year", event_date=timezone.localdate().replace(year=2025, day=1))
        coming = EventFactory(name="Coming", event_date=timezone.localdate().replace(year=2030, day=1))
        given = assigned(last, pair, recipient=ani)
        services.update_fulfillment_status(given.pk, "ready")
        services.update_fulfillment_status(given.pk, "delivered", delivered_to="Max")
        planned = assigned(coming, pair, recipient=ani)
        page = member_client.get(f"/recipients/{ani.pk}/")
        assert list(page.context["page"]) == [planned, given]
        text = page.content.decode()
        assert "Nuts" in text
        assert "to Max" in text

    def test_the_page_takes_as_many_statements_for_three_packages_as_for_one(
        self, member_client, django_assert_num_queries
    ):
        ani = RecipientFactory()
        assigned(EventFactory(), PackageFactory(), recipient=ani)
        with django_assert_num_queries(7):
            member_client.get(f"/recipients/{ani.pk}/")
        assigned(EventFactory(), PackageFactory(), recipient=ani)
        assigned(EventFactory(), PackageFactory(), recipient=ani)
        with django_assert_num_queries(7):
            member_client.get(f"/recipients/{ani.pk}/")

    def test_an_unknown_one_is_missing(self, member_client):
        for page in ("", "edit/"):
            assert member_client.get(f"/recipients/99/{page}").status_code == 404
        assert member_client.post("/recipients/99/archive/").status_code == 404
        assert member_client.get("/recipients/99/archive/").status_code == 405


def lines(goods=(), wrapping=(), **form) -> dict[str, str]:
    """The form of a package as a browser sends it: (good, quantity) and (product, quantity, unit) lines."""
    typed = {"name": "Hamper", "description": "", **form}
    for prefix, rows, names in (
        ("goods", goods, ("finished_good", "quantity", "id", "DELETE")),
        ("wrapping", wrapping, ("product", "quantity", "unit", "id", "DELETE")),
    ):
        kept = sum(1 for row in rows if len(row) >= len(names) - 1)
        typed |= {f"{prefix}-TOTAL_FORMS": str(len(rows)), f"{prefix}-INITIAL_FORMS": str(kept)}
        for number, row in enumerate(rows):
            typed |= {
                f"{prefix}-{number}-{name}": str(value) for name, value in zip(names, row, strict=False)
            }
    return typed


class TestPackages:
    def test_they_are_found_without_accents(self, member_client):
        creme = PackageFactory(name="Crème box")
        PackageFactory(name="Tin")
        page = member_client.get("/packages/", {"q": "creme BOX"})
        assert [row.package for row in page.context["rows"]] == [creme]

    def test_the_list_says_what_is_in_each_and_what_it_costs(self, member_client, bag, ribbon):
        package_of((bag, 2), (ribbon, "50"), name="Pair")
        text = member_client.get("/packages/").content.decode()
        assert "2 × Bag" in text
        assert "$8.00" in text  # two bags at 1.50, and half of the ribbon

    def test_an_empty_list_leads_to_the_first_one(self, member_client):
        assert "Make the first one" in member_client.get("/packages/").content.decode()
        assert "No package fits." in member_client.get("/packages/", {"q": "x"}).content.decode()

    def test_the_page_shows_contents_costs_allergens_and_who_gets_it(self, member_client, bag, ribbon):
        pair = package_of((bag, 2), (ribbon, "50"), name="Pair")
        ani = RecipientFactory(name="Ani")
        assigned(EventFactory(name="Advent"), pair, recipient=ani)
        page = member_client.get(f"/packages/{pair.pk}/")
        assert [(line.name, line.cost) for line in page.context["filled"].lines][0] == ("Bag", 3)
        text = page.content.decode()
        assert "about $8.00" in text
        assert "50 cm" in text
        assert "Nuts" in text
        assert "Almonds" in text
        assert "Ani" in text

    def test_what_has_no_price_is_named(self, member_client):
        pair = package_of((good_of((FinishedUnitFactory(recipe=recipe_of()), "1"), name="Riddle"), 1))
        page = member_client.get(f"/packages/{pair.pk}/").content.decode()
        assert "about $0.00" in page

    def test_pages_take_as_many_statements_for_three_as_for_one(
        self, member_client, bag, ribbon, django_assert_num_queries
    ):
        pair = package_of((bag, 2), (ribbon, "50"), name="Pair")
        assigned(EventFactory(), pair)

        def counted():
            with django_assert_num_queries(12):
                member_client.get("/packages/")
            with django_assert_num_queries(15):
                member_client.get(f"/packages/{pair.pk}/")
            with django_assert_num_queries(8):
                member_client.get(f"/packages/{pair.pk}/edit/")

        counted()
        for number in range(2):
            other = good_of((bag, "1"))
            on_shelf(other, "1", "1")
            package_of((other, 2), (ribbon, "50"), name=f"Other {number}")
            pair.goods.create(finished_good=other, quantity=1)
            assigned(EventFactory(), pair)
        counted()

    def test_a_member_makes_one(self, member_client, bag, ribbon):
        answer = member_client.post(
            "/packages/add/", lines([(bag.pk, "2")], [(ribbon.pk, "1 1/2", "m")], description="Red")
        )
        made = Package.objects.get()
        assert (answer.status_code, answer.url) == (302, f"/packages/{made.pk}/")
        assert [(line.finished_good, line.quantity) for line in made.goods.all()] == [(bag, 2)]
        assert [str(line) for line in made.wrapping.all()] == [f"1.5 m {ribbon}"]

    def test_save_and_add_lines_comes_back_to_the_form(self, member_client, bag):
        answer = member_client.post("/packages/add/", lines([(bag.pk, "2")], more="1"))
        assert answer.url == f"/packages/{Package.objects.get().pk}/edit/"

    def test_lines_change_and_go(self, member_client, bag, ribbon):
        pair = package_of((bag, 2), (ribbon, "50"), name="Pair")
        good, wrap = pair.goods.get(), pair.wrapping.get()
        form = lines(
            [(bag.pk, "3", good.pk)], [(ribbon.pk, "50", "", wrap.pk, "on")], name="Three", description=""
        )
        assert member_client.post(f"/packages/{pair.pk}/edit/", form).status_code == 302
        pair.refresh_from_db()
        assert pair.name == "Three"
        assert pair.goods.get().quantity == 3
        assert not pair.wrapping.exists()

    @pytest.mark.parametrize(
        ("goods", "wrapping", "said"),
        [
            ([("{bag}", "0")], [], "Enter at least 1. Boxes and bags are counted whole"),
            ([("{bag}", "1"), ("{bag}", "2")], [], "The same box or bag stands there twice."),
            ([], [("{ribbon}", "x", "")], "x"),
            ([], [("{ribbon}", "1", "g")], "Ribbon"),
            ([], [("{ribbon}", "", "m")], "required"),
        ],
    )
    def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
        self, member_client, bag, ribbon, goods, wrapping, said
    ):
        keys = {"{bag}": bag.pk, "{ribbon}": ribbon.pk}
        form = lines(
            *([tuple(keys.get(value, value) for value in row) for row in rows] for rows in (goods, wrapping)),
            description="Keep me",
        )
        answer = member_client.post("/packages/add/", form)
        assert answer.status_code == 422
        text = answer.content.decode()
        assert said in text
        assert "Keep me" in text
        assert "Hamper" in text
        assert not Package.objects.exists()

    def test_more_lines_than_one_form_takes_are_refused(self, member_client):
        form = lines(description="Keep me") | {"goods-TOTAL_FORMS": "51"}
        answer = member_client.post("/packages/add/", form)
        assert answer.status_code == 422
        text = answer.content.decode()
        assert "A package has at most 50 lines of a kind. Nothing was saved." in text
        assert "Keep me" in text
        assert len(answer.context["goods"].forms) == 50
        assert not Package.objects.exists()

    def test_a_name_twice_is_refused(self, member_client, bag):
        PackageFactory(name="Hamper")
        answer = member_client.post("/packages/add/", lines([(bag.pk, "2")]))
        assert answer.status_code == 422
        assert "There is already a package of this name." in answer.content.decode()
        assert Package.objects.count() == 1

    def test_one_is_archived_and_brought_back(self, member_client):
        tin = PackageFactory(name="Tin")
        member_client.post(f"/packages/{tin.pk}/archive/", {"archived": "1"})
        assert member_client.get("/packages/").context["rows"] == []
        assert [row.package for row in member_client.get("/packages/?archived=1").context["rows"]] == [tin]
        member_client.post(f"/packages/{tin.pk}/archive/", {"archived": "0"})
        assert [row.package for row in member_client.get("/packages/").context["rows"]] == [tin]

    def test_an_unknown_one_is_missing(self, member_client):
        for page in ("", "edit/"):
            assert member_client.get(f"/packages/99/{page}").status_code == 404
        assert member_client.post("/packages/99/archive/").status_code == 404
        assert member_client.get("/packages/99/archive/").status_code == 405


class TestRecipientsAsTable:
    def test_names_addresses_and_notes_go_out_with_accents_and_without_formulas(self, member_client, nuts):
        zoe = RecipientFactory(name="Zoë", household="=HYPERLINK(1)", address="Hügel 1\nUlm", notes="+1 dog")
        zoe.avoids.add(nuts)
        response = member_client.get("/recipients.csv")
        assert (
            response["Content-Disposition"] == f'attachment; filename="recipients-{timezone.localdate()}.csv"'
        )
        assert response.content.startswith(b"\xef\xbb\xbf")
        header, row = csv.reader(io.StringIO(response.content.decode("utf-8-sig"), newline=""))
        assert header == ["Recipient", "Household", "Address", "Avoids", "Got something last", "Notes"]
        assert row == ["Zoë", "'=HYPERLINK(1)", "Hügel 1\nUlm", "Nuts", "", "'+1 dog"]

    def test_search_holds_for_the_table_too(self, member_client):
        RecipientFactory(name="Zoë")
        RecipientFactory(name="Ben")
        assert b"Ben" not in member_client.get("/recipients.csv", {"q": "zoe"}).content
        assert (
            'href="/recipients.csv?q=zoe"' in member_client.get("/recipients/", {"q": "zoe"}).content.decode()
        )

    @pytest.mark.parametrize("count", [1, 3])
    def test_the_statements_do_not_grow_with_the_rows(
        self, member_client, django_assert_num_queries, nuts, count
    ):
        for _ in range(count):
            RecipientFactory().avoids.add(nuts)
        with django_assert_num_queries(5):
            member_client.get("/recipients.csv")
