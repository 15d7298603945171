"""What the data say to each point of a management review's agenda: a fixed number of queries, whatever there is."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, or_, select

from app.domain.certification.facts import AuditKind
from app.domain.certification.risk import rule_name
from app.domain.certification.verdict import Standing
from app.domain.dates import say
from app.domain.findings.corrective_action import Effectiveness
from app.domain.findings.grading import FindingGrade
from app.domain.itam.change import Authorisation, ChangeStatus
from app.domain.programme.progress import AuditProgress
from app.domain.training.status import tally
from app.models.audit import Audit
from app.models.certificate import BodyNonconformity, Certificate, CertificateDeadline, CertificateVerdict
from app.models.certificate import SignificantChange as Change
from app.models.change_request import ChangeRequest
from app.models.completion import Completion
from app.models.corrective_action import Action, CorrectiveAction
from app.models.finding import Finding
from app.models.management_review import ManagementReview
from app.models.software import Installation, Product
from app.queries.case_register import overdue as case_overdue
from app.queries.competence import gaps
from app.queries.learners import learners
from app.queries.positions import positions_on
from app.queries.training_standing import standings
from app.work import Work

MOST = 10
"""So many are named one by one; of the others it is said how many there are."""
AHEAD = timedelta(days=366)
"""So far ahead limits are looked at."""
LONGEST = 140
HELD = (AuditProgress.REPORT_DRAFTED, AuditProgress.CLOSED)
DONE = (ChangeStatus.DONE, ChangeStatus.CHECKED)


@dataclass(frozen=True, slots=True)
class Span:
    """From when until when it looks back, and which review it is: its own actions are none of an earlier one."""

    review_id: int
    starts_on: date
    ends_on: date

    def holds(self, column: Any) -> Any:
        """Whether a day lies within."""
        return column.between(self.starts_on, self.ends_on)


def drawn_for(work: Work, span: Span, keys: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Of each point of which the data say something: its lines, in plain words and without names of people."""
    return {key: tuple(_DRAWN[key](work, span)) for key in keys if key in _DRAWN}


def _earlier_actions(work: Work, span: Span) -> Iterable[str]:
    rows = work.execute(
        select(Action.reference, Action.says, Action.due_on, Action.done_on, ManagementReview.reference)
        .join(ManagementReview, ManagementReview.id == Action.review_id)
        .where(Action.review_id != span.review_id, or_(Action.done_on.is_(None), span.holds(Action.done_on)))
        .order_by(Action.due_on, Action.id)
    ).all()
    if not rows:
        return ["No action of an earlier review is open, and none was done in this time."]
    still = [row for row in rows if row[3] is None]
    late = sum(row[2] < work.today for row in still)
    said = [f"{len(rows) - len(still)} done in this time, {len(still)} open, {late} of these overdue."]
    return said + _some(
        [f"{row[0]} of {row[4]}, {_due(row[2], work.today)}: {_short(row[1])}" for row in still], "more are open"
    )


def _context(work: Work, span: Span) -> Iterable[str]:
    changes = work.execute(
        select(Change.changed_on, Certificate.reference, Change.description)
        .join(Certificate, Certificate.id == Change.certificate_id)
        .where(span.holds(Change.changed_on))
        .order_by(Change.changed_on, Change.id)
    ).all()
    done = work.session.scalar(
        select(func.count(ChangeRequest.id)).where(ChangeRequest.status.in_(DONE), span.holds(ChangeRequest.done_on))
    )
    said = _some([f"{say(row[0])}, {row[1]}: {_short(row[2])}" for row in changes], "more changes were reported")
    return [
        *(said or ["No change of the organisation was recorded at a certificate."]),
        f"Changes to IT assets and software carried out: {done or 0}.",
    ]


def _nonconformities(work: Work, span: Span) -> Iterable[str]:
    ours = Counter(dict(_pairs(work, select(Finding.grade, func.count()).where(span.holds(Finding.raised_on)))))
    body = select(BodyNonconformity.grade, func.count()).where(span.holds(BodyNonconformity.raised_on))
    theirs = Counter(dict(_pairs(work, body)))
    cases = work.execute(
        select(
            func.count().filter(CorrectiveAction.closed_on.is_(None)),
            func.count().filter(case_overdue(work.today)),
            func.count().filter(span.holds(CorrectiveAction.closed_on)),
            func.count().filter(
                CorrectiveAction.effectiveness == Effectiveness.INEFFECTIVE, span.holds(CorrectiveAction.verified_on)
            ),
        ).select_from(CorrectiveAction)
    ).one()
    late = select(Action.reference, Action.due_on, Action.says, CorrectiveAction.reference)
    actions = work.execute(
        late.join(CorrectiveAction, CorrectiveAction.id == Action.case_id)
        .where(Action.done_on.is_(None), Action.due_on < work.today)
        .order_by(Action.due_on, Action.id)
    ).all()
    return [
        "Raised by us: "
        + _tally(grade.counted(ours[grade]) for grade in FindingGrade if grade.is_nonconformity and ours[grade]),
        "Raised by the certification body: "
        + _tally(f"{count} {grade.value}" for grade, count in theirs.items() if count),
        f"Corrective actions: {cases[0]} open, {cases[1]} of these overdue; {cases[2]} closed in this time, "
        f"{cases[3]} found not to have worked.",
        *_some(
            [f"{row[0]} of {row[3]}, {_due(row[1], work.today)}: {_short(row[2])}" for row in actions],
            "more actions are overdue",
        ),
    ]


def _audits(work: Work, span: Span) -> Iterable[str]:
    then = (Audit.progress.in_(HELD), span.holds(Audit.ends_on))
    held = work.all(select(Audit).where(*then).order_by(Audit.ends_on, Audit.id))
    found = _pairs(
        work, select(Finding.audit_id, func.count()).where(Finding.audit_id.in_(select(Audit.id).where(*then)))
    )
    of_body = _pairs(
        work,
        select(BodyNonconformity.audit_id, func.count()).where(
            BodyNonconformity.audit_id.in_(select(Audit.id).where(*then))
        ),
    )
    graded = _pairs(work, select(Finding.grade, func.count()).where(span.holds(Finding.raised_on)))
    if not held:
        said = ["No audit was held in this time."]
    else:
        internal = sum(each.kind is AuditKind.INTERNAL for each in held)
        said = [f"Audits held: {internal} internal, {len(held) - internal} of the certification body."]
    counts: Counter[Any] = Counter(dict(found)) + Counter(dict(of_body))
    lines = [
        f"{each.reference}, {_kind(each.kind)}, {say(each.ends_on)}: {_findings(counts[each.id])}" for each in held
    ]
    by_grade = Counter(dict(graded))
    return [
        *said,
        *_some(lines, "more audits were held"),
        "Our findings of this time by grade: "
        + _tally(grade.counted(by_grade[grade]) for grade in FindingGrade if by_grade[grade]),
    ]


def _certificates(work: Work, span: Span) -> Iterable[str]:
    verdicts = _pairs(work, select(CertificateVerdict.state, func.count()))
    limits = work.execute(
        select(
            CertificateDeadline.closes_on,
            Certificate.reference,
            CertificateDeadline.rule,
            CertificateDeadline.year,
            CertificateDeadline.standing,
        )
        .join(Certificate, Certificate.id == CertificateDeadline.certificate_id)
        .where(
            CertificateDeadline.closes_on.between(work.today, work.today + AHEAD),
            CertificateDeadline.standing.in_((Standing.OPEN, Standing.PLANNED)),
        )
        .order_by(CertificateDeadline.closes_on, CertificateDeadline.id)
    ).all()
    lines = [
        f"{say(row[0])}, {row[1]}: {rule_name(row[2], row[3])}, "
        f"{'an audit is planned' if row[4] is Standing.PLANNED else 'nothing is planned'}"
        for row in limits
    ]
    states = _tally(f"{count} {state.value.replace('-', ' ')}" for state, count in verdicts if count)
    return [
        f"Certificates: {states}",
        *(_some(lines, "more limits lie ahead") or ["No limit lies within the next twelve months."]),
    ]


def _it_assets(work: Work, span: Span) -> Iterable[str]:
    del span
    rows = work.execute(
        select(Product.name, func.count(Installation.id))
        .join(Product, Product.id == Installation.product_id)
        .where(Installation.authorisation == Authorisation.UNAUTHORISED, Installation.removed_on.is_(None))
        .group_by(Product.id, Product.name)
        .order_by(func.count(Installation.id).desc(), Product.name)
    ).all()
    if not rows:
        return ["Every installation is authorised, or was accepted with a reason."]
    return [
        f"Installations without authorisation: {sum(row[1] for row in rows)}, of {_count(len(rows), 'product')}.",
        *_some([f"{row[0]}: {row[1]}" for row in rows], "more products are installed without authorisation"),
    ]


def _competence(work: Work, span: Span) -> Iterable[str]:
    people = learners(work)
    stand = standings(work, people, all_people=True)
    asked = [answer.value for answer in stand.values() if answer.value.is_assigned]
    done = work.session.scalar(
        select(func.count(Completion.id)).where(span.holds(Completion.completed_on), Completion.revoked_at.is_(None))
    )
    missing = gaps(work)
    # Names of people are kept out: what a review drew is kept when somebody is erased.
    by_place = Counter(each.what if each.of_audit else f"{each.reference} {each.what}" for each in missing)
    return [
        f"Training assigned: {_count(len(asked), 'course')} of {_people(len(people))}; "
        f"{_tally(f'{count} {status.label.lower()}' for status, count in tally(asked).items() if count)}",
        f"Overdue: {sum(each.is_overdue for each in asked)}. Completed in this time: {done or 0}.",
        f"Gaps in competence: {len(missing)}." if missing else "No gap in competence is known.",
        *_some([f"{what}: {_count(number, 'gap')}" for what, number in by_place.items()], "more places have gaps"),
    ]


def _people(count: int) -> str:
    return f"{count:,} {'person' if count == 1 else 'people'}"


def _resources(work: Work, span: Span) -> Iterable[str]:
    del span
    short = [line for line in positions_on(work, work.today) if line.position.shortfall > 0]
    short.sort(key=lambda line: (-line.position.shortfall, line.reference))
    if not short:
        return ["No licence is missing."]
    lines = [
        f"{line.reference} {line.name}: {line.position.shortfall:,} missing of {line.position.demand:,}"
        for line in short
    ]
    return [
        f"Licence pools with a shortfall: {len(short)}.",
        *_some(lines, "more pools have a shortfall"),
    ]


def _opportunities(work: Work, span: Span) -> Iterable[str]:
    rows = work.execute(
        select(Finding.reference, Finding.title)
        .where(Finding.grade == FindingGrade.OPPORTUNITY, span.holds(Finding.raised_on))
        .order_by(Finding.raised_on, Finding.id)
    ).all()
    lines = [f"{reference}: {_short(title)}" for reference, title in rows]
    return _some(lines, "more were raised") or ["Audits raised no opportunity for improvement in this time."]


_DRAWN: dict[str, Callable[[Work, Span], Iterable[str]]] = {
    "earlier-actions": _earlier_actions,
    "context": _context,
    "nonconformities": _nonconformities,
    "audit-results": _audits,
    "certificates": _certificates,
    "competence": _competence,
    "it-assets": _it_assets,
    "resources": _resources,
    "opportunities": _opportunities,
}


def _pairs(work: Work, statement: Any) -> list[tuple[Any, int]]:
    """How often each value of the first column stands there."""
    first = statement.selected_columns[0]
    return [(row[0], row[1]) for row in work.execute(statement.group_by(first).order_by(first))]


def _some(lines: Sequence[str], rest: str) -> list[str]:
    more = len(lines) - MOST
    return [*lines[:MOST], *([f"{more} {rest}."] if more > 0 else [])]


def _tally(counted: Iterable[str]) -> str:
    told = ", ".join(counted)
    return f"{told}." if told else "none."


def _findings(count: int) -> str:
    return _count(count, "finding") if count else "no finding"


def _count(count: int, noun: str) -> str:
    return f"{count:,} {noun if count == 1 else f'{noun}s'}"


def _due(day: date, today: date) -> str:
    return f"overdue since {say(day)}" if day < today else f"due on {say(day)}"


def _kind(kind: AuditKind) -> str:
    return kind.value.replace("-", " ")


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1].rstrip()}…"
