"""What was approved stays what was approved: its files, the text that was read, and who may approve what."""

import io
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage

from app.domain.explained import RefusedError
from app.operations import documents
from app.operations.attachments import Place, attach, detach
from app.operations.documents import VersionText
from app.queries.documents import files_of_document, versions_with
from app.work import Work
from tests.cast import Cast
from tests.papers import approved, held, renewed, valid
from tests.stage import on_stage


def keep(w: Work, name: str = "manual.txt", content: bytes = b"As it was read.") -> Any:
    place = Place(document_id=held(w, "DOC-001").id)
    return attach(w, place, FileStorage(io.BytesIO(content), filename=name, content_type="text/plain"))


def naming(app: Flask, cast: Cast, body: str, *files: str) -> None:
    """The second version of a document, with these files, waits for approval."""
    valid(app, cast)
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        for each in files:
            keep(w, each)
        documents.begin_version(w, held(w, "DOC-001"))
        documents.save(w, held(w, "DOC-001"), VersionText(body=body))
        documents.send(w, held(w, "DOC-001"))


@pytest.mark.parametrize("body", ["[x](man%75al.txt)", "![x](manual.txt)", "[x][1]\n\n[1]: man&#117;al.txt"])
def test_a_file_that_a_sent_or_approved_or_obsolete_version_names_is_neither_removed_nor_replaced(
    app: Flask, cast: Cast, body: str
) -> None:
    naming(app, cast, body, "manual.txt", "spare.txt")

    def stays() -> None:
        with on_stage(app, cast.organisation, cast.quality_manager) as w:
            files = files_of_document(w, held(w, "DOC-001").id)
            assert versions_with(w, held(w, "DOC-001").id, "manual.txt") == [2]
            with pytest.raises(RefusedError, match=r"“manual\.txt” stays"):
                detach(w, files["manual.txt"])
            with pytest.raises(RefusedError, match="under another name"):
                keep(w, "Manual.txt", b"Another.")

    stays()
    approved(app, cast, "DOC-001")
    stays()
    renewed(app, cast, "DOC-001")
    approved(app, cast, "DOC-001")
    stays()
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        documents.withdraw(w, held(w, "DOC-001"))
    stays()
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        detach(w, files_of_document(w, held(w, "DOC-001").id)["spare.txt"])


def test_what_was_approved_without_a_file_gets_none_of_that_name_later(app: Flask, cast: Cast) -> None:
    naming(app, cast, "[x](man%75al.txt)")
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        with pytest.raises(RefusedError, match=r"Version 2 names a file “manual\.txt”"):
            keep(w)
        documents.send_back(w, held(w, "DOC-001"), "The file is missing.")
        keep(w)
