"""Audit programmes: the list with how far each is, and one with the audits of its days."""

from collections import defaultdict
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import and_, func, select
from sqlalchemy.orm import joinedload

from app.domain.certification.facts import AuditKind
from app.domain.programme.audit_programme import Stand, stand_of
from app.domain.programme.progress import AuditProgress
from app.models.audit import Audit
from app.models.audit_plan import AuditProgramme
from app.work import Work

PAGE = 50


class Listed(NamedTuple):
    """An audit that lies in the days of a programme."""

    reference: str
    kind: AuditKind
    title: str
    starts_on: date
    ends_on: date
    progress: AuditProgress
    frozen_at: datetime | None


def programme_list(work: Work, page: int = 1) -> tuple[list[tuple[AuditProgramme, Stand]], int]:
    """A page of the programmes, the latest first, each with how far it is; and how many there are."""
    total = work.session.scalar(select(func.count(AuditProgramme.id))) or 0
    page = max(1, min(page, -(-total // PAGE)))
    rows = work.all(
        select(AuditProgramme)
        .options(joinedload(AuditProgramme.responsible))
        .order_by(AuditProgramme.ends_on.desc(), AuditProgramme.id.desc())
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    within = and_(Audit.ends_on >= AuditProgramme.starts_on, Audit.ends_on <= AuditProgramme.ends_on)
    audits = (
        select(AuditProgramme.id, Audit.kind, Audit.progress, Audit.ends_on, Audit.frozen_at)
        .join(Audit, within)
        .where(AuditProgramme.id.in_([row.id for row in rows]), Audit.kind == AuditKind.INTERNAL)
    )
    found: dict[int, list[tuple[AuditKind, AuditProgress, date, bool]]] = defaultdict(list)
    for id_, kind, progress, ends_on, frozen_at in work.execute(audits):
        found[id_].append((kind, progress, ends_on, frozen_at is not None))
    return [(row, stand_of(found[row.id], work.today)) for row in rows], total


def programme_by(work: Work, reference: str, *, for_update: bool = False) -> AuditProgramme | None:
    """One programme with who answers for it; for update, it is held until the work is done."""
    statement = (
        select(AuditProgramme)
        .where(AuditProgramme.reference == reference)
        .options(joinedload(AuditProgramme.responsible))
    )
    if for_update:
        statement = statement.with_for_update(of=AuditProgramme).execution_options(populate_existing=True)
    return work.one_or_none(statement)


def audits_within(work: Work, programme: AuditProgramme) -> list[Listed]:
    """The audits whose last day lies in a programme, by day; those of the certification body too."""
    statement = (
        select(
            Audit.reference,
            Audit.kind,
            Audit.title,
            Audit.starts_on,
            Audit.ends_on,
            Audit.progress,
            Audit.frozen_at,
        )
        .where(Audit.ends_on >= programme.starts_on, Audit.ends_on <= programme.ends_on)
        .order_by(Audit.ends_on, Audit.id)
    )
    return [Listed(*row) for row in work.execute(statement)]


def stand_within(audits: list[Listed], today: date) -> Stand:
    """How far the internal audits among these are."""
    return stand_of(((each.kind, each.progress, each.ends_on, each.frozen_at is not None) for each in audits), today)
