"""Every way the shelf can change. Each service is atomic, idempotent by uuid, and appends to the ledger."""

from inventory.services.adjusting import OPENING_REASON, adjust_stock, count_stock, void_adjustment
from inventory.services.consuming import FifoResult, LotDraw, consume_fifo, on_hand
from inventory.services.receiving import correct_lot_cost, edit_lot, receive_lot, void_receipt

__all__ = [
    "OPENING_REASON",
    "FifoResult",
    "LotDraw",
    "adjust_stock",
    "consume_fifo",
    "correct_lot_cost",
    "count_stock",
    "edit_lot",
    "on_hand",
    "receive_lot",
    "void_adjustment",
    "void_receipt",
]
