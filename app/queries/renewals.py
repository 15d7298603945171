"""What a person is asked to take, and by when."""

from datetime import date

from app.domain.training.status import TrainingStatus
from app.queries.learners import LearnerFilters, learners
from app.queries.training_standing import standings
from app.work import Work

_AGAIN = (TrainingStatus.EXPIRING_SOON, TrainingStatus.EXPIRED)


def asked_of(work: Work, person_id: int) -> dict[int, date | None]:
    """The courses that a person is to take now, by their ids, with the last day on which to; None where none is set.

    What is assigned and does not hold is; and so is whatever they passed that runs out soon or has run out. Who is
    exempt is asked for nothing.
    """
    found = learners(work, LearnerFilters(people=frozenset({person_id})))
    return {
        course_id: answer.value.due_on
        for (_, course_id), answer in standings(work, found).items()
        if answer.value.is_open or answer.value.status in _AGAIN
    }
