"""Northwind's training as it went: courses, sixteen learners, what is asked of auditors, and seats and documents."""

from dataclasses import dataclass, field
from datetime import datetime

from app.demonstration.audits.diary import Diary
from app.demonstration.manuals import manuals
from app.demonstration.training.asking import asking
from app.demonstration.training.competence import competence
from app.demonstration.training.learning import learning
from app.demonstration.training.records import records
from app.demonstration.training.seats import seats
from app.demonstration.training.staff import staff
from app.demonstration.training.writing import writing
from app.domain.subscription.seats import SeatKind
from app.models.organisation import Site
from app.models.person import Person
from app.work import Work


@dataclass(slots=True)
class School(Diary):
    """The diary of those who learn. Its references are those of the courses, by the names of their files."""

    sites: list[Site] = field(default_factory=list)
    ids: dict[str, int] = field(default_factory=dict)
    """Of the courses."""
    path_id: int = 0
    seats: dict[tuple[SeatKind, str], int] = field(default_factory=dict)
    """Of the seats that were handed out, by whose they are."""
    opened: datetime = field(init=False)
    """The moment at which the story is told: nothing is done later."""

    def __post_init__(self) -> None:
        Diary.__post_init__(self)
        self.opened = self.work.now


def training(work: Work, sites: list[Site], cast: dict[str, Person]) -> None:
    """Plan all of it, then let the people of the story do it in the order of its days."""
    school = School(work, dict(cast), sites=sites)
    for chapter in (writing, staff, seats, asking, competence, records, learning, manuals):
        chapter(school)
    school.tell()
