"""`{% load bakery %}`: the functions of `bakery.core.formatting` as filters, under the same names.

    {{ run.total_ingredient_cost|money4 }}   {{ item.on_hand|quantity:item.stock_unit }}
    {{ lot.received_on|day }}                {{ run.num_batches|plural:"batch" }}

What is missing (None or "") is shown as nothing; write `|default:"–"` behind the filter where a page needs more.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import template

from bakery.core import formatting

register = template.Library()


def _blank_for_nothing(function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    def shown(value: Any, *arguments: Any) -> Any:
        return "" if value is None or value == "" else function(value, *arguments)

    return shown


for _function in (
    formatting.money,
    formatting.money4,
    formatting.payable,
    formatting.exact,
    formatting.quantity,
    formatting.also,
    formatting.as_written,
    formatting.as_written_also,
    formatting.plural,
    formatting.noun_for,
    formatting.percent,
    formatting.day,
    formatting.weekday,
    formatting.day_long,
    formatting.moment,
    formatting.away,
):
    register.filter(_function.__name__, _blank_for_nothing(_function))
