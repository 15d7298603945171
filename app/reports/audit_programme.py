"""The audit programme on paper: why and how, its audits, and what they cover of the standards in use."""

from typing import Any

from app.domain.dates import say
from app.domain.document import Column, Document, Shape, Table
from app.models.audit_plan import AuditProgramme
from app.queries.audit_programmes import Listed, audits_within, stand_within
from app.queries.coverage import coverage_of, period_within
from app.queries.journal import head_of
from app.reports.coverage import MISSING, TOTALS, coverage_gaps, coverage_totals
from app.work import Work

AUDITS = (
    Column("Audit", breadth=4),
    Column("Kind", breadth=4),
    Column("Title", breadth=5),
    Column("First day", Shape.DAY),
    Column("Last day", Shape.DAY),
    Column("How far", breadth=4),
)


def programme_document(work: Work, row: AuditProgramme, made_by: str) -> Document:
    """A programme as a document; who answers for it must be loaded. [ISO 19011, 5]"""
    audits = audits_within(work, row)
    matrix = coverage_of(work, period_within(row.starts_on, row.ends_on, row.reference))
    head = head_of(work)
    return Document(
        name=f"audit-programme-{row.reference}",
        title=f"Audit programme {row.reference}: {row.title}",
        organisation=work.organisation.name,
        day=work.today,
        made_on=work.today,
        made_by=made_by,
        says=stand_within(audits, work.today).says,
        serves=(),
        tables=(
            Table("Programme", (Column("What", breadth=2), Column("Said of it", breadth=8)), _facts(row), ""),
            Table("Audits", AUDITS, [_line(each) for each in audits], "No audit lies in its days."),
            Table("How much is covered", TOTALS, coverage_totals(matrix), "No standard is in use."),
            Table("What is missing", MISSING, coverage_gaps(matrix), "Everything is covered or planned."),
        ),
        notes=(),
        journal_entries=head.length,
        journal_head=head.head,
        narrowed=(("Days", f"{say(row.starts_on)} to {say(row.ends_on)}"),),
    )


def _facts(row: AuditProgramme) -> list[tuple[Any, ...]]:
    reviewed = f"On {say(row.reviewed_on)}. {row.review_note}".strip() if row.reviewed_on else row.review_note
    return [
        ("Responsible person", row.responsible.label if row.responsible else None),
        ("Objectives", row.objectives),
        ("Risks", row.risks),
        ("Opportunities", row.opportunities),
        ("Criteria", row.criteria),
        ("Scope", row.scope),
        ("Methods", row.methods),
        ("Resources", row.resources),
        ("Review", reviewed),
    ]


def _line(each: Listed) -> tuple[Any, ...]:
    kind = each.kind.value.replace("-", " ").capitalize()
    signed = ", report signed" if each.frozen_at is not None else ""
    return each.reference, kind, each.title, each.starts_on, each.ends_on, f"{each.progress.label}{signed}"
