"""Rows in: each is read, checked as its form would, matched with what is there, and written.

The caller opens the transaction, and rolls it back when there are problems or it was only a trial.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import DatabaseError, transaction

from bakery.core.transfer.arrays import Array, Check, Part, attribute_of
from bakery.core.transfer.bulk import insert
from bakery.core.transfer.columns import Column
from bakery.core.transfer.names import BROKEN, PENDING, BrokenError, Directory, Known, uuid_of
from bakery.core.transfer.problems import Problems, RefusedError, quoted
from bakery.core.transfer.reading import Rows

BATCH = 500
"""Rows written together."""

MOST_PARTS = 1000
"""Rows within one row."""


@dataclass
class Count:
    """What became of the rows of one array."""

    created: int = 0
    updated: int = 0
    skipped: int = 0


@dataclass(frozen=True)
class Pending:
    """A row that waits to be written, with the rows inside it."""

    path: str
    row: Any
    values: Mapping[str, Any]
    parts: tuple[tuple[Part, list[dict[str, Any]]], ...]


class Loader:
    """Takes the rows of one of the `arrays` after the other, and keeps count and problems.

    `updates`: rows of the catalogue that are there already become what the file says. `links`: rows find the
    row of equal uuid that they belong to; off for history that comes alone.
    """

    def __init__(
        self, arrays: Iterable[Array], problems: Problems, *, updates: bool = False, links: bool = True
    ) -> None:
        self.problems = problems
        self.names = {name for array in arrays for name in array.names}
        self.updates = updates
        self.links = links
        self.counts: dict[str, Count] = {}
        self.directory = Directory(self.write_pending)
        self._created: dict[type[Any], set[int]] = {}
        self._met: dict[type[Any], set[int]] = {}
        self._pending: list[Pending] = []
        self._exclusive: list[tuple[str, Any, dict[str, Any]]] = []

    def load(self, array: Array, rows: Rows) -> None:
        self.array = array
        self.count = self.counts.setdefault(array.name, Count())
        for name in self.names:
            if issubclass(array.model, name.model):
                self.directory.ids(name)  # so that it hears of every row from here on
        self.known = Known(array, self.directory)
        self.blank = array.model()
        self.check: Check = array.checks() if array.checks else _nothing_to_say
        self.created = self._created.setdefault(array.model, set())
        self.met = self._met.setdefault(array.model, set())
        for number, row in rows:
            self._take(f"{array.name}[{number}]", row)
        self.write_pending()
        self._give_exclusive()
        if array.part_of and self.updates and array.is_catalogue:
            self._drop_parts_left_out()

    # one row ---------------------------------------------------------------------------------------------

    def _take(self, path: str, row: Any) -> None:
        if not isinstance(row, dict):
            self.problems.add(path, f"{quoted(row)} should be an object with the fields of a row.")
            return
        before = len(self.problems)
        values = self._values(path, row, self.array.columns, self.array.known)
        parts = tuple((part, self._inner(path, part, row.get(part.name, []))) for part in self.array.parts)
        if values is None or len(self.problems) > before:
            self._mark_broken(row)
            return
        said = frozenset(values)
        self._complete(values)
        try:
            pk = self.known.match(self.blank, values)
            if pk is not None and (pk == PENDING or pk in self.met or pk in self.created):
                raise RefusedError("another row of the file is the same.")
        except RefusedError as error:
            self.problems.add(path, str(error))
            self._mark_broken(row)
            return
        if pk is None and self._may_be_added(values):
            self._create(path, values, parts)
        elif pk is None:
            self.count.skipped += 1
        else:
            self._meet(path, pk, values, said)

    def _values(
        self, path: str, row: Mapping[str, Any], columns: tuple[Column, ...], known: frozenset[str]
    ) -> dict[str, Any] | None:
        """The attributes that a row sets; None when one of them cannot be taken."""
        values: dict[str, Any] = {}
        is_whole = True
        for column in columns:
            if column.name not in row:
                if column.is_required:
                    self.problems.add(f"{path}.{column.name}", "it is missing.")
                    is_whole = False
                continue
            try:
                values[column.attribute] = column.read(row[column.name], self.directory)
            except RefusedError as error:
                self.problems.add(f"{path}.{column.name}", str(error))
                is_whole = False
            except BrokenError:
                is_whole = False
        for name in row.keys() - known:
            self.problems.add(path, f"version 1 has no field {quoted(name)} here.")
        return values if is_whole else None

    def _inner(self, path: str, part: Part, rows: Any) -> list[dict[str, Any]]:
        if not isinstance(rows, list) or len(rows) > MOST_PARTS:
            self.problems.add(f"{path}.{part.name}", f"it should be a list of at most {MOST_PARTS} rows.")
            return []
        known = frozenset(each.name for each in part.columns)
        found = []
        for number, row in enumerate(rows):
            inside = f"{path}.{part.name}[{number}]"
            if not isinstance(row, dict):
                self.problems.add(inside, f"{quoted(row)} should be an object with the fields of a row.")
            elif (values := self._values(inside, row, part.columns, known)) is not None:
                found.append(values)
        return found

    def _complete(self, values: dict[str, Any]) -> None:
        values.update(self.array.constant)
        for name, value in self._kind().items():
            values[name] = values.get(name) or value
        if self.array.has_uuid:
            values.setdefault("uuid", uuid.uuid4())
        if self.links and self.array.equal_uuid:
            ids = self.directory.ids(self.array.equal_uuid.name)
            values[f"{self.array.equal_uuid.field}_id"] = ids.get(str(values["uuid"]))

    def _mark_broken(self, row: Mapping[str, Any]) -> None:
        said = {
            name: row[name] for name in ("uuid", "slug", "name", "kind") if isinstance(row.get(name), str)
        }
        self.directory.add(self.array.model, {**self._kind(), **said}, BROKEN)

    def _kind(self) -> dict[str, Any]:
        kind = getattr(self.array.model, "default_kind", "")
        return {"kind": kind} if kind else {}

    def _may_be_added(self, values: Mapping[str, Any]) -> bool:
        """Whether the row it is a part of is new, or is being updated; what was there keeps its parts."""
        if not self.array.part_of:
            return True
        owner: Any = self.array.model._meta.get_field(self.array.part_of).related_model
        is_new = values[self.array.owner_attribute] in self._created.get(owner, ())
        return is_new or (self.updates and self.array.is_catalogue)

    # writing ---------------------------------------------------------------------------------------------

    def _create(self, path: str, values: dict[str, Any], parts: tuple[Any, ...]) -> None:
        if self.array.is_plain:
            self._wait(Pending(path, None, values, ()))
            return
        lists = self._lists_out_of(values)
        row = self.array.model(**values)
        said = list(self.check(row))
        for field, sentence in said:
            self.problems.add(f"{path}.{field}" if field else path, sentence)
        if said:
            self._register(row, values, BROKEN)
        elif self.array.is_catalogue:
            self._save(path, row, values, lists, changed=self.array.exclusive)
        else:
            self._register(row, values, PENDING)
            self._wait(Pending(path, row, values, parts))

    def _lists_out_of(self, values: dict[str, Any]) -> dict[str, list[int]]:
        """The lists that a row brings; one it leaves out stays as it is."""
        return {
            each.attribute: values.pop(each.attribute)
            for each in self.array.columns
            if each.is_list and each.attribute in values
        }

    def _wait(self, row: Pending) -> None:
        self._pending.append(row)
        if len(self._pending) >= BATCH:
            self.write_pending()

    def _save(
        self,
        path: str,
        row: Any,
        values: Mapping[str, Any],
        lists: Mapping[str, list[int]],
        *,
        changed: Collection[str],
    ) -> None:
        """Write one row of the catalogue, looked over as its form would.

        What is exclusive it only gets once every row of an update is written, where it is among the `changed`
        or belongs to other rows than before: then each has let go of what it no longer has.
        """
        is_new = row._state.adding
        exclusive = {
            name: value
            for name, together in self.array.contested.items()
            if self.updates and not together.isdisjoint(changed) and (value := getattr(row, name))
        }

        def save() -> None:
            row.clean_fields(exclude=[field.name for field in row._meta.fields if field.is_relation])
            row.clean()
            for name in exclusive:
                setattr(row, name, getattr(self.blank, name))
            with transaction.atomic():
                row.save()
                for name, ids in lists.items():
                    getattr(row, name).set(ids)

        if not self._told(path, row, save):
            self._register(row, values, BROKEN)
            return
        self._register(row, values, row.pk)
        if exclusive:
            self._exclusive.append((path, row, exclusive))
        if is_new:
            self.created.add(row.pk)
            self.count.created += 1

    def _give_exclusive(self) -> None:
        waiting, self._exclusive = self._exclusive, []
        for path, row, exclusive in waiting:
            for name, value in exclusive.items():
                setattr(row, name, value)
            self._told(path, row, partial(self._save_alone, row))

    def _save_alone(self, row: Any) -> None:
        with transaction.atomic():
            row.save()

    def write_pending(self) -> None:
        """Write the rows that wait, all in a few statements; one by one where the database refuses some."""
        waiting, self._pending = self._pending, []
        if not waiting:
            return
        if self.array.is_plain:
            self._write_plain(waiting)
            return
        try:
            with transaction.atomic():
                self.array.model._default_manager.bulk_create([each.row for each in waiting])
                self._write_parts(waiting)
        except DatabaseError:
            for each in waiting:
                each.row.pk, each.row._state.adding = None, True
                self._told(each.path, each.row, partial(self._write_alone, each))
        for each in waiting:
            pk = each.row.pk or BROKEN
            self._register(each.row, each.values, pk)
            if pk != BROKEN:
                self.created.add(pk)
                self.count.created += 1

    def _write_plain(self, waiting: list[Pending]) -> None:
        self.count.created += len(waiting)
        try:
            with transaction.atomic():
                insert(self.array.model, [each.values for each in waiting])
        except DatabaseError:
            for each in waiting:
                row = self.array.model(**each.values)
                self._told(each.path, row, partial(self._write_alone, replace(each, row=row)))

    def _write_alone(self, each: Pending) -> None:
        with transaction.atomic():
            each.row.save(force_insert=True)
            self._write_parts([each])

    def _write_parts(self, waiting: list[Pending]) -> None:
        for part in self.array.parts:
            owner = attribute_of(part.model, part.owner)
            inside = [
                {owner: each.row.pk, **values}
                for each in waiting
                for inner, rows in each.parts
                if inner is part
                for values in rows
            ]
            insert(part.model, inside)

    def _told(self, path: str, row: Any, write: Callable[[], None]) -> bool:
        """Whether `write` succeeded. What the models or the database refused is told as a form would tell it."""
        try:
            write()
            return True
        except ValidationError as error:
            self._tell(path, error)
        except DatabaseError as error:
            row.pk = None if row._state.adding else row.pk
            try:
                row.full_clean()
            except ValidationError as explained:
                self._tell(path, explained)
            else:
                self.problems.add(path, f"the database refuses it ({quoted(str(error).splitlines()[0])}).")
        return False

    def _tell(self, path: str, error: ValidationError) -> None:
        found = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
        for field, sentences in found.items():
            for sentence in sentences:
                self.problems.add(path if field == NON_FIELD_ERRORS else f"{path}.{field}", sentence)

    def _register(self, row: Any, values: Mapping[str, Any], pk: int) -> None:
        self.directory.add(self.array.model, {**values, "slug": getattr(row, "slug", "")}, pk)
        self.known.add(row, pk)

    # rows that are there ------------------------------------------------------------------------------------

    def _meet(self, path: str, pk: int, values: dict[str, Any], said: frozenset[str]) -> None:
        """A row of the file that is there already: skip it, or make it what the file says.

        `said`: what the row itself has of `values`. What it leaves out stays as it is.
        """
        self.met.add(pk)
        self.directory.add(self.array.model, values, pk)
        if not (self.updates and self.array.is_catalogue):
            self.count.skipped += 1
            return
        row = self.array.model._default_manager.get(pk=pk)
        lists = self._lists_out_of(values)
        changed = [
            name
            for name, value in values.items()
            if name in said and name not in ("uuid", "slug", "id") and getattr(row, name) != value
        ]
        for name in changed:
            setattr(row, name, values[name])
        moved = {
            name: ids
            for name, ids in lists.items()
            if set(getattr(row, name).values_list("pk", flat=True)) != set(ids)
        }
        if not changed and not moved:
            self.count.skipped += 1
            return
        before = len(self.problems)
        self._save(path, row, values, moved, changed=changed)
        self.count.updated += len(self.problems) == before

    def _drop_parts_left_out(self) -> None:
        """Take away what an updated row no longer has among its parts."""
        owner: Any = self.array.model._meta.get_field(self.array.part_of).related_model
        left_out = self.array.model._default_manager.filter(
            **{f"{self.array.part_of}__in": self._met.get(owner, set())}
        ).exclude(pk__in=self.met | self.created)
        self.count.updated += left_out.delete()[0]


def _nothing_to_say(row: Any) -> tuple[()]:
    return ()


__all__ = ["Count", "Loader", "uuid_of"]
