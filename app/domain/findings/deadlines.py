"""By when a nonconformity is answered and acted on, why, and how far that may be put off."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from app.domain import clauses
from app.domain.certification.nonconformity import Endangered
from app.domain.dates import add_days, days_between, say, say_days
from app.domain.explained import Explained, Reason, RefusedError
from app.domain.findings.case import CaseNow
from app.domain.findings.corrective_action import DueKind, Stage
from app.domain.findings.grading import FindingGrade


@dataclass(frozen=True, slots=True)
class GradeDays:
    """How many days the organisation gives a grade: for cause and plan, and for all actions."""

    answer: int
    action: int

    def of(self, due: DueKind) -> int:
        return self.answer if due is DueKind.ANSWER else self.action


@dataclass(frozen=True, slots=True)
class Limits:
    """What a certification body's nonconformity sets beside the organisation's own days; all None for our own."""

    answer: Explained[date] | None = None
    action: Explained[date] | None = None

    def of(self, due: DueKind) -> Explained[date] | None:
        return self.answer if due is DueKind.ANSWER else self.action


@dataclass(frozen=True, slots=True)
class DueDays:
    """Both deadlines, each with its reasons."""

    answer: Explained[date]
    action: Explained[date]

    def of(self, due: DueKind) -> Explained[date]:
        return self.answer if due is DueKind.ANSWER else self.action


@dataclass(frozen=True, slots=True)
class Extension:
    """That a deadline was put off by somebody other than who asked."""

    due: DueKind
    from_on: date
    to_on: date
    reason: str
    decided_by: str = ""


def limits_of(response_due_on: date | None, endangered: Sequence[Endangered]) -> Limits:
    """What binds a body's nonconformity: the body's own day for the answer, the first last day of a rule for the rest.

    [ISO/IEC 17021-1:2015, 9.4.9, 9.5.3.2 and 9.6.3.2.2]
    """
    answer = None
    if response_due_on is not None:
        says = f"The certification body wants its answer by {say(response_due_on)}."
        answer = Explained(response_due_on, (Reason(says, clauses.RESPONSES),))
    dated = [each for each in endangered if each.closes_on is not None]
    if not dated:
        return Limits(answer)
    first = min(dated, key=lambda each: each.closes_on or date.max)
    assert first.closes_on is not None  # noqa: S101 - only dated ones are in the list
    action = Explained(first.closes_on, first.why)
    if answer is None or first.closes_on < answer.value:
        answer = action
    return Limits(answer, action)


def due_days(grade: FindingGrade, from_on: date, days: GradeDays, limits: Limits) -> DueDays:
    """So many days after it was raised, as the organisation chose; earlier where the body or a rule ends sooner.

    [ISO/IEC 17021-1:2015, 9.4.9, 9.5.3.2 and 9.6.3.2.2]
    """
    return DueDays(
        _earlier(_own(grade, from_on, days, DueKind.ANSWER), limits.answer),
        _earlier(_own(grade, from_on, days, DueKind.ACTION), limits.action),
    )


def _own(grade: FindingGrade, from_on: date, days: GradeDays, due: DueKind) -> Explained[date]:
    day = add_days(from_on, days.of(due))
    return Explained(day, (_why_own(grade, from_on, day, due),))


def _why_own(grade: FindingGrade, from_on: date, day: date, due: DueKind) -> Reason:
    what = "cause and plan" if due is DueKind.ANSWER else "all actions"
    count = say_days(days_between(from_on, day))
    says = (
        f"{grade.label}: {what} within {count} of {say(from_on)}. "
        "No standard sets a number here: it is a choice of the organisation, in its settings."
    )
    return Reason(says)


def _earlier(own: Explained[date], limit: Explained[date] | None) -> Explained[date]:
    if limit is None or own.value <= limit.value:
        return own
    says = f"The organisation's own days would have ended later, on {say(own.value)}."
    return Explained(limit.value, (*limit.why, Reason(says)))


def why_due(
    grade: FindingGrade,
    from_on: date,
    due: DueKind,
    kept: date,
    limits: Limits,
    extensions: Sequence[Extension],
) -> Explained[date]:
    """Why a deadline is what it is: what set it first, and every time it was put off since."""
    put_off = [each for each in extensions if each.due is due]
    first = put_off[0].from_on if put_off else kept
    limit = limits.of(due)
    own = (_why_own(grade, from_on, first, due),)
    why = limit.why if limit is not None and first == limit.value else own
    later = [
        Reason(f"Put off from {say(each.from_on)} to {say(each.to_on)}{_by(each)}: {each.reason.strip()}")
        for each in put_off
    ]
    return Explained(kept, (*why, *later))


def _by(extension: Extension) -> str:
    return f", approved by {extension.decided_by}" if extension.decided_by else ""


def ask_extension(
    now: CaseNow, due: DueKind, to_on: date, reason: str, by: int, today: date, *, limits: Limits, is_asked: bool
) -> None:
    """Who answers for it asks for more time and says why; a last day of the rules or of the body cannot be put off.

    [ISO/IEC 17021-1:2015, 9.4.9, 9.5.3.2 and 9.6.3.2.2]
    """
    if now.is_closed:
        raise RefusedError(Reason(f"{now.reference} is closed.", now.clause))
    if by != now.owner:
        raise RefusedError(Reason("Only who answers for the nonconformity asks for more time.", now.clause))
    _refuse_met(now, due)
    if is_asked:
        raise RefusedError("More time was asked for already, and nobody has decided yet.", "due")
    kept = now.answer_due_on if due is DueKind.ANSWER else now.action_due_on
    if to_on <= kept:
        raise RefusedError(f"It is due on {say(kept)} as it is: give a later day.", "to_on")
    if to_on <= today:
        raise RefusedError(f"{say(to_on)} is no day to come: give a later one.", "to_on")
    refuse_beyond(to_on, limits.of(due))
    _refuse_after_actions(now, due, to_on)
    if not reason.strip():
        raise RefusedError("Say why more time is needed.", "reason")


def refuse_beyond(to_on: date, limit: Explained[date] | None) -> None:
    """Refuse a day after the last one that the body or a rule allows: the organisation cannot put that off."""
    if limit is not None and to_on > limit.value:
        says = f"It cannot be put off beyond {say(limit.value)}, which the organisation does not set itself."
        raise RefusedError((Reason(says), *limit.why), "to_on")


def decide_extension(
    now: CaseNow,
    due: DueKind,
    from_on: date,
    to_on: date,
    asked_by: int,
    by: int,
    note: str,
    *,
    approve: bool,
    limits: Limits,
) -> CaseNow:
    """Somebody else than who asked, and than who answers for it, approves or refuses, with a note.

    [ISO 9001:2015, 10.2]
    """
    if by in (asked_by, now.owner):
        says = "Nobody grants more time to themselves: another person decides."
        raise RefusedError(Reason(says, now.clause))
    if not note.strip():
        raise RefusedError("Say why it is approved or refused: the note stays with the deadline.", "note")
    if not approve:
        return now
    _refuse_met(now, due)
    kept = now.answer_due_on if due is DueKind.ANSWER else now.action_due_on
    if kept != from_on:
        says = f"The deadline was moved to {say(kept)} since this was asked: refuse it, and let it be asked anew."
        raise RefusedError(says)
    refuse_beyond(to_on, limits.of(due))
    _refuse_after_actions(now, due, to_on)
    if due is DueKind.ACTION:
        return replace(now, action_due_on=to_on)
    return replace(now, answer_due_on=to_on)


def _refuse_after_actions(now: CaseNow, due: DueKind, to_on: date) -> None:
    if due is DueKind.ANSWER and to_on > now.action_due_on:
        says = f"All actions are due on {say(now.action_due_on)}: cause and plan cannot be due later than they are."
        raise RefusedError(says, "to_on")


def _refuse_met(now: CaseNow, due: DueKind) -> None:
    if now.is_closed or now.stage is Stage.VERIFICATION or (due is DueKind.ANSWER and now.answered_on is not None):
        what = "The answer is given" if due is DueKind.ANSWER else "All actions are done"
        raise RefusedError(Reason(f"{what}: there is nothing to put off.", now.clause), "due")
