"""Comparisons with the registers of others: run as anybody runs them, some differences decided, some left open."""

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.demonstration.assets.invoices import (
    INVOICE_COLUMNS,
    INVOICE_HEAD,
    INVOICES,
    LEAVER_COLUMNS,
    LEAVER_HEAD,
    LEAVERS,
    invoice_lines,
    invoices_begin,
    leaver_lines,
)
from app.demonstration.assets.ledger import COLUMNS, HEAD, LEAST_COST, SOURCE, ledger_lines
from app.demonstration.cast import acting
from app.domain.itam.mapping import mapped
from app.domain.itam.reconciliation import Finding, Settlement, SourceKind
from app.domain.itam.reconciling.reading import read_rows
from app.domain.itam.reconciling.registers import REGISTERS
from app.inputs.table import read_table
from app.models.reconciliation import ReconciliationLine
from app.operations import column_mappings
from app.operations import reconciliations as operation
from app.operations.attachments import folder
from app.operations.reconciliations import Asked, SentFile
from app.outputs.sheet import as_csv
from app.storage import keep

if TYPE_CHECKING:
    from app.demonstration.assets import Estate

OURS, THEIRS, BOTH, LATER = (
    Settlement.OURS_IS_RIGHT,
    Settlement.THEIRS_IS_RIGHT,
    Settlement.BOTH_ARE_RIGHT,
    Settlement.TO_FOLLOW_UP,
)
_TAPES = tuple(f"MED-{number:03d}" for number in range(1, 13))
_MASTERS = tuple(f"SW-{number:03d}" for number in range(1, 5))
_Decided = tuple[tuple[str, ...], Settlement, str]
OF_LEDGER: tuple[_Decided, ...] = (
    (_TAPES, BOTH, "Tapes are expensed in the month in which they are bought; we count them, the ledger need not."),
    (_MASTERS, BOTH, "Made in the house and not capitalised; the ledger is right to have none of them."),
    (("LT-0024",), OURS, "One laptop with one serial number: the second of the line is LT-0034. Finance was told."),
    (("LT-0025",), BOTH, "Ours is the day of the delivery note, theirs the day on which it was capitalised."),
    (("SRV-009",), LATER, "Leased from Elbe Leasing. Finance looks into how it came into the ledger."),
    (("F-0077",), BOTH, "Furniture: an asset of finance, and none of IT."),
    (("F-0102",), BOTH, "Belongs to the building; facility management looks after it."),
)
OF_INVOICES: tuple[_Decided, ...] = (
    (("E-015",), THEIRS, "The reseller gave a discount after the order; the credit note is with finance."),
)
OF_LEAVERS: tuple[_Decided, ...] = (
    (("C-0008",), BOTH, "A contractor of facility management, who never had an account or a device of ours."),
)


def comparisons(estate: "Estate") -> None:
    """The ledger, the software invoices and the leavers; the asset manager runs them and decides."""
    with acting(estate.work, estate.cast["priya"]):
        asked = Asked(currency="EUR", least_cost=LEAST_COST)
        _run(estate, SourceKind.LEDGER, SOURCE, asked, HEAD, COLUMNS, ledger_lines(estate), OF_LEDGER)
        since = invoices_begin(estate.today)
        bought = Asked(currency="EUR", since=since)
        lines = invoice_lines(estate)
        _run(estate, SourceKind.INVOICES, INVOICES, bought, INVOICE_HEAD, INVOICE_COLUMNS, lines, OF_INVOICES)
        _run(
            estate, SourceKind.LEAVERS, LEAVERS, Asked(), LEAVER_HEAD, LEAVER_COLUMNS, leaver_lines(estate), OF_LEAVERS
        )


def _run(
    estate: "Estate",
    kind: SourceKind,
    source: str,
    asked: Asked,
    head: Sequence[str],
    columns: Mapping[str, str],
    lines: Iterable[Sequence[str]],
    decided: Iterable[_Decided],
) -> None:
    work = estate.work
    content = io.BytesIO(as_csv(head, lines))
    name = f"{source.lower().replace(' ', '-')}-{estate.today.isoformat()}.csv"
    table = read_table(content, name)
    stored = keep(folder(), content)
    chosen = dict(columns)
    rows = ((line.number, mapped(chosen, table.head, line.cells)) for line in table.lines)
    theirs, faults = read_rows(REGISTERS[kind], rows, asked.reading)
    if faults or table.faults:
        raise ValueError(f"the file of {source} cannot be read: {[*table.faults, *faults][0].says}")
    run = operation.run(work, kind, source, asked, theirs, SentFile(name, stored.sha256, stored.size))
    column_mappings.remember(work, f"reconciliation-{kind.value}", source, chosen)
    open_ones = select(ReconciliationLine).where(
        ReconciliationLine.run_id == run.id, ReconciliationLine.finding != Finding.MATCHED
    )
    known = {_named(line): line for line in work.all(open_ones)}
    for named, settlement, reason in decided:
        operation.decide(work, run, [known[each] for each in named], settlement, reason)
    work.reason = ""


def _named(line: ReconciliationLine) -> str:
    """What people call it: by ours, or else by theirs; a line without a number is named by its words."""
    both = {**line.theirs, **line.ours}
    return next(filter(None, (both.get(name, "") for name in ("tag", "reference", "number", "name"))), line.key)
