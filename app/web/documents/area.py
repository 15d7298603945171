"""The area of documents, and how its addresses find what they name."""

from flask import abort, url_for

from app.domain.documents.version import Standing, Step
from app.domain.permission import Permission
from app.models.document import Document, DocumentVersion
from app.outputs.markdown import html_of
from app.queries.documents import Stand, document_by, files_of_document, pending_in, stand_of
from app.web.gate import Area, may
from app.work import Work

area = Area("documents", __name__, url_prefix="/documents")


def document_or_404(work: Work, reference: str, *, lock: bool = False) -> Document:
    """A document; what was never approved is seen by those alone who write documents."""
    document = document_by(work, reference, lock=lock)
    if document is None:
        abort(404)
    if not may(Permission.MANAGE_DOCUMENTS) and not any(each.step is Step.APPROVED for each in document.versions):
        abort(404)
    return document


def version_or_404(work: Work, document: Document, number: int) -> tuple[DocumentVersion, Stand]:
    """A version of a document, with how the document stands; readers see what is or was valid."""
    stand = stand_of(work, document)
    version = next((each for each in document.versions if each.number == number), None)
    if version is None or not is_open(stand, number):
        abort(404)
    return version, stand


def is_open(stand: Stand, number: int) -> bool:
    """Whether the visitor may read a version."""
    is_for_readers = stand.standings[number] in (Standing.VALID, Standing.OBSOLETE)
    return is_for_readers or may(Permission.MANAGE_DOCUMENTS)


def pending_or_404(document: Document) -> DocumentVersion:
    """The version that is being written or reviewed."""
    return pending_in(document) or abort(404)


def html_of_text(work: Work, document: Document, body: str) -> str:
    """Markdown as HTML, its pictures and links among the files of the document."""
    files = files_of_document(work, document.id)

    def address_of(name: str) -> str | None:
        if name not in files:
            return None
        return url_for("documents.file", reference=document.reference, file_id=files[name].id)

    return html_of(body, address_of)
