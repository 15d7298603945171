"""The life of a document: written, approved by another person, acknowledged version by version, withdrawn."""

from datetime import timedelta

import pytest

from app.catalogue.outlines import STANDARDS, clauses_of_outline, outline
from app.domain.documents.version import Standing
from app.domain.explained import RefusedError
from app.domain.permission import Role
from app.operations import documents
from app.operations.documents import DocumentDetails, VersionText
from app.queries.documents import acknowledgements_by_home, document_by, stand_of
from tests.stage import on_stage

ISO = "ISO/IEC 27001:2022"


def loaded(w):
    return document_by(w, "DOC-001", lock=True)


def acknowledged(w):
    return acknowledgements_by_home(w, {ISO}).get((w.home, ISO), [])


def test_what_another_person_approved_is_acknowledged_version_by_version(app, cast):
    house, writer, approver, reader = cast.organisation, cast.quality_manager, cast.administrator, cast.staff
    details = DocumentDetails(
        title="Security policy", owner_id=writer.id, audience=frozenset({Role.STAFF}), clauses=frozenset({(ISO, "5")})
    )
    with on_stage(app, house, writer) as w:
        documents.write(w, details, "# Policy\n\nLock your screen.")
        documents.send(w, loaded(w))
        with pytest.raises(RefusedError, match="send it back first"):
            documents.save(w, loaded(w), VersionText(body="Other"))
        with pytest.raises(RefusedError, match="another person"):
            documents.approve(w, loaded(w), w.today)
        assert acknowledged(w) == []
    with on_stage(app, house, approver) as w:
        documents.approve(w, loaded(w), w.today)
        (found,) = acknowledged(w)
        assert (found.number, found.done, [each.id for each in found.waiting]) == (1, (), [reader.id])
        with pytest.raises(RefusedError, match="not distributed to your role"):
            documents.acknowledge(w, loaded(w), 1)
    with on_stage(app, house, reader) as w:
        documents.acknowledge(w, loaded(w), 1)
        documents.acknowledge(w, loaded(w), 1)
        (found,) = acknowledged(w)
        assert ([each.id for each in found.done], found.waiting) == ([reader.id], ())
    with on_stage(app, house, approver) as w:
        draft = documents.begin_version(w, loaded(w))
        assert draft.body.endswith("Lock your screen.")
        documents.save(w, loaded(w), VersionText(body="Lock your screen, and your door.", note="Doors"))
        documents.send(w, loaded(w))
    with on_stage(app, house, writer) as w:
        documents.approve(w, loaded(w), w.today + timedelta(days=1))
        assert list(stand_of(w, loaded(w)).standings.values()) == [Standing.VALID, Standing.TO_COME]
        documents.begin_version(w, loaded(w))
        documents.send(w, loaded(w))
        documents.send_back(w, loaded(w), "Not yet")
        documents.save(w, loaded(w), VersionText(body="Third"))
        documents.send(w, loaded(w))
    with on_stage(app, house, approver) as w:
        documents.approve(w, loaded(w), w.today)
        assert stand_of(w, loaded(w)).standings[1] is Standing.OBSOLETE
        (found,) = acknowledged(w)
        assert (found.number, [each.id for each in found.waiting]) == (3, [reader.id])
        documents.withdraw(w, loaded(w))
        assert acknowledged(w) == []
        assert set(stand_of(w, loaded(w)).standings.values()) == {Standing.OBSOLETE}


@pytest.mark.parametrize("standard", STANDARDS)
def test_an_outline_has_a_heading_for_each_clause(standard):
    text = outline(standard)
    clauses = clauses_of_outline(standard)
    assert len(clauses) > 15
    for _, number in clauses:
        assert f"# {number} " in text
