"""Every service that writes, each with one thing to do: a new one without a line here fails the build."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import assembly.services as table
import events.services as occasions
import inventory.services as pantry
import production.services as oven
from assembly.tests.factories import FinishedGoodFactory, good_of, on_shelf
from bakery.transfer.exporting import export
from bakery.transfer.importing import import_file
from events.models import EventProductionTarget
from events.tests.factories import EventFactory, PackageFactory, RecipientFactory, assigned, package_of
from inventory.tests.factories import IngredientFactory, PackagingFactory, ProductFactory, bought
from production.tests.factories import FinishedUnitFactory, recipe_of

Action = Callable[[], object]

# What the services offer beside writing.
READS = (
    "check_",
    "copy_of",
    "costs_of",
    "export_",
    "find_",
    "get_",
    "max_",
    "on_hand",
    "shopping_list_for",
    "suggest_",
)


def writing_services() -> set[str]:
    """The names of all public functions of the services that are not known to read only."""
    return {
        name
        for app in (pantry, oven, table, occasions)
        for name in app.__all__
        if name[0].islower() and not name.startswith(READS)
    }


@dataclass(frozen=True)
class Household:
    """A small bakery with something for each service to do."""

    actions: dict[str, Action]

    def covered(self) -> set[str]:
        return {name.split(":")[0] for name in self.actions}


def household(*, files: bool = True) -> Household:
    """Set the stage. The actions may be done one after the other, in the order they stand in.

    Without `files` nothing takes the whole bakery out or in.
    """
    actions = {**pantry_actions(), **table_actions(), **event_actions()}
    return Household(actions | (file_actions() if files else {}))


def pantry_actions() -> dict[str, Action]:
    flour: Any = IngredientFactory()
    sugar: Any = IngredientFactory()
    product: Any = ProductFactory(ingredient=flour)
    lots = [bought(flour, "400", str(cost), product=product) for cost in (3, 4, 5, 6)]
    bought(sugar, "5000", "2")
    unit: Any = FinishedUnitFactory(recipe=recipe_of((flour, "100", "g"), (sugar, "10", "g")))

    def bake() -> Any:
        return oven.record_batch_production(
            recipe_id=unit.recipe_id, finished_unit_id=unit.pk, num_batches=1, actual_yield=9
        )

    run = bake()
    spilt = pantry.adjust_stock(item_id=sugar.pk, quantity=5, reason="found")
    history = oven.export_production_history(recipe_id=unit.recipe_id)
    history["production_runs"][0]["uuid"] = "8a0f6d3e-2f0b-4b5e-9a63-0d7a6f0c1b2d"

    def recount() -> Any:
        there = pantry.on_hand(item_ids=[flour.pk])[flour.pk]
        return pantry.count_stock(item_id=flour.pk, counted=there - 3, seen=there)

    return {
        "record_batch_production": bake,
        "receive_lot": lambda: pantry.receive_lot(product_id=product.pk, packages=5, total_cost=Decimal(1)),
        "consume_fifo": lambda: pantry.consume_fifo(flour.slug, Decimal("77.7"), reason="a test cake"),
        "adjust_stock": lambda: pantry.adjust_stock(item_id=flour.pk, quantity=-60, reason="spilt"),
        "adjust_stock: more": lambda: pantry.adjust_stock(item_id=flour.pk, quantity=60, reason="found"),
        "count_stock": recount,
        "correct_lot_cost": lambda: pantry.correct_lot_cost(
            lot_id=lots[2].pk, total_cost=Decimal(9), reason="typing error"
        ),
        "edit_lot": lambda: pantry.edit_lot(lot_id=lots[2].pk, location="Cellar", note="left of the door"),
        "void_receipt": lambda: pantry.void_receipt(lot_id=lots[3].pk, reason="never bought"),
        "void_adjustment": lambda: pantry.void_adjustment(entry_id=spilt.pk, reason="it was salt"),
        "update_run_details": lambda: oven.update_run_details(
            production_run_id=run.pk, event_id=None, notes="a little dark"
        ),
        "void_production_run": lambda: oven.void_production_run(production_run_id=run.pk, reason="twice"),
        "import_production_history": lambda: oven.import_production_history(history),
    }


def table_actions() -> dict[str, Action]:
    tin: Any = ProductFactory(ingredient=PackagingFactory())
    bought(tin.ingredient, "90", "9", product=tin)
    moon: Any = FinishedUnitFactory()
    on_shelf(moon, "90", "9")
    bag = good_of((moon, "1"), (tin, "1"))
    hamper = good_of((moon, "2"), (bag, "1"), (tin, "1"))
    bags = table.record_assembly(finished_good_id=bag.pk, quantity=2)
    spoilt = table.record_assembly(finished_good_id=bag.pk, quantity=3)
    history = table.export_assembly_history(finished_good_id=bag.pk)
    history["assembly_runs"][0]["uuid"] = "9a0f6d3e-2f0b-4b5e-9a63-0d7a6f0c1b2d"
    return {
        "record_assembly": lambda: table.record_assembly(finished_good_id=hamper.pk, quantity=2),
        "update_assembly_details": lambda: table.update_assembly_details(
            assembly_run_id=bags.pk, event_id=None, notes="with a bow"
        ),
        "void_assembly_run": lambda: table.void_assembly_run(assembly_run_id=spoilt.pk, reason="torn"),
        "import_assembly_history": lambda: table.import_assembly_history(history),
    }


def event_actions() -> dict[str, Action]:
    flour: Any = IngredientFactory()
    bag: Any = FinishedGoodFactory()
    ribbon: Any = ProductFactory(ingredient=PackagingFactory())
    bought(flour, "5000", "5"), bought(ribbon.ingredient, "30", "1", product=ribbon)
    on_shelf(bag, "4", "2"), on_shelf(bag, "6", "7")
    cookie: Any = FinishedUnitFactory(recipe=recipe_of((flour, "100", "g")))
    event: Any = EventFactory()
    planned: Any = EventFactory()
    package = package_of((bag, 2), (ribbon, "1"))
    waiting, short, packed, spare = (assigned(event, package, count) for count in (1, 5, 1, 1))
    occasions.update_fulfillment_status(packed.pk, "ready")
    ready = assigned(event, package)
    occasions.update_fulfillment_status(ready.pk, "ready")
    assigned(planned, PackageFactory())  # type: ignore[arg-type]
    EventProductionTarget.objects.create(event=planned, recipe=cookie.recipe, target_batches=1)
    recipients = [RecipientFactory.create().pk for _ in range(2)]  # type: ignore[attr-defined]
    item = occasions.add_shopping_item(text="Candles")
    wanted = occasions.add_shopping_item(ingredient_id=flour.pk, quantity=100, unit="g")
    mill: Any = ProductFactory(ingredient=flour)

    def status(assignment: Any, new: str, **options: Any) -> Action:
        return lambda: occasions.update_fulfillment_status(assignment.pk, new, **options)

    return {
        "set_production_target": lambda: occasions.set_production_target(
            event_id=event.pk, recipe_id=cookie.recipe_id, target_batches=2
        ),
        "set_assembly_target": lambda: occasions.set_assembly_target(
            event_id=event.pk, finished_good_id=bag.pk, target_quantity=2
        ),
        "record_production": lambda: occasions.record_production(
            event_id=event.pk, recipe_id=cookie.recipe_id, batches=1
        ),
        "assign_package": lambda: occasions.assign_package(
            event_id=planned.pk, recipient_ids=recipients, package_id=package.pk
        ),
        "edit_assignment": lambda: occasions.edit_assignment(
            event_recipient_package_id=spare.pk, quantity=2, notes="no nuts"
        ),
        "delete_assignment": lambda: occasions.delete_assignment(event_recipient_package_id=spare.pk),
        "update_fulfillment_status": status(waiting, "ready"),
        "update_fulfillment_status: short": status(short, "ready", allow_short=True),
        "update_fulfillment_status: delivered": status(ready, "delivered", delivered_to="Oma"),
        "void_packing": lambda: occasions.void_packing(packed.pk, reason="wrong"),
        "copy_assignments": lambda: occasions.copy_assignments(
            from_event_id=event.pk, to_event_id=planned.pk
        ),
        "apply_suggested_targets": lambda: occasions.apply_suggested_targets(event_id=planned.pk),
        "delete_production_target": lambda: occasions.delete_production_target(
            event_id=event.pk, recipe_id=cookie.recipe_id
        ),
        "delete_assembly_target": lambda: occasions.delete_assembly_target(
            event_id=event.pk, finished_good_id=bag.pk
        ),
        "add_shopping_item": lambda: occasions.add_shopping_item(text="Twine"),
        "tick_shopping_item": lambda: occasions.tick_shopping_item(item_id=item.pk),
        "tick_shopping_line": lambda: occasions.tick_shopping_line(ingredient_id=flour.pk),
        "buy_shopping_item": lambda: occasions.buy_shopping_item(
            item_id=wanted.pk, product_id=mill.pk, packages=100, total_cost=Decimal("1.11")
        ),
        "remove_shopping_item": lambda: occasions.remove_shopping_item(item_id=item.pk),
        "delete_event": lambda: occasions.delete_event(event_id=planned.pk),
    }


def file_actions() -> dict[str, Action]:
    """The bakery as it is now replaces what it has become."""
    folder = Path(tempfile.mkdtemp(prefix="proof-"))
    file = folder / "bakery.json"
    with file.open("w", encoding="utf-8") as stream:
        export(stream)
    assert json.loads(file.read_text(encoding="utf-8"))["format"] == "bakehouse"
    return {"import_file": lambda: import_file(file, replaces=True)}
