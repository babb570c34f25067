"""FixedPointField against the database the tests run on: exact where it answers, and loud where it cannot."""

from __future__ import annotations

import ast
import uuid
from contextlib import suppress
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django import forms
from django.apps import apps
from django.conf import settings
from django.core.exceptions import FieldError, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import (
    Avg,
    Case,
    Count,
    ExpressionWrapper,
    F,
    Max,
    Min,
    OuterRef,
    Q,
    StdDev,
    Subquery,
    Sum,
    Value,
    Variance,
    When,
)
from django.db.models.functions import Abs, Cast, Coalesce, Greatest, Round, Sqrt

from bakery.core.fields import FixedPointField
from inventory.models import Ingredient, Lot, Product, StockItem
from inventory.tests.factories import IngredientFactory

# Of a lot: quantity and quantity_remaining have 3 places, value and value_remaining 4.
pytestmark = pytest.mark.django_db


@pytest.fixture
def flour():
    return IngredientFactory()


def lot_of(item, quantity, remaining=None, value="1", value_remaining=None):
    return Lot.objects.create(
        item=item,
        received_on=date(2026, 1, 1),
        quantity=Decimal(quantity),
        quantity_remaining=Decimal(quantity if remaining is None else remaining),
        value=Decimal(value),
        value_remaining=Decimal(value if value_remaining is None else value_remaining),
    )


@pytest.fixture
def lots(flour):
    """0.001 of 0.001, 1.5 of 2 and 250 of 1000 left, worth 0.0001, 1.5 and 2.5."""
    return [
        lot_of(flour, "0.001", value="0.0001"),
        lot_of(flour, "2", "1.5", value="2", value_remaining="1.5"),
        lot_of(flour, "1000", "250", value="10", value_remaining="2.5"),
    ]


# What it answers, exactly --------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["0.001", "0.3", "1", "999999999.999", "123456789012345.678"])
def test_a_number_comes_back_as_it_went_in(flour, text):
    lot = lot_of(flour, text)
    lot.refresh_from_db()
    assert (lot.quantity, type(lot.quantity)) == (Decimal(text), Decimal)
    assert lot.quantity.as_tuple().exponent == -3


def test_a_whole_number_and_text_are_exact_too(flour):
    Lot.objects.bulk_create(
        [
            Lot(
                item=flour,
                received_on=date(2026, 1, 1),
                quantity=7,
                value="0.25",
                quantity_remaining="7",
                value_remaining=0,
            )
        ]
    )
    lot = Lot.objects.get()
    assert (lot.quantity, lot.value, lot.quantity_remaining, lot.value_remaining) == (
        7,
        Decimal("0.25"),
        7,
        0,
    )


def test_the_sum_of_a_thousand_tenths_is_a_hundred(flour):
    Lot.objects.bulk_create(
        Lot(
            item=flour,
            uuid=uuid.uuid4(),
            received_on=date(2026, 1, 1),
            quantity=Decimal("0.1"),
            value=Decimal("0.1"),
            quantity_remaining=Decimal("0.1"),
            value_remaining=Decimal("0.1"),
        )
        for _ in range(1000)
    )
    assert Lot.objects.aggregate(Sum("quantity"), Sum("value")) == {
        "quantity__sum": Decimal(100),
        "value__sum": Decimal(100),
    }


def test_sums_minima_maxima_and_counts(lots):
    found = Lot.objects.aggregate(
        total=Sum("quantity_remaining"),
        least=Min("value"),
        most=Max("quantity"),
        rows=Count("quantity"),
        picked=Sum("quantity", filter=Q(quantity__gt=1)),
        each=Sum("quantity", distinct=True),
    )
    assert found == {
        "total": Decimal("251.501"),
        "least": Decimal("0.0001"),
        "most": Decimal(1000),
        "rows": 3,
        "picked": Decimal(1002),
        "each": Decimal("1002.001"),
    }


def test_a_sum_of_nothing_is_none_or_the_default(flour):
    nothing = Lot.objects.filter(quantity__gt=10**9)
    assert nothing.aggregate(total=Sum("quantity")) == {"total": None}
    assert nothing.aggregate(total=Sum("quantity", default=Decimal(0))) == {"total": 0}
    assert nothing.aggregate(total=Sum("quantity", default=Decimal("0.5"))) == {"total": Decimal("0.5")}
    assert Lot.objects.none().aggregate(total=Sum("quantity", default=Decimal(0))) == {"total": 0}


def test_coalesce_of_a_sum(lots, flour):
    other = IngredientFactory()
    nothing = Value(Decimal(0), output_field=FixedPointField(places=3))
    found = StockItem.objects.annotate(there=Coalesce(Sum("lots__quantity_remaining"), nothing))
    assert dict(found.values_list("pk", "there")) == {flour.pk: Decimal("251.501"), other.pk: 0}
    found = StockItem.objects.annotate(there=Sum("lots__quantity_remaining", default=Decimal(0)))
    assert list(found.filter(there__gt=Decimal("251.5")).values_list("pk", flat=True)) == [flour.pk]
    assert list(found.order_by("-there").values_list("pk", flat=True)) == [flour.pk, other.pk]


def test_a_subquery_is_read_back_and_compared_exactly(lots, flour):
    newest = Lot.objects.filter(item=OuterRef("pk")).order_by("-id")
    found = StockItem.objects.annotate(newest=Subquery(newest.values("quantity")[:1]))
    assert found.get().newest == Decimal(1000)
    assert found.filter(newest__gte=Decimal(1000)).exists()
    assert not found.filter(newest__gt=Decimal(1000)).exists()
    total = Lot.objects.filter(item=OuterRef("pk")).order_by().values("item").annotate(all=Sum("quantity"))
    nothing = Value(Decimal(0), output_field=FixedPointField(places=3))
    found = StockItem.objects.annotate(there=Coalesce(Subquery(total.values("all")), nothing))
    assert found.get().there == Decimal("1002.001")


def test_comparing_with_numbers(lots):
    def found(**conditions):
        return list(
            Lot.objects.filter(**conditions).order_by("id").values_list("quantity_remaining", flat=True)
        )

    small, middle, large = Decimal("0.001"), Decimal("1.5"), Decimal(250)
    assert found(quantity_remaining="1.5") == [middle]
    assert found(quantity_remaining__exact=Decimal("1.500")) == [middle]
    assert found(quantity_remaining__gt=Decimal("1.5")) == [large]
    assert found(quantity_remaining__gte=Decimal("1.5")) == [middle, large]
    assert found(quantity_remaining__lt=Decimal("1.5")) == [small]
    assert found(quantity_remaining__lte=Decimal("1.5")) == [small, middle]
    assert found(quantity_remaining__in=[Decimal("0.001"), 250]) == [small, large]
    assert found(quantity_remaining__range=(Decimal("0.001"), Decimal("1.5"))) == [small, middle]
    assert found(quantity_remaining__isnull=False) == [small, middle, large]
    assert found(quantity_remaining__in=Lot.objects.filter(quantity=2).values("quantity_remaining")) == [
        middle
    ]
    assert list(Ingredient.objects.filter(reorder_level=None).values_list("reorder_level", flat=True)) == [
        None
    ]


def test_comparing_with_a_column_of_the_same_scale(lots):
    assert Lot.objects.filter(quantity_remaining__lt=F("quantity")).count() == 2
    assert Lot.objects.filter(quantity_remaining=F("quantity")).count() == 1
    assert Lot.objects.exclude(quantity_remaining__lt=F("quantity")).count() == 1
    assert StockItem.objects.filter(lots__quantity__gt=F("lots__quantity_remaining")).count() == 2


def test_order(lots):
    assert list(Lot.objects.order_by("-value_remaining").values_list("value", flat=True)) == [
        10,
        2,
        Decimal("0.0001"),
    ]


def test_update_with_a_number_a_column_of_the_same_scale_and_a_choice(lots):
    Lot.objects.update(quantity_remaining=Decimal("0.001"))
    assert set(Lot.objects.values_list("quantity_remaining", flat=True)) == {Decimal("0.001")}
    Lot.objects.update(quantity_remaining=F("quantity"))
    assert Lot.objects.filter(quantity_remaining=F("quantity")).count() == 3
    Lot.objects.update(
        quantity_remaining=Case(
            When(quantity__gt=1, then=Value(Decimal("0.5"), output_field=FixedPointField(places=3))),
            default=F("quantity"),
        )
    )
    assert list(Lot.objects.order_by("id").values_list("quantity_remaining", flat=True)) == [
        Decimal("0.001"),
        Decimal("0.5"),
        Decimal("0.5"),
    ]


def test_bulk_update(lots):
    for lot, left in zip(lots, ("0.001", "0.002", "999.999"), strict=True):
        lot.quantity_remaining = Decimal(left)
    Lot.objects.bulk_update(lots, ["quantity_remaining"])
    assert list(Lot.objects.order_by("id").values_list("quantity_remaining", flat=True)) == [
        Decimal("0.001"),
        Decimal("0.002"),
        Decimal("999.999"),
    ]


def test_bulk_update_with_and_without_a_number(flour):
    other = IngredientFactory(reorder_level=Decimal(3))
    flour.reorder_level, other.reorder_level = Decimal("0.5"), None
    Ingredient.objects.bulk_update([flour, other], ["reorder_level"])
    assert dict(StockItem.objects.values_list("pk", "reorder_level")) == {
        flour.pk: Decimal("0.5"),
        other.pk: None,
    }


def test_a_check_constraint_is_exact(flour):
    lot = lot_of(flour, "0.3")
    for _ in range(3):
        lot.quantity_remaining -= Decimal("0.1")
    lot.value_remaining = Decimal(0)
    lot.save()
    lot.refresh_from_db()
    assert lot.quantity_remaining == 0
    with pytest.raises(IntegrityError), transaction.atomic():
        Lot.objects.update(quantity_remaining=Decimal("-0.001"))


def test_values_and_a_grouped_sum(lots, flour):
    assert list(Lot.objects.values("item").annotate(all=Sum("value")).values_list("item", "all")) == [
        (flour.pk, Decimal("12.0001"))
    ]
    assert (
        Lot.objects.values("item").annotate(all=Sum("value")).filter(all__gt=Decimal("12.0001")).count() == 0
    )


# What it refuses -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    [
        lambda: F("quantity_remaining") - 1,
        lambda: F("quantity_remaining") - Decimal("0.1"),
        lambda: F("quantity_remaining") + F("quantity"),
        lambda: F("quantity_remaining") * 2,
        lambda: 2 * F("quantity_remaining"),
        lambda: -F("quantity_remaining"),
        lambda: F("quantity_remaining") / 2,
        lambda: F("value"),
        lambda: F("id"),
        lambda: F("note"),
        lambda: Value(5) + F("id"),
        lambda: Value(0.5),
        lambda: Value(Decimal("0.0001")),
        lambda: Value("many"),
        lambda: Coalesce(F("value"), Decimal(0)),
        lambda: Greatest(F("quantity_remaining"), F("value")),
        lambda: Case(When(pk__gt=0, then=F("value")), default=F("quantity")),
        lambda: Case(When(pk__gt=0, then=F("quantity") - 1), default=F("quantity")),
        lambda: Case(When(pk__gt=0, then=Value(0.5)), default=F("quantity")),
        lambda: Cast(F("value"), FixedPointField(places=3)),
        lambda: Cast(F("id"), FixedPointField(places=3)),
        lambda: Subquery(Lot.objects.filter(pk=OuterRef("pk")).values("value")[:1]),
        lambda: Subquery(Lot.objects.filter(pk=OuterRef("pk")).values("id")[:1]),
    ],
)
@pytest.mark.parametrize("way", ["update", "save", "bulk_update"])
def test_what_would_lose_the_scale_is_never_written(lots, written, way):
    before = list(Lot.objects.order_by("id").values_list("quantity_remaining", flat=True))
    lot = lots[1]
    with pytest.raises((FieldError, ValueError)), transaction.atomic():
        if way == "update":
            Lot.objects.update(quantity_remaining=written())
        else:
            lot.quantity_remaining = written()
            if way == "save":
                lot.save()
            else:
                Lot.objects.bulk_update([lot], ["quantity_remaining"])
    assert list(Lot.objects.order_by("id").values_list("quantity_remaining", flat=True)) == before


@pytest.mark.parametrize(
    "value",
    [
        0.5,
        1.0,
        True,
        False,
        Decimal("NaN"),
        Decimal("Infinity"),
        Decimal("-sNaN"),
        Decimal("1E+999999999"),
        Decimal("1E-999999999"),
        Decimal("0.0001"),
        Decimal(10) ** 15,
        10**18,
        "many",
        "1,5",
        "",
        b"1",
        [],
        1j,
    ],
)
def test_a_value_that_is_not_exact_is_never_written_nor_compared(lots, value):
    with pytest.raises((ValueError, TypeError)):
        Lot.objects.update(quantity_remaining=value)
    with pytest.raises((ValueError, TypeError)):
        list(Lot.objects.filter(quantity_remaining__gt=value))
    with pytest.raises((ValueError, TypeError)):
        list(Lot.objects.filter(quantity_remaining__in=[value]))
    with pytest.raises((ValueError, TypeError)):
        list(Lot.objects.filter(quantity_remaining__range=(value, value)))
    lots[0].quantity_remaining = value
    with pytest.raises((ValueError, TypeError)):
        lots[0].save()


@pytest.mark.parametrize(
    "asked",
    [
        lambda: Lot.objects.filter(quantity__gt=F("value")),
        lambda: Lot.objects.filter(quantity=F("id")),
        lambda: Lot.objects.filter(quantity__lt=F("quantity_remaining") + 1),
        lambda: Lot.objects.filter(quantity__in=[F("value")]),
        lambda: Lot.objects.filter(quantity__range=(F("value"), F("quantity"))),
        lambda: Lot.objects.filter(quantity__range=(Decimal(0), F("quantity_remaining") + 1)),
        lambda: Lot.objects.filter(quantity__in=Lot.objects.values("value")),
        lambda: Lot.objects.filter(quantity__gt=Subquery(Lot.objects.values("value")[:1])),
        lambda: Lot.objects.filter(quantity__gt=Value(0.5)),
        lambda: Lot.objects.filter(quantity__gt=Coalesce(F("value"), Decimal(0))),
        lambda: Lot.objects.exclude(quantity__gt=F("value")),
        lambda: Lot.objects.filter(Q(pk=1) | ~Q(quantity__gt=F("value"))),
        lambda: StockItem.objects.filter(lots__quantity__gt=F("lots__value")),
        lambda: StockItem.objects.annotate(all=Sum("lots__quantity")).filter(all__gt=F("lots__value")),
        lambda: StockItem.objects.annotate(all=Sum("lots__quantity")).filter(all__gt=Sum("lots__value")),
        lambda: Lot.objects.annotate(twice=F("quantity") * 2),
        lambda: Lot.objects.annotate(left=F("quantity") - F("quantity_remaining")),
        lambda: Lot.objects.annotate(left=F("quantity") - Decimal("0.1")),
        lambda: Lot.objects.annotate(both=F("quantity") + F("value")),
        lambda: Lot.objects.annotate(
            x=ExpressionWrapper(F("quantity") * 2, output_field=FixedPointField(places=3))
        ),
        lambda: Lot.objects.alias(
            x=ExpressionWrapper(F("quantity") * 2, output_field=FixedPointField(places=3))
        ).filter(x__gt=1),
        lambda: Lot.objects.annotate(x=Coalesce("value", "quantity", output_field=FixedPointField(places=3))),
        lambda: [Lot.objects.aggregate(x=Sum("value", output_field=FixedPointField(places=3)))],
        lambda: Lot.objects.aggregate(used=Sum(F("quantity") - F("quantity_remaining"))),
        lambda: Lot.objects.aggregate(used=Sum("quantity") - Sum("quantity_remaining")),
        lambda: Lot.objects.aggregate(Avg("quantity")),
        lambda: Lot.objects.aggregate(StdDev("quantity")),
        lambda: Lot.objects.aggregate(Variance("quantity")),
        lambda: Lot.objects.annotate(first=Greatest("quantity", "value")),
        lambda: Lot.objects.annotate(first=Coalesce("quantity", "value")),
        lambda: Lot.objects.annotate(cost=Case(When(pk__gt=0, then=F("value")), default=F("quantity"))),
    ],
)
def test_what_would_mix_scales_is_never_asked(lots, asked):
    with pytest.raises((FieldError, ValueError)):
        found = asked()
        list(found)


@pytest.mark.parametrize(
    "lookup",
    ["contains", "icontains", "startswith", "endswith", "iexact", "regex", "iregex", "year", "abs", "search"],
)
def test_text_lookups_and_transforms_do_not_exist(lookup):
    with pytest.raises(FieldError):
        Lot.objects.filter(**{f"quantity__{lookup}": "1"})


@pytest.mark.parametrize("transform", [Abs, Round, Sqrt])
def test_a_function_is_exact_or_refused(lots, transform):
    found = Lot.objects.annotate(changed=transform("quantity_remaining"))
    with suppress(FieldError):
        assert [lot.changed for lot in found] == [lot.quantity_remaining for lot in found]


# The field by itself ---------------------------------------------------------------------------------------------


def test_deconstruct_carries_the_places():
    field = FixedPointField("what is left", places=3, null=True)
    name, path, args, kwargs = field.deconstruct()
    assert path == "bakery.core.fields.FixedPointField"
    assert kwargs == {"verbose_name": "what is left", "places": 3, "null": True}
    assert field.clone().places == 3


def test_the_form_field_asks_for_as_many_decimals():
    field = Lot._meta.get_field("quantity").formfield()
    assert isinstance(field, forms.DecimalField)
    assert field.decimal_places == 3
    assert field.clean("1.250") == Decimal("1.25")
    for wrong in ("1.2345", "NaN", "many", "1e999999999"):
        with pytest.raises(ValidationError):
            field.clean(wrong)


@pytest.mark.parametrize("value", [0.5, True, "many", "NaN", "1E+999999999", "0.0001", b"1"])
def test_full_clean_refuses_what_is_not_exact(value):
    with pytest.raises(ValidationError):
        Lot._meta.get_field("quantity").clean(value, None)


def test_full_clean_keeps_what_is_exact(flour):
    field = Lot._meta.get_field("quantity")
    assert [field.clean(value, None) for value in ("1.5", Decimal("1.500"), 2)] == [
        Decimal("1.5"),
        Decimal("1.5"),
        2,
    ]
    assert Product(package_quantity="2.5", ingredient=flour).package_quantity == "2.5"


def test_serialised_it_is_plain_digits():
    field = Lot._meta.get_field("quantity")
    assert field.value_to_string(Lot(quantity=Decimal("1E+3"))) == "1000"
    assert Ingredient._meta.get_field("reorder_level").value_to_string(Ingredient()) == ""


# The rest is for who writes the code ----------------------------------------------------------------------------

APPS = ("bakery", "inventory", "production", "assembly", "events")
EXACT = {
    field.name
    for model in apps.get_models()
    for field in model._meta.get_fields()
    if isinstance(field, FixedPointField)
}


def modules() -> list[Path]:
    found = [path for app in APPS for path in sorted((settings.BASE_DIR / app).rglob("*.py"))]
    return [path for path in found if not {"tests", "migrations"} & set(path.parts)]


def is_column(node: ast.AST) -> bool:
    """F("quantity"), F("lots__value") and such, of a field kept as a scaled integer."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "F"
        and isinstance(node.args[0], ast.Constant)
        and str(node.args[0].value).split("__")[-1] in EXACT
    )


def gives_keys(node: ast.AST) -> bool:
    """RawSQL(..., output_field=BigIntegerField()): ids of rows, nothing to reckon with."""
    return isinstance(node, ast.Call) and any(
        option.arg == "output_field" and ast.unparse(option.value) == "BigIntegerField()"
        for option in node.keywords
    )


def misuses(source: str) -> list[str]:
    """What the field cannot refuse by itself: arithmetic, Cast and ExpressionWrapper of it, and any float."""
    found = []
    for node in ast.walk(ast.parse(source)):
        name = getattr(node.func, "id", getattr(node.func, "attr", "")) if isinstance(node, ast.Call) else ""
        if isinstance(node, ast.BinOp) and (is_column(node.left) or is_column(node.right)):
            found.append(f"line {node.lineno}: arithmetic in SQL with an exact number")
        elif isinstance(node, ast.Constant) and isinstance(node.value, float):
            found.append(f"line {node.lineno}: the float {node.value}")
        elif name == "RawSQL" and gives_keys(node):
            continue
        elif name in ("float", "Cast", "ExpressionWrapper", "RawSQL", "Avg", "StdDev", "Variance"):
            found.append(f"line {node.lineno}: {name}")
    return found


def test_no_module_reckons_with_floats_or_in_sql():
    assert {
        str(path): wrong for path in modules() if (wrong := misuses(path.read_text(encoding="utf-8")))
    } == {}


@pytest.mark.parametrize(
    "source",
    [
        "Lot.objects.update(x=F('quantity') - 1)",
        "1 + F('lots__value')",
        "Cast(x, y)",
        "float(x)",
        "price = 0.1",
        "models.Avg('x')",
        "RawSQL('SELECT SUM(value) FROM lot', [])",
        "RawSQL('SELECT 1', [], output_field=FixedPointField(places=4))",
    ],
)
def test_the_walk_through_the_code_finds_what_it_looks_for(source):
    assert misuses(source)


def test_nobody_searches_text_in_an_exact_number():
    from django.contrib import admin

    for model_admin in admin.site._registry.values():
        fields = {name.split("__")[-1].lstrip("^=@") for name in model_admin.search_fields}
        assert not fields & EXACT, model_admin
