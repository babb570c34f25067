"""Suppliers, categories and ingredients."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from bakery.core.formatting import exact
from bakery.core.text import NAME_LENGTH, search_name
from bakery.desktop.entries import IngredientEntry
from bakery.desktop.measures import HEAVIEST, LIGHTEST, Habits, grams_per_ml
from bakery.desktop.moving import Move
from bakery.desktop.report import Topic
from inventory.models import Allergen, Ingredient, IngredientCategory, Kind, Supplier

NO_CATEGORY = "Without a category"

_ALLERGENS = {
    "wheat": "gluten", "egg": "eggs", "peanut": "peanuts", "soy": "soybeans", "soya": "soybeans", "dairy": "milk",
    "tree nuts": "nuts", "tree nut": "nuts", "sesame seeds": "sesame", "sulfites": "sulphites", "shellfish": "crustaceans",
}  # fmt: skip


def take_suppliers(move: Move) -> None:
    """Suppliers, by the number the file gives them; its stand-in for "none" stays behind."""
    for entry in move.document.suppliers:
        if entry.stands_for_none:
            move.report.hand(
                Topic.SUPPLIER,
                f"“{entry.name}” stands for no supplier and was left out; what names it has none now.",
            )
            continue
        supplier = move.keep(
            "supplier",
            Supplier(
                name=entry.name,
                url=entry.url,
                address=entry.address,
                notes=entry.notes,
                is_archived=entry.is_archived,
            ),
            entry.slug or entry.name,
            same={"name": entry.name},
            path=f"supplier {entry.number}",
        )
        if supplier is not None:
            move.suppliers_by_name.setdefault(search_name(entry.name), supplier)
            if entry.number is not None:
                move.suppliers[entry.number] = supplier


def supplier_named(move: Move, name: str) -> Supplier | None:
    """The supplier of this name, taken over on the way where only a price or a packaging names it."""
    folded = search_name(name)
    if not folded or folded == "unknown":
        return None
    if folded not in move.suppliers_by_name:
        move.suppliers_by_name[folded] = move.keep(
            "supplier", Supplier(name=name), name, same={"name": name}, path="named in passing"
        )
    return move.suppliers_by_name[folded]


class Tree:
    """The hierarchy of the file: which entries are ingredients, and which only groups of them."""

    def __init__(self, move: Move) -> None:
        document = move.document
        self._entries = {entry.slug: entry for entry in document.ingredients}
        parents = {entry.parent for entry in document.ingredients}
        used = {each.ingredient for each in document.products}
        used |= {line.ingredient for recipe in document.recipes for line in recipe.lines}
        self.groups = {
            entry.slug
            for entry in document.ingredients
            if entry.slug not in used
            and (entry.slug in parents or entry.level is not None)
            and (entry.level is None or entry.level < 2)
        }

    def above(self, entry: IngredientEntry) -> list[str]:
        """The names of the groups above, the widest first. An ingredient above is no group."""
        names: list[str] = []
        while entry.parent:
            entry = self._entries[entry.parent]
            if entry.slug in self.groups:
                names.insert(0, entry.name.removesuffix(" (subcategory)"))
        return names

    def category(self, entry: IngredientEntry) -> str:
        """ "Chocolate & Cocoa: Chips & Chunks", or the category the entry names when nothing is above it."""
        return ": ".join(self.above(entry))[:NAME_LENGTH] or entry.category or NO_CATEGORY

    def root(self, entry: IngredientEntry) -> str:
        return next(iter(self.above(entry)), entry.category)


def take_ingredients(move: Move) -> None:
    """Groups become categories, everything else ingredients."""
    tree = Tree(move)
    habits = _habits(move, tree)
    allergens = {allergen.name.casefold(): allergen for allergen in Allergen.objects.all()}
    for entry in move.document.ingredients:
        if entry.slug in tree.groups:
            _take_group(move, tree, entry)
    for entry in move.document.ingredients:
        if entry.slug not in tree.groups:
            _take_ingredient(move, tree.category(entry), habits, entry, allergens)
    if move.document.ingredients and not any(entry.allergens for entry in move.document.ingredients):
        move.report.hand(
            Topic.ALLERGENS,
            "The file marks no allergens. Mark them at the ingredients before you rely on what a page says of them.",
        )
    _name_alike_categories(move, Counter(tree.root(entry) for entry in move.document.ingredients))


def _habits(move: Move, tree: Tree) -> Habits:
    document = move.document
    return Habits(
        [(each.ingredient, each.unit) for each in document.products],
        [(line.ingredient, line.unit) for recipe in document.recipes for line in recipe.lines],
        {entry.slug: tree.root(entry) for entry in document.ingredients},
    )


def category_named(move: Move, name: str) -> IngredientCategory | None:
    """The category, taken over once."""
    if name not in move.categories:
        move.categories[name] = move.keep(
            "ingredient category", IngredientCategory(name=name), name, same={"name": name}
        )
    return move.categories[name]


def _take_group(move: Move, tree: Tree, entry: IngredientEntry) -> None:
    """A group with nothing but groups below is only a part of their names."""
    has_ingredients = any(
        each.parent == entry.slug and each.slug not in tree.groups for each in move.document.ingredients
    )
    has_groups = any(
        each.parent == entry.slug and each.slug in tree.groups for each in move.document.ingredients
    )
    if has_ingredients or not has_groups:
        category_named(
            move, ": ".join([*tree.above(entry), entry.name.removesuffix(" (subcategory)")])[:NAME_LENGTH]
        )
    if entry.density is not None:
        move.report.hand(
            Topic.DENSITY,
            f"{entry.name} is a group now; what a cup of it weighs stayed behind. Enter it at its ingredients.",
        )


def _take_ingredient(
    move: Move, category: str, habits: Habits, entry: IngredientEntry, allergens: dict[str, Allergen]
) -> None:
    density = grams_per_ml(entry.density) if entry.density else None
    kind = Kind.PACKAGING if entry.is_packaging else Kind.INGREDIENT
    item = move.keep(
        "packaging material" if entry.is_packaging else "ingredient",
        Ingredient(
            kind=kind,
            name=entry.name,
            category=category_named(move, category),
            stock_unit=habits.stock_unit(entry, density),
            grams_per_ml=density,
            is_tracked=search_name(entry.name) != "water",
        ),
        entry.slug,
        same={"kind": kind, "name": entry.name},
        path=entry.path,
    )
    if item is None:
        return
    move.ingredients[entry.slug] = item
    if not move.is_fresh(item):
        return
    if not item.is_tracked:
        move.report.hand(Topic.LOOK, f"{item} comes from the tap: it is never short and costs nothing.", item)
    _check_density(move, entry, item, density)
    _mark_allergens(move, entry, item, allergens)


def _check_density(move: Move, entry: IngredientEntry, item: Ingredient, density: Decimal | None) -> None:
    if entry.density is None:
        return
    said = entry.density
    words = f"{_amount(said.volume, said.volume_unit)} = {_amount(said.weight, said.weight_unit)}"
    if density is None:
        move.report.hand(Topic.DENSITY, f"{item}: “{words}” cannot be read. Enter what a cup weighs.", item)
    elif not LIGHTEST <= density <= HEAVIEST:
        move.report.hand(Topic.DENSITY, f"{item}: {words}, taken as it is, is hardly possible.", item)


def _amount(quantity: Decimal | None, unit: str) -> str:
    return f"{exact(quantity)} {unit}".strip() if quantity is not None else "nothing"


def _mark_allergens(
    move: Move, entry: IngredientEntry, item: Ingredient, allergens: dict[str, Allergen]
) -> None:
    for name in entry.allergens:
        folded = name.casefold()
        allergen = allergens.get(folded) or allergens.get(_ALLERGENS.get(folded, ""))
        if allergen is not None:
            item.allergens.add(allergen)
        else:
            move.report.hand(Topic.LOOK, f"{item} is marked with “{name}”, which is no allergen here.", item)


def _name_alike_categories(move: Move, names: Counter[str]) -> None:
    name_alike(move, names, "ingredient")


def name_alike(move: Move, names: Counter[str], what: str) -> None:
    """Say which categories differ in nothing but a plural: "Cake" and "Cakes"."""
    folded: dict[str, str] = {}
    for name in names:
        stem = search_name(name).removesuffix("s")
        if stem and stem in folded:
            one, other = sorted((folded[stem], name))
            move.report.hand(
                Topic.CATEGORY,
                f"“{one}” ({names[one]}) and “{other}” ({names[other]}) are both a category of {what}s.",
            )
        folded.setdefault(stem, name)
