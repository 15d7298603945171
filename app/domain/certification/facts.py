"""What is known of one certificate: the facts that the rules judge, and nothing computed.

Facts come from a file (the command) or from the database (the pages); the rules cannot tell which.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.words import Word


class AuditKind(Word):
    """The kinds of audit; all but `internal` are the certification body's."""

    STAGE_1 = "stage-1"
    STAGE_2 = "stage-2"
    SURVEILLANCE = "surveillance"
    RECERTIFICATION = "recertification"
    SPECIAL = "special"
    TRANSITION = "transition"
    TRANSFER_REVIEW = "transfer-review"
    INTERNAL = "internal"


class AuditStatus(StrEnum):
    """How far an audit is, as far as the rules care."""

    PLANNED = "planned"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class Outcome(StrEnum):
    """The conclusion of an audit: a stage 1 is ready or not, every other is recommended or not."""

    READY = "ready"
    NOT_READY = "not-ready"
    RECOMMENDED = "recommended"
    NOT_RECOMMENDED = "not-recommended"


class DecisionKind(StrEnum):
    """The written decisions of a certification body."""

    GRANTED = "granted"
    REFUSED = "refused"
    MAINTAINED = "maintained"
    RENEWED = "renewed"
    RESTORED = "restored"
    SUSPENDED = "suspended"
    SUSPENSION_LIFTED = "suspension-lifted"
    WITHDRAWN = "withdrawn"
    SCOPE_REDUCED = "scope-reduced"
    SCOPE_EXTENDED = "scope-extended"
    TRANSFERRED = "transferred"
    TRANSITIONED = "transitioned"


class Grade(StrEnum):
    """The grade of a certification body's nonconformity. [ISO/IEC 17021-1:2015, 3.12 and 3.13]"""

    MAJOR = "major"
    MINOR = "minor"


class State(StrEnum):
    """Where a certificate stands on a day."""

    APPLICANT = "applicant"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    EXPIRED_RESTORABLE = "expired-restorable"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"


class Expiry(StrEnum):
    """Whether a computed last valid day is the day before the anniversary or the anniversary itself."""

    DAY_BEFORE = "day-before"
    ANNIVERSARY = "anniversary"


class AuditDate(StrEnum):
    """Which day of an audit counts: its last (the strict reading) or its first."""

    LAST_DAY = "last-day"
    FIRST_DAY = "first-day"


class RecertificationYear(StrEnum):
    """Which year counts as the recertification year: that of the audit (strict) or that of the decision."""

    AUDIT = "audit"
    DECISION = "decision"


class SecondSurveillance(StrEnum):
    """Whether a second surveillance later than 24 months after the decision is a warning or a breach."""

    WARNING = "warning"
    HARD = "hard"


class LateStage2(StrEnum):
    """Whether a grant after the restoration deadline begins an own cycle or keeps the old expiry plus 36 months."""

    NEW_CYCLE = "new-cycle"
    PRIOR_CYCLE = "prior-cycle"


@dataclass(frozen=True, slots=True)
class AuditFact:
    """One audit. `starts_on` None means that it starts on `ends_on`; no outcome recorded counts as positive."""

    id: str
    kind: AuditKind
    ends_on: date
    starts_on: date | None = None
    status: AuditStatus = AuditStatus.COMPLETED
    outcome: Outcome | None = None
    counts_as_surveillance: bool = False

    @property
    def begins_on(self) -> date:
        """The first day of the audit."""
        return self.starts_on or self.ends_on


@dataclass(frozen=True, slots=True)
class DecisionFact:
    """One written decision; `valid_through` is the printed last day, `to` the edition of a transition."""

    kind: DecisionKind
    decided_on: date
    valid_through: date | None = None
    to: str | None = None


@dataclass(frozen=True, slots=True)
class NonconformityFact:
    """One nonconformity that the certification body raised, with the body's own dates."""

    id: str
    audit: str
    grade: Grade
    plan_accepted_on: date | None = None
    verified_on: date | None = None
    response_due_on: date | None = None
    """When the body wants its answer: no rule sets this day, and the command's facts do not have it."""


@dataclass(frozen=True, slots=True)
class ChangeFact:
    """A change of the management system or its context."""

    on: date
    significant: bool = False


@dataclass(frozen=True, slots=True)
class DeviationFact:
    """A recorded justification that turns the breach of a rule (in a calendar year, if given) into a warning."""

    rule: str
    justification: str
    year: int | None = None


@dataclass(frozen=True, slots=True)
class CycleSettings:
    """The choices that the standards leave open; the defaults are the strict reading."""

    expiry: Expiry = Expiry.DAY_BEFORE
    audit_date: AuditDate = AuditDate.LAST_DAY
    recertification_year: RecertificationYear = RecertificationYear.AUDIT
    second_surveillance: SecondSurveillance = SecondSurveillance.WARNING
    max_early_months: int = 6
    suspension_months: int = 6
    restoration_months: int = 6
    restore_after_edition_deadline: bool = False
    long_gap_months: int = 18
    stage_interval_months: int = 6
    late_stage_2: LateStage2 = LateStage2.NEW_CYCLE


@dataclass(frozen=True, slots=True)
class EditionDeadline:
    """The end of an edition: its certificates end on `deadline`; no new ones or renewals come of later audits."""

    edition: str
    deadline: date
    no_new_or_recert_after: date | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that is known of one certificate; the order of the lists never matters."""

    standard: str | None = None
    settings: CycleSettings = CycleSettings()
    audits: tuple[AuditFact, ...] = ()
    decisions: tuple[DecisionFact, ...] = ()
    nonconformities: tuple[NonconformityFact, ...] = ()
    changes: tuple[ChangeFact, ...] = ()
    deviations: tuple[DeviationFact, ...] = ()
    editions: tuple[EditionDeadline, ...] = ()
