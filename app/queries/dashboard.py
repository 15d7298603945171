"""How an organisation stands today: what is overdue, what is near, what is at risk. A fixed number of queries."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Date, Integer, String, bindparam, cast, func, literal, or_, select, union_all

from app.domain.certification.facts import AuditKind, State
from app.domain.certification.risk import Risk, rule_name
from app.domain.certification.verdict import Rule, Standing
from app.domain.findings.corrective_action import ActionKind, Stage
from app.models.audit import Audit, AuditProgress
from app.models.certificate import BodyNonconformity, Certificate, CertificateDeadline, CertificateVerdict
from app.models.corrective_action import Action, CorrectiveAction
from app.queries.case_register import awaits_answer, said_by_case
from app.queries.signals import IS_MISSED, IS_OPEN, Signals, signals_of
from app.work import Work
from app.work.question import TODAY, Question, at_home

HORIZONS = (30, 60, 90)
SHOWN = 12
GLANCE = 6
"""So many certificates are seen at one glance; of more, only those in danger stand on the dashboard."""
ENDANGERED = (Risk.BROKEN, Risk.AT_RISK)
"""Rows of a list before it points to the page that has them all."""


@dataclass(frozen=True, slots=True)
class Due:
    """Something with a day: an audit, a limit of a certificate, an answer to the certification body."""

    on: date
    noun: str
    """`audit`, `limit`, `response`, `case` or `action`: what kind of thing, and which page shows it."""
    reference: str
    says: str


@dataclass(frozen=True, slots=True)
class CertificateStanding:
    """A certificate, how it stands, the sentence that says why, and what its ring shows."""

    reference: str
    standard: str
    state: str
    risk: Risk
    says: str
    began_on: date | None
    valid_through: date | None
    detail: Any


@dataclass(frozen=True, slots=True)
class OpenBreach:
    """A hard rule that the current cycle of a certificate has broken."""

    reference: str
    standard: str
    name: str
    since: date


@dataclass(frozen=True, slots=True)
class Dashboard:
    """Everything that the dashboard says."""

    risks: Counter[Risk]
    """How the certificates stand, those applied for included."""
    overdue: tuple[Due, ...]
    near: tuple[Due, ...]
    at_risk: tuple[CertificateStanding, ...]
    all_standing: tuple[CertificateStanding, ...]
    """Every certificate, the endangered first, where they are few enough to be seen at one glance; else none."""
    breaches: tuple[OpenBreach, ...]
    applied: Counter[Risk] = field(default_factory=Counter)
    """How those stand that are only applied for."""
    more: dict[str, int] = field(default_factory=dict)
    """How many rows each list has beyond those shown."""

    def within(self, days: int, today: date) -> tuple[Due, ...]:
        """What falls between the horizon before and this one."""
        after = max((each for each in HORIZONS if each < days), default=-1)
        return tuple(each for each in self.near if after < (each.on - today).days <= days)


def dashboard_of(work: Work, signals: Signals | None = None) -> Dashboard:
    """How the organisation stands today; what the shell has asked already is not asked again."""
    count = (signals or signals_of(work)).overdue
    tallies = _TALLIES.ask(work)
    risks: Counter[Risk] = Counter()
    applied: Counter[Risk] = Counter()
    breach_count = 0
    for risk, state, number, broken in tallies:
        risks[Risk(risk)] += number
        breach_count += broken
        if state is State.APPLICANT:
            applied[Risk(risk)] += number
    few = risks.total() <= GLANCE
    standing = _standings(work, _ALL if few else _ENDANGERED)
    endangered = tuple(each for each in standing if each.risk in ENDANGERED)
    late, soon = _due(work)
    breaches = _breaches(work) if breach_count else ()
    return Dashboard(
        risks=risks,
        applied=applied,
        overdue=tuple(late[:SHOWN]),
        near=tuple(soon[: SHOWN * 3]),
        at_risk=endangered,
        all_standing=standing if few else (),
        breaches=breaches,
        more={
            "overdue": max(0, count - SHOWN),
            "near": max(0, len(soon) - SHOWN * 3),
            "at_risk": max(0, risks[Risk.BROKEN] + risks[Risk.AT_RISK] - len(endangered)),
            "breaches": max(0, breach_count - len(breaches)),
        },
    )


def _by_day(due: Due) -> tuple[date, str]:
    return due.on, due.reference


_LAST = bindparam("last", type_=Date)
"""The end of the farthest horizon."""

_TALLIES = Question(
    select(CertificateVerdict.risk, CertificateVerdict.state, func.count(), func.sum(CertificateVerdict.breach_count))
    .where(*at_home(CertificateVerdict))
    .group_by(CertificateVerdict.risk, CertificateVerdict.state)
)
_JOINED: Any = (
    select(
        Certificate.reference,
        Certificate.standard,
        Certificate.edition,
        CertificateVerdict.state,
        CertificateVerdict.risk,
        CertificateVerdict.risk_says,
        CertificateVerdict.began_on,
        CertificateVerdict.valid_through,
        CertificateVerdict.detail,
    )
    .select_from(CertificateVerdict)
    .join(Certificate, CertificateVerdict.certificate_id == Certificate.id)
    .where(*at_home(Certificate, CertificateVerdict))
    .limit(SHOWN)
)
_BY_RISK = _JOINED.order_by(CertificateVerdict.risk.desc(), CertificateVerdict.next_closes_on, Certificate.reference)
_ALL = Question(_BY_RISK)
_ENDANGERED = Question(_BY_RISK.where(or_(*(CertificateVerdict.risk == each.value for each in ENDANGERED))))
_BREACHED = Question(
    _JOINED.where(CertificateVerdict.breach_count > 0).order_by(
        CertificateVerdict.next_closes_on, Certificate.reference
    )
)
_NOTHING: dict[str, Any] = {
    "progress": cast(None, String),
    "year": cast(None, Integer),
    "starts_on": cast(None, Date),
}


def _part(name: str, reference: Any, kind: Any, on: Any, **more: Any) -> Any:
    """The columns of one part of what is due; every part has the same."""
    rest = [value.label(column) for column, value in (_NOTHING | more).items()]
    return select(
        literal(name).label("part"),
        reference.label("reference"),
        cast(kind, String).label("kind"),
        on.label("on"),
        *rest,
    )


_OPEN_AUDITS: Any = {"progress": cast(Audit.progress, String), "starts_on": Audit.starts_on}
_LATE_AUDITS: Any = (
    _part("late", Audit.reference, Audit.kind, Audit.ends_on, **_OPEN_AUDITS)
    .where(*at_home(Audit), IS_OPEN, Audit.ends_on < TODAY)
    .order_by(Audit.ends_on.desc())
    .limit(SHOWN * 2)
)
_NEAR_AUDITS: Any = (
    _part("near", Audit.reference, Audit.kind, Audit.ends_on, **_OPEN_AUDITS)
    .where(*at_home(Audit), IS_OPEN, Audit.ends_on >= TODAY, Audit.starts_on <= _LAST)
    .order_by(Audit.ends_on)
    .limit(SHOWN * 3 + 1)
)


def _deadlines(name: str, *conditions: Any) -> Any:
    deadline = CertificateDeadline
    return (
        _part(name, Certificate.reference, deadline.rule, deadline.closes_on, year=deadline.year)
        .select_from(deadline)
        .join(Certificate, deadline.certificate_id == Certificate.id)
        .where(*at_home(Certificate, deadline), *conditions)
        .order_by(deadline.closes_on)
    )


_WAITING = _deadlines(
    "waiting",
    CertificateDeadline.closes_on >= TODAY,
    CertificateDeadline.closes_on <= _LAST,
    or_(CertificateDeadline.standing == Standing.OPEN, CertificateDeadline.standing == Standing.PLANNED),
).limit(SHOWN * 3 + 1)
_MISSED = _deadlines("missed", IS_MISSED).limit(SHOWN * 2)
_ANSWERS: Any = (
    _part("answers", BodyNonconformity.reference, BodyNonconformity.grade, BodyNonconformity.response_due_on)
    .where(
        *at_home(BodyNonconformity),
        BodyNonconformity.response_due_on <= _LAST,
        ~said_by_case(),
        BodyNonconformity.plan_accepted_on.is_(None),
        BodyNonconformity.verified_on.is_(None),
    )
    .order_by(BodyNonconformity.response_due_on.desc())
    .limit(SHOWN * 3)
)
_CASE_ANSWERS: Any = (
    _part("case answers", CorrectiveAction.reference, CorrectiveAction.grade, CorrectiveAction.answer_due_on)
    .where(*at_home(CorrectiveAction), awaits_answer(), CorrectiveAction.answer_due_on <= _LAST)
    .order_by(CorrectiveAction.answer_due_on)
    .limit(SHOWN * 3)
)
_CASE_ACTIONS: Any = (
    _part("case actions", CorrectiveAction.reference, CorrectiveAction.grade, CorrectiveAction.action_due_on)
    .where(
        *at_home(CorrectiveAction),
        CorrectiveAction.stage == Stage.IMPLEMENTATION,
        CorrectiveAction.action_due_on <= _LAST,
    )
    .order_by(CorrectiveAction.action_due_on)
    .limit(SHOWN * 3)
)
_ACTIONS: Any = (
    _part("actions", Action.reference, Action.kind, Action.due_on)
    .where(*at_home(Action), Action.done_on.is_(None), Action.due_on <= _LAST)
    .order_by(Action.due_on)
    .limit(SHOWN * 3)
)
_PARTS = (_LATE_AUDITS, _NEAR_AUDITS, _WAITING, _MISSED, _ANSWERS, _CASE_ANSWERS, _CASE_ACTIONS, _ACTIONS)
_DUE = Question(union_all(*(select(part.subquery()) for part in _PARTS)))
"""All that has a day, in one journey to the database; each part is put in order afterwards."""


def _last(work: Work) -> date:
    return work.today + timedelta(days=HORIZONS[-1])


def _standings(work: Work, question: Question) -> tuple[CertificateStanding, ...]:
    found = [
        CertificateStanding(reference, f"{standard}:{edition}", state, Risk(risk), *rest)
        for reference, standard, edition, state, risk, *rest in question.ask(work)
    ]
    return tuple(sorted(found, key=lambda each: each.risk not in ENDANGERED))


def _due(work: Work) -> tuple[list[Due], list[Due]]:
    """What is overdue and what is near, each by its day."""
    late: list[Due] = []
    soon: list[Due] = []
    for part, reference, kind, on, progress, year, starts_on in _DUE.ask(work, last=_last(work)):
        if part == "late":
            due = Due(on, "audit", reference, f"{_kind(kind)} has not been reported as held")
        elif part == "near":
            word = AuditProgress(progress).label.lower()
            due = Due(max(starts_on, work.today), "audit", reference, f"{_kind(kind)}, {word}")
        elif part == "waiting":
            due = Due(on, "limit", reference, f"Last day for the {rule_name(Rule(kind), year)}")
        elif part == "missed":
            due = Due(on, "limit", reference, f"{rule_name(Rule(kind), year).capitalize()} was due")
        elif part == "case answers":
            due = Due(on, "case", reference, f"Cause and plan for a {kind} nonconformity")
        elif part == "case actions":
            due = Due(on, "case", reference, f"Implementation for a {kind} nonconformity")
        elif part == "actions":
            due = Due(on, "action", reference, f"{ActionKind(kind).label} to be done")
        else:
            due = Due(on, "response", reference, f"Answer to a {kind} nonconformity of the certification body")
        (late if due.on < work.today else soon).append(due)
    return sorted(late, key=_by_day), sorted(soon, key=_by_day)


def _kind(kind: str) -> str:
    found = AuditKind(kind)
    return "Internal audit" if found is AuditKind.INTERNAL else found.label


def _breaches(work: Work) -> tuple[OpenBreach, ...]:
    found = [
        OpenBreach(
            row.reference,
            f"{row.standard}:{row.edition}",
            rule_name(Rule(breach["rule"]), breach["year"]),
            date.fromisoformat(breach["since"]),
        )
        for row in _BREACHED.ask(work)
        for breach in row.detail["breaches"]
    ]
    return tuple(sorted(found, key=lambda each: each.since, reverse=True)[:SHOWN])
