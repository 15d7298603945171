"""What the shell of every page asks: whether a kept verdict is stale, and the number at the bell. One query."""

from typing import Any, NamedTuple

from sqlalchemy import and_, exists, func, or_, select

from app.domain.certification.risk import Risk
from app.domain.certification.verdict import Standing
from app.models.audit import Audit, AuditProgress
from app.models.certificate import BodyNonconformity, CertificateDeadline, CertificateVerdict
from app.models.corrective_action import Action, CorrectiveAction
from app.queries.case_duties import action_overdue
from app.queries.case_register import overdue as case_overdue
from app.queries.case_register import said_by_case
from app.work import Work
from app.work.question import TODAY, Question, at_home

OPEN_PROGRESS = (AuditProgress.PLANNED, AuditProgress.CONFIRMED, AuditProgress.IN_PROGRESS)
# Three comparisons, and not a list: the words of a list are put into the SQL anew each time it is sent.
IS_OPEN: Any = or_(*(Audit.progress == each for each in OPEN_PROGRESS))


class Signals(NamedTuple):
    """What a page has to know of its organisation before it is drawn."""

    stale: bool
    overdue: int
    """Audits, limits, answers, nonconformities and actions past their day: what the dashboard lists as overdue."""
    at_risk: int
    """Certificates at risk: nothing planned would meet a limit in time, or they are suspended."""


_LATE_AUDITS = select(func.count()).select_from(Audit).where(*at_home(Audit), IS_OPEN, Audit.ends_on < TODAY)


def answer_is_late(today: Any) -> Any:
    """Whether the certification body has waited for an answer past its day."""
    return and_(
        BodyNonconformity.response_due_on < today,
        BodyNonconformity.plan_accepted_on.is_(None),
        BodyNonconformity.verified_on.is_(None),
    )


def limit_is_missed(today: Any) -> Any:
    """Whether the miss of a limit is a breach. Where it is a warning, by default or justified, nothing is overdue."""
    return and_(
        CertificateDeadline.closes_on < today,
        CertificateDeadline.standing == Standing.BREACHED,
        CertificateDeadline.met_on.is_(None),
        CertificateDeadline.hard.is_(True),
    )


IS_MISSED = limit_is_missed(TODAY)
_LATE_ANSWERS = (
    select(func.count())
    .select_from(BodyNonconformity)
    .where(*at_home(BodyNonconformity), answer_is_late(TODAY), ~said_by_case())
)
_MISSED_LIMITS = select(func.count()).select_from(CertificateDeadline).where(*at_home(CertificateDeadline), IS_MISSED)
_LATE_CASES = select(func.count()).select_from(CorrectiveAction).where(*at_home(CorrectiveAction), case_overdue(TODAY))
_LATE_ACTIONS = select(func.count()).select_from(Action).where(*at_home(Action), action_overdue(TODAY))
_AT_RISK = (
    select(func.count())
    .select_from(CertificateVerdict)
    .where(*at_home(CertificateVerdict), CertificateVerdict.risk == Risk.AT_RISK.value)
)
_SIGNALS = Question(
    select(
        exists().where(*at_home(CertificateVerdict), CertificateVerdict.next_change_on <= TODAY),
        _LATE_AUDITS.scalar_subquery()
        + _LATE_ANSWERS.scalar_subquery()
        + _MISSED_LIMITS.scalar_subquery()
        + _LATE_CASES.scalar_subquery()
        + _LATE_ACTIONS.scalar_subquery(),
        _AT_RISK.scalar_subquery(),
    )
)


def signals_of(work: Work) -> Signals:
    """Of the organisation of this work."""
    stale, overdue, at_risk = _SIGNALS.ask(work)[0]
    return Signals(bool(stale), overdue, at_risk)
