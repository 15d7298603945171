"""Management reviews: those that were held, all of them, and one with its agenda."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from app.domain.programme.review import ReviewProgress
from app.models.management_review import ManagementReview
from app.work import Work

HELD = (ReviewProgress.HELD, ReviewProgress.CLOSED)


def reviews_held(work: Work) -> Sequence[tuple[date, tuple[str, ...]]]:
    """The day of each review that was held, and the standards that it served by name and edition; earliest first."""
    chosen = (
        select(ManagementReview.held_on, ManagementReview.standards)
        .where(ManagementReview.progress.in_(HELD))
        .order_by(ManagementReview.held_on, ManagementReview.id)
    )
    return [(row.held_on, tuple(row.standards.splitlines())) for row in work.execute(chosen)]
