"""A version on paper with its control header, and the files of a document."""

from flask import abort, current_app, send_file
from flask.typing import ResponseReturnValue

from app.domain.permission import Permission
from app.operations.attachments import folder
from app.outputs.controlled_document import version_as_pdf
from app.queries.attachments import attachment_of
from app.queries.document_writers import writers_of
from app.queries.documents import files_of_document, stand_of, versions_with
from app.storage import path_of
from app.web.documents.area import area, document_or_404, is_open, version_or_404
from app.web.exporting import file_response
from app.web.gate import may
from app.work import Work

SHOWN = ("image/png", "image/jpeg", "application/pdf")
"""What a browser shows by itself; everything else is downloaded."""


@area.get("/<reference>/versions/<int:number>/pdf", needs=Permission.SEE_DOCUMENTS)
def paper(work: Work, reference: str, number: int) -> ResponseReturnValue:
    """A version as PDF; one that is not valid says so across each page."""
    document = document_or_404(work, reference)
    version, stand = version_or_404(work, document, number)
    files = files_of_document(work, document.id)
    writers = writers_of(work, [version])[version.id]
    content = version_as_pdf(
        work.organisation.name, document, version, writers, stand.standings[number], files, folder(), work.today
    )
    return file_response(content, f"{reference}-v{number}.pdf")


@area.get("/<reference>/files/<int:file_id>", needs=Permission.SEE_DOCUMENTS)
def file(work: Work, reference: str, file_id: int) -> ResponseReturnValue:
    """The file itself; readers get only what a version that they may read names."""
    document = document_or_404(work, reference)
    kept = attachment_of(work, file_id)
    if kept is None or kept.document_id != document.id:
        abort(404)
    stand = stand_of(work, document)
    is_named = any(is_open(stand, each) for each in versions_with(work, document.id, kept.file_name))
    if not is_named and not may(Permission.MANAGE_DOCUMENTS):
        abort(404)
    path = path_of(folder(), kept.sha256)
    if not path.is_file():
        current_app.logger.error("file %s of a document has lost its content %s", kept.id, kept.sha256)
        abort(404)
    response = send_file(
        path,
        mimetype=kept.media_type,
        as_attachment=kept.media_type not in SHOWN,
        download_name=kept.file_name,
        etag=kept.sha256,
        max_age=0,
        conditional=True,
    )
    response.headers["Content-Type"] = kept.media_type
    response.headers["Cache-Control"] = "private, no-cache"
    return response
