"""The targets of an event on the screen: set, edited, deleted, suggested, and recorded with one tap."""

from decimal import Decimal
from uuid import uuid4

import pytest

from assembly.tests.factories import good_of, on_shelf
from events import services
from events.models import EventAssemblyTarget, EventProductionTarget
from events.tests.factories import EventFactory, assigned, package_of
from inventory.tests.factories import IngredientFactory, bought
from production.models import ProductionRun
from production.tests.factories import FinishedUnitFactory, recipe_of

pytestmark = pytest.mark.django_db

PAGE = "/events/advent/targets/"
HTMX = {"HX-Request": "true"}
BOTH = pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])


@pytest.fixture
def event(db):
    return EventFactory(name="Advent")


@pytest.fixture
def flour(db):
    flour = IngredientFactory(name="Flour")
    bought(flour, "1000", "20")
    return flour


@pytest.fixture
def star(flour):
    """Ten stars a batch from 100 g of flour; flour for ten batches is there."""
    recipe = recipe_of((flour, "100", "g"))
    recipe.name = "Lebkuchen"
    recipe.save()
    return FinishedUnitFactory(recipe=recipe, name="Star", items_per_batch=10)


@pytest.fixture
def target(event, star):
    return services.set_production_target(event_id=event.pk, recipe_id=star.recipe_id, target_batches=4)


def tap(star, batches: int = 1, **changes: str) -> dict[str, str]:
    return {"uuid": str(uuid4()), "batches": str(batches)} | changes


def record(event, star) -> str:
    return f"/events/{event.slug}/targets/baking/{star.recipe_id}/record/"


class TestProgress:
    @pytest.mark.parametrize(
        ("batches", "state", "said", "bar"),
        [
            (0, "Not started", "0/4 batches (0%)", 0),
            (2, "In progress", "2/4 batches (50%)", 50),
            (4, "Complete", "4/4 batches (100%)", 100),
            (5, "Exceeded", "5/4 batches (125%)", 100),
        ],
    )
    def test_a_row_says_state_and_share_with_a_bar(
        self, member_client, event, star, target, batches, state, said, bar
    ):
        if batches:
            services.record_production(event_id=event.pk, recipe_id=star.recipe_id, batches=batches)
        text = member_client.get(PAGE).content.decode()
        assert state in text
        assert said in text
        assert f'value="{bar}" max="100"' in text
        assert ("✓" in text) == (batches >= 4)
        assert ('progress class="more"' in text) == (batches > 4)
        assert (f"{batches * 10} pieces" in text) == bool(batches)

    def test_it_counts_what_the_event_made_alone(self, member_client, event, star, target):
        other = EventFactory(name="Christmas")
        services.record_production(event_id=other.pk, recipe_id=star.recipe_id, batches=3)
        assert "0/4 batches (0%)" in member_client.get(PAGE).content.decode()

    def test_planned_and_actual_stand_side_by_side(self, member_client, event, star, target):
        services.record_production(event_id=event.pk, recipe_id=star.recipe_id, batches=1)
        [row] = member_client.get(PAGE).context["baking"]
        assert (row.progress.target.planned_cost, row.progress.cost) == (Decimal("8.0000"), Decimal("2.0000"))

    def test_a_box_says_what_is_there_and_what_can_be_assembled(self, member_client, event, star):
        bag = good_of((star, "5"), name="Bag")
        services.set_assembly_target(event_id=event.pk, finished_good_id=bag.pk, target_quantity=6)
        services.record_production(event_id=event.pk, recipe_id=star.recipe_id, batches=2)
        text = member_client.get(PAGE).content.decode()
        assert "0/6 (0%)" in text
        assert "4 more" in text
        services.record_production(event_id=event.pk, recipe_id=star.recipe_id, batches=1)
        hamper = good_of((bag, "1"), name="Hamper")
        services.set_assembly_target(event_id=event.pk, finished_good_id=hamper.pk, target_quantity=1)
        assert "0: too little Bag" in member_client.get(PAGE).content.decode()
        assert f"/assembly/record/?good={bag.pk}&amp;event={event.pk}&amp;quantity=6" in text

    def test_it_takes_as_many_statements_for_three_targets_as_for_one(
        self, member_client, event, flour, star, target, django_assert_num_queries
    ):
        bag = good_of((star, "5"))
        services.set_assembly_target(event_id=event.pk, finished_good_id=bag.pk, target_quantity=6)
        for address, statements in ((PAGE, 12), (f"{PAGE}?add=baking", 13), (f"{PAGE}?add=assembly", 13)):
            with django_assert_num_queries(statements):
                member_client.get(address)
        for _ in range(2):
            other = FinishedUnitFactory(recipe=recipe_of((flour, "10", "g")))
            services.set_production_target(event_id=event.pk, recipe_id=other.recipe_id, target_batches=1)
            bag = good_of((other, "5"))
            services.set_assembly_target(event_id=event.pk, finished_good_id=bag.pk, target_quantity=6)
        for address, statements in ((PAGE, 12), (f"{PAGE}?add=baking", 13), (f"{PAGE}?add=assembly", 13)):
            with django_assert_num_queries(statements):
                member_client.get(address)


class TestSetting:
    def test_a_target_is_set_and_says_so(self, member_client, event, star):
        form = {"recipe": str(star.recipe_id), "target_batches": "4", "notes": "early"}
        answer = member_client.post(f"{PAGE}baking/", form, follow=True)
        assert answer.redirect_chain == [(PAGE, 302)]
        assert "4 batches of Lebkuchen are planned." in answer.content.decode()
        target = EventProductionTarget.objects.get()
        assert (target.event, target.target_batches, target.notes) == (event, 4, "early")

    def test_htmx_gets_the_targets_read_again(self, member_client, event, star):
        form = {"recipe": str(star.recipe_id), "target_batches": "4", "notes": ""}
        answer = member_client.post(f"{PAGE}baking/", form, headers=HTMX)
        assert answer.status_code == 200
        text = answer.content.decode()
        assert "0/4 batches (0%)" in text
        assert "4 batches of Lebkuchen are planned.</p>" in text
        assert "<!doctype" not in text

    def test_adding_it_again_edits_it(self, member_client, event, star, target):
        form = {"recipe": str(star.recipe_id), "target_batches": "6", "notes": ""}
        member_client.post(f"{PAGE}baking/", form)
        assert EventProductionTarget.objects.get().target_batches == 6

    @BOTH
    @pytest.mark.parametrize("batches", ["0", "-1", "2.5", "", "many", "9999999"])
    def test_only_whole_positive_numbers_are_taken_and_nothing_typed_is_lost(
        self, member_client, event, star, headers, batches
    ):
        form = {"recipe": str(star.recipe_id), "target_batches": batches, "notes": "with care"}
        answer = member_client.post(f"{PAGE}baking/", form, headers=headers)
        assert answer.status_code == 422
        text = answer.content.decode()
        assert "with care" in text
        assert f'<option value="{star.recipe_id}" selected>' in text
        assert not EventProductionTarget.objects.exists()

    @BOTH
    def test_a_row_that_is_edited_stays_a_row_when_refused(self, member_client, event, star, target, headers):
        form = {"recipe": str(star.recipe_id), "target_batches": "0", "notes": "kept", "row": "1"}
        answer = member_client.post(f"{PAGE}baking/", form, headers=headers)
        assert answer.status_code == 422
        assert answer.context["edit"] == f"baking-{star.recipe_id}"
        text = answer.content.decode()
        assert 'value="0"' in text
        assert 'value="kept"' in text
        target.refresh_from_db()
        assert target.target_batches == 4

    def test_a_row_opens_for_editing_with_what_is_set(self, member_client, event, star, target):
        text = member_client.get(f"{PAGE}?edit=baking-{star.recipe_id}").content.decode()
        assert 'name="target_batches" inputmode="numeric" required autofocus value="4"' in text

    def test_boxes_have_targets_too(self, member_client, event, star):
        bag = good_of((star, "5"), name="Bag")
        form = {"finished_good": str(bag.pk), "target_quantity": "6", "notes": ""}
        answer = member_client.post(f"{PAGE}assembly/", form, headers=HTMX)
        assert "6 × Bag are planned." in answer.content.decode()
        assert EventAssemblyTarget.objects.get().target_quantity == 6
        refused = member_client.post(f"{PAGE}assembly/", form | {"target_quantity": "0"})
        assert refused.status_code == 422

    def test_a_target_is_deleted_and_what_was_baked_stays(self, member_client, event, star, target):
        services.record_production(event_id=event.pk, recipe_id=star.recipe_id, batches=1)
        address = f"{PAGE}baking/{star.recipe_id}/delete/"
        assert "no longer a target" in member_client.post(address, headers=HTMX).content.decode()
        assert "was no target any more" in member_client.post(address, headers=HTMX).content.decode()
        assert not EventProductionTarget.objects.exists()
        assert ProductionRun.objects.count() == 1

    def test_a_target_of_a_box_is_deleted(self, member_client, event, star):
        bag = good_of((star, "5"))
        services.set_assembly_target(event_id=event.pk, finished_good_id=bag.pk, target_quantity=6)
        member_client.post(f"{PAGE}assembly/{bag.pk}/delete/")
        assert not EventAssemblyTarget.objects.exists()


class TestOneTap:
    @BOTH
    def test_a_batch_is_recorded_for_the_event(self, member_client, event, star, target, headers):
        answer = member_client.post(record(event, star), tap(star), headers=headers, follow=True)
        assert answer.status_code == 200
        text = answer.content.decode()
        assert "Recorded 1 batch of Lebkuchen: 10 on the shelf." in text
        assert "1/4 batches (25%)" in text
        run = ProductionRun.objects.get()
        assert (run.event, run.num_batches, run.actual_yield) == (event, 1, 10)
        assert run.recorded_by_name == "mira"

    def test_a_double_click_is_one_bake(self, member_client, event, star, target):
        same = tap(star)
        for _ in range(2):
            assert member_client.post(record(event, star), same, headers=HTMX).status_code == 200
        assert ProductionRun.objects.count() == 1

    @BOTH
    def test_more_than_planned_is_recorded_and_said(self, member_client, event, star, target, headers):
        services.record_production(event_id=event.pk, recipe_id=star.recipe_id, batches=4)
        answer = member_client.post(record(event, star), tap(star), headers=headers, follow=True)
        text = answer.content.decode()
        assert "That makes 5 batches of Lebkuchen, 1 more than the 4 planned." in text
        assert "5/4 batches (125%)" in text
        assert ProductionRun.objects.count() == 2

    @BOTH
    def test_what_is_short_is_listed_with_the_ways_on(
        self, member_client, event, flour, star, target, headers
    ):
        answer = member_client.post(record(event, star), tap(star, 12), headers=headers)
        assert answer.status_code == 422
        text = answer.content.decode()
        assert "12 batches of Lebkuchen cannot be baked: nothing was recorded." in text
        assert "Not enough Flour: needs 1.2 kg, there is 1 kg, 200 g missing." in text
        assert f"/pantry/receive/?item={flour.pk}" in text
        assert f"/shopping/add/?ingredient={flour.pk}&amp;quantity=200&amp;unit=g&amp;for={event.pk}" in text
        assert not ProductionRun.objects.exists()

    def test_a_recipe_that_makes_several_things_leads_to_the_form(self, member_client, event, star, target):
        FinishedUnitFactory(recipe=star.recipe, name="Moon")
        text = member_client.get(PAGE).content.decode()
        assert "Record a batch" not in text
        assert "Record a bake<span" in text
        assert f"/production/record/?recipe={star.recipe_id}&amp;event={event.pk}&amp;batches=4" in text
        answer = member_client.post(record(event, star), tap(star))
        assert answer.status_code == 422
        assert "say which" in answer.content.decode()

    def test_a_key_used_for_something_else_is_refused_with_a_link(self, member_client, event, star, target):
        same = tap(star)
        member_client.post(record(event, star), same)
        answer = member_client.post(record(event, star), same | {"batches": "2"})
        assert answer.status_code == 422
        assert "Look at what was recorded first" in answer.content.decode()

    @pytest.mark.parametrize("wrong", [{"uuid": "x"}, {"batches": "0"}, {"batches": ""}])
    def test_nonsense_is_refused(self, member_client, event, star, target, wrong):
        assert member_client.post(record(event, star), tap(star) | wrong).status_code == 422
        assert not ProductionRun.objects.exists()

    def test_without_a_target_what_is_short_is_said_all_the_same(self, member_client, event, star):
        answer = member_client.post(record(event, star), tap(star, 12))
        assert "cannot be baked: nothing was recorded." in answer.content.decode()


class TestSuggestions:
    @pytest.fixture
    def wished(self, event, star):
        """Six bags of five stars are wished for: three batches."""
        bag = good_of((star, "5"), name="Bag")
        assigned(event, package_of((bag, 2), name="Pair"), quantity=3)
        return bag

    def test_they_stand_beside_the_targets_that_are_set(self, member_client, event, star, wished, target):
        page = member_client.get(f"{PAGE}?suggest=1")
        assert [(str(each.object), each.current, each.suggested) for each in page.context["suggestions"]] == [
            ("Bag", None, 6),
            ("Lebkuchen", 4, 3),
        ]
        assert "set by hand" in page.content.decode()

    def test_what_waits_and_lies_on_the_shelf_asks_for_nothing(self, member_client, event):
        box = good_of(name="Box")
        on_shelf(box, "3", "6")
        waiting = assigned(event, package_of((box, 1), name="One box"), quantity=3)
        text = member_client.get(f"{PAGE}?suggest=1").content.decode()
        assert "The shelf has everything the packages that wait need" in text
        assert "No package still waits" not in text
        services.update_fulfillment_status(waiting.pk, "ready")
        text = member_client.get(f"{PAGE}?suggest=1").content.decode()
        assert "No package still waits to be packed" in text

    @BOTH
    def test_one_click_takes_over_what_is_ticked(self, member_client, event, star, wished, headers):
        form = {"take": [f"assembly-{wished.pk}", f"production-{star.recipe_id}"]}
        answer = member_client.post(f"{PAGE}suggested/", form, headers=headers, follow=True)
        text = answer.content.decode()
        assert "2 targets taken over from the packages." in text
        assert "0/3 batches (0%)" in text
        assert "0/6 (0%)" in text

    def test_what_is_not_ticked_stays(self, member_client, event, star, wished, target):
        member_client.post(f"{PAGE}suggested/", {"take": [f"assembly-{wished.pk}"]})
        target.refresh_from_db()
        assert target.target_batches == 4
        assert EventAssemblyTarget.objects.get().target_quantity == 6

    def test_nothing_ticked_changes_nothing(self, member_client, event, star, wished):
        answer = member_client.post(f"{PAGE}suggested/", {"take": ["nonsense", "-"]}, headers=HTMX)
        assert "Nothing was ticked that changes a target." in answer.content.decode()
        assert not EventAssemblyTarget.objects.exists()

    def test_the_page_takes_as_many_statements_for_three_rows_as_for_one(
        self, member_client, event, flour, star, wished, django_assert_num_queries
    ):
        with django_assert_num_queries(13):
            member_client.get(f"{PAGE}?suggest=1")
        for number in range(2):
            other = FinishedUnitFactory(recipe=recipe_of((flour, "10", "g")))
            assigned(event, package_of((good_of((other, "2")), 1), name=f"Other {number}"))
        with django_assert_num_queries(13):
            member_client.get(f"{PAGE}?suggest=1")


@pytest.mark.parametrize(
    "address",
    ["baking/", "assembly/", "suggested/", "baking/1/delete/", "assembly/1/delete/", "baking/1/record/"],
)
def test_what_writes_answers_no_get(member_client, event, address):
    assert member_client.get(PAGE + address).status_code == 405
