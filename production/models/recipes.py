"""Recipes, what goes into them, and the cookies that come out."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from bakery.core.fields import FixedPointField, NameSlugField, SearchNameField
from bakery.core.formatting import as_written, plural
from bakery.core.models import Record
from bakery.core.numbers import MAX_COUNT, RECIPE_PLACES, step
from bakery.core.text import NAME_LENGTH, UNIT_LENGTH
from inventory import units
from inventory.models import Ingredient, Kind, StockItem
from production import graph


class RecipeCategory(Record):
    name = models.CharField(max_length=NAME_LENGTH, unique=True)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "recipe categories"

    def __str__(self) -> str:
        return self.name


class Recipe(Record):
    name = models.CharField(max_length=NAME_LENGTH, unique=True)
    slug = NameSlugField(unique=True, help_text="Made once from the name; renaming does not change it.")
    search_name = SearchNameField()
    category = models.ForeignKey(
        RecipeCategory, on_delete=models.PROTECT, null=True, blank=True, related_name="recipes"
    )
    source = models.CharField(max_length=NAME_LENGTH, blank=True)
    instructions = models.TextField(blank=True)
    prep_minutes = models.PositiveIntegerField("minutes to prepare", null=True, blank=True)
    bake_minutes = models.PositiveIntegerField("minutes in the oven", null=True, blank=True)
    is_archived = models.BooleanField("archived", default=False)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("production:recipe", args=[self.slug])


class RecipeIngredient(Record):
    """One line of a recipe, for one batch, in the unit its author wrote."""

    recipe = models.ForeignKey(Recipe, on_delete=models.CASCADE, related_name="ingredient_lines")
    ingredient = models.ForeignKey(Ingredient, on_delete=models.PROTECT, related_name="recipe_lines")
    quantity = FixedPointField(places=RECIPE_PLACES, validators=[MinValueValidator(step(RECIPE_PLACES))])
    unit = models.CharField(max_length=UNIT_LENGTH, choices=units.choices())
    note = models.CharField(max_length=NAME_LENGTH, blank=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.CheckConstraint(condition=Q(quantity__gt=0), name="production_line_quantity")]

    def __str__(self) -> str:
        return f"{as_written(self.quantity, self.unit)} {self.ingredient}"

    def clean(self) -> None:
        super().clean()
        if not (self.ingredient_id and self.unit):
            return
        if self.ingredient.is_packaging:
            raise ValidationError(
                {
                    "ingredient": f"{self.ingredient} is packaging. Baking never takes packaging; put it into a box instead."
                }
            )
        advice = units.advice(
            self.ingredient.name, self.unit, self.ingredient.stock_unit, **self.ingredient.factors
        )
        if advice:
            raise ValidationError({"unit": advice})
        self.ingredient.refuse_uncountable(self.quantity, self.unit)


class RecipeComponent(Record):
    """A recipe within a recipe: `batches` of it go into one batch."""

    recipe = models.ForeignKey(Recipe, on_delete=models.CASCADE, related_name="components")
    component = models.ForeignKey(Recipe, on_delete=models.PROTECT, related_name="used_in")
    batches = FixedPointField(places=RECIPE_PLACES, validators=[MinValueValidator(step(RECIPE_PLACES))])
    note = models.CharField(max_length=NAME_LENGTH, blank=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["recipe", "component"],
                name="production_component_once",
                violation_error_message="This recipe is already a part of it. Change the batches instead.",
            ),
            models.CheckConstraint(condition=Q(batches__gt=0), name="production_component_batches"),
            models.CheckConstraint(
                condition=~Q(recipe=F("component")),
                name="production_component_not_self",
                violation_error_message="A recipe cannot be a part of itself.",
            ),
        ]

    def __str__(self) -> str:
        return f"{plural(self.batches, 'batch')} of {self.component}"

    def clean(self) -> None:
        super().clean()
        if not (self.recipe_id and self.component_id):
            return
        edges = [
            (outer, inner)
            for pk, outer, inner in RecipeComponent.objects.values_list("pk", "recipe_id", "component_id")
            if pk != self.pk
        ]
        path = graph.cycle_with(edges, self.recipe_id, self.component_id)
        if path:
            names = dict(Recipe.objects.filter(pk__in=path).values_list("pk", "name"))
            said = " → ".join(names[step_id] for step_id in path)
            raise ValidationError(
                {"component": f"That would go round in a circle: {said}. Nothing was changed."}
            )


class FinishedUnit(StockItem):
    """What one recipe makes, counted in pieces: one cookie."""

    default_kind = Kind.FINISHED_UNIT

    recipe = models.ForeignKey(Recipe, on_delete=models.PROTECT, related_name="finished_units")
    items_per_batch = models.PositiveIntegerField(validators=[MinValueValidator(1)])
    item_label = models.CharField(
        max_length=UNIT_LENGTH, default="piece", help_text="One of them, in the singular: cookie, loaf."
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(items_per_batch__gte=1) & Q(items_per_batch__lte=MAX_COUNT),
                name="production_unit_per_batch",
            )
        ]

    def get_absolute_url(self) -> str:
        return reverse("production:unit", args=[self.slug])

    def clean(self) -> None:
        self.stock_unit = "each"
        super().clean()
        self.refuse_another_recipe()

    def refuse_another_recipe(self) -> None:
        """What was baked came from its recipe: histories and files say so of every bake."""
        if not (self.pk and self.recipe_id):
            return
        was = FinishedUnit.objects.filter(pk=self.pk).select_related("recipe").first()
        if was is not None and was.recipe_id != self.recipe_id and self.production_runs.exists():
            raise ValidationError(
                {
                    "recipe": f"{self.name} was already baked from {was.recipe}, so it stays with it. Make a new "
                    "kind of piece for the other recipe, and archive this one."
                }
            )
