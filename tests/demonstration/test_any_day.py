"""The demonstration tells the same story on whatever day it is loaded: one load a day, and all that is told of it."""

from collections import Counter
from importlib import import_module

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app import demonstration
from app.catalogue.outlines import clauses_of_outline
from app.domain.certification.facts import AuditKind, State
from app.domain.certification.risk import Risk
from app.domain.documents.comparison import compared
from app.domain.findings.case import CaseNow
from app.domain.findings.closing import why_not_closed
from app.domain.findings.corrective_action import CauseMethod, Effectiveness, Stage, StepKind
from app.domain.findings.grading import FindingGrade
from app.domain.implementation.plan import Step
from app.domain.programme.agenda import agenda_conflicts
from app.domain.programme.reporting import ReportState
from app.domain.programme.review import ReviewProgress
from app.domain.subscription.invoicing import InvoiceStanding, number_of
from app.domain.subscription.seats import SeatKind, levels, suspended_from
from app.domain.training.question import QuestionKind
from app.domain.training.status import TrainingStatus
from app.models.attachment import Attachment
from app.models.audit import Audit, AuditProgress
from app.models.audit_guest import AuditGuest
from app.models.audit_report import AuditReport
from app.models.certificate import Certificate, CertificateVerdict
from app.models.checklist import ChecklistItem
from app.models.completion import Completion
from app.models.corrective_action import Action, CorrectiveAction, CorrectiveStep
from app.models.course import Course, CourseVersion
from app.models.enrolment import Enrolment
from app.models.finding import Finding
from app.models.journal import JournalEntry
from app.models.management_review import ManagementReview
from app.models.organisation import Organisation, Site
from app.models.person import Person
from app.models.process import Process
from app.models.question import Question
from app.queries.audit_guests import days_of
from app.queries.audit_plan import agenda_of, auditees_of, slots_of
from app.queries.audits import audit_of
from app.queries.competence import gaps
from app.queries.corrective_actions import case_by, now_of
from app.queries.course_statistics import statistics_of
from app.queries.document_duties import Deed, own_documents
from app.queries.documents import document_by, document_stands
from app.queries.facts import facts_of
from app.queries.impartiality import partialities_at
from app.queries.invoices import invoices_of, open_by_currency, sales_of, standing_of
from app.queries.journal_proof import prove_all
from app.queries.learners import learners
from app.queries.readiness import preparing
from app.queries.subscription_seats import seats_of, waiting_rows
from app.queries.support import sessions_ahead, sessions_before
from app.queries.training_standing import standings
from app.work import Work, work

DAYS = ("2026-11-23", "2026-12-31", "2027-01-01", "2028-02-29", "2029-08-31", "2031-06-15")
"""Ordinary days, and the days on which date arithmetic likes to trip."""
CLIENTS = ("northwind", "fjordlicht", "harbour")


@pytest.fixture
def _no_typesetting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another day sets no other type: the papers are taken as they come, and cost half of a load no more."""
    # By its name among the modules: in its package a function of that name stands before it.
    printing = import_module("app.demonstration.audits.reports")
    monkeypatch.setattr(printing, "laid_out", lambda page, _pictures: page.encode())


@pytest.mark.usefixtures("_no_typesetting")
@pytest.mark.parametrize("day", DAYS)
def test_it_tells_the_same_story_on_any_day(app: Flask, day: str) -> None:
    with time_machine.travel(f"{day}T10:00:00+00:00"), app.app_context():
        with work(None) as w:
            demonstration.load(w)
        with work(None, writes=False) as w:
            ids = {row.slug: row.id for row in w.all(select(Organisation))}
        with work(ids["fjordlicht"], writes=False) as w:
            assert told(w)["C-27001-1"][0] is State.APPLICANT
        with work(ids["harbour"], writes=False) as w:
            assert told(w)["C-9001-1"] == (State.EXPIRED_RESTORABLE, Risk.BROKEN)
        with work(ids["meridian"], writes=False) as w:
            assert [each.client_id for each in sessions_ahead(w)] == [ids[slug] for slug in CLIENTS]
            (held,) = sessions_before(w)
            assert held.starts_at.weekday() < 5
            accounts(w, ids)
        for chapter in (
            certificates, findings, cases, checklists, agendas, reports, reviews, evidence, guests, training, seats,
            documents, implementation, journal,
        ):  # fmt: skip
            with work(ids["northwind"], writes=False) as w:
                chapter(w)


def told(w: Work) -> dict[str, tuple[State, Risk]]:
    rows = w.execute(
        select(Certificate.reference, CertificateVerdict.state, CertificateVerdict.risk).join(
            CertificateVerdict, CertificateVerdict.certificate_id == Certificate.id
        )
    )
    return {reference: (state, Risk(risk)) for reference, state, risk in rows}


def accounts(w: Work, ids: dict[str, int]) -> None:
    """All that was due is invoiced, of Northwind in every standing; Harbour's account is closed."""
    rows = invoices_of(w)
    assert [each.reference for each in rows] == [
        number_of(each.year, each.serial) for each in sorted(rows, key=lambda row: (row.year, row.serial), reverse=True)
    ]
    assert all(each.issued_on.year == each.year and each.issued_on <= w.today for each in rows)
    issued = [each.issued_on for each in rows]
    assert issued == sorted(issued, reverse=True)
    stands = Counter(
        said.value for each in rows if each.client_id == ids["northwind"] and (said := standing_of(w, each))
    )
    assert stands == {
        InvoiceStanding.PAID: 15, InvoiceStanding.OVERDUE: 1, InvoiceStanding.PARTLY_PAID: 1,
        InvoiceStanding.OPEN: 1, InvoiceStanding.CREDITED: 1,
    }  # fmt: skip
    for slug in ("northwind", "harbour"):
        assert all(sale.due_by(w.today) == 0 for sale in sales_of(w, ids[slug]))
    assert open_by_currency(w, [each for each in rows if each.client_id == ids["harbour"]]) == [("EUR", 0, 0, 0)]


def person(w: Work, email: str) -> int:
    return w.session.scalars(select(Person.id).where(Person.email == email)).one()


def certificates(w: Work) -> None:
    northwind = told(w)
    assert northwind["C-20000-1"] == (State.ACTIVE, Risk.AT_RISK)
    assert northwind["C-27001-1"][0] is State.ACTIVE
    assert northwind["C-27001-1"][1] in (Risk.SAFE, Risk.ATTENTION)
    assert northwind["C-19770-1"][0] is State.APPLICANT
    assert "ISO/IEC 27001:2013" in {facts.standard for facts in facts_of(w).values()}
    assert set(w.all(select(Site.country))) == {"DE", "NL"}
    held = w.all(select(Audit).where(Audit.progress == AuditProgress.CLOSED))
    to_come = w.all(select(Audit).where(Audit.progress.in_([AuditProgress.PLANNED, AuditProgress.CONFIRMED])))
    assert all(audit.ends_on <= w.today for audit in held)
    assert all(audit.starts_on >= w.today for audit in to_come)
    assert all(audit.starts_on.weekday() < 5 and audit.ends_on.weekday() < 5 for audit in held + to_come)
    certificate = w.session.scalars(select(Certificate).where(Certificate.reference == "C-27001-1")).one()
    assert (certificate.first_edition, certificate.edition) == ("2013", "2022")
    transition = w.session.scalars(select(Audit).where(Audit.kind == AuditKind.TRANSITION)).one()
    assert transition.starts_on.year == 2025


def findings(w: Work) -> None:
    found = w.all(select(Finding).options(selectinload(Finding.links)))
    assert {each.grade for each in found} == set(FindingGrade)
    major = next(each for each in found if each.grade is FindingGrade.MAJOR)
    assert len([link for link in major.links if link.asset_id is not None]) == 2
    assert any(link.entitlement_id for link in major.links)
    assert any(each.repeats_id for each in found)
    assert all(each.raised_on <= w.today for each in found)


def cases(w: Work) -> None:
    found = [case_by(w, reference) for reference in w.all(select(CorrectiveAction.reference))]
    there: list[CaseNow] = [now_of(case) for case in found if case is not None]
    assert {each.stage for each in there} == set(Stage)
    assert any(each.is_overdue(w.today) for each in there)
    assert any(each.awaits_acceptance for each in there)
    assert {each.effectiveness for each in there if each.is_closed} == {Effectiveness.EFFECTIVE}
    methods = w.all(select(CorrectiveAction.cause_method))
    assert {CauseMethod.FIVE_WHYS, CauseMethod.CAUSE_AND_EFFECT} <= set(methods)
    steps = set(w.all(select(CorrectiveStep.kind)))
    assert {StepKind.REFUSED, StepKind.REOPENED, StepKind.EXTENDED, StepKind.EFFECTIVE} <= steps
    waiting = [each for each in there if each.stage is Stage.VERIFICATION]
    mateo = person(w, "mateo@northwind.example")
    assert [bool(why_not_closed(each, mateo, w.today)) for each in waiting].count(False) == 1
    assert any(each.done_on is None and each.due_on < w.today for each in w.all(select(Action)))


def checklists(w: Work) -> None:
    """What is over has a verdict on each question, and one audit is going on."""
    going_on = w.session.scalars(select(Audit.id).where(Audit.progress == AuditProgress.IN_PROGRESS)).one()
    items = w.all(select(ChecklistItem))
    assert len({each.audit_id for each in items}) == 3
    open_ones = [each for each in items if not each.result.is_assessed]
    assert {each.audit_id for each in open_ones} == {going_on}
    assert any(each.result.is_assessed for each in items if each.audit_id == going_on)
    assert len(w.all(select(Process))) == 8
    for reference in w.all(select(Audit.reference)):
        audit = audit_of(w, reference)
        assert audit is not None
        assert partialities_at(w, audit) == ()


def agendas(w: Work) -> None:
    """Everybody confirmed what is over but one from outside, one has not what goes on, and one is wanted twice."""
    internal = w.all(select(Audit).where(Audit.kind == AuditKind.INTERNAL))
    agenda = {audit.title: agenda_of(w, audit.id) for audit in internal}
    assert all(agenda.values())
    assert all(audit.starts_on <= item.held_on <= audit.ends_on for audit in internal for item in agenda[audit.title])
    unsure = {title: {each.label for each in auditees_of(items) if each.open} for title, items in agenda.items()}
    assert unsure["Leadership and planning"] == set()
    assert unsure["Operation and change"] == {"Lotte Maas"}
    assert unsure["Access and assets"] == {"Jonas Weber"}
    conflicted = {
        audit.title
        for audit in internal
        if agenda_conflicts(slots_of(agenda[audit.title]), audit.starts_on, audit.ends_on)
    }
    assert conflicted == {"Suppliers and incidents"}


def reports(w: Work) -> None:
    """What is closed was signed and approved by two; the report on what goes on is a draft."""
    rows = w.all(select(AuditReport).options(selectinload(AuditReport.signatures)))
    assert Counter(each.state for each in rows) == {ReportState.APPROVED: 2, ReportState.DRAFT: 1}
    for report in rows:
        people = {each.person_id for each in report.signatures}
        assert len(people) == (2 if report.state is ReportState.APPROVED else 0)
        # Both stand on the paper that was signed; another, printed since, says that it was approved.
        signed = {each.sha256 for each in report.signatures}
        assert len(signed - {report.sha256}) == (1 if report.state is ReportState.APPROVED else 0)


def reviews(w: Work) -> None:
    there = {each.progress: each for each in w.all(select(ManagementReview))}
    assert set(there) == {ReviewProgress.PLANNED, ReviewProgress.CLOSED}
    assert there[ReviewProgress.PLANNED].held_on > w.today
    decided = w.all(select(Action).where(Action.review_id == there[ReviewProgress.CLOSED].id))
    assert Counter((each.done_on is not None, each.due_on < w.today) for each in decided) == {
        (True, True): 1, (False, True): 1, (False, False): 1,
    }  # fmt: skip


def evidence(w: Work) -> None:
    kept = w.all(select(Attachment).where(Attachment.media_type == "image/jpeg"))
    assert len([each for each in kept if each.finding_id]) == 4
    assert len([each for each in kept if each.item_id]) == 2


def guests(w: Work) -> None:
    """One looks in at what goes on, one has not answered yet."""
    going_on = w.session.scalars(select(Audit.id).where(Audit.progress == AuditProgress.IN_PROGRESS)).one()
    assert set(days_of(w, person(w, "helena@assessor.example")).open_until) == {going_on}
    assert [each.person_id for each in w.all(select(AuditGuest).where(AuditGuest.person_id.is_(None)))] == [None]


def training(w: Work) -> None:
    """Sixteen learners in all states, each kind of question, and one auditor whose course has run out."""
    people = learners(w)
    assert len(people) == 16
    stand = {pair: answer.value for pair, answer in standings(w, people).items()}
    assert {each.status for each in stand.values()} == set(TrainingStatus)
    assert any(each.is_overdue for each in stand.values())
    by_name = {each.name: each.id for each in people}
    course = {each.title: each.id for each in w.all(select(Course))}
    tom = {title: stand[by_name["Tom Becker"], id_].status for title, id_ in course.items() if "auditing" not in title}
    assert tom == {
        "Information security basics": TrainingStatus.EXPIRING_SOON,
        "ITAM awareness": TrainingStatus.IN_PROGRESS,
        "Licence compliance": TrainingStatus.NOT_STARTED,
    }
    priya = stand[by_name["Priya Nair"], course["Licence compliance"]]
    assert priya.status is TrainingStatus.EXPIRING_SOON
    assert set(w.all(select(Question.kind))) == set(QuestionKind)
    begun = w.session.scalars(select(CourseVersion.number).join(Enrolment).where(Enrolment.completed_at.is_(None)))
    assert Counter(begun) == {1: 4, 2: 1}
    done = w.all(select(Completion).where(Completion.completed_on <= w.today))
    assert len(done) == len(w.all(select(Completion))) > 20
    assert [each.person_id for each in done if each.revoked_at] == [by_name["Yuki Tanaka"]]
    assert len(w.all(select(Attachment).where(Attachment.completion_id.is_not(None)))) == 2
    (stuck,) = statistics_of(w, course["Internal auditing by ISO 19011"]).out_of_attempts
    assert stuck.enrolment.person_id == by_name["Annika Lindqvist"]
    # Nobody who audits in the story is refused by it: the gaps are hers alone.
    assert [each.who for each in gaps(w) if not each.of_audit] == ["Annika Lindqvist"]
    assert not [each for each in gaps(w) if each.of_audit]


def documents(w: Work) -> None:
    """Manuals and policies in all states; each waits for whom it should, and clauses are covered by what is valid."""
    by_title = {each.document.title: each for each in document_stands(w)}
    standing = {title: [each.value for each in stand.standings.values()] for title, stand in by_title.items()}
    assert standing == {
        "Information security manual": ["obsolete", "valid"],
        "IT asset management manual": ["valid"],
        "Acceptable use of IT": ["obsolete", "valid"],
        "Software requests and licences": ["valid"],
        "Access control": ["in-review"],
        "Removable media": ["obsolete"],
    }
    assert [title for title, stand in by_title.items() if stand.is_review_late(w.today)] == [
        "Software requests and licences"
    ]
    assert all(stand.done for stand in by_title.values() if stand.valid is not None)
    waits = {
        who: [(each.title, each.deed, each.is_overdue(w.today)) for each in found]
        for who in ("tom", "ingrid", "priya")
        if (found := own_documents(w, person(w, f"{who}@northwind.example"), approves=who == "ingrid"))
    }
    assert waits == {
        "tom": [("Acceptable use of IT", Deed.ACKNOWLEDGE, False)],
        "ingrid": [("Access control", Deed.APPROVE, False)],
        "priya": [("Software requests and licences", Deed.REVIEW, True)],
    }
    for stand in by_title.values():
        assert all(each.approved_by_id != each.written_by_id for each in stand.document.versions)
    spoken = {(each.standard, each.clause) for stand in by_title.values() for each in stand.document.clauses}
    for standard in ("ISO/IEC 27001:2022", "ISO/IEC 19770-1:2017"):
        assert clauses_of_outline(standard) <= spoken
    [manual] = [stand.document for title, stand in by_title.items() if title.startswith("Information")]
    whole = document_by(w, manual.reference)
    assert whole is not None
    first, second = (each.body for each in whole.versions)
    assert {each.kind for each in compared(first, second)} == {"same", "gone", "new", "left out"}
    assert "Fill in" not in second
    assert not any(line.endswith(":*") for line in second.splitlines())


def seats(w: Work) -> None:
    """All of each kind have a holder, one person waits, and in two months some are suspended."""
    for kind, many in ((SeatKind.AUDIT_MANAGER, 4), (SeatKind.LMS, 14)):
        held = seats_of(w, kind)
        now = levels(held.pools, held.assignments, w.today)[0]
        assert (now.owned, now.assigned) == (many, many)
        short = min(suspended_from(held.pools, held.assignments, w.today).values())
        assert 55 <= (short - w.today).days <= 65
        assert len(waiting_rows(w, kind)) == (1 if kind is SeatKind.LMS else 0)


def implementation(w: Work) -> None:
    """Much is done, one task is late, and alone for that the end lies past stage 1; it is known who does what."""
    (coming,) = preparing(w)
    standing, tasks = coming.standing, coming.row.tasks
    assert (standing.done, standing.late, list(coming.row.ended)) == (8, 1, [Step.MANUALS])
    (late,) = (each.task.title for each in standing.expected.values() if each.is_late)
    assert late.startswith("Let the service desk read")
    assert [each.owner_id for each in tasks if each.title == late] == [person(w, "tom@northwind.example")]
    assert standing.stage_1 is not None
    assert standing.planned_end < standing.stage_1[1] <= standing.end.value
    assert "move stage 1 by at least" in standing.left.why[0].says
    assert len([each for each in tasks if each.owner_id is None]) == 1
    assert all(coming.row.starts_on <= each.done_on <= w.today for each in tasks if each.done_on)
    assert 0 < coming.ready.score.value < 100


def journal(w: Work) -> None:
    """People did it in their own names, in the order of the days, and the chain is whole."""
    nouns = ("finding", "action", "corrective_action", "audit_report", "management_review", "agenda_item")
    entries = w.all(select(JournalEntry).where(JournalEntry.noun.in_(nouns)).order_by(JournalEntry.number))
    assert {each.noun for each in entries} == set(nouns)
    assert len({each.actor_id for each in entries}) >= 5
    assert None not in {each.actor_id for each in entries}
    assert [each.at for each in entries] == sorted(each.at for each in entries)
    assert all(each.is_whole for each in prove_all(w.session))
