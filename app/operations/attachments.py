"""Keep files that prove something, and take them away again."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from flask import current_app
from sqlalchemy import select

from app.domain.explained import RefusedError
from app.models.attachment import Attachment
from app.models.audit_report import AuditReport, ReportSignature
from app.models.reconciliation import Reconciliation
from app.models.report_run import ReportRun
from app.queries.courses import files_of, shown_in
from app.queries.documents import files_of_document, hold_document, versions_with
from app.storage import KINDS, keep, kind_of, safe_name, stray
from app.storage.beside import without_what_stands_beside
from app.storage.pictures import told_beside
from app.work import ACROSS, Work

PICTURES = ("JPEG", "PNG")
"""The kinds that a camera writes something beside."""


class Upload(Protocol):
    """A file as a form sends it, and as the demonstration hands it over."""

    filename: str | None
    stream: BinaryIO


class TooLargeError(RefusedError):
    """The file is larger than the installation takes."""


@dataclass(frozen=True, slots=True)
class Place:
    """What a file belongs to: exactly one of these."""

    certificate_id: int | None = None
    decision_id: int | None = None
    audit_id: int | None = None
    nonconformity_id: int | None = None
    asset_id: int | None = None
    entitlement_id: int | None = None
    change_id: int | None = None
    reconciliation_id: int | None = None
    finding_id: int | None = None
    item_id: int | None = None
    case_id: int | None = None
    action_id: int | None = None
    review_id: int | None = None
    evidence_id: int | None = None
    course_id: int | None = None
    completion_id: int | None = None
    document_id: int | None = None


def taken_kinds() -> str:
    """The kinds of file that are taken, in words."""
    names = [kind.name for kind in KINDS]
    return f"{', '.join(names[:-1])} or {names[-1]}"


def accepted_extensions() -> str:
    """The same as a file input wants it."""
    return ",".join(f".{extension}" for kind in KINDS for extension in kind.extensions)


def folder() -> Path:
    """The folder of the installation's uploads."""
    uploads: Path = current_app.extensions["settings"].uploads
    return uploads


def attach(work: Work, place: Place, upload: Upload, field: str = "file") -> Attachment:
    """Keep a file at its place, or refuse it at the field: unnamed, empty, too large, of no kind that is taken.

    Where and with what a picture was taken is not kept; its pixels are, and one that tells nothing is kept byte for
    byte. The bytes are on the disk before the row is; a row never points to a file that is not there.
    """
    name = safe_name(upload.filename or "")
    kind = kind_of(name)
    if kind is None:
        raise RefusedError(f"“{name}” is of no kind that is taken. Send {taken_kinds()}.", field)
    size = _size(upload.stream)
    if place.course_id is not None and name.casefold() in {each.casefold() for each in files_of(work, place.course_id)}:
        says = f"The course has a file “{name}” already, and its lessons name it. Send this one under another name."
        raise RefusedError(says, field)
    if place.document_id is not None:
        _refuse_name(work, place.document_id, name, field)
    limit: int = current_app.extensions["settings"].upload_limit
    if size == 0:
        raise RefusedError(f"“{name}” is empty. Choose the file again.", field)
    if size > limit:
        says = f"“{name}” is too large: a file may have {limit // (1024 * 1024)} MB at most."
        raise TooLargeError(says, field)
    if not kind.proven(upload.stream):
        raise RefusedError(f"“{name}” is named as {kind.name}, and what is in it is something else.", field)
    content = _plain(upload.stream, field) if kind.name in PICTURES else upload.stream
    try:
        stored = keep(folder(), content)
    except OSError as fault:
        current_app.logger.error("a file could not be kept: %s", fault)
        says = f"“{name}” could not be kept: the server has no room for it. Nothing was saved; tell your administrator."
        raise RefusedError(says, field) from fault
    return work.add(
        Attachment(
            **asdict(place),
            file_name=name,
            media_type=kind.media_type,
            size=stored.size,
            sha256=stored.sha256,
            stored_at=work.now,
            stored_by_id=work.actor_id,
        )
    )


def detach(work: Work, attachment: Attachment, reason: str = "") -> None:
    """Take a file away from its place; the journal keeps that it was there, with its hash.

    The file that was compared stays with its run; a file that a published version of a course shows stays with it.
    """
    if attachment.reconciliation_id is not None:
        compared = select(Reconciliation.sha256).where(Reconciliation.id == attachment.reconciliation_id)
        if attachment.sha256 in work.all(compared):
            raise RefusedError(f"“{attachment.file_name}” is the file that was compared: it is kept with its run.")
    if attachment.course_id is not None and (shown := shown_in(work, attachment.course_id, attachment.file_name)):
        numbers = ", ".join(str(each) for each in shown)
        says = f"“{attachment.file_name}” stays: version {numbers} of the course shows it, and is published."
        raise RefusedError(says)
    if attachment.document_id is not None:
        hold_document(work, attachment.document_id)
        if versions_with(work, attachment.document_id, attachment.file_name):
            raise RefusedError(f"“{attachment.file_name}” stays: a version that was sent or approved shows it.")
    if reason:
        work.reason = reason
    work.session.delete(attachment)
    work.flush()


def sweep(work: Work) -> int:
    """Remove the contents that no organisation refers to any longer, a day after they came; gives how many."""
    wanted: set[str] = set()
    for column in (Attachment.sha256, ReportRun.sha256, AuditReport.sha256, ReportSignature.sha256):
        every = select(column).where(column.is_not(None)).distinct()
        wanted |= set(
            work.session.scalars(every, execution_options={ACROSS: "whether any organisation needs a content"})
        )
    swept = 0
    for path in stray(folder(), wanted, work.now):
        path.unlink(missing_ok=True)
        swept += 1
    return swept


def _plain(stream: BinaryIO, field: str) -> BinaryIO:
    """A picture without what the camera wrote beside it, for everybody who is shown it."""
    content = without_what_stands_beside(stream)
    if told_beside(content):
        says = "It is damaged, and what the camera wrote in it cannot be taken out. Save the picture anew first."
        raise RefusedError(says, field)
    return content


def _refuse_name(work: Work, document_id: int, name: str, field: str) -> None:
    """What was sent or approved never shows another file than it did: neither in the place of one, nor of none."""
    hold_document(work, document_id)
    if name.casefold() in {each.casefold() for each in files_of_document(work, document_id)}:
        says = f"The document has a file “{name}” already, and its versions name it. Send it under another name."
        raise RefusedError(says, field)
    if naming := versions_with(work, document_id, name):
        numbers = ", ".join(str(each) for each in naming)
        says = (
            f"Version {numbers} names a file “{name}” and was sent or approved without it. Send it under another name."
        )
        raise RefusedError(says, field)


def _size(stream: BinaryIO) -> int:
    size = stream.seek(0, 2)
    stream.seek(0)
    return size
