"""Plan the import of a file and carry it out: all of it in one transaction, or nothing."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select

from app.domain.explained import Reason, RefusedError
from app.domain.itam.batch import BatchKind
from app.domain.itam.rows import Lines
from app.models.asset import Asset
from app.models.base import Base
from app.models.capacity import UsageRecord
from app.models.employee import Employee
from app.models.import_batch import ImportBatch
from app.models.licence import Entitlement
from app.operations.imports import assets, employees, entitlements, installations, usage
from app.operations.imports.owning import write_ownerships
from app.operations.imports.plan import Plan
from app.operations.imports.seat_cover import hold_pools, refuse_uncovered
from app.operations.imports.writing import add_products, number_entitlements, use_installations, write_installations
from app.operations.unswept import unswept
from app.work import Work, today_in

_AT_ONCE = 500
_PLANNERS: dict[BatchKind, Callable[..., Plan]] = {
    BatchKind.ASSETS: assets.plan,
    BatchKind.EMPLOYEES: employees.plan,
    BatchKind.INSTALLATIONS: installations.plan,
    BatchKind.ENTITLEMENTS: entitlements.plan,
    BatchKind.USAGE: usage.plan,
}
_MODELS: dict[BatchKind, type[Base]] = {
    BatchKind.ASSETS: Asset,
    BatchKind.EMPLOYEES: Employee,
    BatchKind.ENTITLEMENTS: Entitlement,
    BatchKind.USAGE: UsageRecord,
}


@dataclass(frozen=True, slots=True)
class Sent:
    """A file that was sent: its name, the hash of what is in it, and whose register it comes from."""

    name: str
    sha256: str
    source: str = ""


def day_of(work: Work, kind: BatchKind, sha256: str) -> date:
    """The day that lines without one are of: of a file that was imported before, the day on which it was."""
    statement = (
        select(ImportBatch.imported_at)
        .where(ImportBatch.kind == kind, ImportBatch.sha256 == sha256)
        .order_by(ImportBatch.id)
        .limit(1)
    )
    found = work.session.scalars(statement).first()
    return today_in(work.organisation.time_zone, found) if found is not None else work.today


def prepare(work: Work, lines: Lines, sent: Sent) -> Plan:
    """What the import will add, change and leave, and every line that is faulty; writes nothing."""
    with unswept():
        return _planned(work, lines, sent, lock=False)


def carry_out(work: Work, lines: Lines, sent: Sent, agreed: str | None = None) -> ImportBatch:
    """Import a file: all of it, or nothing where a line is faulty; the same file again changes nothing.

    `agreed` is the digest of the plan that somebody saw: where the register has changed since, it is refused.
    """
    with unswept():
        return _carried_out(work, lines, sent, agreed)


def _carried_out(work: Work, lines: Lines, sent: Sent, agreed: str | None) -> ImportBatch:
    plan = _planned(work, lines, sent, lock=True)
    if plan.faults:
        first = plan.faults[0]
        count = f"{len(plan.faults)} lines are" if len(plan.faults) > 1 else "A line is"
        raise RefusedError(f"{count} faulty, so nothing was imported. {first}", "file")
    if agreed is not None and agreed != plan.digest:
        says = "The register has changed since you saw what this import does. Look at it again."
        raise RefusedError(Reason(says), "agreed")
    batch = work.add(
        ImportBatch(
            kind=plan.kind,
            source=sent.source.strip()[:120],
            file_name=sent.name[:200],
            sha256=sent.sha256,
            added=len(plan.additions),
            changed=len(plan.alterations),
            left=plan.left,
            imported_at=work.now,
            imported_by_id=work.actor_id,
        )
    )
    products = add_products(work, plan)
    before = hold_pools(work, plan) if plan.kind is BatchKind.ENTITLEMENTS else []
    if plan.kind is BatchKind.INSTALLATIONS:
        write_installations(work, plan, products, batch.id)
        return batch
    model = _MODELS[plan.kind]
    rows = [added.values for added in plan.additions]
    if plan.kind is BatchKind.ENTITLEMENTS:
        rows = number_entitlements(work, rows, batch.id)
    elif plan.kind is BatchKind.USAGE:
        rows = [{**row, "batch_id": batch.id} for row in rows]
    ids = work.insert_many(model, rows)
    if plan.kind is BatchKind.USAGE:
        work.update_many(model, [(each.row_id, each.old, each.new) for each in plan.alterations])
        use_installations(work, rows)
    else:
        _alter(work, model, plan)
    refuse_uncovered(work, before)
    if plan.ownerships:
        write_ownerships(work, plan, dict(zip((added.line for added in plan.additions), ids, strict=True)))
    return batch


def _planned(work: Work, lines: Lines, sent: Sent, *, lock: bool) -> Plan:
    if lines.conventions.seen_on is None:
        lines.conventions = replace(lines.conventions, seen_on=day_of(work, lines.kind, sent.sha256))
    planner = _PLANNERS[lines.kind]
    locks = {"lock": lock} if lines.kind in (BatchKind.INSTALLATIONS, BatchKind.USAGE) else {}
    plan = planner(work, lines, **locks)
    faults = sorted([*lines.faults, *plan.faults], key=lambda fault: fault.line)
    plan.faults = [replace(each, place=lines.places.get(each.line, "")) for each in faults] if lines.places else faults
    plan.notes = [*lines.notes, *plan.notes]
    return plan


def _alter(work: Work, model: Any, plan: Plan) -> None:
    """Change what has a version: another who changes the same row at the same moment is not overwritten."""
    for start in range(0, len(plan.alterations), _AT_ONCE):
        some = {each.row_id: each for each in plan.alterations[start : start + _AT_ONCE]}
        for row in work.all(select(model).where(model.id.in_(some)).with_for_update()):
            for name, value in some[row.id].new.items():
                setattr(row, name, value)
        work.flush()
