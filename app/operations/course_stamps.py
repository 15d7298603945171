"""What a page that asks whether to take a part of a draft away has shown: whoever saw something else is refused."""

from app.domain.explained import RefusedError
from app.models.course import CourseSection, CourseVersion, Lesson
from app.models.question import Question
from app.operations.conflict import stamp


def stamp_of_question(question: Question) -> str:
    """Changes with the question and its lines."""
    return stamp(question.id, question.version)


def stamp_of_lesson(lesson: Lesson) -> str:
    """Changes with the lesson and with any question of its bank; it was loaded with them."""
    return stamp(lesson.id, lesson.version, *(stamp_of_question(each) for each in lesson.questions))


def stamp_of_section(section: CourseSection) -> str:
    """Changes with the title of the section and with any lesson in it."""
    return stamp(section.id, section.title, *(stamp_of_lesson(each) for each in section.lessons))


def stamp_of_draft(draft: CourseVersion) -> str:
    """Changes with anything in the draft, which was loaded whole."""
    return stamp(draft.id, *(stamp_of_section(each) for each in draft.sections))


def refuse_if_unlike(seen: str | None, now: str, what: str) -> None:
    """Refuse to take away what is not as it was shown; the course was loaded for update."""
    if seen is None or seen == now:
        return
    if len(seen) != len(now):
        raise RefusedError(f"It could not be read what of {what} you saw. Nothing was taken away: look at it again.")
    raise RefusedError(
        f"{what[0].upper()}{what[1:]} was changed by somebody else while you had this page open. "
        "Nothing was taken away: look at it again."
    )
