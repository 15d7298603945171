"""The forms of documents and their versions."""

from collections.abc import Sequence

from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.domain.documents.blanks import say_headings
from app.domain.documents.due import LONGEST_DAYS, LONGEST_REVIEW
from app.domain.permission import GRANTS, Permission, Role
from app.models.document import Document, DocumentVersion
from app.operations.attachments import accepted_extensions
from app.operations.documents import DocumentDetails, VersionText
from app.outputs.markdown import LONGEST_BODY, TOO_LONG
from app.web.fields import DayField, JudgedField, TicksField, WholeField, row_id, seen_version
from app.web.forms import PageForm
from app.web.points import PointsField

READERS = [(each.value, each.label) for each in Role if Permission.SEE_DOCUMENTS in GRANTS[each]]


class DocumentForm(PageForm):
    """What is said of a document, whatever its version."""

    version = HiddenField()
    title = StringField("Title", [InputRequired("Give the document a title."), Length(max=200)])
    summary = TextAreaField("Summary", [Length(max=5000)], render_kw={"rows": 2})
    outline = JudgedField(
        "Begin from an outline",
        default="",
        description="A manual by the clauses of a standard, with questions to be answered in your own words.",
    )
    owner_id = JudgedField("Owner", description="Sees that it is reviewed.")
    review_months = WholeField(
        "Reviewed every so many months",
        [InputRequired("Write a number of months."), NumberRange(1, LONGEST_REVIEW, f"Write 1 to {LONGEST_REVIEW}.")],
        default=12,
    )
    audience = TicksField(
        "Distributed to", choices=READERS, default=(), description="People of these roles acknowledge each version."
    )
    acknowledge_days = WholeField(
        "Acknowledged within so many days",
        [InputRequired("Write a number of days."), NumberRange(1, LONGEST_DAYS, f"Write 1 to {LONGEST_DAYS}.")],
        default=14,
    )
    clauses = PointsField("Standards and clauses that it speaks of", description="Ticking one takes all below it.")

    def offer(self, people: list[tuple[str, str]], outlines: list[tuple[str, str]] | None = None) -> None:
        """Fill the lists to choose from; without outlines there is none to begin from."""
        self.owner_id.choices = people
        if outlines is None:
            del self.outline
        else:
            self.outline.choices = [("", "None: I write it myself"), *outlines]

    def tell(self, document: Document) -> None:
        """Show what is kept."""
        self.version.data = str(document.version)
        for name in ("title", "summary", "review_months", "acknowledge_days"):
            self[name].data = getattr(document, name)
        self.owner_id.data = str(document.owner_id)
        self.audience.data = [each.role.value for each in document.audience]
        self.clauses.tell((each.standard, each.clause) for each in document.clauses)

    @property
    def seen(self) -> int | None:
        """The version of the row that the visitor saw."""
        return seen_version(self.version.data)

    @property
    def details(self) -> DocumentDetails:
        """What was typed."""
        try:
            owner = row_id(self.owner_id.data)
        except (TypeError, ValueError):
            owner = 0
        return DocumentDetails(
            title=self.title.data or "",
            summary=self.summary.data or "",
            owner_id=owner,
            review_months=self.review_months.data or 0,
            acknowledge_days=self.acknowledge_days.data or 0,
            audience=frozenset(Role(each) for each in self.audience.data or ()),
            clauses=self.clauses.chosen,
        )


class TextForm(PageForm):
    """What a version says."""

    version = HiddenField()
    body = TextAreaField(
        "Text",
        [Length(max=LONGEST_BODY, message=TOO_LONG)],
        render_kw={"rows": 20, "data-markdown": "yes"},
        description="In Markdown: # heading, **bold**, - list, [link](https://…), ![what it shows](picture.png) "
        "with a picture among the files of the document.",
    )
    file_name = JudgedField("Or a file of the document", default="")
    file = FileField("Or upload one", render_kw={"accept": accepted_extensions()})
    note = TextAreaField("What is new", [Length(max=5000)], render_kw={"rows": 2})

    def offer(self, files: list[str]) -> None:
        """Fill the list of files."""
        self.file_name.choices = [("", "None: the text above is the document"), *((each, each) for each in files)]

    def tell(self, version: DocumentVersion) -> None:
        """Show what is kept."""
        self.version.data = str(version.version)
        self.body.data, self.file_name.data, self.note.data = version.body, version.file_name, version.note

    @property
    def seen(self) -> int | None:
        """The version of the row that the visitor saw."""
        return seen_version(self.version.data)

    def text(self, uploaded: str = "") -> VersionText:
        """What was typed; a file that was uploaded takes the place of the one chosen."""
        return VersionText(
            body=self.body.data or "", file_name=uploaded or self.file_name.data or "", note=self.note.data or ""
        )


class SendForm(PageForm):
    """That a version goes for review although it has empty headings."""

    seen = HiddenField()
    anyway = BooleanField("Send it all the same")

    def offer(self, blanks: Sequence[str]) -> None:
        """Name what is empty; where nothing is, there is nothing to tick."""
        _name_blanks(self, blanks)


class ApprovalForm(PageForm):
    """From when on a version is valid, and that it is although it has empty headings."""

    seen = HiddenField()
    valid_from = DayField("Valid from", [InputRequired("Write the day from which it is valid.")])
    anyway = BooleanField("Approve it all the same")

    def offer(self, blanks: Sequence[str]) -> None:
        """Name what is empty; where nothing is, there is nothing to tick."""
        _name_blanks(self, blanks)


def _name_blanks(form: SendForm | ApprovalForm, blanks: Sequence[str]) -> None:
    if blanks:
        form.anyway.description = f"Nothing is said yet below {say_headings(blanks)}."
    else:
        del form.anyway


class ReasonForm(PageForm):
    """Why a version goes back to its writer."""

    seen = HiddenField()
    reason = TextAreaField(
        "What is to be changed", [InputRequired("Say what is to be changed."), Length(max=5000)], render_kw={"rows": 3}
    )


class WithdrawForm(PageForm):
    """Why a document is taken out of use."""

    reason = TextAreaField("Why", [Optional(), Length(max=1000)], render_kw={"rows": 2})
