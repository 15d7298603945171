"""Management reviews: planned, held with what the data said that day, talked through, and closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.catalogue import points_of
from app.domain.explained import RefusedError
from app.domain.findings.corrective_action import ActionKind
from app.domain.programme import review as rules
from app.domain.programme.review import ReviewClauses, ReviewProgress, agenda_for, clauses_of
from app.models.corrective_action import Action
from app.models.management_review import ManagementReview, ReviewTopic
from app.operations.case_mail import tell_doer
from app.operations.conflict import refuse_if_changed, refuse_if_restamped
from app.operations.references import next_reference
from app.queries.corrective_actions import owners
from app.queries.management_reviews import review_by, standards_to_choose, topic_of
from app.queries.processes import people_to_choose
from app.queries.review_inputs import Span, drawn_for
from app.work import Work

SAID = ("discussion", "decision")
LONGEST_TITLE = 200
LONGEST_LIST = 500
"""So long are the standards of one review, put one under the other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewDetails:
    """What is said of a review beforehand."""

    held_on: date
    period_starts_on: date
    standards: tuple[str, ...]
    title: str = ""
    chair_id: int | None = None
    attendees: str = ""


def plan(work: Work, details: ReviewDetails) -> ManagementReview:
    """Plan a review; its agenda comes from the standards that it serves. [ISO 9001:2015, 9.3.2]"""
    review = ManagementReview(progress=ReviewProgress.PLANNED, topics=[], actions=[])
    _tell(work, review, details)
    review.reference = next_reference(work, ManagementReview, f"MR-{details.held_on.year}-", digits=2)
    return work.add(review)


def change(work: Work, reference: str, seen: int | None, details: ReviewDetails) -> ManagementReview:
    """Change what is said of a review that is still planned. A point somebody wrote on stays on the agenda."""
    review = _held(work, reference, seen)
    if review.progress is ReviewProgress.HELD:
        raise RefusedError("It is held: what it was about stays as it was.")
    _tell(work, review, details)
    work.flush()
    return review


def hold(work: Work, reference: str, seen: int | None, on: date, attendees: str) -> ManagementReview:
    """Record that it was held, and keep what the data say now to each point. [ISO 9001:2015, 9.3.1]"""
    review = _held(work, reference, seen)
    standards = review.standards.splitlines()
    rules.refuse_hold(review.progress, review.period_starts_on, on, work.today, attendees, _clauses(standards))
    review.held_on, review.attendees = on, attendees.strip()
    drawn = drawn_of(work, review)
    for topic in review.topics:
        topic.drawn = "\n".join(drawn.get(topic.key, ()))
    review.progress = ReviewProgress.HELD
    work.flush()
    return review


def drawn_of(work: Work, review: ManagementReview) -> dict[str, tuple[str, ...]]:
    """What the data say to each point as things stand now."""
    span = Span(review.id, review.period_starts_on, review.held_on)
    return drawn_for(work, span, [topic.key for topic in review.topics])


def add_topic(work: Work, reference: str, title: str) -> ManagementReview:
    """Put a point of the organisation's own on the agenda, behind the others."""
    review = _held(work, reference, None)
    rules.refuse_words(review.progress)
    if not title.strip():
        raise RefusedError("Say what the point is about.", "title")
    position = max((each.position for each in review.topics), default=0) + 1
    review.topics.append(ReviewTopic(position=position, key="", title=title.strip(), clauses=""))
    work.flush()
    return review


def say(
    work: Work, reference: str, topic_id: int, seen: str | None, discussion: str, decision: str
) -> ManagementReview:
    """Write down what was said to a point, and what was decided."""
    review = _held(work, reference, None)
    rules.refuse_words(review.progress)
    topic = topic_of(review, topic_id)
    if topic is None:
        raise LookupError(f"{reference} has no point {topic_id}")
    refuse_if_restamped(topic, seen, SAID, topic.title)
    topic.discussion, topic.decision = discussion.strip(), decision.strip()
    work.flush()
    return review


def decide(work: Work, reference: str, says: str, owner_id: int | None, due_on: date | None) -> Action:
    """Make a decision an action that somebody does by a day; they are told by mail. [ISO 9001:2015, 9.3.3]"""
    review = _held(work, reference, None)
    if owner_id is not None and owner_id not in {id_ for id_, _ in owners(work)}:
        raise RefusedError("Choose a member of this organisation.", "owner")
    rules.refuse_decision(review.progress, says, owner_id, due_on, work.today)
    if owner_id is None or due_on is None:
        raise RefusedError("An action has an owner and a day.")
    action = work.add(
        Action(
            reference=next_reference(work, Action, f"A-{work.today.year}-"),
            review_id=review.id,
            kind=ActionKind.DECISION,
            says=says.strip(),
            owner_id=owner_id,
            due_on=due_on,
            created_at=work.now,
        )
    )
    tell_doer(work, action, review.reference)
    return action


def close(work: Work, reference: str, seen: int | None, conclusion: str) -> ManagementReview:
    """Close a review of which every point was taken up; its actions go on. [ISO 9001:2015, 9.3.3]"""
    review = _held(work, reference, seen)
    untouched = [each.title for each in review.topics if not (each.discussion or each.decision)]
    rules.refuse_close(review.progress, untouched, conclusion, _clauses(review.standards.splitlines()))
    review.conclusion, review.progress = conclusion.strip(), ReviewProgress.CLOSED
    work.flush()
    return review


def cancel(work: Work, reference: str, seen: int | None, reason: str) -> ManagementReview:
    """Say that a planned review does not take place, and why."""
    review = _held(work, reference, seen)
    rules.refuse_cancel(review.progress, reason)
    review.conclusion, review.progress = reason.strip(), ReviewProgress.CANCELLED
    work.flush()
    return review


def _held(work: Work, reference: str, seen: int | None) -> ManagementReview:
    review = review_by(work, reference, for_update=True)
    if review is None:
        raise LookupError(f"there is no management review {reference}")
    refuse_if_changed(review, seen, review.reference)
    return review


def _tell(work: Work, review: ManagementReview, details: ReviewDetails) -> None:
    standards = tuple(dict.fromkeys(details.standards))
    rules.refuse_details(details.period_starts_on, details.held_on, standards, review.progress)
    before = (review.standards or "").splitlines()
    if set(standards) - set(standards_to_choose(work, before)):
        raise RefusedError("Choose standards from the list.", "standards")
    if len("\n".join(standards)) > LONGEST_LIST:
        raise RefusedError("These are more standards than one review can serve: plan another one.", "standards")
    # Who was chosen before stays, even after they left.
    people = {id_ for id_, _ in people_to_choose(work)} | {None, review.chair_id}
    if details.chair_id not in people:
        raise RefusedError("Choose a member of this organisation.", "chair")
    review.title = details.title.strip()[:LONGEST_TITLE]
    review.held_on, review.period_starts_on = details.held_on, details.period_starts_on
    review.standards = "\n".join(standards)
    review.chair_id, review.attendees = details.chair_id, details.attendees.strip()
    _lay_out(review, standards)


def _lay_out(review: ManagementReview, standards: tuple[str, ...]) -> None:
    """The agenda that the standards ask for, then what nobody asks for any more and was written on, then its own."""
    there = {each.key: each for each in review.topics if each.key}
    asked = []
    for topic, asking in agenda_for(_clauses(standards)):
        row = there.pop(topic.key, None) or ReviewTopic(key=topic.key)
        row.title, row.clauses = topic.title, _fitting("\n".join(each.asking for each in asking))
        asked.append(row)
    kept = [each for each in there.values() if each.discussion or each.decision]
    own = [each for each in review.topics if not each.key]
    review.topics[:] = [*asked, *kept, *own]
    for position, row in enumerate(review.topics, 1):
        row.position = position


def _clauses(standards: Sequence[str]) -> list[ReviewClauses]:
    """Where each speaks of reviews, as the catalogue numbers and calls its clauses."""
    return [clauses_of(each, {point.number: point.title for point in points_of(each)}) for each in standards]


def _fitting(clauses: str) -> str:
    return clauses if len(clauses) <= 300 else clauses[:300].rpartition("\n")[0]
