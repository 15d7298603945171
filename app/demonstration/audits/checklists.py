"""Three internal audits: what each was to look at, and what was found on each question."""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.demonstration.audits.processes import SECURITY, SERVICES
from app.demonstration.telling import ago
from app.domain.programme.checklist import ClauseResult, ItemField, ItemSource
from app.domain.programme.progress import AuditProgress
from app.models.process import Process
from app.operations import audit_assets, audit_plans, audits, checklist, checklist_templates
from app.operations.audit_plans import PlanDetails
from app.operations.checklist import Said
from app.operations.checklist_templates import AskedLine
from app.queries.audit_plan import standards_on_offer
from app.queries.checklist import items_of
from app.queries.checklist_building import Choice, questions_of, scope_of

if TYPE_CHECKING:
    from app.demonstration.audits.diary import Diary

R, F = ClauseResult, ItemField
LEADERSHIP, OPERATION, ACCESS = "Leadership and planning", "Operation and change", "Access and assets"
"""The audits by their titles; the last is going on."""
COMING = "Suppliers and incidents"
"""Planned, and its plan is being made."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found on one question; without a verdict it is still to be asked."""

    standard: str
    clause: str
    result: ClauseResult = R.NOT_ASSESSED
    evidence: str = ""
    met: str = ""
    seen: str = ""
    samples: str = ""
    notes: str = ""

    @property
    def said(self) -> dict[ItemField, Said]:
        """The fields that hold something."""
        told = {
            F.RESULT: self.result.value,
            F.EVIDENCE: self.evidence,
            F.PEOPLE_MET: self.met,
            F.DOCUMENTS_SEEN: self.seen,
            F.SAMPLES: self.samples,
            F.NOTES: self.notes,
        }
        return {name: Said(value) for name, value in told.items() if value}


@dataclass(frozen=True, slots=True)
class Told:
    """An audit as it was planned."""

    title: str
    objectives: str
    criteria: str
    scope: str
    methods: str
    processes: tuple[str, ...]
    tags: str
    answers: tuple[Answer, ...]


AUDITS = (
    Told(
        LEADERSHIP,
        "See whether both management systems are led and planned as one, and whether people know their part.",
        "Policies of information security and of service management; the statement of applicability, version 7.",
        "Management, people and the service desk in Hamburg, since the last certification audit.",
        "Talks, and records sampled by chance.",
        ("Risk and policy",),
        "",
        (
            Answer(SECURITY, "5.1", R.CONFORMS, "Minutes of three board meetings treat security targets.",
                   "Ingrid Falk; two of the board", "Minutes of the last three quarters"),
            Answer(SECURITY, "5.2", R.CONFORMS, "Version 5, approved by the board; five of five knew it.",
                   samples="5 of 170 people"),
            Answer(SECURITY, "5.3", R.OPPORTUNITY, "Roles are named in four documents that have to be kept alike.",
                   seen="Roles and responsibilities, version 3"),
            Answer(SECURITY, "6.1.2", R.CONFORMS, "Method unchanged, assessment of this year complete.",
                   seen="Risk assessment, sheets 1 to 14"),
            Answer(SECURITY, "6.1.3", R.CONFORMS, "Three treatments followed from the decision to what was done.",
                   samples="Treatments 4, 9 and 17"),
            Answer(SECURITY, "7.2", R.MINOR, "Two of six people who handle incidents have no record of the training.",
                   "Tom Becker", "Training plan; six files", "6 of 22 people of the service desk"),
            Answer(SECURITY, "7.3", R.CONFORMS, "All of five knew how to report an event.", samples="5 people"),
            Answer(SERVICES, "5.2.1", R.CONFORMS, "One policy covers both systems.", seen="Policy, version 5"),
            Answer(SERVICES, "6.3", R.CONFORMS, "The plan names services, resources and targets.", "Ingrid Falk"),
            Answer(SERVICES, "7.6", R.NOT_SAMPLED, notes="The keeper of the knowledge base was ill; asked next time."),
            Answer(SERVICES, "8.6.2", R.MINOR, "Of eleven requests two have no agreed fulfilment time.",
                   "Tom Becker", samples="11 of 340 requests"),
        ),
    ),
    Told(
        OPERATION,
        "See whether operation follows what was planned, and whether changes and licences are under control.",
        "Change control and licence management procedures; the contracts of the publishers in the sample.",
        "Service desk in Leipzig, and from there the hosts in Rotterdam by shared screen.",
        "Records followed from request to closure, in both directions; counts compared with the register.",
        ("Asset and licence management", "Patching and vulnerabilities", "Incidents and requests"),
        "SRV-001\nSRV-002\nNET-004\nNET-009",
        (
            Answer(SECURITY, "8.1", R.CONFORMS, "Twelve tasks of operation, all with instructions that are in use.",
                   "Jonas Weber; two of infrastructure"),
            Answer(SECURITY, "8.2", R.CONFORMS, "Assessed again after the move of the mail service."),
            Answer(SECURITY, "A.5.9", R.CONFORMS, "Ten from register to shelf, ten back: all twenty agree.",
                   "Priya Nair", "Asset register", "20 assets"),
            Answer(SECURITY, "A.5.32", R.MAJOR,
                   "128 cores run the database and 96 are entitled; nobody had counted since the cluster was enlarged.",
                   "Priya Nair", "Entitlements E-006 and E-007; licence position of LP-004", "SRV-001 and SRV-002"),
            Answer(SECURITY, "A.5.18", R.OBSERVATION,
                   "Access is taken back on the day, and the list of open accounts is compared once a year only.",
                   "Jonas Weber"),
            Answer(SECURITY, "A.8.8", R.MINOR,
                   "Three switches run firmware that its maker stopped mending; no decision on them is recorded.",
                   "Tom Becker", "Patch report of the week", "NET-004, NET-009 and NET-017"),
            Answer(SECURITY, "A.8.13", R.CONFORMS, "A restore of last month took 40 minutes; the target is 60."),
            Answer(SECURITY, "A.8.30", R.NOT_APPLICABLE, notes="Nothing is developed by others."),
            Answer(SERVICES, "8.2.5", R.CONFORMS, "Each service names its assets; five of five were right.",
                   samples="5 services"),
            Answer(SERVICES, "8.5.1", R.CONFORMS, "Eight changes, each asked for, authorised and checked.",
                   samples="8 of 61 changes"),
            Answer(SERVICES, "8.6.1", R.CONFORMS, "Twelve incidents, all in the agreed times.", samples="12 incidents"),
            Answer(SERVICES, "8.7.2", R.CONFORMS, "Tried out in spring, with the supplier of the data centre."),
        ),
    ),
    Told(
        ACCESS,
        "See whether people, devices and accounts come and go together, and what the last audits left open.",
        "Access control rules; own-device agreement; disposal procedure.",
        "Hamburg and Leipzig: people, their devices and their accounts, since the last audit.",
        "Joiners, movers and leavers followed by name; devices looked at where they stand.",
        ("Access control", "Asset and licence management"),
        "LT-0077\nPC-014\nPC-026",
        (
            Answer(SECURITY, "A.5.9", R.CONFORMS, "Fifteen devices, all where the register has them.",
                   "Priya Nair", samples="15 of 30 workplaces"),
            Answer(SECURITY, "A.5.10", R.OBSERVATION, "Two of six did not know that remote tools need a request.",
                   samples="6 people of the service desk"),
            Answer(SECURITY, "A.5.11", R.CONFORMS, "Eight of nine leavers handed all back; the ninth is known."),
            Answer(SECURITY, "A.5.15", R.CONFORMS, "By role, approved by the owners of the systems.", "Jonas Weber"),
            Answer(SECURITY, "A.5.16", R.CONFORMS, "No shared account among forty.", samples="40 accounts"),
            Answer(SECURITY, "A.5.18", R.MINOR,
                   "Two of nine leavers still had an account in the ticketing service, after 12 and 40 days.",
                   "Jonas Weber", "List of accounts of this week", "9 leavers"),
            Answer(SECURITY, "A.8.1", R.CONFORMS, "All are encrypted and lock themselves.", samples="15 devices"),
            Answer(SECURITY, "A.8.2", R.OPPORTUNITY, "Rights of administrators could end by themselves after a day."),
            Answer(SECURITY, "A.6.1"),
            Answer(SECURITY, "A.6.5"),
            Answer(SECURITY, "A.7.9"),
            Answer(SECURITY, "A.7.10"),
            Answer(SECURITY, "A.7.14"),
            Answer(SECURITY, "A.8.5"),
        ),
    ),
)  # fmt: skip
TO_COME = Told(
    COMING,
    "See whether suppliers do what was agreed, and whether incidents that begin with them reach those who act.",
    "Supplier policy; the hosting contract; the procedure for incidents.",
    "Rotterdam and the service desk: the last six months.",
    "Contracts read beside what was delivered; incidents followed from the first call.",
    ("Suppliers", "Incidents and requests"),
    "",
    tuple(
        Answer(standard, clause)
        for standard, clauses in ((SECURITY, ("A.5.19", "A.5.20", "A.5.22", "A.5.26")), (SERVICES, ("8.3.4", "8.6.1")))
        for clause in clauses
    ),
)
ROUND = (
    AskedLine(None, "A.7.2", "Does nobody without a badge walk alone?", "Walk in at the goods entrance."),
    AskedLine(None, "A.7.7", "Are desks and screens clear where nobody sits?", "Ten desks, in the lunch break."),
    AskedLine(None, "A.7.9", "What is carried out of the house, and who knows of it?", "Ask at the reception."),
    AskedLine(None, "A.7.13", "Is the maintenance of the cooling on record?", "The last two visits."),
    AskedLine(None, "A.8.1", "Do unattended devices lock themselves?", "Five workplaces."),
)  # fmt: skip


def checklists(diary: "Diary") -> None:
    """Planned two weeks before, worked through on the days, closed by their approved reports."""
    diary.on(
        ago(diary.today, months=12),
        "mateo",
        partial(checklist_templates.write, diary.work, "Walk through the house", SECURITY, ROUND),
    )
    diary.on(ago(diary.today, days=7), "mateo", partial(_plan, diary, TO_COME))
    for told in AUDITS:
        audit = diary.audits[told.title]
        diary.on(audit.starts_on - timedelta(days=14), "mateo", partial(_plan, diary, told))
        diary.on(audit.starts_on - timedelta(days=7), "mateo", partial(_build, diary, told))
        diary.on(audit.starts_on, "mateo", partial(_step, diary, told, AuditProgress.IN_PROGRESS))
        diary.on(audit.starts_on, "mateo", partial(_answer, diary, told))


def _plan(diary: "Diary", told: Told) -> None:
    work, audit = diary.work, diary.held(told.title)
    chosen = set(told.processes)
    details = PlanDetails(
        objectives=told.objectives,
        standards=frozenset(each.standard for each in told.answers),
        criteria=told.criteria,
        scope=told.scope,
        methods=told.methods,
        points=frozenset((each.standard, each.clause) for each in told.answers),
        processes=frozenset(work.all(select(Process.id).where(Process.name.in_(chosen)))),
    )
    audit_plans.edit(work, audit, details, frozenset(standards_on_offer(work, audit)))


def _build(diary: "Diary", told: Told) -> None:
    work, audit = diary.work, diary.held(told.title)
    scope = scope_of(work, audit)
    checklist.add_questions(work, audit, questions_of(work, audit, scope, Choice(standards=scope.standards)))
    if told.title == ACCESS:
        checklist.add_questions(
            work, audit, questions_of(work, audit, scope, Choice(scope.standards, open_points=True))
        )


def _step(diary: "Diary", told: Told, to: AuditProgress) -> None:
    audits.take_step(diary.work, diary.audits[told.title].reference, to)


def _answer(diary: "Diary", told: Told) -> None:
    work, audit = diary.work, diary.held(told.title)
    if told.tags:
        audit_assets.look_at(work, audit, told.tags)
    items = {
        (each.standard, each.clause): each
        for each in reversed(items_of(work, audit.id))
        if each.source is ItemSource.CLAUSE
    }
    for answer in told.answers:
        if answer.result.is_assessed:
            checklist.say(work, audit, items[answer.standard, answer.clause], answer.said)
