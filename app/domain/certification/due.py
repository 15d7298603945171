"""What comes next: the next external audit that no completed audit yet meets, and the days that break no hard rule."""

from datetime import date

from app.domain import clauses
from app.domain.certification.case import Case, Held, is_positive
from app.domain.certification.continuity import edition_clause, last_audit_day
from app.domain.certification.facts import AuditKind, EditionDeadline, SecondSurveillance
from app.domain.certification.history import Term
from app.domain.certification.initial import stage_2_limit
from app.domain.certification.recertification import opens_on, why_due, why_restore
from app.domain.certification.surveillance import (
    FIRST_MONTHS,
    SURVEILLANCES_IN_CYCLE,
    first_surveillance_due,
    second_surveillance_due,
    why_first,
    why_second,
    why_year,
)
from app.domain.certification.verdict import NextAudit, Standing
from app.domain.dates import day_after, say, say_months, year_end
from app.domain.explained import Reason

_Close = tuple[date, Reason]


def next_audit(case: Case) -> NextAudit | None:
    """The next external audit; a day already past stays past. None once lapsed or withdrawn."""
    term, last_valid = case.term, case.effective_valid_through
    if term is None or last_valid is None:
        return _of_applicant(case)
    if case.history.withdrawn_on is not None:
        return None
    if case.on > last_valid:
        return _to_restore(case, term)
    if case.recertifications:
        held = case.recertifications[0]
        says = f"The recertification audit was held on {say(held.on)}; the decision is due by {say(last_valid)}."
        why = (Reason(says, clauses.RECERTIFICATION_MAJORS), why_due(term.valid_through))
        return NextAudit(AuditKind.RECERTIFICATION, opens_on(term.valid_through), last_valid, why)
    return _surveillance(case, term) or _recertification(case, term, last_valid)


def _of_applicant(case: Case) -> NextAudit | None:
    ready = case.stage_1_audits()
    if not ready:
        return NextAudit(AuditKind.STAGE_1, None, None, (Reason("Certification begins with stage 1.", clauses.STAGES),))
    opens = ready[-1].audit.ends_on
    why = [Reason(f"Stage 2 follows the stage 1 that was ready on {say(opens)}.", clauses.PROGRAMME)]
    recommended = [dated for dated in case.stage_2_audits() if is_positive(dated.audit)]
    if recommended:
        limit = stage_2_limit(case, recommended[-1])
        if limit is None or not limit.deadline.hard or limit.deadline.standing is not Standing.BREACHED:
            return _after_the_grant(recommended[-1])
        opens = max(opens, recommended[-1].audit.ends_on)
        why = [*limit.deadline.why, *limit.why_missed]
    ends = case.history.deadline_of(case.history.edition)
    if ends is None:
        return NextAudit(AuditKind.STAGE_2, opens, None, tuple(why))
    return NextAudit(AuditKind.STAGE_2, opens, last_audit_day(ends), (*why, _why_edition(ends)))


def _after_the_grant(stage_2: Held) -> NextAudit:
    """Stage 2 was recommended: the first surveillance comes next, and the decision that is awaited sets its days."""
    says = (
        f"The stage 2 that ended on {say(stage_2.audit.ends_on)} was recommended. The certification decision is "
        f"awaited; the first surveillance is due within {say_months(FIRST_MONTHS)} of it."
    )
    return NextAudit(AuditKind.SURVEILLANCE, None, None, (Reason(says, clauses.SURVEILLANCE_FREQUENCY),))


def _why_edition(ends: EditionDeadline) -> Reason:
    says = f"{say(last_audit_day(ends))} is the last day of such an audit to {ends.edition}."
    return Reason(says, edition_clause(ends))


def _to_restore(case: Case, term: Term) -> NextAudit | None:
    restore_by = case.restore_by
    if restore_by is None or case.on > restore_by:
        return None
    opens = opens_on(term.valid_through)
    return NextAudit(AuditKind.RECERTIFICATION, opens, restore_by, (why_restore(case, restore_by),))


def _surveillance(case: Case, term: Term) -> NextAudit | None:
    """A surveillance until the cycle has two."""
    held = len(case.surveillances)
    if held >= SURVEILLANCES_IN_CYCLE:
        return None
    if case.in_initial_cycle and held == 0:
        due = first_surveillance_due(case)
        closes_on, why = min((due, why_first(case, due)), _by_last_valid_day(term), key=_day)
        return NextAudit(AuditKind.SURVEILLANCE, day_after(term.began_on), closes_on, (why,))
    year = case.first_uncovered_year(term.valid_through.year)
    if year is None or date(year, 1, 1) > term.valid_through:
        return None
    closes: list[_Close] = [_by_last_valid_day(term)]
    if year < term.valid_through.year:
        closes.append((year_end(year), why_year(case, year)))
    if case.in_initial_cycle and case.settings.second_surveillance is SecondSurveillance.HARD:
        due = second_surveillance_due(case)
        closes.append((due, why_second(case, due)))
    closes_on, why = min(closes, key=_day)
    says = f"{year} is the earliest calendar year without an audit: its first day opens the window."
    return NextAudit(
        AuditKind.SURVEILLANCE,
        date(year, 1, 1),
        closes_on,
        (why, Reason(says, clauses.SURVEILLANCE_FREQUENCY)),
    )


def _recertification(case: Case, term: Term, last_valid: date) -> NextAudit:
    closes: list[_Close] = [(last_valid, why_due(term.valid_through))]
    year = case.first_uncovered_year(term.valid_through.year - 1)
    if year is not None:
        closes.append((year_end(year), why_year(case, year)))
    if case.edition_deadline is not None:
        closes.append((last_audit_day(case.edition_deadline), _why_edition(case.edition_deadline)))
    closes_on, why = min(closes, key=_day)
    reasons = (why,) if why is closes[0][1] else (why, closes[0][1])
    return NextAudit(AuditKind.RECERTIFICATION, opens_on(term.valid_through), closes_on, reasons)


def _by_last_valid_day(term: Term) -> _Close:
    says = f"A surveillance belongs before the last valid day, {say(term.valid_through)}."
    return term.valid_through, Reason(says, clauses.PROGRAMME)


def _day(close: _Close) -> date:
    return close[0]
