"""The order of a whole file: every row comes after the rows it names."""

import assembly.transfer
import events.transfer
import inventory.transfer
import production.transfer
from bakery.core.transfer import household

FORMAT = "bakehouse"

ARRAYS = (
    *household.ARRAYS,
    *inventory.transfer.CATALOGUE,
    *production.transfer.CATALOGUE,
    *assembly.transfer.CATALOGUE,
    *events.transfer.CATALOGUE,
    *inventory.transfer.LEDGER,
    production.transfer.RUNS,
    assembly.transfer.RUNS,
    *events.transfer.HISTORY,
)

# A file of bakes or assemblies alone: history, which moves no stock.
HISTORIES = {
    production.transfer.HISTORY_FORMAT: (production.transfer.RUNS,),
    assembly.transfer.HISTORY_FORMAT: (assembly.transfer.RUNS,),
}
