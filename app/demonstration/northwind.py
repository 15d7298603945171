"""Northwind Managed Services: two certificates in their second year, a third on the way, and one thing at risk."""

from datetime import date

from app.demonstration.assets import assets
from app.demonstration.audits import audits_carried_out
from app.demonstration.cast import acting, employ
from app.demonstration.implementation import implementation
from app.demonstration.telling import Story, ago, workday
from app.demonstration.training import training
from app.domain.certification.facts import AuditKind, DecisionKind, Grade, Outcome
from app.domain.dates import add_days, add_months
from app.domain.permission import Role
from app.models.audit import AuditMode, AuditProgress
from app.models.certificate import Certificate, CertificationBody
from app.models.organisation import BlackoutPeriod, Organisation, Site
from app.models.person import Person
from app.operations import organisations
from app.work import Work

LAST_GRANT_TO_2013 = date(2024, 4, 30)
READY, RECOMMENDED = Outcome.READY, Outcome.RECOMMENDED
AUDITORS = ("Marit Olsen", "Pieter de Wit")


def northwind(work: Work, cast: dict[str, Person]) -> Organisation:
    """Found Northwind and tell its story up to today."""
    organisation = organisations.found(
        work, name="Northwind Managed Services", country="DE", time_zone="Europe/Berlin", slug="northwind"
    )
    organisation.subdivision = "HH"
    with acting(work, cast["jonas"], ago(work.today, months=18)):
        employ(work, organisation, cast)
        organisations.join(work, organisation, cast["carla"], frozenset({Role.QUALITY_MANAGER}))
    with work.within(organisation.id) as inside:
        today = inside.today
        organisation.internal_plan_starts_on = ago(today, months=16)
        story = _scene(inside)
        assets(inside, story.sites, cast)
        services = _service_management(story, today)
        security = _information_security(story, today)
        _asset_management(story, today)
        _internal_audits(story, today, (services, security), cast)
        training(inside, story.sites, cast)
        audits_carried_out(inside, cast)
        implementation(inside, cast)
    return organisation


def _scene(work: Work) -> Story:
    body = work.add(
        CertificationBody(
            name="Hanseatic Certification",
            accreditation_body="Deutsche Akkreditierungsstelle",
            accreditation_number="D-ZM-00000-01-00",
            contact="planning@body.example",
        )
    )
    work.add(
        CertificationBody(
            name="Polder Assurance", accreditation_body="Raad voor Accreditatie", accreditation_number="C 000"
        )
    )
    sites = [
        work.add(
            Site(
                name=name,
                address=address,
                country=country,
                subdivision=part,
                time_zone=zone,
                is_central=central,
            )
        )
        for name, address, country, part, zone, central in (
            ("Hamburg, head office", "Am Sandtorkai 1, 20457 Hamburg", "DE", "HH", "Europe/Berlin", True),
            ("Leipzig, service desk", "Augustusplatz 9, 04109 Leipzig", "DE", "SN", "Europe/Berlin", False),
            ("Rotterdam, data centre", "Wilhelminakade 12, 3072 Rotterdam", "NL", None, "Europe/Amsterdam", False),
        )
    ]
    freeze = work.today.year if work.today.month < 12 else work.today.year + 1
    for year in (freeze, freeze + 1):
        work.add(
            BlackoutPeriod(name="Year-end change freeze", starts_on=date(year, 12, 15), ends_on=date(year + 1, 1, 6))
        )
    work.add(
        BlackoutPeriod(
            name="Data centre maintenance",
            starts_on=date(work.today.year + 1, 7, 5),
            ends_on=date(work.today.year + 1, 7, 9),
            site_id=sites[2].id,
        )
    )
    return Story(work, body, sites, "Europe/Berlin")


def _service_management(story: Story, today: date) -> Certificate:
    """In its second year: surveillance 1 was on time, surveillance 2 is near, and nobody has planned it."""
    granted = workday(ago(today, months=22))
    certificate = story.certificate(
        "C-20000-1",
        "ISO/IEC 20000-1",
        "2018",
        "Service management system supporting the provision of managed workplace, network and hosting services.",
        "HC-20000-4471",
    )
    story.audit(AuditKind.STAGE_1, workday(ago(granted, days=75)), 2, certificate, outcome=READY, lead=AUDITORS[0])
    second = story.audit(
        AuditKind.STAGE_2,
        workday(ago(granted, days=35)),
        4,
        certificate,
        outcome=RECOMMENDED,
        lead=AUDITORS[0],
        sites=story.sites,
    )
    story.nonconformity(
        certificate,
        second,
        Grade.MINOR,
        "8.7.2",
        "For two of eleven sampled service requests the agreed fulfilment time was not recorded.",
        response_due_on=add_days(second.ends_on, 20),
        plan_accepted_on=add_days(second.ends_on, 15),
        verified_on=add_months(granted, 11),
    )
    story.decision(certificate, DecisionKind.GRANTED, granted, note="Initial certification, all sites.")
    story.audit(
        AuditKind.SURVEILLANCE,
        workday(add_months(granted, 11)),
        2,
        certificate,
        outcome=RECOMMENDED,
        lead=AUDITORS[0],
        mode=AuditMode.HYBRID,
    )
    return certificate


def _information_security(story: Story, today: date) -> Certificate:
    """Renewed sixteen months ago; behind it lies a cycle that began with the 2013 edition and changed in 2025."""
    renewed = workday(ago(today, months=16))
    grants = [ago(renewed, months=36)]
    while grants[0] > LAST_GRANT_TO_2013:
        grants.insert(0, ago(grants[0], months=36))
    certificate = story.certificate(
        "C-27001-1",
        "ISO/IEC 27001",
        "2013",
        "Information security management of managed services, hosting and the service desk, by the statement of "
        "applicability, version 7.",
        "HC-27001-2208",
    )
    first = grants[0]
    story.audit(AuditKind.STAGE_1, workday(ago(first, days=80)), 2, certificate, outcome=READY, lead=AUDITORS[1])
    story.audit(AuditKind.STAGE_2, workday(ago(first, days=40)), 4, certificate, outcome=RECOMMENDED, lead=AUDITORS[1])
    story.decision(certificate, DecisionKind.GRANTED, first, note="Initial certification to the 2013 edition.")
    for began in grants:
        if began != first:
            story.decision(certificate, DecisionKind.RENEWED, began)
        for months in (11, 23):
            story.audit(
                AuditKind.SURVEILLANCE,
                workday(add_months(began, months)),
                2,
                certificate,
                outcome=RECOMMENDED,
                lead=AUDITORS[1],
            )
        again = story.audit(
            AuditKind.RECERTIFICATION,
            workday(ago(add_months(began, 36), days=75)),
            4,
            certificate,
            outcome=RECOMMENDED,
            lead=AUDITORS[1],
            sites=story.sites,
        )
    story.audit(AuditKind.TRANSITION, date(2025, 3, 11), 2, certificate, outcome=RECOMMENDED, lead=AUDITORS[1])
    story.decision(
        certificate,
        DecisionKind.TRANSITIONED,
        date(2025, 4, 8),
        to="ISO/IEC 27001:2022",
        note="After a transition audit.",
    )
    story.nonconformity(
        certificate,
        again,
        Grade.MAJOR,
        "8.8",
        "Three internet-facing servers had not received security updates for seven months; the process did not notice.",
        response_due_on=add_days(again.ends_on, 14),
        plan_accepted_on=add_days(again.ends_on, 12),
        verified_on=add_days(again.ends_on, 40),
    )
    story.decision(
        certificate, DecisionKind.RENEWED, renewed, note="Recertification; the expiry of the old cycle is kept."
    )
    surveillance = story.audit(
        AuditKind.SURVEILLANCE,
        workday(add_months(renewed, 9)),
        3,
        certificate,
        outcome=RECOMMENDED,
        lead=AUDITORS[1],
        sites=story.sites[::2],
    )
    story.nonconformity(
        certificate,
        surveillance,
        Grade.MINOR,
        "9.2",
        "The internal audit programme does not show that every control of the statement of applicability is covered.",
        response_due_on=add_days(today, 12),
    )
    story.audit(
        AuditKind.SURVEILLANCE,
        workday(add_months(renewed, 20)),
        3,
        certificate,
        progress=AuditProgress.CONFIRMED,
        lead=AUDITORS[1],
        mode=AuditMode.HYBRID,
        notes="Combine with the visit to Rotterdam. The body asks for the list of changes two weeks before.",
    )
    return certificate


def _asset_management(story: Story, today: date) -> None:
    certificate = story.certificate(
        "C-19770-1",
        "ISO/IEC 19770-1",
        "2017",
        "IT asset management system for hardware, software and cloud services of all sites.",
    )
    story.audit(
        AuditKind.STAGE_1,
        workday(add_days(today, 47)),
        2,
        certificate,
        progress=AuditProgress.CONFIRMED,
        lead="Ruth Adeyemi",
        mode=AuditMode.REMOTE,
    )
    story.audit(
        AuditKind.STAGE_2,
        workday(add_days(today, 110)),
        3,
        certificate,
        progress=AuditProgress.PLANNED,
        lead="Ruth Adeyemi",
        sites=story.sites,
    )


def _internal_audits(story: Story, today: date, certificates: tuple[Certificate, ...], cast: dict[str, Person]) -> None:
    start = ago(today, months=16)
    topics = ("Leadership and planning", "Operation and change", "Suppliers and incidents")
    for number, topic in enumerate(topics, start=1):
        due = add_months(start, 6 * number)
        held = due < today
        story.audit(
            AuditKind.INTERNAL,
            workday(ago(due, days=20)),
            2,
            *certificates,
            progress=AuditProgress.CONFIRMED if held else AuditProgress.PLANNED,
            lead=cast["mateo"],
            team=() if held else (cast["jonas"],),
            title=topic,
            sites=story.sites[number - 1 : number],
        )
    # One is going on in the week in which the story is told.
    story.audit(
        AuditKind.INTERNAL,
        ago(today, days=today.weekday()),
        5,
        certificates[1],
        progress=AuditProgress.CONFIRMED,
        lead=cast["mateo"],
        title="Access and assets",
        sites=story.sites[:2],
    )
