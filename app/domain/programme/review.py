"""How far a management review is, what its agenda holds by the standards that it serves, and what each step needs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.dates import say
from app.domain.explained import Clause, Reason, RefusedError

QUALITY, SECURITY = "ISO 9001", "ISO/IEC 27001"
SERVICES, IT_ASSETS = "ISO/IEC 20000-1", "ISO/IEC 19770-1"


class ReviewProgress(StrEnum):
    """A management review is planned, held, and closed once its decisions stand."""

    PLANNED = "planned"
    HELD = "held"
    CLOSED = "closed"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        return self.value.capitalize()

    @property
    def is_open(self) -> bool:
        """Whether anything about it may still change."""
        return self in (ReviewProgress.PLANNED, ReviewProgress.HELD)


@dataclass(frozen=True, slots=True)
class ReviewClauses:
    """Where a standard speaks of management reviews, by its numbers and titles; empty where that is not known."""

    standard: str
    whole: str = ""
    inputs: str = ""
    """The clause of what goes in, where the standard parts it off; else the whole."""
    results: str = ""
    """The clause of what comes of it, likewise."""
    title_of_inputs: str = ""

    def clause(self, number: str) -> Clause | None:
        return Clause(self.standard, number) if number else None

    @property
    def asking(self) -> str:
        """What wants a point to be taken up: ISO 9001:2015, 9.3.2 Review inputs."""
        return f"{Clause(self.standard, self.inputs)} {self.title_of_inputs}" if self.inputs else self.standard


def clauses_of(standard: str, titles: Mapping[str, str]) -> ReviewClauses:
    """Find where a standard speaks of reviews among its clauses, by number and title."""
    whole = next((number for number, title in titles.items() if title == "Management review"), "")
    if not whole:
        return ReviewClauses(standard)
    parts = {number: title.lower() for number, title in titles.items() if number.startswith(f"{whole}.")}
    inputs = next((number for number, title in parts.items() if "inputs" in title), whole)
    results = next((number for number, title in parts.items() if "outputs" in title or "results" in title), whole)
    return ReviewClauses(standard, whole, inputs, results, titles[inputs])


@dataclass(frozen=True, slots=True)
class Topic:
    """A point that the standards want looked at; `asked_by` names them, and nothing means that all of them do."""

    key: str
    title: str
    asked_by: frozenset[str] = frozenset()
    brings: str = ""
    """What somebody brings to it, where the data here say nothing of it."""


TOPICS = (
    Topic("earlier-actions", "Actions of earlier reviews"),
    Topic("context", "Changes of context: inside, outside, and what interested parties need"),
    Topic("nonconformities", "Nonconformities and corrective actions"),
    Topic("audit-results", "Results of audits"),
    Topic("certificates", "Monitoring: certificates and their limits to come"),
    Topic(
        "feedback",
        "Feedback of customers and other interested parties",
        frozenset({QUALITY, SECURITY, SERVICES}),
        "Bring surveys, complaints and what was answered to them.",
    ),
    Topic(
        "objectives",
        "How far the objectives are met",
        frozenset({QUALITY, SECURITY, SERVICES}),
        "Bring each objective with its measure and where it stands.",
    ),
    Topic(
        "policy",
        "Whether the policy still fits and is kept",
        frozenset({SERVICES}),
        "Bring the policy, and what was decided on it last.",
    ),
    Topic(
        "processes",
        "How the processes work, and whether products and services conform",
        frozenset({QUALITY}),
        "Bring the figures of the processes.",
    ),
    Topic(
        "services",
        "How the services perform, and what is asked of them next",
        frozenset({SERVICES}),
        "Bring the service reports, and the changes that lie ahead.",
    ),
    Topic(
        "suppliers",
        "How suppliers and other outside parties perform",
        frozenset({QUALITY, SERVICES}),
        "Bring the assessments of suppliers.",
    ),
    Topic(
        "risks",
        "Risks: what was assessed, and whether what is done about them works",
        frozenset({QUALITY, SECURITY, SERVICES, IT_ASSETS}),
        "Bring the register of risks and the plan of what is done about them.",
    ),
    Topic("competence", "Competence: training and gaps"),
    Topic("it-assets", "IT assets: what is installed without authorisation", frozenset({IT_ASSETS})),
    Topic("resources", "Resources: whether people, means and licences suffice"),
    Topic("opportunities", "Opportunities for improvement"),
)
"""What the standards ask of the agenda, in the order in which it is taken up."""


def agenda_for(standards: Sequence[ReviewClauses]) -> tuple[tuple[Topic, tuple[ReviewClauses, ...]], ...]:
    """The points that the standards in use ask for, each with the standards that do so.

    What a standard that is not known here adds is for the organisation to put in as points of its own.
    [ISO 9001:2015, 9.3.2] [ISO/IEC 27001:2022, 9.3.2]
    """
    found = []
    for topic in TOPICS:
        asking = tuple(each for each in standards if not topic.asked_by or _name(each.standard) in topic.asked_by)
        if asking:
            found.append((topic, asking))
    return tuple(found)


def brings(key: str) -> str:
    """What is brought to a point of which the data here say nothing."""
    return next((each.brings for each in TOPICS if each.key == key), "")


def refuse_details(starts_on: date, held_on: date, standards: Sequence[str], progress: ReviewProgress) -> None:
    """A review looks back over a time that has begun, and serves at least one standard. [ISO 9001:2015, 9.3.1]"""
    refuse_over(progress)
    if starts_on >= held_on:
        says = f"It looks back from the day on which it is held: give a day before {say(held_on)}."
        raise RefusedError(says, "period_starts_on")
    if not standards:
        raise RefusedError("Choose at least one standard: the agenda comes from it.", "standards")


def refuse_hold(
    progress: ReviewProgress, starts_on: date, on: date, today: date, sat: str, standards: Sequence[ReviewClauses]
) -> None:
    """A review was held on a day that has come, by people who are named. [ISO 9001:2015, 9.3.1]"""
    if progress is not ReviewProgress.PLANNED:
        raise RefusedError(f"The review is {progress.label.lower()} already.")
    if on > today:
        raise RefusedError(f"{say(on)} has not come yet: record it on the day.", "held_on")
    if on <= starts_on:
        raise RefusedError(f"It looks back to {say(starts_on)}: it was held after that.", "held_on")
    if not sat.strip():
        says = "Say who sat in it: top management reviews the system itself."
        raise RefusedError(Reason(says, standards[0].clause(standards[0].whole) if standards else None), "attendees")


def refuse_words(progress: ReviewProgress) -> None:
    """What was said and decided is written down until the review is closed."""
    refuse_over(progress)


def refuse_decision(progress: ReviewProgress, says: str, owner: int | None, due_on: date | None, today: date) -> None:
    """A decision becomes an action with an owner and a day, once the review is held. [ISO 9001:2015, 9.3.3]"""
    refuse_over(progress)
    if progress is ReviewProgress.PLANNED:
        raise RefusedError("Nothing is decided before the review is held: record that it is held first.")
    if not says.strip():
        raise RefusedError("Say what is to be done.", "says")
    if owner is None:
        raise RefusedError("Choose who does it.", "owner")
    if due_on is None:
        raise RefusedError("Give the day by which it is done.", "due_on")
    if due_on < today:
        raise RefusedError(f"{say(due_on)} has passed: give a day that is still to come.", "due_on")


def refuse_close(
    progress: ReviewProgress, untouched: Sequence[str], conclusion: str, standards: Sequence[ReviewClauses]
) -> None:
    """A review closes once every point was taken up and it is said what it comes to. [ISO 9001:2015, 9.3.3]

    `untouched` are the titles of the points without a word on what was said or decided.
    """
    refuse_over(progress)
    if progress is ReviewProgress.PLANNED:
        raise RefusedError("It is not held yet.")
    clause = standards[0].clause(standards[0].results) if standards else None
    if untouched:
        says = "These points were not taken up: write down what was said, if only that there is nothing to say."
        raise RefusedError([Reason(says, clause), *(Reason(f"{each}.") for each in untouched)])
    if not conclusion.strip():
        says = "Say what the review comes to: whether the system still fits, suffices and works."
        raise RefusedError(Reason(says, clause), "conclusion")


def refuse_cancel(progress: ReviewProgress, reason: str) -> None:
    """Only what was not held yet is cancelled, with a reason."""
    if progress is not ReviewProgress.PLANNED:
        raise RefusedError(f"The review is {progress.label.lower()}, and stays as a record.")
    if not reason.strip():
        raise RefusedError("Say why it does not take place.", "reason")


def refuse_over(progress: ReviewProgress) -> None:
    """Refuse every change of what is closed or cancelled."""
    if not progress.is_open:
        raise RefusedError(f"The review is {progress.label.lower()}: nothing about it changes any more.")


def _name(standard: str) -> str:
    return standard.rpartition(":")[0] or standard
