"""Compare our register with a file of another, decide the differences, and close the run. Runs are never deleted."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from rapidfuzz.fuzz import ratio
from sqlalchemy import select

from app.domain.explained import Reason, RefusedError
from app.domain.itam.reconciliation import RECONCILIATION, Settlement, SinceLast, SourceKind
from app.domain.itam.reconciling.carrying import Earlier, Found, gone, since
from app.domain.itam.reconciling.comparing import Difference
from app.domain.itam.reconciling.expected import Expecting
from app.domain.itam.reconciling.lines import Line, reconcile
from app.domain.itam.reconciling.matching import LEAST_THRESHOLD, THRESHOLD
from app.domain.itam.reconciling.reading import Reading, read_status_words
from app.domain.itam.reconciling.record import Record
from app.domain.itam.reconciling.registers import REGISTERS, Register
from app.domain.itam.values import DayOrder, DecimalSign
from app.domain.money import in_minor
from app.models.attachment import Attachment
from app.models.organisation import Organisation
from app.models.reconciliation import Reconciliation, ReconciliationLine
from app.queries.reconciliation_sides import our_side
from app.queries.reconciliations import carried_in, later_run, latest_run, undecided
from app.storage import kind_of
from app.work import Work

MOST_SOURCE = 120
MOST_DECIDED = 20_000
"""So many differences are decided in one act at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How a file is to be read and compared, as it was typed."""

    threshold: int = THRESHOLD
    tolerance: str = "0"
    currency: str = ""
    least_cost: str = ""
    since: date | None = None
    status_words: str = ""
    decimal_sign: DecimalSign | None = None
    day_order: DayOrder | None = None
    last_day_given: bool = False

    @property
    def reading(self) -> Reading:
        """How the texts of the file are read; raises `RefusedError` at what cannot be meant."""
        currency = self.currency.strip().upper()
        if currency and (len(currency) != 3 or not currency.isascii() or not currency.isalpha()):
            raise RefusedError("Give the currency as three letters, such as EUR.", "currency")
        # What a tolerance is worth depends on each amount's currency: that it is an amount is asked with any.
        if in_minor(self.tolerance.strip() or "0", "BHD", "tolerance") < 0:
            raise RefusedError("A tolerance is not less than nothing.", "tolerance")
        return Reading(
            currency,
            self.tolerance.strip() or "0",
            read_status_words(self.status_words),
            self.decimal_sign,
            self.day_order,
            self.last_day_given,
        )

    @property
    def expecting(self) -> Expecting:
        """What the other register should hold; raises `RefusedError` at what cannot be meant."""
        least, currency = self.least_cost.strip(), self.currency.strip().upper()
        if least and not currency:
            raise RefusedError("Give the currency of the least cost.", "currency")
        if least and in_minor(least, currency, "least_cost") < 0:
            raise RefusedError("A least cost is not less than nothing.", "least_cost")
        return Expecting(least, currency, self.since)

    @property
    def kept(self) -> dict[str, Any]:
        """As the run keeps it, and the form of the next one begins with."""
        return {
            "threshold": self.threshold,
            "tolerance": self.tolerance.strip() or "0",
            "currency": self.currency.strip().upper(),
            "least_cost": self.least_cost.strip(),
            "since": self.since.isoformat() if self.since else "",
            "status_words": self.status_words.strip(),
            "decimal_sign": self.decimal_sign.value if self.decimal_sign else "",
            "day_order": self.day_order.value if self.day_order else "",
            "last_day_given": self.last_day_given,
        }


@dataclass(frozen=True, slots=True)
class SentFile:
    """The file that was compared: kept by its hash already."""

    name: str
    sha256: str
    size: int


def refuse_asked(asked: Asked) -> None:
    """Refuse what cannot be meant, before any line is read."""
    if not LEAST_THRESHOLD <= asked.threshold <= 100:
        raise RefusedError(f"A similarity counts from {LEAST_THRESHOLD} to 100 percent.", "threshold")
    _ = asked.reading, asked.expecting


def run(
    work: Work, kind: SourceKind, source: str, asked: Asked, theirs: Sequence[Record], file: SentFile
) -> Reconciliation:
    """Compare a file with the register, all of it or nothing; what was settled in the run before stays settled."""
    source = " ".join(source.split())
    if not source or len(source) > MOST_SOURCE:
        raise RefusedError("Give the name of the other register: runs of one name are compared.", "source")
    refuse_asked(asked)
    register = REGISTERS[kind]
    # One at a time: two runs of one source at once would both follow on the same.
    work.session.execute(select(Organisation.id).where(Organisation.id == work.home).with_for_update(key_share=True))
    previous = latest_run(work, kind, source)
    side = our_side(work, kind, asked.expecting)
    lines = reconcile(
        register, side.records, theirs, ratio, today=work.today, reading=asked.reading, threshold=asked.threshold
    )
    earlier, settled = _earlier(work, previous)
    news = {line.key: since(register, _found(line), earlier.get(line.key)) for line in lines} if previous else {}
    counted = Counter(line.finding.value for line in lines)
    row = work.add(
        Reconciliation(
            reference=_next_reference(work),
            kind=kind,
            source=source,
            file_name=file.name,
            sha256=file.sha256,
            run_at=work.now,
            run_by_id=work.actor_id,
            previous_id=previous.id if previous else None,
            asked=asked.kept,
            totals={
                "findings": dict(sorted(counted.items())),
                "since": dict(sorted(Counter(each.value for each in news.values()).items())),
                "gone": len(gone(news, earlier)),
                "theirs": len(theirs),
                "ours": len(side.records),
                "excused": dict(sorted(side.excused.items())),
            },
        )
    )
    rows = [_row(row.id, register, line, news.get(line.key), settled.get(line.key)) for line in lines]
    # Rows that leave the same columns empty stand together: each change of that begins another statement.
    rows.sort(key=lambda each: [value is None for value in each.values()])
    work.insert_many(ReconciliationLine, rows)
    _keep(work, row, file)
    return row


def _next_reference(work: Work) -> str:
    stem = f"RC-{work.today.year}-"
    taken = work.all(select(Reconciliation.reference).where(Reconciliation.reference.startswith(stem)))
    numbers = [int(each.removeprefix(stem)) for each in taken if each.removeprefix(stem).isdecimal()]
    return f"{stem}{max(numbers, default=0) + 1:02}"


def _earlier(work: Work, previous: Reconciliation | None) -> tuple[dict[str, Earlier], dict[str, dict[str, Any]]]:
    """The lines of the run before: what they rest on, and the decisions that may stand."""
    if previous is None:
        return {}, {}
    line = ReconciliationLine
    columns: Any = (
        *(line.key, line.finding, line.ours, line.theirs, line.differences, line.settlement),
        *(line.settled_reason, line.settled_by_id, line.settled_at, line.settled_in_id),
    )
    earlier: dict[str, Earlier] = {}
    settled: dict[str, dict[str, Any]] = {}
    for key, finding, ours, theirs, differing, settlement, reason, by, at, inside in work.execute(
        select(*columns).where(line.run_id == previous.id)
    ):
        differences = tuple(Difference(*each) for each in differing)
        earlier[key] = Earlier(Found(key, finding, ours, theirs, differences), settlement)
        if settlement is not None:
            settled[key] = {
                "settlement": settlement,
                "settled_reason": reason,
                "settled_by_id": by,
                "settled_at": at,
                "settled_in_id": inside or previous.id,
            }
    return earlier, settled


def _found(line: Line) -> Found:
    nothing: Mapping[str, str] = {}
    ours = line.ours.values if line.ours else nothing
    theirs = line.theirs.values if line.theirs else nothing
    return Found(line.key, line.finding, ours, theirs, line.differences)


_UNSETTLED: dict[str, Any] = {
    "settlement": None,
    "settled_reason": "",
    "settled_by_id": None,
    "settled_at": None,
    "settled_in_id": None,
}


def _row(
    run_id: int, register: Register, line: Line, became: SinceLast | None, settled: dict[str, Any] | None
) -> dict[str, Any]:
    kind, ours = register.kind, line.ours.id if line.ours else None
    of_assets = kind in (SourceKind.LEDGER, SourceKind.CONFIGURATION)
    return {
        "run_id": run_id,
        "key": line.key,
        "finding": line.finding,
        "matched_by": line.matched_by,
        "similarity": line.similarity,
        "asset_id": ours if of_assets else None,
        "entitlement_id": ours if kind is SourceKind.INVOICES else None,
        "employee_id": ours if kind is SourceKind.LEAVERS else None,
        "row": line.theirs.id if line.theirs else None,
        "ours": dict(line.ours.values) if line.ours else {},
        "theirs": dict(line.theirs.values) if line.theirs else {},
        "differences": [[each.field, each.ours, each.theirs] for each in line.differences],
        "candidates": list(line.candidates),
        "since": became,
        **((settled if became is SinceLast.SETTLED else None) or _UNSETTLED),
    }


def _keep(work: Work, row: Reconciliation, file: SentFile) -> None:
    kind = kind_of(file.name)
    work.add(
        Attachment(
            reconciliation_id=row.id,
            file_name=file.name,
            media_type=kind.media_type if kind else "application/octet-stream",
            size=file.size,
            sha256=file.sha256,
            stored_at=work.now,
            stored_by_id=work.actor_id,
        )
    )


def decide(
    work: Work, row: Reconciliation, lines: Sequence[ReconciliationLine], settlement: Settlement, reason: str
) -> int:
    """Decide differences of a run that is open, for one reason; gives how many. Both were loaded for update.

    What a later run of the same source has too is decided there.
    """
    refuse_closed(row)
    if not lines:
        raise RefusedError("Tick the differences that this decides.")
    if not reason.strip():
        raise RefusedError("Say why: the next run and whoever reads this need the reason.", "reason")
    carried = carried_in(work, row) if later_run(work, row) is not None else {}
    for line in lines:
        if line.key in carried:
            says = f"{carried[line.key]} is a later run of {row.source} and has this difference too: decide it there."
            raise RefusedError(Reason(says, RECONCILIATION))
    work.reason = reason.strip()
    for line in lines:
        line.settlement, line.settled_reason = settlement, reason.strip()
        line.settled_by_id, line.settled_at, line.settled_in_id = work.actor_id, work.now, None
    work.flush()
    return len(lines)


def refuse_closed(row: Reconciliation) -> None:
    """Refuse to change a run that is closed."""
    if row.closed_at is not None:
        says = f"{row.reference} is closed. What it found is decided in the next run of {row.source}."
        raise RefusedError(Reason(says, RECONCILIATION))


def close(work: Work, row: Reconciliation) -> None:
    """Close a run of which every difference is decided; it is kept as it is. [ISO/IEC 19770-1:2017, 8.3]"""
    refuse_closed(row)
    left = undecided(work, row)
    if left:
        waits = "1 difference waits" if left == 1 else f"{left:,} differences wait"
        raise RefusedError(Reason(f"{waits} for a decision. Decide all of them first.", RECONCILIATION))
    row.closed_at = work.now
    work.flush()
