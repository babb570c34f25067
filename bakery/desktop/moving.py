"""The move itself: what is known, what was taken over so far, and how a row gets in."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model

from bakery.core.text import NAME_LENGTH
from bakery.desktop.document import Document
from bakery.desktop.entries import ProductKey, PurchaseEntry
from bakery.desktop.prices import Prices
from bakery.desktop.report import Report, Topic

Kept = TypeVar("Kept", bound=Model)

NAMESPACE = uuid.UUID("4f0f6f0e-6f5c-5c1d-9a3b-2f8c1f6f2b7a")
"""Under which the file's own keys become uuids. Never changed: it is how a second run knows the rows of the first."""


def uuid_of(model: str, *key: object) -> uuid.UUID:
    """The same uuid for the same row of the file, at every run and on every machine."""
    said = [f"{part.normalize():f}" if isinstance(part, Decimal) else str(part) for part in key]
    return uuid.uuid5(NAMESPACE, "\x1f".join([model, *said]))


@dataclass
class Move:
    """A household on its way from the desktop application, by the keys the file uses."""

    document: Document
    prices: Prices
    report: Report
    categories: dict[str, Any] = field(default_factory=dict)
    suppliers: dict[int, Any] = field(default_factory=dict)
    suppliers_by_name: dict[str, Any] = field(default_factory=dict)
    ingredients: dict[str, Any] = field(default_factory=dict)
    products: dict[ProductKey, Any] = field(default_factory=dict)
    recipes: dict[str, Any] = field(default_factory=dict)
    units: dict[str, Any] = field(default_factory=dict)
    goods: dict[str, Any] = field(default_factory=dict)
    packages: dict[str, Any] = field(default_factory=dict)
    recipients: dict[str, Any] = field(default_factory=dict)
    events: dict[str, Any] = field(default_factory=dict)
    fresh: set[tuple[type[Model], int]] = field(default_factory=set)
    """The rows that this run has written."""

    _claimed: set[tuple[type[Model], int]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.names = {entry.slug: entry.name for entry in self.document.ingredients}
        self.purchases: dict[int | None, PurchaseEntry] = {
            entry.number: entry for entry in self.document.purchases if entry.number is not None
        }

    def keep(
        self, kind: str, row: Kept, *key: object, same: Mapping[str, Any], path: str = ""
    ) -> Kept | None:
        """The row of this key: the one that is here already, or `row`, checked as its form would and saved.

        `same` is what else says that a row here is the same one. None, and a sentence in the report, where it
        cannot be kept.
        """
        model = type(row)
        row.uuid = uuid_of(str(model._meta.model_name), *key)  # type: ignore[attr-defined]
        here = model._default_manager.filter(uuid=row.uuid).first()  # type: ignore[attr-defined]
        if here is None and same:
            here = model._default_manager.filter(**same).first()
            if here is not None and (model, here.pk) in self._claimed:
                here = None  # two rows of the file bear one name: the second is a row of its own
                self.rename(row, path)
        if here is None:
            return self._saved(kind, row, path)
        self._claimed.add((model, here.pk))
        self.report.known[kind] += 1
        return here

    def rename(self, row: Model, path: str) -> None:
        """Give `row` a name that is free: "Cake (2)"."""
        name, number = row.name, 2  # type: ignore[attr-defined]
        while type(row)._default_manager.filter(name=f"{name} ({number})").exists():
            number += 1
        row.name = f"{name[: NAME_LENGTH - 8]} ({number})"  # type: ignore[attr-defined]
        self.report.hand(Topic.LOOK, f"“{name}” stands twice in the file ({path}): the second is “{row}”.")

    def _saved(self, kind: str, row: Kept, path: str) -> Kept | None:
        try:
            row.full_clean(validate_constraints=False)  # a query each: the database says the same below
            with transaction.atomic():
                row.save()
        except ValidationError as error:
            self.stays(f"{row} ({path}): {said_of(error)}")
            return None
        except IntegrityError:
            self.stays(f"{row} ({path}): something of it is there already, or its numbers cannot be.")
            return None
        self._claimed.add((type(row), row.pk))
        self.fresh.add((type(row), row.pk))
        self.report.created[kind] += 1
        return row

    def is_fresh(self, row: Model) -> bool:
        return (type(row), row.pk) in self.fresh

    def stays(self, sentence: str) -> None:
        """Note a row that could not be taken over."""
        self.report.hand(Topic.STAYED, sentence)

    def clipped(self, text: str, about: str) -> str:
        """A note that fits where notes are short; what is cut off stands in the report."""
        if len(text) <= NAME_LENGTH:
            return text
        self.report.hand(Topic.LOOK, f"The note of {about} was too long; all of it: {text}")
        return text[: NAME_LENGTH - 1] + "…"


def said_of(error: ValidationError) -> str:
    """What a form would say, in one line."""
    return " ".join(
        sentence if name == NON_FIELD_ERRORS else f"{name.replace('_', ' ').capitalize()}: {sentence}"
        for name, sentences in error.message_dict.items()
        for sentence in sentences
    )
