"""How a nonconformity stands on its way to its end: the facts that each step is judged by."""

from dataclasses import dataclass
from datetime import date

from app.domain.explained import Clause
from app.domain.findings.corrective_action import ActionKind, CauseBranch, CauseMethod, Effectiveness, Stage
from app.domain.findings.grading import FindingGrade

_IN_10_1 = ("ISO/IEC 20000-1", "ISO/IEC 19770-1", "ISO/IEC 27001:2013")


def corrective_clause(standard: str) -> Clause:
    """Where a standard asks for corrective action: in 10.2, or in 10.1 where it numbers the other way round.

    [ISO 9001:2015, 10.2; ISO/IEC 27001:2022, 10.2; ISO/IEC 20000-1:2018, 10.1; ISO/IEC 19770-1:2017, 10.1]
    """
    named = standard.strip() or "ISO 9001:2015"
    return Clause(named, "10.1" if named.startswith(_IN_10_1) else "10.2")


def due_now(
    stage: Stage | None, answered_on: date | None, answer_due_on: date | None, action_due_on: date | None
) -> date | None:
    """The day that counts now: cause and plan first, then the actions; None while it waits for others."""
    if stage in (Stage.VERIFICATION, Stage.CLOSED) or (stage is Stage.ACTION_PLAN and answered_on is not None):
        return None
    return action_due_on if stage is Stage.IMPLEMENTATION else answer_due_on


@dataclass(frozen=True, slots=True)
class ActionNow:
    """One action of the plan."""

    id: int
    kind: ActionKind
    owner: int
    due_on: date
    done_on: date | None = None
    done_by: int | None = None

    @property
    def is_done(self) -> bool:
        return self.done_on is not None


@dataclass(frozen=True, slots=True)
class CauseSaid:
    """The cause as it was found: the whys in their order or the causes on their bones, and what they come to."""

    method: CauseMethod
    root_cause: str
    whys: tuple[str, ...] = ()
    bones: tuple[tuple[CauseBranch, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseNow:
    """How a case stands; persons are their ids."""

    reference: str
    grade: FindingGrade
    clause: Clause
    stage: Stage
    raised_on: date
    answer_due_on: date
    action_due_on: date
    owner: int | None = None
    contained_on: date | None = None
    root_cause: str = ""
    similar_on: date | None = None
    answered_on: date | None = None
    accepted_on: date | None = None
    accepted_by: int | None = None
    answered_by: frozenset[int] = frozenset()
    """Who ever sent its answer."""
    actions: tuple[ActionNow, ...] = ()
    implemented_on: date | None = None
    verify_from: date | None = None
    effectiveness: Effectiveness | None = None
    verified_on: date | None = None
    verified_by: int | None = None
    closed_on: date | None = None

    @property
    def is_closed(self) -> bool:
        return self.stage is Stage.CLOSED

    @property
    def awaits_acceptance(self) -> bool:
        """Whether the answer was given, and nobody has said yes or no."""
        return self.stage is Stage.ACTION_PLAN and self.answered_on is not None

    @property
    def open_actions(self) -> tuple[ActionNow, ...]:
        """What is still to be done."""
        return tuple(each for each in self.actions if not each.is_done)

    @property
    def due_on(self) -> date | None:
        """The day that counts now: cause and plan first, then the actions; None while it waits for others."""
        return due_now(self.stage, self.answered_on, self.answer_due_on, self.action_due_on)

    def is_overdue(self, today: date) -> bool:
        """Whether the day that counts has passed."""
        return self.due_on is not None and self.due_on < today
