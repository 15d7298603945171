"""Keep whose an asset is, from day to day, and who answers for what on it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.domain.explained import Reason, RefusedError
from app.domain.itam.ownership import (
    FIELDS,
    MIXED_RESPONSIBILITY,
    Duty,
    OwnershipFacts,
    OwnershipKind,
    last_day_before,
    refuse_incomplete,
    refuse_overlap,
)
from app.models.asset import Asset, AssetDuty, AssetOwnership
from app.operations.conflict import ConflictError
from app.operations.employees import employee_named
from app.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnershipDetails:
    """What is said of whose an asset is; the employee by number or name."""

    kind: OwnershipKind
    starts_on: date
    party: str = ""
    contract: str = ""
    tenant: str = ""
    region: str = ""
    employee: str = ""
    agreement_signed_on: date | None = None
    may_wipe: str = ""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who answers for a duty: an employee by number or name, or a party; neither leaves it to nobody."""

    employee: str = ""
    party: str = ""


def change_ownership(work: Work, asset: Asset, details: OwnershipDetails) -> AssetOwnership:
    """Record whose an asset, loaded for update, is from a day on; what held until then ends on the day before.

    The only ownership of an asset, such as the one that recording it assumed, is replaced by what begins on its day.
    [ISO/IEC 19770-1:2017, 8.7]
    """
    said = FIELDS[details.kind]
    employee = employee_named(work, details.employee, "employee") if "employee" in said else None
    facts = OwnershipFacts(
        kind=details.kind,
        starts_on=details.starts_on,
        party=details.party.strip() if "party" in said else "",
        contract=details.contract.strip() if "contract" in said else "",
        tenant=details.tenant.strip() if "tenant" in said else "",
        region=details.region.strip() if "region" in said else "",
        has_employee=employee is not None,
        agreement_signed_on=details.agreement_signed_on if "agreement_signed_on" in said else None,
        may_wipe=details.may_wipe.strip() if "may_wipe" in said else "",
    )
    refuse_incomplete(facts, work.today)
    said_of_it: dict[str, Any] = {
        "kind": facts.kind,
        "party": facts.party,
        "contract": facts.contract,
        "tenant": facts.tenant,
        "region": facts.region,
        "employee_id": employee.id if employee else None,
        "agreement_signed_on": facts.agreement_signed_on,
        "may_wipe": facts.may_wipe,
    }
    earlier = list(asset.ownerships)
    if len(earlier) == 1 and earlier[0].ends_on is None and earlier[0].starts_on == facts.starts_on:
        for name, value in said_of_it.items():
            setattr(earlier[0], name, value)
        work.flush()
        return earlier[0]
    refuse_overlap(details.starts_on, [(each.starts_on, each.ends_on) for each in earlier])
    for each in earlier:
        if each.ends_on is None:
            each.ends_on = last_day_before(details.starts_on)
    return work.add(AssetOwnership(asset=asset, starts_on=facts.starts_on, **said_of_it))


def take_back_ownership(work: Work, asset: Asset, reason: str) -> None:
    """Take back the latest ownership of an asset that was recorded by mistake; the one before it goes on."""
    if not asset.ownerships:
        raise RefusedError("No ownership is on record.")
    if not reason.strip():
        raise RefusedError("Say why it is taken back: the journal keeps the reason.", "reason")
    work.reason = reason.strip()
    *before, last = asset.ownerships
    if before and before[-1].ends_on == last_day_before(last.starts_on):
        before[-1].ends_on = None
    work.session.delete(last)
    work.flush()


def stamp_of_duties(asset: Asset) -> str:
    """What a form carries of the duties of an asset: it changes with every holder."""
    said = sorted(f"{each.duty.value}/{each.employee_id}/{each.party}" for each in asset.duties)
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:16]


def set_duties(work: Work, asset: Asset, holders: Mapping[Duty, Holder], seen: str | None = None) -> None:
    """Say who answers for each duty on an asset that was loaded for update. [ISO/IEC 19770-1:2017, 8.7]"""
    if seen is not None and seen != stamp_of_duties(asset):
        raise ConflictError(asset, f"Who answers for {asset.tag}")
    kept = {each.duty: each for each in asset.duties}
    for duty, holder in holders.items():
        row = kept.get(duty)
        party = " ".join(holder.party.split())
        before = row.employee_id if row else None
        employee = employee_named(work, holder.employee, f"{duty.value}_employee", unless_left=before)
        if employee is not None and party:
            says = f"One answers for {duty.value}: an employee, or a party."
            raise RefusedError(Reason(says, MIXED_RESPONSIBILITY), f"{duty.value}_party")
        if employee is None and not party:
            if row is not None:
                asset.duties.remove(row)
            continue
        if row is None:
            row = AssetDuty(duty=duty)
            asset.duties.append(row)
        row.employee_id, row.party = employee.id if employee else None, party
    work.flush()
