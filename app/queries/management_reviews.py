"""Management reviews: those that were held, all of them, and one with its agenda."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from app.domain.certification.facts import State
from app.domain.programme.review import ReviewProgress
from app.models.certificate import Certificate, CertificateVerdict
from app.models.corrective_action import Action
from app.models.management_review import ManagementReview, ReviewTopic
from app.models.person import Person
from app.queries.catalogue import editions_on_offer
from app.work import Work

PAGE = 50
HELD = (ReviewProgress.HELD, ReviewProgress.CLOSED)
ENDED = (State.LAPSED, State.WITHDRAWN)


class ReviewRow(NamedTuple):
    """One line of the list."""

    reference: str
    title: str
    held_on: date
    period_starts_on: date
    progress: ReviewProgress
    standards: str
    chair: str | None
    actions: int
    open_actions: int


def review_list(work: Work, page: int = 1) -> tuple[list[ReviewRow], int]:
    """A page of the reviews, the latest first, with how many actions came of each; and how many there are."""
    total = work.session.scalar(select(func.count(ManagementReview.id))) or 0
    page = max(1, min(page, -(-total // PAGE)))
    of_it = select(func.count(Action.id)).where(Action.review_id == ManagementReview.id)
    statement: Any = (
        select(
            ManagementReview.reference,
            ManagementReview.title,
            ManagementReview.held_on,
            ManagementReview.period_starts_on,
            ManagementReview.progress,
            ManagementReview.standards,
            Person.name,
            of_it.correlate(ManagementReview).scalar_subquery(),
            of_it.where(Action.done_on.is_(None)).correlate(ManagementReview).scalar_subquery(),
        )
        .outerjoin(Person, Person.id == ManagementReview.chair_id)
        .order_by(ManagementReview.held_on.desc(), ManagementReview.id.desc())
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    return [ReviewRow(*row) for row in work.execute(statement)], total


def review_by(work: Work, reference: str, *, for_update: bool = False) -> ManagementReview | None:
    """One review with its agenda and the actions that came of it; for update, it is held until the work is done."""
    statement = (
        select(ManagementReview)
        .where(ManagementReview.reference == reference)
        .options(
            joinedload(ManagementReview.chair),
            selectinload(ManagementReview.topics),
            selectinload(ManagementReview.actions).joinedload(Action.owner),
        )
    )
    if for_update:
        statement = statement.with_for_update(of=ManagementReview).execution_options(populate_existing=True)
    return work.one_or_none(statement)


def topic_of(review: ManagementReview, topic_id: int) -> ReviewTopic | None:
    """A point of its agenda."""
    return next((each for each in review.topics if each.id == topic_id), None)


def standards_in_use(work: Work) -> list[str]:
    """The standards, by name and edition, of the certificates that have not ended."""
    statement = (
        select(Certificate.standard, Certificate.edition)
        .outerjoin(CertificateVerdict, CertificateVerdict.certificate_id == Certificate.id)
        .where(CertificateVerdict.state.is_(None) | CertificateVerdict.state.not_in(ENDED))
        .distinct()
    )
    return sorted(f"{standard}:{edition}" for standard, edition in work.execute(statement))


def standards_to_choose(work: Work, also: Sequence[str] = ()) -> list[str]:
    """Every standard that a review may serve: those in use first, then all others that are known."""
    known = [each.name for each in editions_on_offer(work) if not each.ended]
    return list(dict.fromkeys([*standards_in_use(work), *also, *known]))


def last_held_on(work: Work) -> date | None:
    """The day of the latest review that was held."""
    return work.session.scalar(select(func.max(ManagementReview.held_on)).where(ManagementReview.progress.in_(HELD)))
