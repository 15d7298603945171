"""How the texts of another register are read: amounts, days, quantities, and words for a status."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from app.domain.explained import RefusedError
from app.domain.itam.asset import AssetStatus
from app.domain.itam.reconciliation import SourceKind
from app.domain.itam.reconciling.record import folded
from app.domain.itam.reconciling.registers import Meaning, Register
from app.domain.money import digits_of, in_minor

_AMOUNT = re.compile(r"[+-]?\d{1,15}(?:\.\d+)?")
_DAYS = ("%Y-%m-%d", "%d.%m.%Y", "%d %b %Y", "%d %B %Y", "%Y/%m/%d", "%d-%b-%Y", "%d-%b-%y")
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


def read_row(register: Register, row: Mapping[str, str], reading: Reading) -> dict[str, str]:
    """Their row with each field as the comparison wants it; raises `RefusedError` at the field that cannot be read."""
    values: dict[str, str] = {}
    for field in register.fields:
        text = " ".join(row.get(field.name, "").split())[:_LONGEST]
        if not text:
            continue
        if field.meaning is Meaning.MONEY:
            text = str(read_amount(text, field.label))
        elif field.meaning is Meaning.DAY:
            day = read_day(text, field.label)
            if register.kind is SourceKind.LEAVERS and reading.last_day_given and day < date.max:
                day += timedelta(days=1)
            text = day.isoformat()
        elif field.meaning is Meaning.QUANTITY:
            text = str(read_quantity(text, field.label))
        elif field.meaning is Meaning.CURRENCY:
            text = read_currency(text, field.label)
        values[field.name] = text
    if "cost" in values:
        values.setdefault("currency", reading.currency)
        if not values["currency"]:
            raise RefusedError("The amounts name no currency. Say in which currency they are.", "currency")
        in_minor(values["cost"], values["currency"], "cost")
    return values


def read_amount(text: str, label: str) -> Decimal:
    """An amount of money, with a point or a comma before its decimals; one that could be two numbers is refused."""
    plain = re.sub(r"^[A-Za-z]{3}|[A-Za-z]{3}$|[€$£¥\s\u00a0\u202f'’]", "", text.strip())
    if plain.startswith("(") and plain.endswith(")"):
        plain = f"-{plain[1:-1]}"
    if "," in plain and "." in plain:
        thousands = "," if plain.rfind(".") > plain.rfind(",") else "."
        plain = plain.replace(thousands, "").replace(",", ".")
    elif plain.count(",") == 1 and not re.search(r",\d{3}$", plain):
        plain = plain.replace(",", ".")
    elif plain.count(",") > 1:
        plain = plain.replace(",", "")
    elif plain.count(".") > 1:
        plain = plain.replace(".", "")
    if not _AMOUNT.fullmatch(plain):
        raise RefusedError(f"{label}: “{text[:40]}” is no amount, or could be two. Write it as 1250.50.")
    return Decimal(plain)


def read_quantity(text: str, label: str) -> int:
    """A whole number, not negative; 12.0 is 12."""
    amount = read_amount(text, label)
    if amount != amount.to_integral_value() or amount < 0:
        raise RefusedError(f"{label}: “{text[:40]}” is no whole number of things. Write it as 12.")
    return int(amount)


def read_day(text: str, label: str) -> date:
    """A day of the calendar; 03/04/2026 could be two, and is refused."""
    plain = re.sub(r"[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$", "", text.strip())
    for shape in _DAYS:
        try:
            return datetime.strptime(plain, shape).date()  # noqa: DTZ007 - a day, no moment
        except ValueError:
            continue
    raise RefusedError(f"{label}: “{text[:40]}” is no day, or could be two. Write it as 2027-03-14.")


def read_currency(text: str, label: str) -> str:
    """The three letters of a currency."""
    code = {"€": "EUR", "$": "USD", "£": "GBP"}.get(text, text.upper())
    if not re.fullmatch(r"[A-Z]{3}", code):
        raise RefusedError(f"{label}: “{text[:40]}” is no currency. Write it as EUR.")
    return code


def minor_of(values: Mapping[str, str]) -> tuple[int, str] | None:
    """The cost of a record in minor units and its currency; None where either is missing."""
    cost, currency = values.get("cost", ""), values.get("currency", "")
    if not cost or not currency:
        return None
    return int(Decimal(cost).scaleb(digits_of(currency))), currency
