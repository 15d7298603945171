"""One's own competence: what is asked, what of it is met and until when, what is wanting; theirs only."""

import re
from datetime import date
from html import unescape

import pytest
import time_machine
from sqlalchemy import event

from app.domain.permission import Role
from app.domain.programme.team import TeamRole
from app.domain.training.competence import EvidenceKind
from app.extensions import db
from app.operations import competence
from app.operations.competence import EvidenceDetails, RequirementDetails
from app.queries.competence import requirement_by
from tests.cast import sign_in
from tests.stage import on_stage
from tests.trained import course, passed


@pytest.fixture(autouse=True)
def _day():
    with time_machine.travel("2027-02-01T12:00:00+00:00"):
        yield


@pytest.fixture
def asked(app, cast):
    """Something for auditors, of which the auditor lacks the evidence, and something for staff that they meet."""
    with on_stage(app, cast.organisation) as w:
        audits, basics = course(w), course(w, "TR-002", "Security basics")
        passed(w, cast.auditor.id, audits, date(2026, 3, 1), date(2027, 2, 28))
        passed(w, cast.staff.id, basics, date(2026, 3, 1), date(2027, 6, 30))
        lead = competence.create(
            w,
            RequirementDetails(
                name="Auditor of 27001",
                team_role=TeamRole.AUDITOR,
                courses=frozenset({audits.id}),
                audits_witnessed=2,
                evidence="A diploma",
            ),
        )
        row = requirement_by(w, lead.reference)
        witnessed = EvidenceDetails(kind=EvidenceKind.WITNESSED, says="IA-2026-01", from_on=date(2026, 5, 1))
        competence.record_evidence(w, row, cast.auditor.id, witnessed)
        competence.create(w, RequirementDetails(name="Staff basics", role=Role.STAFF, courses=frozenset({basics.id})))
    return f"/o/{cast.organisation.slug}/my-training"


def told(answer):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))).split())


def test_an_auditor_reads_part_by_part_what_is_met_and_what_is_wanting(client, cast, asked):
    sign_in(client, cast.auditor)
    assert f'href="{asked}/competence"' in client.get(asked).get_data(as_text=True)
    answer = client.get(f"{asked}/competence")
    page = told(answer)
    assert "1 requirement concerns you; 1 of them not met." in page
    assert "Auditor of 27001" in page
    assert "Asked of you before you audit as auditor." in page
    assert "28 Feb 2027" in page
    assert "A diploma: nothing is on record." in page
    assert "1 of 2 audits witnessed." in page
    assert f'href="{asked}/TR-001"' in answer.get_data(as_text=True)
    assert "Staff basics" not in page


def test_what_is_met_says_until_when_and_nobody_elses_stands_there(client, cast, asked):
    page = told(sign_in(client, cast.staff).get(f"{asked}/competence"))
    assert "1 requirement concerns you; all met." in page
    assert "30 Jun 2027" in page
    assert "Auditor of 27001" not in page
    assert "28 Feb 2027" not in page


def test_who_is_asked_nothing_reads_so_and_a_stranger_finds_nothing(app, client, cast, asked):
    assert "Nothing is asked of you" in told(sign_in(client, cast.administrator).get(f"{asked}/competence"))
    assert sign_in(app.test_client(), cast.stranger).get(f"{asked}/competence").status_code == 404
    assert sign_in(app.test_client(), cast.assessor).get(f"{asked}/competence").status_code == 403


def test_it_makes_a_fixed_number_of_queries(app, client, cast, asked):
    sign_in(client, cast.auditor)

    def questions():
        found = []
        with app.app_context():
            engine = db.engine
        note = lambda *said: found.append(said[2])  # noqa: E731
        event.listen(engine, "before_cursor_execute", note)
        try:
            client.get(f"{asked}/competence")
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return len(found)

    questions()
    few = questions()
    with on_stage(app, cast.organisation) as w:
        for number in range(3, 8):
            taken = course(w, f"TR-00{number}", f"More {number}")
            details = RequirementDetails(
                name=f"More {number}", team_role=TeamRole.AUDITOR, courses=frozenset({taken.id})
            )
            competence.create(w, details)
    assert questions() == few
