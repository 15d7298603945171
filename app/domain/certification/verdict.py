"""The answer about one certificate on one day: state, deadlines, breaches, warnings, and what comes next.

The field names are those of the command's JSON answer.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, Literal

from app.domain.certification.facts import AuditKind, State
from app.domain.explained import Explained, Reason


class Rule(StrEnum):
    """The key by which the code, the answers and the screens name a rule."""

    TWO_STAGE = "two-stage"
    STAGE_INTERVAL = "stage-interval"
    STAGE_1_REPEAT = "stage-1-repeat"
    STAGE_2_MAJORS = "stage-2-majors"
    DECISION_PRECONDITIONS = "decision-preconditions"
    FIRST_SURVEILLANCE = "first-surveillance"
    CALENDAR_YEAR = "calendar-year"
    SURVEILLANCE_COUNT = "surveillance-count"
    SECOND_SURVEILLANCE = "second-surveillance"
    LONG_GAP = "long-gap"
    RECERTIFICATION = "recertification"
    RESTORATION = "restoration"
    EARLY_RENEWAL = "early-renewal"
    SUSPENSION_LIMIT = "suspension-limit"
    TRANSFER = "transfer"
    SITE_SAMPLE = "site-sample"
    EDITION_DEADLINE = "edition-deadline"
    DECISION_YEAR_GAP = "decision-year-gap"
    NOT_ON_RECORD = "not-on-record"
    INTERNAL_PLAN = "internal-plan"
    IMPARTIALITY = "impartiality"
    INTERNAL_BEFORE_EXTERNAL = "internal-before-external"
    COVERAGE = "coverage"


class Standing(StrEnum):
    """How a deadline stands; `planned` when a planned audit that has not passed its day would meet it."""

    MET = "met"
    PLANNED = "planned"
    OPEN = "open"
    BREACHED = "breached"


Shown = Literal["met", "planned", "open", "breached", "missed"]
MISSED: Final = "missed"
"""How the screens call a limit whose miss is a warning and no breach."""


def shown(standing: Standing, *, hard: bool) -> Shown:
    """How a limit stands, in the word of the screens: a miss that is only a warning is never called a breach."""
    return MISSED if standing is Standing.BREACHED and not hard else standing.value


class CycleKind(StrEnum):
    """The first cycle of a certification, or one after a recertification or a restoration."""

    INITIAL = "initial"
    RECERTIFICATION = "recertification"


@dataclass(frozen=True, slots=True)
class Cycle:
    """The current certification cycle; `gap_days` counts the uncertified days before a restoration."""

    number: int
    kind: CycleKind
    began_on: date
    gap_days: int
    why: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class NextAudit:
    """The next external audit and the days between which holding it breaks no hard rule (None: no rule sets one)."""

    kind: AuditKind
    opens_on: date | None
    closes_on: date | None
    why: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Deadline:
    """One last day that a rule sets in the current cycle; `met_by` is the id of the audit that met it (or None).

    `met_on` is the day on which it was met, in time or late, whether an audit or a decision met it; `planned_on` the
    day of the planned audit that would meet it; `hard` says whether missing it is a breach or a warning. None of them
    is part of the command's answer.
    """

    rule: Rule
    year: int | None
    audit: AuditKind | None
    opens_on: date | None
    closes_on: date
    standing: Standing
    met_by: str | None
    why: tuple[Reason, ...]
    met_on: date | None = None
    planned_on: date | None = None
    hard: bool = True

    @property
    def shown(self) -> Shown:
        """Its standing in the word of the screens."""
        return shown(self.standing, hard=self.hard)

    @property
    def is_unmet(self) -> bool:
        """Whether its day has passed and nothing met it, not even late."""
        return self.standing is Standing.BREACHED and self.met_on is None


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule that does not hold; `since` is the first day on which it did not."""

    rule: Rule
    year: int | None
    since: date
    why: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The whole answer. A cached verdict is good until the day before `next_change_on` (None: for ever)."""

    on: date
    state: Explained[State]
    cycle: Cycle | None
    valid_through: Explained[date] | None
    effective_valid_through: Explained[date] | None
    next_audit: NextAudit | None
    deadlines: tuple[Deadline, ...]
    breaches: tuple[Breach, ...]
    warnings: tuple[Breach, ...]
    next_change_on: date | None
