"""The forms of a certificate: their shape. What a certificate may be, and which decision may follow, is the rules'."""

from typing import Any

from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.domain.certification.verdict import Rule
from app.models.certificate import Certificate, CertificationBody
from app.models.organisation import Site
from app.operations.attachments import accepted_extensions, taken_kinds
from app.operations.certificates import CertificateDetails, NewBody
from app.queries.catalogue import EditionChoice
from app.web.fields import DayField, JudgedField, TicksField, WholeField, row_id, seen_version
from app.web.forms import PageForm

NEW = "new"
TEXT = 20_000
DAY = "Give the day, as 2027-03-14."


class CertificateForm(PageForm):
    """What is said of a certificate."""

    version = HiddenField()
    standard = JudgedField(
        "Standard and edition",
        validators=[InputRequired("Choose the standard and the edition first certified or applied for.")],
        description="The edition first certified or applied for; later ones come by decisions of transition.",
    )
    number = StringField(
        "Number",
        validators=[Length(max=80)],
        description="The number that the certification body printed on the certificate.",
    )
    scope = TextAreaField(
        "Scope", validators=[Length(max=TEXT)], description="As the certificate prints it.", render_kw={"rows": 4}
    )
    sites = TicksField("Sites within the scope", coerce=row_id, validate_choice=False)
    body = SelectField("Certification body", validate_choice=False)
    body_name = StringField("Name of the new body", validators=[Length(max=200)])
    accreditation_body = StringField(
        "Accredited by",
        validators=[Length(max=200)],
        description="The accreditation body, such as the national one.",
    )
    accreditation_number = StringField("Accreditation number", validators=[Length(max=80)])
    notes = TextAreaField("Notes", validators=[Length(max=TEXT)], render_kw={"rows": 3})

    def offer(self, editions: list[EditionChoice], bodies: list[CertificationBody], sites: list[Site]) -> None:
        """Fill the lists to choose from."""
        self.standard.choices = [("", "Choose"), *((each.name, each.label) for each in editions)]
        if self.standard.data and self.standard.data not in {name for name, _ in self.standard.choices}:
            self.standard.choices.append((self.standard.data, f"{self.standard.data} (not known)"))
        self.body.choices = [
            ("", "None yet"),
            *((str(each.id), _body_label(each)) for each in bodies),
            (NEW, "A new body, named below"),
        ]
        self.sites.choices = [(each.id, each.name) for each in sites]

    def tell(self, certificate: Certificate) -> None:
        """Show what is kept."""
        self.version.data = str(certificate.version)
        self.standard.data = f"{certificate.standard}:{certificate.first_edition}"
        self.number.data, self.scope.data, self.notes.data = certificate.number, certificate.scope, certificate.notes
        self.body.data = str(certificate.certification_body_id or "")
        self.sites.data = [each.site_id for each in certificate.certificate_sites]

    @property
    def seen(self) -> int | None:
        """The version that the visitor saw."""
        return seen_version(self.version.data)

    @property
    def details(self) -> CertificateDetails:
        """What was typed."""
        body: int | NewBody | None = None
        if self.body.data == NEW:
            body = NewBody(
                name=self.body_name.data or "",
                accreditation_body=self.accreditation_body.data or "",
                accreditation_number=self.accreditation_number.data or "",
            )
        elif self.body.data:
            body = int(self.body.data) if self.body.data.isdecimal() and len(self.body.data) < 10 else -1
        return CertificateDetails(
            standard=self.standard.data or "",
            scope=self.scope.data or "",
            number=self.number.data or "",
            body=body,
            site_ids=tuple(self.sites.data or ()),
            notes=self.notes.data or "",
        )


class NewCertificateForm(CertificateForm):
    """The same, with a reference and, where it is certified already, the decision."""

    reference = StringField(
        "Reference",
        validators=[Length(max=40)],
        description="What people call it aloud. Left empty, the next free number of its standard is taken.",
    )
    decided_on = DayField(
        "Granted on",
        validators=[Optional()],
        description="The day of the certification decision. Leave it empty for an application.",
    )
    valid_through = DayField(
        "Printed last day",
        validators=[Optional()],
        description="The last valid day as the certificate prints it. Left empty, it is computed.",
    )
    decided_by = StringField("Decided by", validators=[Length(max=200)])
    letter = FileField(
        "Letter or certificate",
        render_kw={"accept": accepted_extensions()},
        description=f"{taken_kinds()[0].upper()}{taken_kinds()[1:]}.",
    )


class BodyForm(PageForm):
    """What is said of a certification body."""

    body_name = StringField("Name", validators=[InputRequired("A certification body has a name."), Length(max=200)])
    accreditation_body = StringField("Accredited by", validators=[Length(max=200)])
    accreditation_number = StringField("Accreditation number", validators=[Length(max=80)])
    contact = TextAreaField(
        "Contact", validators=[Length(max=2000)], description="Whom you call, with number and address."
    )

    def tell(self, body: CertificationBody) -> None:
        """Show what is kept."""
        self.body_name.data, self.contact.data = body.name, body.contact
        self.accreditation_body.data = body.accreditation_body
        self.accreditation_number.data = body.accreditation_number

    @property
    def details(self) -> NewBody:
        """What was typed."""
        return NewBody(
            name=self.body_name.data or "",
            accreditation_body=self.accreditation_body.data or "",
            accreditation_number=self.accreditation_number.data or "",
            contact=self.contact.data or "",
        )


class DecisionDayForm(PageForm):
    """When a decision was taken, and to which edition it moved: what its effect depends on."""

    class Meta:
        csrf = False

    kind = HiddenField()
    decided_on = DayField("Decided on", validators=[InputRequired(DAY)])
    to_edition = JudgedField("To the edition", validators=[Optional()])


class DecisionForm(PageForm):
    """What else a decision says."""

    kind = HiddenField()
    decided_on = DayField("Decided on", validators=[InputRequired(DAY)])
    to_edition = HiddenField()
    valid_through = DayField(
        "Printed last day",
        validators=[Optional()],
        description="Proposed by the rule. What the certificate prints overrides it.",
    )
    decided_by = StringField(
        "Decided by", validators=[Length(max=200)], description="Who decided for the certification body."
    )
    note = TextAreaField("Note", validators=[Length(max=TEXT)], render_kw={"rows": 3})
    letter = FileField(
        "Letter",
        render_kw={"accept": accepted_extensions()},
        description=f"The body's written decision: {taken_kinds()}.",
    )


class ReasonForm(PageForm):
    """Why something is taken back."""

    reason = TextAreaField(
        "Reason",
        validators=[InputRequired("Say why: the journal keeps the reason."), Length(max=2000)],
        description="The journal keeps it.",
        render_kw={"rows": 2},
    )


class ChangeForm(PageForm):
    """A change of the system or its context."""

    changed_on = DayField("Changed on", validators=[InputRequired(DAY)])
    description = TextAreaField(
        "What changed", validators=[InputRequired("Say what changed."), Length(max=TEXT)], render_kw={"rows": 3}
    )
    significant = BooleanField(
        "It is significant",
        default=True,
        description="It affects the management system so far that stage 1 may have to be repeated.",
    )


class DeviationForm(PageForm):
    """A justification by which a breach counts as a warning."""

    rule = SelectField(
        "Of which rule",
        choices=[
            SelectChoice(Rule.STAGE_2_MAJORS.value, "Majors of the stage 2 verified within six months"),
            SelectChoice(Rule.CALENDAR_YEAR.value, "A surveillance in each calendar year"),
        ],
    )
    year = WholeField(
        "Calendar year",
        validators=[Optional(), NumberRange(1980, 9999, "Give a year, as 2027.")],
        description="Of a missed calendar year alone.",
    )
    justification = TextAreaField(
        "Justification",
        validators=[
            InputRequired("Write down the justification that the certification body accepted."),
            Length(max=TEXT),
        ],
        description="As the certification body accepted it.",
        render_kw={"rows": 4},
    )


def _body_label(body: CertificationBody) -> str:
    return f"{body.name} ({body.accreditation_body})" if body.accreditation_body else body.name


def has_file(field: Any) -> bool:
    """Whether a file was chosen; browsers send an empty, nameless part where none was."""
    return bool(field.data is not None and getattr(field.data, "filename", ""))
