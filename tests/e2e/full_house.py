"""A full house: the demonstration, and one of everything that it does not tell of, so that every page has a subject."""

import io
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from hashlib import sha256
from typing import Any

import pyotp
from flask import Flask
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.datastructures import FileStorage

from app import demonstration
from app.domain.certification.facts import AuditKind
from app.domain.certification.verdict import Rule
from app.domain.documents.version import Step
from app.domain.findings.corrective_action import DueKind
from app.domain.itam.batch import BatchKind
from app.domain.itam.change import Authorisation, ChangeAction, ChangeStatus
from app.domain.itam.ownership import Duty, OwnershipKind
from app.domain.itam.reconciliation import SourceKind
from app.domain.itam.reconciling.record import Record
from app.domain.itam.rows import Lines
from app.domain.licensing.entitlement import EntitlementKind
from app.domain.permission import Role
from app.domain.programme.checklist import ClauseResult
from app.domain.programme.team import TeamRole
from app.domain.subscription.agreement import USUAL, Share
from app.domain.subscription.agreement import Standing as Live
from app.domain.subscription.invoicing import Line
from app.domain.subscription.plan import Allowance
from app.domain.subscription.seats import PoolSource, SeatKind
from app.domain.subscription.support import Absence, FreeSlot, Hours, Span, slots_of_all
from app.domain.subscription.support import Terms as SupportTerms
from app.domain.training.competence import EvidenceKind
from app.domain.training.course import QuizSettings
from app.domain.training.due import Refreshing, Terms
from app.domain.training.status import Exemption
from app.models.agreement import Agreement
from app.models.asset import Asset
from app.models.attachment import Attachment
from app.models.audit import Audit, AuditProgress
from app.models.audit_plan import AuditProgramme
from app.models.capacity import Cluster, ClusterHost, Placement, UsageRecord
from app.models.certificate import BodyNonconformity, CertificationBody, Decision
from app.models.change_request import ChangeRequest
from app.models.checklist import ChecklistItem
from app.models.corrective_action import Action, CorrectiveAction
from app.models.finding import Finding
from app.models.inventory_check import InventoryLine
from app.models.licence import Entitlement, LicencePool, LicenceSeat
from app.models.organisation import BlackoutPeriod, Membership, Organisation, OwnEdition, Site
from app.models.outbox import OutboxMail
from app.models.person import Person
from app.models.reconciliation import Reconciliation
from app.models.seat import SeatPool
from app.models.software import Installation, Release
from app.models.training_assignment import TrainingAssignment, TrainingRule
from app.operations import (
    agreements,
    attachments,
    audit_assets,
    audit_guests,
    audit_reports,
    audits,
    case_deadlines,
    certificates,
    checklist_templates,
    column_mappings,
    competence,
    courses,
    documents,
    enrolments,
    feeds,
    implementations,
    inventory_checks,
    invitations,
    invoices,
    learning_paths,
    management_reviews,
    organisations,
    ownerships,
    persons,
    photographs,
    plans,
    processes,
    quiz_attempts,
    reconciliations,
    report_runs,
    subscription_seats,
    subscriptions,
    support,
    support_people,
    support_sessions,
    training_records,
    waiting_files,
)
from app.operations.attachments import Place
from app.operations.checklist_templates import AskedLine
from app.operations.competence import EvidenceDetails, RequirementDetails
from app.operations.courses import CourseDetails
from app.operations.documents import DocumentDetails, VersionText
from app.operations.imports import Sent, carry_out
from app.operations.invoices import Paper
from app.operations.learning_paths import PathDetails
from app.operations.ownerships import OwnershipDetails
from app.operations.processes import ProcessDetails
from app.operations.reconciliations import Asked, SentFile
from app.operations.subscriptions import AdditionDetails
from app.operations.support import Wanted
from app.operations.support_people import PersonDetails
from app.operations.training_assignments import Wish, assign
from app.operations.training_records import External
from app.queries.audits import audit_of
from app.queries.certificates import certificate_by
from app.queries.courses import lessons_in
from app.queries.enrolments import attempt_whole, lesson_with_bank, version_taken
from app.queries.implementations import implementation_by
from app.queries.invoices import invoice_by
from app.queries.learners import LearnerFilters, learners
from app.queries.subscriptions import subscription_by, subscriptions_of
from app.queries.support import own_diaries
from app.queries.training_standing import courses_offered
from app.storage import Stored
from app.work import Work, work
from tests.audited import on_the_agenda
from tests.cases import planned
from tests.cast import Member
from tests.equipped import again, answer_for, employ, equip
from tests.learning import course as course_of
from tests.subscribed import starting, terms
from tests.taught import quiz_in, taught

SLUG = "northwind"
BOUGHT = "bought-rooms"
CLIENT = "fjordlicht"
"""A client of it."""
_SEATED = ("ingrid", "mateo", "priya", "tom")
EMPTY = "empty-rooms"


@dataclass(frozen=True, slots=True)
class FullHouse:
    """Who may be asked in, and an example for each argument of an address, by the area that asks."""

    app: Flask
    people: dict[str, Member]
    examples: dict[str, Any]


def furnish(app: Flask) -> FullHouse:
    """Load the demonstration into an empty database and add what it lacks."""
    with app.app_context():
        with work(None) as w:
            demonstration.load(w)
        with work(None, writes=False) as w:
            rows = w.execute(select(Person.id, Person.name, Person.email))
            people = {row.email.partition("@")[0]: Member(row.id, row.name, row.email) for row in rows}
            home = w.session.scalars(select(Organisation.id).where(Organisation.slug == SLUG)).one()
        with work(None, people["jonas"].id) as w:
            token = persons.begin_reset(w, w.session.scalars(select(Person).where(Person.email.like("tom@%"))).one())
            rooms = organisations.found(w, name="Empty Rooms", country="DE", time_zone="Europe/Berlin", slug=EMPTY)
            bought = organisations.found(
                w, name="Bought Rooms", country="DE", time_zone="Europe/Berlin", slug=BOUGHT
            ).id
            carla = w.session.scalars(select(Person).where(Person.email.like("carla@%"))).one()
            organisations.join(
                w,
                rooms,
                carla,
                frozenset({Role.QUALITY_MANAGER, Role.ASSET_MANAGER, Role.ADMINISTRATOR, Role.PROVIDER_STAFF}),
            )
            jonas = w.session.scalars(select(Person).where(Person.email.like("jonas@%"))).one()
            northwind = w.session.scalars(select(Organisation).where(Organisation.id == home)).one()
            organisations.join(w, northwind, jonas, frozenset({Role.ADMINISTRATOR, Role.PROVIDER_STAFF}))
            examples = _of_agreements(w, home)
            priya = w.session.scalars(select(Person).where(Person.email.like("priya@%"))).one()
            priya.totp_secret, priya.totp_confirmed_at = pyotp.random_base32(), w.now
        with work(home, people["ingrid"].id) as w:
            examples |= _examples(w)
            examples |= _of_support(w, people["ingrid"].id, people["jonas"].id)
            examples |= _of_learning(w, people["ingrid"].id)
            examples |= _of_implementation(w, people["ingrid"].id)
            audits.take_step(w, examples["my_work.reference"], AuditProgress.CONFIRMED)
            _feed, secret = feeds.subscribe(w, name="On the phone", only_mine=False)
        examples |= _of_invoices(home, people["jonas"].id, bought)
        with work(home, people["priya"].id) as w:
            # A file waits for who sent it alone, and she looks after the assets.
            examples |= _of_files(w)
        with work(home, people["jonas"].id) as w:
            staff = frozenset({Role.STAFF})
            invitations.invite(w, email="new@northwind.example", name="Newton Comer", roles=staff, access_until=None)
            examples["members.token"] = _file_of_people(w)
        with work(None, writes=False) as w:
            posted = w.session.scalars(select(OutboxMail).order_by(OutboxMail.id)).all()
            invited = next(mail for mail in posted if "/invitation/" in mail.body)
            # Of those asked earlier some have answered, and some audits are over.
            asked = next(mail for mail in reversed(posted) if "/agenda/" in mail.body)
            dated = next((mail for mail in posted if mail.calendar), invited)
            examples |= {
                "account.accept_invitation.token": invited.body.partition("/invitation/")[2].split()[0],
                "account.reset.token": token,
                "feed.token": secret,
                "agenda.token": asked.body.partition("/agenda/")[2].split()[0],
                "mail_id": dated.id,
            }
    return FullHouse(app, people, examples)


def _examples(w: Work) -> dict[str, Any]:
    """One of each kind; the references of audits depend on the day, so they are looked up."""
    certificate = certificate_by(w, "C-27001-1")
    assert certificate is not None
    change = certificates.record_change(w, certificate, w.today - timedelta(days=40), "The data centre moved.")
    deviation = certificates.record_deviation(w, certificate, Rule.CALENDAR_YEAR, "Agreed in writing.", w.today.year)
    edition = w.add(OwnEdition(standard="ISO/IEC 42001", edition="2023"))
    confirmed = select(Audit).where(Audit.progress == AuditProgress.CONFIRMED, Audit.kind == AuditKind.SURVEILLANCE)
    audit = w.session.scalars(confirmed.order_by(Audit.starts_on)).first()
    internal = select(Audit).where(Audit.progress == AuditProgress.PLANNED, Audit.kind == AuditKind.INTERNAL)
    mine = w.session.scalars(internal).first()
    assert audit is not None
    assert mine is not None
    letter = FileStorage(io.BytesIO(b"Dear sirs,\n\nagreed.\n"), "letter-of-the-certification-body.txt")
    kept = attachments.attach(w, Place(audit_id=audit.id), letter)
    item = on_the_agenda(w, audit)
    audit_assets.look_at(w, audit, w.all(select(Asset.tag).order_by(Asset.id))[0], "Its label and its custodian.")
    until = w.today + timedelta(days=30)
    guest = audit_guests.invite(w, audit, email="asta@assessor.example", name="Asta Sund", since=w.today, until=until)
    audit_guests.invite(w, audit, email="helena@assessor.example", name="Helena", since=None, until=until)
    staff = select(Membership.id).join(Person, Person.id == Membership.person_id).where(Person.email.like("tom@%"))
    theirs = select(Decision.id).where(Decision.certificate_id == certificate.id)
    return {
        "slug": SLUG,
        "reports.name": "licence-position",
        **_printed(w),
        "certificates.reference": certificate.reference,
        "feeds.certificate.reference": certificate.reference,
        "audits.reference": audit.reference,
        "audits.agenda_item_id": item.id,
        "feeds.audit.reference": audit.reference,
        "my_work.reference": mine.reference,
        "audit_reports.reference": _reported(w),
        "nonconformities.reference": w.all(select(BodyNonconformity.reference).order_by(BodyNonconformity.id))[-1],
        "processes.reference": _process(w),
        "audit_programmes.reference": w.all(select(AuditProgramme.reference))[0],
        **_of_reviews(w),
        "audit_guests.reference": audit.reference,
        "audit_guest_id": guest.id,
        "place": "audit",
        "key": audit.reference,
        "change_id": change.id,
        "deviation_id": deviation.id,
        "decision_id": w.all(theirs.order_by(Decision.decided_on))[-1],
        "body_id": w.all(select(CertificationBody.id))[0],
        "attachment_id": kept.id,
        "membership_id": w.all(staff)[0],
        "blackout_period_id": w.all(select(BlackoutPeriod.id))[0],
        "site_id": w.all(select(Site.id))[0],
        "own_edition_id": edition.id,
        **_of_checklists(w),
        "audit_findings.reference": audit.reference,
        "findings.reference": w.all(select(Finding.reference).order_by(Finding.id))[-1],
        **_of_assets(w),
        **_of_cases(w),
        **_of_courses(w),
        **_of_training(w),
        **_of_documents(w),
        **_of_software(w),
        **_of_changes(w),
        "licence_seats.reference": _seated_pool(w),
        **_of_licences(w),
        **_of_seats(w),
        **_of_plans(w),
    }


def _of_support(w: Work, booker: int, giver: int) -> dict[str, Any]:
    """An organisation that is provider and client at once: who gives support, a session with notes, one cancelled."""
    seat = w.session.scalars(select(Membership).where(Membership.person_id == giver)).one()
    seat.roles = seat.roles | {Role.PROVIDER_STAFF}
    live = {"standing": Live.LIVE, "proposed_by_id": giver, "proposed_at": w.now}
    w.add(Agreement(addressed_to=SLUG, client_id=w.home, **live))
    every = tuple(Hours(day, time(hour), time(hour + 3)) for day in range(7) for hour in (9, 13))
    details = PersonDetails(SupportTerms("Europe/London", 45, 15, 24), every, "https://meet.example/support")
    person = support_people.set_up(w, giver, details)
    away = w.today + timedelta(days=20)
    absence = support_people.add_absence(w, person.id, Absence(away, away), "Holiday")
    slots = [Wanted(each.person_id, each.span.starts_at) for each in _free(w, person.id)]
    off = support.book(w, slots[1], "The scope of the system.")
    support.cancel(w, off.id, off.version, "Too early.")
    booking = support.book(w, slots[0], "How to write the statement of applicability.")
    support_sessions.write_up(w, booking.reference, None, "https://meet.example/other", "Begin with the risks.")
    support_sessions.add_action(w, booking.reference, "Send the template.", booker, w.today + timedelta(days=5))
    return {
        "support.booking_id": booking.id,
        "support_diary.reference": booking.reference,
        "support_person_id": person.id,
        "support_absence_id": absence.id,
        "support.person": person.id,
        "support.at": slots[3].starts_at.strftime("%Y-%m-%dT%H:%MZ"),
    }


def _of_implementation(w: Work, owner: int) -> dict[str, Any]:
    """A plan that runs late: tasks done, late and moved."""
    wish = implementations.Wish("ISO/IEC 27001:2022", w.today - timedelta(days=30), 90)
    row = implementation_by(w, implementations.lay_out(w, wish).reference)
    assert row is not None
    first, second = row.tasks[:2]
    implementations.finish(w, row.reference, first.id)
    second.owner_id = owner
    coming = select(Audit.reference).where(Audit.kind == AuditKind.STAGE_1, Audit.progress == AuditProgress.CONFIRMED)
    return {
        "implementation.reference": row.reference,
        "implementation_task_id": second.id,
        "audits.stage_1": w.session.scalars(coming).one(),
    }


def _free(w: Work) -> list[FreeSlot]:
    return slots_of_all(own_diaries(w), Span(w.now, w.now + timedelta(days=7)), w.now)


def _free(w: Work, support_person_id: int) -> list[FreeSlot]:
    theirs = [each for each in own_diaries(w) if each.id == support_person_id]
    return slots_of_all(theirs, Span(w.now, w.now + timedelta(days=7)), w.now)


def _of_documents(w: Work) -> dict[str, Any]:
    """A document whose first version is valid and whose next one waits for approval."""
    details = DocumentDetails(
        title="Security policy",
        owner_id=w.actor_id or 0,
        audience=frozenset({Role.QUALITY_MANAGER}),
        clauses=frozenset({("ISO/IEC 27001:2022", "5")}),
    )
    document = documents.write(w, details, "# Policy\n\nLock your screen.")
    version = documents.send(w, document)
    version.step, version.valid_from, version.approved_on = Step.APPROVED, w.today, w.today
    version.approved_by_id = w.actor_id
    w.flush()
    documents.begin_version(w, document)
    documents.save(w, document, VersionText(body="# Policy\n\nLock your door.", note="Doors"))
    return {"documents.reference": document.reference, "documents.number": 1}


def _of_courses(w: Work) -> dict[str, Any]:
    """A course that is published, a draft of its next version, and a path with it and another."""
    course = taught(w, clauses=frozenset({("ISO/IEC 27001:2022", "7.3")}), valid_months=12)
    other = courses.write(
        w, CourseDetails(title="Auditing", prerequisites=frozenset({course.reference}), self_enrolment=True)
    )
    path = learning_paths.write_path(w, PathDetails(title="New", courses=(course.reference, other.reference)))
    courses.begin_draft(w, course)
    quiz = quiz_in(w, course)
    return {
        "courses.reference": course.reference,
        "courses.number": 1,
        "section_id": quiz.section_id,
        "lesson_id": quiz.id,
        "question_id": quiz.questions[0].id,
        "file_id": w.all(select(Attachment.id).where(Attachment.course_id == course.id))[0],
        "path_id": path.id,
    }


def _of_training(w: Work) -> dict[str, Any]:
    """A course asked by a rule and passed elsewhere, an exemption, a competence with evidence, a file that waits."""
    (who, *_) = learners(w, LearnerFilters(text="Mateo"))
    (taken, *_) = courses_offered(w)
    terms = Terms(due_days=30, refreshing=Refreshing.FIXED_DAY, months=12, anchor=w.today)
    assign(w, Wish(course_id=taken[0], role=Role.AUDITOR, terms=terms, goes_on=True))
    past = External(course_id=taken[0], completed_on=w.today - timedelta(days=400), provider="An institute")
    training_records.record_external(w, who.id, past)
    training_records.exempt(w, who.id, taken[0], Exemption(w.today, None, "On leave"))
    asked = competence.create(
        w,
        RequirementDetails(
            name="Lead auditor", team_role=TeamRole.LEAD, courses=frozenset({taken[0]}), audits_witnessed=1
        ),
    )
    shows = EvidenceDetails(kind=EvidenceKind.WITNESSED, says="The audit of last spring", from_on=w.today)
    evidence = competence.record_evidence(w, asked, who.id, shows)
    past_file = FileStorage(
        io.BytesIO(b"E-mail,Course,Completed on\nnobody@example.org,TR-404,2026-02-30\n"), "past.csv"
    )
    return {
        "training.reference": w.all(select(TrainingRule.reference))[0],
        "training.person_id": who.id,
        "training_assignment_id": w.all(select(TrainingAssignment.id).where(TrainingAssignment.person_id == who.id))[0],
        "competence.reference": asked.reference,
        "competence.person_id": who.id,
        "competence_evidence_id": evidence.id,
        "training.token": waiting_files.wait(w, past_file, "training", {"day_order": ""}).token,
    }


def _file_of_people(w: Work) -> str:
    """A file that invites somebody, changes somebody, and has a faulty line; it waits for who sent it alone."""
    lines = b"E-mail,Name,Roles,Seats\nnia@example.org,Nia Bell,Staff,\nTom@northwind.example,Thomas,Auditor,\n"
    file = FileStorage(io.BytesIO(lines + b"jan@example.org,Jan,Janitor,LMS\n"), "people.csv")
    return waiting_files.wait(w, file, "people", {"day_order": ""}).token


def _of_learning(w: Work, learner: int) -> dict[str, Any]:
    """A course that was completed, and one with a quiz that was failed and is tried again."""
    done, made = course_of(w, "Awareness"), course_of(w, "Compliance", quiz=QuizSettings(80, attempts=2))
    enrolment = enrolments.begin(w, done, learner)
    completion = None
    for each in lessons_in(version_taken(w, enrolment.version_id)):
        completion = enrolments.do_lesson(w, enrolment, each)
    assert completion is not None
    under = enrolments.begin(w, made, learner)
    quiz = lessons_in(version_taken(w, under.version_id))[1]
    first = quiz_attempts.begin(w, under, lesson_with_bank(w, quiz.id))
    whole = attempt_whole(w, first.id, learner)
    assert whole is not None
    quiz_attempts.hand_in(w, whole, {})
    second = quiz_attempts.begin(w, under, lesson_with_bank(w, quiz.id))
    return {
        "my_training.reference": made.reference,
        "my_training.lesson_id": quiz.id,
        "attempt_id": second.id,
        "course_statistics.reference": made.reference,
        "enrolment_id": under.id,
        "completion_id": completion.id,
        "verification.number": completion.number,
    }


def _of_seats(w: Work) -> dict[str, Any]:
    """Seats of auditors beside those of the story: one begins later and is suspended in a month, and somebody waits."""
    kind = SeatKind.AUDIT_MANAGER
    until = w.today + timedelta(days=20)
    # From before its plan was sold: by hand none is recorded any more.
    pool = w.add(
        SeatPool(
            kind=kind,
            source=PoolSource.INCLUDED,
            quantity=1,
            starts_on=w.today,
            ends_on=until,
            note="",
            created_at=w.now,
        )
    )
    people = {name: w.all(select(Person.id).where(Person.email.like(f"{name}@%")))[0] for name in _SEATED}
    subscription_seats.assign(w, kind, [people["priya"]], w.today + timedelta(days=10))
    subscription_seats.wait(w, kind, people["tom"])
    return {"subscription_seats.word": kind.value, "pool_id": pool.id, "person_id": people["mateo"]}


def _of_plans(w: Work) -> dict[str, Any]:
    """A plan that is offered, one that was sold with more beside it, and the one that the organisation itself is on."""
    plan = plans.record(w, terms(name="Premier, as it was offered first"), "Everything for three years.")
    client = w.session.scalars(select(Organisation.id).where(Organisation.slug == CLIENT)).one()
    begun = starting(w.today - timedelta(days=40), deposit_minor=99_999)
    sold = subscriptions.offer(w, client, terms(), begun, plan.id)
    with w.within(client) as theirs:
        theirs.actor_id = _somebody_else(theirs)
        subscriptions.accept(theirs, sold.id)
    seats = AdditionDetails(what=Allowance.LMS_SEATS, quantity=3, starts_on=w.today, note="New starters.")
    subscriptions.add(w, sold.id, seats)
    return {
        "plan_id": plan.id,
        "subscriptions.subscription_id": sold.id,
        "plan.subscription_id": subscriptions_of(w)[0].id,
    }


def _somebody_else(w: Work) -> int:
    """Whoever belongs to the seller does not accept for the client: somebody who belongs to neither does here."""
    return w.session.scalars(select(Person.id).where(Person.email == "sunniva@fjordlicht.example")).one()


def _of_agreements(w: Work, home: int) -> dict[str, Any]:
    """One provider asks, another has not answered; and the organisation is a provider itself, with a client."""
    with w.within(w.session.scalars(select(Organisation.id).where(Organisation.slug == "harbour")).one()) as harbour:
        asked = agreements.propose_to_client(harbour, SLUG, set(Share), "As we said on Monday.")
    with w.within(home) as northwind:
        agreements.propose_to_provider(northwind, "nobody-here", USUAL)
        agreements.propose_to_client(northwind, "nobody-here", USUAL)
        ours = agreements.propose_to_client(northwind, CLIENT, USUAL)
    with w.within(w.session.scalars(select(Organisation.id).where(Organisation.slug == CLIENT)).one()) as client:
        client.actor_id = _somebody_else(client)
        agreements.accept_as_client(client, ours.id, set(Share))
    return {
        "agreements.agreement_id": asked.id,
        "client_agreements.agreement_id": ours.id,
        "client_slug": CLIENT,
    }


def _of_invoices(home: int, seller: int, other: int) -> dict[str, Any]:
    """Another organisation that buys of this one, and sells to it: invoices of both, one paid in part and credited."""
    start, due = {"standing": Live.LIVE, "proposed_by_id": seller}, date(2099, 1, 1)
    with work(home, seller) as w:
        w.add(Agreement(addressed_to=BOUGHT, client_id=other, proposed_at=w.now, **start))
        sold = subscriptions.offer(w, other, terms(name="Premier"), starting(w.today - timedelta(days=40)))
    with work(other, seller) as w:
        w.actor_id = _somebody_else(w)
        subscriptions.accept(w, sold.id)
        w.actor_id = seller
        w.add(Agreement(addressed_to=SLUG, client_id=home, proposed_at=w.now, **start))
        own = invoices.issue_own(w, home, "EUR", [Line("Advice", 50_000, 1900)], Paper(due_on=due))
        invoices.pay(w, own.id, 10_000, w.today)
    with work(home, seller) as w:
        row = subscription_by(w, sold.id)
        assert row is not None
        paper = Paper(due_on=due, sender="1 Mill Lane", recipient="Bought Rooms", terms="By transfer.", note="Thanks.")
        issued = invoices.issue_dues(w, row, ["instalment-1"], paper, [Line("Advice", 9_000, 700)])
        whole = invoice_by(w, issued.id, fresh=True)
        assert whole is not None
        invoices.credit(w, issued.id, {whole.lines[1].id: 4_000}, "Shorter than agreed.")
        payment = invoices.pay(w, issued.id, 5_000, w.today, "Bank 17")
    return {
        "invoices.invoice_id": issued.id,
        "invoices.subscription_id": sold.id,
        "payment_id": payment.id,
        "plan_invoices.invoice_id": own.id,
    }


def _process(w: Work) -> str:
    """A process with an owner, somebody who works in it, and clauses of two standards."""
    owner, performer = w.all(select(Membership.person_id).order_by(Membership.id))[:2]
    clauses = frozenset({("ISO/IEC 27001:2022", "9"), ("ISO/IEC 27001:2022", "A.5"), ("ISO/IEC 19770-1:2017", "F1")})
    details = ProcessDetails(
        name="Leavers", purpose="To take back what a leaver holds.", owner_id=owner, performers=frozenset({performer})
    )
    return processes.create(w, replace(details, clauses=clauses)).reference


def _reported(w: Work) -> str:
    """An internal audit with a draft of its report, and a file."""
    ours = select(Audit.reference).where(Audit.kind == AuditKind.INTERNAL)
    reference = w.all(ours.order_by(Audit.starts_on))[0]
    audit = audit_of(w, reference, lock=True)
    assert audit is not None
    # Before an audit has begun its page says so, and shows no draft.
    if audit.starts_on <= w.today and audit.progress is not AuditProgress.CANCELLED:
        audit_reports.begin(w, audit, "To show a draft.")
    attachments.attach(w, Place(audit_id=audit.id), FileStorage(io.BytesIO(b"Agreed.\n"), "agreed.txt"))
    return reference


def _of_reviews(w: Work) -> dict[str, Any]:
    """A review that was held and talked through, with an action, and one that is planned."""
    details = management_reviews.ReviewDetails(
        title="Before the audit",
        held_on=w.today,
        period_starts_on=w.today - timedelta(days=365),
        standards=("ISO/IEC 27001:2022", "ISO/IEC 19770-1:2017"),
        attendees="The board",
    )
    held = management_reviews.plan(w, details)
    management_reviews.hold(w, held.reference, None, w.today, "The board")
    point = held.topics[0]
    management_reviews.say(w, held.reference, point.id, None, "All were done.", "Look at the fire doors.")
    doer = w.all(select(Membership.person_id).order_by(Membership.id))[0]
    management_reviews.decide(w, held.reference, "Look at the fire doors.", doer, w.today + timedelta(days=30))
    management_reviews.plan(w, details)
    return {"management_reviews.reference": held.reference, "topic_id": point.id}


def _of_checklists(w: Work) -> dict[str, Any]:
    """A template, and the checklist of the audit that is going on, with a question that was judged not to be met."""
    template = checklist_templates.write(
        w, "Office round", "", [AskedLine(None, "7.2", "Who keeps the training plan?")]
    )
    judged = select(ChecklistItem).join(Audit, ChecklistItem.audit_id == Audit.id)
    going = judged.where(Audit.progress == AuditProgress.IN_PROGRESS, ChecklistItem.result == ClauseResult.MINOR)
    item = w.all(going.options(joinedload(ChecklistItem.audit)).order_by(ChecklistItem.id))[0]
    return {"checklist.reference": item.audit.reference, "item_id": item.id, "template_id": template.id}


def _printed(w: Work) -> dict[str, int]:
    """A print that waits, one that is done and one that failed."""
    waiting, done, failed = (
        report_runs.ask(w, "asset-register", {"kind": kind}) for kind in ("hardware", "software", "cloud-service")
    )
    for run in (done, failed):
        claim = report_runs.claim(w, run.id, "the furniture", timedelta(minutes=1))
        assert claim is not None
        if run is done:
            stored = Stored(sha256(b"paper").hexdigest(), 123_456)
            report_runs.finish(w, claim, stored, "asset-register-2026-01-02.pdf")
        else:
            report_runs.refuse(w, claim, report_runs.STOPPED)
    return {"reports.run_id": waiting.id, "reports.run.done": done.id, "reports.run.failed": failed.id}


def _of_licences(w: Work) -> dict[str, Any]:
    """A pool with seats, an upgrade with terms and the base that it takes, and one that was given up."""
    upgrade = w.all(select(Entitlement).where(Entitlement.kind == EntitlementKind.UPGRADE))[0]
    seated = select(LicencePool.reference).join(LicenceSeat, LicenceSeat.pool_id == LicencePool.id)
    return {
        "pools.reference": w.all(seated.order_by(LicencePool.id))[0],
        "entitlements.reference": upgrade.reference,
        "entitlements.reinstate.reference": w.all(
            select(Entitlement.reference).where(Entitlement.retired_on.is_not(None))
        )[0],
        **_of_registers(w),
    }


def _seated_pool(w: Work) -> str:
    """A pool of whose seats some are held."""
    held = select(LicencePool.reference).join(LicenceSeat, LicenceSeat.pool_id == LicencePool.id)
    return w.all(held.order_by(LicencePool.id).limit(1))[0]


def _of_software(w: Work) -> dict[str, Any]:
    """A product with releases and installations, a cluster with hosts, and a virtual machine that runs somewhere."""
    release = w.all(select(Release).order_by(Release.id))[0]
    return {
        "product_id": release.product_id,
        "release_id": release.id,
        "installation_id": w.all(
            select(Installation.id).where(Installation.authorisation == Authorisation.UNAUTHORISED)
        )[0],
        "cluster_id": w.all(select(Cluster.id).order_by(Cluster.id))[0],
        "cluster_host_id": w.all(select(ClusterHost.id).order_by(ClusterHost.id))[0],
        "placement_id": w.all(select(Placement.id).where(Placement.ends_on.is_(None)))[0],
        "capacity.asset_id": w.all(select(Placement.guest_id).where(Placement.ends_on.is_(None)))[0],
        "process_area": "F1",
        "batch_id": _imported(w),
        "licences.reference": w.all(select(LicencePool.reference).order_by(LicencePool.id))[0],
        "usage_record_id": w.all(select(UsageRecord.id).order_by(UsageRecord.id))[0],
    }


def _imported(w: Work) -> int:
    """A file that brought an asset and a new name for another."""
    rows = [(2, {"tag": "X-0100", "name": "Scanner", "kind": "hardware"}), (3, {"tag": "X-0101", "name": "Plotter"})]
    batch = carry_out(w, Lines(BatchKind.ASSETS, rows), Sent("hall.csv", sha256(b"hall").hexdigest(), "Walk"))
    return batch.id


def _of_changes(w: Work) -> dict[str, Any]:
    """A request at each point of its way."""

    def at(status: ChangeStatus) -> ChangeRequest:
        found = select(ChangeRequest).where(ChangeRequest.status == status, ~ChangeRequest.is_emergency)
        return w.all(found.order_by(ChangeRequest.id.desc()))[0]

    waiting = at(ChangeStatus.REQUESTED)
    refused = select(ChangeRequest).where(ChangeRequest.status == ChangeStatus.REFUSED, ChangeRequest.is_emergency)
    priya = w.all(select(Person).where(Person.email.like("priya@%")))[0]
    own = w.add(
        ChangeRequest(
            reference="CR-2020-001",
            action=ChangeAction.COPY,
            title="A copy of the server image for the auditors",
            reason="They asked for it.",
            status=ChangeStatus.REQUESTED,
            requested_by_id=priya.id,
            requested_at=w.now,
        )
    )
    return {
        "changes.reference": at(ChangeStatus.CHECKED).reference,
        "changes.decide.reference": waiting.reference,
        "changes.withdraw.reference": own.reference,
        "changes.do.reference": at(ChangeStatus.AUTHORISED).reference,
        "changes.check.reference": at(ChangeStatus.DONE).reference,
        "changes.undo.reference": w.all(refused)[0].reference,
    }


def _of_registers(w: Work) -> dict[str, Any]:
    """The ledger as it was compared, its next run for what is gone, and the invoices."""
    runs = {row.kind: row for row in w.all(select(Reconciliation).order_by(Reconciliation.id))}
    ledger = runs[SourceKind.LEDGER]
    table = Record(2, {"tag": "F-0077", "name": "Conference table, oak"})
    again = reconciliations.run(
        w, SourceKind.LEDGER, ledger.source, Asked(currency="EUR"), [table], SentFile("ledger.csv", "0" * 64, 1)
    )
    return {
        "reconciliations.reference": ledger.reference,
        "reconciliations.gone.reference": again.reference,
        "reconciliations.agreement.reference": runs[SourceKind.INVOICES].reference,
    }


def _of_files(w: Work) -> dict[str, Any]:
    """Files that wait between two steps of a form."""
    ledger = FileStorage(io.BytesIO(b"Asset no,Description\nLT-0001,Laptop\n"), "ledger.csv")
    register = FileStorage(io.BytesIO(b"Tag,Name,Kind\nX-0100,Projector,hardware\n,Nameless,hardware\n"), "assets.csv")
    column_mappings.remember(w, "assets", "A file", {"tag": "Tag", "name": "Name", "kind": "Kind"})
    said = {"kind": "ledger", "source": "SAP fixed assets"}
    return {
        "reconciliations.columns.token": waiting_files.wait(w, ledger, "reconciliation", said).token,
        "imports.token": waiting_files.wait(
            w, register, "import", {"kind": "assets", "source": "A file", "asset": ""}
        ).token,
    }


def _of_cases(w: Work) -> dict[str, Any]:
    """Two cases: one with its whole chain and a request for more time, one whose answer waits to be accepted."""
    ingrid, mateo, priya = (
        Member(row.id, row.name, row.email)
        for name in ("ingrid", "mateo", "priya")
        for row in w.execute(select(Person.id, Person.name, Person.email).where(Person.email.like(f"{name}@%")))
    )
    raised_on = w.today - timedelta(days=10)
    reference = planned(w, ingrid, mateo, raised_on=raised_on, due_on=w.today + timedelta(days=30))
    w.session.expire_all()
    later = w.today + timedelta(days=30)
    asked = case_deadlines.ask(w, reference, None, DueKind.ANSWER, later, "Half of the team is away.")
    waiting = planned(w, priya, mateo, raised_on=raised_on, due_on=w.today + timedelta(days=30))
    answered = w.all(select(BodyNonconformity).order_by(BodyNonconformity.id))[-1]
    named = ("certificate_id", "audit_id", "grade", "clause", "raised_on", "response_due_on")
    told = {name: getattr(answered, name) for name in named}
    behind_none = BodyNonconformity(reference="NC-2020-001", statement="The programme is not reviewed.", **told)
    body = w.add(behind_none).reference
    of_case = select(Action.reference).join(CorrectiveAction, CorrectiveAction.id == Action.case_id)
    action = w.all(of_case.where(CorrectiveAction.reference == reference).order_by(Action.id))[0]
    return {
        "corrective_actions.reference": reference,
        "corrective_actions.open_behind.reference": body,
        "corrective_actions.decide.reference": waiting,
        "extension_id": asked.id,
        "actions.reference": action,
        "kind": "csv",
    }


def _of_assets(w: Work) -> dict[str, Any]:
    """An asset with all that its page can show, its custodian, and a check with differences."""
    site = w.all(select(Site).order_by(Site.id))[0]
    told = {"kind": OwnershipKind.LEASED, "party": "Nordlease", "contract": "L-1"}
    gone = employ(w, "X-1", "Greta Moor", left_on=w.today)
    asset = equip(w, "X-0001", site_id=site.id, keywords="rack", purchased_on=w.today - timedelta(days=400))
    asset.custodian_id = gone.id
    ownerships.change_ownership(w, again(w, asset.id), OwnershipDetails(starts_on=w.today, **told))
    answer_for(w, asset.id, Duty.SECURITY)
    picture = io.BytesIO()
    Image.new("RGB", (400, 300), "teal").save(picture, "JPEG")
    photographs.set_photograph(w, asset, FileStorage(picture, "laptop.jpg"))
    equip(w, "X-0002", "Projector", site_id=site.id, is_ours=False)
    check = inventory_checks.start(w, "The store", site.id)
    inventory_checks.count(w, check, "X-0001\nX-9999")
    inventory_checks.end_counting(w, check)
    counting = inventory_checks.start(w, site_id=site.id)
    inventory_checks.count(w, counting, "X-0001\nX-9999")
    line = w.all(select(InventoryLine.id).where(InventoryLine.check_id == check.id, InventoryLine.tag == "X-9999"))
    return {
        "asset_id": asset.id,
        "employee_id": gone.id,
        "inventory_checks.reference": check.reference,
        "inventory_checks.show.reference": counting.reference,
        "inventory_checks.end_counting.reference": counting.reference,
        "inventory_checks.export.reference": check.reference,
        "line_id": line[0],
        "sheet": "csv",
    }
