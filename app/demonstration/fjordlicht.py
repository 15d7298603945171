"""Fjordlicht Software: a small organisation in the middle of its initial certification."""

from app.demonstration.telling import Story, ago, workday
from app.domain.certification.facts import AuditKind, Outcome
from app.domain.dates import add_days
from app.domain.permission import Role
from app.models.audit import AuditMode, AuditProgress
from app.models.certificate import CertificationBody
from app.models.organisation import Organisation, Site
from app.models.person import Person
from app.operations import organisations
from app.work import Work


def fjordlicht(work: Work, cast: dict[str, Person]) -> Organisation:
    """Stage 1 was ready a month ago; stage 2 is confirmed."""
    organisation = organisations.found(
        work, name="Fjordlicht Software", country="NO", time_zone="Europe/Oslo", slug="fjordlicht"
    )
    organisations.join(work, organisation, cast["sunniva"], frozenset({Role.QUALITY_MANAGER, Role.ADMINISTRATOR}))
    organisations.join(work, organisation, cast["carla"], frozenset({Role.QUALITY_MANAGER}))
    with work.within(organisation.id) as inside:
        today = inside.today
        organisation.internal_plan_starts_on = ago(today, months=4)
        body = inside.add(
            CertificationBody(
                name="Polder Assurance", accreditation_body="Raad voor Accreditatie", accreditation_number="C 000"
            )
        )
        site = inside.add(
            Site(
                name="Bergen",
                address="Bryggen 7, 5003 Bergen",
                country="NO",
                time_zone="Europe/Oslo",
                is_central=True,
            )
        )
        story = Story(inside, body, [site], "Europe/Oslo")
        certificate = story.certificate(
            "C-27001-1",
            "ISO/IEC 27001",
            "2022",
            "Development and operation of the Fjordlicht planning software.",
        )
        story.audit(
            AuditKind.INTERNAL,
            workday(ago(today, days=60)),
            1,
            certificate,
            lead=cast["sunniva"],
            title="Readiness before stage 1",
        )
        story.audit(
            AuditKind.STAGE_1,
            workday(ago(today, days=31)),
            1,
            certificate,
            outcome=Outcome.READY,
            lead="Lotte Brandsma",
            mode=AuditMode.REMOTE,
            notes="Area of concern: the statement of applicability names no owner for A.5.23.",
        )
        story.audit(
            AuditKind.STAGE_2,
            workday(add_days(today, 26)),
            2,
            certificate,
            progress=AuditProgress.CONFIRMED,
            lead="Lotte Brandsma",
        )
    return organisation
