"""The rules of an initial certification: two stages, the interval between them, majors, and the decision itself."""

from collections.abc import Iterator
from datetime import date

from app.domain import clauses
from app.domain.certification.case import Case, Fault, Finding, Held, Limit, is_positive
from app.domain.certification.facts import AuditKind, AuditStatus, DecisionKind, Grade
from app.domain.certification.verdict import Deadline, Rule, Standing
from app.domain.dates import add_months, day_after, say, say_months
from app.domain.explained import Reason

STAGE_2_MAJOR_MONTHS = 6


def two_stage(case: Case) -> Iterator[Finding]:
    """A grant needs a recommended stage 2 that started when a ready stage 1 had ended. [ISO/IEC 17021-1:2015, 9.1.3.2]

    A certificate taken over with no stage audit at all on file is only warned of: its audits are not on record.
    """
    term = case.term
    if term is None or term.decision.kind is not DecisionKind.GRANTED:
        return
    granted_on = term.began_on
    ready = case.stage_1_audits()
    recommended = [dated for dated in case.stage_2_audits() if is_positive(dated.audit)]
    for stage_2 in recommended:
        if any(stage_1.audit.ends_on <= stage_2.audit.begins_on for stage_1 in ready):
            return
    if not _stage_audit_on_file(case, granted_on):
        says = f"No stage 1 and no stage 2 is on record for the certification decision of {say(granted_on)}."
        why = (
            Reason(says, clauses.PROGRAMME),
            Reason("The certificate counts as taken over with its audits elsewhere."),
        )
        yield Fault(Rule.NOT_ON_RECORD, granted_on, why, hard=False)
        return
    if not recommended:
        says = f"The certification decision of {say(granted_on)} has no completed, recommended stage 2 behind it."
    elif not ready:
        says = f"The certification decision of {say(granted_on)} has no completed, ready stage 1 behind it."
    else:
        says = f"No stage 2 before the decision of {say(granted_on)} started on or after the end of a ready stage 1."
    yield Fault(Rule.TWO_STAGE, granted_on, (Reason(says, clauses.PROGRAMME),))


def _stage_audit_on_file(case: Case, granted_on: date) -> bool:
    """Whether a stage audit belongs to the grant: one up to it, or a stage 2 that came too late, held or planned."""
    until = case.history.withdrawn_on or (case.term.valid_through if case.term else granted_on)
    for audit in case.facts.audits:
        if audit.status is AuditStatus.CANCELLED:
            continue
        if audit.kind is AuditKind.STAGE_1 and audit.ends_on <= granted_on:
            return True
        if audit.kind is AuditKind.STAGE_2 and audit.ends_on <= max(granted_on, until):
            return True
    return False


def _stages(case: Case) -> tuple[Held | None, Held | None]:
    """The valid stage 1, which is the latest before its stage 2, and that stage 2 (None while still to come).

    A stage 2 after a lapse may rest on the stage 1 of the certification before: the interval says nothing then.
    """
    after = case.term.after if case.term else date.min
    ready = [dated for dated in case.stage_1_audits() if dated.audit.ends_on > after]
    stage_2 = case.stage_2_audits()
    if not ready:
        return None, None
    if case.term is None and (not stage_2 or ready[-1].audit.ends_on > stage_2[-1].audit.begins_on):
        return ready[-1], None
    for held in reversed(stage_2):
        before = [stage_1 for stage_1 in ready if stage_1.audit.ends_on <= held.audit.begins_on]
        if before:
            return before[-1], held
    return None, None


def stage_interval(case: Case) -> Iterator[Finding]:
    """A long interval between stage 1 and stage 2 is a warning, never a breach. [ISO/IEC 17021-1:2015, 9.3.1.2.4]"""
    if not _is_application(case):
        return
    stage_1, stage_2 = _stages(case)
    if stage_1 is None:
        return
    months = case.settings.stage_interval_months
    ended_on = stage_1.audit.ends_on
    limit = add_months(ended_on, months)
    if stage_2 is None and any(dated.audit.kind is AuditKind.STAGE_2 and dated.on <= limit for dated in case.pending):
        return
    if stage_2 is None or stage_2.on > limit:
        says = (
            f"Stage 1 ended on {say(ended_on)}; {say_months(months)} on, {say(limit)}, stage 2 had not been held. "
            f"No standard sets the number: the certification body has to justify the interval."
        )
        yield Fault(Rule.STAGE_INTERVAL, day_after(limit), (Reason(says, clauses.STAGE_INTERVAL),), hard=False)


def stage_1_repeat(case: Case) -> Iterator[Finding]:
    """A significant change after stage 1 makes the body consider repeating it. [ISO/IEC 17021-1:2015, 9.3.1.2.4]"""
    if not case.facts.changes or not _is_application(case):
        return
    stage_1, stage_2 = _stages(case)
    if stage_1 is None:
        return
    until = stage_2.audit.begins_on if stage_2 else case.day
    changed_on = [
        change.on for change in case.facts.changes if change.significant and stage_1.audit.ends_on < change.on <= until
    ]
    if changed_on:
        says = (
            f"A significant change on {say(min(changed_on))} followed the stage 1 that ended on "
            f"{say(stage_1.audit.ends_on)}: the certification body has to consider repeating all or part of it."
        )
        yield Fault(Rule.STAGE_1_REPEAT, min(changed_on), (Reason(says, clauses.STAGE_INTERVAL),), hard=False)


def _is_application(case: Case) -> bool:
    return case.term is None or case.term.decision.kind is DecisionKind.GRANTED


def stage_2_limit(case: Case, stage_2: Held) -> Limit | None:
    """Majors of a stage 2 are verified within six months of its last day, or another stage 2 is needed. [9.5.3.2]"""
    majors = [
        nonconformity
        for nonconformity in case.facts.nonconformities
        if nonconformity.audit == stage_2.audit.id and nonconformity.grade is Grade.MAJOR
    ]
    if not majors:
        return None
    ended_on = stage_2.audit.ends_on
    closes_on = add_months(ended_on, STAGE_2_MAJOR_MONTHS)
    verified = [major.verified_on for major in majors if major.verified_on and major.verified_on <= case.day]
    verified_on = max(verified) if len(verified) == len(majors) else None
    standing = case.standing(closes_on, verified_on)
    says = (
        f"Every major nonconformity of the stage 2 that ended on {say(ended_on)} has to be verified within "
        f"{say_months(STAGE_2_MAJOR_MONTHS)}, by {say(closes_on)}."
    )
    why = (Reason(says, clauses.STAGE_2_MAJORS),)
    missed = (Reason("Another stage 2 is needed before certification can be recommended.", clauses.STAGE_2_MAJORS),)
    deviation = case.has_deviation(Rule.STAGE_2_MAJORS)
    if deviation and standing is Standing.BREACHED:
        missed = (Reason("A justification for exceeding the six months is on record.", clauses.STAGE_2_MAJORS),)
    row = Deadline(
        rule=Rule.STAGE_2_MAJORS,
        year=None,
        audit=AuditKind.STAGE_2,
        opens_on=ended_on,
        closes_on=closes_on,
        standing=standing,
        met_by=None,
        why=why,
        met_on=verified_on,
        hard=not deviation,
    )
    return Limit(row, why_missed=missed)


def stage_2_majors(case: Case) -> Iterator[Finding]:
    """One limit for each stage 2 of the application that raised majors. [ISO/IEC 17021-1:2015, 9.5.3.2]"""
    if case.facts.nonconformities and _is_application(case):
        for stage_2 in case.stage_2_audits():
            limit = stage_2_limit(case, stage_2)
            if limit is not None:
                yield limit


def decision_preconditions(case: Case) -> Iterator[Finding]:
    """A grant or renewal comes when majors are verified and the plans for minors accepted. [17021-1:2015, 9.5.2]"""
    if case.term is None or not case.facts.nonconformities:
        return
    decided_on = case.term.began_on
    unresolved = sorted(case.open_nonconformities(decided_on), key=lambda nonconformity: nonconformity.id)
    if not unresolved:
        return
    why = tuple(
        Reason(
            f"The major nonconformity {nonconformity.id} was not verified by the decision of {say(decided_on)}."
            if nonconformity.grade is Grade.MAJOR
            else f"The plan for the minor nonconformity {nonconformity.id} was not accepted by {say(decided_on)}.",
            clauses.BEFORE_DECISION,
        )
        for nonconformity in unresolved
    )
    yield Fault(Rule.DECISION_PRECONDITIONS, decided_on, why)


def decision_year_gap(case: Case) -> Iterator[Finding]:
    """A year in which a decision fell but no audit at all is worth a warning. [ISO/IEC 17021-1:2015, 9.1.3.3]

    It concerns a decision whose own audit was held in an earlier year, since no rule asks for another in that year.
    """
    term = case.term
    if term is None:
        return
    year = term.began_on.year
    if case.own_audit is None and not (
        term.decision.kind is not DecisionKind.GRANTED or _stage_audit_on_file(case, term.began_on)
    ):
        return  # taken over: where and when its audits were held is not on record
    if year == date.max.year or any(dated.on.year == year for dated in (*case.held, *case.pending)):
        return
    audited = f", after an audit that ended on {say(case.own_audit.on)}" if case.own_audit else ""
    says = f"The decision of {say(term.began_on)} fell in {year}{audited}, and no audit was held in {year} at all."
    why = (Reason(says, clauses.SURVEILLANCE_FREQUENCY),)
    yield Fault(Rule.DECISION_YEAR_GAP, date(year + 1, 1, 1), why, hard=False, year=year)
