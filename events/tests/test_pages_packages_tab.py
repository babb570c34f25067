"""Who gets what at an event, on the screen: assigned, packed, delivered, corrected."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from assembly.tests.factories import good_of, on_shelf
from events import services
from events.models import EventRecipientPackage
from events.tests.factories import EventFactory, PackageFactory, RecipientFactory, assigned, package_of
from inventory.models import Allergen
from inventory.services import on_hand
from inventory.tests.factories import IngredientFactory, PackagingFactory, ProductFactory
from production.tests.factories import FinishedUnitFactory, recipe_of

pytestmark = pytest.mark.django_db

PAGE = "/events/advent/packages/"
HTMX = {"HX-Request": "true"}
BOTH = pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])


@pytest.fixture
def event(db):
    return EventFactory(name="Advent")


@pytest.fixture
def nuts(db):
    return Allergen.objects.get_or_create(name="Nuts")[0]


@pytest.fixture
def bag(nuts):
    """A bag of two cookies of almonds; three bags are on the shelf."""
    almonds = IngredientFactory(name="Almonds")
    almonds.allergens.add(nuts)
    cookie = FinishedUnitFactory(recipe=recipe_of((almonds, "10", "g")), name="Macaron")
    bag = good_of((cookie, "2"), name="Bag")
    on_shelf(bag, "3", "6")
    return bag


@pytest.fixture
def pair(bag):
    return package_of((bag, 2), name="Pair of bags")


@pytest.fixture
def ani(db):
    return RecipientFactory(name="Ani")


def there(bag) -> int:
    return int(on_hand(item_ids=[bag.pk])[bag.pk])


def act(name: str, assignment) -> str:
    return f"{PAGE}{assignment.pk}/{name}/"


def key(**more: str) -> dict[str, str]:
    return {"uuid": str(uuid4())} | more


class TestTable:
    def test_status_stands_between_quantity_and_the_next_step(self, member_client, event, pair, ani):
        waiting = assigned(event, pair, recipient=ani)
        text = member_client.get(PAGE).content.decode()
        row = text[text.index(f'id="assignment-{waiting.pk}"') :]
        assert row.index("Quantity") < row.index("Pending") < row.index(">Pack<")
        assert "Deliver" not in row

    def test_only_the_next_step_is_on_offer(self, member_client, event, pair):
        first, second = assigned(event, pair), assigned(event, pair)
        services.update_fulfillment_status(first.pk, "ready")
        page = member_client.get(PAGE).content.decode()
        assert page.count(">Pack<") == 1
        assert page.count(">Deliver<") == 1
        services.update_fulfillment_status(first.pk, "delivered", delivered_to="Uncle Max")
        page = member_client.get(PAGE).content.decode()
        assert ">Deliver<" not in page
        assert "to Uncle Max" in page
        assert second.pk

    def test_the_status_in_the_address_filters(self, member_client, event, pair):
        first, second = assigned(event, pair), assigned(event, pair, 4)
        services.update_fulfillment_status(first.pk, "ready")
        for status, shown in (("ready", [first]), ("pending", [second]), ("nonsense", [first, second])):
            rows = member_client.get(PAGE, {"status": status}).context["rows"]
            assert [row.assignment for row in rows] == shown
        text = member_client.get(PAGE, {"status": "delivered"}).content.decode()
        assert "No package is delivered." in text
        assert "Pending 4" in text
        assert "Ready 1" in text

    def test_it_warns_of_what_a_recipient_avoids_through_all_levels(
        self, member_client, event, pair, ani, nuts
    ):
        ani.avoids.add(nuts)
        assigned(event, pair, recipient=ani)
        text = member_client.get(PAGE).content.decode()
        assert "contains Nuts" in text
        assert "Almonds" in text

    def test_paper_gets_the_address_and_what_is_in_each(self, member_client, event, pair, ani):
        ani.address = "1 Lane"
        ani.save()
        assigned(event, pair, recipient=ani)
        text = member_client.get(PAGE).content.decode()
        assert '<address class="on-paper">1 Lane</address>' in text
        assert "☐ 2 × Bag" in text

    def test_it_takes_as_many_statements_for_three_rows_and_for_many_as_for_one(
        self, member_client, event, pair, ani, nuts
    ):
        def one_more(recipient):
            recipient.avoids.add(nuts)
            cookie = FinishedUnitFactory(recipe=recipe_of((IngredientFactory(), "10", "g")))
            assigned(event, package_of((good_of((cookie, "1")), 1)), recipient=recipient)

        one_more(ani)
        counted = {"": 10, "?status=pending": 10, "?add=1": 12, "?copy=1": 11}
        before = {address: statements(member_client, PAGE + address) for address in counted}
        one_more(RecipientFactory())
        one_more(RecipientFactory())
        for _ in range(60):
            assigned(event, pair, recipient=RecipientFactory())
        after = {address: statements(member_client, PAGE + address) for address in counted}
        assert before == after == counted


def statements(client, address: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


class TestManyRows:
    """Sixty rows are a page. Recipient 00 is the first of 62, by name."""

    @pytest.fixture
    def rows(self, event, pair):
        people = [RecipientFactory(name=f"Recipient {number:02}") for number in range(62)]
        return [assigned(event, pair, recipient=each) for each in people]

    def shown(self, answer):
        return [row.assignment for row in answer.context["rows"]]

    def test_they_come_by_the_page(self, member_client, rows):
        first, second = member_client.get(PAGE), member_client.get(PAGE, {"page": "2"})
        assert self.shown(first) + self.shown(second) == rows
        assert len(self.shown(second)) == 2
        assert "Page 1 of 2" in first.content.decode()
        assert "Pending 62" in second.content.decode()

    def test_the_packing_list_can_be_had_whole(self, member_client, rows):
        text = member_client.get(PAGE, {"page": "2"}).content.decode()
        assert f'href="{PAGE}?page=2&amp;whole=1"' in text
        assert "data-print" not in text
        whole = member_client.get(PAGE, {"page": "2", "whole": "1"})
        assert self.shown(whole) == rows
        assert "data-print" in whole.content.decode()

    def test_the_address_of_a_row_opens_its_page(self, member_client, rows):
        assert self.shown(member_client.get(rows[61].get_absolute_url())) == rows[60:]
        assert self.shown(member_client.get(rows[59].get_absolute_url())) == rows[:60]
        assert self.shown(member_client.get(PAGE, {"row": "4711"})) == rows[:60]
        assert self.shown(member_client.get(PAGE, {"row": rows[61].pk, "page": "1"})) == rows[:60]

    def test_a_change_leads_back_to_its_page(self, member_client, rows):
        text = member_client.get(PAGE, {"status": "pending", "page": "2"}).content.decode()
        kept = "?status=pending&page=2"
        assert act("pack", rows[61]) + kept.replace("&", "&amp;") in text
        assert member_client.post(act("pack", rows[61]) + kept, key()).url == PAGE + kept
        answer = member_client.post(act("delete", rows[60]) + "?page=2", headers=HTMX)
        assert self.shown(answer) == rows[61:]

    def test_what_is_refused_is_said_on_the_page_of_its_row(self, member_client, rows):
        answer = member_client.post(act("edit", rows[61]), {"package": "", "quantity": "0", "notes": "kept"})
        assert answer.status_code == 422
        assert self.shown(answer) == rows[60:]
        assert "kept</textarea>" in answer.content.decode()


class TestAssigning:
    @BOTH
    def test_one_package_goes_to_several_at_once(self, member_client, event, pair, ani, headers):
        ben = RecipientFactory(name="Ben")
        form = {"recipients": [ani.pk, ben.pk], "package": pair.pk, "quantity": "2", "notes": "card"}
        answer = member_client.post(f"{PAGE}assign/", form, headers=headers, follow=True)
        assert "2 people get Pair of bags." in answer.content.decode()
        assert "4 packages for 2 people" in answer.content.decode()
        assert [str(each) for each in EventRecipientPackage.objects.all()] == [
            "2 × Pair of bags for Ani",
            "2 × Pair of bags for Ben",
        ]

    def test_who_has_it_already_is_named(self, member_client, event, pair, ani):
        assigned(event, pair, recipient=ani)
        form = {"recipients": [ani.pk], "package": pair.pk, "quantity": "1", "notes": ""}
        answer = member_client.post(f"{PAGE}assign/", form, headers=HTMX)
        assert "Nothing changed. Ani had it already." in answer.content.decode()

    def test_it_warns_at_once(self, member_client, event, pair, ani, nuts):
        ani.avoids.add(nuts)
        form = {"recipients": [ani.pk], "package": pair.pk, "quantity": "1", "notes": ""}
        answer = member_client.post(f"{PAGE}assign/", form, headers=HTMX)
        assert (
            '<span class="warned">Ani gets Pair of bags. Mind: Ani avoids Nuts.</span>'
            in answer.content.decode()
        )

    def test_a_page_of_its_own_warns_too(self, member_client, event, pair, ani, nuts):
        ani.avoids.add(nuts)
        form = {"recipients": [ani.pk], "package": pair.pk, "quantity": "1", "notes": ""}
        page = member_client.post(f"{PAGE}assign/", form, follow=True).content.decode()
        assert '<li class="warning">Ani gets Pair of bags. Mind: Ani avoids Nuts.</li>' in page

    @BOTH
    @pytest.mark.parametrize(
        "wrong",
        [
            {"recipients": []},
            {"recipients": ["9" * 23]},
            {"package": "9" * 23},
            {"package": ""},
            {"quantity": "0"},
        ],
    )
    def test_nothing_typed_is_lost(self, member_client, event, pair, ani, headers, wrong):
        form = {"recipients": [ani.pk], "package": pair.pk, "quantity": "2", "notes": "with a card"} | wrong
        answer = member_client.post(f"{PAGE}assign/", form, headers=headers)
        assert answer.status_code == 422
        text = answer.content.decode()
        assert 'value="with a card"' in text
        again = answer.context["form"]
        assert again["recipients"].value() == wrong.get("recipients", [str(ani.pk)])
        assert again["package"].value() == wrong.get("package", str(pair.pk))
        assert not EventRecipientPackage.objects.exists()

    def test_an_archived_package_is_not_handed_out(self, member_client, event, ani):
        old = PackageFactory(is_archived=True)
        form = {"recipients": [ani.pk], "package": old.pk, "quantity": "1", "notes": ""}
        answer = member_client.post(f"{PAGE}assign/", form)
        assert answer.status_code == 422
        assert "is archived" in answer.content.decode()

    def test_without_recipients_or_packages_it_leads_to_them(self, member_client, event):
        assert "/recipients/add/" in member_client.get(f"{PAGE}?add=1").content.decode()
        RecipientFactory()
        assert "There is no package yet." in member_client.get(f"{PAGE}?add=1").content.decode()

    @BOTH
    def test_last_years_packages_are_copied(self, member_client, event, pair, ani, headers):
        last = EventFactory(name="Last year")
        assigned(last, pair, recipient=ani)
        assigned(last, pair, recipient=RecipientFactory(name="Gone", is_archived=True))
        answer = member_client.post(f"{PAGE}copy/", {"from_event": last.pk}, headers=headers, follow=True)
        text = answer.content.decode()
        assert "1 line copied from Last year." in text
        assert "Left out, because it is archived: Pair of bags for Gone." in text
        assert [str(each) for each in event.assignments.all()] == ["1 × Pair of bags for Ani"]

    def test_nothing_is_copied_from_nowhere(self, member_client, event):
        assert member_client.post(f"{PAGE}copy/", {"from_event": ""}).status_code == 422
        assert member_client.post(f"{PAGE}copy/", {"from_event": event.pk}).status_code == 422


class TestEditing:
    def test_what_waits_can_change(self, member_client, event, pair, ani):
        waiting = assigned(event, pair, recipient=ani)
        other = PackageFactory(name="Box")
        form = {"package": other.pk, "quantity": "3", "notes": "later"}
        answer = member_client.post(act("edit", waiting), form, headers=HTMX)
        assert "3 × Box for Ani: saved." in answer.content.decode()

    def test_what_is_packed_keeps_package_and_quantity(self, member_client, event, pair, ani):
        packed = assigned(event, pair, recipient=ani)
        services.update_fulfillment_status(packed.pk, "ready")
        text = member_client.get(f"{PAGE}?edit={packed.pk}").content.decode()
        assert 'name="quantity"' not in text
        form = {"package": PackageFactory().pk, "quantity": "9", "notes": "by the door"}
        assert member_client.post(act("edit", packed), form).status_code == 302
        packed.refresh_from_db()
        assert (packed.package, packed.quantity, packed.notes) == (pair, 1, "by the door")

    def test_what_the_packing_and_the_delivery_said_stands_beside_the_notes(
        self, member_client, event, pair, ani
    ):
        told = "ring\nPacked short: Bag 1 of 2\nOn delivery: left with <the dog>"
        packed = assigned(event, pair, recipient=ani, fulfillment_status="delivered", notes=told)
        text = member_client.get(f"{PAGE}?edit={packed.pk}").content.decode()
        assert "\nring</textarea>" in text
        stays = "Packed short: Bag 1 of 2<br>On delivery: left with &lt;the dog&gt;<br>This stays until it is unpacked."
        assert stays in text
        assert "A line that begins with “On delivery:” takes the place of the one there is." in text
        member_client.post(act("edit", packed), {"notes": "ring\nOn delivery: left with the cat"})
        packed.refresh_from_db()
        assert packed.notes == "ring\nPacked short: Bag 1 of 2\nOn delivery: left with the cat"

    def test_of_a_packing_alone_nothing_is_said_of_a_delivery(self, member_client, event, pair, ani):
        packed = assigned(event, pair, recipient=ani, fulfillment_status="ready", notes="ring")
        assert "This stays" not in member_client.get(f"{PAGE}?edit={packed.pk}").content.decode()
        EventRecipientPackage.objects.update(notes="ring\nPacked short: Bag 1 of 2")
        text = member_client.get(f"{PAGE}?edit={packed.pk}").content.decode()
        assert "This stays until it is unpacked.</small>" in text

    @BOTH
    def test_a_wrong_quantity_is_refused_and_all_stays(self, member_client, event, pair, headers):
        waiting = assigned(event, pair)
        form = {"package": pair.pk, "quantity": "0", "notes": "kept"}
        answer = member_client.post(act("edit", waiting), form, headers=headers)
        assert answer.status_code == 422
        assert "kept</textarea>" in answer.content.decode()
        assert f'id="edit-{waiting.pk}"' in answer.content.decode()

    def test_a_package_the_recipient_has_already_is_refused(self, member_client, event, pair, ani):
        box = PackageFactory(name="Box")
        assigned(event, box, recipient=ani)
        waiting = assigned(event, pair, recipient=ani)
        form = {"package": box.pk, "quantity": "1", "notes": ""}
        answer = member_client.post(act("edit", waiting), form)
        assert answer.status_code == 422
        assert "Ani gets Box at Advent already." in answer.content.decode()

    @BOTH
    def test_what_waits_can_be_removed(self, member_client, event, pair, ani, headers):
        waiting = assigned(event, pair, recipient=ani)
        answer = member_client.post(act("delete", waiting), headers=headers, follow=True)
        assert "Ani no longer gets Pair of bags." in answer.content.decode()
        assert not EventRecipientPackage.objects.exists()
        again = member_client.post(act("delete", waiting), headers=headers, follow=True)
        assert "That was gone already." in again.content.decode()

    def test_what_is_packed_cannot_be_removed(self, member_client, event, pair):
        packed = assigned(event, pair)
        services.update_fulfillment_status(packed.pk, "ready")
        answer = member_client.post(act("delete", packed), headers=HTMX)
        assert answer.status_code == 422
        assert "is packed already" in answer.content.decode()

    def test_a_package_of_another_event_is_missing_here(self, member_client, event, pair):
        elsewhere = assigned(EventFactory(name="Elsewhere"), pair)
        assert member_client.get(f"{PAGE}?edit={elsewhere.pk}").status_code == 404
        for name in ("edit", "pack", "deliver", "void"):
            assert member_client.post(act(name, elsewhere), key()).status_code == 404
        member_client.post(act("delete", elsewhere))
        assert EventRecipientPackage.objects.count() == 1


class TestPacking:
    @BOTH
    def test_packing_takes_it_off_the_shelf(self, member_client, event, pair, bag, ani, headers):
        waiting = assigned(event, pair, recipient=ani)
        answer = member_client.post(act("pack", waiting), key(), headers=headers, follow=True)
        text = answer.content.decode()
        assert "1 × Pair of bags for Ani is packed: it left the shelf." in text
        assert ">Deliver<" in text
        assert there(bag) == 1

    def test_a_double_click_packs_once(self, member_client, event, pair, bag):
        waiting = assigned(event, pair)
        same = key()
        for _ in range(2):
            assert member_client.post(act("pack", waiting), same, headers=HTMX).status_code == 200
        assert there(bag) == 1

    def test_the_filter_stays(self, member_client, event, pair):
        waiting = assigned(event, pair)
        answer = member_client.post(act("pack", waiting) + "?status=pending", key())
        assert answer.url == f"{PAGE}?status=pending"
        other = assigned(event, pair)
        answer = member_client.post(act("edit", other) + "?status=pending", key(), headers=HTMX)
        assert [row.assignment for row in answer.context["rows"]] == [other]

    @BOTH
    def test_what_is_short_is_listed_and_may_be_packed_short(
        self, member_client, event, pair, bag, ani, headers
    ):
        waiting = assigned(event, pair, 2, recipient=ani)
        answer = member_client.post(act("pack", waiting), key(), headers=headers)
        assert answer.status_code == 422
        text = answer.content.decode()
        assert "Pair of bags for Ani cannot be packed: nothing left the shelf." in text
        assert "Not enough Bag: needs 4, there is 3, 1 missing." in text
        assert f"/assembly/record/?good={bag.pk}&amp;event={event.pk}&amp;quantity=1" in text
        assert "Pack it short anyway" in text
        answer = member_client.post(act("pack", waiting), key(allow_short="1"), headers=headers, follow=True)
        assert "Packed short: Bag 3 of 4" in answer.content.decode()
        assert there(bag) == 0

    def test_wrapping_that_is_short_leads_to_the_shop(self, member_client, event, bag, ani):
        ribbon = ProductFactory(ingredient=PackagingFactory(name="Ribbon"))
        waiting = assigned(event, package_of((bag, 1), (ribbon, "2")), recipient=ani)
        text = member_client.post(act("pack", waiting), key()).content.decode()
        assert f"/pantry/receive/?product={ribbon.pk}&amp;quantity=2&amp;unit=each" in text
        assert f"/shopping/add/?product={ribbon.pk}&amp;quantity=2&amp;unit=each&amp;for={event.pk}" in text

    def test_a_damaged_key_is_refused(self, member_client, event, pair, bag):
        waiting = assigned(event, pair)
        assert member_client.post(act("pack", waiting), {"uuid": "x"}).status_code == 422
        assert there(bag) == 3

    @pytest.mark.parametrize("shown", ["", "?status=pending"], ids=["all", "pending ones"])
    def test_what_was_packed_meanwhile_is_said(self, member_client, event, pair, shown):
        waiting = assigned(event, pair)
        services.update_fulfillment_status(waiting.pk, "ready")
        answer = member_client.post(act("pack", waiting) + shown, key(), headers=HTMX)
        assert answer.status_code == 422
        assert f"{waiting} is packed already. Nothing was changed." in answer.content.decode()


class TestDelivering:
    @pytest.fixture
    def packed(self, event, pair, ani):
        packed = assigned(event, pair, recipient=ani, notes="by the door")
        return services.update_fulfillment_status(packed.pk, "ready")

    @BOTH
    def test_it_says_to_whom_when_and_what_else(self, member_client, event, packed, headers):
        when = timezone.localtime() - timedelta(days=1)
        form = key(delivered_to="Uncle Max", delivered_at=f"{when:%Y-%m-%dT%H:%M}", note="was glad")
        answer = member_client.post(act("deliver", packed), form, headers=headers, follow=True)
        assert "Pair of bags for Ani is delivered." in answer.content.decode()
        packed.refresh_from_db()
        assert packed.fulfillment_status == "delivered"
        assert packed.delivered_to == "Uncle Max"
        assert timezone.localtime(packed.delivered_at).date() == when.date()
        assert packed.notes == "by the door\nOn delivery: was glad"

    def test_a_double_click_delivers_once(self, member_client, event, packed):
        same = key(delivered_to="Max", delivered_at="", note="glad")
        for _ in range(2):
            assert member_client.post(act("deliver", packed), same, headers=HTMX).status_code == 200
        packed.refresh_from_db()
        assert packed.notes == "by the door\nOn delivery: glad"

    @BOTH
    def test_the_future_is_refused_and_all_stays(self, member_client, event, packed, headers):
        form = key(delivered_to="Max", delivered_at="2099-01-01T10:00", note="glad")
        answer = member_client.post(act("deliver", packed), form, headers=headers)
        assert answer.status_code == 422
        text = answer.content.decode()
        assert "That is still to come." in text
        assert 'value="Max"' in text
        assert 'value="glad"' in text

    def test_what_is_not_packed_is_not_delivered(self, member_client, event, pair):
        waiting = assigned(event, pair)
        form = key(delivered_to="", delivered_at="", note="")
        answer = member_client.post(act("deliver", waiting), form)
        assert answer.status_code == 422
        assert f"{waiting} is not packed yet. Nothing was changed. Pack it first." in answer.content.decode()

    @BOTH
    def test_a_wrong_packing_is_taken_back_with_a_reason(self, member_client, event, packed, bag, headers):
        assert there(bag) == 1
        refused = member_client.post(act("void", packed), key(reason=""), headers=headers)
        assert refused.status_code == 422
        assert "Say why, in a word or two." in refused.content.decode()
        answer = member_client.post(
            act("void", packed), key(reason="wrong box"), headers=headers, follow=True
        )
        assert "is unpacked: all of it is back on the shelf." in answer.content.decode()
        assert there(bag) == 3
        packed.refresh_from_db()
        assert packed.fulfillment_status == "pending"

    def test_a_used_key_gives_way_to_a_fresh_one(self, member_client, event, packed, pair, bag):
        other = assigned(event, pair)
        on_shelf(bag, "2", "4")
        services.update_fulfillment_status(other.pk, "ready")
        typed = key(reason="wrong")
        assert member_client.post(act("void", other), typed).status_code == 302
        refused = member_client.post(act("void", packed), typed)
        assert refused.status_code == 422
        fresh = refused.context["form"]["uuid"].value()
        assert fresh != typed["uuid"]
        assert member_client.post(act("void", packed), typed | {"uuid": fresh}).status_code == 302
        packed.refresh_from_db()
        assert packed.fulfillment_status == "pending"

    @pytest.mark.parametrize("opened", ["edit", "deliver", "void"])
    def test_its_form_opens_below_its_row(self, member_client, event, packed, opened):
        text = member_client.get(f"{PAGE}?{opened}={packed.pk}", headers=HTMX).content.decode()
        assert f'<tr class="below" id="{opened}-{packed.pk}">' in text


def test_what_writes_answers_no_get(member_client, event, pair):
    waiting = assigned(event, pair)
    for name in ("edit", "delete", "pack", "deliver", "void"):
        assert member_client.get(act(name, waiting)).status_code == 405
    for name in ("assign", "copy"):
        assert member_client.get(f"{PAGE}{name}/").status_code == 405
