"""Recipes, the recipes within them, their lines, and what they make.

A line that cannot be counted yet is no line here: Bakehouse refuses such lines wherever they are typed, and
a bake that left it out would cost too little. It stands as a note in the recipe's instructions, in the words
of the file, and moves into the recipe at the next run once its weight was entered.
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

from bakery.core.formatting import as_written
from bakery.core.text import UNIT_LENGTH
from bakery.desktop.entries import ComponentEntry, LineEntry, RecipeEntry, UnitEntry
from bakery.desktop.measures import known_unit, singular
from bakery.desktop.moving import Move, uuid_of
from bakery.desktop.pantry import name_alike
from bakery.desktop.report import Topic
from inventory.models import StockEntry
from inventory.services import OPENING_REASON, adjust_stock
from inventory.units import advice
from production.models import FinishedUnit, Recipe, RecipeCategory, RecipeComponent, RecipeIngredient

WAITING = "Not counted yet, so missing in the cost and in what a bake takes (from the desktop application):"
"""Above the lines that wait for a weight, at the end of the instructions."""


def take_recipes(move: Move) -> None:
    """All recipes first, then their lines and parts: a part may stand further down."""
    categories: dict[str, Any] = {}
    for entry in move.document.recipes:
        if entry.category and entry.category not in categories:
            categories[entry.category] = move.keep(
                "recipe category",
                RecipeCategory(name=entry.category),
                entry.category,
                same={"name": entry.category},
            )
        recipe = move.keep(
            "recipe",
            Recipe(
                name=entry.name,
                category=categories.get(entry.category),
                source=entry.source,
                instructions=entry.text,
                prep_minutes=entry.prep_minutes,
                bake_minutes=entry.bake_minutes,
            ),
            entry.slug or entry.name,
            same={"name": entry.name},
            path=entry.path,
        )
        if recipe is not None:
            move.recipes[entry.name] = recipe
    name_alike(move, Counter(entry.category for entry in move.document.recipes if entry.category), "recipe")
    for entry in move.document.recipes:
        if entry.name in move.recipes:
            _take_lines(move, entry, move.recipes[entry.name])
            _take_components(move, entry, move.recipes[entry.name])


def _take_lines(move: Move, entry: RecipeEntry, recipe: Recipe) -> None:
    """The lines of a recipe that is new, or those that still stand as a note in one that is known."""
    is_new = move.is_fresh(recipe)
    standing = noted_lines(recipe.instructions)
    known = set(recipe.ingredient_lines.values_list("uuid", flat=True))
    notes: list[str] = []
    for position, line in enumerate(entry.lines, start=1):
        note = note_of(move, line)
        if not is_new:
            if uuid_of("recipeingredient", recipe.uuid, position) in known:
                move.report.known["recipe line"] += 1
                continue
            if note not in standing:
                continue  # entered by hand, or not wanted any more
            standing.remove(note)
        if fault := _fault(move, line):
            _report_fault(move, line, recipe, fault)
            notes.append(note)
        else:
            _add_line(move, recipe, line, position, is_new=is_new)
    _write_notes(recipe, notes)


def _fault(move: Move, line: LineEntry) -> str:
    """Why a line cannot be a line of a recipe; "" when it can."""
    item, unit = move.ingredients.get(line.ingredient), known_unit(line.unit)
    if item is None:
        return "its ingredient was not taken over"
    if item.is_packaging:
        return "it is packaging, which no recipe takes"
    if not unit:
        return f"“{line.unit}” is no unit that Bakehouse knows"
    if line.quantity is None or line.quantity <= 0:
        return "it names no amount"
    return advice(item.name, unit, item.stock_unit, **item.factors)


def _report_fault(move: Move, line: LineEntry, recipe: Recipe, fault: str) -> None:
    item, unit = move.ingredients.get(line.ingredient), known_unit(line.unit)
    said = said_of(move, line)
    if item is None or item.is_packaging or not unit or not line.quantity or line.quantity < 0:
        move.report.hand(Topic.UNREADABLE_LINE, f"{recipe}: “{said}”, because {fault}.", recipe)
    else:
        move.report.wait(item, fault, f"{recipe} ({as_written(line.quantity, unit)})")


def _add_line(move: Move, recipe: Recipe, line: LineEntry, position: int, *, is_new: bool) -> None:
    item, unit = move.ingredients[line.ingredient], known_unit(line.unit)
    if (
        not is_new
        and recipe.ingredient_lines.filter(ingredient=item, quantity=line.quantity, unit=unit).exists()
    ):
        return  # entered by hand meanwhile: only the note has to go
    move.keep(
        "recipe line",
        RecipeIngredient(
            recipe=recipe,
            ingredient=item,
            quantity=line.quantity,
            unit=unit,
            note=move.clipped(line.note, f"{item} in {recipe}"),
            position=position,
        ),
        recipe.uuid,
        position,
        same={},
        path=line.path,
    )


def said_of(move: Move, line: LineEntry) -> str:
    """ "1½ cups Almonds, sliced", in the words of the file, whatever became of the ingredient here."""
    unit = known_unit(line.unit)
    if unit and line.quantity is not None:
        amount = as_written(line.quantity, unit)
    else:
        amount = f"{line.quantity.normalize():f} {line.unit}" if line.quantity is not None else line.unit
    note = f" ({line.note})" if line.note else ""
    return f"{amount} {move.names[line.ingredient]}{note}".strip()


def note_of(move: Move, line: LineEntry) -> str:
    return f"- {said_of(move, line)}"


def noted_lines(instructions: str) -> list[str]:
    """The notes that stand under the heading."""
    _, heading, below = instructions.replace("\r\n", "\n").partition(WAITING)
    return [line.strip() for line in below.split("\n") if line.startswith("- ")] if heading else []


def _write_notes(recipe: Recipe, notes: list[str]) -> None:
    """Put the notes where they stand, at the end; without any, the heading goes too."""
    before, heading, below = recipe.instructions.replace("\r\n", "\n").partition(WAITING)
    if not heading and not notes:
        return
    kept = [line for line in below.split("\n") if line.strip() and not line.startswith("- ")]
    text = before.strip()
    if notes:
        text = "\n\n".join(filter(None, (text, "\n".join([WAITING, *notes]))))
    text = "\n\n".join(filter(None, (text, "\n".join(kept))))
    if text != recipe.instructions.replace("\r\n", "\n"):
        recipe.instructions = text
        recipe.save(update_fields=["instructions", "updated_at"])


def _take_components(move: Move, entry: RecipeEntry, recipe: Recipe) -> None:
    for position, part in enumerate(entry.components, start=1):
        component = move.recipes.get(part.recipe)
        if component is None or not part.batches or part.batches < 0:
            move.stays(f"{recipe}: “{part.recipe}” as a part of it ({part.path}): {_lacking(component)}.")
            continue
        if move.is_fresh(recipe) or recipe.components.filter(component=component).exists():
            _keep_component(move, recipe, component, part, position)


def _lacking(component: Recipe | None) -> str:
    return "it was not taken over" if component is None else "it names no batches"


def _keep_component(
    move: Move, recipe: Recipe, component: Recipe, part: ComponentEntry, position: int
) -> None:
    move.keep(
        "recipe within a recipe,recipes within recipes",
        RecipeComponent(
            recipe=recipe,
            component=component,
            batches=part.batches,
            note=move.clipped(part.note, f"{component} in {recipe}"),
            position=position,
        ),
        recipe.uuid,
        component.uuid,
        same={"recipe": recipe, "component": component},
        path=part.path,
    )


def take_units(move: Move) -> None:
    """What recipes make; pieces that are there are put on the shelf without a cost, which the file has not."""
    for entry in move.document.units:
        recipe = move.recipes.get(entry.recipe)
        if recipe is None:
            move.stays(f"Finished unit “{entry.name}” ({entry.path}): its recipe was not taken over.")
            continue
        unit = move.keep(
            "finished unit",
            FinishedUnit(
                recipe=recipe,
                name=entry.name,
                stock_unit="each",
                items_per_batch=pieces(move, entry),
                item_label=singular(entry.label)[:UNIT_LENGTH] or "piece",
                is_archived=entry.is_archived,
            ),
            entry.slug,
            same={"name": entry.name},
            path=entry.path,
        )
        if unit is not None:
            move.units[entry.slug] = unit
            open_stock(move, unit, entry.on_hand)


def pieces(move: Move, entry: UnitEntry) -> int:
    """How many a batch makes. A share of a batch ("50 %") is so many that they make a whole."""
    count = entry.per_batch
    if count is None and entry.percentage:
        count = Decimal(100) / entry.percentage
    if count is not None and count >= 1 and count == int(count):
        return int(count)
    move.report.hand(
        Topic.LOOK,
        f"{entry.name}: the file does not say how many a batch makes, so it is 1. Put it right in Setup.",
    )
    return 1


def open_stock(move: Move, item: Any, count: int) -> None:
    """Put pieces that were there on the shelf, once."""
    key = uuid_of("opening", item.uuid)
    if count <= 0 or StockEntry.objects.filter(uuid=key).exists():
        return
    entry = adjust_stock(item_id=item.pk, quantity=count, reason=OPENING_REASON, uuid=key)
    move.report.created["lot"] += 1
    lot = entry.movements.select_related("lot").get().lot
    move.report.hand(
        Topic.LOOK, f"{count} of {item} are on the shelf at a cost of 0: the file does not know it.", lot
    )
