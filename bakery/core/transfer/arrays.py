"""The words in which an app says what its rows look like in a file. How values are written follows from the models."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Value
from django.db.models.functions import Concat

from bakery.core.transfer import columns
from bakery.core.transfer.columns import Column

Check = Callable[[Any], Iterable[tuple[str, str]]]
"""What is wrong with a row beyond its single values: (field, sentence) each."""


@dataclass(frozen=True)
class Name:
    """How rows call a row of another array: by its slug, its name or its uuid, several parts with "/" between."""

    label: str
    fields: tuple[str, ...]
    noun: str = field(default="row", compare=False)

    @property
    def model(self) -> type[models.Model]:
        return apps.get_model(self.label)

    def source(self, prefix: str = "") -> Any:
        """What to ask the database for, to get the name of the row that `prefix` leads to."""
        parts: list[Any] = [prefix + name for name in self.fields]
        if len(parts) == 1:
            return parts[0]
        joined: list[Any] = [parts[0]]
        for part in parts[1:]:
            joined += [Value("/"), part]
        return Concat(*joined, output_field=models.CharField())

    def of(self, row: Any) -> str | None:
        """The name of one row; None for None."""
        return None if row is None else "/".join(str(getattr(row, name)) for name in self.fields)


@dataclass(frozen=True)
class To:
    """A column that names a row of another array; `called` where the file has another word than the model."""

    field: str
    name: Name
    called: str = ""


@dataclass(frozen=True)
class Part:
    """Rows that only exist within another row: an array in it. `owner` is their key to that row."""

    name: str
    model: type[models.Model]
    owner: str
    fields: tuple[str | To, ...]

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        return columns.columns_of(self.model, self.fields)


@dataclass(frozen=True, eq=False)
class Array:
    """The rows of one model, and what makes two of them the same.

    `keys`: combinations of fields that tell two rows apart besides the uuid. `part_of`: the field naming the
    row it belongs to; a row that was there already keeps the parts it has. `is_catalogue`: may be updated by
    a later file, and is looked over one by one, as its form would; the rest is history, written in bulk.
    `exclusive`: fields whose value only one row at a time may have, and which may move from row to row, each with
    the fields that say among which rows.
    `equal_uuid`: the field that points at the row of the same uuid. `checks` makes a Check when a file is read.
    """

    name: str
    model: type[models.Model]
    fields: tuple[str | To, ...]
    keys: tuple[tuple[str, ...], ...] = ()
    parts: tuple[Part, ...] = ()
    part_of: str = ""
    is_catalogue: bool = False
    is_seeded: bool = False
    exclusive: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    equal_uuid: To | None = None
    checks: Callable[[], Check] | None = None
    constant: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        return columns.columns_of(self.model, self.fields)

    @cached_property
    def known(self) -> frozenset[str]:
        return frozenset([each.name for each in self.columns] + [each.name for each in self.parts])

    @cached_property
    def names(self) -> frozenset[Name]:
        """The ways in which its rows call others."""
        inner = [column for part in self.parts for column in part.columns]
        return frozenset(column.to for column in (*self.columns, *inner) if column.to is not None)

    @cached_property
    def has_uuid(self) -> bool:
        return "uuid" in self.fields

    @cached_property
    def is_plain(self) -> bool:
        """Whether nobody ever calls its rows, and nothing but their single values can be wrong."""
        has_more = self.has_uuid or self.keys or self.parts or self.checks or self.is_catalogue
        return not has_more and all(column.is_required and not column.is_list for column in self.columns)

    @cached_property
    def key_attributes(self) -> tuple[tuple[str, ...], ...]:
        """`keys` in the attributes of the model: "ingredient" is kept as "ingredient_id"."""
        return tuple(tuple(attribute_of(self.model, name) for name in key) for key in self.keys)

    @cached_property
    def contested(self) -> dict[str, frozenset[str]]:
        """`exclusive`, each with the attributes that make it collide with another row when they change."""
        return {
            name: frozenset([name, *(attribute_of(self.model, each) for each in among)])
            for name, among in self.exclusive.items()
        }

    @cached_property
    def owner_attribute(self) -> str:
        return attribute_of(self.model, self.part_of) if self.part_of else ""


def attribute_of(model: type[models.Model], field_name: str) -> str:
    """Where a row keeps the value of a field: "recipe_id" for "recipe"."""
    found: Any = model._meta.get_field(field_name)
    return found.attname


_arrays: dict[type[models.Model], Array] = {}


def register_array(array: Array) -> None:
    """Let single rows of a model be written too (see `writing.row_of`); apps do so when they are ready."""
    _arrays[array.model] = array


def array_of(model: type[models.Model]) -> Array:
    """The array that the rows of `model` stand in; KeyError unless it was registered."""
    return _arrays[model]
