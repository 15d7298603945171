"""The rules of what happens in between: suspension, transfer to another body, the end of an edition."""

from collections.abc import Iterator
from datetime import date

from app.domain import clauses
from app.domain.certification.case import Case, Fault, Finding, Held, Limit, is_open
from app.domain.certification.facts import AuditKind, AuditStatus, EditionDeadline, Grade
from app.domain.certification.verdict import Deadline, Rule
from app.domain.dates import add_months, say, say_months
from app.domain.explained import Clause, Reason


def suspension_limit(case: Case) -> Iterator[Finding]:
    """A suspension is resolved within six months, a setting, and never outlives the certificate. [9.6.5.4]"""
    term = case.term
    if term is None:
        return
    months = case.settings.suspension_months
    for suspension in case.history.suspensions:
        if suspension.ended_on is not None and suspension.ended_on <= term.began_on:
            continue  # of the cycle before
        limit = add_months(suspension.began_on, months)
        closes_on = min(limit, term.valid_through)
        says = f"Suspended on {say(suspension.began_on)}: {say_months(months)} on, a setting, is {say(limit)}"
        says += f", and the last valid day {say(closes_on)} comes first." if closes_on < limit else "."
        row = Deadline(
            rule=Rule.SUSPENSION_LIMIT,
            year=None,
            audit=None,
            opens_on=suspension.began_on,
            closes_on=closes_on,
            standing=case.standing(closes_on, suspension.ended_on),
            met_by=None,
            why=(Reason(says, clauses.SUSPENSION_RESOLVED), CLOCK),
            met_on=suspension.ended_on,
        )
        missed = Reason("Unresolved by then it leads to withdrawal or a smaller scope.", clauses.WITHDRAWAL)
        yield Limit(row, why_missed=(missed,))


CLOCK = Reason("A suspension changes neither the last valid day nor any due date.", clauses.SUSPENSION_RESOLVED)


def transfer(case: Case) -> Iterator[Finding]:
    """Only a valid certificate without open majors is transferred. [IAF MD 2:2023]"""
    term = case.term
    if term is None:
        return
    for moved in case.history.transfers:
        if moved.on < term.began_on:
            continue
        why = []
        if moved.suspended:
            why.append(Reason(f"The certificate was suspended on the day of the transfer, {say(moved.on)}.", MD_2))
        if moved.expired:
            why.append(Reason(f"The certificate had expired by the day of the transfer, {say(moved.on)}.", MD_2))
        majors = sorted(_open_majors(case, moved.on))
        if majors:
            says = f"Major nonconformities were open on the day of the transfer, {say(moved.on)}: {', '.join(majors)}."
            why.append(Reason(says, MD_2))
        if why:
            yield Fault(Rule.TRANSFER, moved.on, tuple(why))


MD_2 = clauses.TRANSFER


def _open_majors(case: Case, day: date) -> Iterator[str]:
    raised_by = {
        audit.id for audit in case.facts.audits if audit.status is not AuditStatus.CANCELLED and audit.ends_on <= day
    }
    for nonconformity in case.facts.nonconformities:
        if nonconformity.grade is Grade.MAJOR and nonconformity.audit in raised_by and is_open(nonconformity, day):
            yield nonconformity.id


def edition_clause(ends: EditionDeadline) -> Clause | None:
    """The document that ends an edition, where the catalogue names it."""
    return Clause(ends.source, "") if ends.source else None


def last_audit_day(ends: EditionDeadline) -> date:
    """The last day of a stage 2 or recertification audit to an edition."""
    return ends.no_new_or_recert_after or ends.deadline


def why_edition(ends: EditionDeadline) -> Reason:
    """Why a certificate to an edition ends with it."""
    says = f"{ends.edition} ends on {say(ends.deadline)}: a certificate to it is valid until then, unless transitioned."
    return Reason(says, edition_clause(ends))


def edition_deadline(case: Case) -> Iterator[Finding]:
    """A certificate is moved to the new edition by the old one's deadline. [IAF transition requirements]"""
    if not case.history.deadlines:
        return
    term = case.term
    yield from _audits_to_an_ending_edition(case)
    if term is None:
        return
    in_cycle = [moved for moved in case.history.transitions if moved[0] > term.began_on]
    for decided_on, before, _ in in_cycle:
        ends = case.history.deadline_of(before)
        if ends is not None and ends is not case.edition_deadline and ends.deadline <= term.valid_through:
            yield _edition_limit(case, ends, decided_on)
    ends = case.edition_deadline
    if ends is not None and ends.deadline <= term.valid_through:
        yield _edition_limit(case, ends, None)


def _edition_limit(case: Case, ends: EditionDeadline, transitioned_on: date | None) -> Limit:
    audit = None
    if transitioned_on is not None:
        for dated in case.held:
            if dated.audit.kind is AuditKind.TRANSITION and dated.audit.ends_on <= transitioned_on:
                audit = dated.audit.id
    planned = None
    if transitioned_on is None:
        in_time = (dated for dated in case.pending if dated.on <= ends.deadline)
        planned = next((dated for dated in in_time if dated.audit.kind is AuditKind.TRANSITION), None)
    row = Deadline(
        rule=Rule.EDITION_DEADLINE,
        year=None,
        audit=AuditKind.TRANSITION,
        opens_on=None,
        closes_on=ends.deadline,
        standing=case.standing(ends.deadline, transitioned_on, planned),
        met_by=audit,
        why=(why_edition(ends),),
        met_on=transitioned_on,
        planned_on=planned.on if planned else None,
    )
    missed = Reason(f"No transition from {ends.edition} was decided by {say(ends.deadline)}.", edition_clause(ends))
    return Limit(row, why_missed=(missed,))


def _audits_to_an_ending_edition(case: Case) -> Iterator[Fault]:
    """A stage 2 or recertification audit to an edition is held by the last day for such audits."""
    term, history = case.term, case.history
    judged: list[tuple[Held, str | None]] = []
    if term is None:
        judged = [(dated, history.edition_on(dated.audit.ends_on)) for dated in case.stage_2_audits()]
    else:
        if case.own_audit is not None:
            judged.append((case.own_audit, history.edition_on(term.began_on)))
        judged += [(dated, history.edition_on(dated.audit.ends_on)) for dated in case.recertifications]
    for dated, edition in judged:
        ends = history.deadline_of(edition)
        ended_on = dated.audit.ends_on
        if ends is not None and ended_on > last_audit_day(ends):
            kind = "stage 2" if dated.audit.kind is AuditKind.STAGE_2 else "recertification audit"
            says = (
                f"The {kind} that ended on {say(ended_on)} was to {ends.edition}; the last day for such an audit was "
                f"{say(last_audit_day(ends))}."
            )
            yield Fault(Rule.EDITION_DEADLINE, ended_on, (Reason(says, edition_clause(ends)),))
