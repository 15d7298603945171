"""A nonconformity closes only when somebody else has seen that the actions worked. [ISO 9001:2015, 10.2]"""

from dataclasses import replace
from datetime import date

from app.domain.dates import say, say_days
from app.domain.explained import Explained, Reason, RefusedError
from app.domain.findings.case import CaseNow
from app.domain.findings.corrective_action import Effectiveness, Stage
from app.domain.findings.deadlines import DueDays


def why_not_closed(now: CaseNow, by: int | None, today: date) -> tuple[Reason, ...]:
    """Everything that keeps it from being verified and closed by this person today; nothing where they may.

    A cause, an accepted plan with every action done, the waiting time, and a person who neither answers for it nor
    did any of its actions. [ISO 9001:2015, 10.2]
    """
    if now.is_closed:
        return (Reason(f"{now.reference} is closed already.", now.clause),)
    found = []
    if not now.root_cause:
        found.append(Reason("It cannot be closed without a root cause.", now.clause))
    if now.accepted_on is None:
        found.append(Reason("Cause and plan were not accepted yet.", now.clause))
    still = len(now.open_actions)
    if still:
        says = "1 action is still open." if still == 1 else f"{still} actions are still open."
        found.append(Reason(f"It cannot be closed with open actions: {says}", now.clause))
    found += why_not_verified_by(now, by)
    if now.verify_from is not None and today < now.verify_from:
        says = f"The waiting time is not over: effectiveness can be judged from {say(now.verify_from)} on."
        found.append(Reason(says, now.clause))
    return tuple(found)


def why_not_verified_by(now: CaseNow, by: int | None) -> tuple[Reason, ...]:
    """Why this person cannot judge whether it worked: they answer or answered for it, or did some of it.

    [ISO 9001:2015, 10.2]
    """
    if by is None:
        return (Reason("A person verifies it, by name.", now.clause),)
    if by == now.owner:
        says = f"You answer for {now.reference} yourself: somebody else has to see whether it worked."
        return (Reason(says, now.clause),)
    if by in now.answered_by:
        says = f"You sent the answer on {now.reference}: somebody else has to see whether it worked."
        return (Reason(says, now.clause),)
    if any(by in (each.owner, each.done_by) for each in now.actions):
        says = f"You had a hand in the actions of {now.reference}: somebody else has to see whether they worked."
        return (Reason(says, now.clause),)
    return ()


def verify(now: CaseNow, by: int, today: date, verdict: Effectiveness | None, note: str, anew: DueDays) -> CaseNow:
    """Effective closes it; ineffective opens it again at the root cause, due `anew`. [ISO 9001:2015, 10.2]"""
    against = why_not_closed(now, by, today)
    if against:
        raise RefusedError(against)
    if now.stage is not Stage.VERIFICATION:
        raise RefusedError(Reason(f"Now it stands at “{now.stage.label.lower()}”.", now.clause))
    if verdict is None:
        raise RefusedError("Say whether the actions were effective.", "verdict")
    if not note.strip():
        raise RefusedError("Say what you looked at, and what you saw: the verdict rests on it.", "note")
    judged = replace(now, effectiveness=verdict, verified_on=today, verified_by=by)
    if verdict is Effectiveness.EFFECTIVE:
        return replace(judged, stage=Stage.CLOSED, closed_on=today)
    return replace(
        judged,
        stage=Stage.ROOT_CAUSE,
        root_cause="",
        similar_on=None,
        answered_on=None,
        accepted_on=None,
        accepted_by=None,
        implemented_on=None,
        verify_from=None,
        answer_due_on=anew.answer.value,
        action_due_on=anew.action.value,
    )


def why_verify_from(now: CaseNow) -> Explained[date] | None:
    """From which day effectiveness may be judged, and why not before; None until all is done."""
    if now.verify_from is None or now.implemented_on is None:
        return None
    wait = (now.verify_from - now.implemented_on).days
    says = (
        f"The last action was done on {say(now.implemented_on)}. The organisation waits {say_days(wait)} "
        "before it judges whether the actions worked: its own choice, in its settings."
    )
    return Explained(now.verify_from, (Reason(says, now.clause),))
