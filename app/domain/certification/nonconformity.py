"""A certification body's nonconformity: which dates it can have, and which last day of the certificate it endangers."""

from dataclasses import dataclass
from datetime import date

from app.domain import clauses
from app.domain.certification.case import is_open
from app.domain.certification.cycle import judge
from app.domain.certification.facts import AuditFact, AuditKind, AuditStatus, Facts, Grade, NonconformityFact, State
from app.domain.certification.verdict import Deadline, Rule, Shown, Verdict
from app.domain.dates import say
from app.domain.explained import Reason, RefusedError


@dataclass(frozen=True, slots=True)
class Endangered:
    """A rule that an open nonconformity stands in the way of; `closes_on` None where no rule sets a last day."""

    rule: Rule
    closes_on: date | None
    shown: Shown | None
    """How the last day stands, in the word of the screens."""
    why: tuple[Reason, ...]


def endangered_by(facts: Facts, nonconformity: NonconformityFact, on: date) -> tuple[Endangered, ...]:
    """What an open nonconformity endangers: the six months after a stage 2, a decision, the last valid day.

    Nothing once the body has verified it; nothing dated once it accepted the plan for a minor.
    [ISO/IEC 17021-1:2015, 9.5.2, 9.5.3.2 and 9.6.3.2.2]
    """
    audit = next((each for each in facts.audits if each.id == nonconformity.audit), None)
    if audit is None or not is_open(nonconformity, on):
        return ()
    verdict = judge(facts, on)
    found: list[Endangered] = []
    if audit.kind is AuditKind.STAGE_2 and nonconformity.grade is Grade.MAJOR:
        found += [
            Endangered(each.rule, each.closes_on, each.shown, each.why)
            for each in verdict.deadlines
            if each.rule is Rule.STAGE_2_MAJORS and each.opens_on == audit.ends_on
        ]
    found += _decision(verdict, nonconformity, audit, on)
    return tuple(found)


def _decision(verdict: Verdict, open_one: NonconformityFact, audit: AuditFact, on: date) -> list[Endangered]:
    state = verdict.state.value
    if state in (State.LAPSED, State.WITHDRAWN):
        return []
    needs = "it is verified" if open_one.grade is Grade.MAJOR else "the certification body has accepted the plan for it"
    if state is State.APPLICANT:
        says = f"Certification cannot be granted before {needs}."
        return [Endangered(Rule.DECISION_PRECONDITIONS, None, None, (Reason(says, clauses.BEFORE_DECISION),))]
    rule = Rule.RESTORATION if state is State.EXPIRED_RESTORABLE else Rule.RECERTIFICATION
    limit: Deadline | None = next((each for each in verdict.deadlines if each.rule is rule), None)
    noun = "restoration" if rule is Rule.RESTORATION else "recertification"
    clause = clauses.BEFORE_DECISION
    if audit.kind is AuditKind.RECERTIFICATION and open_one.grade is Grade.MAJOR:
        clause = clauses.RECERTIFICATION_MAJORS
    why = [Reason(f"The {noun} cannot be decided before {needs}.", clause)]
    if limit is not None:
        why += limit.why
    of_surveillance = audit.kind in (AuditKind.SURVEILLANCE, AuditKind.SPECIAL)
    if open_one.grade is Grade.MAJOR and of_surveillance and audit.status is AuditStatus.COMPLETED:
        says = "No rule sets a last day for a major of a surveillance: the certification body does, and may suspend."
        why.append(Reason(says, clauses.SUSPENSION))
    return [Endangered(rule, limit.closes_on if limit else None, limit.shown if limit else None, tuple(why))]


@dataclass(frozen=True, slots=True, kw_only=True)
class NonconformityDates:
    """The days of a nonconformity as the certification body gave them."""

    raised_on: date
    response_due_on: date | None = None
    plan_accepted_on: date | None = None
    verified_on: date | None = None


def refuse_impossible_days(days: NonconformityDates, audit_starts_on: date, today: date) -> None:
    """Refuse days that cannot be: raised before its audit, answered before it was raised, or not come yet.

    [ISO/IEC 17021-1:2015, 9.4.9 and 9.4.10]
    """
    if days.raised_on < audit_starts_on:
        says = f"It cannot have been raised on {say(days.raised_on)}: the audit began on {say(audit_starts_on)}."
        raise RefusedError(says, "raised_on")
    for day, field in (
        (days.raised_on, "raised_on"),
        (days.plan_accepted_on, "plan_accepted_on"),
        (days.verified_on, "verified_on"),
    ):
        if day is not None and day > today:
            raise RefusedError(f"{say(day)} has not come yet: record what the body has done.", field)
    raised = f"it was raised on {say(days.raised_on)}"
    if days.response_due_on is not None and days.response_due_on < days.raised_on:
        raise RefusedError(
            Reason(f"An answer cannot be due on {say(days.response_due_on)}: {raised}.", clauses.RESPONSES),
            "response_due_on",
        )
    if days.plan_accepted_on is not None and days.plan_accepted_on < days.raised_on:
        says = f"The plan cannot have been accepted on {say(days.plan_accepted_on)}: {raised}."
        raise RefusedError(Reason(says, clauses.RESPONSES), "plan_accepted_on")
    if days.verified_on is None:
        return
    if days.verified_on < days.raised_on:
        says = f"It cannot have been verified on {say(days.verified_on)}: {raised}."
        raise RefusedError(Reason(says, clauses.RESOLUTION), "verified_on")
    if days.plan_accepted_on is not None and days.verified_on < days.plan_accepted_on:
        says = f"It cannot have been verified before the plan was accepted on {say(days.plan_accepted_on)}."
        raise RefusedError(Reason(says, clauses.RESOLUTION), "verified_on")
