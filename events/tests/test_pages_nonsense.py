"""Whatever is sent to the pages of events is answered, refused or missing: nothing breaks."""

from uuid import uuid4

import pytest

from assembly.tests.factories import good_of
from events import services
from events.models import Package, Recipient
from events.tests.factories import EventFactory, assigned, package_of
from inventory.tests.factories import IngredientFactory
from production.tests.factories import FinishedUnitFactory, recipe_of

pytestmark = pytest.mark.django_db

NONSENSE = ("²", "99999999999999999999", "a\0b")
FIELDS = (
    "name", "event_date", "notes", "recipe", "target_batches", "row", "finished_good", "target_quantity",
    "uuid", "batches", "take", "recipients", "package", "quantity", "from_event", "delivered_to",
    "delivered_at", "note", "reason", "allow_short", "avoids", "household", "address", "archived",
    "goods-TOTAL_FORMS", "goods-INITIAL_FORMS", "goods-0-finished_good", "goods-0-quantity", "goods-0-id",
    "wrapping-TOTAL_FORMS", "wrapping-INITIAL_FORMS", "wrapping-0-product", "wrapping-0-quantity",
)  # fmt: skip


@pytest.fixture
def addresses():
    event = EventFactory(name="Advent")
    unit = FinishedUnitFactory(recipe=recipe_of((IngredientFactory(), "10", "g")))
    bag = good_of((unit, "1"))
    services.set_production_target(event_id=event.pk, recipe_id=unit.recipe_id, target_batches=1)
    waiting = assigned(event, package_of((bag, 1)))
    tab = "/events/advent/"
    return [
        "/events/",
        *(f"{tab}{name}/" for name in ("edit", "delete", "packages/assign", "packages/copy")),
        *(f"{tab}packages/{waiting.pk}/{name}/" for name in ("edit", "pack", "deliver", "void")),
        *(f"{tab}targets/{name}/" for name in ("baking", "assembly", "suggested")),
        f"{tab}targets/baking/{unit.recipe_id}/record/",
        "/recipients/add/",
        f"/recipients/{waiting.recipient_id}/edit/",
        "/packages/add/",
        f"/packages/{waiting.package_id}/edit/",
    ]


@pytest.mark.parametrize("value", NONSENSE)
def test_nonsense_in_every_field_is_answered(member_client, addresses, value):
    for address in addresses:
        typed = dict.fromkeys(FIELDS, value) | {"uuid": str(uuid4())}
        answer = member_client.post(address, typed)
        assert answer.status_code in {302, 404, 422}, (address, answer.status_code)


@pytest.mark.parametrize("value", NONSENSE)
def test_nonsense_in_the_address_is_answered(member_client, addresses, value):
    listed = dict.fromkeys(("q", "page", "status", "archived", "past"), value)
    for address in (
        "/events/", "/events/advent/packages/", "/events/advent/targets/", "/events/advent/history/",
        "/recipients/", Recipient.objects.get().get_absolute_url(),
        "/packages/", Package.objects.get().get_absolute_url(),
    ):  # fmt: skip
        assert member_client.get(address, listed).status_code == 200, address
    for name in ("edit", "deliver", "void"):
        assert member_client.get("/events/advent/packages/", {name: value}).status_code == 404


@pytest.mark.parametrize(
    ("address", "name", "status"),
    [
        ("/recipes/", "q", 200),
        ("/recipes/", "category", 200),
        ("/production/", "q", 200),
        ("/assembly/", "q", 200),
        ("/shopping/", "event", 404),
    ],
)
def test_a_zero_byte_in_a_search_is_answered(member_client, address, name, status):
    assert member_client.get(address, {name: "x\0"}).status_code == status


def test_a_zero_byte_hides_nothing_that_is_searched_for(member_client):
    name = recipe_of((IngredientFactory(), "10", "g")).name
    [card] = member_client.get("/recipes/", {"q": f"{name[:2]}\0{name[2:]}"}).context["cards"]
    assert card.recipe.name == name


HUGE = "99999999999999999999"


@pytest.mark.parametrize("address", ["/assembly/record/", "/production/record/", "/pantry/receive/"])
def test_a_number_no_database_can_hold_is_no_choice(member_client, address):
    names = ("finished_good", "recipe", "finished_unit", "item", "product", "supplier", "event")
    assert member_client.post(address, dict.fromkeys(names, HUGE)).status_code == 422


@pytest.mark.parametrize("address", ["/assembly/history/", "/production/history/"])
def test_nor_a_filter(member_client, address):
    for name in ("finished_good", "recipe", "finished_unit", "event"):
        assert member_client.get(address, {name: HUGE}).status_code in {200, 422}


def test_nor_a_target(member_client):
    event = EventFactory()
    address = f"/events/{event.slug}/targets/"
    for gone in (f"assembly/{HUGE}/delete/", f"baking/{HUGE}/delete/", f"baking/{HUGE}/record/"):
        assert member_client.post(f"{address}{gone}").status_code == 404, gone
    taken = {"take": [f"assembly-{HUGE}", f"production-{'9' * 5000}", "assembly-٣", "nothing"]}
    assert member_client.post(f"{address}suggested/", taken).status_code == 302
