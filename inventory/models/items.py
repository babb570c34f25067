"""Everything that can stand on a shelf, and what is known about it before any of it is bought."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from bakery.core.errors import InvalidValueError
from bakery.core.fields import FixedPointField, NameSlugField, SearchNameField
from bakery.core.formatting import as_written
from bakery.core.models import Record
from bakery.core.numbers import MAX_QUANTITY, QUANTITY_PLACES, RECIPE_PLACES, step
from bakery.core.text import NAME_LENGTH, UNIT_LENGTH
from inventory import units, uses


class Kind(models.TextChoices):
    INGREDIENT = "ingredient", "ingredient"
    PACKAGING = "packaging", "packaging"
    FINISHED_UNIT = "finished_unit", "baked"
    FINISHED_GOOD = "finished_good", "box or bag"


BOUGHT = (Kind.INGREDIENT, Kind.PACKAGING)
"""The kinds that come from a shop; the others are made here."""


class KindField(models.CharField):
    """The kind of a stock item; a child class that is always of one kind fills it in by itself."""

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        if not getattr(model_instance, self.attname):
            setattr(model_instance, self.attname, getattr(model_instance, "default_kind", ""))
        return getattr(model_instance, self.attname)


class ItemSlugField(NameSlugField):
    """A slug unique among its kind; ingredients and packaging share one set of slugs."""

    def others(self, instance: models.Model) -> models.QuerySet:
        kind = getattr(instance, "kind", "") or getattr(instance, "default_kind", "")
        kinds = BOUGHT if kind in BOUGHT else (kind,)
        return StockItem.objects.filter(kind__in=kinds)


class StockItem(Record):
    """One kind of thing on the shelf. Parent of Ingredient, FinishedUnit and FinishedGood."""

    default_kind: ClassVar[str] = ""

    kind = KindField(max_length=20, choices=Kind.choices, blank=True, editable=False)
    name = models.CharField(max_length=NAME_LENGTH)
    slug = ItemSlugField(help_text="Made once from the name; renaming does not change it.")
    search_name = SearchNameField()
    stock_unit = models.CharField(
        max_length=UNIT_LENGTH,
        choices=[(unit, units.unit_named(unit).plural) for unit in units.STOCK_UNITS],
        help_text="What it is counted in on the shelf. Frozen once anything was received.",
    )
    reorder_level = FixedPointField(
        places=QUANTITY_PLACES,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text="Shown as running low below this amount, in the unit it is kept in.",
    )
    is_archived = models.BooleanField("archived", default=False)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "name"],
                name="inventory_item_name",
                violation_error_message="There is already one of this name. Choose another name.",
            ),
            models.UniqueConstraint(fields=["kind", "slug"], name="inventory_item_slug"),
            models.UniqueConstraint(
                fields=["slug"],
                condition=Q(kind__in=[Kind.INGREDIENT.value, Kind.PACKAGING.value]),
                name="inventory_bought_slug",
                violation_error_message="An ingredient or packaging already has this address.",
            ),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="inventory_item_kind"),
            models.CheckConstraint(
                condition=Q(stock_unit__in=list(units.STOCK_UNITS)), name="inventory_item_unit"
            ),
        ]
        indexes = [models.Index(fields=["search_name"], name="inventory_item_search")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("inventory:item", args=[self.pk])

    @property
    def is_packaging(self) -> bool:
        return self.kind == Kind.PACKAGING

    @property
    def is_made_here(self) -> bool:
        return self.kind in (Kind.FINISHED_UNIT, Kind.FINISHED_GOOD)

    @property
    def inventory_count(self) -> int:
        """Whole pieces on hand, read from the lots; lists annotate `on_hand` (`pieces_on_hand()`) instead."""
        if hasattr(self, "on_hand"):  # None where nothing is there: no reason to ask again
            return int(self.on_hand or 0)
        return int(self.lots.aggregate(there=models.Sum("quantity_remaining"))["there"] or 0)

    def clean(self) -> None:
        super().clean()
        if not self.kind:
            self.kind = self.default_kind
        self.refuse_frozen_unit()

    def refuse_frozen_unit(self) -> None:
        if not self.pk:
            return
        was = StockItem.objects.filter(pk=self.pk).values_list("stock_unit", flat=True).first()
        if was is not None and was != self.stock_unit and self.lots.exists():
            raise ValidationError(
                {
                    "stock_unit": f"{self.name} already has lots counted in {was}, so its unit stays {was}. "
                    "Make a new item to count in another unit."
                }
            )


class Allergen(Record):
    """One of the fourteen allergens of EU regulation 1169/2011, Annex II, or one the household adds."""

    name = models.CharField(max_length=NAME_LENGTH, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class IngredientCategory(Record):
    name = models.CharField(max_length=NAME_LENGTH, unique=True)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "ingredient categories"

    def __str__(self) -> str:
        return self.name


class Ingredient(StockItem):
    """Something bought to be baked or to be packed in."""

    default_kind = Kind.INGREDIENT

    category = models.ForeignKey(IngredientCategory, on_delete=models.PROTECT, related_name="ingredients")
    grams_per_ml = FixedPointField(
        places=RECIPE_PLACES, null=True, blank=True, validators=[MinValueValidator(step(RECIPE_PLACES))]
    )
    grams_per_each = FixedPointField(
        places=QUANTITY_PLACES, null=True, blank=True, validators=[MinValueValidator(step(QUANTITY_PLACES))]
    )
    is_tracked = models.BooleanField(
        "tracked", default=True, help_text="Off for water from the tap: never short, costs nothing."
    )
    allergens = models.ManyToManyField(Allergen, blank=True, related_name="ingredients")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(grams_per_ml__isnull=True) | Q(grams_per_ml__gt=0), name="inventory_grams_per_ml"
            ),
            models.CheckConstraint(
                condition=Q(grams_per_each__isnull=True) | Q(grams_per_each__gt=0),
                name="inventory_grams_per_each",
            ),
        ]

    def clean(self) -> None:
        super().clean()
        before = Ingredient.objects.filter(pk=self.pk).first() if self.pk else None
        if before is not None:
            self.refuse_another_kind(before)
            self.refuse_untracking(before)
            self.refuse_lost_lines(before)

    def refuse_another_kind(self, before: Ingredient) -> None:
        if self.kind != before.kind:
            raise ValidationError(
                f"{self.name} stays {before.get_kind_display()}: recipes and boxes rely on it. Make a new item, "
                "and archive this one."
            )

    def refuse_untracking(self, before: Ingredient) -> None:
        """Refuse to switch tracking off while something is there. What a void puts back later may lie there."""
        is_switched_off = before.is_tracked and not self.is_tracked
        if is_switched_off and self.lots.filter(quantity_remaining__gt=0).exists():
            raise ValidationError(
                {"is_tracked": f"There is {self.name} on the shelf. Use it up or adjust it to 0 first."}
            )

    def refuse_lost_lines(self, before: Ingredient) -> None:
        """Refuse to take away a weight, or to change the unit, where a line could then not be converted."""
        lost = uses.lines_lost(before, self)
        if lost:
            raise ValidationError(
                f"{self.name} could then no longer be converted for {'; '.join(map(str, lost))}. "
                "Keep what a cup and a piece weigh, or change those lines first."
            )

    @property
    def factors(self) -> dict[str, Any]:
        """What `units.convert` needs to cross between mass, volume and count."""
        return {"grams_per_ml": self.grams_per_ml, "grams_per_each": self.grams_per_each}

    def refuse_uncountable(self, quantity: Decimal | None, unit: str, *, field: str = "quantity") -> None:
        """Refuse in `field` a `quantity` of `unit` (empty: the stock unit) that is more than can be counted.

        What is no amount, or does not convert, is refused elsewhere.
        """
        try:
            amount = units.convert(quantity or 0, unit or self.stock_unit, self.stock_unit, **self.factors)
        except InvalidValueError:
            return
        if amount >= MAX_QUANTITY:
            raise ValidationError({field: f"That is more {self} than can be counted. Enter less."})


class Supplier(Record):
    name = models.CharField(max_length=NAME_LENGTH, unique=True)
    url = models.URLField("website", blank=True)
    address = models.TextField(blank=True)
    notes = models.TextField(blank=True)
    is_archived = models.BooleanField("archived", default=False)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


def product_name(brand: str, name: str, quantity: Decimal, unit: str, *, of: str) -> str:
    """ "Ribbonry Satin ribbon, 25 yd"; what has neither brand nor name is called after `of`, its ingredient."""
    return f"{' '.join(part for part in (brand, name) if part) or of}, {as_written(quantity, unit)}"


class Product(Record):
    """A package as it stands in the shop: whose, what, how much is in it."""

    ingredient = models.ForeignKey(Ingredient, on_delete=models.PROTECT, related_name="products")
    brand = models.CharField(max_length=NAME_LENGTH, blank=True)
    name = models.CharField(max_length=NAME_LENGTH, blank=True)
    package_quantity = FixedPointField(
        places=QUANTITY_PLACES, validators=[MinValueValidator(step(QUANTITY_PLACES))]
    )
    package_unit = models.CharField(max_length=UNIT_LENGTH, choices=units.choices())
    gtin = models.CharField("barcode", max_length=14, blank=True)
    preferred_supplier = models.ForeignKey(
        Supplier, on_delete=models.SET_NULL, null=True, blank=True, related_name="preferred_products"
    )
    is_preferred = models.BooleanField(
        "preferred", default=False, help_text="The one to put on the shopping list."
    )
    is_archived = models.BooleanField("archived", default=False)

    class Meta:
        ordering = ["brand", "name", "package_quantity", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["ingredient", "brand", "name", "package_quantity", "package_unit"],
                name="inventory_product_once",
                violation_error_message="This product is already there: same brand, name and package.",
            ),
            models.UniqueConstraint(
                fields=["gtin"],
                condition=~Q(gtin=""),
                name="inventory_product_gtin",
                violation_error_message="Another product already has this barcode.",
            ),
            models.UniqueConstraint(
                fields=["ingredient"],
                condition=Q(is_preferred=True),
                name="inventory_product_preferred",
                violation_error_message="Another product of this ingredient is preferred already.",
            ),
            models.CheckConstraint(condition=Q(package_quantity__gt=0), name="inventory_product_package"),
        ]

    def __str__(self) -> str:
        of = "" if self.brand or self.name else self.ingredient.name
        return product_name(self.brand, self.name, self.package_quantity, self.package_unit, of=of)

    def clean(self) -> None:
        super().clean()
        self.refuse_frozen()
        if self.ingredient_id and self.package_unit and self.package_unit not in ("", None):
            advice = units.advice(
                self.ingredient.name,
                self.package_unit,
                self.ingredient.stock_unit,
                **self.ingredient.factors,
                where="the package",
            )
            if advice:
                raise ValidationError({"package_unit": advice})
            self.ingredient.refuse_uncountable(
                self.package_quantity, self.package_unit, field="package_quantity"
            )

    def refuse_as_packaging(self, unit: str, *, field: str, where: str) -> None:
        """Refuse what cannot wrap anything: food in `field`, or a `unit` (empty: the stock unit) that does not
        convert. `where` is who asks: "the package", "the composition".
        """
        packaging = self.ingredient
        if not packaging.is_packaging:
            raise ValidationError(
                {field: f"{self} is food, not packaging. Bake with it; wrap with packaging."}
            )
        unit = unit or packaging.stock_unit
        advice = units.advice(packaging.name, unit, packaging.stock_unit, **packaging.factors, where=where)
        if advice:
            raise ValidationError({"unit": advice})

    def refuse_frozen(self) -> None:
        if not self.pk:
            return
        was = (
            Product.objects.filter(pk=self.pk)
            .values("ingredient_id", "package_quantity", "package_unit")
            .first()
        )
        if was and any(getattr(self, name) != value for name, value in was.items()) and self.lots.exists():
            raise ValidationError(
                "Lots of this product were already bought, so its ingredient, quantity and unit stay as they "
                "are. Add a new product for the new package, and archive this one."
            )
