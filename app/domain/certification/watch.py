"""What endangers a certificate although no rule of its cycle is broken today: notices, beside breaches and warnings.

An audit planned past its limit breaks nothing before that limit has passed, and it can still be moved.
"""

from collections.abc import Iterator
from datetime import date

from app.domain import clauses
from app.domain.certification.case import Case, Held, counts_as_surveillance
from app.domain.certification.facts import (
    AuditKind,
    AuditStatus,
    DecisionKind,
    Facts,
    Grade,
    NonconformityFact,
    State,
)
from app.domain.certification.risk import Notice, Risk, rule_name
from app.domain.certification.verdict import Deadline, Rule, Standing, Verdict
from app.domain.dates import day_after, days_between, say, say_days
from app.domain.explained import Reason

_BY_SURVEILLANCE = frozenset({Rule.FIRST_SURVEILLANCE, Rule.SECOND_SURVEILLANCE, Rule.CALENDAR_YEAR})
_OTHER_KINDS = {
    Rule.RECERTIFICATION: AuditKind.RECERTIFICATION,
    Rule.RESTORATION: AuditKind.RECERTIFICATION,
    Rule.EDITION_DEADLINE: AuditKind.TRANSITION,
}


def watch(facts: Facts, verdict: Verdict) -> tuple[Notice, ...]:
    """The notices on a certificate, on the day of its verdict; none once it has ended."""
    if verdict.state.value in (State.LAPSED, State.WITHDRAWN):
        return ()
    case = Case(facts, verdict.on)
    return (*_planned_late(case, verdict), *_answers(case), *_without_an_audit(case))


def turning_days(facts: Facts) -> Iterator[date]:
    """The days on which a notice appears by the mere passing of days; those of audits the verdict knows."""
    for each in facts.nonconformities:
        if each.response_due_on is not None and each.plan_accepted_on is None and each.verified_on is None:
            yield day_after(each.response_due_on)


def _planned_late(case: Case, verdict: Verdict) -> Iterator[Notice]:
    """The next audit that is planned for an open limit comes after it. [ISO/IEC 17021-1:2015, 9.1.3]"""
    for row in verdict.deadlines:
        if row.standing is not Standing.OPEN or row.closes_on < case.on:
            continue
        following = next((each for each in case.pending if _is_meant_for(row, each)), None)
        if following is None:
            continue
        late = say_days(days_between(row.closes_on, following.on))
        audit = "transition" if row.rule is Rule.EDITION_DEADLINE else following.audit.kind.label.lower()
        says = (
            f"The {audit} is planned past its limit by {late}: {following.audit.id} on {say(following.on)}, "
            f"{rule_name(row.rule, row.year)} by {say(row.closes_on)}."
        )
        reasons = (Reason(says, row.why[0].clause), *row.why)
        yield Notice(Risk.AT_RISK if row.hard else Risk.ATTENTION, reasons, row)


def _is_meant_for(row: Deadline, planned: Held) -> bool:
    if planned.on <= row.closes_on:
        return False
    if row.rule in _BY_SURVEILLANCE:
        return counts_as_surveillance(planned.audit)
    return planned.audit.kind is _OTHER_KINDS.get(row.rule)


def _answers(case: Case) -> Iterator[Notice]:
    """The body waits for an answer, or has a major open. [ISO/IEC 17021-1:2015, 9.4.9, 9.5.2 and 9.6.1]"""
    raised_by = {
        audit.id
        for audit in case.facts.audits
        if audit.status is not AuditStatus.CANCELLED and audit.begins_on <= case.on
    }
    for each in sorted(case.facts.nonconformities, key=lambda one: (one.response_due_on or date.max, one.id)):
        if each.audit not in raised_by or _has_come(each.verified_on, case.on):
            continue
        reasons = _why_open(each, case.on)
        if reasons:
            yield Notice(Risk.ATTENTION, reasons)


def _why_open(each: NonconformityFact, on: date) -> tuple[Reason, ...]:
    accepted, due = _has_come(each.plan_accepted_on, on), each.response_due_on
    after = (
        Reason("A decision waits until every major is verified and every plan is accepted.", clauses.BEFORE_DECISION),
    )
    if not accepted and due is not None and due < on:
        says = (
            f"The answer to the {each.grade.value} nonconformity {each.id} was due by {say(due)}; no plan is accepted."
        )
        return (Reason(says, clauses.RESPONSES), *after)
    if each.grade is not Grade.MAJOR:
        return ()
    state = "its plan is accepted, and it is not verified yet" if accepted else "the body has accepted no plan yet"
    says = f"The major nonconformity {each.id} of {each.audit} is open: {state}."
    threat = "A major may need a decision of its own on whether the certification is maintained."
    return (Reason(says, clauses.RESOLUTION), Reason(threat, clauses.MAINTAINING), *after)


def _has_come(day: date | None, on: date) -> bool:
    return day is not None and day <= on


def _without_an_audit(case: Case) -> Iterator[Notice]:
    """A renewal rests on a recertification audit. [ISO/IEC 17021-1:2015, 9.6.3.2]

    The body's decision stands whatever is on file; what is not on file can still be recorded.
    """
    term = case.term
    if term is None or term.decision.kind not in (DecisionKind.RENEWED, DecisionKind.RESTORED):
        return
    if case.own_audit is not None:
        return
    noun = "restoration" if term.decision.kind is DecisionKind.RESTORED else "renewal"
    says = (
        f"No recertification audit is on record behind the {noun} of {say(term.began_on)}: the rule on recertification "
        f"asks for one before the decision. Record the audit if it was held."
    )
    yield Notice(Risk.ATTENTION, (Reason(says, clauses.RECERTIFICATION_EXPIRY),))
