"""Fields whose values look after themselves: exact numbers, search names, slugs."""

from __future__ import annotations

import secrets
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core import exceptions
from django.core.exceptions import FieldError
from django.db import models
from django.db.models.aggregates import Aggregate
from django.db.models.expressions import (
    Case,
    Col,
    CombinedExpression,
    ExpressionWrapper,
    F,
    Func,
    Ref,
    Value,
    When,
)
from django.db.models.lookups import (
    Exact,
    GreaterThan,
    GreaterThanOrEqual,
    In,
    IsNull,
    LessThan,
    LessThanOrEqual,
    Range,
)

from bakery.core.numbers import EXACT
from bakery.core.text import NAME_LENGTH, SLUG_LENGTH, search_name, slug_of

BIGINT_DIGITS = 18


class FixedPointField(models.Field):
    """A Decimal with exactly `places` decimals, kept as a scaled BIGINT in both databases.

    SQLite has no decimal type, so sums, comparisons and CHECKs of a DecimalField there are binary floating
    point; here they are exact. The price: arithmetic in SQL would be silently off by the scale. So the field
    refuses it, and floats, foreign scales, text lookups and too many places, wherever it is written or
    compared. It is no integer field on purpose: Django then knows no way to combine it with anything.

    `places` of a field never changes without a data migration.
    """

    description = "Exact decimal number"
    empty_strings_allowed = False

    def __init__(self, *args: Any, places: int, **kwargs: Any) -> None:
        self.places = places
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "places": self.places}

    def db_type(self, connection: Any) -> str:
        return connection.data_types["BigIntegerField"]

    def rel_db_type(self, connection: Any) -> str:
        return self.db_type(connection)

    def get_internal_type(self) -> str:
        # Not "BigIntegerField": Django would then int() every result of an aggregate.
        return "FixedPointField"

    # values -----------------------------------------------------------------------------------------

    def to_python(self, value: Any) -> Decimal | None:
        if value is None or value == "":
            return None
        if isinstance(value, bool | float) or not isinstance(value, int | str | Decimal):
            raise exceptions.ValidationError("Enter an exact number.", code="invalid")
        try:
            number = Decimal(value)
        except InvalidOperation:
            raise exceptions.ValidationError("Enter a number.", code="invalid") from None
        try:
            self.scaled(number)
        except ValueError as error:
            raise exceptions.ValidationError(str(error), code="invalid") from None
        return number

    def scaled(self, value: object) -> int:
        """`value` in units of the last place. Raises ValueError unless that is exact and fits."""
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            raise ValueError(f"{self.name} needs an exact number, not {value!r}.")
        number = Decimal(value)
        if not number.is_finite():
            raise ValueError("Enter a number.")
        if not number:
            return 0
        # adjusted() before any arithmetic: int(Decimal("1E+999999999")) would fill memory.
        if number.adjusted() + self.places >= BIGINT_DIGITS:
            raise ValueError("That number is too large.")
        if number.adjusted() < -self.places:
            raise ValueError(f"At most {self.places} decimals are kept.")
        scaled = number.scaleb(self.places, context=EXACT)
        whole = int(scaled)
        if whole != scaled:
            raise ValueError(f"At most {self.places} decimals are kept.")
        return whole

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        if value is None or hasattr(value, "resolve_expression"):
            return value
        if isinstance(value, str):
            try:
                value = Decimal(value)
            except InvalidOperation:
                raise ValueError(f"{self.name} needs a number, not {value!r}.") from None
        return self.scaled(value)

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        if hasattr(value, "resolve_expression") or hasattr(value, "as_sql"):
            self.check_expression(value)
            return value
        return super().get_db_prep_save(value, connection)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Decimal | None:
        if not isinstance(expression, Col):
            self.check_expression(expression)
        if value is None:
            return None
        if isinstance(value, Decimal) and value == value.to_integral_value():  # PostgreSQL's SUM
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise FieldError(
                f"{self.name}: only exact sums can be read back; this is {type(value).__name__}."
            )
        return Decimal(value).scaleb(-self.places, context=EXACT)

    # expressions ------------------------------------------------------------------------------------

    def check_expression(self, expression: Any) -> None:
        """Raise FieldError unless `expression`, to its last part, is a number of this very scale."""
        if isinstance(expression, F):
            return  # checked again once it is resolved, when the statement is compiled
        if isinstance(expression, CombinedExpression):
            raise FieldError(f"Arithmetic in SQL would lose the scale of {self.name}; do it in Python.")
        source = output_field_of(expression)
        if isinstance(expression, Value) and not expression.value and not isinstance(source, FixedPointField):
            return  # None and 0 are the same in any scale
        if not isinstance(expression, When):
            self.check_source(source)
        for part in parts_of(expression):
            self.check_expression(part)

    def check_source(self, source: Any) -> None:
        if not isinstance(source, FixedPointField) or source.places != self.places:
            raise FieldError(f"{self.name} has {self.places} places; {source} is another kind of number.")

    def get_lookup(self, lookup_name: str) -> Any:
        return LOOKUPS.get(lookup_name)

    def get_transform(self, name: str) -> None:
        return None

    # forms ------------------------------------------------------------------------------------------

    def formfield(self, **kwargs: Any) -> Any:
        options = {
            "form_class": forms.DecimalField,
            "decimal_places": self.places,
            "max_digits": BIGINT_DIGITS,
        }
        return super().formfield(**{**options, **kwargs})

    def value_to_string(self, obj: models.Model) -> str:
        value = self.value_from_object(obj)
        return "" if value is None else format(value, "f")


def output_field_of(expression: Any) -> Any:
    """What kind of value an expression or a query gives; None where Django cannot say."""
    try:
        return expression.output_field
    except (AttributeError, FieldError):
        return None


def parts_of(expression: Any) -> list[Any]:
    """The values that `expression` chooses from or adds up, without the conditions it does so under."""
    if isinstance(expression, Case):
        return [*expression.cases, expression.default]
    if isinstance(expression, When):
        return [expression.result]
    if isinstance(expression, Aggregate | Func | ExpressionWrapper | Ref):
        found = expression.get_source_expressions()
        if isinstance(expression, Aggregate):
            found = found[:1]  # what follows are its filter and its order
        return [part for part in found if part is not None]
    return []


def checked(lookup: type) -> type:
    """`lookup`, refusing two sides that are not numbers of one scale."""

    class Checked(lookup):  # type: ignore[misc, valid-type]
        def __init__(self, lhs: Any, rhs: Any) -> None:
            field = output_field_of(lhs)
            if isinstance(field, FixedPointField):
                sides = rhs if isinstance(rhs, list | tuple | set) else [rhs]
                for side in (lhs, *sides):
                    if hasattr(side, "resolve_expression") or hasattr(side, "as_sql"):
                        field.check_expression(side)
            super().__init__(lhs, rhs)

    Checked.__name__ = lookup.__name__
    Checked.__qualname__ = lookup.__qualname__
    return Checked


LOOKUPS: dict[str, Any] = {
    str(found.lookup_name): checked(found)
    for found in (Exact, GreaterThan, GreaterThanOrEqual, LessThan, LessThanOrEqual, In, Range)
} | {"isnull": IsNull}


class SearchNameField(models.CharField):
    """What a search looks at: the `source` field casefolded and without accents, kept by each save."""

    def __init__(self, *args: Any, source: str = "name", **kwargs: Any) -> None:
        self.source = source
        kwargs.setdefault("max_length", NAME_LENGTH)
        kwargs.setdefault("editable", False)
        kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "source": self.source}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        value = search_name(getattr(model_instance, self.source))
        setattr(model_instance, self.attname, value)
        return value


class NameSlugField(models.SlugField):
    """An address made once from the `source` field and unchanged by renames.

    "-2" follows when the address is taken, and "item-" with 8 hex digits stands in for a name that leaves
    nothing. `others` says among which rows it must be unique.
    """

    def __init__(self, *args: Any, source: str = "name", **kwargs: Any) -> None:
        self.source = source
        kwargs.setdefault("max_length", SLUG_LENGTH)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "source": self.source}

    def others(self, instance: models.Model) -> models.QuerySet:
        return self.model._default_manager.all()

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        value = getattr(model_instance, self.attname)
        if not value:
            value = self.free_slug(model_instance)
            setattr(model_instance, self.attname, value)
        return value

    def free_slug(self, instance: models.Model) -> str:
        wanted = slug_of(getattr(instance, self.source)) or f"item-{secrets.token_hex(4)}"
        stem = wanted[: SLUG_LENGTH - 8]
        alike = self.others(instance).filter(**{f"{self.name}__startswith": stem}).exclude(pk=instance.pk)
        taken = set(alike.values_list(self.name, flat=True))
        candidate, number = wanted, 1
        while candidate in taken:
            number += 1
            candidate = f"{stem}-{number}"
        return candidate


__all__ = ["FixedPointField", "NameSlugField", "SearchNameField"]
