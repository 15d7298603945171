"""Audit programmes on screen: written down, changed, and how far their audits are."""

import re
from datetime import date
from html import unescape

import pytest
import time_machine
from sqlalchemy import select

from app.domain.certification.facts import AuditKind
from app.domain.programme.progress import AuditProgress
from app.models.audit_plan import AuditProgramme
from app.operations import audits
from app.operations import management_reviews as reviews
from app.operations.management_reviews import ReviewDetails
from app.queries.audit_programmes import programme_by
from app.reports.audit_programme import programme_document
from tests.cast import post, sign_in
from tests.stage import certificate, on_stage, plan

FINE = {
    "title": "Internal audits of the cycle",
    "starts_on": "2026-01-15",
    "ends_on": "2029-01-14",
    "objectives": "See everything once.",
    "risks": "Nobody has time in December.",
}


@pytest.fixture(autouse=True)
def _day():
    with time_machine.travel("2026-11-26 10:00", tick=False):
        yield


@pytest.fixture
def home(cast):
    return f"/o/{cast.organisation.slug}/audit-programmes"


def told(answer):
    return " ".join(unescape(answer.get_data(as_text=True)).split())


def test_a_programme_has_the_audits_of_its_days_and_says_how_far_they_are(client, app, cast, home):
    manager = sign_in(client, cast.quality_manager)
    assert "No audit programme yet" in told(manager.get(home))
    with on_stage(app, cast.organisation) as w:
        served = certificate(w, granted=date(2026, 1, 15)).id
        for day in (date(2026, 1, 14), date(2026, 1, 15), date(2026, 11, 2), date(2027, 2, 1), date(2029, 1, 15)):
            plan(w, None, day, kind=AuditKind.INTERNAL, title=day.isoformat())
        plan(w, served, date(2026, 12, 7))
        audits.take_step(w, "IA-2026-02", AuditProgress.REPORT_DRAFTED)
    done = post(manager, f"{home}/new", FINE | {"responsible": cast.auditor.id})
    assert done.status_code == 303
    assert done.location == f"{home}/AP-2026-01"
    page = told(manager.get(done.location))
    assert "3 internal audits: 1 carried out, 0 with a signed report, 1 still ahead" in page
    assert "1 past its last day and not reported." in page
    assert "SA-2026-01" in page
    assert "IA-2026-01" not in page
    assert "IA-2029-01" not in page
    assert "See everything once." in page
    assert "93 controls" in page
    assert "AP-2026-01</a> Internal audits of the cycle" in told(manager.get(home))
    coverage = manager.get(f"/o/{cast.organisation.slug}/coverage", query_string={"programme": "AP-2026-01"})
    assert "Counted in the days of" in told(coverage)
    paper = manager.get(f"{done.location}/print")
    assert paper.data.startswith(b"%PDF-")
    with on_stage(app, cast.organisation) as w:
        row = programme_by(w, "AP-2026-01")
        assert row is not None
        facts, held, *_ = programme_document(w, row, "Quinn").tables
    assert ("Risks", "Nobody has time in December.") in facts.rows
    assert [line[0] for line in held.rows] == ["IA-2026-02", "IA-2026-03", "SA-2026-01", "IA-2027-01"]


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"title": " "}, "Give the programme a title."),
        ({"ends_on": "2026-01-14"}, "It starts on 15 Jan 2026: its last day cannot be earlier."),
        ({"ends_on": "2031-01-15"}, "A programme is of at most 5 years"),
        ({"reviewed_on": "2026-11-27"}, "This day has not come yet"),
        ({"reviewed_on": "2026-01-14"}, "it cannot have been reviewed before"),
        ({"responsible": "999999"}, "Choose members of this organisation"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(client, cast, home, typed, says):
    answer = post(sign_in(client, cast.quality_manager), f"{home}/new", FINE | typed)
    assert answer.status_code == 422
    assert says in told(answer)


def test_the_second_of_two_sees_both(client, app, cast, home):
    manager = sign_in(client, cast.quality_manager)
    page = post(manager, f"{home}/new", FINE).location
    version = re.findall(r'name="version" type="hidden" value="(\d+)"', manager.get(f"{page}/edit").text)[0]
    first = post(manager, f"{page}/edit", FINE | {"version": version, "scope": "All sites."})
    assert first.status_code == 303
    second = post(manager, f"{page}/edit", FINE | {"version": version, "scope": "Munich."})
    assert second.status_code == 422
    assert "All sites." in told(second)
    with on_stage(app, cast.organisation) as w:
        assert w.all(select(AuditProgramme.scope)) == ["All sites."]


def test_a_stranger_finds_nothing(client, cast, home):
    page = post(sign_in(client, cast.quality_manager), f"{home}/new", FINE).location
    assert sign_in(client, cast.stranger).get(page).status_code == 404


def test_what_should_lie_before_an_external_audit_stands_on_its_page_the_certificate_and_the_dashboard(
    client, app, cast
):
    house = f"/o/{cast.organisation.slug}"
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        served = certificate(w, granted=date(2026, 1, 15)).id
        plan(w, served, date(2026, 12, 14))
    manager = sign_in(client, cast.quality_manager)
    nothing = "is held or planned before SA-2026-01, which begins on 14 Dec 2026."
    for page in (f"{house}/", f"{house}/certificates/C-27001-1", f"{house}/audits/SA-2026-01"):
        for noun in ("internal audit", "management review"):
            assert f"No {noun} {nothing}" in told(manager.get(page)), page
    with on_stage(app, cast.organisation, cast.quality_manager) as w:
        # An internal audit of the system as a whole serves every certificate.
        plan(w, None, date(2026, 11, 23), kind=AuditKind.INTERNAL, title="All")
        audits.take_step(w, "IA-2026-01", AuditProgress.REPORT_DRAFTED)
        details = ReviewDetails(
            held_on=date(2026, 12, 7), period_starts_on=date(2026, 1, 1), standards=("ISO/IEC 27001:2022",)
        )
        reviews.plan(w, details)
    for page in (f"{house}/", f"{house}/certificates/C-27001-1", f"{house}/audits/SA-2026-01"):
        words = told(manager.get(page))
        assert "Planned, not yet held" in words
        assert "The management review MR-2026-01 is planned for 7 Dec 2026, not yet held" in words
        assert "No internal audit" not in words
    assert "The internal audit IA-2026-01 was held on 23 Nov 2026, before SA-2026-01." in told(
        manager.get(f"{house}/audits/SA-2026-01")
    )
