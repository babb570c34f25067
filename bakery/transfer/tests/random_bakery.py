"""A bakery nobody would think up: everything a household may do, at random, from a seed."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

import assembly.services
import events.services
import production.services
from assembly.models import AssemblyRun, Composition, FinishedGood
from bakery.core.errors import BakeryError
from bakery.core.models import Display, Household
from events.models import (
    Event,
    EventRecipientPackage,
    Package,
    PackageFinishedGood,
    PackagePackaging,
    Recipient,
    ShoppingItem,
)
from inventory import services
from inventory.models import (
    Allergen,
    Ingredient,
    IngredientCategory,
    Kind,
    Lot,
    Product,
    StockEntry,
    Supplier,
)
from production.models import (
    FinishedUnit,
    ProductionRun,
    Recipe,
    RecipeCategory,
    RecipeComponent,
    RecipeIngredient,
)

LETTERS = "abcdefgh éüßøÇ漢字 🎄🍪 '\"\\/<>&{}[],:;=+-@\t\u2028\u0001%"
WORDS = ["Flour", "Crème brûlée", "Lebkuchen", "Zimtsterne", "🍪", "=SUM(A1)", "null", "1e400", 'Tin "A"']


class RandomBakery:
    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.cook = User.objects.get_or_create(username=f"cook{seed}", first_name="Ædith")[0]
        self.number = 0

    def fill(self, deeds: int = 40) -> None:
        self.stock_the_pantry()
        self.write_recipes()
        self.plan()
        for _ in range(deeds):
            try:
                with transaction.atomic():
                    self.dice.choice(DEEDS)(self)
            except BakeryError:
                pass  # nothing to bake with, already voided: a household meets that too

    # words and numbers ------------------------------------------------------------------------------------

    def name(self) -> str:
        self.number += 1
        return f"{self.dice.choice(WORDS)} {self.number} {self.text(12)}".strip()

    def text(self, most: int = 60) -> str:
        return "".join(self.dice.choices(LETTERS + "\n" * (most > 12), k=self.dice.randrange(most))).strip()

    def amount(self, places: int, most: int = 5000) -> Decimal:
        return Decimal(self.dice.randint(1, most * 10**places)).scaleb(-places)

    def maybe(self, value: object, otherwise: object = None) -> object:
        return value if self.dice.random() < 0.5 else otherwise

    def day(self) -> date:
        return timezone.localdate() - timedelta(days=self.dice.randrange(1, 900))

    def any(self, model: type, **conditions: object):
        found = list(model._default_manager.filter(**conditions).order_by("pk"))
        if not found:
            raise BakeryError("There is none yet.")
        return self.dice.choice(found)

    # what there is ----------------------------------------------------------------------------------------

    def stock_the_pantry(self) -> None:
        if self.maybe(True):
            Household.objects.create(
                pk=1, name=self.name(), currency="EUR", time_zone="Pacific/Auckland", display=Display.US
            )
        if self.maybe(True):
            self.any(Allergen).delete()
        allergens = list(Allergen.objects.all())
        categories = [IngredientCategory.objects.create(name=self.name()) for _ in range(2)]
        for _ in range(2):
            Supplier.objects.create(name=self.name(), address=self.text(), notes=self.text())
        for number in range(6):
            item = Ingredient.objects.create(
                kind=Kind.PACKAGING if number > 3 else Kind.INGREDIENT,
                name=self.name(),
                category=self.dice.choice(categories),
                stock_unit=self.dice.choice(["cm", "each"] if number > 3 else ["g", "ml"]),
                grams_per_ml=self.amount(6, 3) if number <= 3 else None,
                grams_per_each=self.maybe(self.amount(3)),
                reorder_level=self.maybe(self.amount(3)),
                is_tracked=number != 3,
            )
            item.allergens.set(self.dice.sample(allergens, self.dice.randrange(3)))
            for _ in range(self.dice.randint(1, 2)):
                Product.objects.create(
                    ingredient=item,
                    brand=self.maybe(self.name(), ""),
                    name=self.name(),
                    package_quantity=self.amount(3),
                    package_unit=item.stock_unit,
                    gtin=self.maybe(str(self.dice.randrange(10**12, 10**13)), ""),
                    preferred_supplier=self.maybe(self.any(Supplier)),
                )
            if item.is_tracked:
                self.buy(item)

    def write_recipes(self) -> None:
        category = RecipeCategory.objects.create(name=self.name())
        for number in range(3):
            recipe = Recipe.objects.create(
                name=self.name(),
                category=self.maybe(category),
                instructions=self.text(400),
                source=self.text(20),
            )
            for position in range(self.dice.randint(1, 3)):
                RecipeIngredient.objects.create(
                    recipe=recipe,
                    ingredient=self.any(Ingredient, kind=Kind.INGREDIENT),
                    quantity=self.amount(6, 20),
                    unit=self.dice.choice(["g", "cup", "tsp"]),
                    position=position,
                    note=self.text(20),
                )
            if number:
                inner = self.any(Recipe, pk__lt=recipe.pk)
                RecipeComponent.objects.create(recipe=recipe, component=inner, batches=self.amount(6, 2))
            FinishedUnit.objects.create(
                name=self.name(), recipe=recipe, stock_unit="each", items_per_batch=self.dice.randint(1, 60)
            )
        for number in range(2):
            good = FinishedGood.objects.create(name=self.name(), stock_unit="each", description=self.text())
            Composition.objects.create(finished_good=good, component_unit=self.any(FinishedUnit), quantity=2)
            Composition.objects.create(
                finished_good=good,
                packaging_product=self.any(Product, ingredient__kind=Kind.PACKAGING),
                quantity=self.amount(6, 3),
                position=1,
            )
            if number:
                inner = self.any(FinishedGood, pk__lt=good.pk)
                Composition.objects.create(finished_good=good, component_good=inner, quantity=1, position=2)

    def plan(self) -> None:
        for _ in range(2):
            Event.objects.create(name=self.name(), event_date=self.day(), notes=self.text())
            recipient = Recipient.objects.create(
                name=self.name(), address=self.text(), household=self.text(10)
            )
            recipient.avoids.set(self.dice.sample(list(Allergen.objects.all()), 2))
            package = Package.objects.create(name=self.name(), description=self.text())
            PackageFinishedGood.objects.create(package=package, finished_good=self.any(FinishedGood))
            PackagePackaging.objects.create(
                package=package,
                product=self.any(Product, ingredient__kind=Kind.PACKAGING),
                quantity=self.amount(6, 2),
            )

    # deeds --------------------------------------------------------------------------------------------------

    def buy(self, item: Ingredient | None = None) -> None:
        product = self.any(Product, ingredient=item) if item else self.any(Product)
        services.receive_lot(
            product_id=product.pk,
            quantity=self.amount(3, 900_000),
            unit=product.ingredient.stock_unit,
            total_cost=self.amount(4, 500),
            received_on=self.dice.choice([self.day(), date(2026, 1, 1)]),
            supplier_id=self.any(Supplier).pk,
            expires_on=self.maybe(timezone.localdate() + timedelta(days=self.dice.randrange(400))),
            location=self.text(20),
            note=self.text(),
            recorded_by=self.maybe(self.cook),
        )

    def bake(self) -> None:
        unit = self.any(FinishedUnit)
        batches = self.dice.randint(1, 3)
        production.services.record_batch_production(
            recipe_id=unit.recipe_id,
            finished_unit_id=unit.pk,
            num_batches=batches,
            actual_yield=self.dice.randint(0, batches * unit.items_per_batch + 2),
            produced_at=timezone.now() - timedelta(minutes=self.dice.randrange(10**5)),
            notes=self.text(),
            event_id=self.maybe(self.any(Event).pk),
            recorded_by=self.maybe(self.cook),
        )

    def unbake(self) -> None:
        production.services.void_production_run(
            production_run_id=self.any(ProductionRun).pk,
            reason="twice " + self.text(10),
            recorded_by=self.cook,
        )

    def edit_bake(self) -> None:
        production.services.update_run_details(
            production_run_id=self.any(ProductionRun).pk,
            event_id=self.maybe(self.any(Event).pk),
            notes=self.text(),
            recorded_by=self.cook,
        )

    def assemble(self) -> None:
        assembly.services.record_assembly(
            finished_good_id=self.any(FinishedGood).pk,
            quantity=self.dice.randint(1, 2),
            notes=self.text(),
            event_id=self.maybe(self.any(Event).pk),
            recorded_by=self.cook,
        )

    def take_apart(self) -> None:
        assembly.services.void_assembly_run(assembly_run_id=self.any(AssemblyRun).pk, reason="wrong box")

    def adjust(self) -> None:
        lot = self.any(Lot, quantity_remaining__gt=1)
        services.adjust_stock(
            item_id=lot.item_id,
            quantity=-(lot.quantity_remaining // 2 or 1),
            reason=self.dice.choice(["spilt", "mouse", "gift"]),
            note=self.text(),
            lot_id=self.maybe(lot.pk),
        )

    def find(self) -> None:
        item = self.any(FinishedUnit)
        cost = self.maybe(self.amount(4, 9))
        services.adjust_stock(item_id=item.pk, quantity=5, reason=services.OPENING_REASON, total_cost=cost)

    def correct(self) -> None:
        lot = self.any(Lot, product__isnull=False)
        services.correct_lot_cost(
            lot_id=lot.pk, total_cost=self.amount(4, 100), reason="typo " + self.text(9)
        )

    def edit_lot(self) -> None:
        services.edit_lot(lot_id=self.any(Lot).pk, location=self.text(9), recorded_by=self.cook)

    def void_receipt(self) -> None:
        services.void_receipt(lot_id=self.any(Lot).pk, reason="sent back")

    def void_adjustment(self) -> None:
        services.void_adjustment(entry_id=self.any(StockEntry, kind="adjustment").pk, reason="no mouse")

    def set_targets(self) -> None:
        events.services.set_production_target(
            event_id=self.any(Event).pk, recipe_id=self.any(Recipe).pk, target_batches=self.dice.randint(1, 9)
        )
        events.services.set_assembly_target(
            event_id=self.any(Event).pk, finished_good_id=self.any(FinishedGood).pk, target_quantity=3
        )

    def give(self) -> None:
        events.services.assign_package(
            event_id=self.any(Event).pk,
            recipient_ids=[self.any(Recipient).pk],
            package_id=self.any(Package).pk,
            notes=self.text(),
        )

    def pack(self) -> None:
        gift = self.any(EventRecipientPackage)
        step = {"pending": "ready", "ready": "delivered"}.get(gift.fulfillment_status)
        if step:
            events.services.update_fulfillment_status(
                gift.pk, step, allow_short=True, delivered_to="the neighbour"
            )

    def unpack(self) -> None:
        events.services.void_packing(self.any(EventRecipientPackage).pk, reason="wrong ribbon")

    def shop(self) -> None:
        events.services.add_shopping_item(text=self.name(), event_id=self.maybe(self.any(Event).pk))
        item = events.services.add_shopping_item(
            ingredient_id=self.any(Ingredient).pk, quantity=self.amount(3)
        )
        events.services.tick_shopping_item(item_id=item.pk, ticked_by=self.cook)

    def bring_home(self) -> None:
        item = self.any(ShoppingItem, ingredient__isnull=False, lot__isnull=True)
        product = self.any(Product, ingredient=item.ingredient)
        events.services.buy_shopping_item(
            item_id=item.pk, product_id=product.pk, packages=1, total_cost=self.amount(4, 9)
        )


DEEDS: list[Callable[[RandomBakery], None]] = [
    RandomBakery.buy, RandomBakery.bake, RandomBakery.bake, RandomBakery.bake, RandomBakery.unbake,
    RandomBakery.edit_bake, RandomBakery.assemble, RandomBakery.assemble, RandomBakery.take_apart,
    RandomBakery.adjust, RandomBakery.find, RandomBakery.correct, RandomBakery.edit_lot,
    RandomBakery.void_receipt, RandomBakery.void_adjustment, RandomBakery.set_targets, RandomBakery.give,
    RandomBakery.pack, RandomBakery.pack, RandomBakery.unpack, RandomBakery.shop, RandomBakery.bring_home,
]  # fmt: skip
