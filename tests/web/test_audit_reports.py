"""The report of an audit over the web: written, complete, signed by its lead, approved by another, frozen, again."""

import io
import random
import re
import zipfile
from datetime import time
from hashlib import sha256
from html import unescape
from uuid import uuid4

import pytest
from PIL import Image
from sqlalchemy import event, select
from werkzeug.datastructures import FileStorage

from app.domain.dates import add_days, say
from app.domain.explained import RefusedError
from app.domain.findings.grading import FindingGrade
from app.domain.programme.checklist import ItemField
from app.domain.programme.progress import AuditProgress
from app.domain.programme.reporting import ReportState
from app.extensions import db
from app.jobs import print_reports
from app.models.attachment import Attachment
from app.models.audit import Audit
from app.models.audit_plan import AuditClause
from app.models.audit_report import AuditReport, ReportSignature
from app.models.journal import JournalEntry
from app.models.report_run import ReportRun
from app.operations import agenda, audit_reports, checklist, report_runs
from app.operations.agenda import AgendaDetails
from app.operations.attachments import Place
from app.operations.audit_reports import ReportTexts
from app.operations.checklist import Said
from app.operations.evidence_files import keep_evidence
from app.outputs.pdf import laid_out
from app.queries.audit_plan import agenda_item_of
from app.queries.audit_reports import versions_of
from app.queries.audits import audit_of
from app.queries.checklist import items_of
from tests.audited import SECURITY, asked, internal_audit
from tests.cases import send as post
from tests.cast import sign_in
from tests.findings import HELD_ON, found
from tests.outputs.test_pdf import faults, opened
from tests.stage import certificate, on_stage, plan, reread
from tests.web.mailbox import mails

TEXTS = {
    "summary": "Good points: <the> & register.",
    "conclusion": "The criteria are met.",
    "confidential": "In house.",
}


class Upload:
    """A photograph as a form sends it."""

    def __init__(self, name, shade):
        self.filename = name
        self.stream = io.BytesIO()
        Image.new("RGB", (2000, 1200), (shade, 80, 90)).save(self.stream, "JPEG")


@pytest.fixture(autouse=True)
def printer(monkeypatch):
    """Stands in for the maker of PDFs, which takes its time: the paper is the page itself."""
    monkeypatch.setattr(print_reports, "laid_out", lambda page, _pictures: b"%PDF-1.7 " + page.encode())


def print_now(app):
    with app.app_context():
        return list(print_reports.print_due())


def signed(app, auditor, here):
    assert post(auditor, f"{here}/sign").status_code == 303
    assert print_now(app) == [True]


@pytest.fixture
def reference(app, cast):
    with on_stage(app, cast.organisation, cast.auditor) as w:
        audit = internal_audit(w, cast, HELD_ON)
        asked(w, audit.reference)
        return audit.reference


@pytest.fixture
def here(cast, reference):
    return f"/o/{cast.organisation.slug}/audits/{reference}/report"


@pytest.fixture
def auditor(client, cast):
    return sign_in(client, cast.auditor)


@pytest.fixture
def manager(app, cast):
    return sign_in(app.test_client(), cast.quality_manager)


def told(answer):
    return " ".join(unescape(answer.get_data(as_text=True)).split())


def assess(app, cast, reference):
    with on_stage(app, cast.organisation, cast.auditor) as w:
        audit = audit_of(w, reference, lock=True)
        for item in items_of(w, audit.id):
            checklist.say(w, audit, item, {ItemField.RESULT: Said("conforms"), ItemField.EVIDENCE: Said("Seen.")})


def kept(app, cast):
    with on_stage(app, cast.organisation) as w:
        return w.all(select(AuditReport).order_by(AuditReport.number))


def frozen(app, cast, reference):
    with on_stage(app, cast.organisation) as w:
        return w.session.scalars(select(Audit.frozen_at).where(Audit.reference == reference)).one() is not None


def written(auditor, app, cast, here, reference):
    assert post(auditor, f"{here}/begin").status_code == 303
    assert post(auditor, here, {**TEXTS, "version": "1"}).status_code == 303
    assess(app, cast, reference)


def test_from_nothing_to_an_approved_report(auditor, manager, app, cast, here, reference):
    page = told(auditor.get(here))
    assert "No report yet" in page
    assert "Begin the report" in page
    assert post(auditor, f"{here}/begin").status_code == 303
    page = told(auditor.get(here))
    for words in ("3 questions of the checklist are not assessed yet", "The summary is not written", "ISO 19011, 6.5"):
        assert words in page
    assert "Sign as lead auditor" not in page
    refused = post(auditor, f"{here}/sign")
    assert refused.status_code == 422
    assert "not assessed yet" in told(refused)
    assert post(auditor, here, {**TEXTS, "version": "1"}).status_code == 303
    assess(app, cast, reference)
    assert "Sign as lead auditor" in told(auditor.get(here))
    assert "Sign as lead auditor" not in told(manager.get(here))
    assert post(manager, f"{here}/sign").status_code == 422

    assert post(auditor, f"{here}/sign").status_code == 303
    (report,) = kept(app, cast)
    assert (report.state, report.sha256) == (ReportState.IN_APPROVAL, None)
    assert frozen(app, cast, reference)
    # Nobody approves what nobody can have read.
    waits = manager.get(here)
    assert waits.headers["Refresh"] == "4"
    assert "Refresh" not in manager.get(f"{here}?still=").headers
    for words in ("signed, and being printed", "waiting its turn"):
        assert words in told(waits)
    assert "Approve the report" not in told(waits)
    assert "<textarea" not in told(waits), "what is typed would be lost when the page asks again"
    assert post(manager, f"{here}/approve").status_code == 422
    assert auditor.get(f"{here}/1/file").status_code == 404
    assert print_now(app) == [True]
    assert "Refresh" not in manager.get(here).headers
    (report,) = kept(app, cast)
    # Who signed it does not approve it.
    assert "Approve the report" not in told(auditor.get(here))
    assert post(auditor, f"{here}/approve").status_code == 403
    paper = auditor.get(f"{here}/1/file").data
    assert sha256(paper).hexdigest() == report.sha256
    assert b"Aud Lindqvist, " in paper

    assert "Approve the report" in told(manager.get(here))
    assert post(manager, f"{here}/approve").status_code == 303
    assert post(manager, f"{here}/approve").status_code == 422
    (report,) = kept(app, cast)
    assert report.state is ReportState.APPROVED
    assert manager.get(f"{here}/1/file").data == paper
    page = told(manager.get(here))
    for words in ("Lead auditor: Aud Lindqvist", "Management-system owner:", report.sha256, "Being printed"):
        assert words in page
    with on_stage(app, cast.organisation) as w:
        entries = w.all(select(JournalEntry).where(JournalEntry.noun == "report_signature"))
        assert len(entries) == 2
        assert all(report.sha256 in str(each.changes) for each in entries)


def test_the_paper_says_that_its_approval_is_outstanding_and_then_who_approved_it(
    auditor, manager, app, cast, here, reference
):
    written(auditor, app, cast, here, reference)
    signed(app, auditor, here)
    paper = manager.get(f"{here}/1/file").data
    before = told(manager.get(f"{here}/1/file"))
    assert "Not yet: the approval is outstanding" in before
    assert "as management-system owner" in told(manager.get(here))
    assert post(manager, f"{here}/approve").status_code == 303
    assert print_now(app) == [True]
    after = told(manager.get(f"{here}/1/file"))
    assert "outstanding" not in after
    name = cast.quality_manager.name
    assert re.search(rf"Approved</th><td>{name}, management-system owner, \d+ \w+ \d+, \d\d:\d\d<", after)
    assert sha256(paper).hexdigest() in after, "it says which paper was signed"
    assert (
        after.split('id="summary"')[1].split('id="signatures"')[0]
        == (before.split('id="summary"')[1].split('id="signatures"')[0])
    )
    assert manager.get(f"{here}/1/file?signed=").data == paper
    page = told(manager.get(here))
    assert f"{name} approved it as management-system owner" in page
    assert "As signed" in page
    (report,) = kept(app, cast)
    assert report.sha256 == sha256(manager.get(f"{here}/1/file").data).hexdigest()
    with on_stage(app, cast.organisation) as w:
        assert {each.sha256 for each in w.all(select(ReportSignature))} == {sha256(paper).hexdigest()}
    assert post(manager, f"{here}/approve").status_code == 422, "there is nothing left to approve or to print"


def test_a_paper_of_the_approval_that_fails_is_printed_again_and_gives_way_to_a_new_version(
    auditor, manager, app, cast, here, reference, monkeypatch
):
    written(auditor, app, cast, here, reference)
    signed(app, auditor, here)
    paper = manager.get(f"{here}/1/file").data
    assert post(manager, f"{here}/approve").status_code == 303
    with on_stage(app, cast.organisation) as w:
        (run,) = w.all(select(ReportRun).where(ReportRun.sha256.is_(None)))
        report_runs.withdraw(run, "There was no room.")
    assert "There was no room." in told(auditor.get(here))
    assert "Print it with the approval" in told(manager.get(here))
    assert post(manager, f"{here}/approve").status_code == 303
    assert post(auditor, f"{here}/begin", {"reason": "Clause 7.2 was misread."}).status_code == 303
    assert print_now(app) == []
    assert manager.get(f"{here}/1/file").data == paper


def test_a_report_whose_agenda_lies_outside_the_audit_is_not_signed(auditor, app, cast, here, reference):
    written(auditor, app, cast, here, reference)
    with on_stage(app, cast.organisation, cast.auditor) as w:
        audit = audit_of(w, reference, lock=True)
        late = add_days(audit.ends_on, 3)
        item = agenda.add(
            w, audit, AgendaDetails(held_on=late, starts_at=time(9), ends_at=time(10), title="Server room")
        ).id
    says = f"“Server room” is on {say(late)}, and the audit is "
    assert says in told(auditor.get(here))
    refused = post(auditor, f"{here}/sign")
    assert refused.status_code == 422
    assert says in told(refused)
    with on_stage(app, cast.organisation, cast.auditor) as w:
        audit = audit_of(w, reference, lock=True)
        agenda.remove(w, audit, agenda_item_of(w, audit.id, item))
    assert post(auditor, f"{here}/sign").status_code == 303


def test_a_report_is_not_signed_while_a_verdict_and_the_findings_contradict_each_other(
    auditor, app, cast, here, reference
):
    written(auditor, app, cast, here, reference)

    def judge(result):
        with on_stage(app, cast.organisation, cast.auditor) as w:
            audit = audit_of(w, reference, lock=True)
            item = items_of(w, audit.id)[1]
            checklist.say(w, audit, item, {ItemField.RESULT: Said(result)})
            return item.id

    def refused(words):
        page, answer = told(auditor.get(here)), post(auditor, f"{here}/sign")
        assert words in page
        assert "Sign as lead auditor" not in page
        assert answer.status_code == 422
        assert words in told(answer)
        assert not frozen(app, cast, reference)

    item_id = judge("major")
    refused("1 question of the checklist is judged not to be met without a finding for it: 7.2.")
    with on_stage(app, cast.organisation, cast.auditor) as w:
        found(w, audit_of(w, reference), FindingGrade.MINOR, clause="7.2", item_id=item_id)
    refused("7.2 is judged “major nonconformity”, and NC-2026-001, raised from it, is a minor nonconformity.")
    judge("conforms")
    refused("7.2 is judged “conforms”, and NC-2026-001, raised from it, is a minor nonconformity.")
    judge("minor")
    assert "Sign as lead auditor" in told(auditor.get(here))


def test_who_approves_is_told_of_the_signature_and_who_signed_of_the_approval(
    auditor, manager, app, cast, here, reference
):
    written(auditor, app, cast, here, reference)
    my_work = f"/o/{cast.organisation.slug}/my-work"
    assert post(auditor, f"{here}/sign").status_code == 303
    assert mails(app) == [], "nobody approves what is not on paper"
    assert print_now(app) == [True]
    (mail,) = mails(app)
    assert mail.to == cast.quality_manager.email
    assert mail.subject == f"The report of {reference} is signed and waits for its approval"
    assert mail.path == here
    assert "Approve it as management-system owner" in told(manager.get(my_work))
    assert "Approve it" not in told(auditor.get(my_work))
    assert post(manager, f"{here}/approve").status_code == 303
    _, mail = mails(app)
    assert (mail.to, mail.subject) == (cast.auditor.email, f"The report of {reference} is approved")
    assert f"{cast.quality_manager.name} approved version 1" in mail.body
    assert "Approve it" not in told(manager.get(my_work))


def test_an_approved_report_changes_by_a_new_version_alone(auditor, manager, app, cast, here, reference):
    written(auditor, app, cast, here, reference)
    signed(app, auditor, here)
    post(manager, f"{here}/approve")
    assert print_now(app) == [True]
    before = auditor.get(f"{here}/1/file").data
    assert post(auditor, here, {**TEXTS, "version": "9"}).status_code == 422
    assert "Begin a new version" in told(auditor.get(here))
    refused = post(auditor, f"{here}/begin", {"reason": " "})
    assert refused.status_code == 422
    assert "Say why there is another version" in told(refused)
    assert post(auditor, f"{here}/begin", {"reason": "Clause 7.2 was misread."}).status_code == 303
    assert not frozen(app, cast, reference)
    assert post(auditor, f"{here}/begin", {"reason": "Twice."}).status_code == 422
    first, second = kept(app, cast)
    assert (first.state, second.state, second.summary) == (
        ReportState.APPROVED,
        ReportState.DRAFT,
        TEXTS["summary"],
    )
    signed(app, auditor, here)
    assert post(manager, f"{here}/approve").status_code == 303
    first, second = kept(app, cast)
    assert (first.state, second.state) == (ReportState.SUPERSEDED, ReportState.APPROVED)
    assert auditor.get(f"{here}/1/file").data == before
    assert frozen(app, cast, reference)


def test_the_register_says_of_the_audit_what_its_report_says(auditor, manager, app, cast, here, reference):
    def now():
        return reread(app, cast.organisation, reference).progress

    written(auditor, app, cast, here, reference)
    assert now() is AuditProgress.PLANNED
    signed(app, auditor, here)
    assert now() is AuditProgress.REPORT_DRAFTED
    post(manager, f"{here}/approve")
    assert now() is AuditProgress.CLOSED
    post(auditor, f"{here}/begin", {"reason": "Clause 7.2 was misread."})
    assert now() is AuditProgress.REPORT_DRAFTED


def test_a_signed_report_is_taken_back_with_a_reason(auditor, manager, app, cast, here, reference):
    written(auditor, app, cast, here, reference)
    assert post(manager, f"{here}/take-back", {"reason": "Too early."}).status_code == 422
    signed(app, auditor, here)
    assert post(manager, f"{here}/take-back", {"reason": ""}).status_code == 422
    assert post(manager, f"{here}/take-back", {"reason": "The summary is wrong."}).status_code == 303
    (report,) = kept(app, cast)
    assert (report.state, report.sha256) == (ReportState.DRAFT, None)
    assert not frozen(app, cast, reference)
    signed(app, auditor, here)


def test_what_was_taken_back_while_it_was_printed_is_signed_by_nobody(auditor, app, cast, here, reference, monkeypatch):
    written(auditor, app, cast, here, reference)
    first = print_reports.laid_out

    def slow(page, pictures):
        """While the first is laid out, it is taken back, changed and signed again."""
        monkeypatch.setattr(print_reports, "laid_out", first)
        with on_stage(app, cast.organisation, cast.auditor) as w:
            audit = audit_of(w, reference, lock=True)
            (report,) = versions_of(w, audit.id, lock=True)
            audit_reports.take_back(w, audit, report, "A word is missing.")
            audit_reports.write(w, report, ReportTexts("All words.", "The criteria are met."))
            audit_reports.sign(w, audit, report)
        return first(page, pictures)

    monkeypatch.setattr(print_reports, "laid_out", slow)
    assert post(auditor, f"{here}/sign").status_code == 303
    assert print_now(app) == [None, True]
    (report,) = kept(app, cast)
    paper = auditor.get(f"{here}/1/file").data
    assert b"All words." in paper
    assert sha256(paper).hexdigest() == report.sha256
    with on_stage(app, cast.organisation) as w:
        assert [each.sha256 for each in w.all(select(ReportSignature))] == [report.sha256]


def test_a_paper_that_cannot_be_printed_is_told_of_and_printed_again(
    auditor, manager, app, cast, here, reference, monkeypatch
):
    written(auditor, app, cast, here, reference)
    post(auditor, f"{here}/sign")

    def broken(*_):
        raise RefusedError("The printer is out of ink.")

    with monkeypatch.context() as breaking:
        breaking.setattr(print_reports, "laid_out", broken)
        assert print_now(app) == [False]
    page = auditor.get(here)
    assert "Refresh" not in page.headers
    for words in ("signed, and not printed", "out of ink", "Print it again", "Take it back"):
        assert words in told(page)
    assert "Print it again" not in told(manager.get(here))
    signed(app, auditor, here)
    assert len(auditor.get(f"{here}/1/file").data) > 1000


def test_a_form_that_is_sent_twice_is_taken_once(auditor, manager, app, cast, here, reference):
    def twice(client, url, data=None):
        data = {"entry_key": str(uuid4()), **(data or {})}
        answers = [post(client, url, data) for _ in range(2)]
        assert [each.status_code for each in answers] == [303, 303]
        assert answers[0].location == answers[1].location

    twice(auditor, f"{here}/begin")
    twice(auditor, here, {**TEXTS, "version": "1"})
    twice(auditor, f"{here}/draft")
    assess(app, cast, reference)
    assert print_now(app) == [True]
    twice(auditor, f"{here}/sign")
    twice(manager, f"{here}/take-back", {"reason": "Too early."})
    twice(auditor, f"{here}/sign")
    assert print_now(app) == [True]
    twice(manager, f"{here}/approve")
    twice(auditor, f"{here}/begin", {"reason": "Clause 7.2 was misread."})
    assert [each.number for each in kept(app, cast)] == [1, 2]
    with on_stage(app, cast.organisation) as w:
        assert len(w.all(select(ReportSignature))) == 2
    assert post(auditor, f"{here}/sign", {"entry_key": ""}).status_code == 422


def test_the_manager_who_leads_the_audit_does_not_approve_it(app, cast, manager):
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        audit = internal_audit(w, cast, HELD_ON)
        audit.team[0].person_id, audit.team[1].person_id = cast.quality_manager.id, cast.auditor.id
        w.flush()
        asked(w, audit.reference, 1)
        reference = audit.reference
    here = f"/o/{cast.organisation.slug}/audits/{reference}/report"
    written(manager, app, cast, here, reference)
    signed(app, manager, here)
    refused = post(manager, f"{here}/approve")
    assert refused.status_code == 422
    assert "Somebody else than the lead auditor approves" in told(refused)


def test_of_two_who_write_the_second_sees_both(auditor, manager, app, cast, here, reference):
    post(auditor, f"{here}/begin")
    assert post(auditor, here, {**TEXTS, "version": "1"}).status_code == 303
    answer = post(manager, here, {"summary": "Other words.", "version": "1"})
    assert answer.status_code == 422
    assert "Other words." in told(answer)
    assert "Good points" in told(answer)


def test_the_paper_says_what_was_in_scope_who_was_there_and_that_an_audit_is_a_sample(
    auditor, app, cast, here, reference
):
    with on_stage(app, cast.organisation, cast.auditor) as w:
        audit = audit_of(w, reference, lock=True)
        w.add(AuditClause(audit_id=audit.id, standard=SECURITY, clause="A.5.9"))
        nora = (("Nora Klein", "nora@supplier.example"),)
        opening = AgendaDetails(
            held_on=audit.starts_on, starts_at=time(9), ends_at=time(10), title="Opening meeting", outside=nora
        )
        agenda.add(w, audit, opening)
    written(auditor, app, cast, here, reference)
    signed(app, auditor, here)
    page = told(auditor.get(f"{here}/1/file"))
    scope, people = page.split('id="basis"')[1].split('id="people"')
    for words in (SECURITY, ">A.5.9</span>", "An audit looks at samples", "ISO 19011:2018, 6.5"):
        assert words in scope
    for words in ('<th scope="row">Lead auditor</th><td>Aud Lindqvist</td>', "Nora Klein</th><td>Opening meeting"):
        assert words in people.split('id="agenda"')[0]


def test_the_paper_is_tagged_and_says_all(auditor, app, cast, here, reference, monkeypatch):
    monkeypatch.setattr(print_reports, "laid_out", laid_out)
    monkeypatch.setattr(print_reports, "TOLD_EVERY", 0)
    with on_stage(app, cast.organisation, cast.auditor) as w:
        audit = audit_of(w, reference)
        major = found(w, audit, FindingGrade.MAJOR, statement="<b>No</b> plan.", title="No plan")
        keep_evidence(w, Place(finding_id=major.id), Upload("rack.jpg", 10))
        keep_evidence(w, Place(item_id=items_of(w, audit.id)[0].id), Upload("door.jpg", 200))
    written(auditor, app, cast, here, reference)
    waits = post(auditor, f"{here}/draft").location
    assert f"Audit report {reference}, version 1, draft" in told(auditor.get(waits))
    assert print_now(app) == [True]
    with on_stage(app, cast.organisation) as w:
        assert w.all(select(ReportRun.pages))[0] > 1
    draft = auditor.get(f"{waits}/file")
    assert (draft.status_code, draft.mimetype) == (200, "application/pdf")
    assert "draft.pdf" in draft.headers["Content-Disposition"]
    everything = opened(draft.data)
    assert re.search(rb"<pdfuaid:part[^>]*>1<|pdfuaid:part=\"1\"", everything)
    assert faults(draft.data) == []
    assert everything.count(b"/DCTDecode") == 2
    signed(app, auditor, here)
    paper = auditor.get(f"{here}/1/file")
    assert "draft" not in paper.headers["Content-Disposition"]
    assert len(paper.data) < 400_000


def test_the_evidence_is_shown_and_comes_as_one_zip(auditor, client, app, cast, reference):
    here = f"/o/{cast.organisation.slug}/audits/{reference}/evidence"
    assert "No file yet" in told(auditor.get(here))
    with on_stage(app, cast.organisation, cast.auditor) as w:
        audit = audit_of(w, reference)
        first, second, _ = items_of(w, audit.id)
        keep_evidence(w, Place(item_id=first.id), Upload("door.jpg", 200))
        keep_evidence(w, Place(item_id=second.id), Upload("same door.jpg", 200))
        keep_evidence(w, Place(finding_id=found(w, audit).id), Upload("rack.jpg", 10))
    page = told(auditor.get(here))
    for words in ("3 photographs and 0 other files.", "7.1 Is question 1 met?", "rack.jpg", "All as a zip"):
        assert words in page
    answer = auditor.get(f"{here}/zip")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as zipped:
        # The same content twice lies in it once.
        assert len(zipped.namelist()) == 4
        for line in zipped.read("SHA256SUMS").decode().splitlines():
            digest, name = line.split("  ", 1)
            assert sha256(zipped.read(name)).hexdigest() == digest
        manifest = zipped.read("manifest.txt").decode()
    assert manifest.count("door.jpg") == 2
    assert "7.2 Is question 2 met?" in manifest


def test_the_zip_of_the_evidence_is_sent_piece_by_piece(auditor, app, cast, reference):
    with on_stage(app, cast.organisation, cast.auditor) as w:
        first = items_of(w, audit_of(w, reference).id)[0]
        for number in range(4):
            lines = random.Random(number).randbytes(1_000_000).hex()
            keep_evidence(w, Place(item_id=first.id), FileStorage(io.BytesIO(lines.encode()), f"log-{number}.txt"))
    answer = auditor.get(f"/o/{cast.organisation.slug}/audits/{reference}/evidence/zip", buffered=False)
    pieces = [len(each) for each in answer.iter_encoded()]
    assert sum(pieces) > 4_000_000
    assert max(pieces) < 600_000


def test_the_evidence_makes_as_many_queries_however_many_files(auditor, app, cast, reference):
    here = f"/o/{cast.organisation.slug}/audits/{reference}/evidence"

    def counted():
        seen = []
        with app.app_context():
            engine = db.engine

        def note(*args):
            seen.append(args[2])

        event.listen(engine, "before_cursor_execute", note)
        assert auditor.get(here).status_code == 200
        event.remove(engine, "before_cursor_execute", note)
        return len(seen)

    auditor.get(here)
    few = counted()
    with on_stage(app, cast.organisation, cast.auditor) as w:
        item = items_of(w, audit_of(w, reference).id)[0]
        for shade in range(5):
            keep_evidence(w, Place(item_id=item.id), Upload(f"{shade}.jpg", shade * 40))
        assert len(w.all(select(Attachment.id))) == 5
    assert counted() == few


def test_strangers_find_nothing(app, cast, here, reference):
    evidence = here.removesuffix("report") + "evidence"
    stranger = sign_in(app.test_client(), cast.stranger)
    for url in (here, f"{here}/1/file", evidence, f"{evidence}/zip"):
        assert stranger.get(url).status_code == 404
    for deed in ("begin", "draft", "sign", "approve", "take-back"):
        assert post(stranger, f"{here}/{deed}").status_code == 404
    staff = sign_in(app.test_client(), cast.staff)
    assert staff.get(here).status_code == 404


def test_an_audit_that_is_not_ours_has_no_report_of_ours(manager, app, cast):
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        reference = plan(w, certificate(w).id, HELD_ON).reference
    here = f"/o/{cast.organisation.slug}/audits/{reference}/report"
    assert "certification body" in told(manager.get(here))
    assert post(manager, f"{here}/begin").status_code == 422


def test_a_nonconformity_comes_on_paper_for_who_may_see_it(auditor, app, cast, reference):
    with on_stage(app, cast.organisation, cast.auditor) as w:
        row = found(w, audit_of(w, reference), FindingGrade.MAJOR, title="No <plan>")
        keep_evidence(w, Place(finding_id=row.id), Upload("rack.jpg", 10))
        number = row.reference
    here = f"/o/{cast.organisation.slug}/corrective-actions/{number}"
    assert f"{number}/file" in told(auditor.get(here))
    answer = auditor.get(f"{here}/file")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert faults(answer.data) == []
    assert sign_in(app.test_client(), cast.stranger).get(f"{here}/file").status_code == 404


def test_a_question_shows_its_photographs(auditor, app, cast, here, reference):
    with on_stage(app, cast.organisation, cast.auditor) as w:
        item = items_of(w, audit_of(w, reference).id)[0]
        keep_evidence(w, Place(item_id=item.id), Upload("door.jpg", 200))
        number = item.id
    checklist_page = here.removesuffix("report") + "checklist"
    page = told(auditor.get(f"{checklist_page}?item={number}"))
    assert "door.jpg" in page
    assert f"/attachments/add/item/{number}?photograph=yes" in page
    add = f"/o/{cast.organisation.slug}/attachments/add/item/{number}?photograph=yes"
    assert "(optional)" not in told(auditor.get(add))
    shown = Upload("rack.jpg", 90)
    shown.stream.seek(0)
    kept = post(auditor, add, {"file": (shown.stream, "rack.jpg")})
    assert (kept.status_code, kept.location) == (303, f"{checklist_page}?item={number}#item-{number}")
    (told_item, *_) = auditor.get(f"{checklist_page}/state").json["items"]
    assert [each["name"] for each in told_item["files"]] == ["door.jpg", "rack.jpg"]
