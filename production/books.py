"""What must hold of every bake, asked whenever the books are checked."""

from __future__ import annotations

from collections.abc import Iterator

from bakery.core.formatting import money4
from inventory.books import Breach, faults, money_of

# 3. Per run: its cost is the sum of its consumption rows and, where it has an entry, what that entry took.
RUNS = """
SELECT * FROM (
    SELECT run.id, recipe.name, run.total_ingredient_cost AS cost,
           (SELECT COALESCE(SUM(used.total_cost), 0) FROM production_productionconsumption used
            WHERE used.production_run_id = run.id) AS rows_cost,
           CASE WHEN run.stock_entry_id IS NULL THEN run.total_ingredient_cost ELSE
           (SELECT COALESCE(-SUM(moved.value), 0) FROM inventory_stockmovement moved
            WHERE moved.entry_id = run.stock_entry_id AND moved.quantity < 0) END AS taken
    FROM production_productionrun run JOIN production_recipe recipe ON recipe.id = run.recipe_id
    WHERE run.id > %s
) costs
WHERE cost <> rows_cost OR cost <> taken
ORDER BY id
"""

# A run and its entry are one thing under one key, and are voided together.
PAIRS = """
SELECT run.id, recipe.name
FROM production_productionrun run
JOIN production_recipe recipe ON recipe.id = run.recipe_id
JOIN inventory_stockentry entry ON entry.id = run.stock_entry_id
LEFT JOIN inventory_stockentry reversal ON reversal.reverses_id = entry.id
WHERE run.id > %s AND (run.uuid <> entry.uuid OR (run.voided_at IS NULL) <> (reversal.id IS NULL))
ORDER BY run.id
"""


def check_runs(after: int = 0) -> Iterator[Breach]:
    """What is wrong with the runs after that id: with all of them, unless one is given."""
    for run, recipe, cost, rows_cost, taken in faults(RUNS, [after]):
        yield Breach(
            3,
            f"bake {run}",
            f"{recipe}: the bake says it cost {money4(money_of(cost))}, its ingredients add up to "
            f"{money4(money_of(rows_cost))}, and {money4(money_of(taken))} left the shelf.",
        )
    for run, recipe in faults(PAIRS, [after]):
        yield Breach(3, f"bake {run}", f"{recipe}: the bake and its ledger entry do not belong together.")
