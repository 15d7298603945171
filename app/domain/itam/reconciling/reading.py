"""How the texts of another register are read: amounts, days, quantities, and words for a status."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from app.domain.explained import RefusedError
from app.domain.itam.asset import AssetStatus
from app.domain.itam.reconciliation import SourceKind
from app.domain.itam.reconciling.record import Record, folded
from app.domain.itam.reconciling.registers import Meaning, Register, RegisterField
from app.domain.itam.rows import Fault
from app.domain.itam.values import DayOrder, DecimalSign, day_of, money_of, whole_of
from app.domain.money import amount_of, digits_of

_LONGEST = 500

_S = AssetStatus
_IN_USE = (
    *("active", "in use", "in service", "in operation", "operational", "installed", "live", "running", "assigned"),
    *("production", "in production", "capitalised", "capitalized", "on hand", "ok"),
)
_MEANT: dict[str, tuple[AssetStatus, ...]] = {
    **dict.fromkeys(("stock", "stored", "spare", "available", "in storage", "in store"), (_S.IN_STOCK,)),
    **dict.fromkeys(("maintenance", "in repair", "repair", "under repair"), (_S.IN_MAINTENANCE,)),
    **dict.fromkeys(("decommissioned", "out of service", "inactive", "obsolete"), (_S.RETIRED, _S.DISPOSED)),
    **dict.fromkeys(("disposed of", "scrapped", "sold", "donated", "recycled", "destroyed"), (_S.DISPOSED,)),
    **dict.fromkeys(("written off", "written-off"), (_S.DISPOSED, _S.LOST)),
    **dict.fromkeys(("stolen", "missing"), (_S.LOST,)),
    **dict.fromkeys(("on order",), (_S.ORDERED,)),
    **{each.value: (each,) for each in AssetStatus},
    **{each.value.replace("-", " "): (each,) for each in AssetStatus},
}
"""The words that other registers use, and the statuses of ours with which each agrees, the likeliest first."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a person says of a file before it is compared."""

    currency: str = ""
    """Of amounts that name none."""
    tolerance: str = "0"
    """In the currency of an amount: by how much two amounts may differ."""
    status_words: tuple[tuple[str, AssetStatus], ...] = ()
    """Their own words for a status, beyond those that are known."""
    decimal_sign: DecimalSign | None = None
    day_order: DayOrder | None = None
    last_day_given: bool = False
    """Of leavers: whether their day is the last one worked. Ours is the first one after it."""


def statuses_meant(text: str, kind: SourceKind, reading: Reading) -> tuple[AssetStatus, ...]:
    """The statuses of ours with which their word agrees, the likeliest first; none for a word that nobody knows.

    A ledger calls active whatever it has not written off; a configuration database, what runs.
    """
    word = folded(text)
    own = tuple(status for theirs, status in reading.status_words if folded(theirs) == word)
    if own:
        return own
    if word in _IN_USE:
        in_use = (_S.DEPLOYED, _S.IN_MAINTENANCE)
        return (*in_use, _S.IN_STOCK) if kind is SourceKind.LEDGER else in_use
    if word == "retired" and kind is SourceKind.LEDGER:
        return (_S.RETIRED, _S.DISPOSED)
    return _MEANT.get(word, ())


def read_status_words(text: str) -> tuple[tuple[str, AssetStatus], ...]:
    """What a person typed, one a line as `Aktiv = deployed`; anything else is refused at `status_words`."""
    known = {folded(each.label): each for each in AssetStatus} | {each.value: each for each in AssetStatus}
    words = []
    for line in filter(None, map(str.strip, text.splitlines())):
        theirs, sign, ours = line.rpartition("=")
        status = known.get(folded(ours))
        if not sign or not theirs.strip() or status is None:
            listed = ", ".join(each.label.lower() for each in AssetStatus)
            raise RefusedError(
                f"“{line[:80]}” does not say which status a word means. Write it as “Aktiv = deployed”; "
                f"ours are {listed}.",
                "status_words",
            )
        words.append((theirs.strip(), status))
    return tuple(words)


def refuse_unmatchable(register: Register, columns: Mapping[str, str]) -> None:
    """Refuse a file of which no column says what its rows are: nothing would match. Raises at `columns`."""
    if any(columns.get(name) for name in _telling(register)):
        return
    labels = [field.label.lower() for field in register.fields if field.name in _telling(register)]
    listed = f"{', '.join(labels[:-1])} or {labels[-1]}"
    raise RefusedError(f"No column says what a row is. Choose one for the {listed}.", "columns")


def read_rows(
    register: Register, rows: Iterable[tuple[int, Mapping[str, str]]], reading: Reading
) -> tuple[list[Record], list[Fault]]:
    """All rows of their file by their lines, and what is wrong with those that cannot be read."""
    records: list[Record] = []
    faults: list[Fault] = []
    for line, row in rows:
        try:
            values = read_row(register, row, reading)
        except RefusedError as refusal:
            field = register.field(refusal.field or "")
            faults.append(Fault(line, field.label if field else "", " ".join(each.says for each in refusal.why)))
            continue
        if any(values.get(name) for name in _telling(register)):
            records.append(Record(line, values))
        else:
            faults.append(Fault(line, "", "Nothing in it says what it is: every column that tells is empty."))
    return records, faults


def _telling(register: Register) -> tuple[str, ...]:
    return (*(step.name for step in register.steps), *register.alike)


def read_row(register: Register, row: Mapping[str, str], reading: Reading) -> dict[str, str]:
    """Their row with each field as the comparison wants it; raises `RefusedError` at the field that cannot be read."""
    values: dict[str, str] = {}
    for field in register.fields:
        text = " ".join(row.get(field.name, "").split())[:_LONGEST]
        if not text:
            continue
        try:
            values |= _read(register, field, text, row, reading)
        except RefusedError as refusal:
            raise RefusedError(refusal.why, field.name) from None
    return values


def _read(
    register: Register, field: RegisterField, text: str, row: Mapping[str, str], reading: Reading
) -> dict[str, str]:
    if field.meaning is Meaning.MONEY:
        currency = row.get("currency", "").strip().upper() or reading.currency
        minor, code = money_of(text, currency, reading.decimal_sign)
        return {field.name: str(amount_of(minor, code)), "currency": code}
    if field.meaning is Meaning.CURRENCY:
        # It is read with the amount that it belongs to.
        return {}
    if field.meaning is Meaning.DAY:
        day = day_of(text, reading.day_order)
        if register.kind is SourceKind.LEAVERS and reading.last_day_given:
            day += timedelta(days=1)
        return {field.name: day.isoformat()}
    if field.meaning is Meaning.QUANTITY:
        return {field.name: str(whole_of(text, reading.decimal_sign))}
    return {field.name: text}


def minor_of(values: Mapping[str, str]) -> tuple[int, str] | None:
    """The cost of a record in minor units and its currency; None where either is missing."""
    cost, currency = values.get("cost", ""), values.get("currency", "")
    if not cost or not currency:
        return None
    return int(Decimal(cost).scaleb(digits_of(currency))), currency
