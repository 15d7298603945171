"""Courses: their standing, the kinds of lessons, what must be there before a version is published."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from app.domain.explained import Clause, Reason, Refusals, RefusedError, refuse_together

COMPETENCE = Clause("ISO 9001:2015", "7.2")
"""Competence, and the training by which it is acquired."""
NOTHING_YET = Reason("A version without a lesson teaches nothing.", COMPETENCE)


class Standing(StrEnum):
    """Whether a course is still being written, open to learners, or taken out of use."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"

    @property
    def label(self) -> str:
        return self.value.capitalize()


@dataclass(frozen=True, slots=True)
class QuizSettings:
    """How a quiz is put: None where nothing is bounded."""

    pass_mark: int
    """In per cent of the points of the questions drawn."""
    drawn: int | None = None
    """So many questions of the bank are put; None puts all of them."""
    shuffled: bool = True
    attempts: int | None = None
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class LessonShape:
    """What the rules look at in a lesson."""

    kind: str
    title: str
    body: str = ""
    file_name: str = ""
    link: str = ""
    quiz: QuizSettings | None = None
    questions: int = 0
    missing: tuple[str, ...] = ()
    """The pictures and files that it shows and that the course has not."""


@dataclass(frozen=True, slots=True)
class LessonKind:
    """A kind of lesson: what its editor asks for, how it is done, and what it needs before learners see it."""

    word: str
    label: str
    says: str
    asks: frozenset[str]
    """Of `file`, `link` and `quiz`; every kind has a title, its minutes and a text."""
    is_marked: bool
    """Whether it is done by passing it; the others are done by saying so."""
    lacking: Callable[[LessonShape], Iterable[Reason]]


def _text_lacks(lesson: LessonShape) -> Iterable[Reason]:
    if not lesson.body.strip():
        yield Reason(f"“{lesson.title}” has no text yet.")


def _file_lacks(lesson: LessonShape) -> Iterable[Reason]:
    if not lesson.file_name:
        yield Reason(f"“{lesson.title}” has no file yet.")


def _video_lacks(lesson: LessonShape) -> Iterable[Reason]:
    if not lesson.file_name and not lesson.link:
        yield Reason(f"“{lesson.title}” has no video yet, neither as a file nor as a link.")


def _quiz_lacks(lesson: LessonShape) -> Iterable[Reason]:
    wanted = (lesson.quiz.drawn if lesson.quiz else None) or 1
    if lesson.questions < wanted:
        bank = f"{lesson.questions} question{'' if lesson.questions == 1 else 's'}"
        yield Reason(f"“{lesson.title}” draws {wanted} from its bank, and the bank holds {bank}.")


TEXT, FILE, VIDEO, QUIZ = "text", "file", "video", "quiz"

KINDS: Mapping[str, LessonKind] = {
    each.word: each
    for each in (
        LessonKind(TEXT, "Text", "A page to read, with pictures.", frozenset(), False, _text_lacks),
        LessonKind(FILE, "File", "A document to open and read.", frozenset({"file"}), False, _file_lacks),
        LessonKind(VIDEO, "Video", "A film, uploaded or linked.", frozenset({"file", "link"}), False, _video_lacks),
        LessonKind(QUIZ, "Quiz", "Questions that are marked.", frozenset({"quiz"}), True, _quiz_lacks),
    )
}
"""The register of the kinds of lessons. A further kind is an entry here and a part `courses/lessons/_<word>.html`."""


def refuse_unready(lessons: Iterable[LessonShape]) -> None:
    """A version is published with at least one lesson, and each lesson has what its kind needs and what it shows."""
    lessons = tuple(lessons)
    if not lessons:
        raise RefusedError(NOTHING_YET)
    refuse_together([RefusedError(why) for each in lessons for why in (*KINDS[each.kind].lacking(each), *_gone(each))])


def _gone(lesson: LessonShape) -> Iterable[Reason]:
    for name in lesson.missing:
        yield Reason(f"“{lesson.title}” shows “{name}”, which is not among the files of the course.")


def refuse_link(link: str, field: str = "link") -> None:
    """A link goes to a page or a file on the web: http or https, with the name of a host."""
    try:
        parts = urlsplit(link)
        is_fit = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        is_fit = False
    if link and (not is_fit or any(sign.isspace() for sign in link)):
        raise RefusedError("Write the whole address, such as https://example.org/film.mp4.", field)


def refuse_circle(course: str, wanted: Iterable[str], required: Mapping[str, Iterable[str]]) -> None:
    """A course is not required for itself, neither directly nor through others; the refusal names the circle.

    `required` holds, by reference, the courses that each other course requires now.
    """
    for first in wanted:
        if circle := _way(first, course, required):
            says = " → ".join([course, *circle])
            raise RefusedError(f"The prerequisites would go in a circle: {says}.", "prerequisites")


def _way(start: str, goal: str, required: Mapping[str, Iterable[str]]) -> list[str]:
    """The shortest way from one course to another along what they require; empty where there is none."""
    before: dict[str, str | None] = {start: None}
    edge = [start]
    while edge and goal not in before:
        following = []
        for here in edge:
            for there in required.get(here, ()):
                if there not in before:
                    before[there] = here
                    following.append(there)
        edge = following
    if goal not in before:
        return []
    way: list[str] = []
    here_or_none: str | None = goal
    while here_or_none is not None:
        way.append(here_or_none)
        here_or_none = before[here_or_none]
    return way[::-1]


def refuse_settings(quiz: QuizSettings) -> None:
    """A quiz is passed with 1 to 100 per cent; what it bounds, it bounds to at least one."""
    all_refused = Refusals()
    with all_refused.noted():
        if not 1 <= quiz.pass_mark <= 100:
            raise RefusedError("A pass mark is 1 to 100 per cent.", "pass_mark")
    for field, value, most, says in (
        ("drawn", quiz.drawn, 500, "A quiz puts 1 to 500 questions."),
        ("attempts", quiz.attempts, 100, "A quiz may be tried 1 to 100 times."),
        ("quiz_minutes", quiz.minutes, 600, "An attempt takes 1 to 600 minutes."),
    ):
        with all_refused.noted():
            if value is not None and not 1 <= value <= most:
                raise RefusedError(says, field)
    all_refused.tell()
