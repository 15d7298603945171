"""What a person is asked to take, and by when."""

from datetime import date

from sqlalchemy import func, select

from app.domain.dates import add_days
from app.domain.training.course import Standing
from app.models.completion import Completion
from app.models.course import Course
from app.work import Work

EXPIRING_DAYS = 60
"""So many days before its last valid day a completion is to be renewed."""


def asked_of(work: Work, person_id: int) -> dict[int, date]:
    """The courses that a person is to take, by their ids, with the last day on which to.

    What somebody passed and what runs out soon, or has run out, is to be passed again, by its last valid day; a
    completion without end is never.
    """
    last = func.max(Completion.valid_until)
    rows = work.execute(
        select(Completion.course_id, last)
        .join(Course, Course.id == Completion.course_id)
        .where(
            Completion.person_id == person_id,
            Completion.revoked_at.is_(None),
            Course.standing == Standing.PUBLISHED,
        )
        .group_by(Completion.course_id)
        .having(last <= add_days(work.today, EXPIRING_DAYS), func.count() == func.count(Completion.valid_until))
    )
    return dict(rows.tuples().all())
