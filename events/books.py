"""What must hold of every packed package, asked whenever the books are checked."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.books import Breach, faults

RULE = 5
"""What left the shelf as packed is what somebody was packed a package of."""

# One that is packed has an entry, of a packing that stands; one that waits has none.
PACKED = """
SELECT given.id, package.name, recipient.name, given.fulfillment_status,
       CASE WHEN entry.id IS NULL THEN 'none' WHEN reversal.id IS NOT NULL THEN 'voided' ELSE entry.kind END
FROM events_eventrecipientpackage given
JOIN events_package package ON package.id = given.package_id
JOIN events_recipient recipient ON recipient.id = given.recipient_id
LEFT JOIN inventory_stockentry entry ON entry.id = given.stock_entry_id
LEFT JOIN inventory_stockentry reversal ON reversal.reverses_id = entry.id
WHERE CASE WHEN given.fulfillment_status = 'pending' THEN entry.id IS NOT NULL
      ELSE entry.id IS NULL OR entry.kind <> 'fulfilment' OR reversal.id IS NOT NULL END
ORDER BY given.id
"""

# And no packing stands that belongs to nobody.
FOR_NOBODY = """
SELECT entry.id, entry.summary
FROM inventory_stockentry entry
LEFT JOIN inventory_stockentry reversal ON reversal.reverses_id = entry.id
LEFT JOIN events_eventrecipientpackage given ON given.stock_entry_id = entry.id
WHERE entry.kind = 'fulfilment' AND reversal.id IS NULL AND given.id IS NULL
ORDER BY entry.id
"""


def check_packed() -> Iterator[Breach]:
    for pk, package, recipient, status, entry in faults(PACKED):
        yield Breach(
            RULE,
            f"package {pk}",
            f"{package} for {recipient} is {status}, but its ledger entry is {entry}: the two do not belong "
            "together.",
        )
    for entry_id, summary in faults(FOR_NOBODY):
        yield Breach(RULE, f"entry {entry_id}", f"“{summary}” left the shelf, but nobody's package says so.")
