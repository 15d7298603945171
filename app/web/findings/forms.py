"""The forms of a finding: their shape. What a finding needs is the domain's."""

from typing import Any
from uuid import uuid4

from flask_wtf.file import FileField
from wtforms import HiddenField, RadioField, SelectChoice, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.domain.certification.facts import AuditKind
from app.domain.findings.draft import Draft
from app.domain.findings.grading import FindingGrade
from app.domain.findings.requirement import LONGEST_TITLE, Criteria, grades_of
from app.models.finding import Finding
from app.operations.findings import FindingDetails
from app.web.fields import DayField, JudgedField, seen_version
from app.web.forms import PageForm
from app.work import Work

TEXT = 20_000
WEIGHS = {
    FindingGrade.MAJOR: "the system may not reach its intended results",
    FindingGrade.MINOR: "a requirement is not met, and that is not affected",
    FindingGrade.CONCERN: "could become a nonconformity at the stage 2",
    FindingGrade.OBSERVATION: "worth watching, and no requirement is missed",
    FindingGrade.OPPORTUNITY: "could be done better, and no requirement is missed",
    FindingGrade.GOOD_PRACTICE: "worth copying",
}


class FindingForm(PageForm):
    """What was found. Neither the cause nor a solution is asked for: the auditee finds them."""

    entry_key = HiddenField()
    version = HiddenField()
    item = HiddenField()
    repeats_seen = HiddenField()
    audit = JudgedField(
        "Audit", validators=[Optional()], description="Leave it empty for what an everyday screen showed."
    )
    grade = RadioField("Grade", validators=[InputRequired("Choose what it weighs.")])
    title = StringField(
        "Title",
        validators=[Length(max=LONGEST_TITLE)],
        description="A few words. Left empty, it is the beginning of the statement.",
    )
    standard = JudgedField("Standard", validators=[Optional()], description="A nonconformity needs it.")
    clause = StringField(
        "Clause",
        validators=[Length(max=40)],
        description="Its number, such as 9.2.2 or A.8.12. A nonconformity needs it.",
        render_kw={"list": "clauses-known", "autocomplete": "off", "autocapitalize": "characters"},
    )
    requirement = TextAreaField(
        "What was required", validators=[Length(max=TEXT)], description="In your own words.", render_kw={"rows": 2}
    )
    statement = TextAreaField(
        "What was found",
        validators=[InputRequired("Say what was found."), Length(max=TEXT)],
        description="What is, not why, nor what should be done about it.",
        render_kw={"rows": 4},
    )
    evidence = TextAreaField(
        "Evidence",
        validators=[Length(max=TEXT)],
        description="What was seen, read or heard: records, numbers, places, days. A nonconformity needs it.",
        render_kw={"rows": 4},
    )
    body_reference = StringField("Certification body's reference", validators=[Length(max=80)])
    raised_on = DayField("Raised on", validators=[InputRequired("Give the day, as 2027-03-14.")])
    links = TextAreaField(
        "What it concerns",
        validators=[Length(max=TEXT)],
        description="Tags, references or names, one a line: NW-0001, LP-001, E-2026-001, CR-2026-001, P-01, Munich.",
        render_kw={"rows": 3, "data-offer": "yes"},
    )
    photo = FileField(
        "Photograph",
        description="JPEG, PNG, WebP or HEIC. It is made smaller; where and with what it was taken is not kept.",
        render_kw={"accept": "image/*", "capture": "environment"},
    )

    def fit(self, work: Work, kind: AuditKind | None, criteria: Criteria, *, is_fixed: bool, is_short: bool) -> None:
        """Offer what this audit knows, and take off what is not asked. `is_fixed`: the audit is not to be chosen."""
        grades = grades_of(kind) if is_fixed else tuple(FindingGrade)
        self.grade.choices = [SelectChoice(each.value, f"{each.label}: {WEIGHS[each]}") for each in grades]
        if is_short:
            self.grade.choices = [SelectChoice(each.value, each.label) for each in grades]
        self.standard.choices = [("", "None"), *((each, each) for each in criteria.standards)]
        taken_off = ["audit"] if is_fixed else []
        if kind in (None, AuditKind.INTERNAL):
            taken_off.append("body_reference")
        if is_short:
            taken_off += ["title", "requirement", "raised_on", "links"]
        for name in taken_off:
            delattr(self, name)

    def begin(self, work: Work, criteria: Criteria) -> None:
        """An empty form with an entry of its own."""
        self.entry_key.data = str(uuid4())
        if "raised_on" in self:
            self.raised_on.data = work.today
        if criteria.of and len(criteria.standards) == 1:
            self.standard.data = criteria.standards[0]

    def take(self, draft: Draft) -> None:
        """Fill in what an everyday screen showed."""
        self.title.data, self.statement.data, self.evidence.data = draft.title, draft.statement, draft.evidence
        self.standard.data, self.clause.data = draft.against.standard, draft.against.number
        self.grade.data, self.links.data = draft.grade.value, "\n".join(draft.links)

    def tell(self, row: Finding) -> None:
        """Show what is kept."""
        self.version.data, self.grade.data, self.title.data = str(row.version), row.grade.value, row.title
        self.standard.data, self.clause.data, self.requirement.data = row.standard, row.clause, row.requirement
        self.statement.data, self.evidence.data, self.raised_on.data = row.statement, row.evidence, row.raised_on
        if "body_reference" in self:
            self.body_reference.data = row.body_reference

    @property
    def seen(self) -> int | None:
        """The version that the visitor saw."""
        return seen_version(self.version.data)

    def details(self, work: Work, repeats: str, *, as_major: bool = False) -> FindingDetails:
        """What was typed."""
        grade = FindingGrade(self.grade.data)
        return FindingDetails(
            grade=FindingGrade.MAJOR if as_major and grade is FindingGrade.MINOR else grade,
            statement=self.statement.data or "",
            raised_on=self._said("raised_on") or work.today,
            title=self._said("title") or "",
            standard=self.standard.data or "",
            clause=self.clause.data or "",
            requirement=self._said("requirement") or "",
            evidence=self.evidence.data or "",
            body_reference=self._said("body_reference") or "",
            repeats=repeats,
        )

    def _said(self, name: str) -> Any:
        return self[name].data if name in self else None


class LinksForm(PageForm):
    """What else a finding concerns."""

    links = TextAreaField(
        "What it concerns",
        validators=[InputRequired("Type what it concerns, one a line."), Length(max=TEXT)],
        description="Tags, references or names, one a line: NW-0001, LP-001, E-2026-001, CR-2026-001, P-01, Munich; "
        "an installation as “Visio 2.0 on NW-0001”. Where two things are called the same, write which: “site: Munich”.",
        render_kw={"rows": 4, "data-offer": "yes"},
    )


class RemoveForm(PageForm):
    """Why a finding is taken back."""

    reason = TextAreaField(
        "Reason",
        validators=[InputRequired("Say why it is removed: the journal keeps the reason."), Length(max=TEXT)],
        description="The journal keeps it.",
        render_kw={"rows": 3},
    )
