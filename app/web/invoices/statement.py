"""A statement of account as a file."""

from flask import Response, abort

from app.domain.document import Document
from app.outputs.pdf import as_pdf
from app.outputs.sheet import XLSX
from app.outputs.workbook import as_workbook
from app.reports.report import file_name_of
from app.web.exporting import file_response


def statement_response(document: Document, form: str) -> Response:
    """Paper or a workbook; 404 for other forms."""
    if form == "pdf":
        return file_response(as_pdf(document), file_name_of(document, form))
    if form == "xlsx":
        return file_response(as_workbook(document), file_name_of(document, form), XLSX)
    abort(404)
