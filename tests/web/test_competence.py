"""What is asked of auditors is held against the days of internal audits; renewing lifts the refusal."""

import re
from dataclasses import replace
from datetime import date
from html import unescape

import pytest
import time_machine
from sqlalchemy import select

from app.domain.certification.facts import AuditKind
from app.domain.explained import RefusedError
from app.domain.permission import Role
from app.domain.programme.progress import AuditProgress
from app.domain.programme.team import Seat, TeamRole
from app.domain.programme.wish import When
from app.domain.training.competence import EvidenceKind
from app.models.competence import CompetenceRequirement
from app.models.completion import Completion
from app.models.organisation import Organisation
from app.operations import audits, competence
from app.operations.competence import EvidenceDetails, RequirementDetails
from app.queries.competence import gaps, requirement_by
from app.queries.review_inputs import Span, drawn_for
from tests.cast import post as _post
from tests.cast import sign_in
from tests.stage import certificate, on_stage, plan, reread
from tests.trained import course, passed

LAST = date(2027, 2, 28)
AFTER = date(2027, 3, 1)


def post(client, url, **said):
    """Send the fields of a form."""
    return _post(client, url, said)


@pytest.fixture(autouse=True)
def _day():
    with time_machine.travel("2027-02-01T12:00:00+00:00"):
        yield


def seat(who, role=TeamRole.AUDITOR):
    return (Seat(role, person_id=who.id),)


@pytest.fixture
def asked(app, cast):
    """A requirement for auditors: a course, which the auditor of the cast has passed through 28 February 2027."""
    with on_stage(app, cast.organisation) as w:
        taken = course(w)
        passed(w, cast.auditor.id, taken, date(2026, 3, 1), LAST)
        details = RequirementDetails(name="Auditor", team_role=TeamRole.AUDITOR, courses=frozenset({taken.id}))
        return competence.create(w, details).reference, taken.id


def renew(w, cast, course_id):
    w.add(
        Completion(
            person_id=cast.auditor.id,
            course_id=course_id,
            completed_on=w.today,
            valid_until=date(2028, 2, 1),
            provider="An institute",
            recorded_at=w.now,
        )
    )


def test_an_auditor_is_put_on_an_audit_of_the_last_valid_day_and_not_of_the_next_until_renewed(app, cast, asked):
    with on_stage(app, cast.organisation) as w:
        plan(w, None, LAST, kind=AuditKind.INTERNAL, team=seat(cast.auditor))
    with pytest.raises(RefusedError) as refusal, on_stage(app, cast.organisation) as w:
        plan(w, None, AFTER, kind=AuditKind.INTERNAL, team=seat(cast.auditor))
    assert refusal.value.field == "team"
    assert "Aud Lindqvist does not meet Auditor on 1 Mar 2027" in str(refusal.value)
    assert "valid through 28 Feb 2027 only" in str(refusal.value)
    with on_stage(app, cast.organisation) as w:
        renew(w, cast, asked[1])
    with on_stage(app, cast.organisation) as w:
        plan(w, None, AFTER, kind=AuditKind.INTERNAL, team=seat(cast.auditor))


def test_a_gap_on_any_day_counts_and_a_move_is_held_against_it_too(app, cast, asked):
    with pytest.raises(RefusedError), on_stage(app, cast.organisation) as w:
        plan(w, None, date(2027, 2, 26), AFTER, kind=AuditKind.INTERNAL, team=seat(cast.auditor))
    with on_stage(app, cast.organisation) as w:
        reference = plan(w, None, LAST, kind=AuditKind.INTERNAL, team=seat(cast.auditor)).reference
    with pytest.raises(RefusedError) as refusal, on_stage(app, cast.organisation) as w:
        audits.move(w, reference, None, When(AFTER, AFTER))
    assert refusal.value.field == "starts_on"
    with on_stage(app, cast.organisation) as w:
        renew(w, cast, asked[1])
    with on_stage(app, cast.organisation) as w:
        audits.move(w, reference, None, When(AFTER, AFTER))


def test_a_cancelled_audit_is_no_way_around_it(app, cast, asked):
    with on_stage(app, cast.organisation) as w:
        reference = plan(
            w, None, AFTER, kind=AuditKind.INTERNAL, team=seat(cast.quality_manager, TeamRole.LEAD)
        ).reference
        audits.take_step(w, reference, AuditProgress.CANCELLED, reason="The site has closed.")
    audit = reread(app, cast.organisation, reference)
    with pytest.raises(RefusedError, match="does not meet Auditor"), on_stage(app, cast.organisation) as w:
        audits.change(w, reference, audit.version, replace(audits.wish_of(audit), team=seat(cast.auditor)))


def test_what_ran_out_while_an_audit_was_cancelled_is_asked_again_when_it_is_reopened(app, cast, asked):
    with on_stage(app, cast.organisation) as w:
        reference = plan(w, None, LAST, kind=AuditKind.INTERNAL, team=seat(cast.auditor)).reference
        audits.take_step(w, reference, AuditProgress.CANCELLED, reason="The site has closed.")
    with on_stage(app, cast.organisation) as w:
        audits.take_step(w, reference, AuditProgress.PLANNED, reason="It is open again.")
        audits.take_step(w, reference, AuditProgress.CANCELLED, reason="And closed.")
        for each in w.all(select(Completion)):
            each.revoked_at = w.now
    with pytest.raises(RefusedError, match="does not meet Auditor"), on_stage(app, cast.organisation) as w:
        audits.take_step(w, reference, AuditProgress.PLANNED, reason="It is open again.")


def test_neither_an_observer_nor_an_audit_of_the_body_is_held_against_it(app, cast, asked):
    with on_stage(app, cast.organisation) as w:
        plan(w, None, AFTER, kind=AuditKind.INTERNAL, team=seat(cast.auditor, TeamRole.OBSERVER))
        served = {certificate(w).id: AuditKind.SPECIAL}
        plan(w, served, AFTER, kind=AuditKind.SPECIAL, team=seat(cast.auditor))


def internal(**said):
    """An internal audit as the form sends it."""
    days = {"starts_on": str(AFTER), "ends_on": str(AFTER)}
    return {"kind": "internal", "mode": "on-site", "time_zone": "", "step": "save", **days, **said}


def test_a_member_is_no_outsider_and_of_an_outsider_competence_is_said_to_be_unchecked(app, client, cast, asked):
    home = f"/o/{cast.organisation.slug}/audits"
    sign_in(client, cast.quality_manager)
    typed = {"team-0-role": "auditor", "team-0-name": "A. Lindqvist", "team-0-email": cast.auditor.email.upper()}
    refused = post(client, f"{home}/new", **internal(**typed))
    assert refused.status_code == 422
    assert f"{cast.auditor.email} is a member: choose them from the list." in refused.text
    with on_stage(app, cast.organisation) as w:
        outside = (Seat(TeamRole.AUDITOR, name="Otto Rau", email="otto@rau.example"),)
        reference = plan(w, None, AFTER, kind=AuditKind.INTERNAL, team=outside).reference
    changed = post(client, f"{home}/{reference}/edit", **internal(**typed, version="1"))
    assert "is a member: choose them from the list." in changed.text
    for page in (reference, f"{reference}/plan"):
        assert "competence not checked here" in client.get(f"{home}/{page}").text


def test_the_preview_shows_the_gap_and_no_green_message_stands_beside_a_refusal(app, client, cast, asked):
    address = f"/o/{cast.organisation.slug}/audits/new"
    said = {"team-0-role": "auditor", "team-0-person": str(cast.auditor.id)}
    sign_in(client, cast.quality_manager)
    for step, status in (("preview", 200), ("save", 422)):
        page = post(client, address, **internal(**said, step=step))
        assert page.status_code == status
        assert "This would be refused." in page.text
        assert "Aud Lindqvist does not meet Auditor on 1 Mar 2027" in page.text
        assert "nothing stands in the way" not in page.text
    with on_stage(app, cast.organisation) as w:
        w.session.scalars(select(Organisation).where(Organisation.id == w.home)).one().competence_gap = "warn"
    warned = post(client, address, **internal(**said, step="preview")).text
    assert "This would be refused." not in warned
    assert "nothing stands in the way" not in warned
    assert "Gap in competence" in warned
    weighed = warned.split('name="weighed" type="hidden" value="')[1].split('"')[0]
    assert post(client, address, **internal(**said, weighed=weighed)).status_code == 303


def test_where_the_organisation_warns_the_place_is_given_and_the_plan_points_it_out(app, client, cast, asked):
    with on_stage(app, cast.organisation) as w:
        w.session.scalars(select(Organisation).where(Organisation.id == w.home)).one().competence_gap = "warn"
    with on_stage(app, cast.organisation) as w:
        reference = plan(w, None, AFTER, kind=AuditKind.INTERNAL, team=seat(cast.auditor)).reference
    sign_in(client, cast.quality_manager)
    page = client.get(f"/o/{cast.organisation.slug}/audits/{reference}/plan").get_data(as_text=True)
    assert "does not meet Auditor on 1 Mar 2027" in page
    listed = client.get(f"/o/{cast.organisation.slug}/competence/gaps").get_data(as_text=True)
    assert reference in listed
    with on_stage(app, cast.organisation) as w:
        (gap,) = gaps(w)
        assert (gap.who, gap.reference) == (cast.auditor.name, reference)
        drawn = drawn_for(w, Span(0, date(2026, 2, 1), w.today), ["competence"])["competence"]
        assert "Gaps in competence: 1." in drawn
        assert not any(cast.auditor.name in line for line in drawn)


def test_requirements_are_asked_shown_with_their_reasons_and_met_by_evidence(app, client, cast):
    home = f"/o/{cast.organisation.slug}/competence"
    sign_in(client, cast.quality_manager)
    said = {
        "name": "Lead of 27001",
        "subject": "team lead-auditor",
        "standard": "ISO/IEC 27001",
        "audits_witnessed": "1",
    }
    assert post(client, f"{home}/requirements/new", **said | {"audits_witnessed": "0"}).status_code == 422
    assert post(client, f"{home}/requirements/new", **said, evidence="Certificate").status_code == 303
    page = f"{home}/requirements/CR-01/people/{cast.auditor.id}"
    before = client.get(page).get_data(as_text=True)
    assert "0 of 1 audits witnessed." in before
    assert "Certificate: nothing is on record." in before
    seen = {"kind": "witnessed-audit", "says": "IA-2026-02", "from_on": "2026-10-05"}
    assert post(client, f"{page}/evidence", **seen | {"from_on": "2027-02-02"}).status_code == 422
    done = post(client, f"{page}/evidence", **seen)
    assert done.status_code == 303
    assert client.get(done.location).status_code == 200
    post(client, f"{page}/evidence", kind="document", says="No 17", from_on="2026-01-01", valid_until="2027-12-31")
    after = re.sub(r"<[^>]+>", "", unescape(client.get(page).get_data(as_text=True)))
    assert "31 Dec 2027" in after
    assert "Met" in client.get(home).get_data(as_text=True)
    assert "Gap" in client.get(f"{home}?on=2028-01-01").get_data(as_text=True)
    assert "met until 2027-12-31" in client.get(f"{home}/export/csv").get_data(as_text=True)
    assert post(client, f"{done.location}/remove").status_code == 303
    assert post(client, f"{home}/requirements/CR-01/retire").status_code == 303
    assert post(client, f"{page}/evidence", **seen).status_code == 422
    for who, status in ((cast.staff, 403), (cast.stranger, 404)):
        sign_in(client, who)
        assert client.get(home).status_code == status
        assert client.get(page).status_code == status


def test_who_has_a_role_without_what_it_asks_is_a_gap_and_evidence_is_refused_where_none_is_asked(app, cast):
    with on_stage(app, cast.organisation) as w:
        taken = course(w)
        details = RequirementDetails(name="Staff", role=Role.STAFF, courses=frozenset({taken.id}))
        reference = competence.create(w, details).reference
    with on_stage(app, cast.organisation) as w:
        (gap,) = gaps(w)
        assert (gap.reference, gap.who) == (reference, cast.staff.name)
        row = requirement_by(w, reference)
        shows = EvidenceDetails(kind=EvidenceKind.DOCUMENT, says="No 1", from_on=w.today)
        with pytest.raises(RefusedError):
            competence.record_evidence(w, row, cast.staff.id, shows)


def test_the_setting_is_chosen_on_its_page(app, client, cast):
    sign_in(client, cast.administrator)
    address = f"/o/{cast.organisation.slug}/settings/audits"
    text = client.get(address).get_data(as_text=True)
    found = dict(re.findall(r'name="([a-z_]+)"[^>]*value="([^"]*)"', text))
    fields = {name: value for name, value in found.items() if name.endswith(("days", "months", "seen"))}
    fields["competence_gap"] = "warn"
    assert post(client, address, **fields).status_code == 303
    with on_stage(app, cast.organisation) as w:
        assert w.organisation.competence_gap == "warn"
        assert not w.all(select(CompetenceRequirement))
