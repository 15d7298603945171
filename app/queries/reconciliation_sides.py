"""Our side of a comparison: what we have of each kind, and whether the other register should have it too.

A fixed number of questions, however many rows.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import and_, func, or_, select

from app.domain.explained import Explained
from app.domain.itam.asset import AssetStatus
from app.domain.itam.ownership import OwnershipKind
from app.domain.itam.reconciliation import SourceKind
from app.domain.itam.reconciling.expected import (
    AssetFact,
    Expecting,
    in_configuration,
    in_invoices,
    in_leavers,
    in_ledger,
)
from app.domain.itam.reconciling.record import Record, folded, identifier
from app.domain.money import amount_of
from app.models.asset import Asset, AssetOwnership
from app.models.employee import Employee
from app.models.licence import Entitlement, LicencePool, LicenceSeat
from app.models.organisation import Site
from app.models.reconciliation import Reconciliation, ReconciliationLine
from app.models.software import Publisher
from app.work import Work

_GONE = (AssetStatus.DISPOSED, AssetStatus.LOST)


@dataclass(slots=True)
class Side:
    """Our records, and how many of them need not be in the other register, by the reason."""

    records: list[Record] = field(default_factory=list)
    excused: Counter[str] = field(default_factory=Counter)

    def add(self, record_id: int, values: dict[str, str], label: str, expected: Explained[bool], *beyond: Any) -> None:
        """Keep a record; what we do not know of it is left out."""
        known = {name: text for name, text in values.items() if text}
        self.records.append(Record(record_id, known, label, expected.value, tuple(beyond)))
        if not expected.value:
            self.excused[expected.why[0].says] += 1


def our_side(work: Work, kind: SourceKind, expecting: Expecting) -> Side:
    """What we have of the kind."""
    sides: dict[SourceKind, Callable[[Work, Expecting], Side]] = {
        SourceKind.LEDGER: lambda w, e: _assets(w, lambda fact: in_ledger(fact, e), in_ledger_of_theirs=True),
        SourceKind.CONFIGURATION: lambda w, e: _assets(w, in_configuration),
        SourceKind.INVOICES: _entitlements,
        SourceKind.LEAVERS: _employees,
    }
    return sides[kind](work, expecting)


def still_ours(work: Work, run: Reconciliation, lines: Sequence[ReconciliationLine]) -> set[int]:
    """The lines, by their ids, where something of ours that differed is today as it was when the run compared it."""
    if not lines:
        return set()
    now = {record.id: record.values for record in our_side(work, run.kind, Expecting()).records}
    found = set()
    for line in lines:
        values = now.get(line.asset_id or line.entitlement_id or line.employee_id or 0)
        if values is None:
            continue
        names = [(name, "currency") if name == "cost" else (name,) for name, _, _ in line.differences]
        if any(all(values.get(each, "") == line.ours.get(each, "") for each in one) for one in names):
            found.add(line.id)
    return found


def _assets(work: Work, expected: Callable[[AssetFact], Explained[bool]], *, in_ledger_of_theirs: bool = False) -> Side:
    owned = AssetOwnership
    # Of several that overlap, which no form allows, the last one holds.
    rows: Any = work.execute(
        select(owned.asset_id, owned.kind).where(_now(owned, work.today)).order_by(owned.starts_on, owned.id)
    )
    whose: dict[int, OwnershipKind] = dict(iter(rows))
    columns: Any = (
        *(Asset.id, Asset.tag, Asset.serial, Asset.name, Asset.maker, Asset.model, Asset.kind, Asset.status),
        *(Asset.in_scope, Asset.cost_minor, Asset.currency, Asset.purchase_order, Asset.purchased_on, Site.name),
    )
    side = Side()
    for row in work.execute(select(*columns).outerjoin(Site, Asset.site_id == Site.id).order_by(Asset.id)):
        asset_id, tag, serial, name, maker, model, kind, status, in_scope, cost, currency, order, bought, site = row
        ownership = whose.get(asset_id)
        values = {
            "tag": tag,
            "serial": serial,
            "name": " ".join(dict.fromkeys(f"{maker} {name}".split())),
            "model": model,
            "status": status.value,
            "cost": _amount(cost, currency),
            "currency": currency if cost is not None else "",
            "quantity": "1",
            "purchase_order": order,
            "purchased_on": bought.isoformat() if bought else "",
            "site": site or "",
        }
        fact = AssetFact(kind, status, in_scope, ownership, cost, currency)
        beyond = []
        if in_ledger_of_theirs and ownership not in (None, OwnershipKind.OWNED):
            beyond.append(("ownership", ownership.label if ownership else "", "in the ledger"))
        side.add(asset_id, values, tag, expected(fact), *beyond)
    return side


def _amount(minor: int | None, currency: str) -> str:
    return "" if minor is None else str(amount_of(minor, currency))


def _entitlements(work: Work, expecting: Expecting) -> Side:
    one = Entitlement
    columns: Any = (
        *(one.id, one.reference, one.kind, one.quantity, one.starts_on, one.cost_minor, one.currency),
        *(one.purchase_order, one.invoice, LicencePool.name, Publisher.name),
    )
    side = Side()
    for row in work.execute(
        select(*columns)
        .join(LicencePool, one.pool_id == LicencePool.id)
        .join(Publisher, LicencePool.publisher_id == Publisher.id)
        .order_by(one.id)
    ):
        number, reference, kind, quantity, starts_on, cost, currency, order, invoice, pool, publisher = row
        values = {
            "reference": reference,
            "invoice": invoice,
            "purchase_order": order,
            "name": pool,
            "publisher": publisher,
            "quantity": str(quantity),
            "cost": _amount(cost, currency),
            "currency": currency if cost is not None else "",
        }
        side.add(number, values, reference, in_invoices(kind, starts_on, expecting))
    return side


def _employees(work: Work, expecting: Expecting) -> Side:
    held = _held(work)
    columns: Any = (Employee.id, Employee.number, Employee.name, Employee.email, Employee.left_on)
    side = Side()
    for number, personnel, name, email, left_on in work.execute(select(*columns).order_by(Employee.id)):
        values = {
            "number": personnel,
            "name": name,
            "email": email,
            "left_on": left_on.isoformat() if left_on else "",
        }
        things = held.get(number, [])
        beyond = [("holds", ", ".join(sorted(things)), "")] if things else []
        if things:
            values["holds"] = ", ".join(sorted(things))
        side.add(number, values, personnel, in_leavers(left_on, expecting, work.today), *beyond)
    return side


def _held(work: Work) -> dict[int, list[str]]:
    """What each employee holds today: assets, own devices, seats."""
    held: dict[int, list[str]] = defaultdict(list)
    custodian = select(Asset.custodian_id, Asset.tag).where(Asset.custodian_id.is_not(None), Asset.status.not_in(_GONE))
    for employee, tag in work.execute(custodian):
        held[employee].append(tag)
    owned = AssetOwnership
    own = (
        select(owned.employee_id, Asset.tag)
        .join(Asset, owned.asset_id == Asset.id)
        .where(owned.kind == OwnershipKind.OWN_DEVICE, owned.employee_id.is_not(None), _now(owned, work.today))
    )
    for employee, tag in work.execute(own):
        held[employee].append(f"{tag} (own device)")
    seat = LicenceSeat
    seats = (
        select(seat.employee_id, LicencePool.reference)
        .join(LicencePool, seat.pool_id == LicencePool.id)
        .where(seat.employee_id.is_not(None), _now(seat, work.today))
    )
    for employee, pool in work.execute(seats):
        held[employee].append(f"a seat of {pool}")
    return held


def _now(period: Any, day: date) -> Any:
    return and_(period.starts_on <= day, or_(period.ends_on.is_(None), period.ends_on >= day))


def assets_by_serial(work: Work, serials: Iterable[str]) -> dict[str, list[tuple[int, str]]]:
    """The assets of these serial numbers, by the number as it is compared: id and tag of each, by tag."""
    wanted = {number for each in serials if (number := identifier(each))}
    if not wanted:
        return {}
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    like_it = func.lower(func.replace(Asset.serial, " ", "")).in_(wanted)
    for asset_id, tag, serial in work.execute(
        select(Asset.id, Asset.tag, Asset.serial).where(like_it).order_by(Asset.tag)
    ):
        found[identifier(serial)].append((asset_id, tag))
    return found


def sites_by_name(work: Work) -> dict[str, int]:
    """The sites that are open, by their names in small letters."""
    open_now = or_(Site.closed_on.is_(None), Site.closed_on > work.today)
    rows: Any = work.execute(select(Site.name, Site.id).where(open_now))
    return {folded(name): site_id for name, site_id in rows}
