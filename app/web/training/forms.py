"""The forms of training: their shape."""

from typing import Any

from flask_wtf.file import FileField
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.domain.permission import Role
from app.domain.training.due import EARLY_DAYS, Refreshing, Terms
from app.domain.training.status import Exemption
from app.operations.training_assignments import Wish
from app.operations.training_records import External
from app.web.assets.forms import chosen
from app.web.fields import DayField, DayOrderField, JudgedField, WholeField
from app.web.forms import PageForm

DAY = "Give the day, as 2027-03-14."
Head = tuple[int, str, str]


class AssignForm(PageForm):
    """What is to be taken by whom, by when, and when again."""

    what = JudgedField("Course or path")
    people = TextAreaField(
        "People by name",
        [Optional(), Length(max=200_000)],
        description="One e-mail address a line, in any case. Leave it empty to take all of a role and a site.",
        render_kw={"rows": 3},
    )
    role = JudgedField("Role", description="Where no people are named.")
    site = JudgedField("Site", description="People work at the site that the register of employees says.")
    goes_on = BooleanField("Those who join later too", default=True)
    due_on = DayField("Due on", [Optional()], description="A fixed day, that day included.")
    due_days = WholeField(
        "Or so many days after joining",
        [Optional()],
        description="For who is here already they count from today.",
        render_kw={"inputmode": "numeric"},
    )
    refreshing = SelectField(
        "Again", choices=[(each.value, each.label) for each in Refreshing], default=Refreshing.NEVER.value
    )
    months = WholeField("After so many months", [Optional()], render_kw={"inputmode": "numeric"})
    anchor = DayField("Fixed day", [Optional()], description="The first of the fixed days from which it is counted.")
    early_days = WholeField(
        "Days that may be early",
        [Optional()],
        default=EARLY_DAYS,
        description="A completion so many days before a fixed day counts for that day.",
        render_kw={"inputmode": "numeric"},
    )

    def offer(self, courses: list[Head], paths: list[tuple[int, str, int]], sites: list[tuple[int, str]]) -> None:
        """Fill the lists to choose from."""
        self.what.choices = [
            ("", "Choose one"),
            *((f"path-{id_}", f"Path: {title} ({count} courses)") for id_, title, count in paths),
            *((f"course-{id_}", f"{reference} {title}") for id_, reference, title in courses),
        ]
        roles = [(each.value, each.label) for each in Role if each is not Role.ASSESSOR]
        self.role.choices = [("", "Everybody, whatever their role"), *roles]
        self.site.choices = [("", "At whatever site"), *((str(id_), name) for id_, name in sites)]

    @property
    def emails(self) -> list[str]:
        """The addresses of the people who are named, as they are compared."""
        return sorted({each.strip().casefold() for each in (self.people.data or "").splitlines() if each.strip()})

    def wish(self, people: frozenset[int]) -> Wish:
        """What was typed; `people` are those behind the addresses."""
        kind, _, number = (self.what.data or "").partition("-")
        id_ = chosen(number)
        return Wish(
            course_id=id_ if kind == "course" else None,
            path_id=id_ if kind == "path" else None,
            people=people,
            role=next((each for each in Role if each.value == self.role.data and each is not Role.ASSESSOR), None),
            site_id=chosen(self.site.data),
            goes_on=bool(self.goes_on.data) and not people,
            terms=Terms(
                self.due_on.data,
                self.due_days.data,
                Refreshing(self.refreshing.data),
                self.months.data,
                self.anchor.data,
                self.early_days.data if self.early_days.data is not None else EARLY_DAYS,
            ),
        )


class ExternalForm(PageForm):
    """Training that somebody took elsewhere."""

    course = JudgedField("Course", description="What it stands for here.")
    completed_on = DayField("Completed on", [InputRequired(DAY)])
    valid_until = DayField(
        "Valid until", [Optional()], description="The last valid day. Empty: as long as the course says."
    )
    provider = StringField("Given by", [InputRequired("Say who gave the training."), Length(max=200)])
    evidence = TextAreaField(
        "What proves it",
        [Length(max=10_000)],
        description="Such as the number of the certificate. You add the certificate as a file next.",
        render_kw={"rows": 2},
    )

    def offer(self, courses: list[Head]) -> None:
        """Fill the list to choose from."""
        self.course.choices = _course_choices(courses)

    @property
    def details(self) -> External:
        """What was typed."""
        return External(
            course_id=chosen(self.course.data) or 0,
            completed_on=self.completed_on.data,
            valid_until=self.valid_until.data,
            provider=self.provider.data or "",
            evidence=self.evidence.data or "",
        )


class ExemptionForm(PageForm):
    """Somebody need not take a course."""

    course = JudgedField("Course")
    reason = TextAreaField(
        "Why",
        [InputRequired("Say why: an exemption without a reason proves nothing."), Length(max=10_000)],
        render_kw={"rows": 2},
    )
    from_on = DayField("From", [InputRequired(DAY)])
    until = DayField("Until", [Optional()], description="The last day of it. Empty: for good.")

    def offer(self, courses: list[Head]) -> None:
        """Fill the list to choose from."""
        self.course.choices = _course_choices(courses)

    @property
    def exemption(self) -> Exemption:
        """What was typed."""
        return Exemption(self.from_on.data, self.until.data, self.reason.data or "")


class EndRuleForm(PageForm):
    """A rule catches nobody any more."""

    takes_back = BooleanField("Take back what it assigned too", default=False)


class ImportForm(PageForm):
    """A file of past completions."""

    file: Any = FileField(
        "File",
        [InputRequired("Choose a file.")],
        render_kw={"accept": ".csv,.txt,.tsv,.xlsx"},
        description="CSV or XLSX with a column each for E-mail, Course (reference or title) and Completed on; "
        "also Valid until, Provider and Evidence where there are such.",
    )
    day_order = DayOrderField()


def _course_choices(courses: list[Head]) -> list[tuple[str, str]]:
    return [("", "Choose one"), *((str(id_), f"{reference} {title}") for id_, reference, title in courses)]
