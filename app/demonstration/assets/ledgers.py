"""What other registers say of the same things: the fixed-asset ledger, the invoices, the list of leavers.

The ledger is Northwind's own, as accountants keep it: most of its rows agree with the register, and a few do not, one
in each way in which a ledger and a register can differ. The file stays with the comparison, to be compared again.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.demonstration.telling import ago
from app.domain.itam.asset import AssetStatus
from app.domain.itam.mapping import guess, mapped
from app.domain.itam.reconciliation import Settlement, SourceKind
from app.domain.itam.reconciling.reading import read_rows
from app.domain.itam.reconciling.registers import REGISTERS
from app.domain.money import amount_of
from app.inputs.table import read_table
from app.models.licence import Entitlement, LicencePool
from app.models.reconciliation import Reconciliation, ReconciliationLine
from app.operations import column_mappings
from app.operations import reconciliations as operation
from app.operations.attachments import folder
from app.operations.reconciliations import Asked, SentFile
from app.queries.reconciliations import run_by
from app.storage import keep

if TYPE_CHECKING:
    from app.demonstration.assets import Estate

LEDGER, INVOICES, LEAVERS = "SAP fixed assets", "Creditors of software", "Personnel office"
LEDGER_HEAD = (
    *("Asset no", "Serial", "Purchase order", "Description", "Status", "Acquisition cost", "Cur", "Quantity"),
    *("Location", "Acquisition date"),
)
UNKNOWN_TO_US = (
    ("9100001", "", "PO-2021-0007", "Conference table, head office", "active", "2890.00", "EUR", "1", "Hamburg"),
    ("9100002", "PF999001", "PO-2022-0311", "Laptop, works council", "active", "1249.00", "EUR", "1", "Hamburg"),
    ("9100003", "", "", "Label printer, goods in", "active", "640.00", "EUR", "1", "Leipzig"),
)  # fmt: skip
"""Rows of the ledger that our register has nothing of; the acquisition date is added."""
DECIDED = (
    ("NET-003", Settlement.OURS_IS_RIGHT, "Seen at the inventory check in its rack; the ledger is corrected."),
    ("NET-006", Settlement.THEIRS_IS_RIGHT, "The second one was bought with it, and is to be tagged."),
    ("LT-0010", Settlement.THEIRS_IS_RIGHT, "The invoice says so, docking station included."),
    ("LT-0012", Settlement.TO_FOLLOW_UP, "Asked the accountants who reported it as scrapped."),
    ("LT-0030", Settlement.OURS_IS_RIGHT, "Bought from the marketing budget: booked as an expense by mistake."),
    ("9100001", Settlement.BOTH_ARE_RIGHT, "Furniture is not an IT asset."),
)
"""By our tag, or by their number where we have none: what the asset manager has decided already, and why."""


def ledgers(estate: "Estate") -> None:
    """Compare each of the three, and decide some of what the ledger says."""
    with _as_asset_manager(estate):
        asked = Asked(currency="EUR", least_cost="500", status_words="scrapped = disposed")
        run = _compare(estate, SourceKind.LEDGER, LEDGER, "sap-fixed-assets.csv", LEDGER_HEAD, _ledger(estate), asked)
        _decide(estate, run)
        invoices = Asked(currency="EUR", since=ago(estate.today, months=12))
        _compare(
            estate, SourceKind.INVOICES, INVOICES, "software-invoices.csv", INVOICE_HEAD, _invoices(estate), invoices
        )
        _compare(estate, SourceKind.LEAVERS, LEAVERS, "leavers.csv", LEAVER_HEAD, _leavers(estate), Asked())


@contextmanager
def _as_asset_manager(estate: "Estate") -> Iterator[None]:
    before = estate.work.actor_id
    estate.work.actor_id = estate.cast["priya"].id
    try:
        yield
    finally:
        estate.work.flush()
        estate.work.actor_id = before


def _compare(
    estate: "Estate",
    kind: SourceKind,
    source: str,
    name: str,
    head: Iterable[str],
    rows: Iterable[Iterable[str]],
    asked: Asked,
) -> Reconciliation:
    """Read the file as the pages do, and compare it."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([list(head), *rows])
    content = text.getvalue().encode()
    stored = keep(folder(), io.BytesIO(content))
    register, table = REGISTERS[kind], read_table(io.BytesIO(content), name)
    columns = guess(register.columns, table.head, {})
    lines = ((line.number, mapped(columns, table.head, line.cells)) for line in table.lines)
    records, faults = read_rows(register, lines, asked.reading)
    if faults or table.faults:
        raise ValueError(f"{name}: {[*table.faults, *faults][:3]}")
    run = operation.run(estate.work, kind, source, asked, records, SentFile(name, stored.sha256, len(content)))
    column_mappings.remember(estate.work, f"reconciliation-{kind.value}", source, columns)
    return run


def _decide(estate: "Estate", run: Reconciliation) -> None:
    work = estate.work
    row = run_by(work, run.reference, for_update=True)
    lines = work.all(select(ReconciliationLine).where(ReconciliationLine.run_id == run.id))
    named: dict[str, ReconciliationLine] = {}
    for line in lines:
        named.setdefault(line.ours.get("tag") or line.theirs.get("tag", ""), line)
    for name, settlement, reason in DECIDED:
        if row is not None:
            operation.decide(work, row, [named[name]], settlement, reason)


LEDGER_DIFFERS: dict[str, dict[str, str] | None] = {
    "NET-003": {"Location": "Leipzig, service desk"},
    "NET-005": {"Asset no": "", "Serial": "", "Purchase order": "", "Description": "Lumora core switch 05"},
    "NET-006": {"Quantity": "2"},
    "STO-001": {"Asset no": "", "Serial": "", "Description": "Disk storage, data centre"},
    "LT-0010": {"Acquisition cost": "1429.00"},
    "LT-0011": {"Cur": "USD"},
    "LT-0012": {"Status": "scrapped"},
    "LT-0013": {"Acquisition date": "2021-01-31"},
    "LT-0020": {"Asset no": "", "Purchase order": ""},
    "LT-0030": None,
    "PC-005": None,
}
"""What the ledger says otherwise than the register, by tag; None: it has no such row."""


def _ledger(estate: "Estate") -> Iterable[list[str]]:
    sites = {site.id: site.name for site in estate.sites}
    for tag, asset in estate.assets.items():
        if not asset["cost_minor"] or asset["cost_minor"] < 50_000 or asset["currency"] != "EUR":
            continue
        leased = tag.startswith("SRV-") and int(tag[4:]) > 8
        if asset["status"].is_gone or asset["status"] is AssetStatus.ORDERED or (leased and tag != "SRV-009"):
            continue
        said: dict[str, str] = {
            "Asset no": tag,
            "Serial": asset["serial"],
            "Purchase order": asset["purchase_order"],
            "Description": _described(asset["maker"], asset["model"]) or asset["name"],
            "Status": "retired" if asset["status"] is AssetStatus.RETIRED else "active",
            "Acquisition cost": str(amount_of(asset["cost_minor"], "EUR")),
            "Cur": "EUR",
            "Quantity": "1",
            "Location": sites.get(asset["site_id"], ""),
            "Acquisition date": asset["purchased_on"].isoformat() if asset["purchased_on"] else "",
        }
        otherwise = LEDGER_DIFFERS.get(tag, {})
        if otherwise is not None:
            yield [{**said, **otherwise}[name] for name in LEDGER_HEAD]
    for row in UNKNOWN_TO_US:
        yield [*row, ago(estate.today, months=50).isoformat()]


def _described(maker: str, model: str) -> str:
    return model if model.startswith(maker) else f"{maker} {model}".strip()


INVOICE_HEAD = ("Invoice", "Purchase order", "Description", "Quantity", "Amount", "Currency", "Invoice date")


def _invoices(estate: "Estate") -> Iterable[list[str]]:
    """Every purchase of the last year has its invoice, but for one; one was invoiced for more, and one nobody knows."""
    since = ago(estate.today, months=12)
    bought = estate.work.execute(
        select(Entitlement, LicencePool.name)
        .join(LicencePool, LicencePool.id == Entitlement.pool_id)
        .where(Entitlement.starts_on >= since, Entitlement.cost_minor > 0)
        .order_by(Entitlement.id)
    )
    for number, (each, pool) in enumerate(bought):
        if number == 1:
            continue
        quantity = each.quantity + 5 if number == 2 else each.quantity
        amount = str(amount_of(each.cost_minor or 0, each.currency))
        yield [
            each.invoice,
            each.purchase_order,
            pool,
            str(quantity),
            amount,
            each.currency,
            each.starts_on.isoformat(),
        ]
    day = ago(estate.today, months=2)
    yield [f"WR-{day.year}-0815", "", "Wireframe tool, 5 seats", "5", "450.00", "EUR", day.isoformat()]


LEAVER_HEAD = ("Personnel number", "Name", "Left on")


def _leavers(estate: "Estate") -> Iterable[list[str]]:
    """Those who left, one of them on another day; one who is here still in our register; and a stranger."""
    gone = [each for each in estate.employees if each["left_on"] is not None]
    for number, each in enumerate(gone):
        day = each["left_on"] if number else ago(each["left_on"], months=1)
        yield [each["number"], each["name"], day.isoformat()]
    here = next(each for each in estate.employees[60:] if each["left_on"] is None)
    yield [here["number"], here["name"], ago(estate.today, days=12).isoformat()]
    yield ["P-0817", "Temporary Help", ago(estate.today, months=2).isoformat()]
