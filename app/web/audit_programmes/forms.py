"""The form of an audit programme: its shape."""

from datetime import date

from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.models.audit_plan import AuditProgramme
from app.operations.audit_programmes import ProgrammeDetails
from app.web.assets.forms import chosen
from app.web.fields import DayField, JudgedField, seen_version
from app.web.forms import PageForm

DAY = "Give the day, as 2027-03-14."
TEXTS = ("objectives", "risks", "opportunities", "criteria", "scope", "methods", "resources", "review_note")


def _text(label: str, help_: str) -> TextAreaField:
    return TextAreaField(label, [Length(max=20_000)], description=help_, render_kw={"rows": 4})


class ProgrammeForm(PageForm):
    """What is said of a programme."""

    version = HiddenField()
    title = StringField(
        "Title",
        [InputRequired("Give the programme a title."), Length(max=200)],
        description="Such as Internal audits 2026 to 2028.",
    )
    starts_on = DayField("First day", [InputRequired(DAY)], description="The audits of these days belong to it.")
    ends_on = DayField("Last day", [InputRequired(DAY)], description="Often the end of the cycle.")
    responsible = JudgedField("Responsible person")
    objectives = _text("Objectives", "What its audits together are to achieve.")
    risks = _text("Risks", "What could keep it from that: planning, people, competence, records, auditees away.")
    opportunities = _text("Opportunities", "Such as audits held together, or at a distance.")
    criteria = _text("Criteria", "Standards, policies, contracts and laws that its audits are held against.")
    scope = _text("Scope", "Sites, processes and systems that it reaches.")
    methods = _text("Methods", "How audits are held, how samples are drawn, on site or at a distance.")
    resources = _text("Resources", "Auditors, days and means.")
    reviewed_on = DayField(
        "Reviewed on",
        [Optional()],
        description="When it was last looked at as a whole.",
    )
    review_note = _text("What the review found", "And what was changed for it.")

    def offer(self, people: list[tuple[int, str]]) -> None:
        """Fill the list to choose from."""
        self.responsible.choices = [("", "Nobody yet"), *((str(id_), name) for id_, name in people)]

    def tell(self, row: AuditProgramme) -> None:
        """Show what is kept."""
        self.version.data = str(row.version)
        for name in ("title", "starts_on", "ends_on", "reviewed_on", *TEXTS):
            self[name].data = getattr(row, name)
        self.responsible.data = str(row.responsible_id or "")

    @property
    def seen(self) -> int | None:
        """The version that the visitor saw."""
        return seen_version(self.version.data)

    @property
    def details(self) -> ProgrammeDetails:
        """What was typed."""
        starts_on, ends_on = self.starts_on.data, self.ends_on.data
        if not isinstance(starts_on, date) or not isinstance(ends_on, date):
            raise TypeError("the form was not asked whether it is valid")
        return ProgrammeDetails(
            title=self.title.data or "",
            starts_on=starts_on,
            ends_on=ends_on,
            responsible_id=chosen(self.responsible.data),
            reviewed_on=self.reviewed_on.data,
            **{name: self[name].data or "" for name in TEXTS},
        )
