"""Harbour and Lane Logistics: its certificate expired last week, and can still be restored."""

from app.demonstration.telling import Story, ago, workday
from app.domain.certification.facts import AuditKind, DecisionKind, Outcome
from app.domain.dates import add_days, add_months
from app.domain.permission import Role
from app.models.audit import AuditProgress
from app.models.certificate import CertificationBody
from app.models.organisation import Organisation, Site
from app.models.person import Person
from app.operations import organisations
from app.work import Work


def harbour(work: Work, cast: dict[str, Person]) -> Organisation:
    """Both surveillances were on time; the recertification audit was cancelled, and the last valid day has passed."""
    organisation = organisations.found(
        work, name="Harbour and Lane Logistics", country="GB", time_zone="Europe/London", slug="harbour"
    )
    organisation.subdivision = "ENG"
    organisations.join(work, organisation, cast["owen"], frozenset({Role.QUALITY_MANAGER, Role.ADMINISTRATOR}))
    organisations.join(work, organisation, cast["carla"], frozenset({Role.QUALITY_MANAGER}))
    with work.within(organisation.id) as inside:
        granted = ago(inside.today, months=36, days=6)
        body = inside.add(
            CertificationBody(
                name="Thames Register",
                accreditation_body="United Kingdom Accreditation Service",
                accreditation_number="000",
            )
        )
        site = inside.add(
            Site(
                name="Felixstowe",
                address="Dock Gate 1, Felixstowe IP11",
                country="GB",
                subdivision="ENG",
                time_zone="Europe/London",
                is_central=True,
            )
        )
        story = Story(inside, body, [site], "Europe/London")
        certificate = story.certificate(
            "C-9001-1", "ISO 9001", "2015", "Storage, handling and forwarding of goods.", "TR-9001-0032"
        )
        story.audit(
            AuditKind.STAGE_1, workday(ago(granted, days=70)), 1, certificate, outcome=Outcome.READY, lead="Gareth Pugh"
        )
        story.audit(
            AuditKind.STAGE_2,
            workday(ago(granted, days=30)),
            2,
            certificate,
            outcome=Outcome.RECOMMENDED,
            lead="Gareth Pugh",
        )
        story.decision(certificate, DecisionKind.GRANTED, granted)
        for months in (11, 22):
            story.audit(
                AuditKind.SURVEILLANCE,
                workday(add_months(granted, months)),
                1,
                certificate,
                outcome=Outcome.RECOMMENDED,
                lead="Gareth Pugh",
            )
        cancelled = story.audit(
            AuditKind.RECERTIFICATION,
            workday(ago(inside.today, days=60)),
            2,
            certificate,
            progress=AuditProgress.CANCELLED,
            lead="Gareth Pugh",
        )
        cancelled.cancelled_reason = "The warehouse was closed after the flood."
        story.audit(
            AuditKind.RECERTIFICATION,
            workday(add_days(inside.today, 40)),
            2,
            certificate,
            progress=AuditProgress.PLANNED,
            lead="Gareth Pugh",
        )
    return organisation
