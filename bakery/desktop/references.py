"""Whether everything a file names is in it, once, and nothing goes round in a circle."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence

from bakery.desktop.document import Document
from bakery.desktop.rows import DesktopFileError


def check_references(document: Document) -> None:
    """Raises DesktopFileError with the first row that leads nowhere, stands twice or goes round."""
    _check_names_once(document)
    _check_pantry(document)
    _check_recipes(document)
    _check_gifts(document)
    _check_events(document)
    for what, parts in (
        ("ingredients", {each.slug: [each.parent] for each in document.ingredients}),
        ("recipes", {each.name: [part.recipe for part in each.components] for each in document.recipes}),
        ("finished goods", _goods_in_goods(document)),
    ):
        if circle := circle_in(parts):
            raise DesktopFileError(f"The {what} go round in a circle: {' → '.join(circle[:10])}.")


def _check_names_once(document: Document) -> None:
    for section, keys in (
        ("ingredients", [each.slug for each in document.ingredients]),
        ("finished_units", [each.slug for each in document.units]),
        ("finished_goods", [each.slug for each in document.goods]),
        ("materials", [each.slug for each in document.materials]),
        ("recipes", [each.name for each in document.recipes]),
        ("packages", [each.name for each in document.packages]),
        ("events", [each.name for each in document.events]),
        ("suppliers", [each.number for each in document.suppliers if each.number is not None]),
    ):
        seen: set[Hashable] = set()
        for key in keys:
            if key in seen:
                raise DesktopFileError(f"“{key}” stands twice among the {section}.")
            seen.add(key)


def _check_pantry(document: Document) -> None:
    ingredients = {each.slug for each in document.ingredients}
    suppliers: set[object] = {each.number for each in document.suppliers}
    products = {each.key for each in document.products}
    briefly = {key[:3] for key in products}
    purchases: set[object] = {each.number for each in document.purchases}
    leads = _Leads()
    for each in document.ingredients:
        leads.check(each.path, "parent_slug", each.parent, ingredients)
    for product in document.products:
        leads.check(product.path, "ingredient_slug", product.ingredient, ingredients)
        leads.check(product.path, "preferred_supplier_id", product.supplier, suppliers)
    for purchase in document.purchases:
        leads.check(purchase.path, "supplier_id", purchase.supplier, suppliers)
    for lot in document.lots:
        leads.check(lot.path, "ingredient_slug", lot.product[0], ingredients)
        leads.check(lot.path, "purchase_id", lot.purchase, purchases)
        if lot.product not in products and lot.product[:3] not in briefly:
            said = " ".join(filter(None, lot.product[1:3]))
            leads.nowhere(lot.path, "product_name", said or lot.product[0])
    materials = {name for each in document.materials for name in (each.slug, each.name)}
    for material_product in document.material_products:
        leads.check(material_product.path, "material", material_product.material, materials)


def _check_recipes(document: Document) -> None:
    ingredients = {each.slug for each in document.ingredients}
    recipes = {each.name for each in document.recipes}
    leads = _Leads()
    for recipe in document.recipes:
        for line in recipe.lines:
            leads.check(line.path, "ingredient_slug", line.ingredient, ingredients)
        for part in recipe.components:
            leads.check(part.path, "recipe_name", part.recipe, recipes)
    for unit in document.units:
        leads.check(unit.path, "recipe_name", unit.recipe, recipes)
    for run in document.bakes:
        leads.check(run.path, "recipe_name", run.made, recipes)


def _check_gifts(document: Document) -> None:
    goods = {each.slug for each in document.goods}
    units = {each.slug for each in document.units}
    packages = {each.name for each in document.packages}
    bought = {each.slug for each in document.ingredients} | {each.slug for each in document.materials}
    leads = _Leads()
    for part in document.parts:
        leads.check(part.path, "finished_good_slug", part.good, goods)
        leads.check(part.path, "package_name", part.package, packages)
        leads.check(part.path, "finished_unit_slug", part.unit, units)
        leads.check(part.path, "finished_good_component_slug", part.inner_good, goods)
        leads.check(part.path, "packaging_ingredient_slug", part.packaging, bought)
    for packed in document.packed_goods:
        leads.check(packed.path, "package_name", packed.package, packages)
        leads.check(packed.path, "finished_good_slug", packed.good, goods)
    for run in document.assemblies:
        leads.check(run.path, "finished_good_slug", run.made, goods)


def _check_events(document: Document) -> None:
    events = {each.name for each in document.events}
    recipes = {each.name for each in document.recipes}
    goods = {each.slug for each in document.goods}
    recipients = {each.name for each in document.recipients}
    packages = {each.name for each in document.packages}
    leads = _Leads()
    for each in document.assignments:
        leads.check(each.path, "event_name", each.event, events)
        leads.check(each.path, "recipient_name", each.recipient, recipients)
        leads.check(each.path, "package_name", each.package, packages)
    for target in document.bake_targets:
        leads.check(target.path, "event_name", target.event, events)
        leads.check(target.path, "recipe_name", target.made, recipes)
    for target in document.assembly_targets:
        leads.check(target.path, "event_name", target.event, events)
        leads.check(target.path, "finished_good_slug", target.made, goods)
    for run in (*document.bakes, *document.assemblies):
        leads.check(run.path, "event_name", run.event, events)


class _Leads:
    """Refuses what leads nowhere; empty leads are fine."""

    def check(self, path: str, field: str, value: str | int | None, known: Iterable[object]) -> None:
        if value not in (None, "") and value not in known:
            self.nowhere(path, field, value)

    def nowhere(self, path: str, field: str, value: str | int | None) -> None:
        raise DesktopFileError(f"{path}.{field} names “{value}”, which is not in the file.")


def _goods_in_goods(document: Document) -> dict[str, list[str]]:
    inner: dict[str, list[str]] = {}
    for part in document.parts:
        if part.good and part.inner_good:
            inner.setdefault(part.good, []).append(part.inner_good)
    return inner


def circle_in(parts: Mapping[str, Sequence[str]]) -> list[str]:
    """Names that lead back to the first of them, which stands at both ends; [] when there are none."""
    done: set[str] = set()
    for start in parts:
        path: list[str] = []
        on_path: set[str] = set()
        waiting: list[tuple[str, bool]] = [(start, False)]
        while waiting:
            name, is_left = waiting.pop()
            if is_left:
                path.pop()
                on_path.discard(name)
                done.add(name)
            elif name in on_path:
                return [*path[path.index(name) :], name]
            elif name not in done:
                path.append(name)
                on_path.add(name)
                waiting.append((name, True))
                waiting.extend((inner, False) for inner in parts.get(name, ()))
    return []
