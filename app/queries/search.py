"""What an organisation keeps, by a few letters of what it is called: certificates, audits, assets, people and more."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from app.domain.dates import say
from app.domain.documents.version import Step
from app.models.audit import Audit, TeamMember
from app.models.certificate import BodyNonconformity, Certificate, CertificationBody
from app.models.corrective_action import Action, CorrectiveAction
from app.models.document import Document, DocumentVersion
from app.models.finding import Finding
from app.models.invoice import Invoice
from app.models.organisation import Membership
from app.models.person import Person
from app.queries.assets import AssetFilters, asset_register
from app.queries.entitlements import EntitlementFilters, entitlement_list
from app.queries.pools import PoolFilters, pool_list
from app.work import ACROSS, Work

MOST = 25


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found: its noun, its name, and a line that tells it from others."""

    noun: str
    reference: str
    says: str
    key: object = None
    """What its page is found by, where that is not the reference."""


@dataclass(frozen=True, slots=True)
class Papers:
    """Which documents and invoices the visitor may see."""

    documents: bool = False
    drafts: bool = False
    received: bool = False
    issued: bool = False


def search(work: Work, words: str, *, with_assets: bool = False, papers: Papers = Papers()) -> tuple[Hit, ...]:
    """What holds every one of the words; at most 25 of each noun, and of each only for whom it is there."""
    terms = words.split()[:6]
    if not terms:
        return ()
    certificates = (
        select(Certificate.reference, Certificate.standard, Certificate.edition, Certificate.number)
        .where(*_holds(terms, Certificate.reference, Certificate.standard, Certificate.number, Certificate.scope))
        .order_by(Certificate.reference)
        .limit(MOST)
    )
    audits = (
        select(Audit.reference, Audit.kind, Audit.title, Audit.starts_on)
        .where(*_holds(terms, Audit.reference, Audit.title, Audit.kind))
        .order_by(Audit.starts_on.desc())
        .limit(MOST)
    )
    bodies = (
        select(CertificationBody.id, CertificationBody.name, CertificationBody.accreditation_number)
        .where(
            *_holds(
                terms,
                CertificationBody.name,
                CertificationBody.accreditation_body,
                CertificationBody.accreditation_number,
                CertificationBody.contact,
            )
        )
        .order_by(CertificationBody.name, CertificationBody.id)
        .limit(MOST)
    )
    raised = (
        select(BodyNonconformity.reference, BodyNonconformity.grade, BodyNonconformity.statement)
        .where(
            *_holds(
                terms,
                BodyNonconformity.reference,
                BodyNonconformity.body_reference,
                BodyNonconformity.clause,
                BodyNonconformity.statement,
            )
        )
        .order_by(BodyNonconformity.raised_on.desc(), BodyNonconformity.reference)
        .limit(MOST)
    )
    cases = (
        select(CorrectiveAction.reference, CorrectiveAction.stage, Finding.title)
        .join(Finding, CorrectiveAction.finding_id == Finding.id)
        .where(*_holds(terms, Finding.reference, Finding.title, Finding.clause, CorrectiveAction.root_cause))
        .order_by(CorrectiveAction.raised_on.desc(), CorrectiveAction.id.desc())
        .limit(MOST)
    )
    deeds = (
        select(Action.reference, Action.says)
        .where(*_holds(terms, Action.reference, Action.says))
        .order_by(Action.id.desc())
        .limit(MOST)
    )
    found = (
        select(Finding.reference, Finding.grade, Finding.title)
        .where(*_holds(terms, Finding.reference, Finding.title, Finding.clause, Finding.statement))
        .order_by(Finding.raised_on.desc(), Finding.id.desc())
        .limit(MOST)
    )
    outside = (
        select(TeamMember.outside_name, TeamMember.outside_email, func.max(Audit.reference), func.count())
        .join(Audit, Audit.id == TeamMember.audit_id)
        .where(TeamMember.outside_name != "", *_holds(terms, TeamMember.outside_name, TeamMember.outside_email))
        .group_by(TeamMember.outside_name, TeamMember.outside_email)
        .order_by(TeamMember.outside_name, TeamMember.outside_email)
        .limit(MOST)
    )
    people = (
        select(Person.id, Person.name, Person.email)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.ended_at.is_(None), Person.erased_at.is_(None), *_holds(terms, Person.name, Person.email))
        .order_by(Person.name)
        .limit(MOST)
    )
    return (
        *_documents(work, terms, papers),
        *_invoices(work, terms, papers),
        *(Hit("certificate", row[0], f"{row[1]}:{row[2]} {row[3]}".strip()) for row in work.execute(certificates)),
        *(
            Hit("audit", row[0], f"{row[2] or row[1].value.replace('-', ' ').capitalize()}, {row[3]:%Y}")
            for row in work.execute(audits)
        ),
        *(
            Hit("nonconformity", row[0], f"{row[1].value.capitalize()}: {_begin(row[2])}")
            for row in work.execute(raised)
        ),
        *(Hit("corrective action", row[0], f"{row[1].label}: {_begin(row[2])}") for row in work.execute(cases)),
        *(Hit("action", row[0], _begin(row[1])) for row in work.execute(deeds)),
        *(Hit("finding", row[0], f"{row[1].label}: {_begin(row[2])}") for row in work.execute(found)),
        *(Hit("certification body", row[1], row[2], row[0]) for row in work.execute(bodies)),
        *(_assets(work, words) if with_assets else ()),
        *(_licences(work, words) if with_assets else ()),
        *(Hit("person", row[1], row[2] or "") for row in work.execute(people)),
        *(
            Hit("outside auditor", row[0], f"{row[1]}, {_audits(row[3])}".removeprefix(", "), row[2])
            for row in work.execute(outside)
        ),
    )


def _documents(work: Work, terms: list[str], papers: Papers) -> list[Hit]:
    """By number, title and summary; what was never approved only for those who write documents."""
    if not papers.documents:
        return []
    statement: Any = (
        select(Document.reference, Document.title)
        .where(*_holds(terms, Document.reference, Document.title, Document.summary))
        .order_by(Document.reference)
        .limit(MOST)
    )
    if not papers.drafts:
        approved = select(DocumentVersion.document_id).where(DocumentVersion.step == Step.APPROVED)
        statement = statement.where(Document.id.in_(approved))
    return [Hit("document", *row) for row in work.execute(statement)]


def _invoices(work: Work, terms: list[str], papers: Papers) -> list[Hit]:
    """By number, and by who issued it to whom: those that the organisation received, and those that it issued."""
    found = []
    for noun, seen, whose, other in (
        ("invoice", papers.received, Invoice.client_id, Invoice.seller_name),
        ("issued invoice", papers.issued, Invoice.organisation_id, Invoice.client_name),
    ):
        if not seen:
            continue
        statement: Any = (
            select(Invoice.id, Invoice.reference, other, Invoice.issued_on)
            .where(whose == work.home, *_holds(terms, Invoice.reference, other))
            .order_by(Invoice.issued_on.desc(), Invoice.id.desc())
            .limit(MOST)
            .execution_options(**{ACROSS: "an invoice has two sides"})
        )
        found += [Hit(noun, row[1], f"{row[2]}, {say(row[3])}", row[0]) for row in work.execute(statement)]
    return found


def _begin(statement: str) -> str:
    """The first line of a statement, cut where it is long."""
    line = " ".join(statement.split())
    return line if len(line) <= 120 else f"{line[:119].rstrip()}…"


def _audits(count: int) -> str:
    return "on the team of 1 audit" if count == 1 else f"on the teams of {count:,} audits"


def _assets(work: Work, words: str) -> list[Hit]:
    """By tag, name, serial, maker, model and keyword."""
    found = asset_register(work, AssetFilters(text=words)).rows[:MOST]
    return [Hit("asset", row.tag, f"{row.name} {row.serial}".strip(), row.id) for row in found]


def _licences(work: Work, words: str) -> list[Hit]:
    """Pools by what they are called and cover; entitlements by their papers."""
    pools, _ = pool_list(work, PoolFilters(text=words))
    bought, _ = entitlement_list(work, EntitlementFilters(text=words))
    return [
        *(Hit("pool", row.reference, f"{row.name}, {row.metric.label.lower()}") for row in pools[:MOST]),
        *(Hit("entitlement", row.reference, f"{row.quantity:,} in {row.pool}") for row in bought[:MOST]),
    ]


def _holds(
    terms: list[str], *columns: InstrumentedAttribute[str] | InstrumentedAttribute[str | None]
) -> list[ColumnElement[bool]]:
    return [or_(*(column.icontains(term, autoescape=True) for column in columns)) for term in terms]
