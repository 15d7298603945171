"""Documents of the tests: written by the quality manager, approved by the administrator, read by staff."""

from datetime import date
from typing import Any

from flask import Flask

from app.domain.permission import Role
from app.models.document import Document
from app.operations import documents
from app.operations.documents import DocumentDetails, VersionText
from app.queries.documents import document_by
from app.work import Work
from tests.cast import Cast
from tests.stage import on_stage

ISO = "ISO/IEC 27001:2022"


def held(w: Work, reference: str) -> Document:
    """A document with all its parts, held until the work is done."""
    found = document_by(w, reference, lock=True)
    assert found is not None
    return found


def sent(app: Flask, cast: Cast, title: str = "Security policy", **told: Any) -> str:
    """A document whose first version waits for approval; gives its reference."""
    details = {"owner_id": cast.quality_manager.id, "audience": frozenset({Role.STAFF}), **told}
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        reference = documents.write(
            w, DocumentDetails(title=title, **details), "# Policy\n\nLock your screen."
        ).reference
        documents.send(w, held(w, reference))
    return reference


def approved(app: Flask, cast: Cast, reference: str, valid_from: date | None = None) -> None:
    """Its version is approved by the administrator, valid from today or a later day."""
    with on_stage(app, cast.organisation, cast.administrator) as w:
        documents.approve(w, held(w, reference), valid_from or w.today)


def valid(app: Flask, cast: Cast, title: str = "Security policy", **told: Any) -> str:
    """A document whose first version is valid; gives its reference."""
    reference = sent(app, cast, title, **told)
    approved(app, cast, reference)
    return reference


def renewed(app: Flask, cast: Cast, reference: str, note: str = "Doors") -> None:
    """Its next version waits for approval."""
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        documents.begin_version(w, held(w, reference))
        documents.save(w, held(w, reference), VersionText(body="# Policy\n\nLock your door.", note=note))
        documents.send(w, held(w, reference))
