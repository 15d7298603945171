"""An auditee is asked by mail, and confirms at a secret address; what changes has to be confirmed anew."""

import re
from dataclasses import replace
from datetime import date, time
from html import unescape

import pytest
from icalendar import Calendar
from sqlalchemy import select

from app.domain.certification.facts import AuditKind
from app.domain.programme.progress import AuditProgress
from app.domain.programme.team import Seat, TeamRole
from app.domain.programme.wish import When
from app.domain.secret import token_hash
from app.models.audit_plan import AgendaPerson
from app.models.outbox import OutboxMail
from app.operations import agenda, agenda_invitations, audits
from app.operations.agenda import AgendaDetails
from app.queries.audit_plan import agenda_of
from app.queries.audits import audit_of
from app.web.agenda import LOOKS
from tests.cast import post, sign_in
from tests.stage import on_stage, plan
from tests.web.mailbox import mails

DAY = date(2030, 5, 6)
NORA = "nora@supplier.example"
OPENING = AgendaDetails(
    held_on=DAY, starts_at=time(9), ends_at=time(10), title="Opening", place="Room 7", outside=(("Nora Klein", NORA),)
)


@pytest.fixture(autouse=True)
def spring(time_machine):
    time_machine.move_to("2030-04-01T08:00:00+00:00", tick=False)
    return time_machine


@pytest.fixture
def home(cast):
    return f"/o/{cast.organisation.slug}/audits"


@pytest.fixture
def reference(app, cast):
    """An audit led by the auditor: Nora from outside is at two items, the member of staff at one of them."""
    with on_stage(app, cast.organisation) as w:
        lead = (Seat(TeamRole.LEAD, person_id=cast.auditor.id),)
        reference = plan(w, None, DAY, date(2030, 5, 7), kind=AuditKind.INTERNAL, team=lead).reference
        audit = audit_of(w, reference, lock=True)
        agenda.add(w, audit, replace(OPENING, members=frozenset({cast.staff.id})))
        agenda.add(w, audit, replace(OPENING, title="Access", starts_at=time(10), ends_at=time(12)))
        return reference


def told(answer):
    return " ".join(unescape(answer.get_data(as_text=True)).split())


def ask(client, cast, home, reference):
    answer = post(sign_in(client, cast.auditor), f"{home}/{reference}/plan/agenda/ask")
    client.get("/")
    return answer


def nobody(app):
    """A visitor who is not signed in."""
    return app.test_client()


def stamp_in(page):
    return page.partition('name="stamp" value="')[2].partition('"')[0]


def confirm(visitor, path):
    return post(visitor, path, {"stamp": stamp_in(told(visitor.get(path)))})


def state(app, cast, reference):
    """Of each auditee at each item, whether they confirmed."""
    with on_stage(app, cast.organisation) as w:
        return {
            (item.title, each.label): each.confirmed_at is not None
            for item in agenda_of(w, audit_of(w, reference).id)
            for each in item.people
        }


def version_of(app, cast, reference):
    with on_stage(app, cast.organisation) as w:
        return str(audit_of(w, reference).version)


def change(app, cast, reference, which, **details):
    with on_stage(app, cast.organisation) as w:
        audit = audit_of(w, reference, lock=True)
        item = next(each for each in agenda_of(w, audit.id) if each.title == which)
        people = {
            "title": which,
            "members": frozenset(each.person_id for each in item.people if each.person_id),
            "starts_at": item.starts_at,
            "ends_at": item.ends_at,
        }
        agenda.change(w, audit, item, replace(OPENING, **{**people, **details}))


def test_each_auditee_gets_one_mail_with_their_items_and_the_calendar(client, app, cast, home, reference):
    assert ask(client, cast, home, reference).status_code == 303
    assert sorted(each.to for each in mails(app)) == sorted([NORA, cast.staff.email])
    (mail,) = mails(app, NORA)
    assert "Opening" in mail.body
    assert "Access" in mail.body
    assert "Access" not in mails(app, cast.staff.email)[0].body
    with on_stage(app, cast.organisation) as w:
        kept = w.all(select(OutboxMail.calendar).where(OutboxMail.to_email == NORA))[0]
        stored = [each for each in w.all(select(AgendaPerson.token_hash)) if each]
    calendars = Calendar.from_ical(kept, multiple=True)
    assert [str(each["METHOD"]) for each in calendars] == ["REQUEST", "REQUEST"]
    events = [event for each in calendars for event in each.walk("VEVENT")]
    assert [str(each["SUMMARY"]) for each in events] == [f"{reference} Opening", f"{reference} Access"]
    assert events[0].decoded("DTSTART").isoformat() == "2030-05-06T09:00:00+02:00"
    assert str(events[0]["LOCATION"]) == "Room 7"
    token = mail.path.rpartition("/")[2]
    assert token_hash(token) in stored
    assert token not in stored


def test_a_look_confirms_nothing_and_a_click_does_without_an_account(client, app, cast, home, reference):
    ask(client, cast, home, reference)
    path = mails(app, NORA)[0].path
    visitor = nobody(app)
    page = visitor.get(path)
    assert page.status_code == 200
    assert "Nora Klein" in told(page)
    assert cast.staff.name not in told(page)
    assert not any(state(app, cast, reference).values())
    assert confirm(visitor, path).status_code == 303
    after = told(visitor.get(path))
    assert "Thank you: it is confirmed." in after
    assert "You have confirmed everything." in after
    assert state(app, cast, reference) == {
        ("Opening", "Nora Klein"): True,
        ("Opening", cast.staff.name): False,
        ("Access", "Nora Klein"): True,
    }
    plan_page = told(sign_in(client, cast.auditor).get(f"{home}/{reference}/plan"))
    assert 'Nora Klein <span class="far">auditee</span>' in plan_page
    assert "1 Apr 2030, 10:00" in plan_page
    assert f"Not confirmed by {cast.staff.name}." in plan_page


def test_a_member_confirms_at_their_address_and_the_journal_names_them(client, app, cast, home, reference):
    ask(client, cast, home, reference)
    path = mails(app, cast.staff.email)[0].path
    assert confirm(sign_in(client, cast.staff), path).status_code == 303
    assert state(app, cast, reference)["Opening", cast.staff.name]
    journal = told(sign_in(client, cast.quality_manager).get(f"/o/{cast.organisation.slug}/journal/"))
    said = " ".join(re.sub("<[^>]+>", " ", journal).split())
    assert f"{cast.staff.name} changed person at the item of {reference}" in said, said[-3000:]


def test_what_was_changed_while_it_was_open_is_shown_again_first(client, app, cast, home, reference):
    ask(client, cast, home, reference)
    path = mails(app, NORA)[0].path
    visitor = nobody(app)
    seen = stamp_in(told(visitor.get(path)))
    change(app, cast, reference, "Access", ends_at=time(11))
    answer = post(visitor, path, {"stamp": seen})
    assert answer.status_code == 422
    assert "The agenda was changed while you had it open." in told(answer)
    assert not any(state(app, cast, reference).values())
    assert confirm(visitor, path).status_code == 303


@pytest.mark.parametrize(
    ("details", "kept"),
    [
        ({"starts_at": time(11)}, False),
        ({"held_on": date(2030, 5, 7)}, False),
        ({"place": "Room 8"}, False),
        ({"covers": "A.5"}, False),
        ({"title": "Access and leavers"}, False),
        ({}, True),
        # Who comes in beside her changes nothing for her.
        ({"outside": (("Nora Klein", NORA), ("Ole", "ole@supplier.example"))}, True),
    ],
)
def test_a_changed_item_alone_loses_its_confirmation(client, app, cast, home, reference, details, kept):
    ask(client, cast, home, reference)
    confirm(nobody(app), mails(app, NORA)[0].path)
    change(app, cast, reference, "Access", **details)
    title = details.get("title", "Access")
    after = state(app, cast, reference)
    assert after[title, "Nora Klein"] is kept
    assert after["Opening", "Nora Klein"]


def test_an_audit_that_moves_takes_its_agenda_along_and_asks_anew(client, app, cast, home, reference, spring):
    ask(client, cast, home, reference)
    confirm(nobody(app), mails(app, NORA)[0].path)
    manager = sign_in(client, cast.quality_manager)
    moved = {"starts_on": "2030-05-13", "ends_on": "2030-05-14", "version": version_of(app, cast, reference)}
    shown = post(manager, f"{home}/{reference}/move", {**moved, "step": "save"})
    assert shown.status_code == 422
    assert "items move along, by 7 days." in told(shown)
    assert "What was confirmed has to be confirmed again. Told by mail: " in told(shown)
    assert "Nora Klein" in told(shown)
    assert all(state(app, cast, reference)[title, "Nora Klein"] for title in ("Opening", "Access"))
    weighed = told(shown).partition('name="weighed"')[2].partition('value="')[2].partition('"')[0]
    assert post(manager, f"{home}/{reference}/move", {**moved, "step": "save", "weighed": weighed}).status_code == 303
    assert not any(state(app, cast, reference).values())
    with on_stage(app, cast.organisation) as w:
        audit = audit_of(w, reference, lock=True)
        assert {each.held_on for each in agenda_of(w, audit.id)} == {date(2030, 5, 13)}
        agenda_invitations.tell_changes(w, audit)
    _, again = mails(app, NORA)
    assert "has changed" in again.subject
    assert confirm(nobody(app), again.path).status_code == 303
    assert state(app, cast, reference)["Access", "Nora Klein"]


def test_an_audit_that_grows_or_shrinks_keeps_its_agenda_and_says_what_lies_outside(client, app, cast, home, reference):
    ask(client, cast, home, reference)
    confirm(nobody(app), mails(app, NORA)[0].path)
    manager = sign_in(client, cast.quality_manager)
    later = {"starts_on": "2030-05-07", "ends_on": "2030-05-07", "step": "preview"}
    shown = told(post(manager, f"{home}/{reference}/move", {**later, "version": version_of(app, cast, reference)}))
    assert "items stay on the same days" in shown
    assert "“Opening” is on 6 May 2030, and the audit is on 7 May 2030." in shown
    with on_stage(app, cast.organisation) as w:
        audits.move(w, reference, None, When(date(2030, 5, 5), date(2030, 5, 7)))
    assert state(app, cast, reference)["Access", "Nora Klein"]


def test_the_address_outlives_the_item_that_it_stood_on(client, app, cast, home, reference):
    ask(client, cast, home, reference)
    path = mails(app, NORA)[0].path
    with on_stage(app, cast.organisation) as w:
        audit = audit_of(w, reference, lock=True)
        agenda.remove(w, audit, agenda_of(w, audit.id)[0])
    page = told(nobody(app).get(path))
    assert "Access" in page
    assert "Opening" not in page
    change(app, cast, reference, "Access", outside=())
    assert nobody(app).get(path).status_code == 404


def test_asked_again_the_older_address_no_longer_works_and_two_clicks_send_one_mail(
    client, app, cast, home, reference, spring
):
    ask(client, cast, home, reference)
    again = ask(client, cast, home, reference)
    assert again.status_code == 422
    assert "was asked within the last ten minutes" in told(again)
    spring.shift(11 * 60)
    old = mails(app, NORA)[0].path
    confirm(nobody(app), mails(app, cast.staff.email)[0].path)
    assert ask(client, cast, home, reference).status_code == 303
    assert len(mails(app, cast.staff.email)) == 1
    _, newest = mails(app, NORA)
    assert nobody(app).get(old).status_code == 404
    assert nobody(app).get(newest.path).status_code == 200


def test_what_is_past_is_no_longer_asked_for(client, app, cast, home, reference, spring):
    ask(client, cast, home, reference)
    path = mails(app, NORA)[0].path
    with on_stage(app, cast.organisation) as w:
        audit = audit_of(w, reference, lock=True)
        agenda.add(w, audit, replace(OPENING, title="Closing", held_on=date(2030, 5, 7)))
    spring.move_to("2030-05-07T08:00:00+00:00")
    page = told(nobody(app).get(path))
    assert page.count("It is past.") == 2
    assert page.count("Not confirmed yet") == 1
    confirm(nobody(app), path)
    kept = state(app, cast, reference)
    assert not kept["Opening", "Nora Klein"]
    assert kept["Closing", "Nora Klein"]
    assert "Nothing is left to confirm." in told(nobody(app).get(path))


def test_the_address_ends_with_the_audit(client, app, cast, home, reference, spring):
    ask(client, cast, home, reference)
    path = mails(app, NORA)[0].path
    spring.move_to("2030-05-07T20:00:00+00:00")
    assert nobody(app).get(path).status_code == 200
    spring.move_to("2030-05-08T08:00:00+00:00")
    for answer in (nobody(app).get(path), post(nobody(app), path)):
        assert answer.status_code == 410
        page = told(answer)
        assert f"The audit {reference} is over" in page
        assert "Aud Lindqvist" in page
        assert "Opening" not in page
    assert ask(client, cast, home, reference).status_code == 422


def test_a_cancelled_and_a_frozen_audit_open_nothing(client, app, cast, home, reference):
    ask(client, cast, home, reference)
    path = mails(app, NORA)[0].path
    with on_stage(app, cast.organisation) as w:
        audit_of(w, reference, lock=True).frozen_at = w.now
    assert nobody(app).get(path).status_code == 410
    with on_stage(app, cast.organisation) as w:
        audit = audit_of(w, reference, lock=True)
        audit.frozen_at = None
        w.flush()
        audits.take_step(w, reference, AuditProgress.CANCELLED, reason="No")
    answer = nobody(app).get(path)
    assert answer.status_code == 410
    assert f"The audit {reference} was cancelled" in told(answer)


def test_a_guessed_address_is_not_there_and_guessing_is_counted(app, cast):
    visitor = nobody(app)
    for _ in range(LOOKS.tries):
        assert visitor.get("/agenda/guessed").status_code == 404
    assert visitor.get("/agenda/guessed").status_code == 429
    assert post(visitor, "/agenda/guessed").status_code == 429


def test_nobody_is_asked_where_nobody_is_named(client, app, cast, home):
    with on_stage(app, cast.organisation) as w:
        lead = (Seat(TeamRole.LEAD, person_id=cast.auditor.id),)
        empty = plan(w, None, DAY, kind=AuditKind.INTERNAL, team=lead).reference
    answer = ask(client, cast, home, empty)
    assert answer.status_code == 422
    assert "Nobody has anything left to confirm" in told(answer)
    assert mails(app) == []
