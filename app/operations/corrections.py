"""Where the other register is right: what of ours that changes, told before it is done, and then done."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.domain.explained import Reason, RefusedError
from app.domain.itam.asset import NEXT, AssetStatus
from app.domain.itam.reconciliation import RECONCILIATION, SourceKind
from app.domain.itam.reconciling.reading import Reading, read_status_words, statuses_meant
from app.domain.itam.reconciling.record import folded
from app.domain.itam.reconciling.words import field_label, say_value
from app.domain.money import amount_of, in_minor
from app.models.asset import Asset
from app.models.employee import Employee
from app.models.licence import Entitlement
from app.models.reconciliation import Reconciliation, ReconciliationLine
from app.operations import assets, employees, entitlements
from app.operations.assets import AssetDetails
from app.operations.employees import EmployeeDetails
from app.queries.entitlements import entitlement_by
from app.queries.reconciliation_sides import sites_by_name
from app.work import Work

_PLAIN = ("tag", "serial", "model", "site", "cost", "purchased_on", "status")


@dataclass(frozen=True, slots=True)
class Correction:
    """One field of ours that takes their value, or why it cannot."""

    field: str
    label: str
    now: str
    wanted: str
    value: Any = None
    hindered: str = ""


def corrections_of(work: Work, run: Reconciliation, lines: Sequence[ReconciliationLine]) -> dict[int, list[Correction]]:
    """What each line would correct, by its id; a line that nothing of ours can follow has none."""
    sites = sites_by_name(work)
    reading = Reading(status_words=read_status_words(run.asked.get("status_words", "")))
    found: dict[int, list[Correction]] = {}
    for line in lines:
        if line.asset_id is None and line.employee_id is None and line.entitlement_id is None:
            continue
        corrections = [
            each
            for field, ours, theirs in line.differences
            if (each := _one(run, line, field, ours, theirs, sites, reading))
        ]
        if corrections:
            found[line.id] = corrections
    return found


def _one(
    run: Reconciliation,
    line: ReconciliationLine,
    field: str,
    ours: str,
    theirs: str,
    sites: dict[str, int],
    reading: Reading,
) -> Correction | None:
    label = field_label(run.kind, field)
    now, wanted = say_value(run.kind, field, ours), say_value(run.kind, field, theirs)
    if run.kind is SourceKind.LEAVERS:
        day = line.theirs.get("left_on")
        return Correction(field, label, now, wanted, date.fromisoformat(day)) if field == "left_on" and day else None
    if line.entitlement_id is not None:
        return _of_entitlement(line, field, label, now, wanted, theirs)
    if line.asset_id is None or field not in _PLAIN:
        return None
    if field == "site":
        site = sites.get(folded(theirs))
        hindered = "" if site is not None else f"We have no open site called {theirs}."
        return Correction(field, label, now, wanted, site, hindered)
    if field == "status":
        return _status(run, label, ours, theirs, line.ours.get("status", ""), reading)
    if field == "purchased_on":
        return Correction(field, label, now, wanted, date.fromisoformat(theirs))
    if field == "cost":
        return Correction(field, label, now, wanted, (line.theirs["cost"], line.theirs["currency"]))
    return Correction(field, label, now, wanted, theirs)


def _of_entitlement(
    line: ReconciliationLine, field: str, label: str, now: str, wanted: str, theirs: str
) -> Correction | None:
    if field == "quantity":
        is_whole = theirs.isdecimal() and int(theirs) > 0
        hindered = "" if is_whole else f"An entitlement is of whole units, and {wanted} is not."
        return Correction(field, label, now, wanted, int(theirs) if is_whole else None, hindered)
    if field == "cost":
        return Correction(field, label, now, wanted, (line.theirs["cost"], line.theirs["currency"]))
    return Correction(field, label, now, wanted, theirs) if field in ("invoice", "purchase_order") else None


def _status(run: Reconciliation, label: str, ours: str, theirs: str, held: str, reading: Reading) -> Correction:
    meant = statuses_meant(theirs, run.kind, reading)
    may_follow = NEXT[AssetStatus(held)] if held else ()
    status = next((each for each in meant if each in may_follow), None)
    hindered = ""
    if not meant:
        hindered = f"Nobody said which status of ours “{theirs}” means."
    elif status is None:
        hindered = f"{ours} is not followed by {meant[0].label.lower()}; carry it there step by step."
    return Correction("status", label, ours, status.label if status else theirs, status, hindered)


def correct(work: Work, run: Reconciliation, lines: Sequence[ReconciliationLine], reason: str) -> int:
    """Give our register their values for these lines, through what records assets and employees; gives how many rows.

    All of them or none: the refusal names each that cannot follow.
    """
    wanted = corrections_of(work, run, lines)
    why = [
        f"{line.ours.get('tag') or line.key}: {each.hindered}"
        for line in lines
        for each in wanted.get(line.id, ())
        if each.hindered
    ]
    work.reason = reason.strip()
    for line in lines:
        if line.id not in wanted or why:
            continue
        try:
            _follow(work, line, {each.field: each.value for each in wanted[line.id]}, reason)
        except RefusedError as refusal:
            why += [f"{line.ours.get('tag') or line.key}: {each.says}" for each in refusal.why]
    if why:
        more = [f"And {len(why) - 20} more."] if len(why) > 20 else []
        raise RefusedError(tuple(Reason(each, RECONCILIATION) for each in (*why[:20], *more)), "correct")
    return len(wanted)


def _follow(work: Work, line: ReconciliationLine, values: dict[str, Any], reason: str) -> None:
    if line.employee_id is not None:
        who = work.all(select(Employee).where(Employee.id == line.employee_id).with_for_update())[0]
        names = ("number", "name", "email", "department", "site_id", "person_id")
        employees.edit(work, who, EmployeeDetails(**{each: getattr(who, each) for each in names}, **values))
        return
    if line.entitlement_id is not None:
        _follow_entitlement(work, line.entitlement_id, values)
        return
    # The end of an asset is judged by its duties too.
    loaded = (joinedload(Asset.custodian), selectinload(Asset.duties))
    statement = select(Asset).where(Asset.id == line.asset_id).options(*loaded)
    asset = work.all(statement.with_for_update(of=Asset).execution_options(populate_existing=True))[0]
    status = values.pop("status", None)
    if values:
        assets.edit(work, asset, _told(asset, values))
    if status is not None:
        assets.step(work, asset, status, reason)


def _follow_entitlement(work: Work, entitlement_id: int, values: dict[str, Any]) -> None:
    reference = work.all(select(Entitlement.reference).where(Entitlement.id == entitlement_id))[0]
    row = entitlement_by(work, reference, for_update=True)
    if row is None:
        raise LookupError(f"{reference} is gone while it was held")
    if "cost" in values:
        cost, currency = values.pop("cost")
        values |= {"cost_minor": in_minor(cost, currency), "currency": currency}
    entitlements.edit(work, row, replace(entitlements.details_of(row), **values))


def _told(asset: Asset, values: dict[str, Any]) -> AssetDetails:
    """What is said of the asset, with their values in place."""
    same = (
        *("tag", "name", "kind", "serial", "maker", "model", "site_id", "criticality", "in_scope", "scope_reason"),
        *("currency", "supplier", "purchase_order", "purchased_on", "warranty_ends_on", "end_of_life_on"),
        *("sockets", "cores", "threads", "keywords", "notes"),
    )
    held = {name: getattr(asset, name) for name in same}
    details = AssetDetails(
        **held,
        custodian=asset.custodian.number if asset.custodian else "",
        cost="" if asset.cost_minor is None else str(amount_of(asset.cost_minor, asset.currency)),
    )
    if "cost" in values:
        cost, currency = values.pop("cost")
        details = replace(details, cost=cost, currency=currency)
    if "site" in values:
        details = replace(details, site_id=values.pop("site"))
    return replace(details, **values)
