"""Judging one certificate on one day: facts in, the whole answer with its reasons out."""

from collections.abc import Iterator
from datetime import date

from app.domain.certification.case import Case, Fault, Limit
from app.domain.certification.due import next_audit
from app.domain.certification.facts import Facts
from app.domain.certification.rules import RULES
from app.domain.certification.status import effective_valid_through, state_of, valid_through
from app.domain.certification.verdict import Breach, Cycle, CycleKind, Deadline, NextAudit, Rule, Standing, Verdict
from app.domain.dates import day_after

__all__ = ["Breach", "Cycle", "CycleKind", "Deadline", "NextAudit", "Rule", "Standing", "Verdict", "judge"]

_UNSETTLED = (Standing.OPEN, Standing.PLANNED)
_RANK = {
    rule: rank
    for rank, rule in enumerate(
        (
            Rule.FIRST_SURVEILLANCE,
            Rule.CALENDAR_YEAR,
            Rule.SECOND_SURVEILLANCE,
            Rule.RECERTIFICATION,
            Rule.STAGE_2_MAJORS,
            Rule.RESTORATION,
            Rule.SUSPENSION_LIMIT,
            Rule.EDITION_DEADLINE,
        )
    )
}


def judge(facts: Facts, on: date) -> Verdict:
    """Say how a certificate stands on a day, what is due next and by when, and why.

    Facts may come in any order; nothing dated after `on` has happened yet. Breaches are of the current cycle (of the
    application, for an applicant) and stay for all of it.
    """
    case = Case(facts, on)
    deadlines: list[Deadline] = []
    faults: list[Fault] = []
    changes: list[date] = []
    for rule in RULES:
        for finding in rule(case):
            if isinstance(finding, Fault):
                faults.append(finding)
                continue
            row = finding.deadline
            if case.history.withdrawn_on is not None and row.standing in _UNSETTLED:
                continue  # nobody audits a withdrawn certificate any more
            deadlines.append(row)
            changes.append(day_after(row.closes_on))
            if row.standing is Standing.BREACHED:
                faults.append(_missed(finding))
    deadlines.sort(key=_by_closing)
    faults.sort(key=_by_since)
    breaches: list[Breach] = []
    warnings: list[Breach] = []
    for fault in faults:
        if fault.since > case.day:
            changes.append(fault.since)
        else:
            (breaches if fault.hard else warnings).append(Breach(fault.rule, fault.year, fault.since, fault.why))
    changes.extend(_events(case))
    term = case.term
    return Verdict(
        on=on,
        state=state_of(case),
        cycle=Cycle(term.number, term.kind, term.began_on, term.gap_days, term.why) if term else None,
        valid_through=valid_through(case),
        effective_valid_through=effective_valid_through(case),
        next_audit=next_audit(case),
        deadlines=tuple(deadlines),
        breaches=tuple(breaches),
        warnings=tuple(warnings),
        next_change_on=min((day for day in changes if day > on), default=None),
    )


def _missed(limit: Limit) -> Fault:
    row = limit.deadline
    return Fault(row.rule, day_after(row.closes_on), row.why + limit.why_missed, hard=row.hard, year=row.year)


def _by_closing(row: Deadline) -> tuple[date, int, date]:
    return row.closes_on, _RANK[row.rule], row.opens_on or date.min


def _by_since(fault: Fault) -> tuple[date, str, int]:
    return fault.since, fault.rule, fault.year or 0


def _events(case: Case) -> Iterator[date]:
    """The days on which a fact comes into force or a day of the certificate passes."""
    facts = case.facts
    for decision in facts.decisions:
        yield decision.decided_on
    for audit in facts.audits:
        yield audit.ends_on
        yield day_after(audit.ends_on)
    for nonconformity in facts.nonconformities:
        if nonconformity.verified_on is not None:
            yield nonconformity.verified_on
    for change in facts.changes:
        yield change.on
    for day in (case.effective_valid_through, case.restore_by):
        if day is not None:
            yield day_after(day)
