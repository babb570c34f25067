"""What was made here: the lot a bake or an assembly put on the shelf, what it was made of, where it went."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, Subquery, Sum

from inventory.models import EntryKind, Lot, StockEntry, StockItem, StockMovement
from inventory.pages import entry_addresses
from inventory.selectors.trace import TraceStep, traces


def pieces_on_hand() -> Subquery:
    """To annotate stock items with as `on_hand`: what their open lots hold, None when nothing."""
    there = Lot.objects.filter(item=OuterRef("pk"), quantity_remaining__gt=0).order_by().values("item")
    return Subquery(there.annotate(there=Sum("quantity_remaining")).values("there"))


@dataclass(frozen=True, slots=True)
class Use:
    """Something that took `quantity` of a lot, and what became of what it made, step by step.

    `address` is the page of the bake, the assembly or the package, else the line in the ledger.
    """

    entry: StockEntry
    address: str
    quantity: Decimal
    unit: str
    then: tuple[Use, ...]


MAKING = (EntryKind.PRODUCTION, EntryKind.ASSEMBLY)


@dataclass(frozen=True, slots=True)
class LotUse:
    """What one lot gave, in its stock unit, and by which bake or assembly that lot was made, if by one.

    `value` is the money that went with it; None deeper down, where only quantities are told. An assembly
    leads on to what it took (`of`); a bake ends the way.
    """

    lot: Lot
    quantity: Decimal
    value: Decimal | None
    maker: StockEntry | None = None
    address: str = ""
    of: tuple[LotUse, ...] = ()


@dataclass(frozen=True, slots=True)
class Way:
    """What a run took of which lots, the oldest first, the lot it put on the shelf, and where that went.

    `output` is None for a failed batch; of imported history there is neither.
    """

    taken: list[LotUse]
    output: Lot | None
    went_out: list[Use]


def way_of(run: Any, *, to_the_bakes: bool = False) -> Way:
    """`to_the_bakes`: also what each lot it took was made of. Four queries, five so, and those for addresses."""
    if run.stock_entry_id is None:
        return Way([], None, [])
    movements = (
        StockMovement.objects.filter(entry=run.stock_entry_id)
        .select_related("lot__item", "lot__product__ingredient", "lot__supplier")
        .order_by("lot__received_on", "lot_id")
    )
    taken = [LotUse(each.lot, -each.quantity, -each.value) for each in movements if each.quantity < 0]
    output = next((each.lot for each in movements if each.quantity > 0), None)
    ways = traces(
        forward_from=[output.pk] if output else [],
        back_from=[use.lot.pk for use in taken] if to_the_bakes else [],
    )
    addresses = entry_addresses(step.entry for step in [*ways.forward, *ways.back])
    return Way(
        _made_of(taken, ways.back, addresses),
        output,
        _where_it_went(output, ways.forward, addresses) if output else [],
    )


def _where_it_went(lot: Lot, forward: Iterable[TraceStep], addresses: Mapping[int, str]) -> list[Use]:
    """Who used pieces of the lot and who used theirs, to the last step; what was voided does not count.

    What was made of two of its parts is followed once, where it comes first.
    """
    steps: dict[int, list[TraceStep]] = defaultdict(list)
    for step in forward:
        if step.source is not None:
            steps[step.source.pk].append(step)
    followed: set[int] = set()

    def uses(lot_id: int) -> list[Use]:
        found = []
        for step in steps[lot_id]:
            then: list[Use] = []
            if step.made is not None and step.made.pk not in followed:
                followed.add(step.made.pk)
                then = uses(step.made.pk)
            assert step.source is not None
            unit = step.source.item.stock_unit
            found.append(Use(step.entry, addresses[step.entry.pk], step.quantity, unit, tuple(then)))
        return found

    return uses(lot.pk)


def _made_of(uses: Iterable[LotUse], back: Iterable[TraceStep], addresses: Mapping[int, str]) -> list[LotUse]:
    """The same with what each lot was made of, down to the bakes."""
    steps: dict[int, list[TraceStep]] = defaultdict(list)
    for step in back:
        if step.made is not None and step.entry.kind in MAKING:
            steps[step.made.pk].append(step)

    def followed(lot: Lot, quantity: Decimal, value: Decimal | None) -> LotUse:
        behind = steps[lot.pk]
        if not behind:
            return LotUse(lot, quantity, value)
        maker = behind[0].entry
        of: list[LotUse] = []
        if maker.kind == EntryKind.ASSEMBLY:
            of = [followed(step.source, step.quantity, None) for step in behind if step.source is not None]
            of = [use for use in of if use.lot.item.is_made_here]
        return LotUse(lot, quantity, value, maker, addresses[maker.pk], tuple(of))

    return [followed(use.lot, use.quantity, use.value) for use in uses]


@dataclass(frozen=True, slots=True)
class OpenLot:
    """A lot on the shelf, what a piece of it cost, and what made it."""

    lot: Lot
    maker: StockEntry | None
    address: str


def open_lots_of(item: StockItem) -> list[OpenLot]:
    """What is on the shelf of `item`, the lot that goes first on top, each with what made it."""
    lots = list(Lot.objects.filter(item=item.pk, quantity_remaining__gt=0).order_by("received_on", "id"))
    made = StockMovement.objects.filter(
        lot__in=[lot.pk for lot in lots], quantity__gt=0, entry__reverses__isnull=True
    ).select_related("entry")
    makers = {movement.lot_id: movement.entry for movement in made}
    addresses = entry_addresses(makers.values())
    return [
        OpenLot(lot, maker, addresses[maker.pk] if maker else "")
        for lot in lots
        for maker in [makers.get(lot.pk)]
    ]
