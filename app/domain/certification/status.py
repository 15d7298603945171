"""Where a certificate stands: withdrawn before expired before suspended before active."""

from datetime import date

from app.domain import clauses
from app.domain.certification.case import Case, Why
from app.domain.certification.continuity import edition_clause, why_edition
from app.domain.certification.facts import AuditKind, Grade, State
from app.domain.certification.recertification import why_restore
from app.domain.dates import day_after, say
from app.domain.explained import Explained, Reason


def state_of(case: Case) -> Explained[State]:
    """The state on the day; only a recorded decision or the passing of the last valid day changes it."""
    state, why = _state(case)
    return Explained(state, why)


def _state(case: Case) -> tuple[State, Why]:
    term, last_valid = case.term, case.effective_valid_through
    if term is None or last_valid is None:
        return State.APPLICANT, (Reason("No certification decision is in force yet.", clauses.PROGRAMME),)
    if case.history.withdrawn_on is not None:
        says = f"Withdrawn by the decision of {say(case.history.withdrawn_on)}."
        return State.WITHDRAWN, (Reason(says, clauses.WITHDRAWAL),)
    if case.on > last_valid:
        return _expired(case, last_valid)
    suspension = case.history.open_suspension
    if suspension is not None:
        says = f"Suspended by the decision of {say(suspension.began_on)}: it is invalid for the time being."
        return State.SUSPENDED, (Reason(says, clauses.SUSPENSION_EFFECT),)
    says = f"In force by the decision of {say(term.began_on)} and valid through {say(last_valid)}."
    return State.ACTIVE, (Reason(says, clauses.MAINTAINING),)


def _expired(case: Case, last_valid: date) -> tuple[State, Why]:
    restore_by = case.restore_by or last_valid
    expired = Reason(f"The last valid day was {say(last_valid)}; no renewal was decided by then.", clauses.NOT_RENEWED)
    ends = case.edition_deadline
    if ends is not None and ends.deadline == last_valid:
        says = f"{ends.edition} ended on {say(last_valid)} and no transition was decided by then."
        expired = Reason(says, edition_clause(ends))
    unverified = _unverified(case, last_valid)
    if case.on <= restore_by:
        return State.EXPIRED_RESTORABLE, (expired, *unverified, why_restore(case, restore_by))
    if restore_by <= last_valid:
        says = "It cannot be restored: by setting there is no restoration after the end of an edition."
        if ends is None or ends.deadline > last_valid:
            says = "It cannot be restored: the setting for the restoration leaves no time."
        return State.LAPSED, (expired, Reason(says))
    says = (
        f"The restoration day, {say(restore_by)}, has passed: from {say(day_after(restore_by))} on at least a stage 2 "
    )
    return State.LAPSED, (expired, *unverified, Reason(says + "is needed.", clauses.RESTORATION))


def _unverified(case: Case, last_valid: date) -> Why:
    """The majors of the recertification audit that nobody had verified by the last valid day. [9.6.3.2.4]"""
    raised_by = {each.id for each in case.facts.audits if each.kind is AuditKind.RECERTIFICATION}
    return tuple(
        Reason(
            f"The major nonconformity {each.id} of the recertification audit {each.audit} was not verified by then: "
            f"a renewal could not be recommended.",
            clauses.NOT_RENEWED,
        )
        for each in case.open_nonconformities(last_valid)
        if each.grade is Grade.MAJOR and each.audit in raised_by
    )


def valid_through(case: Case) -> Explained[date] | None:
    """The last valid day that the decision gave."""
    return Explained(case.term.valid_through, case.term.why_valid) if case.term else None


def effective_valid_through(case: Case) -> Explained[date] | None:
    """The last valid day, capped by the deadline of the edition certified to."""
    term, last_valid = case.term, case.effective_valid_through
    if term is None or last_valid is None:
        return None
    if last_valid < term.valid_through and case.edition_deadline is not None:
        return Explained(last_valid, (why_edition(case.edition_deadline), *term.why_valid))
    return Explained(last_valid, term.why_valid)
