"""The checklist of an audit as its pages read it: all of it in short, one question in full, and what changed since."""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.domain.programme.checklist import ClauseResult, clause_order
from app.models.audit import TeamMember
from app.models.checklist import ChecklistItem
from app.models.finding import Finding
from app.models.journal import JournalChain, JournalEntry
from app.models.person import Person
from app.work import Work
from app.work.journal import chain_of

FURTHEST_BACK = 20_000
"""Whoever saw less than so many entries of the journal is told everything anew."""


class Line(NamedTuple):
    """A question of a checklist in short."""

    id: int
    clause: str
    question: str
    result: ClauseResult
    assigned_to_id: int | None
    assessed_by: str
    assessed_at: datetime | None


class Group(NamedTuple):
    """The questions of one standard, in the order of its clauses."""

    standard: str
    lines: list[Line]


def groups_of(work: Work, audit_id: int) -> list[Group]:
    """All questions in short, by standard and clause, in one query."""
    item = ChecklistItem
    rows = work.execute(
        select(
            item.standard,
            item.id,
            item.clause,
            item.question,
            item.result,
            item.assigned_to_id,
            Person.id,
            Person.name,
            Person.erased_at,
            item.assessed_at,
        )
        .outerjoin(Person, item.assessed_by_id == Person.id)
        .where(item.audit_id == audit_id)
        .order_by(item.position, item.id)
    )
    found: dict[str, list[Line]] = defaultdict(list)
    for standard, id_, clause, question, result, assigned, by_id, by, erased_at, at in rows:
        name = "" if by_id is None else by if erased_at is None else f"Erased person {by_id}"
        found[standard].append(Line(id_, clause, question, result, assigned, name, at))
    for lines in found.values():
        lines.sort(key=lambda line: clause_order(line.clause))
    return [Group(standard, found[standard]) for standard in sorted(found, key=lambda name: (name == "", name))]


def tally(groups: Sequence[Group]) -> Counter[ClauseResult]:
    """How many questions have each verdict."""
    return Counter(line.result for group in groups for line in group.lines)


def item_of(work: Work, audit_id: int, item_id: int) -> ChecklistItem | None:
    """One question in full, as the database has it now."""
    statement = (
        select(ChecklistItem)
        .where(ChecklistItem.id == item_id, ChecklistItem.audit_id == audit_id)
        .options(joinedload(ChecklistItem.assessed_by))
    )
    return work.one_or_none(statement.execution_options(populate_existing=True))


def items_of(work: Work, audit_id: int, ids: Collection[int] | None = None) -> list[ChecklistItem]:
    """All questions of an audit in full, or those of these ids."""
    statement = select(ChecklistItem).where(ChecklistItem.audit_id == audit_id)
    if ids is not None:
        statement = statement.where(ChecklistItem.id.in_(ids))
    statement = statement.options(joinedload(ChecklistItem.assessed_by))
    return work.all(statement.order_by(ChecklistItem.position, ChecklistItem.id))


def findings_from(work: Work, audit_id: int) -> dict[int, list[str]]:
    """The references of the findings that were raised from each question."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = select(Finding.item_id, Finding.reference).where(Finding.audit_id == audit_id, Finding.item_id.is_not(None))
    for item_id, reference in work.execute(rows.order_by(Finding.reference)):
        found[item_id].append(reference)
    return found


def reached(work: Work) -> int:
    """How many entries the journal of the organisation holds: who has read up to here has seen every change."""
    return work.session.scalar(select(JournalChain.length).where(JournalChain.name == chain_of(work.home))) or 0


def changed_since(work: Work, audit_id: int, seen: int, now: int) -> list[int] | None:
    """The ids of the questions of an audit that changed after so many entries, or went; None where it is too long ago.

    Those of other audits are not told: an assessor who was invited to this one learns nothing of them.
    """
    if not 0 <= seen <= now <= seen + FURTHEST_BACK:
        return None
    if now == seen:
        return []
    rows = select(JournalEntry.noun_id, JournalEntry.action, JournalEntry.changes).where(
        JournalEntry.chain == chain_of(work.home),
        JournalEntry.number > seen,
        JournalEntry.noun == ChecklistItem.__tablename__,
    )
    changed, gone = set(), set()
    for row in work.execute(rows):
        if row.action != "deleted":
            changed.add(int(row.noun_id))
        elif json.loads(row.changes)["audit_id"][0] == audit_id:
            gone.add(int(row.noun_id))
    theirs = select(ChecklistItem.id).where(ChecklistItem.audit_id == audit_id, ChecklistItem.id.in_(changed))
    return sorted(gone | set(work.all(theirs))) if changed else sorted(gone)


def my_places(team: Sequence[TeamMember], person_id: int) -> frozenset[int]:
    """The places of a person in the team."""
    return frozenset(member.id for member in team if member.person_id == person_id)
