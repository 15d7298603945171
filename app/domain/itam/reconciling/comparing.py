"""How one of ours differs from what another register says of it, field by field."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.domain.dates import say
from app.domain.itam.asset import AssetStatus
from app.domain.itam.reconciliation import SourceKind
from app.domain.itam.reconciling.reading import Reading, minor_of, statuses_meant
from app.domain.itam.reconciling.record import Record, folded, identifier
from app.domain.itam.reconciling.registers import Meaning, Register, RegisterField
from app.domain.money import digits_of, say_money


@dataclass(frozen=True, slots=True)
class Difference:
    """One field on which the two do not agree, as each of them says it."""

    field: str
    ours: str
    theirs: str


def differences(
    register: Register, ours: Record, theirs: Record, reading: Reading, today: date
) -> tuple[Difference, ...]:
    """Every compared field in which the two differ; what they leave empty, they do not deny.

    Money is compared in minor units of one currency, a status by the statuses that their word can mean.
    """
    found: list[Difference] = [
        difference
        for field in register.compared
        if theirs.value(field.name) and (difference := _difference(register.kind, field, ours, theirs, reading))
    ]
    if register.kind is SourceKind.LEAVERS:
        return (*found, *_of_leaver(ours, theirs, today))
    return (*found, *(Difference(*each) for each in ours.beyond))


def _of_leaver(ours: Record, theirs: Record, today: date) -> list[Difference]:
    """Who stands on the list has left, with or without a day; from that day on they hold nothing."""
    left_on = theirs.value("left_on")
    found = [] if left_on or ours.value("left_on") else [Difference("left_on", "", "has left")]
    if left_on and date.fromisoformat(left_on) > today:
        return found
    says = f"left on {say(date.fromisoformat(left_on))}" if left_on else "has left"
    return [*found, *(Difference(field, held, says) for field, held, _ in ours.beyond)]


def _difference(
    kind: SourceKind, field: RegisterField, ours: Record, theirs: Record, reading: Reading
) -> Difference | None:
    mine, yours = ours.value(field.name), theirs.value(field.name)
    if field.meaning is Meaning.MONEY:
        return _of_money(field, ours, theirs, reading)
    if field.meaning is Meaning.STATUS:
        # Ours is always one of our words; another noun than an asset has none to compare.
        if mine and AssetStatus(mine) in statuses_meant(yours, kind, reading):
            return None
        return Difference(field.name, AssetStatus(mine).label if mine else "", yours)
    if field.matches is not None:
        same = identifier(mine) == identifier(yours)
    elif field.meaning in (Meaning.DAY, Meaning.QUANTITY):
        same = mine == yours
    else:
        same = folded(mine) == folded(yours)
    return None if same else Difference(field.name, mine, yours)


def _of_money(field: RegisterField, ours: Record, theirs: Record, reading: Reading) -> Difference | None:
    mine, yours = minor_of(ours.values), minor_of(theirs.values)
    if mine is not None and yours is not None and mine[1] == yours[1]:
        allowed = Decimal(reading.tolerance).scaleb(digits_of(yours[1]))
        if abs(mine[0] - yours[0]) <= allowed:
            return None
    return Difference(field.name, _said(ours), _said(theirs))


def _said(record: Record) -> str:
    amount = minor_of(record.values)
    return say_money(*amount) if amount is not None else record.value("cost")
