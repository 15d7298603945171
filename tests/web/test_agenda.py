"""The agenda on the plan of an audit: its items, their people, what does not go together, and the plan on paper."""

import re
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time
from html import unescape

import pytest
from sqlalchemy import event, select

from app.domain.certification.facts import AuditKind
from app.domain.explained import RefusedError
from app.domain.programme.team import Seat, TeamRole
from app.extensions import db
from app.models.audit_plan import AgendaItem, AgendaPerson
from app.operations import agenda, audits
from app.operations.agenda import AgendaDetails
from app.queries.audit_plan import agenda_of
from app.queries.audits import audit_of
from tests.cast import post, sign_in
from tests.stage import on_stage, plan, site
from tests.web.mailbox import mails

DAY = date(2030, 5, 6)


@pytest.fixture
def home(cast):
    return f"/o/{cast.organisation.slug}/audits"


@pytest.fixture
def reference(app, cast):
    """An internal audit of two days; the auditor leads it, the quality manager is beside them."""
    team = (Seat(TeamRole.LEAD, person_id=cast.auditor.id), Seat(TeamRole.AUDITOR, person_id=cast.quality_manager.id))
    with on_stage(app, cast.organisation) as w:
        return plan(w, None, DAY, date(2030, 5, 7), kind=AuditKind.INTERNAL, team=team).reference


@contextmanager
def counted(app):
    """The statements that a block sends."""
    said = []
    with app.app_context():
        engine = db.engine

    def note(_connection, _cursor, statement, *_):
        said.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", note)


def told(answer):
    return " ".join(unescape(answer.get_data(as_text=True)).split())


def words(answer):
    return " ".join(re.sub("<[^>]+>", " ", told(answer)).split())


def typed(**more):
    return {"held_on": "2030-05-06", "starts_at": "09:00", "ends_at": "10:00", "title": "Opening", **more}


def lead_of(app, cast, reference):
    with on_stage(app, cast.organisation) as w:
        return audit_of(w, reference).team[0].id


def put(w, reference, **details):
    said = {"held_on": DAY, "starts_at": time(9), "ends_at": time(10), "title": "Opening", **details}
    return agenda.add(w, audit_of(w, reference, lock=True), AgendaDetails(**said))


def test_the_lead_adds_changes_and_removes_an_item_and_the_journal_says_so(client, app, cast, home, reference):
    lead = sign_in(client, cast.auditor)
    assert "Nothing is on the agenda yet." in told(lead.get(f"{home}/{reference}/plan"))
    with on_stage(app, cast.organisation) as w:
        munich = site(w).id
    sent = typed(
        covers="4.1 and 4.2",
        place="Room 7",
        site=munich,
        auditors=[lead_of(app, cast, reference)],
        members=[cast.staff.id],
        outside="Nora Klein, Nora@Supplier.example\nOle <ole@supplier.example>",
    )
    assert post(lead, f"{home}/{reference}/plan/agenda/new", sent).status_code == 303
    page = told(lead.get(f"{home}/{reference}/plan"))
    for said in ("09:00 to 10:00", "Opening", "Room 7, Munich", "4.1 and 4.2", cast.staff.name, "Nora Klein", "Ole"):
        assert said in page
    with on_stage(app, cast.organisation) as w:
        item = agenda_of(w, audit_of(w, reference).id)[0]
    address = f"{home}/{reference}/plan/agenda/{item.id}"
    form = told(lead.get(f"{address}/edit"))
    assert "Nora Klein, nora@supplier.example" in form
    changed = {**sent, "title": "Opening meeting", "version": item.version, "outside": ""}
    assert post(lead, f"{address}/edit", changed).status_code == 303
    second = post(lead, f"{address}/edit", {**changed, "title": "Else"})
    assert second.status_code == 422
    assert "was changed by somebody else" in told(second)
    page = told(lead.get(f"{home}/{reference}/plan"))
    assert "Opening meeting" in page
    assert "Nora" not in page
    assert "Remove “Opening meeting” from the agenda?" in told(lead.get(f"{address}/remove"))
    assert post(lead, f"{address}/remove").status_code == 303
    assert lead.get(f"{address}/edit").status_code == 404
    manager = sign_in(client, cast.quality_manager)
    journal = words(manager.get(f"/o/{cast.organisation.slug}/journal/?reference={reference}"))
    assert f"item of the agenda “Opening” of {reference}" in journal
    assert f"removed item of the agenda “Opening meeting” of {reference}" in journal


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"title": " "}, "Say what the item is about."),
        ({"ends_at": "09:00"}, "it has to end after that"),
        ({"ends_at": "late"}, "There is no such time."),
        ({"held_on": "2030-02-31"}, "There is no such day."),
        ({"site": "x"}, "Choose a site from the list."),
        ({"auditors": ["999"]}, "Choose auditors from the team of the audit."),
        ({"members": ["999999"]}, "Choose auditees from the list."),
        ({"outside": "Nora Klein"}, "is no name with an email address behind it"),
        ({"outside": "Nora Klein, nora@"}, "is no name with an email address behind it"),
        ({"outside": "Nora Klein, nora@x"}, "This is not an email address"),
        ({"outside": "Nora\u202e, nora@supplier.example"}, "It held signs that nobody sees"),
        ({"outside": "Stella, STELLA@farrow.example"}, "is a member: tick their name instead"),
    ],
)
def test_what_an_item_cannot_say_is_refused_at_its_field(client, cast, home, reference, sent, says):
    answer = post(sign_in(client, cast.auditor), f"{home}/{reference}/plan/agenda/new", typed(**sent))
    assert answer.status_code == 422
    assert says in told(answer)


def test_nobody_is_audited_by_themselves(client, app, cast, home, reference):
    sent = typed(auditors=[lead_of(app, cast, reference)], members=[cast.auditor.id])
    answer = post(sign_in(client, cast.auditor), f"{home}/{reference}/plan/agenda/new", sent)
    assert answer.status_code == 422
    assert f"{cast.auditor.name} audits this item, and cannot be audited in it." in told(answer)


def test_conflicts_are_shown_and_do_not_stand_in_the_way(client, app, cast, home, reference):
    with on_stage(app, cast.organisation) as w:
        put(w, reference, members=frozenset({cast.staff.id}))
        put(w, reference, title="Access", starts_at=time(9, 30), ends_at=time(11), members=frozenset({cast.staff.id}))
        put(w, reference, title="Late", held_on=date(2030, 5, 9))
    page = told(sign_in(client, cast.auditor).get(f"{home}/{reference}/plan"))
    assert f"{cast.staff.name} is wanted at two items on 6 May 2030" in page
    assert "“Late” is on 9 May 2030, and the audit is from 6 May 2030 to 7 May 2030." in page


def test_who_leaves_the_team_leaves_the_agenda(app, cast, reference):
    with on_stage(app, cast.organisation) as w:
        audit = audit_of(w, reference)
        put(w, reference, auditors=frozenset({each.id for each in audit.team}), members=frozenset({cast.staff.id}))
        wish = audits.wish_of(audit)
    with on_stage(app, cast.organisation) as w:
        for person in w.all(select(AgendaPerson).where(AgendaPerson.person_id == cast.staff.id)):
            person.confirmed_at = datetime(2030, 4, 1, tzinfo=UTC)
        w.flush()
        audit = audit_of(w, reference, lock=True)
        audits.change(w, reference, audit.version, replace(wish, team=wish.team[:1]))
    with on_stage(app, cast.organisation) as w:
        (item,) = agenda_of(w, audit_of(w, reference).id)
        assert [each.label for each in item.people] == [cast.auditor.name, cast.staff.name]
        assert item.people[1].confirmed_at is None


def test_a_frozen_audit_keeps_its_agenda(client, app, cast, home, reference):
    with on_stage(app, cast.organisation) as w:
        item = put(w, reference, members=frozenset({cast.staff.id}))
        audit_of(w, reference, lock=True).frozen_at = w.now
    lead = sign_in(client, cast.auditor)
    where = f"{home}/{reference}/plan/agenda"
    for address, sent in (
        ("new", typed(title="More")),
        (f"{item.id}/edit", typed(title="Other")),
        (f"{item.id}/remove", {}),
        ("ask", {}),
    ):
        answer = post(lead, f"{where}/{address}", sent)
        assert answer.status_code == 422, address
        assert "is frozen with it" in told(answer), address
    page = told(lead.get(f"{home}/{reference}/plan"))
    assert "Opening" in page
    assert "Add an item" not in page
    assert mails(app) == []
    with on_stage(app, cast.organisation) as w, pytest.raises(RefusedError):
        agenda.remove(w, audit_of(w, reference, lock=True), agenda_of(w, audit_of(w, reference).id)[0])


def test_who_is_not_of_the_audit_changes_nothing_and_a_stranger_finds_nothing(client, app, cast, home, reference):
    with on_stage(app, cast.organisation) as w:
        item = put(w, reference)
        other = plan(w, None, date(2030, 9, 2), kind=AuditKind.INTERNAL).reference
    pages = ("new", f"{item.id}/edit", f"{item.id}/remove")
    stranger = sign_in(client, cast.stranger)
    for each in pages:
        assert stranger.get(f"{home}/{reference}/plan/agenda/{each}").status_code == 404
        assert post(stranger, f"{home}/{reference}/plan/agenda/{each}", typed()).status_code == 404
    assert stranger.get(f"{home}/{reference}/plan/print").status_code == 404
    assert post(stranger, f"{home}/{reference}/plan/agenda/ask").status_code == 404
    staff = sign_in(client, cast.staff)
    assert post(staff, f"{home}/{reference}/plan/agenda/new", typed()).status_code in (403, 404)
    manager = sign_in(client, cast.quality_manager)
    assert manager.get(f"{home}/{other}/plan/agenda/{item.id}/edit").status_code == 404
    with on_stage(app, cast.organisation) as w:
        assert len(w.all(select(AgendaItem))) == 1


def test_the_plan_is_printed_with_its_agenda(client, app, cast, home, reference):
    with on_stage(app, cast.organisation) as w:
        put(w, reference, covers="4.1", place="Room 7", members=frozenset({cast.staff.id}))
    answer = sign_in(client, cast.auditor).get(f"{home}/{reference}/plan/print")
    assert answer.content_type == "application/pdf"
    assert answer.data.startswith(b"%PDF-")
    assert f"audit-plan-{reference}" in answer.headers["Content-Disposition"]


def test_the_page_makes_the_same_number_of_queries_however_long_the_agenda_is(client, app, cast, home, reference):
    lead = sign_in(client, cast.auditor)
    with on_stage(app, cast.organisation) as w:
        put(w, reference, members=frozenset({cast.staff.id}))
    with counted(app) as few:
        lead.get(f"{home}/{reference}/plan")
    with on_stage(app, cast.organisation) as w:
        for hour in range(10, 18):
            people = frozenset({cast.staff.id, cast.asset_manager.id})
            put(w, reference, title=f"{hour}", starts_at=time(hour), ends_at=time(hour + 1), members=people)
    with counted(app) as many:
        lead.get(f"{home}/{reference}/plan")
    assert len(many) == len(few)
