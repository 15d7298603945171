"""The search of every page: what it finds, for whom, and at what cost."""

from datetime import date
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.domain.certification.facts import AuditKind, Grade
from app.domain.programme.team import TeamRole
from app.models.audit import TeamMember
from app.models.certificate import BodyNonconformity, CertificationBody
from app.work import work
from tests.cast import Cast, sign_in
from tests.certified import certified
from tests.stories import add_audit


@pytest.fixture
def home(app: Flask, cast: Cast) -> str:
    with app.app_context(), work(cast.organisation.id, cast.quality_manager.id) as w:
        certificate = certified(w)
        w.add(CertificationBody(name="Quarzfels Cert", accreditation_number="D-ZM-77"))
        for number in (1, 2):
            audit = add_audit(w, f"SA-2026-0{number}", AuditKind.SURVEILLANCE, date(2026, 6, 8 + number), certificate)
            w.add(
                TeamMember(
                    audit=audit, role=TeamRole.LEAD, outside_name="Orla Quill", outside_email="orla@outside.example"
                )
            )
        w.add(
            BodyNonconformity(
                reference="NC-2026-01",
                certificate_id=certificate.id,
                audit_id=audit.id,
                grade=Grade.MINOR,
                clause="8.13",
                statement="Backups were not restored in a drill.",
                raised_on=date(2026, 6, 10),
            )
        )
    return f"/o/{cast.organisation.slug}/search"


@pytest.mark.parametrize(
    ("words", "link", "says"),
    [
        ("orla quill", "/audits/SA-2026-02", "orla@outside.example, on the teams of 2 audits"),
        ("restored drill", "/nonconformities/NC-2026-01", "Minor: Backups were not restored in a drill."),
        ("quarzfels", "/certificates/bodies/", "Quarzfels Cert"),
    ],
)
def test_outside_auditors_nonconformities_and_bodies_are_found(
    client: FlaskClient, cast: Cast, home: str, words: str, link: str, says: str
) -> None:
    page = unescape(sign_in(client, cast.quality_manager).get(f"{home}?q={words}").text)
    assert says in page
    assert link in page
    there = f"/o/{cast.elsewhere.slug}/search"
    assert says not in unescape(sign_in(client, cast.stranger).get(f"{there}?q={words}").text)


def test_what_was_searched_is_said_as_it_is(client: FlaskClient, cast: Cast, home: str) -> None:
    says = unescape(sign_in(client, cast.asset_manager).get(f"{home}?q=nowhere").text)
    assert "certification bodies, members and auditors from outside, assets and licences. None holds" in says
