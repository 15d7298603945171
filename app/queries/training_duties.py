"""Training that waits for people: what is assigned to them, and due by a day."""

from collections.abc import Collection
from datetime import date

from app.domain.training.status import TrainingStatus
from app.queries.case_duties import Duty
from app.queries.training_matrix import due_training
from app.work import Work

TO_DO = {
    TrainingStatus.NOT_STARTED: "Take the course",
    TrainingStatus.IN_PROGRESS: "Finish the course",
    TrainingStatus.PASSED: "Take the course again",
    TrainingStatus.EXPIRING_SOON: "Take the course again",
    TrainingStatus.EXPIRED: "Take the course again",
}


def training_duties(work: Work, until: date, people: Collection[int] | None = None) -> list[tuple[int, Duty]]:
    """What is to be taken by a day, with whose it is; a fixed number of queries."""
    return [
        (each.person.id, Duty(ENDPOINT, each.course[1], each.course[2], TO_DO[each.status], each.due_on))
        for each in due_training(work, until, people)
        if each.status in TO_DO
    ]


ENDPOINT = "my_training.course"
"""Where a person takes a course."""
