"""Who is who: the rows that are there, by what files call them, and those that a file has brought so far."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bakery.core.transfer.arrays import Array, Name
from bakery.core.transfer.problems import RefusedError, quoted

PENDING = 0
"""Stands for a row that is checked and waits to be written with others."""

BROKEN = -1
"""Stands for a row with a problem: whoever names it is left alone, its own problem is told already."""


class BrokenError(Exception):
    """A row names another one that has a problem."""


class Directory:
    """The ids of rows by their names. Each kind of name is read from the database once, when first asked for."""

    def __init__(self, write_pending: Callable[[], None]) -> None:
        self._ids: dict[Name, dict[str, int]] = {}
        self._of_model: dict[type[Any], list[tuple[Name, dict[str, int]]]] = {}
        self._write_pending = write_pending

    def ids(self, name: Name) -> dict[str, int]:
        if name not in self._ids:
            self._write_pending()
            rows = name.model._default_manager.values_list(name.source(), "pk")
            self._ids[name] = {str(called): pk for called, pk in rows.iterator(chunk_size=2000)}
            self._of_model.clear()
        return self._ids[name]

    def know(self, name: Name, ids: Mapping[str, int]) -> None:
        """Take `ids` for all that can be asked for by that name, instead of reading them all."""
        self._ids[name] = dict(ids)
        self._of_model.clear()

    def find(self, name: Name, written: str) -> int:
        found = self.ids(name).get(written)
        if found == PENDING:
            self._write_pending()
            found = self.ids(name).get(written)
        if found is None:
            raise RefusedError(f"no {name.noun} {quoted(written)}.")
        if found == BROKEN:
            raise BrokenError
        return found

    def add(self, model: type[Any], row: Mapping[str, Any], pk: int) -> None:
        """Let the names in `row` (attributes of the model) stand for the row `pk`."""
        for name, ids in self._names_of(model):
            if all(part in row for part in name.fields):
                called = "/".join(str(row[part]) for part in name.fields)
                if ids.get(called, BROKEN) <= PENDING:
                    ids[called] = pk

    def _names_of(self, model: type[Any]) -> list[tuple[Name, dict[str, int]]]:
        if model not in self._of_model:
            self._of_model[model] = [
                (name, ids) for name, ids in self._ids.items() if issubclass(model, name.model)
            ]
        return self._of_model[model]


class Known:
    """The rows of one array that are there, by uuid and by what else tells them apart."""

    def __init__(self, array: Array, directory: Directory) -> None:
        self.array = array
        self.by_uuid = directory.ids(uuid_of(array)) if array.has_uuid else {}
        self.by_key: list[dict[tuple[Any, ...], int]] = [
            {tuple(found[1:]): found[0] for found in array.model._default_manager.values_list("pk", *key)}
            for key in array.key_attributes
        ]

    def match(self, blank: Any, values: Mapping[str, Any]) -> int | None:
        """The id of the row that `values` are about, if it is there. Raises RefusedError if it is two rows.

        `blank` has the defaults of what they leave out.
        """
        found = {self.by_uuid.get(str(values["uuid"]))} if self.array.has_uuid else set()
        for key, ids in zip(self.array.key_attributes, self.by_key, strict=True):
            found.add(ids.get(tuple(values.get(name, getattr(blank, name)) for name in key)))
        found -= {None, BROKEN}
        if len(found) > 1:
            known_by = " and ".join(", ".join(key) for key in self.array.keys)
            raise RefusedError(f"its uuid belongs to one row, its {known_by} to another.")
        return found.pop() if found else None

    def add(self, row: Any, pk: int) -> None:
        for key, ids in zip(self.array.key_attributes, self.by_key, strict=True):
            ids[tuple(getattr(row, name) for name in key)] = pk


def uuid_of(array: Array) -> Name:
    return Name(array.model._meta.label, ("uuid",))
