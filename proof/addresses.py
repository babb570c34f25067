"""Every address there is: who may open it, and an example of it that leads to something."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib.auth.models import User
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from assembly.models import AssemblyRun, FinishedGood
from events.models import EventRecipientPackage, Package, Recipient, ShoppingItem
from inventory.models import Lot, StockEntry, StockItem
from production.models import FinishedUnit, ProductionRun, Recipe

# Who may open what. A view that is not named here fails the build: somebody has to decide.
OPEN = "open to strangers: the ways in"
MEMBER = "members and admins"
ADMIN = "admins alone"

PERMISSIONS: dict[str, str] = {
    "login": OPEN,
    "welcome": OPEN,
    "set_password": OPEN,
    **dict.fromkeys(["today", "logout", "password_change"], MEMBER),
    **dict.fromkeys(
        ["welcome_household", "welcome_start", "household", "books", "members"]
        + ["invite_member", "member_link", "change_member"],
        ADMIN,
    ),
    **dict.fromkeys(
        [f"inventory:{name}" for name in ("pantry", "pantry_csv", "count", "receive", "new_item", "item")]
        + [f"inventory:{name}" for name in ("lots_csv", "adjust", "archive", "lot", "correct_cost")]
        + [f"inventory:{name}" for name in ("edit_lot", "void_receipt", "trace", "entry", "entry_trace")]
        + ["inventory:void_entry"],
        MEMBER,
    ),
    **dict.fromkeys(
        [f"production:{name}" for name in ("bake", "record", "run", "void", "edit", "unit", "history")]
        + [f"production:{name}" for name in ("history_csv", "history_json", "recipes", "recipe")],
        MEMBER,
    ),
    **dict.fromkeys(
        [f"assembly:{name}" for name in ("assemble", "record", "run", "void", "edit", "history")]
        + [f"assembly:{name}" for name in ("history_csv", "history_json", "good")],
        MEMBER,
    ),
    **dict.fromkeys(
        [f"events:{name}" for name in ("events", "event", "packages_of", "assign", "copy_assignments")]
        + [f"events:{name}" for name in ("edit_assignment", "delete_assignment", "pack", "deliver")]
        + [f"events:{name}" for name in ("void_packing", "targets", "set_production_target")]
        + [f"events:{name}" for name in ("set_assembly_target", "apply_suggested", "record_batch")]
        + [f"events:{name}" for name in ("delete_production_target", "delete_assembly_target", "costs")]
        + [f"events:{name}" for name in ("shopping_for", "history", "edit_event", "delete_event")]
        + [f"events:{name}" for name in ("recipients", "recipients_csv", "add_recipient", "recipient")]
        + [f"events:{name}" for name in ("edit_recipient", "archive_recipient", "packages", "package")]
        + [f"events:{name}" for name in ("add_package", "edit_package", "archive_package", "shopping")]
        + [f"events:{name}" for name in ("shopping_csv", "shopping_add", "shopping_tick", "shopping_buy")]
        + ["events:shopping_remove"],
        MEMBER,
    ),
}


def addresses(patterns: Any = None, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    """The name and pattern of every address, Setup included."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            inside = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from addresses(pattern.url_patterns, inside)
        else:
            yield f"{namespace}{pattern.name}", pattern


def permission_of(name: str) -> str | None:
    """Who may open an address; Setup is for admins as a whole. None: nobody has decided."""
    return ADMIN if name.startswith("admin:") else PERMISSIONS.get(name)


def undeclared() -> list[str]:
    return sorted({name for name, _pattern in addresses() if permission_of(name) is None})


FIRST: dict[str, Callable[[], Any]] = {
    "lot_id": lambda: Lot.objects.filter(quantity_remaining__gt=0, product__isnull=False).earliest("id").pk,
    "entry_id": lambda: StockEntry.objects.filter(kind="adjustment").latest("id").pk,
    "recipient_id": lambda: Recipient.objects.earliest("id").pk,
    "package_id": lambda: Package.objects.earliest("id").pk,
    "recipe_id": lambda: Recipe.objects.filter(finished_units__isnull=False).earliest("id").pk,
    "finished_good_id": lambda: FinishedGood.objects.earliest("pk").pk,
    "user_id": lambda: User.objects.earliest("id").pk,
    "assignment_id": lambda: EventRecipientPackage.objects.earliest("id").pk,
    "uidb64": lambda: "MQ",
    "token": lambda: "x-y",
}


def value_of(name: str, key: str) -> Any:
    """Something that is there, for the part `key` of the address `name`."""
    app = name.partition(":")[0]
    if key == "slug":
        if app == "events":
            return EventRecipientPackage.objects.earliest("id").event.slug
        if app == "production":
            model: Any = FinishedUnit if name.endswith("unit") else Recipe
            return model.objects.earliest("pk").slug
        return FinishedGood.objects.earliest("pk").slug
    if key == "run_id":
        runs: Any = (ProductionRun if app == "production" else AssemblyRun).objects
        return runs.order_by("id").latest("produced_at" if app == "production" else "assembled_at").pk
    if key == "item_id":
        if app == "events":
            return ShoppingItem.objects.earliest("id").pk
        return StockItem.objects.filter(lots__quantity_remaining__gt=0, kind="ingredient").earliest("pk").pk
    return FIRST[key]()


def examples() -> dict[str, str]:
    """An address of each name but Setup's, all of which lead to something in a bakery with a bit of everything."""
    found = {}
    for name, pattern in addresses():
        if pattern.name and not name.startswith("admin:"):
            keys = (
                pattern.pattern.regex.groupindex
                if not pattern.pattern.converters
                else pattern.pattern.converters
            )
            found[name] = reverse(name, kwargs={key: value_of(name, key) for key in keys})
    return found


def pages() -> dict[str, str]:
    """The addresses that show a page to an admin: not files, not what is only sent to, not the way out."""
    return {name: address for name, address in examples().items() if name not in NO_PAGE}


NO_PAGE = {"login", "logout", "welcome", "welcome_household", "welcome_start", "set_password"}


def a_bit_of_everything() -> None:
    """The sample bakery, and what it has not: a name, and something on the shopping list."""
    from bakery.core.models import Household
    from bakery.sample import load
    from events.services import add_shopping_item

    Household.objects.get_or_create(pk=1)  # else every page leads to the first steps
    load()
    add_shopping_item(text="Candles")
