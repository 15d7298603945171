"""Questions of a quiz in a draft: written, changed, put in order, removed."""

from dataclasses import dataclass
from decimal import Decimal

from app.domain.explained import RefusedError
from app.domain.training.question import FALSE, TRUE, OptionShape, QuestionKind, QuestionShape, refuse_question
from app.models.course import Lesson
from app.models.question import Question, QuestionOption
from app.operations.conflict import refuse_if_changed
from app.operations.course_stamps import refuse_if_unlike, stamp_of_question
from app.operations.courses import new_key
from app.work import Work

MOST_QUESTIONS = 500
LONGEST_QUESTION = 5000


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a question as it was typed."""

    text: str
    is_right: bool = False
    match: str = ""
    feedback: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionDetails:
    """A question as it was typed. Of true or false, the one line says which is right; empty lines are left out."""

    kind: QuestionKind
    text: str
    points: int = 1
    feedback: str = ""
    lines: tuple[Line, ...] = ()
    number: Decimal | None = None
    tolerance: Decimal = Decimal(0)


def add_question(work: Work, lesson: Lesson, details: QuestionDetails) -> Question:
    """Add a question at the end of the bank of a quiz that was loaded with its version."""
    _refuse_unfit(lesson)
    if len(lesson.questions) >= MOST_QUESTIONS:
        raise RefusedError(f"A bank holds {MOST_QUESTIONS} questions at most.")
    place = max((each.place for each in lesson.questions), default=0) + 1
    question = Question(place=place, lasting_key=new_key(), options=[])
    _tell(question, details)
    lesson.questions.append(question)
    work.flush()
    return question


def change_question(
    work: Work, lesson: Lesson, question: Question, details: QuestionDetails, seen: int | None = None
) -> None:
    """Change a question of a draft; who saw an older one is refused."""
    _refuse_unfit(lesson)
    refuse_if_changed(question, seen, f"Question {question.place}")
    before = [(each.text, each.is_right, each.match, each.feedback) for each in question.options]
    _tell(question, details)
    after = [(each.text, each.is_right, each.match, each.feedback) for each in question.options]
    if before != after:
        # Its lines are part of it: who has the old ones open is told.
        question.version += 1
    work.flush()


def remove_question(work: Work, lesson: Lesson, question: Question, seen: str | None = None) -> None:
    """Take a question out of the bank of a draft; who saw another state of it is refused."""
    _refuse_unfit(lesson)
    refuse_if_unlike(seen, stamp_of_question(question), f"question {question.place}")
    lesson.questions.remove(question)
    _number(lesson)
    work.flush()


def move_question(work: Work, lesson: Lesson, question: Question, by: int) -> None:
    """Move a question one place up (-1) or down (1)."""
    _refuse_unfit(lesson)
    here = lesson.questions.index(question)
    if 0 <= here + by < len(lesson.questions):
        other = lesson.questions[here + by]
        question.place, other.place = other.place, question.place
    _number(lesson)
    work.flush()


def _tell(question: Question, details: QuestionDetails) -> None:
    lines = [each for each in details.lines if each.text.strip() or each.match.strip() or each.is_right]
    if details.kind is QuestionKind.TRUE_FALSE:
        right = {each.text for each in lines if each.is_right}
        said = {each.text: each.feedback for each in lines}
        lines = [Line(each, each in right, feedback=said.get(each, "")) for each in (TRUE, FALSE)]
    elif details.kind is QuestionKind.NUMBER:
        lines = []
    refuse_question(
        QuestionShape(
            details.kind,
            details.text,
            details.points,
            tuple(OptionShape(each.text, each.is_right, each.match) for each in lines),
            details.number,
            details.tolerance,
        )
    )
    question.kind, question.text, question.points = details.kind, details.text.strip(), details.points
    question.feedback = details.feedback.strip()
    is_number = details.kind is QuestionKind.NUMBER
    question.number, question.tolerance = (details.number, details.tolerance) if is_number else (None, None)
    has_right = details.kind.has_right_options
    for place, line in enumerate(lines, start=1):
        if place > len(question.options):
            question.options.append(QuestionOption())
        row = question.options[place - 1]
        row.place, row.text, row.feedback = place, line.text.strip(), line.feedback.strip()
        row.is_right = line.is_right and has_right
        row.match = line.match.strip() if details.kind is QuestionKind.MATCHING else ""
    del question.options[len(lines) :]


def _number(lesson: Lesson) -> None:
    for place, question in enumerate(sorted(lesson.questions, key=lambda each: each.place), start=1):
        question.place = place


def _refuse_unfit(lesson: Lesson) -> None:
    """Questions are of a quiz, and what is published stays as it is."""
    if lesson.pass_mark is None:
        raise RefusedError("Only a quiz has questions.")
    version = lesson.section.version
    if version.published_at is not None:
        raise RefusedError(
            f"Version {version.number} is published and stays as it is. Changes go into a draft of the next version."
        )
