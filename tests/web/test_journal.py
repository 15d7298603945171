"""The journal on screen: readable words, filters, older pages, a proof, a download; and nobody else's entries."""

import csv
import io
import re
from datetime import date, timedelta

import pytest
from sqlalchemy import event, select

from app.domain.certification.facts import AuditKind, DecisionKind
from app.domain.findings.grading import FindingGrade
from app.domain.journal_nouns import POINTERS
from app.domain.permission import Role
from app.extensions import db
from app.models.attachment import Attachment
from app.models.audit import Audit
from app.models.base import Base
from app.models.certificate import Certificate, Decision
from app.models.finding import Finding
from app.models.implementation import ImplementationTask
from app.models.organisation import Site
from app.models.person import Person
from app.operations import agenda, documents, implementations
from app.operations.documents import DocumentDetails
from app.operations.implementations import Wish
from app.queries.audit_plan import agenda_of
from app.queries.audits import audit_of
from app.queries.checklist import items_of
from app.queries.documents import document_by
from app.work import work
from tests.audited import asked, internal_audit, on_the_agenda
from tests.cast import sign_in
from tests.stage import on_stage


@pytest.fixture
def told(app, cast):
    """A short history: a site added, an audit moved with a reason, a decision recorded."""
    with app.app_context():
        with work(cast.organisation.id, cast.quality_manager.id) as w:
            w.add(Site(name="=Harbour", country="DE", time_zone="UTC"))
            certificate = w.add(
                Certificate(
                    reference="C-27001-1",
                    standard="ISO/IEC 27001",
                    first_edition="2022",
                    edition="2022",
                    created_at=w.now,
                )
            )
            audit = w.add(
                Audit(
                    reference="SA-2027-01",
                    kind=AuditKind.SURVEILLANCE,
                    starts_on=date(2027, 3, 3),
                    ends_on=date(2027, 3, 3),
                    time_zone="UTC",
                    uid="a@b",
                    changed_at=w.now,
                    created_at=w.now,
                )
            )
        with work(cast.organisation.id, cast.quality_manager.id) as w:
            audit = w.session.merge(audit)
            audit.ends_on = date(2027, 3, 17)
            w.reason = "The lead auditor is ill."
        with work(cast.organisation.id, cast.administrator.id) as w:
            w.add(
                Decision(
                    certificate_id=certificate.id,
                    kind=DecisionKind.GRANTED,
                    decided_on=date(2026, 1, 5),
                    recorded_at=w.now,
                    recorded_by_id=cast.administrator.id,
                )
            )
    return f"/o/{cast.organisation.slug}/journal/"


def words(answer):
    return " ".join(answer.get_data(as_text=True).split())


def test_an_entry_reads_as_a_sentence(client, cast, told):
    page = words(sign_in(client, cast.quality_manager).get(told))
    assert "<strong>Quentin Marsh</strong> moved" in page
    assert "SA-2027-01</a>: ends on 3 Mar 2027 → 17 Mar 2027" in page
    assert "The lead auditor is ill." in page
    assert "decision “granted” of C-27001-1" in page
    assert "site =Harbour" in page


FILTERS = {
    "noun=site": {"=Harbour"},
    "action=changed": {"SA-2027-01"},
    "reference=SA-2027-01": {"SA-2027-01"},
    "reference=C-27001-1": {"C-27001-1", "decision “granted” of C-27001-1"},
    "text=auditor+is+ill": {"SA-2027-01"},
    "text=100%25": set(),
    "until=2020-01-01": set(),
    "since=9999-12-31": set(),
}


@pytest.mark.parametrize(("asked", "found"), FILTERS.items(), ids=FILTERS.keys())
def test_filters_narrow(client, cast, told, asked, found):
    sign_in(client, cast.quality_manager)
    answer = client.get(f"{told}entries.csv?{asked}")
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff"))))
    assert {row["What"].removeprefix("site ") for row in rows} == found
    assert client.get(f"{told}?{asked}").status_code == 200


def test_what_is_filtered_is_counted_and_what_is_kept_for_calendars_is_unsaid(app, client, cast, told):
    with app.app_context(), work(cast.organisation.id, cast.quality_manager.id) as w:
        audit = w.one_or_none(select(Audit).where(Audit.reference == "SA-2027-01"))
        audit.sequence, audit.changed_at, audit.notes = 7, w.now + timedelta(minutes=3), "Bring the plan."
        w.add(
            Attachment(
                audit_id=audit.id,
                file_name="plan.pdf",
                media_type="application/pdf",
                size=1,
                sha256="0" * 64,
                stored_at=w.now,
            )
        )
    page = words(sign_in(client, cast.quality_manager).get(f"{told}?reference=SA-2027-01"))
    assert re.search(r"\b\d+ of \d+ entries\. Nothing here", page)
    assert "Bring the plan." in page
    assert "sequence" not in page
    assert "last changed" not in page
    assert "attachment plan.pdf" in page
    assert re.search(r"(?<! of )\b\d+ entries\. Nothing here", words(client.get(told)))


def test_the_reference_of_an_audit_finds_all_its_parts(app, client, cast):
    """What changed on them later too, and what is gone since; and nothing of another audit."""
    here, there = "F-2030-01", "F-2030-02"
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        audit, other = internal_audit(w, cast), internal_audit(w, cast, date(2030, 6, 3))
        asked(w, audit.reference)
        asked(w, other.reference, 1)
        said = {"title": "Shelves", "statement": "They are empty.", "raised_on": w.today, "links": []}
        for each, called in ((audit, here), (other, there)):
            w.add(Finding(reference=called, audit_id=each.id, grade=FindingGrade.OPPORTUNITY, **said))
        on_the_agenda(w, audit)
        reference = audit.reference
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        audit = audit_of(w, reference, lock=True)
        item = agenda_of(w, audit.id)[0]
        item.place = "Room 99"
        item.people[0].asked_at = None
        gone = agenda_of(w, audit.id)[1]
        gone.covers = "Only leavers"
        w.flush()
        agenda.remove(w, audit, gone)
        items_of(w, audit.id)[0].notes = "Shelf two was empty"
        w.one_or_none(select(Finding).where(Finding.reference == here)).evidence = "A photograph of it"
        w.one_or_none(select(Finding).where(Finding.reference == there)).evidence = "Something else"
    sign_in(client, cast.quality_manager)
    address = f"/o/{cast.organisation.slug}/journal/?reference={reference}"
    page = words(client.get(address))
    for told in ("Room 99", "Only leavers", "Shelf two was empty", "A photograph of it", "person at the item"):
        assert told in page, told
    assert "Something else" not in page
    assert there not in page


def test_what_became_of_a_part_says_which_part_and_who_by_name(app, client, cast):
    """The version of a document, an acknowledgement of it, and a task of an implementation."""
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        details = DocumentDetails(title="Policy", owner_id=cast.quality_manager.id, audience=frozenset({Role.STAFF}))
        documents.write(w, details, "Lock your screen.")
        documents.send(w, document_by(w, "DOC-001", lock=True))
        row = implementations.lay_out(w, Wish("ISO 9001:2015", w.today, 90))
        task = w.all(select(ImplementationTask).order_by(ImplementationTask.id))[0]
        title = task.title
        implementations.finish(w, row.reference, task.id)
    with on_stage(app, cast.organisation, cast.administrator) as w:
        documents.approve(w, document_by(w, "DOC-001", lock=True), w.today)
    with on_stage(app, cast.organisation, cast.staff) as w:
        documents.acknowledge(w, document_by(w, "DOC-001", lock=True), 1)
    sign_in(client, cast.quality_manager)
    csv_of = client.get(f"/o/{cast.organisation.slug}/journal/entries.csv").text
    told = [
        f"{row['Who']} {row['Did']} {row['What']}: {row['From and to']}" for row in csv.DictReader(io.StringIO(csv_of))
    ]
    for starts in (
        "Quentin Marsh changed version “1” of DOC-001: sent at",
        f"Quentin Marsh changed task of an implementation “{title}” of {row.reference}: done by Quentin Marsh",
        "Ada Minton changed version “1” of DOC-001: approved by Ada Minton",
        "Stella Farrow added acknowledgement Stella Farrow of DOC-001: ",
    ):
        assert any(line.lstrip("\ufeff").startswith(starts) for line in told), starts
    page = words(client.get(f"/o/{cast.organisation.slug}/journal/?reference=DOC-001"))
    assert "acknowledgement Stella Farrow of DOC-001" in page
    assert title not in page


def test_every_column_that_points_at_a_row_is_told_by_the_name_of_that_row():
    untold = {
        f"{mapper.class_.__tablename__}.{column.name}"
        for mapper in Base.registry.mappers
        for column in (mapper.class_.__table__.columns if mapper.class_.journalled else ())
        if column.foreign_keys and column.name != "organisation_id" and column.name not in POINTERS
    }
    assert untold == set()


def test_by_person(client, cast, told):
    sign_in(client, cast.quality_manager)
    page = words(client.get(f"{told}?person={cast.administrator.id}"))
    assert "decision “granted” of C-27001-1" in page
    assert "=Harbour" not in page


@pytest.mark.parametrize("asked", ["since=2027-02-30", "person=x", "noun=nothing", "person=999"])
def test_a_filter_that_cannot_be_is_refused_in_words(client, cast, told, asked):
    answer = sign_in(client, cast.quality_manager).get(f"{told}?{asked}")
    assert answer.status_code == 422
    assert "error-summary" in answer.text


def test_an_address_cannot_bend_the_links_of_the_page(client, cast, told):
    sign_in(client, cast.quality_manager)
    bent = "endpoint=x&slug=other&_external=1&_scheme=javascript&_anchor=x&noun=audit"
    page = client.get(f"/o/{cast.organisation.slug}/journal/?{bent}")
    assert page.status_code == 200
    assert '?noun=audit"' in page.text
    assert "javascript:" not in page.text


def test_an_erased_person_stays_in_the_journal_by_number(client, app, cast, told):
    with app.app_context(), work(None) as w:
        person = w.session.merge(Person(id=cast.administrator.id))
        person.name, person.email, person.erased_at = "", None, w.now
    page = words(sign_in(client, cast.quality_manager).get(told))
    assert f"<strong>Erased person {cast.administrator.id}</strong>" in page
    assert "Ada Minton" not in page


def test_older_entries_are_a_page_away(client, app, cast, told):
    with app.app_context(), work(cast.organisation.id) as w:
        for number in range(60):
            w.add(Site(name=f"Site {number}", country="DE", time_zone="UTC"))
    sign_in(client, cast.quality_manager)
    first = client.get(told + "?noun=site").text
    assert first.count("<tr>") == 51
    older = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    assert "noun=site" in older
    second = client.get(older).text
    assert second.count("<tr>") == 12
    assert "=Harbour" in second


def test_nothing_of_another_organisation_is_told(client, cast, told):
    sign_in(client, cast.stranger)
    assert client.get(told).status_code == 404
    mine = client.get(f"/o/{cast.elsewhere.slug}/journal/?reference=SA-2027-01")
    assert "Quentin" not in mine.text
    assert "=Harbour" not in client.get(f"/o/{cast.elsewhere.slug}/journal/entries.csv").text


def test_a_cell_that_a_spreadsheet_would_run_is_quoted(client, cast, told):
    text = sign_in(client, cast.quality_manager).get(told + "entries.csv").get_data(as_text=True)
    assert not any(cell.startswith(("=", "+", "@")) for row in csv.reader(io.StringIO(text)) for cell in row)


def test_the_proof_shows_the_head_and_looks_for_one_that_was_kept(client, cast, told):
    sign_in(client, cast.quality_manager)
    page = words(client.get(told + "proof"))
    assert "none was altered" in page
    head = page.split('<code class="mail-text">')[1].split("<")[0]
    assert len(head) == 64
    assert "It is the hash of an entry" in words(client.get(f"{told}proof?kept={head}"))
    assert "No entry of this chain" in words(client.get(f"{told}proof?kept={'b' * 64}"))


def test_a_page_takes_a_fixed_number_of_queries(client, cast, told, app):
    sign_in(client, cast.quality_manager)
    with app.app_context():
        engine = db.engine
    seen = []

    def count(*given):
        seen.append(given[2])

    counts = []
    for extra in (0, 40):
        with app.app_context(), work(cast.organisation.id, cast.administrator.id) as w:
            for number in range(extra):
                w.add(Site(name=f"{extra} {number}", country="DE", time_zone="UTC"))
        seen.clear()
        event.listen(engine, "before_cursor_execute", count)
        client.get(told)
        event.remove(engine, "before_cursor_execute", count)
        counts.append(len(seen))
    assert counts[0] == counts[1]
