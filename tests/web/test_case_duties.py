"""What waits for whom among the nonconformities: my work, the dashboard, the bell, and actions of one's own."""

from collections.abc import Iterator
from datetime import date
from html import unescape
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.domain.certification.facts import AuditKind, Grade
from app.domain.findings.corrective_action import ActionKind, DueKind
from app.models.corrective_action import Action
from app.models.management_review import ManagementReview
from app.operations import case_deadlines
from app.operations import corrective_actions as cases
from app.queries.dashboard import dashboard_of
from app.queries.nonconformities import nonconformity_by
from app.queries.signals import signals_of
from tests.cases import acting, fresh, implemented, later, opened, owned, planned, send
from tests.cast import Cast, Member, sign_in
from tests.certified import NOON, audited, certified, raised


@pytest.fixture(autouse=True)
def _first_of_june() -> Iterator[None]:
    with time_machine.travel(NOON, tick=True):
        yield


@pytest.fixture
def home(cast: Cast) -> str:
    return f"/o/{cast.organisation.slug}"


def text(answer: Any) -> str:
    return unescape(answer.get_data(as_text=True))


def duties(client: FlaskClient, home: str, who: Member) -> str:
    page = text(sign_in(client, who).get(f"{home}/my-work"))
    return page.partition('id="duties"')[2].partition("</section>")[0]


def test_each_finds_what_is_theirs_and_nobody_what_is_not(
    app: Flask, client: FlaskClient, cast: Cast, home: str
) -> None:
    house = cast.organisation
    with acting(app, house, cast.auditor) as w:
        unowned = opened(w).reference
    with acting(app, house, cast.asset_manager) as w:
        mine = planned(w, cast.asset_manager, cast.staff)
    assert "Name the responsible person" in duties(client, home, cast.quality_manager)
    assert unowned not in duties(client, home, cast.auditor)
    own = duties(client, home, cast.asset_manager)
    assert mine in own
    assert "Plan the actions, and send the answer" in own
    assert "Name an owner of the review." in duties(client, home, cast.staff)
    assert not duties(client, home, cast.administrator)
    with acting(app, house, cast.asset_manager) as w:
        case_deadlines.ask(w, mine, None, DueKind.ANSWER, date(2026, 6, 30), "Holidays.")
        w.session.expire_all()
        cases.answer(w, mine, None)
    judged = duties(client, home, cast.quality_manager)
    for words in ("Accept the answer, or refuse it", "Approve or refuse the later day"):
        assert words in judged
        assert words in duties(client, home, cast.auditor)
    assert not duties(client, home, cast.asset_manager)


def test_a_verification_waits_for_its_day_and_for_who_had_no_hand_in_it(
    app: Flask, client: FlaskClient, cast: Cast, home: str
) -> None:
    reference, _ = implemented(app, cast)
    assert reference not in duties(client, home, cast.quality_manager)
    with later(date(2026, 7, 1)):
        assert "Verify that the actions worked" in duties(client, home, cast.quality_manager)
        assert "Verify that the actions worked" in duties(client, home, cast.auditor)
        for who in (cast.asset_manager, cast.staff):
            assert reference not in duties(client, home, who)


def test_the_bell_and_the_dashboard_count_cases_and_actions_that_are_late(
    app: Flask, client: FlaskClient, cast: Cast, home: str
) -> None:
    with acting(app, cast.organisation, cast.quality_manager) as w:
        owned(w, cast.auditor, raised_on=date(2026, 4, 1))
        planned(w, cast.auditor, cast.staff)
    with later(date(2026, 7, 2)):
        manager = sign_in(client, cast.quality_manager)
        page = text(manager.get(f"{home}/certificates"))
        # Two answers and an action.
        assert 'aria-label="3 overdue"' in page
        with acting(app, cast.organisation, cast.quality_manager) as w:
            late = [(each.reference, each.says) for each in dashboard_of(w).overdue]
    assert late == [
        ("NC-2026-001", "Cause and plan for a major nonconformity"),
        ("NC-2026-002", "Cause and plan for a major nonconformity"),
        ("A-2026-001", "Corrective action to be done"),
    ]


def test_an_answer_to_the_body_that_a_case_stands_behind_is_late_once(
    app: Flask, client: FlaskClient, cast: Cast, home: str
) -> None:
    with acting(app, cast.organisation, cast.quality_manager) as w:
        certificate = certified(w)
        audit = audited(w, certificate, "SA-2026-01", AuditKind.SURVEILLANCE, date(2026, 2, 20))
        told = {"statement": "The programme has gaps.", "response_due_on": date(2026, 6, 10)}
        for _ in range(2):
            row = raised(w, f"{audit.reference}/{certificate.reference}", Grade.MINOR, date(2026, 2, 20), **told)
        held = nonconformity_by(w, row.reference, for_update=True)
        assert held is not None
        cases.open_behind(w, held)
    with later(date(2026, 7, 2)), acting(app, cast.organisation, cast.quality_manager) as w:
        late = [each.reference for each in dashboard_of(w).overdue]
        assert sorted(each for each in late if each.startswith("NC-")) == ["NC-2026-001", "NC-2026-002"]
        assert signals_of(w).overdue == len(late)


def test_staff_see_their_own_actions_alone_and_do_them(app: Flask, client: FlaskClient, cast: Cast, home: str) -> None:
    with acting(app, cast.organisation, cast.quality_manager) as w:
        planned(w, cast.auditor, cast.staff)
        planned(w, cast.auditor, cast.administrator)
    staff = sign_in(client, cast.staff)
    page = text(staff.get(f"{home}/actions"))
    assert "A-2026-001" in page
    assert "A-2026-002" not in page
    assert "A-2026-002" not in text(staff.get(f"{home}/actions/export/csv"))
    assert staff.get(f"{home}/actions/A-2026-002").status_code == 404
    assert staff.get(f"{home}/actions/A-2026-002/done").status_code == 404
    assert staff.get(f"{home}/actions/A-2026-001/remove").status_code == 403
    assert sign_in(client, cast.asset_manager).get(f"{home}/actions/A-2026-001/done").status_code == 403
    assert sign_in(client, cast.assessor).get(f"{home}/actions/A-2026-001").status_code == 404
    assert sign_in(client, cast.stranger).get(f"{home}/actions/A-2026-001").status_code == 404
    staff = sign_in(client, cast.staff)
    for typed, words in (
        ({"done_on": "2026-06-01", "note": ""}, "Say what was done"),
        ({"done_on": "2026-06-02", "note": "x"}, "has not come yet"),
        ({"done_on": "2026-05-01", "note": "x"}, "lies before 18 May 2026"),
    ):
        refused = send(staff, f"{home}/actions/A-2026-001/done", typed)
        assert refused.status_code == 422
        assert words in text(refused)
    assert (
        send(staff, f"{home}/actions/A-2026-001/done", {"done_on": "2026-06-01", "note": "Named."}).status_code == 303
    )
    again = send(staff, f"{home}/actions/A-2026-001/done", {"done_on": "2026-06-01", "note": "Named again."})
    assert "as done on 1 Jun 2026 already" in text(again)
    everything = text(sign_in(client, cast.quality_manager).get(f"{home}/actions"))
    assert "A-2026-002" in everything
    for asked, shown in (("standing=done", "A-2026-001"), ("standing=open", "A-2026-002"), ("mine=yes", "")):
        found = text(client.get(f"{home}/actions?{asked}"))
        assert [each for each in ("A-2026-001", "A-2026-002") if f">{each}</a>" in found] == ([shown] if shown else [])


def test_an_action_leaves_a_plan_that_is_not_sent_and_not_one_that_is(
    app: Flask, client: FlaskClient, cast: Cast, home: str
) -> None:
    with acting(app, cast.organisation, cast.auditor) as w:
        first = planned(w, cast.auditor, cast.staff)
        second = planned(w, cast.auditor, cast.staff)
        w.session.expire_all()
        cases.answer(w, second, None)
    auditor = sign_in(client, cast.auditor)
    assert send(auditor, f"{home}/actions/A-2026-001/remove").status_code == 303
    assert send(auditor, f"{home}/actions/A-2026-002/remove").status_code == 403
    with acting(app, cast.organisation, cast.auditor) as w:
        assert not fresh(w, first).actions
        assert len(fresh(w, second).actions) == 1


def test_what_a_management_review_decided_is_done_without_a_case(
    app: Flask, client: FlaskClient, cast: Cast, home: str
) -> None:
    with acting(app, cast.organisation, cast.quality_manager) as w:
        review = w.add(
            ManagementReview(
                reference="MR-2026-01",
                title="Spring",
                held_on=date(2026, 5, 4),
                period_starts_on=date(2025, 5, 1),
                standards="ISO 9001:2015",
            )
        )
        told = {"says": "Buy a second log server.", "owner_id": cast.staff.id, "due_on": date(2026, 8, 1)}
        w.add(Action(reference="A-2026-001", review_id=review.id, kind=ActionKind.DECISION, created_at=w.now, **told))
    staff = sign_in(client, cast.staff)
    assert "MR-2026-01" in text(staff.get(f"{home}/actions/A-2026-001"))
    done = {"done_on": "2026-06-01", "note": "Bought."}
    assert send(staff, f"{home}/actions/A-2026-001/done", done).status_code == 303
    assert "Bought." in text(staff.get(f"{home}/actions/A-2026-001"))
