"""Tell by mail that a learner asks for another attempt, and the learner what became of it."""

from app.domain.permission import Permission
from app.models.attempt_request import AttemptRequest
from app.models.course import Course
from app.operations.case_mail import tell_person
from app.queries.members import those_who_may
from app.work import Work


def tell_asked(work: Work, row: AttemptRequest, course: Course, name: str, lesson: str) -> None:
    """Post a mail to everybody who manages training, but for who asks."""
    subject = f"{name} asks for another attempt at {lesson}"
    says = f"No attempt is left in {course.reference} {course.title}. Grant one more, or refuse it and say why."
    for each in those_who_may(work, Permission.MANAGE_TRAINING):
        tell_person(work, each.id, subject, says, row.says, ("course_statistics.show", course.reference))


def tell_decided(work: Work, row: AttemptRequest, person_id: int, course: Course) -> None:
    """Post a mail to who asked."""
    if row.is_granted:
        subject, says = f"You may try {course.title} once more", "One more attempt at each of its quizzes was granted."
    else:
        subject, says = f"Another attempt at {course.title} was refused", "The reason is said below."
    tell_person(work, person_id, subject, says, row.answer, ("my_training.course", course.reference))
