"""Documents: written, sent for review, approved by another person, acknowledged, reviewed, withdrawn."""

from dataclasses import dataclass
from datetime import date
from operator import attrgetter

from app.domain.documents.blanks import blank_headings, refuse_blanks
from app.domain.documents.due import LONGEST_DAYS, LONGEST_REVIEW
from app.domain.documents.version import (
    DOCUMENTED,
    Step,
    refuse_approval,
    refuse_change,
    refuse_judging,
    refuse_sending,
    refuse_withdrawal,
    valid_on,
)
from app.domain.explained import Reason, Refusals, RefusedError
from app.domain.named_files import names_in
from app.domain.permission import GRANTS, Permission, Role
from app.domain.programme.scope import Numbered
from app.models.document import (
    Document,
    DocumentAcknowledgement,
    DocumentAudience,
    DocumentClause,
    DocumentVersion,
)
from app.operations.conflict import refuse_if_changed, stamp
from app.operations.document_mail import tell_approvers, tell_audience
from app.operations.processes import checked_points, refuse_strangers
from app.operations.references import next_reference
from app.queries.document_writers import writers_of
from app.queries.documents import files_of_document, pending_in, readers, stand_of, told
from app.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentDetails:
    """What is said of a document, whatever its version; clauses by standard and number."""

    title: str
    owner_id: int
    summary: str = ""
    review_months: int = 12
    acknowledge_days: int = 14
    audience: frozenset[Role] = frozenset()
    clauses: frozenset[Numbered] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionText:
    """What a version says: a text in Markdown, or a file of the document, or both."""

    body: str = ""
    file_name: str = ""
    note: str = ""


def write(work: Work, details: DocumentDetails, body: str = "") -> Document:
    """Begin a document: a draft of its first version."""
    document = Document(reference=next_reference(work, Document, "DOC-"), versions=[], clauses=[], audience=[])
    _tell(work, document, details)
    document.versions.append(DocumentVersion(number=1, body=body, written_by_id=_writer(work)))
    return work.add(document)


def change(work: Work, document: Document, details: DocumentDetails, seen: int | None = None) -> None:
    """Change what is said of a document that was loaded for update; who saw an older one is refused."""
    refuse_if_changed(document, seen, document.reference)
    before = {each.role for each in document.audience}
    _tell(work, document, details)
    work.flush()
    if new := details.audience - before:
        tell_audience(
            work, document, {each.person.id for each in readers(work) if each.roles & new and not each.roles & before}
        )


def begin_version(work: Work, document: Document) -> DocumentVersion:
    """The draft of the next version: the one that is there, or a copy of the latest that was approved."""
    if (pending := pending_in(document)) is not None:
        return pending
    if document.withdrawn_on is not None:
        raise RefusedError(f"{document.reference} is withdrawn: write another document.")
    latest = document.versions[-1]
    draft = DocumentVersion(
        number=latest.number + 1, body=latest.body, file_name=latest.file_name, written_by_id=_writer(work)
    )
    document.versions.append(draft)
    work.flush()
    return draft


def save(work: Work, document: Document, text: VersionText, seen: int | None = None) -> DocumentVersion:
    """Change the draft of a document; whoever changes it wrote of it. Who saw an older one is refused.

    Whoever saves it as it was wrote nothing.
    """
    draft = _pending(document)
    refuse_change(draft.step)
    refuse_if_changed(draft, seen, f"Version {draft.number} of {document.reference}")
    if text.file_name and text.file_name not in files_of_document(work, document.id):
        raise RefusedError("Choose a file of this document.", "file_name")
    # A browser ends lines in its own way.
    if _lines(draft.body, draft.file_name, draft.note) == _lines(text.body, text.file_name, text.note.strip()):
        return draft
    draft.body, draft.file_name, draft.note = text.body, text.file_name, text.note.strip()
    draft.written_by_id = _writer(work)
    work.flush()
    return draft


def send(work: Work, document: Document, seen: str | None = None, *, anyway: bool = False) -> DocumentVersion:
    """Send the draft for review, and tell who may approve it; until it comes back nobody changes it.

    `seen` is the mark of what was shown: who saw another text is refused, here and where it is approved or sent back.
    `anyway` says that it goes although there are headings with nothing below them.
    """
    draft = _pending(document)
    _refuse_unseen(work, document, draft, seen)
    refuse_sending(draft.step, draft.body or draft.file_name)
    refuse_blanks(blanks_of(draft), anyway=anyway)
    draft.step, draft.sent_at, draft.sent_back = Step.IN_REVIEW, work.now, ""
    work.flush()
    tell_approvers(work, document, draft)
    return draft


def send_back(work: Work, document: Document, reason: str, seen: str | None = None) -> None:
    """Send what is in review back to its writer, with the reason."""
    version = _pending(document)
    _refuse_unseen(work, document, version, seen)
    refuse_judging(version.step)
    if not reason.strip():
        raise RefusedError("Say what is to be changed.", "reason")
    version.step, version.sent_back = Step.DRAFT, reason.strip()
    work.flush()


def approve(
    work: Work, document: Document, valid_from: date, seen: str | None = None, *, anyway: bool = False
) -> DocumentVersion:
    """Approve what is in review: valid from its day on, it never changes again, and what was valid is obsolete.

    Who is to acknowledge it is told at once, or in the morning of a day that is to come. `anyway` as in `send`.
    """
    version = _pending(document)
    _refuse_unseen(work, document, version, seen)
    writers = {each.id for each in writers_of(work, [version])[version.id]}
    refuse_approval(version.step, writers, work.actor_id, valid_from, work.today)
    refuse_blanks(blanks_of(version), anyway=anyway)
    version.step, version.approved_by_id, version.approved_on = Step.APPROVED, work.actor_id, work.today
    version.valid_from = valid_from
    work.flush()
    if valid_from == work.today:
        tell_audience(work, document)
    return version


def acknowledge(work: Work, document: Document, number: int) -> None:
    """Say that one has read the valid version; only its audience does, each once, and for this version alone."""
    stand = stand_of(work, document)
    if stand.valid is None or stand.valid.number != number:
        raise RefusedError(f"Version {number} is not the valid one: read the one that is, then acknowledge it.")
    mine = next((each for each in stand.lines if each.person_id == work.actor_id), None)
    if mine is None:
        raise RefusedError("It is not distributed to your role: there is nothing to acknowledge.")
    if mine.acknowledged_at is None:
        work.add(
            DocumentAcknowledgement(
                document_version_id=stand.valid.id, person_id=mine.person_id, acknowledged_at=work.now
            )
        )


def confirm(work: Work, document: Document) -> None:
    """Record that the valid version was reviewed and is right as it is; the next review is counted from today."""
    if valid_on(told(document), work.today, document.withdrawn_on) is None:
        raise RefusedError("No version of it is valid: there is nothing to review.")
    document.reviewed_on, document.reviewed_by_id = work.today, work.actor_id
    work.flush()


def withdraw(work: Work, document: Document, reason: str = "") -> None:
    """Take a document out of use: all its versions are obsolete from today, and are kept."""
    refuse_withdrawal(told(document), work.today, document.withdrawn_on)
    if reason:
        work.reason = reason
    document.withdrawn_on = work.today
    work.flush()


def blanks_of(version: DocumentVersion) -> tuple[str, ...]:
    """The headings of a version below which nothing is said; none where a file is the document."""
    return () if version.file_name else blank_headings(version.body)


def mark_of(work: Work, document: Document, version: DocumentVersion) -> str:
    """What a form carries of the version that it shows: it changes with its number, its text and its files."""
    files = files_of_document(work, document.id)
    named = sorted(name for name in names_in(version.body) | {version.file_name} if name in files)
    shown = [version.number, version.version, version.body, version.file_name, version.note]
    return stamp(*shown, [(name, files[name].sha256) for name in named])


def _refuse_unseen(work: Work, document: Document, version: DocumentVersion, seen: str | None) -> None:
    if seen is not None and seen != mark_of(work, document, version):
        says = f"Version {version.number} of {document.reference} has been changed since you opened it. Read it anew."
        raise RefusedError(Reason(says, DOCUMENTED), "seen")


def _lines(*texts: str) -> list[list[str]]:
    return [each.splitlines() for each in texts]


def _pending(document: Document) -> DocumentVersion:
    pending = pending_in(document)
    if pending is None:
        raise RefusedError("No version of it is being written: begin the next one first.")
    return pending


def _writer(work: Work) -> int:
    if work.actor_id is None:
        raise LookupError("a document is written by somebody")
    return work.actor_id


def _tell(work: Work, document: Document, details: DocumentDetails) -> None:
    title = " ".join(details.title.split())
    refused = Refusals()
    with refused.noted():
        if not title:
            raise RefusedError("Give the document a title.", "title")
    with refused.noted():
        if not 1 <= details.review_months <= LONGEST_REVIEW:
            raise RefusedError(f"Write 1 to {LONGEST_REVIEW} months.", "review_months")
    with refused.noted():
        if not 1 <= details.acknowledge_days <= LONGEST_DAYS:
            raise RefusedError(f"Write 1 to {LONGEST_DAYS} days.", "acknowledge_days")
    with refused.noted():
        if any(Permission.SEE_DOCUMENTS not in GRANTS[role] for role in details.audience):
            raise RefusedError(
                "Choose roles of your own people: neither assessors nor a provider’s staff read here.", "audience"
            )
    refused.tell()
    with work.session.no_autoflush:
        if details.owner_id != document.owner_id:
            refuse_strangers(work, frozenset({details.owner_id}), "owner_id")
        clauses = checked_points(details.clauses, "clauses")
    document.title, document.summary, document.owner_id = title, details.summary.strip(), details.owner_id
    document.review_months, document.acknowledge_days = details.review_months, details.acknowledge_days
    spoken = {(each.standard, each.clause): each for each in document.clauses}
    for point in set(spoken) - clauses:
        document.clauses.remove(spoken[point])
    new = [DocumentClause(standard=standard, clause=clause) for standard, clause in clauses - set(spoken)]
    document.clauses.extend(sorted(new, key=attrgetter("standard", "clause")))
    reads = {each.role: each for each in document.audience}
    for role in set(reads) - details.audience:
        document.audience.remove(reads[role])
    document.audience.extend(DocumentAudience(role=role) for role in Role if role in details.audience - set(reads))
