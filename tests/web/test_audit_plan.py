"""The plan of an audit on screen, and the rule that nobody audits their own work, from both sides."""

from dataclasses import replace
from datetime import UTC, date, datetime
from html import unescape

import pytest
from sqlalchemy import select

from app.domain.certification.facts import AuditKind
from app.domain.explained import RefusedError
from app.domain.itam.change import ChangeAction
from app.domain.itam.ownership import Duty
from app.domain.programme.team import Seat, TeamRole
from app.models.audit import AuditAsset
from app.models.audit_plan import AuditClause, AuditCriterion
from app.models.change_request import ChangeAsset, ChangeRequest
from app.operations import audit_assets, audit_plans, audits, ownerships, processes
from app.operations.audit_plans import PlanDetails
from app.operations.ownerships import Holder
from app.operations.processes import ProcessDetails
from app.queries.audits import audit_of
from app.queries.impartiality import partialities_at
from app.queries.processes import process_by
from tests.cast import post, sign_in
from tests.equipped import again, employ, equip
from tests.stage import certificate, on_stage, plan

ISMS, QMS = "ISO/IEC 27001:2022", "ISO 9001:2015"
OFFERED = frozenset({ISMS, QMS})


@pytest.fixture
def home(cast):
    return f"/o/{cast.organisation.slug}/audits"


@pytest.fixture
def reference(app, cast):
    """An internal audit that the auditor leads, of the certificate to 27001."""
    with on_stage(app, cast.organisation) as w:
        lead = (Seat(TeamRole.LEAD, person_id=cast.auditor.id),)
        row = certificate(w)
        return plan(w, row.id, date(2030, 5, 6), date(2030, 5, 8), kind=AuditKind.INTERNAL, team=lead).reference


def told(answer):
    return " ".join(unescape(answer.get_data(as_text=True)).split())


def seats(w, reference, *team):
    audit = audit_of(w, reference, lock=True)
    return audits.change(w, reference, audit.version, replace(audits.wish_of(audit), team=team))


def planned(w, reference, **details):
    audit_plans.edit(w, audit_of(w, reference, lock=True), PlanDetails(**details), OFFERED)


def own(w, person, **details):
    return processes.create(w, ProcessDetails(name="Access", owner_id=person.id, **details))


def test_the_lead_writes_the_plan_and_the_standards_are_proposed(client, app, cast, home, reference):
    lead = sign_in(client, cast.auditor)
    assert "No plan yet" in told(lead.get(f"{home}/{reference}/plan"))
    form = told(lead.get(f"{home}/{reference}/plan/edit"))
    assert f'name="standards" type="checkbox" value="{ISMS}"' in form.replace("checked ", "")
    assert "Reference of the certification body" not in form
    with on_stage(app, cast.organisation) as w:
        process = processes.create(w, ProcessDetails(name="Leavers"))
        version = audit_of(w, reference).version
    typed = {
        "version": version,
        "objectives": "Whether leavers lose their rights.",
        "standards": [ISMS],
        "criteria": "The policy on access.",
        "points": [f"{ISMS}|9.2", f"{ISMS}|A.5"],
        "processes": [process.id],
    }
    assert post(lead, f"{home}/{reference}/plan/edit", typed).status_code == 303
    page = told(lead.get(f"{home}/{reference}/plan"))
    for words in ("Whether leavers lose their rights.", "9.2, A.5", "Leavers", "The policy on access."):
        assert words in page
    again_sent = post(lead, f"{home}/{reference}/plan/edit", {**typed, "objectives": "Else"})
    assert again_sent.status_code == 422
    assert "was changed by somebody else" in told(again_sent)
    journal = told(
        sign_in(client, cast.quality_manager).get(f"/o/{cast.organisation.slug}/journal/?reference={reference}")
    )
    assert f"clause “9.2” of {reference}" in journal
    assert f"process P-01 of {reference}" in journal


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"standards": ["ISO 1:1999"]}, "Choose the standards from the list."),
        ({"standards": [QMS], "points": [f"{ISMS}|9"]}, "it is no criterion of the audit"),
        ({"standards": [ISMS], "points": [f"{ISMS}|77"]}, "has no such clause"),
        ({"processes": ["x"]}, "Choose processes from the list."),
    ],
)
def test_what_a_plan_cannot_say_is_refused(client, cast, home, reference, typed, says):
    answer = post(sign_in(client, cast.auditor), f"{home}/{reference}/plan/edit", typed)
    assert answer.status_code == 422
    assert says in told(answer)


def test_the_plan_of_a_body_is_transcribed_with_its_reference(client, app, cast, home):
    with on_stage(app, cast.organisation) as w:
        theirs = plan(w, certificate(w).id, date(2025, 2, 3)).reference
    manager = sign_in(client, cast.quality_manager)
    typed = {"body_reference": "CB-778", "standards": [ISMS], "objectives": "Surveillance"}
    assert post(manager, f"{home}/{theirs}/plan/edit", typed).status_code == 303
    assert "who calls it CB-778" in told(manager.get(f"{home}/{theirs}/plan"))


def test_the_owner_of_an_audited_asset_is_refused_by_its_name(client, app, cast, home, reference):
    with on_stage(app, cast.organisation) as w:
        custodian = employ(w, person_id=cast.asset_manager.id)
        laptop = equip(w, "NW-0042", custodian=custodian.number)
        audit_assets.look_at(w, audit_of(w, reference, lock=True), "NW-0042")
        assert laptop.custodian_id == custodian.id
        audit = audit_of(w, reference)
        version, certificate_id = audit.version, audit.audit_certificates[0].certificate_id
    manager = sign_in(client, cast.quality_manager)
    typed = {
        "version": version,
        "kind": "internal",
        "starts_on": "2030-05-06",
        "ends_on": "2030-05-08",
        "time_zone": "Europe/Berlin",
        "mode": "on-site",
        "certificates-0-certificate": certificate_id,
        "team-0-role": "auditor",
        "team-0-person": cast.asset_manager.id,
        "reason": "Another team.",
        "step": "save",
    }
    answer = post(manager, f"{home}/{reference}/edit", typed)
    assert answer.status_code == 422
    assert "Asif Malik is the custodian of NW-0042, which the audit looks at." in told(answer)
    assert "ISO 19011, 4" in told(answer)
    for role in ("technical-expert", "observer"):
        with on_stage(app, cast.organisation) as w:
            seats(w, reference, Seat(TeamRole(role), person_id=cast.asset_manager.id))
    with on_stage(app, cast.organisation) as w, pytest.raises(RefusedError):
        seats(w, reference, Seat(TeamRole.LEAD, person_id=cast.asset_manager.id))


def test_an_asset_of_an_auditor_does_not_come_to_their_audit(client, app, cast, home, reference):
    with on_stage(app, cast.organisation) as w:
        employee = employ(w, person_id=cast.auditor.id)
        asset_id = equip(w, "NW-7").id
        ownerships.set_duties(w, again(w, asset_id), {Duty.SECURITY: Holder(employee=employee.number)})
    answer = post(sign_in(client, cast.auditor), f"{home}/{reference}/assets", {"tags": "NW-7"})
    assert answer.status_code == 422
    assert "Aud Lindqvist answers for security of NW-7" in told(answer)
    with on_stage(app, cast.organisation) as w:
        assert w.all(select(AuditAsset)) == []


def test_a_process_or_clause_of_an_auditor_does_not_come_into_the_scope(app, cast, reference):
    with on_stage(app, cast.organisation) as w:
        theirs = own(w, cast.auditor, clauses=frozenset({(ISMS, "9.2")}))
        other = processes.create(w, ProcessDetails(name="Buying", performers=frozenset({cast.auditor.id})))
    for details in (
        {"processes": frozenset({theirs.id})},
        {"processes": frozenset({other.id})},
        {"standards": frozenset({ISMS}), "points": frozenset({(ISMS, "9")})},
    ):
        with on_stage(app, cast.organisation) as w, pytest.raises(RefusedError) as refused:
            planned(w, reference, **details)
        assert "Aud Lindqvist" in refused.value.why[0].says
    with on_stage(app, cast.organisation) as w:
        planned(w, reference, standards=frozenset({ISMS}), points=frozenset({(ISMS, "9.1")}))


def test_who_had_a_part_in_a_change_does_not_audit_its_asset_within_the_window(app, cast, reference):
    with on_stage(app, cast.organisation) as w:
        asset_id = equip(w, "NW-9").id
        change = ChangeRequest(
            reference="CR-2029-001",
            action=next(iter(ChangeAction)),
            title="Move it",
            reason="Room",
            status="authorised",
            requested_by_id=cast.staff.id,
            requested_at=datetime(2028, 5, 6, 12, tzinfo=UTC),
            decided_by_id=cast.auditor.id,
            decided_at=datetime(2028, 5, 7, 12, tzinfo=UTC),
            assets=[ChangeAsset(asset_id=asset_id)],
        )
        w.add(change)
    with on_stage(app, cast.organisation) as w, pytest.raises(RefusedError) as refused:
        audit_assets.look_at(w, audit_of(w, reference, lock=True), "NW-9")
    assert "Aud Lindqvist authorised CR-2029-001, a change of NW-9" in refused.value.why[0].says
    with on_stage(app, cast.organisation) as w:
        w.organisation.impartiality_months = 0
    with on_stage(app, cast.organisation) as w:
        audit_assets.look_at(w, audit_of(w, reference, lock=True), "NW-9")
        w.organisation.impartiality_months = 24
        w.flush()
        assert len(partialities_at(w, audit_of(w, reference))) == 1
        w.organisation.impartiality_months = 23
        w.flush()
        assert partialities_at(w, audit_of(w, reference)) == ()


def test_a_new_owner_of_a_process_is_pointed_out_and_the_audit_moves_all_the_same(client, app, cast, home, reference):
    with on_stage(app, cast.organisation) as w:
        process = processes.create(w, ProcessDetails(name="Access"))
        planned(w, reference, processes=frozenset({process.id}))
        row = process_by(w, process.reference, for_update=True)
        processes.edit(w, row, ProcessDetails(name="Access", owner_id=cast.auditor.id))
    page = told(sign_in(client, cast.auditor).get(f"{home}/{reference}/plan"))
    assert "Aud Lindqvist owns P-01 Access, which the audit takes up." in page
    with on_stage(app, cast.organisation) as w:
        audit = audit_of(w, reference, lock=True)
        audits.move(w, reference, audit.version, replace(audits.wish_of(audit).when, ends_on=date(2030, 5, 9)))


def test_the_team_of_a_body_is_theirs(app, cast):
    with on_stage(app, cast.organisation) as w:
        theirs = plan(w, certificate(w).id, date(2025, 2, 3)).reference
        process = own(w, cast.auditor)
        planned(w, theirs, processes=frozenset({process.id}))
        seats(w, theirs, Seat(TeamRole.LEAD, person_id=cast.auditor.id))


def test_a_frozen_audit_keeps_its_plan_team_and_assets(app, cast, reference):
    with on_stage(app, cast.organisation) as w:
        equip(w, "NW-1")
        audit_assets.look_at(w, audit_of(w, reference, lock=True), "NW-1")
        audit_of(w, reference).frozen_at = w.now
    deeds = (
        lambda w: planned(w, reference, objectives="Else"),
        lambda w: seats(w, reference),
        lambda w: audit_assets.look_at(w, audit_of(w, reference, lock=True), "NW-1"),
        lambda w: audit_assets.look_away(w, audit_of(w, reference, lock=True), w.all(select(AuditAsset))[0]),
    )
    for deed in deeds:
        with on_stage(app, cast.organisation) as w, pytest.raises(RefusedError, match="frozen"):
            deed(w)


def test_strangers_find_no_plan_and_others_may_only_read_it(app, cast, home, reference):
    for who, read, change in (
        (cast.stranger, 404, 404),
        (cast.staff, 404, 403),
        (cast.asset_manager, 200, 403),
        (cast.auditor, 200, 200),
    ):
        visitor = sign_in(app.test_client(), who)
        assert visitor.get(f"{home}/{reference}/plan").status_code == read
        assert visitor.get(f"{home}/{reference}/plan/edit").status_code == change
    with on_stage(app, cast.organisation) as w:
        other = plan(w, None, date(2031, 5, 6), kind=AuditKind.INTERNAL).reference
    visitor = sign_in(app.test_client(), cast.auditor)
    assert visitor.get(f"{home}/{other}/plan/edit").status_code == 403
    with on_stage(app, cast.organisation) as w:
        assert (w.all(select(AuditCriterion)), w.all(select(AuditClause))) == ([], [])
