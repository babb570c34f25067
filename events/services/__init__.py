"""Whose cookies, by when: targets and how far they have come, who gets what, and what is still missing."""

from events.selectors.progress import (
    AssemblyProgress,
    EventProgress,
    ProductionProgress,
    TargetState,
    get_assembly_progress,
    get_event_overall_progress,
    get_production_progress,
)
from events.services.assignments import (
    Assigned,
    Copied,
    assign_package,
    copy_assignments,
    delete_assignment,
    edit_assignment,
)
from events.services.costs import EventCosts, RecipeCost, costs_of, get_event_costs
from events.services.fulfilment import get_packages_by_status, update_fulfillment_status, void_packing
from events.services.needs import EventNeeds, Need, get_event_needs
from events.services.occasions import EventDeletion, delete_event, get_event_deletion
from events.services.recording import EventProduction, record_production
from events.services.shopping import ShoppingList, get_shopping_list, shopping_list_for
from events.services.shopping_items import (
    add_shopping_item,
    buy_shopping_item,
    remove_shopping_item,
    tick_shopping_item,
    tick_shopping_line,
)
from events.services.shopping_lines import HandLine, ShoppingLine, Source
from events.services.suggestions import TargetSuggestion, apply_suggested_targets, suggest_targets
from events.services.targets import (
    delete_assembly_target,
    delete_production_target,
    get_assembly_targets,
    get_production_targets,
    set_assembly_target,
    set_production_target,
)

__all__ = [
    "AssemblyProgress",
    "Assigned",
    "Copied",
    "EventCosts",
    "EventDeletion",
    "EventNeeds",
    "EventProduction",
    "EventProgress",
    "HandLine",
    "Need",
    "ProductionProgress",
    "RecipeCost",
    "ShoppingLine",
    "ShoppingList",
    "Source",
    "TargetState",
    "TargetSuggestion",
    "add_shopping_item",
    "apply_suggested_targets",
    "assign_package",
    "buy_shopping_item",
    "copy_assignments",
    "costs_of",
    "delete_assembly_target",
    "delete_assignment",
    "delete_event",
    "delete_production_target",
    "edit_assignment",
    "get_assembly_progress",
    "get_assembly_targets",
    "get_event_costs",
    "get_event_deletion",
    "get_event_needs",
    "get_event_overall_progress",
    "get_packages_by_status",
    "get_production_progress",
    "get_production_targets",
    "get_shopping_list",
    "record_production",
    "remove_shopping_item",
    "set_assembly_target",
    "set_production_target",
    "shopping_list_for",
    "suggest_targets",
    "tick_shopping_item",
    "tick_shopping_line",
    "update_fulfillment_status",
    "void_packing",
]
