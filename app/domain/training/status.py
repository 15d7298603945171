"""How a person stands with a course on a day, in the words of the screens."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.domain.dates import days_between, say
from app.domain.explained import Explained, Reason, RefusedError
from app.domain.training.due import COMPETENCE, Terms, due_by
from app.domain.words import Word

EXPIRING_DAYS = 60
"""So many days before the last valid day a completion is said to expire soon, unless the organisation says else."""


class TrainingStatus(Word):
    """Not started, in progress, passed, expiring soon, expired; or exempt, where somebody said so with a reason."""

    NOT_STARTED = "not-started"
    IN_PROGRESS = "in-progress"
    PASSED = "passed"
    EXPIRING_SOON = "expiring-soon"
    EXPIRED = "expired"
    EXEMPT = "exempt"

    @property
    def holds(self) -> bool:
        """Whether the course counts as passed."""
        return self in (TrainingStatus.PASSED, TrainingStatus.EXPIRING_SOON)


@dataclass(frozen=True, slots=True)
class Passed:
    """A completion: its day, and the last day on which it is valid; None where it does not run out by itself."""

    on: date
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Exemption:
    """Days on which a person need not take a course, and why; without an end it stays."""

    from_on: date
    until: date | None
    reason: str

    def holds_on(self, day: date) -> bool:
        """Whether the day lies within; both ends count."""
        return self.from_on <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Learning:
    """What is known of one person and one course."""

    passed: tuple[Passed, ...] = ()
    has_begun: bool = False
    """Whether an enrolment is under way that has not led to a completion."""
    terms: Terms | None = None
    """None where the course was not assigned."""
    joined_on: date = date.min
    assigned_on: date = date.min
    exemptions: tuple[Exemption, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """How a person stands with a course: the word, until when, and by when something is to be done."""

    status: TrainingStatus
    valid_until: date | None = None
    """The last day on which what was passed holds."""
    due_on: date | None = None
    """By when it is to be passed next; None where nothing is asked."""
    completed_on: date | None = None
    is_overdue: bool = False

    @property
    def is_open(self) -> bool:
        """Whether the person has something to do now: it was never passed, or no longer holds, and is asked for."""
        return self.is_assigned and not self.status.holds and self.status is not TrainingStatus.EXEMPT

    is_assigned: bool = False


def standing(learning: Learning, today: date, expiring_days: int = EXPIRING_DAYS) -> Explained[Standing]:
    """How a person stands with a course today, with the reason.

    What was passed holds through its last valid day, that day included, and is expired on the next; a refresher that
    was missed makes it expire likewise. An exemption stands before everything but a completion that holds.
    [ISO/IEC 27001:2022, 7.2] [ISO 9001:2015, 7.2]
    """
    done = [each for each in learning.passed if each.on <= today]
    terms = learning.terms or Terms()
    due = due_by(terms, learning.joined_on, learning.assigned_on, [(each.on, each.valid_until) for each in done])
    assigned = learning.terms is not None
    exempt = next((each for each in learning.exemptions if each.holds_on(today)), None)
    if not done:
        if exempt is not None:
            return _exempt(exempt, None, assigned)
        status = TrainingStatus.IN_PROGRESS if learning.has_begun else TrainingStatus.NOT_STARTED
        late = due.value is not None and due.value < today
        return Explained(Standing(status, None, due.value, None, late, assigned), due.why)
    last, until = max(each.on for each in done), due.value
    if until is None:
        return Explained(Standing(TrainingStatus.PASSED, None, None, last, False, assigned), due.why)
    left = days_between(today, until)
    if left < 0 and exempt is not None:
        return _exempt(exempt, last, assigned)
    if left < 0:
        status = TrainingStatus.EXPIRED
    else:
        status = TrainingStatus.EXPIRING_SOON if left <= expiring_days else TrainingStatus.PASSED
    return Explained(Standing(status, until, until, last, left < 0 and assigned, assigned), due.why)


def _exempt(exempt: Exemption, last: date | None, assigned: bool) -> Explained[Standing]:
    until = f" until {say(exempt.until)}" if exempt.until is not None else ""
    why = Reason(f"Exempt from {say(exempt.from_on)}{until}: {exempt.reason}", COMPETENCE)
    return Explained(Standing(TrainingStatus.EXEMPT, None, None, last, False, assigned), (why,))


def refuse_exemption(exemption: Exemption) -> None:
    """Nobody is exempt without a reason, nor until a day before the first."""
    if not exemption.reason.strip():
        raise RefusedError(Reason("Say why: an exemption without a reason proves nothing.", COMPETENCE), "reason")
    if exemption.until is not None and exemption.until < exemption.from_on:
        raise RefusedError("The last day comes before the first.", "until")


def tally(standings: Iterable[Standing]) -> dict[TrainingStatus, int]:
    """How many stand at each word, in their order."""
    counts = dict.fromkeys(TrainingStatus, 0)
    for each in standings:
        counts[each.status] += 1
    return counts
