"""Events: what they need, what is to be bought for them, and what they cost."""

from events.services.needs import EventNeeds, Need, get_event_needs
from events.services.shopping import ShoppingList, get_shopping_list
from events.services.shopping_lines import HandLine, ShoppingLine, Source

__all__ = [
    "EventNeeds",
    "HandLine",
    "Need",
    "ShoppingLine",
    "ShoppingList",
    "Source",
    "get_event_needs",
    "get_shopping_list",
]
