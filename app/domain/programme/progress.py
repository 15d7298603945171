"""How far an audit is, which step may follow, and what a step needs."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain import clauses
from app.domain.certification.facts import AuditKind, Outcome
from app.domain.dates import say
from app.domain.explained import Reason, RefusedError
from app.domain.programme.checklist import CONDUCT


class AuditProgress(StrEnum):
    """How far an audit is, in the words of the screens."""

    PLANNED = "planned"
    CONFIRMED = "confirmed"
    IN_PROGRESS = "in-progress"
    REPORT_DRAFTED = "report-drafted"
    CLOSED = "closed"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        return self.value.replace("-", " ").capitalize()

    @property
    def is_held(self) -> bool:
        return self in (AuditProgress.REPORT_DRAFTED, AuditProgress.CLOSED)

    @property
    def is_over(self) -> bool:
        """Nothing more is expected to happen on the day."""
        return self.is_held or self is AuditProgress.CANCELLED


ORDER = (
    AuditProgress.PLANNED,
    AuditProgress.CONFIRMED,
    AuditProgress.IN_PROGRESS,
    AuditProgress.REPORT_DRAFTED,
    AuditProgress.CLOSED,
)
BY_ITS_AUDITORS = frozenset({AuditProgress.IN_PROGRESS, AuditProgress.REPORT_DRAFTED})
"""The steps that somebody on the team may take; every other is the programme's."""


@dataclass(frozen=True, slots=True)
class AuditNow:
    """What the steps ask of an audit. `outcomes` holds one conclusion (or None) for each certificate it serves."""

    reference: str
    kind: AuditKind
    progress: AuditProgress
    starts_on: date
    ends_on: date
    outcomes: tuple[Outcome | None, ...] = ()

    @property
    def is_external(self) -> bool:
        return self.kind is not AuditKind.INTERNAL


def may_follow(progress: AuditProgress) -> tuple[AuditProgress, ...]:
    """The steps that may follow at all: any later one, the one before it, and cancelling what was not held."""
    if progress is AuditProgress.CANCELLED:
        return (AuditProgress.PLANNED,)
    place = ORDER.index(progress)
    steps = [*ORDER[place + 1 :], *ORDER[max(place - 1, 0) : place]]
    if not progress.is_held:
        steps.append(AuditProgress.CANCELLED)
    return tuple(steps)


def may_follow_on(audit: AuditNow, on: date) -> tuple[AuditProgress, ...]:
    """The steps that the day allows: nothing is in progress before it begins, or held before it ends."""
    return tuple(
        to
        for to in may_follow(audit.progress)
        if not (to is AuditProgress.IN_PROGRESS and on < audit.starts_on) and not (to.is_held and on < audit.ends_on)
    )


def step(audit: AuditNow, to: AuditProgress, on: date, reason: str = "") -> None:
    """Let an audit take a step, or refuse in words.

    It is in progress from its first day and held from its last; closing an external audit needs its conclusion,
    cancelling and reopening need a reason. [ISO/IEC 17021-1:2015, 9.4.8.3]
    """
    name, now = audit.reference, audit.progress
    if to is now:
        raise RefusedError(f"{name} is {now.label.lower()} already.", field="to")
    if to not in may_follow(now):
        raise RefusedError(_cannot_follow(name, now, to), field="to")
    if to is AuditProgress.CANCELLED and not reason.strip():
        raise RefusedError(f"Say why {name} is cancelled: the journal keeps the reason.", field="reason")
    if now in (AuditProgress.CLOSED, AuditProgress.CANCELLED) and not reason.strip():
        raise RefusedError(f"Say why {name} is reopened: the journal keeps the reason.", field="reason")
    if to is AuditProgress.IN_PROGRESS and on < audit.starts_on:
        raise RefusedError(f"{name} begins on {say(audit.starts_on)}; it cannot be in progress before.", field="to")
    if to.is_held and on < audit.ends_on:
        deed = "closed" if to is AuditProgress.CLOSED else "reported on"
        raise RefusedError(f"{name} ends on {say(audit.ends_on)}; it cannot be {deed} before it has ended.", field="to")
    if to is AuditProgress.CLOSED:
        _refuse_without_conclusion(audit)


def _cannot_follow(name: str, now: AuditProgress, to: AuditProgress) -> str:
    if now is AuditProgress.CANCELLED:
        return f"{name} is cancelled. Reopen it as planned first."
    if to is AuditProgress.CANCELLED:
        return f"{name} was held. What was held cannot be cancelled."
    back = ORDER[ORDER.index(now) - 1]
    return f"{name} is {now.label.lower()}. It goes back one step at a time: to {back.label.lower()} first."


def _refuse_without_conclusion(audit: AuditNow) -> None:
    if not audit.is_external:
        return
    if not audit.outcomes or any(outcome is None for outcome in audit.outcomes):
        words = "ready or not ready" if audit.kind is AuditKind.STAGE_1 else "recommended or not recommended"
        says = f"{audit.reference} cannot be closed without the conclusion of the audit team: {words}."
        raise RefusedError(Reason(says, clauses.CONCLUSIONS), field="outcome")


def conclusions_of(kind: AuditKind) -> tuple[Outcome, ...]:
    """The conclusions an audit of this kind can come to: a stage 1 is ready or not, every other recommended or not.

    An internal audit recommends nothing to a certification body: what it concludes stands in its report.
    """
    if kind is AuditKind.INTERNAL:
        return ()
    if kind is AuditKind.STAGE_1:
        return (Outcome.READY, Outcome.NOT_READY)
    return (Outcome.RECOMMENDED, Outcome.NOT_RECOMMENDED)


def conclude(audit: AuditNow, kind: AuditKind, outcome: Outcome | None, on: date) -> None:
    """Let a conclusion be recorded on one certificate, or refuse in words. [ISO/IEC 17021-1:2015, 9.4.8.3]"""
    if outcome is None:
        if audit.progress is AuditProgress.CLOSED and audit.is_external:
            raise RefusedError(
                Reason(f"{audit.reference} is closed; reopen it to take its conclusion back.", clauses.CONCLUSIONS),
                field="outcome",
            )
        return
    if kind is AuditKind.INTERNAL:
        raise RefusedError(f"{audit.reference} is an internal audit: its conclusion stands in its report.", "outcome")
    if audit.progress is AuditProgress.CANCELLED:
        raise RefusedError(f"{audit.reference} is cancelled and has no conclusion.", field="outcome")
    if on < audit.ends_on:
        raise RefusedError(
            f"{audit.reference} ends on {say(audit.ends_on)}; it has no conclusion before.", field="outcome"
        )
    if outcome not in conclusions_of(kind):
        raise RefusedError(
            "A stage 1 is ready or not ready; every other audit is recommended or not recommended.", field="outcome"
        )


def what_to_do(progress: AuditProgress, kind: AuditKind, starts_on: date, ends_on: date, on: date) -> str:
    """What somebody on the team has to do next, in one sentence."""
    if progress is AuditProgress.CLOSED:
        return "Nothing: it is closed."
    if progress is AuditProgress.CANCELLED:
        return "Nothing: it is cancelled."
    if progress is AuditProgress.REPORT_DRAFTED:
        own = kind is AuditKind.INTERNAL
        return "Have its report approved, and the audit closed." if own else "Wait for the conclusion of the body."
    if ends_on < on:
        return f"It ended on {say(ends_on)}: say that the report is drafted, or that it was not held."
    if starts_on <= on:
        return "It is on today." if progress is AuditProgress.IN_PROGRESS else "It is on: set it in progress."
    if progress is AuditProgress.PLANNED:
        return f"Keep {say(starts_on)} free: it is planned and not confirmed yet."
    return f"Prepare for {say(starts_on)}."


def refuse_not_begun(reference: str, starts_on: date, today: date, field: str) -> None:
    """Refuse what is found at an audit before its first day: a verdict as well as a finding. [ISO 19011, 6]"""
    if starts_on > today:
        says = f"{reference} begins on {say(starts_on)}: it has found nothing yet."
        raise RefusedError(Reason(says, CONDUCT), field)
