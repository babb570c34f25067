"""What must hold of every assembly, asked whenever the books are checked."""

from __future__ import annotations

from collections.abc import Iterator

from bakery.core.formatting import money4
from inventory.books import Breach, faults, money_of

# 3. Per run: its cost is the sum of its consumption rows and, where it has an entry, what that entry took.
RUNS = """
SELECT * FROM (
    SELECT run.id, item.name, run.total_component_cost AS cost,
           (SELECT COALESCE(SUM(used.total_cost), 0) FROM assembly_assemblyfinishedunitconsumption used
            WHERE used.assembly_run_id = run.id)
           + (SELECT COALESCE(SUM(used.total_cost), 0) FROM assembly_assemblyfinishedgoodconsumption used
              WHERE used.assembly_run_id = run.id)
           + (SELECT COALESCE(SUM(used.total_cost), 0) FROM assembly_assemblypackagingconsumption used
              WHERE used.assembly_run_id = run.id) AS rows_cost,
           CASE WHEN run.stock_entry_id IS NULL THEN run.total_component_cost ELSE
           (SELECT COALESCE(-SUM(moved.value), 0) FROM inventory_stockmovement moved
            WHERE moved.entry_id = run.stock_entry_id AND moved.quantity < 0) END AS taken
    FROM assembly_assemblyrun run JOIN inventory_stockitem item ON item.id = run.finished_good_id
    WHERE run.id > %s
) costs
WHERE cost <> rows_cost OR cost <> taken
ORDER BY id
"""

# A run and its entry are one thing under one key, and are voided together.
PAIRS = """
SELECT run.id, item.name
FROM assembly_assemblyrun run
JOIN inventory_stockitem item ON item.id = run.finished_good_id
JOIN inventory_stockentry entry ON entry.id = run.stock_entry_id
LEFT JOIN inventory_stockentry reversal ON reversal.reverses_id = entry.id
WHERE run.id > %s AND (run.uuid <> entry.uuid OR (run.voided_at IS NULL) <> (reversal.id IS NULL))
ORDER BY run.id
"""


def check_runs(after: int = 0) -> Iterator[Breach]:
    """What is wrong with the runs after that id: with all of them, unless one is given."""
    for run, good, cost, rows_cost, taken in faults(RUNS, [after]):
        yield Breach(
            3,
            f"assembly {run}",
            f"{good}: the assembly says it cost {money4(money_of(cost))}, its components add up to "
            f"{money4(money_of(rows_cost))}, and {money4(money_of(taken))} left the shelf.",
        )
    for run, good in faults(PAIRS, [after]):
        yield Breach(
            3, f"assembly {run}", f"{good}: the assembly and its ledger entry do not belong together."
        )
