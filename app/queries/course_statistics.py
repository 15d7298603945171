"""What became of a course: who finished it, how long it took, and how each question was answered."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from statistics import median

from sqlalchemy import ColumnElement, case, func, null, select
from sqlalchemy.orm import joinedload

from app.domain.dates import add_months, days_between
from app.domain.share import per_cent
from app.models.course import Lesson
from app.models.enrolment import AttemptAnswer, Enrolment, QuizAttempt
from app.models.question import Question
from app.work import Work, today_in

MONTHS = 12


@dataclass(slots=True)
class QuestionResult:
    """How a question was answered, over all versions in which it stands; its words are those of the latest."""

    text: str
    lesson: str
    put: int = 0
    right: int = 0
    unanswered: int = 0

    @property
    def wrong(self) -> int:
        return self.put - self.right - self.unanswered

    @property
    def per_cent(self) -> int:
        """Right, of those to whom it was put."""
        return per_cent(self.right, self.put)


@dataclass(slots=True)
class QuizResult:
    """How a quiz was passed, over all versions."""

    title: str
    attempts: int = 0
    passed: int = 0
    passed_at_once: int = 0


@dataclass(frozen=True, slots=True)
class OutOfAttempts:
    """Somebody who has failed a quiz as often as it allows."""

    enrolment: Enrolment
    lesson: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """All of it."""

    begun: int
    days: list[int]
    """Of each enrolment that was completed, the days from its beginning to its end, the quickest first."""
    by_month: list[tuple[date, int]]
    """The last twelve months, this one at the end, by their first day: how many of these enrolments were completed."""
    quizzes: list[QuizResult]
    questions: list[QuestionResult]
    """The hardest first."""
    out_of_attempts: list[OutOfAttempts]

    @property
    def per_cent(self) -> int:
        """Completed, of those begun."""
        return per_cent(len(self.days), self.begun)

    @property
    def median_days(self) -> float | None:
        return median(self.days) if self.days else None


def statistics_of(work: Work, course_id: int) -> Statistics:
    """The statistics of a course over all of its versions, by the organisation's days."""
    zone = work.organisation.time_zone
    enrolled = work.execute(
        select(Enrolment.begun_at, Enrolment.completed_at).where(Enrolment.course_id == course_id)
    ).all()
    taken = [(today_in(zone, begun), today_in(zone, end)) for begun, end in enrolled if end is not None]
    return Statistics(
        len(enrolled),
        sorted(days_between(begun, end) for begun, end in taken),
        _by_month(work.today, [end for _, end in taken]),
        _quizzes(work, course_id),
        _questions(work, course_id),
        out_of_attempts(work, Enrolment.course_id == course_id),
    )


def _by_month(today: date, completed: Iterable[date]) -> list[tuple[date, int]]:
    counted = Counter(day.replace(day=1) for day in completed)
    this = today.replace(day=1)
    months = [add_months(this, -back) for back in range(MONTHS - 1, -1, -1)]
    return [(month, counted[month]) for month in months]


def _quizzes(work: Work, course_id: int) -> list[QuizResult]:
    found: dict[str, QuizResult] = {}
    rows = work.execute(
        select(Lesson.lasting_key, Lesson.title, QuizAttempt.number, QuizAttempt.has_passed, func.count())
        .join(Lesson, QuizAttempt.lesson_id == Lesson.id)
        .join(Enrolment, QuizAttempt.enrolment_id == Enrolment.id)
        .where(Enrolment.course_id == course_id, QuizAttempt.ended_at.is_not(None))
        .group_by(Lesson.id, Lesson.lasting_key, Lesson.title, QuizAttempt.number, QuizAttempt.has_passed)
        .order_by(Lesson.id)
    )
    for key, title, number, has_passed, count in rows:
        quiz = found.setdefault(key, QuizResult(title))
        quiz.title = title
        quiz.attempts += count
        quiz.passed += count if has_passed else 0
        quiz.passed_at_once += count if has_passed and number == 1 else 0
    return list(found.values())


def _questions(work: Work, course_id: int) -> list[QuestionResult]:
    found: dict[str, QuestionResult] = {}
    rows = work.execute(
        select(
            Question.lasting_key,
            Question.text,
            Lesson.title,
            func.count(),
            func.sum(case((AttemptAnswer.points > 0, 1), else_=0)),
            func.sum(case((AttemptAnswer.answer.is_(null()), 1), else_=0)),
        )
        .select_from(AttemptAnswer)
        .join(QuizAttempt, AttemptAnswer.attempt_id == QuizAttempt.id)
        .join(Enrolment, QuizAttempt.enrolment_id == Enrolment.id)
        .join(Question, AttemptAnswer.question_id == Question.id)
        .join(Lesson, Question.lesson_id == Lesson.id)
        .where(Enrolment.course_id == course_id, QuizAttempt.ended_at.is_not(None))
        .group_by(Question.id, Question.lasting_key, Question.text, Lesson.title)
        .order_by(Question.id)
    )
    for key, text, lesson, put, right, unanswered in rows:
        result = found.setdefault(key, QuestionResult(text, lesson))
        result.text, result.lesson = text, lesson
        result.put += put
        result.right += int(right)
        result.unanswered += int(unanswered)
    return sorted(found.values(), key=lambda each: (each.right / each.put, -each.put, each.text))


def out_of_attempts(work: Work, *of: ColumnElement[bool]) -> list[OutOfAttempts]:
    """Who has failed a quiz of a course under way as often as it allows; of such enrolments alone."""
    made = (
        select(
            QuizAttempt.enrolment_id,
            Lesson.title,
            func.count().label("made"),
        )
        .join(Lesson, QuizAttempt.lesson_id == Lesson.id)
        .join(Enrolment, QuizAttempt.enrolment_id == Enrolment.id)
        .where(*of, Enrolment.completed_at.is_(None), Lesson.attempts.is_not(None))
        .group_by(QuizAttempt.enrolment_id, Enrolment.more_attempts, Lesson.id, Lesson.title, Lesson.attempts)
        .having(
            func.count() >= Lesson.attempts + Enrolment.more_attempts,
            func.sum(case((QuizAttempt.has_passed.is_(True), 1), else_=0)) == 0,
            func.count() == func.count(QuizAttempt.ended_at),
        )
    )
    rows = {enrolment_id: (title, count) for enrolment_id, title, count in work.execute(made)}
    enrolments = work.all(
        select(Enrolment).where(Enrolment.id.in_(rows)).options(joinedload(Enrolment.person)).order_by(Enrolment.id)
    )
    return [OutOfAttempts(each, *rows[each.id]) for each in enrolments]


def enrolment_of(work: Work, course_id: int, enrolment_id: int, *, lock: bool = False) -> Enrolment | None:
    """An enrolment in a course, with its person."""
    statement = (
        select(Enrolment)
        .where(Enrolment.id == enrolment_id, Enrolment.course_id == course_id)
        .options(joinedload(Enrolment.person))
    )
    if lock:
        statement = statement.with_for_update(of=Enrolment).execution_options(populate_existing=True)
    return work.one_or_none(statement)
