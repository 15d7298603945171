"""The form of a question: the fields of its kind, and lines as many as are needed."""

from decimal import Decimal

from wtforms import BooleanField, FormField, HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from app.domain.training.question import (
    FALSE,
    LONGEST_OPTION,
    MOST_OPTIONS,
    MOST_POINTS,
    TRUE,
    QuestionKind,
    read_number,
    say_number,
)
from app.models.question import Question
from app.operations.questions import LONGEST_QUESTION, Line, QuestionDetails
from app.web.audits.forms import Rows
from app.web.fields import WholeField, read_version
from app.web.forms import EntryForm, PageForm

LINES = 4
MORE = 3
TOLD = {
    QuestionKind.SINGLE: "Tick the one that is right. Lines left empty are left out.",
    QuestionKind.MULTIPLE: "Tick all that are right. Lines left empty are left out.",
    QuestionKind.MATCHING: "Each line and what it goes with; learners see the right sides shuffled.",
    QuestionKind.ORDERING: "Write the steps in their right order; learners see them shuffled.",
    QuestionKind.SHORT_TEXT: "Every spelling that is accepted; neither case nor spaces matter.",
}


def _a_number(_form: PageForm, field: StringField) -> None:
    if field.data and read_number(field.data) is None:
        raise ValidationError("Write a number, such as 12.5, with six decimals at most.")


class LineEntry(EntryForm):
    """A line of a question."""

    text = StringField("Line", [Length(max=LONGEST_OPTION)])
    match = StringField("Goes with", [Length(max=LONGEST_OPTION)])
    is_right = BooleanField("Right")
    feedback = StringField("Told to whoever chooses it", [Length(max=500)])


class QuestionForm(PageForm):
    """A question; the fields that its kind does not ask for are taken off."""

    version = HiddenField()
    text = TextAreaField(
        "Question", [InputRequired("Write the question."), Length(max=LONGEST_QUESTION)], render_kw={"rows": 3}
    )
    truth = RadioField(
        "It is",
        [InputRequired("Choose whether it is true or false.")],
        choices=[(TRUE, "True"), (FALSE, "False")],
    )
    number = StringField("Right number", [_a_number], render_kw={"inputmode": "decimal"})
    tolerance = StringField(
        "Tolerance",
        [_a_number],
        description="So far off, on either side, still counts. Nothing: exactly that number.",
        render_kw={"inputmode": "decimal"},
    )
    options = Rows(FormField(LineEntry), label="Lines")
    points = WholeField(
        "Points", [Optional(), NumberRange(1, MOST_POINTS, f"Write 1 to {MOST_POINTS} points.")], default=1
    )
    feedback = TextAreaField(
        "Feedback", [Length(max=2000)], render_kw={"rows": 2}, description="Told once it is right, or no try is left."
    )

    def fit(self, kind: QuestionKind) -> None:
        """Keep the fields of a kind."""
        self.kind = kind
        if kind is not QuestionKind.TRUE_FALSE:
            del self["truth"]
        if kind is not QuestionKind.NUMBER:
            del self["number"]
            del self["tolerance"]
        if kind in (QuestionKind.TRUE_FALSE, QuestionKind.NUMBER):
            del self["options"]

    def add_lines(self, many: int) -> None:
        """Some empty lines at the end, as far as there is room."""
        if "options" not in self:
            return
        for _ in range(many):
            if len(self.options.entries) < MOST_OPTIONS:
                self.options.append_entry()

    def tell(self, question: Question) -> None:
        """Show what is kept."""
        self.version.data = str(question.version)
        self.text.data, self.points.data, self.feedback.data = question.text, question.points, question.feedback
        if "number" in self:
            self.number.data = say_number(question.number) if question.number is not None else ""
            self.tolerance.data = say_number(question.tolerance) if question.tolerance else ""
        if "truth" in self:
            self.truth.data = next((each.text for each in question.options if each.is_right), None)
        if "options" in self:
            for each in question.options:
                self.options.append_entry(
                    {"text": each.text, "match": each.match, "is_right": each.is_right, "feedback": each.feedback}
                )

    @property
    def seen(self) -> int:
        """The version of the row that the visitor saw."""
        return read_version(self.version.data)

    @property
    def details(self) -> QuestionDetails:
        """What was typed."""
        lines: tuple[Line, ...] = ()
        if "truth" in self:
            lines = (Line(self.truth.data or "", is_right=True),)
        elif "options" in self:
            rows = [each.form for each in self.options.entries]
            lines = tuple(
                Line(row.text.data or "", row.is_right.data, row.match.data or "", row.feedback.data or "")
                for row in rows
            )
        return QuestionDetails(
            kind=self.kind,
            text=self.text.data or "",
            points=1 if self.points.data is None else self.points.data,
            feedback=self.feedback.data or "",
            lines=lines,
            number=read_number(self.number.data or "") if "number" in self else None,
            tolerance=(read_number(self.tolerance.data or "") if "tolerance" in self else None) or Decimal(0),
        )
