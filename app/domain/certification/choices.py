"""Where the standards leave room, an organisation chooses once; the default is the strict reading."""

from dataclasses import dataclass

from app.domain import clauses
from app.domain.certification.facts import (
    AuditDate,
    CycleSettings,
    Expiry,
    LateStage2,
    RecertificationYear,
    SecondSurveillance,
)
from app.domain.explained import Reason, RefusedError

LONGEST = 60
"""Months; more is surely a slip of the hand."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice: what is open, the words to choose from (or a number of months), and what each means."""

    name: str
    """Of the field of `CycleSettings`."""
    label: str
    open: Reason
    """What the standard leaves open, and where."""
    options: tuple[tuple[str, str], ...] = ()
    months: tuple[int, int] | None = None
    """The least and the most months."""

    @property
    def default(self) -> str | int | bool:
        value: str | int | bool = getattr(CycleSettings(), self.name)
        return value

    def say(self, value: str | int | bool) -> str:
        """A value in the words of the screen."""
        if self.months:
            return f"{value} months" if value != 1 else "1 month"
        words = dict(self.options)
        key = ("yes" if value else "no") if isinstance(value, bool) else str(value)
        return words[key].partition(":")[0]


CHOICES: tuple[Choice, ...] = (
    Choice(
        "expiry",
        "Last valid day",
        Reason(
            "The cycle takes three years, and no clause says whether its last day is the anniversary of the decision "
            "or the day before. Record the day that is printed on the certificate; this counts where none is recorded.",
            clauses.PROGRAMME,
        ),
        (
            (Expiry.DAY_BEFORE, "The day before the anniversary: a decision of 15 Mar 2024 holds through 14 Mar 2027"),
            (Expiry.ANNIVERSARY, "The anniversary: a decision of 15 Mar 2024 holds through 15 Mar 2027"),
        ),
    ),
    Choice(
        "audit_date",
        "Day of an audit that counts",
        Reason(
            "A limit names a day, an audit may take several, and no clause says which of them counts.",
            clauses.SURVEILLANCE_FREQUENCY,
        ),
        (
            (AuditDate.LAST_DAY, "Its last day: the strict reading; the audit has to be over by the limit"),
            (AuditDate.FIRST_DAY, "Its first day: the lenient reading; it is enough to begin by the limit"),
        ),
    ),
    Choice(
        "recertification_year",
        "Recertification year",
        Reason(
            "Every calendar year but a recertification year needs a surveillance, and no clause defines that year.",
            clauses.SURVEILLANCE_FREQUENCY,
        ),
        (
            (RecertificationYear.AUDIT, "The year of the recertification audit: the strict reading"),
            (RecertificationYear.DECISION, "The year of the decision: an audit in December may count for January"),
        ),
    ),
    Choice(
        "second_surveillance",
        "Second surveillance after 24 months",
        Reason(
            "The programme has a surveillance in the first and in the second year. A number stands only for the first.",
            clauses.PROGRAMME,
        ),
        (
            (SecondSurveillance.WARNING, "A warning: the calendar-year rule is the one that binds"),
            (SecondSurveillance.HARD, "A breach: as strict as the first surveillance"),
        ),
    ),
    Choice(
        "max_early_months",
        "Early renewal that keeps the old last day",
        Reason(
            "A renewal in time may count its three years from the old last day. How early it may come for that is for "
            "the certification body to say; earlier ones count from the decision.",
            clauses.RECERTIFICATION_EXPIRY,
        ),
        months=(0, 36),
    ),
    Choice(
        "suspension_months",
        "Longest suspension",
        Reason("A suspension ends within six months in most cases, says a note.", clauses.SUSPENSION_RESOLVED),
        months=(1, LONGEST),
    ),
    Choice(
        "restoration_months",
        "Restoration after the last valid day",
        Reason(
            "Within six months after expiry the body can restore the certification, if what is outstanding is done.",
            clauses.RESTORATION,
        ),
        months=(0, LONGEST),
    ),
    Choice(
        "restore_after_edition_deadline",
        "Restoration after the deadline of an edition",
        Reason(
            "No clause says whether a certificate to an edition that has ended can still be restored.",
            clauses.RESTORATION,
        ),
        (
            ("no", "No: past the deadline of its edition a certificate has lapsed"),
            ("yes", "Yes: it can be restored within the time above"),
        ),
    ),
    Choice(
        "long_gap_months",
        "Gap between audits in later cycles",
        Reason(
            "After a recertification only the calendar-year rule binds: nearly two years may pass between two audits. "
            "From this gap on there is a warning.",
            clauses.SURVEILLANCE_FREQUENCY,
        ),
        months=(12, LONGEST),
    ),
    Choice(
        "stage_interval_months",
        "Interval between stage 1 and stage 2",
        Reason(
            "No number is given: the body weighs whether what stage 1 found still holds. From this interval on there "
            "is a warning.",
            clauses.STAGE_INTERVAL,
        ),
        months=(1, LONGEST),
    ),
    Choice(
        "late_stage_2",
        "Certification after the restoration time",
        Reason(
            "After the restoration time at least a stage 2 is needed; how long the certificate then holds is not said.",
            clauses.RESTORATION,
        ),
        (
            (
                LateStage2.NEW_CYCLE,
                "A cycle of its own: three years from the decision, first surveillance in twelve months",
            ),
            (LateStage2.PRIOR_CYCLE, "The prior cycle goes on: the old last day plus three years"),
        ),
    ),
)


def check(settings: CycleSettings) -> None:
    """Refuse a number of months that no organisation means."""
    for choice in CHOICES:
        if choice.months is None:
            continue
        least, most = choice.months
        if not least <= getattr(settings, choice.name) <= most:
            raise RefusedError(f"{choice.label}: from {least} to {most} months.", field=choice.name)
