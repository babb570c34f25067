"""Baking: what it needs, recording it, and what was baked."""

from bakery.core.transfer.history import ImportResult
from production.services.files import export_production_history, import_production_history
from production.services.history import find_production_runs, get_production_history, get_production_run
from production.services.recording import record_batch_production, update_run_details, void_production_run
from production.services.requirements import (
    IngredientDraw,
    ProductionAvailability,
    Requirement,
    check_can_produce,
    get_aggregated_ingredients,
    max_batches,
)

__all__ = [
    "ImportResult",
    "IngredientDraw",
    "ProductionAvailability",
    "Requirement",
    "check_can_produce",
    "export_production_history",
    "find_production_runs",
    "get_aggregated_ingredients",
    "get_production_history",
    "get_production_run",
    "import_production_history",
    "max_batches",
    "record_batch_production",
    "update_run_details",
    "void_production_run",
]
