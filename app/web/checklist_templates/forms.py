"""The form of a template: its questions in rows, as many as are needed, and lines pasted below them."""

from wtforms import BooleanField, Form, FormField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.models.checklist import ChecklistTemplate
from app.operations.checklist import LONGEST_QUESTION
from app.operations.checklist_templates import AskedLine, lines_in
from app.queries.catalogue import editions_on_offer
from app.web.audits.forms import Rows
from app.web.fields import WholeField, row_id
from app.web.forms import PageForm
from app.work import Work

EMPTY_ROWS = 3
MORE_ROWS = 5
LONGEST_PASTE = 200_000


class QuestionEntry(Form):  # type: ignore[misc]
    """A question of the template."""

    id = HiddenField()
    order = WholeField("Order", [Optional()])
    clause = StringField("Clause", [Length(max=40)])
    question = TextAreaField("Question", [Length(max=LONGEST_QUESTION)], render_kw={"rows": 2})
    guidance = TextAreaField("Guidance", [Length(max=LONGEST_QUESTION)], render_kw={"rows": 2})
    leave_out = BooleanField("Leave out")


class TemplateForm(PageForm):
    """A template."""

    name = StringField("Name", [InputRequired("Give the template a name."), Length(max=200)])
    standard = SelectField(
        "Standard", default="", description="Of which its clauses are; none for questions of your own."
    )
    questions = Rows(FormField(QuestionEntry), label="Questions")
    pasted = TextAreaField(
        "Or paste questions",
        [Length(max=LONGEST_PASTE)],
        description="One a line, the clause first where there is one: “7.2 Who keeps the training plan?”. "
        "From a sheet: clause, question and guidance in three columns.",
        render_kw={"rows": 4},
    )
    version = HiddenField()

    def offer(self, work: Work, before: str = "") -> None:
        """Fill in the standards to choose from."""
        names = [each.name for each in editions_on_offer(work)]
        extra = [before] if before and before not in names else []
        self.standard.choices = [("", "None"), *((each, each) for each in [*names, *extra])]

    def tell(self, template: ChecklistTemplate) -> None:
        """Show what the template holds."""
        self.name.data, self.standard.data = template.name, template.standard
        self.version.data = str(template.version)
        for number, each in enumerate(template.questions, start=1):
            self.questions.append_entry(
                {
                    "id": each.id,
                    "order": number,
                    "clause": each.clause,
                    "question": each.question,
                    "guidance": each.guidance,
                }
            )

    def add_rows(self, many: int) -> None:
        """Some empty rows at the end, as far as there is room."""
        for _ in range(many):
            if len(self.questions.entries) < self.questions.max_entries:
                self.questions.append_entry()

    def spread_pasted(self) -> None:
        """Put the lines that were pasted into rows, where they can be read before they are saved."""
        for line in lines_in(self.pasted.data or ""):
            if len(self.questions.entries) < self.questions.max_entries:
                self.questions.append_entry(
                    {"clause": line.clause[:40], "question": line.question, "guidance": line.guidance}
                )
        self.pasted.data = ""

    @property
    def lines(self) -> list[AskedLine]:
        """What was typed, in the order that was asked for, and after it what was pasted."""
        rows = []
        for number, entry in enumerate(self.questions.entries):
            row = entry.form
            if row.leave_out.data:
                continue
            order = row.order.data
            place = (order, 0, number) if order is not None else (10**9, 1, number)
            rows.append((place, AskedLine(_id(row.id.data), *(row[n].data or "" for n in _WORDS))))
        rows.sort(key=lambda each: each[0])
        return [line for _, line in rows] + lines_in(self.pasted.data or "")


_WORDS = ("clause", "question", "guidance")


def _id(value: str | None) -> int | None:
    try:
        return row_id(value)
    except (TypeError, ValueError):
        return None
