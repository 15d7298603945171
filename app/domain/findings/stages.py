"""The steps of a nonconformity from raised to implemented: which may follow, and why not. [ISO 9001:2015, 10.2]"""

from dataclasses import replace
from datetime import date
from enum import StrEnum

from app.domain.dates import add_days, say
from app.domain.explained import Reason, RefusedError
from app.domain.findings.case import ActionNow, CaseNow, CauseSaid
from app.domain.findings.corrective_action import ActionKind, CauseBranch, CauseMethod, Stage

FEWEST_WHYS = 2
FEWEST_CAUSES = 2


class CaseStep(StrEnum):
    """What may be done with a case."""

    ASSIGN = "assign"
    CONTAIN = "contain"
    EXPLAIN = "explain"
    LOOK = "look"
    PLAN = "plan"
    ANSWER = "answer"
    ACCEPT = "accept"
    REFUSE = "refuse"
    DO = "do"
    VERIFY = "verify"
    EXTEND = "extend"


def may_follow(now: CaseNow) -> tuple[CaseStep, ...]:
    """The steps that may follow as the case stands, whoever takes them."""
    if now.is_closed:
        return ()
    waits = now.awaits_acceptance
    begun = now.stage is not Stage.RAISED
    found = {
        CaseStep.ASSIGN: True,
        CaseStep.CONTAIN: now.stage is Stage.CONTAINMENT,
        CaseStep.EXPLAIN: now.stage in (Stage.ROOT_CAUSE, Stage.ACTION_PLAN) and not waits,
        CaseStep.LOOK: now.stage in (Stage.ROOT_CAUSE, Stage.ACTION_PLAN) and not waits,
        CaseStep.PLAN: begun and now.stage is not Stage.VERIFICATION and not waits,
        CaseStep.ANSWER: now.stage is Stage.ACTION_PLAN and not waits,
        CaseStep.ACCEPT: waits,
        CaseStep.REFUSE: waits,
        CaseStep.DO: bool(now.open_actions),
        CaseStep.VERIFY: now.stage is Stage.VERIFICATION,
        CaseStep.EXTEND: begun and now.due_on is not None,
    }
    return tuple(step for step, may in found.items() if may)


def what_to_do(now: CaseNow) -> str:
    """What is to be done next, in words."""
    if now.awaits_acceptance:
        return "Accept the answer, or refuse it with the reason"
    return {
        Stage.RAISED: "Name the responsible person",
        Stage.CONTAINMENT: "Record the containment, or why none is needed",
        Stage.ROOT_CAUSE: "Find the root cause, and look for similar cases",
        Stage.ACTION_PLAN: "Plan the actions, and send the answer",
        Stage.IMPLEMENTATION: "Do what was planned",
        Stage.VERIFICATION: "Verify that the actions worked",
        Stage.CLOSED: "",
    }[now.stage]


def assign(now: CaseNow, person: int) -> CaseNow:
    """Somebody answers for the nonconformity by name; not who accepted its answer. [ISO 9001:2015, 10.2]"""
    _refuse_closed(now)
    if person == now.accepted_by:
        says = "They accepted the answer. Who answers for a nonconformity cannot have accepted their own answer."
        raise RefusedError(Reason(says, now.clause), "owner")
    return replace(now, owner=person, stage=Stage.CONTAINMENT if now.stage is Stage.RAISED else now.stage)


def contain(now: CaseNow, says: str, on: date, today: date) -> CaseNow:
    """First what was found is brought under control, or it is said why that is not needed. [ISO 9001:2015, 10.2]"""
    _refuse_out_of_turn(now, Stage.CONTAINMENT, "The containment is recorded first, once")
    if not says.strip():
        asks = "Say what was done to contain it, or why no containment is needed."
        raise RefusedError(Reason(asks, now.clause), "containment")
    if on > today:
        raise RefusedError(f"{say(on)} has not come yet: record what was done.", "contained_on")
    if on < now.raised_on:
        says = f"It was raised on {say(now.raised_on)}: it cannot have been contained before."
        raise RefusedError(says, "contained_on")
    return replace(now, contained_on=on, stage=Stage.ROOT_CAUSE)


def explain(now: CaseNow, cause: CauseSaid) -> CaseNow:
    """The cause is found by a method that can be followed: whys that end in it, or causes on their bones.

    [ISO 9001:2015, 10.2]
    """
    _refuse_out_of_turn(now, (Stage.ROOT_CAUSE, Stage.ACTION_PLAN), "The cause is recorded after the containment")
    _refuse_waiting(now)
    if not cause.root_cause.strip():
        raise RefusedError(Reason("Say in a sentence what the root cause is.", now.clause), "root_cause")
    whys = [each for each in cause.whys if each.strip()]
    bones = [(branch, each) for branch, each in cause.bones if each.strip() and branch is not CauseBranch.WHY]
    if cause.method is CauseMethod.FIVE_WHYS and len(whys) < FEWEST_WHYS:
        says = f"Ask why at least twice: {len(whys)} of the whys {'is' if len(whys) == 1 else 'are'} answered."
        raise RefusedError(Reason(says, now.clause), "whys")
    if cause.method is CauseMethod.CAUSE_AND_EFFECT and len(bones) < FEWEST_CAUSES:
        says = "Put at least two possible causes on the bones: one alone was not weighed against another."
        raise RefusedError(Reason(says, now.clause), "bones")
    return replace(now, root_cause=cause.root_cause.strip(), stage=Stage.ACTION_PLAN)


def look(now: CaseNow, note: str, looked_at: int, today: date) -> CaseNow:
    """Similar cases are looked for: something was looked at, or it is said why there is none.

    [ISO 9001:2015, 10.2]
    """
    _refuse_out_of_turn(
        now, (Stage.ROOT_CAUSE, Stage.ACTION_PLAN), "Similar cases are looked for together with the cause"
    )
    _refuse_waiting(now)
    if not looked_at and not note.strip():
        says = "Say of at least one thing whether it is affected, or say why there can be no similar case."
        raise RefusedError(Reason(says, now.clause), "note")
    return replace(now, similar_on=today)


def plan(now: CaseNow, kind: ActionKind, says: str, owner: int | None, due_on: date | None, today: date) -> None:
    """An action says what is done, by whom and by when. A corrective one follows the cause. [ISO 9001:2015, 10.2]"""
    _refuse_closed(now)
    if now.stage is Stage.RAISED:
        raise RefusedError(Reason("First say who answers for the nonconformity.", now.clause))
    if now.stage is Stage.VERIFICATION:
        raise RefusedError(Reason("All actions are done, and wait to be verified: no action is added now.", now.clause))
    _refuse_waiting(now)
    if kind is ActionKind.DECISION:
        raise RefusedError("A decision comes from a management review, not from a nonconformity.", "kind")
    if kind is ActionKind.CORRECTIVE and not now.root_cause:
        raise RefusedError(Reason("A corrective action removes the cause: record the cause first.", now.clause), "kind")
    if not says.strip():
        raise RefusedError("Say what is to be done.", "says")
    if owner is None:
        raise RefusedError(Reason("Choose who does it.", now.clause), "owner")
    if due_on is None:
        raise RefusedError(Reason("Give the day by which it is done.", now.clause), "due_on")
    if due_on < today:
        raise RefusedError(f"{say(due_on)} has passed: give a day that is still to come.", "due_on")
    # Where that day has passed, all is late anyway, and a plan is better than none.
    if due_on > now.action_due_on >= today:
        says = (
            f"All actions are due on {say(now.action_due_on)}. "
            "Give an earlier day, or ask for the deadline to be put off first."
        )
        raise RefusedError(says, "due_on")


def drop(now: CaseNow, action: ActionNow) -> None:
    """An action leaves the plan only before the plan is answered, and never once it is done. [ISO 9001:2015, 10.2]"""
    _refuse_closed(now)
    _refuse_waiting(now)
    if action.is_done:
        raise RefusedError(Reason("It is done, and stays as a record of what was done.", now.clause))
    if now.accepted_on is not None:
        raise RefusedError(Reason("It belongs to the plan that was accepted. Do it.", now.clause))


def answer(now: CaseNow, by: int, today: date) -> CaseNow:
    """Who answers for it sends cause and plan; everything that is missing is said at once. [ISO 9001:2015, 10.2]"""
    _refuse_closed(now)
    _refuse_waiting(now)
    if now.accepted_on is not None:
        raise RefusedError(Reason(f"The answer was accepted on {say(now.accepted_on)}.", now.clause))
    if now.owner != by:
        raise RefusedError(Reason("Only who answers for the nonconformity sends its answer.", now.clause))
    missing = missing_for_answer(now)
    if missing:
        raise RefusedError(missing)
    return replace(now, answered_on=today)


def missing_for_answer(now: CaseNow) -> tuple[Reason, ...]:
    """What an answer still needs. After an ineffective action the plan needs a new one: the old ones did not work."""
    found = []
    if now.contained_on is None:
        found.append(Reason("The containment is not recorded, nor why none is needed.", now.clause))
    if not now.root_cause:
        found.append(Reason("The root cause is not recorded.", now.clause))
    if now.similar_on is None:
        found.append(Reason("Similar cases were not looked for.", now.clause))
    corrective = [each for each in now.actions if each.kind is ActionKind.CORRECTIVE]
    since = now.verified_on
    if not corrective:
        found.append(Reason("The plan has no corrective action with an owner and a day.", now.clause))
    elif since is not None and all(each.done_on is not None and each.done_on <= since for each in corrective):
        says = "The plan has no new corrective action: those that were done did not work."
        found.append(Reason(says, now.clause))
    return tuple(found)


def accept(now: CaseNow, by: int, today: date, effectiveness_days: int) -> CaseNow:
    """Another person, who neither answered nor did any of it, accepts cause and plan.

    Where all is done already, it waits for verification at once.

    [ISO 9001:2015, 10.2]
    """
    _refuse_unanswered(now)
    _refuse_partial(now, by)
    accepted = replace(now, accepted_on=today, accepted_by=by, stage=Stage.IMPLEMENTATION)
    return implemented(accepted, effectiveness_days)


def why_not_judged_by(now: CaseNow, by: int) -> tuple[Reason, ...]:
    """Why this person cannot accept or refuse the answer: they answer for it, sent it, or did some of it already.

    [ISO 9001:2015, 10.2]
    """
    if by == now.owner:
        says = f"You answer for {now.reference} yourself: another person has to accept or refuse your answer."
    elif by in now.answered_by:
        says = f"You sent the answer on {now.reference}: another person has to accept or refuse it."
    elif any(by == each.done_by for each in now.actions):
        says = f"You did some of the actions of {now.reference}: another person has to accept or refuse the answer."
    else:
        return ()
    return (Reason(says, now.clause),)


def refuse(now: CaseNow, by: int, reason: str) -> CaseNow:
    """Another person refuses the answer and says why; it goes back, and what was said is kept. [ISO 9001:2015, 10.2]"""
    _refuse_unanswered(now)
    _refuse_partial(now, by)
    if not reason.strip():
        raise RefusedError("Say why it is refused: whoever answers for it has to know what is missing.", "note")
    return replace(now, answered_on=None)


def do(now: CaseNow, action_id: int, by: int, on: date, today: date, note: str, *, effectiveness_days: int) -> CaseNow:
    """An action is done when it is said what was done; the last one brings the case to verification.

    [ISO 9001:2015, 10.2]
    """
    _refuse_closed(now)
    action = next((each for each in now.actions if each.id == action_id), None)
    if action is None:
        raise LookupError(f"the case {now.reference} has no action {action_id}")
    refuse_undone(on, today, now.raised_on, note, was=action.done_on)
    done = replace(action, done_on=on, done_by=by)
    actions = tuple(done if each.id == action_id else each for each in now.actions)
    return implemented(replace(now, actions=actions), effectiveness_days)


def refuse_undone(on: date, today: date, since: date, note: str, *, was: date | None) -> None:
    """Refuse to call done what was done before, on an impossible day, or without a word on what was done.

    [ISO 9001:2015, 10.2]
    """
    if was is not None:
        raise RefusedError(f"It was recorded as done on {say(was)} already.")
    if on > today:
        raise RefusedError(f"{say(on)} has not come yet: record what was done.", "done_on")
    if on < since:
        raise RefusedError(f"{say(on)} lies before {say(since)}, when the need for it arose.", "done_on")
    if not note.strip():
        raise RefusedError("Say what was done; files that prove it go beside it.", "note")


def implemented(now: CaseNow, effectiveness_days: int) -> CaseNow:
    """Once every action of an accepted plan is done, effectiveness is judged after the waiting time.

    [ISO 9001:2015, 10.2]
    """
    if now.stage is not Stage.IMPLEMENTATION or now.open_actions or not now.actions:
        return now
    last = max(each.done_on for each in now.actions if each.done_on is not None)
    return replace(
        now, stage=Stage.VERIFICATION, implemented_on=last, verify_from=add_days(last, max(effectiveness_days, 0))
    )


def _refuse_closed(now: CaseNow) -> None:
    if now.is_closed:
        day = f" on {say(now.closed_on)}" if now.closed_on else ""
        raise RefusedError(Reason(f"{now.reference} was closed{day}: nothing about it changes any more.", now.clause))


def _refuse_waiting(now: CaseNow) -> None:
    if now.awaits_acceptance:
        says = "The answer is sent, and waits to be accepted or refused: nothing of it changes meanwhile."
        raise RefusedError(Reason(says, now.clause))


def _refuse_out_of_turn(now: CaseNow, stage: Stage | tuple[Stage, ...], says: str) -> None:
    _refuse_closed(now)
    stages = stage if isinstance(stage, tuple) else (stage,)
    if now.stage not in stages:
        raise RefusedError(Reason(f"{says}. Now it stands at “{now.stage.label.lower()}”.", now.clause))


def _refuse_unanswered(now: CaseNow) -> None:
    _refuse_closed(now)
    if now.accepted_on is not None:
        raise RefusedError(Reason(f"The answer was accepted on {say(now.accepted_on)} already.", now.clause))
    if not now.awaits_acceptance:
        raise RefusedError(Reason("There is no answer yet that could be accepted or refused.", now.clause))


def _refuse_partial(now: CaseNow, by: int) -> None:
    against = why_not_judged_by(now, by)
    if against:
        raise RefusedError(against)
