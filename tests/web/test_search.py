"""The search of every page: what it finds, for whom, and at what cost."""

from datetime import date
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.domain.certification.facts import AuditKind, Grade
from app.domain.programme.team import TeamRole
from app.domain.subscription.invoicing import Line
from app.models.audit import TeamMember
from app.models.certificate import BodyNonconformity, CertificationBody
from app.operations import invoices
from app.operations.invoices import Paper
from app.queries.search import Papers, search
from app.work import work
from tests.cast import Cast, Member, sign_in
from tests.certified import certified
from tests.papers import sent, valid
from tests.provided import agree, another_client
from tests.stage import on_stage
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


def test_documents_are_found_by_who_may_read_them(app: Flask, cast: Cast) -> None:
    valid(app, cast, "Clean desk policy")
    sent(app, cast, "Clean air policy")
    here, there = f"/o/{cast.organisation.slug}/search", f"/o/{cast.elsewhere.slug}/search"
    for who, seen in ((cast.quality_manager, {"DOC-001", "DOC-002"}), (cast.auditor, {"DOC-001"})):
        page = sign_in(app.test_client(), who).get(f"{here}?q=clean+policy").text
        assert {each for each in ("DOC-001", "DOC-002") if f"/documents/{each}" in page} == seen
        assert "/documents/DOC-001" in sign_in(app.test_client(), who).get(f"{here}?q=doc-001").text
    assert "DOC-00" not in sign_in(app.test_client(), cast.stranger).get(f"{there}?q=clean").text


def test_invoices_are_found_on_both_sides_by_who_may_see_them(app: Flask, cast: Cast) -> None:
    agree(app, cast.elsewhere, cast.organisation, cast.stranger)
    with on_stage(app, cast.elsewhere, cast.stranger) as w:
        line, paper = Line("Training on site", 10_000, 0), Paper(due_on=w.today)
        row = invoices.issue_own(w, cast.organisation.id, "EUR", [line], paper)
        number, key = row.reference, row.id
    here, there = f"/o/{cast.organisation.slug}", f"/o/{cast.elsewhere.slug}"

    def found(who: Member, house: str, words: str = number) -> str:
        return sign_in(app.test_client(), who).get(f"{house}/search?q={words}").text

    assert f"{here}/plan/invoices/{key}" in found(cast.quality_manager, here)
    assert f"{here}/plan/invoices/{key}" in found(cast.administrator, here, cast.elsewhere.name)
    assert f"{there}/invoices/{key}" in found(cast.stranger, there)
    assert f"{there}/invoices/{key}" in found(cast.stranger, there, cast.organisation.name)
    for who in (cast.auditor, cast.asset_manager):
        assert f"/invoices/{key}" not in found(who, here)
    # A third organisation finds neither.
    other = another_client(app, cast)
    with on_stage(app, other) as w:
        assert search(w, number, papers=Papers(documents=True, drafts=True, received=True, issued=True)) == ()
