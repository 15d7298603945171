"""Audits as pages read them: a page of the register, one audit, one's own, and whom an audit needs on its days."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import selectinload

from app.domain.certification.facts import AuditKind, Outcome
from app.domain.programme.collisions import Booking
from app.domain.programme.team import Seat, TeamRole
from app.models.audit import Audit, AuditCertificate, AuditProgress, AuditSite, TeamMember
from app.models.certificate import Certificate, CertificateSite
from app.models.journal import JournalEntry
from app.models.organisation import Membership, Site
from app.models.person import Person
from app.work import Work
from app.work.journal import chain_of

PAGE = 50
TO_COME = (AuditProgress.PLANNED, AuditProgress.CONFIRMED, AuditProgress.IN_PROGRESS)
HELD = (AuditProgress.REPORT_DRAFTED, AuditProgress.CLOSED)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which audits a list shows. `progress` empty means any; the period takes every audit that touches it."""

    kind: AuditKind | None = None
    progress: tuple[AuditProgress, ...] = ()
    certificate: int | str | None = None
    """Its id, or its reference."""
    site_id: int | None = None
    person_id: int | None = None
    since: date | None = None
    until: date | None = None
    overdue: bool = False
    newest_first: bool = False


@dataclass(frozen=True, slots=True)
class Served:
    """A certificate that an audit serves, and as what."""

    audit_id: int
    certificate_id: int
    reference: str
    standard: str
    kind: AuditKind
    outcome: Outcome | None


@dataclass(frozen=True, slots=True)
class Row:
    """An audit in a list."""

    id: int
    reference: str
    kind: AuditKind
    title: str
    starts_on: date
    ends_on: date
    progress: AuditProgress
    certificates: tuple[Served, ...] = ()
    sites: tuple[str, ...] = ()
    lead: str = ""
    team_size: int = 0

    def is_overdue(self, today: date) -> bool:
        return self.progress in TO_COME and self.ends_on < today


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list, and how many rows there are in all."""

    rows: list[Row]
    total: int
    number: int

    @property
    def pages(self) -> int:
        return max(-(-self.total // PAGE), 1)


def page_of(work: Work, wanted: Wanted, number: int = 1) -> Page:
    """A page of the audits that are wanted; a number of queries that does not depend on how many there are."""
    total = work.session.scalar(_narrowed(select(func.count(Audit.id)), wanted, work.today)) or 0
    number = max(1, min(number, -(-total // PAGE)))
    statement = _narrowed(_columns(), wanted, work.today)
    order = (Audit.ends_on.desc(), Audit.id.desc()) if wanted.newest_first else (Audit.ends_on, Audit.id)
    found = work.execute(statement.order_by(*order).limit(PAGE).offset((number - 1) * PAGE))
    return Page(_completed(work, [Row(*row) for row in found]), total, number)


def assigned_to(work: Work, person_id: int, limit: int = 200) -> list[Row]:
    """The audits whose team a person is on and that are not cancelled: those to come, then the latest held."""
    mine = select(TeamMember.audit_id).where(TeamMember.person_id == person_id)
    base = _columns().where(Audit.id.in_(mine))
    coming = base.where(Audit.progress.in_(TO_COME)).order_by(Audit.ends_on, Audit.id).limit(limit)
    held = base.where(Audit.progress.in_(HELD)).order_by(Audit.ends_on.desc(), Audit.id.desc()).limit(20)
    return _completed(work, [Row(*row) for each in (coming, held) for row in work.execute(each)])


def those_with(work: Work, audit_ids: Collection[int]) -> list[Row]:
    """These audits, the next first."""
    if not audit_ids:
        return []
    found = work.execute(_columns().where(Audit.id.in_(audit_ids)).order_by(Audit.ends_on, Audit.id))
    return _completed(work, [Row(*row) for row in found])


def roles_of(work: Work, person_id: int, audit_ids: Collection[int]) -> dict[int, list[TeamRole]]:
    """What a person does in these audits."""
    found: dict[int, list[TeamRole]] = defaultdict(list)
    rows = select(TeamMember.audit_id, TeamMember.role).where(
        TeamMember.person_id == person_id, TeamMember.audit_id.in_(audit_ids)
    )
    for audit_id, role in work.execute(rows):
        found[audit_id].append(role)
    return found


def _columns() -> Any:
    return select(Audit.id, Audit.reference, Audit.kind, Audit.title, Audit.starts_on, Audit.ends_on, Audit.progress)


def _narrowed(statement: Any, wanted: Wanted, today: date) -> Any:
    asked: list[Any] = []
    if wanted.kind is not None:
        served_as = select(AuditCertificate.audit_id).where(AuditCertificate.kind == wanted.kind)
        asked.append(or_(Audit.kind == wanted.kind, Audit.id.in_(served_as)))
    if wanted.progress:
        asked.append(Audit.progress.in_(wanted.progress))
    if wanted.certificate is not None:
        serving = select(AuditCertificate.audit_id).join(Certificate, AuditCertificate.certificate_id == Certificate.id)
        named = Certificate.id if isinstance(wanted.certificate, int) else Certificate.reference
        asked.append(Audit.id.in_(serving.where(named == wanted.certificate)))
    if wanted.site_id is not None:
        asked.append(Audit.id.in_(select(AuditSite.audit_id).where(AuditSite.site_id == wanted.site_id)))
    if wanted.person_id is not None:
        asked.append(Audit.id.in_(select(TeamMember.audit_id).where(TeamMember.person_id == wanted.person_id)))
    if wanted.since is not None:
        asked.append(Audit.ends_on >= wanted.since)
    if wanted.until is not None:
        asked.append(Audit.starts_on <= wanted.until)
    if wanted.overdue:
        asked.append(and_(Audit.progress.in_(TO_COME), Audit.ends_on < today))
    return statement.where(*asked)


def _completed(work: Work, rows: list[Row]) -> list[Row]:
    """Fill in certificates, sites and lead, in three queries."""
    ids = [row.id for row in rows]
    certificates: dict[int, list[Served]] = defaultdict(list)
    served = (
        select(
            AuditCertificate.audit_id,
            Certificate.id,
            Certificate.reference,
            Certificate.standard + ":" + Certificate.edition,
            AuditCertificate.kind,
            AuditCertificate.outcome,
        )
        .join(Certificate, AuditCertificate.certificate_id == Certificate.id)
        .where(AuditCertificate.audit_id.in_(ids))
        .order_by(Certificate.reference)
    )
    for row in work.execute(served):
        certificates[row[0]].append(Served(*row))
    sites: dict[int, list[str]] = defaultdict(list)
    visited = (
        select(AuditSite.audit_id, Site.name)
        .join(Site, AuditSite.site_id == Site.id)
        .where(AuditSite.audit_id.in_(ids))
        .order_by(Site.name)
    )
    for audit_id, name in work.execute(visited):
        sites[audit_id].append(name)
    teams: dict[int, list[tuple[TeamRole, str]]] = defaultdict(list)
    team = (
        select(TeamMember.audit_id, TeamMember.role, TeamMember.outside_name, Person.id, Person.name, Person.erased_at)
        .outerjoin(Person, TeamMember.person_id == Person.id)
        .where(TeamMember.audit_id.in_(ids))
        .order_by(TeamMember.id)
    )
    for audit_id, role, outside, person_id, name, erased_at in work.execute(team):
        known = name if erased_at is None else f"Erased person {person_id}"
        teams[audit_id].append((role, known if person_id is not None else outside))
    return [
        replace(
            row,
            certificates=tuple(certificates[row.id]),
            sites=tuple(sites[row.id]),
            lead=next((name for role, name in teams[row.id] if role is TeamRole.LEAD), ""),
            team_size=len(teams[row.id]),
        )
        for row in rows
    ]


def audit_of(work: Work, reference: str, *, lock: bool = False) -> Audit | None:
    """One audit with its certificates, sites and team; `lock` holds it until the work is done."""
    statement = (
        select(Audit)
        .where(Audit.reference == reference)
        .options(
            selectinload(Audit.audit_certificates).joinedload(AuditCertificate.certificate),
            selectinload(Audit.audit_sites).joinedload(AuditSite.site),
            selectinload(Audit.team).joinedload(TeamMember.person),
        )
    )
    if lock:
        statement = statement.with_for_update(of=Audit).execution_options(populate_existing=True)
    return work.one_or_none(statement)


def booked(work: Work, starts_on: date, ends_on: date, but: str | None = None) -> list[Booking]:
    """Whom and which sites the other audits on these days need; cancelled ones need nobody."""
    overlapping = (
        select(Audit.id, Audit.reference, Audit.starts_on, Audit.ends_on)
        .where(Audit.starts_on <= ends_on, Audit.ends_on >= starts_on, Audit.progress != AuditProgress.CANCELLED)
        .order_by(Audit.starts_on)
        .limit(500)
    )
    if but is not None:
        overlapping = overlapping.where(Audit.reference != but)
    audits = work.execute(overlapping).all()
    ids = [row.id for row in audits]
    people: dict[int, list[tuple[str, str]]] = defaultdict(list)
    team = (
        select(TeamMember.audit_id, TeamMember.person_id, TeamMember.outside_name, TeamMember.outside_email, Person)
        .outerjoin(Person, TeamMember.person_id == Person.id)
        .where(TeamMember.audit_id.in_(ids))
    )
    for audit_id, person_id, name, email, person in work.execute(team):
        key = Seat(TeamRole.AUDITOR, person_id, name, email).key
        people[audit_id].append((key, person.label if person is not None else name))
    sites: dict[int, list[tuple[int, str]]] = defaultdict(list)
    visited = (
        select(AuditSite.audit_id, Site.id, Site.name)
        .join(Site, AuditSite.site_id == Site.id)
        .where(AuditSite.audit_id.in_(ids))
    )
    for audit_id, site_id, name in work.execute(visited):
        sites[audit_id].append((site_id, name))
    # An audit that names no site is taken to visit those of its certificates.
    within = (
        select(AuditCertificate.audit_id, Site.id, Site.name)
        .join(CertificateSite, CertificateSite.certificate_id == AuditCertificate.certificate_id)
        .join(Site, CertificateSite.site_id == Site.id)
        .where(AuditCertificate.audit_id.in_([each for each in ids if each not in sites]), Site.closed_on.is_(None))
        .order_by(Site.id)
        .distinct()
    )
    for audit_id, site_id, name in work.execute(within):
        sites[audit_id].append((site_id, name))
    return [
        Booking(row.reference, row.starts_on, row.ends_on, tuple(people[row.id]), tuple(sites[row.id]))
        for row in audits
    ]


@dataclass(frozen=True, slots=True)
class Choices:
    """What may be chosen for an audit, as pairs of an id and a name."""

    certificates: list[tuple[str, str]]
    sites: list[tuple[str, str]]
    members: list[tuple[str, str]]
    closed_sites: dict[str, str]
    """Sites closed by now, which an audit of old may still name."""
    former: dict[str, str]
    """People who have left, who stay on the audits they were on."""

    def people_with(self, chosen: str | None) -> list[tuple[str, str]]:
        """The members, and whoever stands there already."""
        extra = [(chosen, self.former[chosen])] if chosen in self.former else []
        return [*self.members, *extra]

    def sites_with(self, chosen: Collection[str]) -> list[tuple[str, str]]:
        """The open sites, and those that stand there already."""
        return [*self.sites, *((each, self.closed_sites[each]) for each in chosen if each in self.closed_sites)]


def choices_of(work: Work, most: int | None = None) -> Choices:
    """What may be chosen for an audit of this organisation; `most` bounds a list that would be too long to choose from.

    A list that is longer comes empty: its place is taken by something that is typed.
    """
    certificates = select(Certificate.id, Certificate.reference, Certificate.standard, Certificate.edition)
    people = select(Membership.ended_at, Person.id, Person.name, Person.erased_at).join(
        Person, Membership.person_id == Person.id
    )
    members, former = [], {}
    for ended_at, person_id, name, erased_at in work.execute(people.order_by(Person.name, Person.id)):
        label = name if erased_at is None else f"Erased person {person_id}"
        if ended_at is None:
            members.append((str(person_id), label))
        else:
            former[str(person_id)] = f"{label} (left)"
    sites = work.execute(select(Site.id, Site.name, Site.closed_on).order_by(Site.name)).all()
    limit = most + 1 if most is not None else None
    offered = work.execute(certificates.order_by(Certificate.reference).limit(limit)).all()
    return Choices(
        certificates=[(str(row.id), f"{row.reference}, {row.standard}:{row.edition}") for row in offered]
        if most is None or len(offered) <= most
        else [],
        sites=[(str(row.id), row.name) for row in sites if row.closed_on is None],
        members=members,
        closed_sites={str(row.id): f"{row.name} (closed)" for row in sites if row.closed_on is not None},
        former=former,
    )


@dataclass(frozen=True, slots=True)
class LastChange:
    """Who last changed an audit, and when, as the journal has it."""

    by: str
    at: datetime


def last_changed(work: Work, audit_id: int) -> LastChange | None:
    """The latest entry of the journal on an audit."""
    found = work.execute(
        select(JournalEntry.at, Person)
        .outerjoin(Person, JournalEntry.actor_id == Person.id)
        .where(
            JournalEntry.chain == chain_of(work.home),
            JournalEntry.noun == Audit.__tablename__,
            JournalEntry.noun_id == str(audit_id),
        )
        .order_by(JournalEntry.number.desc())
        .limit(1)
    ).one_or_none()
    if found is None:
        return None
    at, person = found
    return LastChange(person.label if person is not None else "Triennium", datetime.fromisoformat(at))
