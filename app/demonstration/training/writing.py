"""Northwind's courses: read from the files of this folder, written and published by the quality manager."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.catalogue import read_yaml
from app.demonstration.telling import ago
from app.domain.training.course import QUIZ, TEXT, QuizSettings
from app.domain.training.question import FALSE, TRUE, QuestionKind
from app.models.course import Course, CourseSection, CourseVersion, Lesson
from app.operations import courses, learning_paths, lessons, questions
from app.operations.courses import CourseDetails
from app.operations.learning_paths import PathDetails
from app.operations.lessons import LessonDetails
from app.operations.questions import Line, QuestionDetails
from app.queries.courses import course_by, version_whole

if TYPE_CHECKING:
    from app.demonstration.training import School

SECURITY, ASSETS = "information-security", "asset-management"
AUDITING, LICENCES = "internal-auditing", "licence-compliance"
ORDER = (SECURITY, ASSETS, AUDITING, LICENCES)
"""The courses by the names of their files: what is required of one stands before it."""
PATH = "Internal auditor"
_FOLDER = Path(__file__).parent / "courses"


def writing(school: "School") -> None:
    """Four courses and a path written as Northwind began; one of them was brought up to date lately."""
    began = ago(school.today, months=17)
    school.on(began, "ingrid", partial(_write_all, school))
    school.on(ago(school.today, days=60), "ingrid", partial(_renew, school, SECURITY))


def _write_all(school: "School") -> None:
    for key in ORDER:
        _write(school, key, _read(key))
    path = PathDetails(
        title=PATH,
        summary="From the first day to the first audit: the basics, then how to audit. Afterwards two audits at the "
        "side of somebody who has led some.",
        courses=[school.references[each] for each in (SECURITY, AUDITING)],
    )
    school.path_id = learning_paths.write_path(school.work, path).id


def _read(key: str) -> Mapping[str, Any]:
    content: Mapping[str, Any] = read_yaml(_FOLDER / f"{key}.yaml")
    return content


def _write(school: "School", key: str, said: Mapping[str, Any]) -> None:
    """The first version; what is new in the second is left out of it."""
    work = school.work
    details = CourseDetails(
        title=said["title"],
        summary=said["summary"],
        self_enrolment=said["self_enrolment"],
        valid_months=said["valid_months"],
        prerequisites=frozenset(school.references[each] for each in said.get("prerequisites", ())),
        clauses=frozenset((standard, each) for standard, numbers in said["clauses"].items() for each in numbers),
    )
    course = courses.write(work, details)
    version = _whole(school, course, 1)
    for number, part in enumerate(said["sections"]):
        if number:
            section = lessons.add_section(work, version, part["title"])
        else:
            (section,) = version.sections
            lessons.rename_section(work, version, section, part["title"])
        for each in _of_version(part["lessons"], 1):
            lesson = _add_lesson(school, version, section, each)
            for asked in _of_version(each.get("questions", ()), 1):
                questions.add_question(work, lesson, _question(asked))
    courses.publish(work, course, "First version.")
    school.references[key], school.ids[key] = course.reference, course.id


def _renew(school: "School", key: str) -> None:
    """The second version: the first, and what is new since."""
    work, said = school.work, _read(key)
    course = course_by(work, school.references[key], lock=True)
    if course is None:
        raise LookupError(f"the story has no course {key}")
    courses.begin_draft(work, course)
    version = _whole(school, course, 2)
    for section, part in zip(version.sections, said["sections"], strict=True):
        for each in part["lessons"]:
            if each.get("since") == 2:
                _add_lesson(school, version, section, each)
            for asked in each.get("questions", ()):
                if asked.get("since") == 2:
                    questions.add_question(work, section.lessons[-1], _question(asked))
    courses.publish(work, course, said["news"])


def _whole(school: "School", course: Course, number: int) -> CourseVersion:
    version_id = next(each.id for each in course.versions if each.number == number)
    version = version_whole(school.work, version_id)
    if version is None:
        raise LookupError(f"{course.reference} has no version {number}")
    return version


def _of_version(parts: Iterable[Mapping[str, Any]], number: int) -> list[Mapping[str, Any]]:
    return [each for each in parts if each.get("since", 1) <= number]


def _add_lesson(school: "School", version: CourseVersion, section: CourseSection, said: Mapping[str, Any]) -> Lesson:
    quiz = QuizSettings(**said["quiz"]) if "quiz" in said else None
    details = LessonDetails(title=said["title"], minutes=said["minutes"], body=said["text"], quiz=quiz)
    return lessons.add_lesson(school.work, version, section, QUIZ if quiz else TEXT, details)


def _question(said: Mapping[str, Any]) -> QuestionDetails:
    return QuestionDetails(
        kind=QuestionKind(said["kind"]),
        text=said["text"],
        points=said.get("points", 1),
        feedback=said["feedback"],
        lines=tuple(_lines(said)),
        number=Decimal(said["number"]) if "number" in said else None,
        tolerance=Decimal(said.get("tolerance", 0)),
    )


def _lines(said: Mapping[str, Any]) -> Iterable[Line]:
    if "answer" in said:
        yield Line(TRUE if said["answer"] else FALSE, True)
    for each in said.get("lines", ()):
        yield Line(each.get("right") or each["wrong"], "right" in each, feedback=each.get("feedback", ""))
    for left, right in said.get("pairs", {}).items():
        yield Line(left, match=right)
    for each in (*said.get("steps", ()), *said.get("accepts", ())):
        yield Line(each)
