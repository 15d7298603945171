"""What the rules look at in lessons and questions that were loaded with all that is in them."""

from decimal import Decimal

from app.domain.training.course import LessonShape, QuizSettings
from app.domain.training.question import OptionShape, QuestionShape
from app.models.course import Lesson
from app.models.question import Question


def quiz_of(lesson: Lesson) -> QuizSettings | None:
    """How the quiz of a lesson is put; None where the lesson is none."""
    if lesson.pass_mark is None:
        return None
    return QuizSettings(lesson.pass_mark, lesson.drawn, lesson.shuffled, lesson.attempts, lesson.quiz_minutes)


def shape_of(lesson: Lesson, missing: tuple[str, ...] = ()) -> LessonShape:
    """A lesson with its settings and the size of its bank; `missing` is what it shows and its course has not."""
    return LessonShape(
        lesson.kind,
        lesson.title,
        lesson.body,
        lesson.file_name,
        lesson.link,
        quiz_of(lesson),
        len(lesson.questions),
        missing,
    )


def question_shape(question: Question) -> QuestionShape:
    """A question with its lines, in their order."""
    return QuestionShape(
        question.kind,
        question.text,
        question.points,
        tuple(OptionShape(each.text, each.is_right, each.match) for each in question.options),
        question.number,
        question.tolerance or Decimal(0),
    )
