"""A version of a document on paper, with its control header."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from app.domain.dates import say
from app.domain.documents.version import Standing
from app.models.attachment import Attachment
from app.models.document import Document, DocumentVersion
from app.models.person import Person
from app.outputs.markdown import html_of
from app.outputs.pdf import PICTURE, paper
from app.storage import path_of


def version_as_pdf(
    organisation: str,
    document: Document,
    version: DocumentVersion,
    writers: Sequence[Person],
    standing: Standing,
    files: Mapping[str, Attachment],
    folder: Path,
    today: date,
) -> bytes:
    """A version that was loaded with its document and approver: what is not valid says so across each page."""
    pictures = {str(each.id): each for each in files.values() if each.media_type in ("image/png", "image/jpeg")}

    def address_of(name: str) -> str | None:
        file = files.get(name)
        return f"{PICTURE}{file.id}" if file is not None and str(file.id) in pictures else None

    return paper(
        "documents/_paper.html",
        lambda name: path_of(folder, pictures[name].sha256).read_bytes(),
        organisation=organisation,
        document=document,
        row=version,
        writers=writers,
        standing=standing,
        file=files.get(version.file_name),
        html=html_of(version.body, address_of, on_paper=True),
        made=version.approved_on or today,
        say=say,
    )
