"""The words in which the stories of the demonstration are told: an audit, a decision, a nonconformity."""

from dataclasses import dataclass, field
from datetime import date, time, timedelta
from uuid import uuid4

from app.domain.certification.facts import AuditKind, DecisionKind, Grade, Outcome
from app.domain.dates import add_days, add_months
from app.models.audit import Audit, AuditCertificate, AuditMode, AuditProgress, AuditSite, TeamMember, TeamRole
from app.models.certificate import (
    BodyNonconformity,
    Certificate,
    CertificateSite,
    CertificationBody,
    Decision,
)
from app.models.organisation import Site
from app.models.person import Person
from app.work import Work

LETTERS = {
    AuditKind.STAGE_1: "S1",
    AuditKind.STAGE_2: "S2",
    AuditKind.SURVEILLANCE: "SA",
    AuditKind.RECERTIFICATION: "RA",
    AuditKind.SPECIAL: "SP",
    AuditKind.TRANSITION: "TA",
    AuditKind.TRANSFER_REVIEW: "TR",
    AuditKind.INTERNAL: "IA",
}


def workday(day: date) -> date:
    """The same day, or the Monday after a weekend."""
    return day + timedelta(days=(7 - day.weekday()) if day.weekday() > 4 else 0)


def ago(day: date, *, months: int = 0, days: int = 0) -> date:
    """So long before a day."""
    return add_days(add_months(day, -months), -days)


@dataclass(slots=True)
class Story:
    """What is told of one organisation, with its numbering."""

    work: Work
    body: CertificationBody
    sites: list[Site]
    zone: str
    numbers: dict[str, int] = field(default_factory=dict)

    def _next(self, letters: str, year: int, digits: int = 2) -> str:
        key = f"{letters}-{year}"
        self.numbers[key] = self.numbers.get(key, 0) + 1
        return f"{key}-{self.numbers[key]:0{digits}d}"

    def certificate(self, reference: str, standard: str, edition: str, scope: str, number: str = "") -> Certificate:
        """A certificate over all sites."""
        row = self.work.add(
            Certificate(
                reference=reference,
                standard=standard,
                first_edition=edition,
                edition=edition,
                scope=scope,
                number=number,
                certification_body_id=self.body.id,
                created_at=self.work.now,
            )
        )
        for site in self.sites:
            self.work.add(CertificateSite(certificate_id=row.id, site_id=site.id))
        return row

    def decision(
        self,
        certificate: Certificate,
        kind: DecisionKind,
        on: date,
        *,
        to: str | None = None,
        note: str = "",
        valid_through: date | None = None,
    ) -> Decision:
        """A decision of the certification body."""
        return self.work.add(
            Decision(
                certificate_id=certificate.id,
                kind=kind,
                decided_on=on,
                to_edition=to,
                note=note,
                valid_through=valid_through,
                decided_by=f"Certification committee of {self.body.name}",
                recorded_at=self.work.now,
            )
        )

    def audit(
        self,
        kind: AuditKind,
        starts_on: date,
        days: int,
        *certificates: Certificate,
        progress: AuditProgress = AuditProgress.CLOSED,
        outcome: Outcome | None = None,
        lead: str | Person = "",
        team: tuple[Person, ...] = (),
        mode: AuditMode = AuditMode.ON_SITE,
        title: str = "",
        notes: str = "",
        sites: list[Site] | None = None,
    ) -> Audit:
        """An audit of so many days that serves these certificates."""
        remote = mode is not AuditMode.ON_SITE
        if starts_on.weekday() + days > 5:
            starts_on = add_days(starts_on, 7 - starts_on.weekday())
        row = self.work.add(
            Audit(
                reference=self._next(LETTERS[kind], starts_on.year),
                kind=kind,
                title=title,
                progress=progress,
                starts_on=starts_on,
                ends_on=add_days(starts_on, days - 1),
                starts_at=time(9),
                ends_at=time(16, 30),
                time_zone=self.zone,
                mode=mode,
                remote_percent=(100 if mode is AuditMode.REMOTE else 40) if remote else None,
                remote_agreement="By video call with shared screens, never recorded; documents stay in our file store. "
                "Agreed in writing by both sides, with the risks assessed."
                if remote
                else "",
                notes=notes,
                uid=f"{uuid4()}@triennium",
                changed_at=self.work.now,
                created_at=self.work.now,
            )
        )
        for certificate in certificates:
            self.work.add(AuditCertificate(audit_id=row.id, certificate_id=certificate.id, kind=kind, outcome=outcome))
        for site in self.sites[:1] if sites is None else sites:
            self.work.add(AuditSite(audit_id=row.id, site_id=site.id))
        self._team(row, lead, team)
        return row

    def _team(self, audit: Audit, lead: str | Person, team: tuple[Person, ...]) -> None:
        if isinstance(lead, Person):
            self.work.add(TeamMember(audit_id=audit.id, role=TeamRole.LEAD, person_id=lead.id))
        elif lead:
            mail = f"{lead.split()[-1].lower()}@body.example"
            self.work.add(TeamMember(audit_id=audit.id, role=TeamRole.LEAD, outside_name=lead, outside_email=mail))
        for person in team:
            self.work.add(TeamMember(audit_id=audit.id, role=TeamRole.OBSERVER, person_id=person.id))

    def nonconformity(
        self,
        certificate: Certificate,
        audit: Audit,
        grade: Grade,
        clause: str,
        statement: str,
        *,
        response_due_on: date | None = None,
        plan_accepted_on: date | None = None,
        verified_on: date | None = None,
    ) -> BodyNonconformity:
        """What the certification body found wrong, with the body's own dates."""
        return self.work.add(
            BodyNonconformity(
                reference=self._next("NC", audit.ends_on.year, digits=3),
                certificate_id=certificate.id,
                audit_id=audit.id,
                body_reference=f"{self.body.name.split()[0].upper()}/{audit.ends_on:%y}/{self.numbers[f'NC-{audit.ends_on.year}']:02d}",
                grade=grade,
                clause=clause,
                statement=statement,
                raised_on=audit.ends_on,
                response_due_on=response_due_on,
                plan_accepted_on=plan_accepted_on,
                verified_on=verified_on,
            )
        )
