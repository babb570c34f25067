"""Stock items, products, lots and the ledger."""

from inventory.models.items import (
    BOUGHT,
    Allergen,
    Ingredient,
    IngredientCategory,
    Kind,
    Product,
    StockItem,
    Supplier,
)
from inventory.models.ledger import AppendOnlyError, EntryKind, Lot, StockEntry, StockMovement
from inventory.models.runs import Run

__all__ = [
    "BOUGHT",
    "Allergen",
    "AppendOnlyError",
    "EntryKind",
    "Ingredient",
    "IngredientCategory",
    "Kind",
    "Lot",
    "Product",
    "Run",
    "StockEntry",
    "StockItem",
    "StockMovement",
    "Supplier",
]
