"""The forms of courses, their sections and lessons."""

from typing import Any

from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.domain.training.course import LessonKind, QuizSettings
from app.models.course import Course, Lesson
from app.operations.attachments import accepted_extensions
from app.operations.courses import LONGEST_VALIDITY, CourseDetails
from app.operations.lessons import DEFAULT_PASS_MARK, MOST_MINUTES, LessonDetails
from app.outputs.markdown import LONGEST_BODY, TOO_LONG
from app.web.fields import JudgedField, TicksField, WholeField, read_version
from app.web.forms import PageForm
from app.web.points import PointsField

OF_KINDS = {
    "file": ("file_name", "file"),
    "link": ("link",),
    "quiz": ("pass_mark", "drawn", "attempts", "quiz_minutes", "shuffled"),
}
"""The fields that only some kinds of lessons ask for."""


class CourseForm(PageForm):
    """What is said of a course, whatever its version."""

    version = HiddenField()
    title = StringField("Title", [InputRequired("Give the course a title."), Length(max=200)])
    summary = TextAreaField(
        "Summary", [Length(max=5000)], render_kw={"rows": 3}, description="What whoever takes it can do afterwards."
    )
    self_enrolment = BooleanField("Members may begin it by themselves")
    valid_months = WholeField(
        "Valid for, in months",
        [Optional(), NumberRange(1, LONGEST_VALIDITY, f"Write 1 to {LONGEST_VALIDITY} months, or nothing.")],
        description="Then it is to be taken again. Nothing: what was learnt counts for ever.",
    )
    prerequisites = TicksField(
        "Prerequisites", validate_choice=False, default=(), description="Completed before this course is begun."
    )
    clauses = PointsField("Standards and clauses covered", description="Ticking one takes all below it.")

    def offer(self, courses: list[tuple[str, str]]) -> None:
        """Fill the list to choose from."""
        self.prerequisites.choices = courses

    def tell(self, course: Course) -> None:
        """Show what is kept."""
        self.version.data = str(course.version)
        self.title.data, self.summary.data = course.title, course.summary
        self.self_enrolment.data, self.valid_months.data = course.self_enrolment, course.valid_months
        self.prerequisites.data = [each.required.reference for each in course.prerequisites]
        self.clauses.tell((each.standard, each.clause) for each in course.clauses)

    @property
    def seen(self) -> int:
        """The version of the row that the visitor saw."""
        return read_version(self.version.data)

    @property
    def details(self) -> CourseDetails:
        """What was typed."""
        return CourseDetails(
            title=self.title.data or "",
            summary=self.summary.data or "",
            self_enrolment=self.self_enrolment.data,
            valid_months=self.valid_months.data,
            prerequisites=frozenset(self.prerequisites.data or ()),
            clauses=self.clauses.chosen,
        )


class SectionForm(PageForm):
    """The title of a section."""

    title = StringField("Title of the section", [InputRequired("Give the section a title."), Length(max=200)])


class PublishForm(PageForm):
    """What is new in a version."""

    note = TextAreaField(
        "What is new", [Length(max=5000)], render_kw={"rows": 3}, description="Kept with the version, for its history."
    )


class LessonForm(PageForm):
    """A lesson; the fields that its kind does not ask for are taken off."""

    version = HiddenField()
    title = StringField("Title", [InputRequired("Give the lesson a title."), Length(max=200)])
    minutes = WholeField(
        "Minutes", [Optional(), NumberRange(0, MOST_MINUTES, f"Write 0 to {MOST_MINUTES} minutes.")], default=5
    )
    file_name = JudgedField("File of the course", default="")
    file = FileField("Or upload one", render_kw={"accept": accepted_extensions()})
    link = StringField(
        "Link to the film",
        [Length(max=500)],
        description="Its whole address. Learners open it in a window of its own.",
        render_kw={"inputmode": "url"},
    )
    pass_mark = WholeField("Pass mark, in per cent", [InputRequired("Write the pass mark.")], default=DEFAULT_PASS_MARK)
    drawn = WholeField(
        "Questions drawn", [Optional()], description="So many of the bank, by lot. Nothing: all of them."
    )
    attempts = WholeField("Attempts", [Optional()], description="Nothing: as often as needed.")
    quiz_minutes = WholeField(
        "Minutes for one attempt", [Optional()], description="The server keeps the time. Nothing: no limit."
    )
    shuffled = BooleanField("Shuffle the answers", default=True)
    body = TextAreaField(
        "Text",
        [Length(max=LONGEST_BODY, message=TOO_LONG)],
        render_kw={"rows": 16, "data-markdown": "yes"},
        description="In Markdown: # heading, **bold**, - list, [link](https://…), ![what it shows](picture.png) "
        "with a picture among the files of the course.",
    )
    picture = FileField(
        "Picture",
        render_kw={"accept": ".png,.jpg,.jpeg"},
        description="It comes among the files of the course and at the end of the text. The lesson is not saved by it.",
    )

    def fit(self, kind: LessonKind, files: list[str]) -> None:
        """Keep the fields of a kind, and fill the list of files."""
        for asked, names in OF_KINDS.items():
            if asked not in kind.asks:
                for name in names:
                    del self[name]
        self.offer(files)

    def offer(self, files: list[str]) -> None:
        """Fill the list of files, where the kind asks for one."""
        if "file_name" in self:
            self.file_name.choices = [("", "None"), *((each, each) for each in files)]

    def tell(self, lesson: Lesson) -> None:
        """Show what is kept."""
        self.version.data = str(lesson.version)
        for name in ("title", "minutes", "body", "file_name", "link", *OF_KINDS["quiz"]):
            if name in self:
                self[name].data = getattr(lesson, name)

    @property
    def seen(self) -> int:
        """The version of the row that the visitor saw."""
        return read_version(self.version.data)

    def details(self, uploaded: str = "") -> LessonDetails:
        """What was typed; a file that was uploaded takes the place of the one chosen."""
        return LessonDetails(
            title=self.title.data or "",
            minutes=self.minutes.data or 0,
            body=self.body.data or "",
            file_name=uploaded or self._said("file_name") or "",
            link=self._said("link") or "",
            quiz=QuizSettings(
                self.pass_mark.data or 0,
                self.drawn.data,
                self.shuffled.data,
                self.attempts.data,
                self.quiz_minutes.data,
            )
            if "pass_mark" in self
            else None,
        )

    def _said(self, name: str) -> Any:
        return self[name].data if name in self else None
