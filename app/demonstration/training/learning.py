"""Who took which course when, how far they came, and what they answered."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from app.demonstration.telling import ago
from app.demonstration.training.asking import licence_day
from app.demonstration.training.writing import ASSETS, AUDITING, LICENCES, SECURITY
from app.domain.dates import add_days
from app.domain.training.course import KINDS
from app.domain.training.marking import Answer
from app.domain.training.question import QuestionKind, QuestionShape, say_number
from app.models.enrolment import Enrolment, LessonProgress
from app.operations import enrolments, quiz_attempts
from app.queries.courses import course_by, lessons_in
from app.queries.enrolments import attempt_whole, in_progress, lesson_with_bank, version_taken
from app.queries.lesson_shapes import question_shape

if TYPE_CHECKING:
    from app.demonstration.training import School

ALL_RIGHT: frozenset[int] = frozenset()
POORLY = frozenset({2, 3, 4, 5, 6, 7, 8})
"""So many wrong, by their places in the bank, that no draw of it is passed."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A course that somebody took: begun so many days before, and each try at its quiz by the questions got wrong."""

    who: str
    key: str
    on: date
    days: int = 0
    tries: tuple[frozenset[int], ...] = (ALL_RIGHT,)
    read: int | None = None
    """So many lessons and no more."""


def learning(school: "School") -> None:
    """All that was taken."""
    for taken in _taken(school.today):
        school.on(ago(taken.on, days=taken.days), taken.who, partial(_begin, school, taken))
        school.on(taken.on, taken.who, partial(_go_on, school, taken))


def _taken(today: date) -> list[Taken]:
    def one(*questions: int) -> frozenset[int]:
        return frozenset(questions)

    def year_before(days: int) -> date:
        return ago(add_days(today, days), months=12)

    return [
        Taken("mateo", SECURITY, ago(today, months=15, days=20), 2, (one(5),)),
        Taken("mateo", SECURITY, ago(today, months=4), 0, (ALL_RIGHT,)),
        Taken("ingrid", SECURITY, ago(today, months=5), 1, (one(4),)),
        Taken("priya", SECURITY, year_before(40), 3, (one(5),)),
        Taken("tom", SECURITY, year_before(20), 6, (POORLY, one(5))),
        Taken("tom", SECURITY, ago(today, days=3), 1, (), read=3),
        Taken("jonas", SECURITY, ago(today, days=40), 0, (one(2),)),
        Taken("annika", SECURITY, ago(today, months=3), 1, (one(6),)),
        Taken("chioma", SECURITY, ago(today, months=3), 4, (), read=5),
        Taken("marta", SECURITY, ago(today, months=8), 5, (POORLY, one(4))),
        Taken("yuki", SECURITY, ago(today, months=6), 0, (ALL_RIGHT,)),
        Taken("yuki", SECURITY, ago(today, months=5), 2, (POORLY, one(5))),
        Taken("diego", SECURITY, ago(today, months=14), 2, (one(4),)),
        Taken("emilia", SECURITY, ago(today, days=35), 3, (one(10),)),
        Taken("saskia", SECURITY, ago(today, months=9), 4, (one(5),)),
        Taken("mateo", AUDITING, ago(today, months=15, days=5), 3, (one(8),)),
        Taken("ingrid", AUDITING, ago(today, months=4, days=15), 6, (one(6, 8),)),
        Taken("annika", AUDITING, ago(today, days=12), 9, (one(3, 4, 6, 7, 8), one(4, 6, 8, 9))),
        Taken("emilia", AUDITING, ago(today, days=10), 2, (), read=4),
        Taken("mateo", ASSETS, ago(today, months=15), 1, (one(6),)),
        Taken("priya", ASSETS, ago(today, months=14), 0, (ALL_RIGHT,)),
        Taken("diego", ASSETS, ago(today, months=13), 8, (one(2, 3, 6), one(6))),
        Taken("saskia", ASSETS, ago(today, months=8), 2, (one(2, 6),)),
        Taken("marta", ASSETS, ago(today, months=2), 5, (one(3, 6),)),
        Taken("tom", ASSETS, ago(today, days=6), 3, (one(2, 3, 6),)),
        Taken("priya", LICENCES, ago(licence_day(today), days=20), 1, (one(3),)),
        Taken("saskia", LICENCES, ago(today, days=10), 4, (one(2, 5, 6), one(5))),
    ]


def _begin(school: "School", taken: Taken) -> None:
    course = course_by(school.work, school.references[taken.key], lock=True)
    if course is None:
        raise LookupError(f"the story has no course {taken.key}")
    enrolments.begin(school.work, course, school.cast[taken.who].id)


def _go_on(school: "School", taken: Taken) -> None:
    """The lessons in one go, since one after another would take seconds to load; then each try at the quiz."""
    work, person_id = school.work, school.cast[taken.who].id
    enrolment = in_progress(work, person_id, school.ids[taken.key], lock=True)
    if enrolment is None:
        raise LookupError(f"{taken.who} has not begun {taken.key}")
    lessons = lessons_in(version_taken(work, enrolment.version_id))
    rows, at = [], work.now
    for lesson in [each for each in lessons if not KINDS[each.kind].is_marked][: taken.read]:
        at = min(at + timedelta(minutes=lesson.minutes), school.opened)
        rows.append({"enrolment_id": enrolment.id, "lesson_id": lesson.id, "done_at": at})
    work.insert_many(LessonProgress, rows)
    quiz = next(each for each in lessons if KINDS[each.kind].is_marked)
    for wrong in taken.tries:
        work.now = at = min(at + timedelta(minutes=3), school.opened)
        _try(school, enrolment, quiz.id, wrong)
        at = work.now


def _try(school: "School", enrolment: Enrolment, lesson_id: int, wrong: Collection[int]) -> None:
    work = school.work
    begun = quiz_attempts.begin(work, enrolment, lesson_with_bank(work, lesson_id))
    attempt = attempt_whole(work, begun.id, enrolment.person_id)
    if attempt is None:
        raise LookupError("the attempt is not there")
    said: dict[int, Answer] = {}
    for row in attempt.answers:
        answered = wrong_answer if row.question.place in wrong else right_answer
        said[row.question_id] = answered(question_shape(row.question))
    work.now = min(work.now + timedelta(minutes=7), school.opened)
    quiz_attempts.hand_in(work, attempt, said)


def right_answer(question: QuestionShape) -> Answer:
    """An answer that gets all points."""
    if question.kind is QuestionKind.NUMBER:
        return say_number(question.number or Decimal(0))
    if question.kind is QuestionKind.SHORT_TEXT:
        return question.options[0].text
    if question.kind in (QuestionKind.MATCHING, QuestionKind.ORDERING):
        return list(range(len(question.options)))
    return [at for at, each in enumerate(question.options) if each.is_right]


def wrong_answer(question: QuestionShape) -> Answer:
    """An answer that gets none: one that somebody might give."""
    if question.kind is QuestionKind.NUMBER:
        return say_number((question.number or Decimal(0)) + 3)
    if question.kind is QuestionKind.SHORT_TEXT:
        return "the owner"
    if question.kind in (QuestionKind.MATCHING, QuestionKind.ORDERING):
        return [*range(1, len(question.options)), 0]
    return [next(at for at, each in enumerate(question.options) if not each.is_right)]
