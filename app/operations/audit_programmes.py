"""Audit programmes: why and how the audits of a period are held, and what their review found."""

from dataclasses import dataclass, fields
from datetime import date

from app.domain.explained import RefusedError
from app.domain.programme.audit_programme import refuse_programme
from app.models.audit_plan import AuditProgramme
from app.operations.conflict import refuse_if_changed
from app.operations.processes import refuse_strangers
from app.operations.references import next_reference
from app.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeDetails:
    """What is said of a programme."""

    title: str
    starts_on: date
    ends_on: date
    objectives: str = ""
    risks: str = ""
    opportunities: str = ""
    criteria: str = ""
    scope: str = ""
    methods: str = ""
    resources: str = ""
    responsible_id: int | None = None
    reviewed_on: date | None = None
    review_note: str = ""


def create(work: Work, details: ProgrammeDetails) -> AuditProgramme:
    """Write a programme down; the audits of its days belong to it by themselves. [ISO 19011, 5]"""
    row = AuditProgramme()
    _tell(work, row, details)
    row.reference = next_reference(work, AuditProgramme, f"AP-{details.starts_on.year}-", digits=2)
    return work.add(row)


def edit(work: Work, row: AuditProgramme, details: ProgrammeDetails, seen: int | None = None) -> None:
    """Change a programme that was loaded for update; who saw an older version is refused."""
    refuse_if_changed(row, seen, row.reference)
    _tell(work, row, details)
    work.flush()


def _tell(work: Work, row: AuditProgramme, details: ProgrammeDetails) -> None:
    title = " ".join(details.title.split())
    if not title:
        raise RefusedError("Give the programme a title.", "title")
    refuse_programme(details.starts_on, details.ends_on, details.reviewed_on, work.today)
    # Whoever has left since stays named until somebody takes their place.
    if details.responsible_id is not None and details.responsible_id != row.responsible_id:
        refuse_strangers(work, frozenset({details.responsible_id}), "responsible")
    for each in fields(details):
        value = getattr(details, each.name)
        setattr(row, each.name, value.strip() if isinstance(value, str) else value)
    row.title = title
