"""Documents: the list, one of them, what is valid of it, who has acknowledged it and who owes that."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import defer, joinedload, selectinload

from app.domain.documents.due import Owed, owed, review_due, waiting
from app.domain.documents.version import Standing, Step, Version, standings, valid_on
from app.domain.named_files import names_in
from app.domain.permission import Role
from app.models.attachment import Attachment
from app.models.document import Document, DocumentAcknowledgement, DocumentClause, DocumentVersion
from app.models.organisation import Membership, Organisation
from app.models.person import Person
from app.queries.members import is_live
from app.work import Work
from app.work.unit import today_in

V = DocumentVersion


@dataclass(frozen=True, slots=True)
class Member:
    """One of those a document may be for: where, with what roles, and since when."""

    home: int
    person: Person
    roles: frozenset[Role]
    joined_on: date


@dataclass(frozen=True, slots=True)
class Stand:
    """How a document stands today: its valid version, the one being written, and what its audience owes.

    `lines` is empty where no version is valid; `review_on` is then None too.
    """

    document: Document
    standings: dict[int, Standing]
    valid: DocumentVersion | None
    pending: DocumentVersion | None
    review_on: date | None
    lines: tuple[Owed, ...]
    people: dict[int, Person]

    @property
    def waiting(self) -> tuple[Owed, ...]:
        """Those of its audience who have not acknowledged the valid version."""
        return waiting(self.lines)

    @property
    def done(self) -> int:
        """How many of its audience have acknowledged the valid version."""
        return sum(each.acknowledged_at is not None for each in self.lines)

    def is_review_late(self, today: date) -> bool:
        """Whether the day of its review has passed."""
        return self.review_on is not None and self.review_on < today


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """An approved document of a standard: who of its audience has acknowledged its valid version, and who has not."""

    reference: str
    title: str
    number: int
    done: tuple[Person, ...]
    waiting: tuple[Person, ...]


def document_by(work: Work, reference: str, *, lock: bool = False) -> Document | None:
    """One document with its versions, clauses and audience; locked, nobody else changes anything of it meanwhile."""
    statement = select(Document).where(Document.reference == reference).options(*_whole())
    if lock:
        statement = statement.with_for_update(of=Document).execution_options(populate_existing=True)
    return work.one_or_none(statement)


def stand_of(work: Work, document: Document) -> Stand:
    """How one document stands today."""
    return _stands(work, [document])[0]


def document_stands(work: Work, text: str = "", standard: str = "", *, withdrawn: bool = True) -> list[Stand]:
    """The documents by reference, each as it stands, without its texts; a fixed number of queries."""
    statement = select(Document).options(*_whole(defer(V.body))).order_by(Document.reference)
    if text:
        named = (Document.title, Document.reference, Document.summary)
        statement = statement.where(or_(*(column.icontains(text, autoescape=True) for column in named)))
    if standard:
        on = select(DocumentClause.document_id).where(DocumentClause.standard == standard)
        statement = statement.where(Document.id.in_(on))
    if not withdrawn:
        statement = _in_use(statement, work.today)
    return _stands(work, work.all(statement))


def acknowledgements_by_home(work: Work, wanted: Collection[str]) -> dict[tuple[int, str], list[Acknowledged]]:
    """Of each document with a valid version, who of its audience has acknowledged it and who has not, by whose it is
    and of which standard; a fixed number of queries.

    Standards are named with their edition, ISO/IEC 27001:2022. Documents that are only being written are left out.
    """
    on = select(DocumentClause.document_id).where(DocumentClause.standard.in_(wanted))
    statement = _in_use(select(Document).where(Document.id.in_(on)), work.today).options(*_whole())
    found: dict[tuple[int, str], list[Acknowledged]] = {}
    for each in _stands(work, work.all(statement.order_by(Document.reference))):
        if each.valid is None:
            continue
        told_of = Acknowledged(
            each.document.reference,
            each.document.title,
            each.valid.number,
            tuple(each.people[line.person_id] for line in each.lines if line.acknowledged_at is not None),
            tuple(each.people[line.person_id] for line in each.waiting),
        )
        for standard in {clause.standard for clause in each.document.clauses} & set(wanted):
            found.setdefault((each.document.organisation_id, standard), []).append(told_of)
    return found


def texts_of(work: Work, version_ids: Collection[int]) -> dict[int, str]:
    """The texts of versions, by version. One query."""
    if not version_ids:
        return {}
    statement: Any = select(V.id, V.body).where(V.id.in_(version_ids))
    return dict(work.execute(statement).all())


def standards_spoken_of(work: Work) -> list[str]:
    """The standards that any document speaks of, by name."""
    return sorted(work.all(select(DocumentClause.standard).distinct()))


def pending_in(document: Document) -> DocumentVersion | None:
    """The version that is being written or reviewed; None where none is."""
    return next((each for each in reversed(document.versions) if each.step is not Step.APPROVED), None)


def told(document: Document) -> list[Version]:
    """The versions of a document as the rules look at them."""
    return [Version(each.number, each.step, each.valid_from) for each in document.versions]


def files_of_document(work: Work, document_id: int) -> dict[str, Attachment]:
    """The files of a document by their names, which are its own."""
    rows = work.all(select(Attachment).where(Attachment.document_id == document_id).order_by(Attachment.file_name))
    return {row.file_name: row for row in rows}


def versions_with(work: Work, document_id: int, file_name: str) -> list[int]:
    """The numbers of the versions, approved or in review, that name a file of the document, as their reader reads."""
    statement = (
        select(V.number, V.file_name, V.body)
        .where(V.document_id == document_id, V.step != Step.DRAFT)
        .order_by(V.number)
    )
    return [
        number for number, file, body in work.execute(statement) if file_name == file or file_name in names_in(body)
    ]


def hold_document(work: Work, document_id: int) -> None:
    """Nobody else changes a document until the work ends, whoever looks at its files meanwhile."""
    work.all(select(Document.id).where(Document.id == document_id).with_for_update())


def acknowledged_by(work: Work, version_ids: Collection[int]) -> dict[int, dict[int, datetime]]:
    """When each person acknowledged, by version."""
    found: dict[int, dict[int, datetime]] = {each: {} for each in version_ids}
    A = DocumentAcknowledgement
    if found:
        rows = work.execute(
            select(A.document_version_id, A.person_id, A.acknowledged_at).where(A.document_version_id.in_(found))
        )
        for version_id, person_id, at in rows:
            found[version_id][person_id] = at
    return found


def readers(work: Work) -> list[Member]:
    """Those who belong today, with their roles."""
    rows = work.all(select(Membership).options(joinedload(Membership.person)).order_by(Membership.id))
    homes = {each.organisation_id for each in rows}
    statement = select(Organisation.id, Organisation.time_zone).where(Organisation.id.in_(homes))
    zones: dict[int, str] = {row[0]: row[1] for row in work.execute(statement)}
    return [
        Member(each.organisation_id, each.person, each.roles, today_in(zones[each.organisation_id], each.joined_at))
        for each in rows
        if is_live(work, each)
    ]


def _stands(work: Work, documents: list[Document]) -> list[Stand]:
    if not documents:
        return []
    members = readers(work)
    people = {each.person.id: each.person for each in members}
    valid = {each.id: _valid(work, each) for each in documents}
    acknowledged = acknowledged_by(work, [each.id for each in valid.values() if each is not None])
    found = []
    for document in documents:
        version, roles = valid[document.id], {each.role for each in document.audience}
        lines: tuple[Owed, ...] = ()
        review_on = None
        if version is not None and version.valid_from is not None:
            home = document.organisation_id
            audience = {each.person.id: each.joined_on for each in members if each.home == home and each.roles & roles}
            lines = owed(version.valid_from, document.acknowledge_days, audience, acknowledged[version.id])
            review_on = review_due(version.valid_from, document.reviewed_on, document.review_months).value
        how = standings(told(document), work.today, document.withdrawn_on)
        found.append(Stand(document, how, version, pending_in(document), review_on, lines, people))
    return found


def _in_use(statement: Any, day: date) -> Any:
    """Those that are not withdrawn on a day."""
    return statement.where(or_(Document.withdrawn_on.is_(None), Document.withdrawn_on > day))


def _valid(work: Work, document: Document) -> DocumentVersion | None:
    number = valid_on(told(document), work.today, document.withdrawn_on)
    return next((each for each in document.versions if each.number == number), None)


def _whole(*of_versions: Any) -> tuple[Any, ...]:
    return (
        joinedload(Document.owner),
        selectinload(Document.versions).options(joinedload(V.written_by), joinedload(V.approved_by), *of_versions),
        selectinload(Document.clauses),
        selectinload(Document.audience),
    )
