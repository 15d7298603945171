"""The form of a nonconformity that the certification body raised."""

from wtforms import HiddenField, RadioField, SelectChoice, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.domain.certification.facts import Grade
from app.domain.dates import say
from app.models.certificate import BodyNonconformity
from app.operations.nonconformities import NonconformityDetails
from app.queries.nonconformities import RaisingAudit
from app.web.fields import DayField, JudgedField, seen_version
from app.web.forms import PageForm


class NonconformityForm(PageForm):
    """What the certification body wrote, and its own dates."""

    version = HiddenField()
    raised_at = JudgedField(
        "Raised at",
        validators=[InputRequired("Choose the audit that raised it.")],
        description="The audit, and on which certificate.",
    )
    grade = RadioField(
        "Grade",
        choices=[
            SelectChoice(Grade.MAJOR.value, "Major: the system may not reach its intended results"),
            SelectChoice(Grade.MINOR.value, "Minor: that is not affected"),
        ],
        validators=[InputRequired("Choose the grade that the body gave it.")],
    )
    body_reference = StringField("Certification body's reference", validators=[Length(max=80)])
    clause = StringField("Clause", validators=[Length(max=40)], description="Of the standard, such as 9.2.2 or A.8.12.")
    statement = TextAreaField(
        "Statement",
        validators=[InputRequired("Write down what the certification body stated."), Length(max=20_000)],
        render_kw={"rows": 4},
    )
    raised_on = DayField("Raised on", validators=[InputRequired("Give the day, as 2027-03-14.")])
    response_due_on = DayField(
        "Answer due on", validators=[Optional()], description="By when the body wants cause, correction and plan."
    )
    plan_accepted_on = DayField(
        "Plan accepted on", validators=[Optional()], description="The day on which the body accepted the plan."
    )
    verified_on = DayField(
        "Verified on", validators=[Optional()], description="The day on which the body verified the action."
    )

    def offer(self, audits: list[RaisingAudit], now: str = "") -> None:
        """Fill the list of audits; `now` is what is kept, and stays on the list whatever became of its audit."""
        self.raised_at.choices = [("", "Choose"), *((each.key, _label(each)) for each in audits)]
        known = {key for key, _ in self.raised_at.choices}
        if now and now not in known:
            self.raised_at.choices.append((now, now.replace("/", " · ")))

    def tell(self, row: BodyNonconformity, raised_at: str) -> None:
        """Show what is kept."""
        self.version.data, self.raised_at.data = str(row.version), raised_at
        self.grade.data, self.statement.data = row.grade.value, row.statement
        self.body_reference.data, self.clause.data = row.body_reference, row.clause
        self.raised_on.data, self.response_due_on.data = row.raised_on, row.response_due_on
        self.plan_accepted_on.data, self.verified_on.data = row.plan_accepted_on, row.verified_on

    @property
    def seen(self) -> int | None:
        """The version that the visitor saw."""
        return seen_version(self.version.data)

    @property
    def details(self) -> NonconformityDetails:
        """What was typed."""
        return NonconformityDetails(
            raised_at=self.raised_at.data or "",
            grade=Grade(self.grade.data),
            statement=self.statement.data or "",
            raised_on=self.raised_on.data,
            body_reference=self.body_reference.data or "",
            clause=self.clause.data or "",
            response_due_on=self.response_due_on.data,
            plan_accepted_on=self.plan_accepted_on.data,
            verified_on=self.verified_on.data,
        )


def _label(audit: RaisingAudit) -> str:
    kind = audit.kind.label.lower()
    return f"{audit.audit}, {kind} ended {say(audit.ends_on)} · {audit.certificate} {audit.standard}"
