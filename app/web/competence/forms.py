"""The forms of competence: their shape."""

from typing import Any

from wtforms import HiddenField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from app.domain.permission import Role
from app.domain.training.competence import AUDITING, EvidenceKind
from app.models.competence import CompetenceRequirement
from app.operations.competence import EvidenceDetails, RequirementDetails, standard_names
from app.web.assets.forms import chosen
from app.web.fields import DayField, JudgedField, TicksField, WholeField, read_version
from app.web.forms import PageForm

DAY = "Give the day, as 2027-03-14."


class RequirementForm(PageForm):
    """What is asked of a role, or of a place in an audit team."""

    version = HiddenField()
    name = StringField(
        "Name",
        [InputRequired("Give it a name."), Length(max=200)],
        description="Such as Lead auditor ISO/IEC 27001.",
    )
    subject = JudgedField("Asked of", description="Of who has a role, or of who audits in a place of the team.")
    standard = JudgedField("Audits of", description="For a place in the team: only where the audit has the standard.")
    courses = TicksField("Courses", validate_choice=False, default=())
    audits_witnessed = WholeField(
        "Audits witnessed", [Optional()], default=0, render_kw={"inputmode": "numeric"}, description="How many."
    )
    evidence = StringField(
        "Evidence",
        [Length(max=200)],
        description="A document that is asked for, such as the certificate of an examiner.",
    )

    def offer(self, courses: list[tuple[int, str, str]]) -> None:
        """Fill the lists to choose from."""
        roles = [(f"role {each.value}", f"Role: {each.label}") for each in Role if each is not Role.ASSESSOR]
        places = [(f"team {each.value}", f"In an audit team: {each.label}") for each in AUDITING]
        self.subject.choices = [("", "Choose one"), *places, *roles]
        self.standard.choices = [("", "Every internal audit"), *((each, each) for each in standard_names())]
        self.courses.choices = [(str(id_), f"{reference} {title}") for id_, reference, title in courses]

    def tell(self, row: CompetenceRequirement) -> None:
        """Show what is kept."""
        self.version.data, self.name.data = str(row.version), row.name
        self.subject.data = (
            f"role {row.role.value}" if row.role else f"team {row.team_role.value}" if row.team_role else ""
        )
        self.standard.data, self.evidence.data = row.standard, row.evidence
        self.audits_witnessed.data = row.audits_witnessed
        self.courses.data = [str(each.course_id) for each in row.courses]

    @property
    def seen(self) -> int:
        """The version that the visitor saw."""
        return read_version(self.version.data)

    @property
    def details(self) -> RequirementDetails:
        """What was typed."""
        kind, _, word = (self.subject.data or "").partition(" ")
        return RequirementDetails(
            name=self.name.data or "",
            role=next((each for each in Role if kind == "role" and each.value == word), None),
            team_role=next((each for each in AUDITING if kind == "team" and each.value == word), None),
            standard=self.standard.data or "",
            courses=frozenset(chosen(each) or 0 for each in self.courses.data or ()),
            audits_witnessed=self.audits_witnessed.data or 0,
            evidence=self.evidence.data or "",
        )


class EvidenceForm(PageForm):
    """What shows that somebody meets a requirement."""

    kind = SelectField("What it is", choices=[(each.value, each.label) for each in EvidenceKind])
    says = StringField(
        "Which",
        [InputRequired("Say which audit, or which document."), Length(max=200)],
        description="The audit that was witnessed, or what the document is and its number.",
    )
    from_on = DayField("Day", [InputRequired(DAY)], description="Of the audit, or from which the document is valid.")
    valid_until = DayField("Valid until", [Optional()], description="The last valid day. Empty: it does not run out.")

    @property
    def details(self) -> EvidenceDetails:
        """What was typed."""
        said: dict[str, Any] = {"from_on": self.from_on.data, "valid_until": self.valid_until.data}
        return EvidenceDetails(kind=EvidenceKind(self.kind.data), says=self.says.data or "", **said)
